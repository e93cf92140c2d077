"""Templates rendered by Hydrant beside velocityjs and Apache Velocity 1.7, in one run: ratios.

    bench/vtl/run.py [--pairs 3] [--seconds 1] [--program build/release/bench/vtl_bench]

The engines take turns; a row is the median of the ratios, with their spread. What is not installed is
named and left out. An engine whose output has other bytes than ours is marked: it does other work.
Then how the cost grows: time a byte of body for forms of 10 to 1,000 pairs and JSON of 1 KB to 1 MB.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
JARS = [
    pathlib.Path("/usr/share/java") / f"{name}.jar"
    for name in ("velocity", "commons-collections3", "commons-lang", "json-smart", "accessors-smart", "asm")
]
VELOCITYJS = "velocityjs@2.1.7"
# Goals G10 and G11: floor and target against velocityjs, then against the JVM.
GOALS = {"json": ((10, 20), (1, 2)), "form": ((30, 80), (3, 6))}


def rates(command, folder, seconds, names):
    """{case: (renders a second, bytes, hash)}; None for one that the engine does not render."""
    said = subprocess.run(
        [*map(str, command), str(folder), str(seconds), *names],
        capture_output=True, text=True, timeout=60 + 6 * seconds * len(names),
    )  # fmt: skip
    if said.returncode != 0:
        raise SystemExit(f"{command[0]} ended with {said.returncode}:\n{said.stderr}")
    found = {}
    for line in said.stdout.splitlines():
        name, rate, size, digest = line.split()
        found[name] = None if rate == "-" else (float(rate), int(size), digest)
    return found


def velocityjs(folder):
    if shutil.which("npm") is None:
        return None, "npm is not installed"
    put = subprocess.run(
        ["npm", "install", "--silent", "--no-audit", "--no-fund", VELOCITYJS],
        cwd=folder, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    if put.returncode != 0:
        return None, f"npm could not install {VELOCITYJS}"
    shutil.copy(HERE / "velocityjs.js", folder)
    return ["node", folder / "velocityjs.js"], None


def velocity(folder):
    if shutil.which("javac") is None:
        return None, "javac is not installed"
    missing = [jar.name for jar in JARS[:4] if not jar.exists()]
    if missing:
        return None, f"{', '.join(missing)} missing (packages velocity, libjson-smart-java)"
    path = ":".join(str(jar) for jar in JARS if jar.exists())
    subprocess.run(
        ["javac", "-nowarn", "-cp", path, "-d", folder, HERE / "VelocityBench.java"],
        check=True, timeout=120,
    )  # fmt: skip
    return ["java", "-cp", f"{path}:{folder}", "VelocityBench"], None


def side_by_side(program, options):
    names = sorted(path.stem for path in (HERE / "cases").glob("*.vtl"))
    names.sort(key=lambda name: list(GOALS).index(name) if name in GOALS else len(GOALS))
    with tempfile.TemporaryDirectory(prefix="hydrant-bench-") as at:
        folder = pathlib.Path(at)
        others = {}
        for what, make in (("velocityjs", velocityjs), ("Velocity 1.7", velocity)):
            others[what], why = make(folder)
            if why:
                print(f"{what}: skipped, {why}")
        ratios = {(what, name): [] for what in others for name in names}
        differs = set()
        ours = {}
        for _ in range(options.pairs):
            ours = rates([program], HERE / "cases", options.seconds, names)
            for what, command in others.items():
                if command is None:
                    continue
                theirs = rates(command, HERE / "cases", options.seconds, names)
                for name in names:
                    if theirs[name] is None:
                        continue
                    ratios[what, name].append(ours[name][0] / theirs[name][0])
                    if theirs[name][1:] != ours[name][1:]:
                        differs.add((what, name))
    print(f"{'case':<12}{'renders/s':>11}" + "".join(f"{'x ' + what:>32}" for what in others))
    for name in names:
        line = f"{name:<12}{ours[name][0]:>11.0f}"
        for side, what in enumerate(others):
            line += f"{cell(ratios[what, name], (what, name) in differs, GOALS.get(name), side):>32}"
        print(line)
    if differs:
        print("* its output has other bytes than Hydrant's: it does other work")


def cell(values, other_bytes, goals, side):
    if not values:
        return "-"
    middle = statistics.median(values)
    text = f"{middle:.1f} ({min(values):.1f}-{max(values):.1f}){'*' if other_bytes else ''}"
    if goals:
        floor, target = goals[side]
        text += f" {'target' if middle >= target else 'floor' if middle >= floor else 'MISSED'}"
    return text


def growth(program, options):
    with tempfile.TemporaryDirectory(prefix="hydrant-bench-") as at:
        folder = pathlib.Path(at)
        for count in (10, 100, 1000):
            shutil.copy(HERE / "cases/form.vtl", folder / f"form-{count}.vtl")
            pairs = "&".join(f"name{i}=value+%41+{i}" for i in range(count))
            (folder / f"form-{count}.body").write_text(pairs)
        for kib in (1, 32, 1024):
            shutil.copy(HERE / "cases/json.vtl", folder / f"json-{kib}.vtl")
            item = {"id": "0123456789", "name": "some name of a thing", "n": 12345, "ok": True}
            items = [item] * (kib * 1024 // len(json.dumps(item)))
            (folder / f"json-{kib}.body").write_text(json.dumps(items))
        names = ["form-10", "form-100", "form-1000", "json-1", "json-32", "json-1024"]
        found = rates([program], folder, options.seconds, names)
        print("\ngrowth: nanoseconds a byte of the body")
        for name in names:
            size = (folder / f"{name}.body").stat().st_size
            print(f"{name:<12}{size:>9} bytes{1e9 / found[name][0] / size:>8.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "build/release/bench/vtl_bench")
    options = parser.parse_args()
    if not options.program.exists():
        sys.exit(f"{options.program} does not exist: make bench builds it")
    print(f"templates: {os.cpu_count()} cores, {options.pairs} rounds of {options.seconds:g} s a case")
    side_by_side(options.program, options)
    growth(options.program, options)


if __name__ == "__main__":
    main()
