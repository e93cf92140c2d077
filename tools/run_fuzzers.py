"""Runs every libFuzzer target for a while: run_fuzzers.py [--seconds N] [--only WORD]

New inputs land in build/fuzz/corpus/<name>; the kept ones, in tests/fuzz/corpus/<name>, are read and
never written. A crash leaves its input in build/fuzz/crashes/ and ends the run.
"""

import argparse
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "fuzz"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--only", default="", help="targets whose name contains this")
    arguments = parser.parse_args()
    names = [path.stem for path in sorted((ROOT / "tests" / "fuzz").glob("*_fuzz.cc"))]
    names = [name for name in names if arguments.only in name]
    if not names:
        print("There is no such fuzz target in tests/fuzz.", file=sys.stderr)
        return 1
    subprocess.run(["cmake", "--preset", "fuzz"], cwd=ROOT, check=True)
    subprocess.run(["cmake", "--build", BUILD, "--target", *names], check=True)
    crashes = BUILD / "crashes"
    crashes.mkdir(exist_ok=True)
    for name in names:
        corpus = name.removesuffix("_fuzz")
        found = BUILD / "corpus" / corpus
        found.mkdir(parents=True, exist_ok=True)
        kept = ROOT / "tests" / "fuzz" / "corpus" / corpus
        command = [
            BUILD / "tests" / name,
            f"-max_total_time={arguments.seconds}",
            f"-artifact_prefix={crashes}/{name}-",
            "-print_final_stats=1",
            found,
            *([kept] if kept.is_dir() else []),
        ]
        print(f"{name}: {arguments.seconds} s", flush=True)
        if subprocess.run(command, check=False).returncode != 0:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
