"""Builds presets and runs their tests: run_tests.py PRESET... [--only WORD] [--seeds A..B]

  release  every suite: rooms, simulation, processes, documents and text checks, header sets
  asan     rooms, simulation with fewer seeds, and each fuzz target over a fixed set of inputs
  tsan     rooms
  clang    rooms

One line for each suite as it ends, then what failed, and as the last line of all, added up over all
suites: `N passed, N failed`. The same line is left in build/test-summary.txt.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import time

import suite as suites

ROOT = pathlib.Path(__file__).resolve().parent.parent
PYTHON = "/usr/bin/python3"
JOBS = 2  # test programs at a time: the budget of twenty minutes is for two cores
FUZZ_RUNS = 20000
FUZZ_SEED = 1

HISTORIES = {"release": 20000, "asan": 2000, "tsan": 200, "clang": 2000}
SEEDS = {"release": (1, 2000), "asan": (1, 200)}
ORACLE_SEEDS = (1, 20)
SECONDS_MAX = {"release": 900, "asan": 900, "tsan": 1800, "clang": 1800}

SANITIZERS = {
    "ASAN_OPTIONS": "detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1"
    ":check_initialization_order=1:strict_init_order=1:allow_addr2line=1",
    "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
    "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1",
}


class Report:
    """Prints outcomes as they come, from any thread, and adds them up."""

    def __init__(self):
        self.lock = threading.Lock()
        self.passed = 0
        self.failed = 0

    def add(self, outcome):
        with self.lock:
            print(outcome.line(), flush=True)
            if outcome.said:
                print("    " + outcome.said.replace("\n", "\n    "), flush=True)
            self.passed += outcome.passed
            self.failed += outcome.failed

    def last_line(self):
        return f"{self.passed} passed, {self.failed} failed"


def environment_of(preset):
    first, last = SEEDS.get(preset, SEEDS["asan"])
    return {
        **SANITIZERS,
        "HYDRANT_SIM_SEEDS": str(last - first + 1),
        "HYDRANT_MODEL_HISTORIES": str(HISTORIES[preset]),
        "HYDRANT_BUILD": str(ROOT / "build" / preset),
        "HYDRANT_BINARY": str(ROOT / "build" / preset / "src/app/hydrant"),
    }


def complaints(output):
    """What a build said, without the lines that count its steps."""
    lines = [line for line in output.splitlines() if not re.match(r"\[\d+/\d+\] ", line)]
    return suites.tail("\n".join(lines))


def build(preset, running, report):
    """Builds everything of a preset; False (and one failure) when that did not work."""
    folder = ROOT / "build" / preset
    (folder / "logs").mkdir(parents=True, exist_ok=True)
    steps = (
        ["cmake", "--preset", preset, "-DHYDRANT_TESTS=ON"],
        ["cmake", "--build", folder, "--", "-k", "0"],
    )
    outcome = suites.Outcome(f"{preset}: build")
    started = time.monotonic()
    for step in steps:
        status, output = running.run(step, 3600, {}, folder / "logs" / "build.log", ROOT)
        if status != 0:
            outcome.failed = 1
            outcome.said = complaints(output)
            break
    outcome.seconds = time.monotonic() - started
    if outcome.failed:
        report.add(outcome)
        return False
    print(f"{outcome.name:<34}{outcome.seconds:>8.1f} s", flush=True)
    return True


def verify_headers(preset, running, report):
    """Every header compiles alone: one test for each header of a room that has a library."""
    folder = ROOT / "build" / preset
    outcome = suites.Outcome(f"{preset}: headers compile alone")
    started = time.monotonic()
    command = ["cmake", "--build", folder, "--target", "all_verify_interface_header_sets"]
    status, output = running.run(
        command + ["--", "-k", "0"], 1800, {}, folder / "logs" / "headers.log", ROOT
    )
    outcome.seconds = time.monotonic() - started
    headers = sum(
        len(list(room.rglob("*.h")))
        for room in (ROOT / "src").iterdir()
        if room.is_dir() and list(room.glob("*.cc"))
    )
    outcome.failed = len(re.findall(r"^FAILED: .*_verify_interface_header_sets", output, re.M))
    if status != 0 and outcome.failed == 0:
        outcome.failed = 1
    outcome.passed = max(headers - outcome.failed, 0)
    if outcome.failed:
        outcome.said = complaints(output)
    report.add(outcome)


def registered(preset):
    """The test programs that CMake knows: (name, command, labels)."""
    shown = subprocess.run(
        ["ctest", "--test-dir", ROOT / "build" / preset, "--show-only=json-v1"],
        check=True,
        capture_output=True,
        text=True,
    )
    for test in json.loads(shown.stdout)["tests"]:
        properties = {entry["name"]: entry["value"] for entry in test.get("properties", [])}
        yield test["name"], test.get("command", ["not built"]), properties.get("LABELS", [])


def program_suites(preset, make):
    for name, command, labels in registered(preset):
        if "fuzz" in labels:
            yield make(name, command + [FUZZ_RUNS, FUZZ_SEED])
        else:
            yield make(name, command, gtest=True)


def simulation_suites(preset, seeds, make):
    if not list((ROOT / "tests" / "sim").glob("*.cc")):
        return
    program = ROOT / "build" / preset / "tests" / "hydrant_sim"
    first, last = seeds
    count = last - first + 1
    step = -(-count // JOBS)
    for start in range(first, last + 1, step):
        end = min(start + step - 1, last)
        yield make(f"sim {start}..{end}", [program, "--seeds", f"{start}..{end}"], weight=100)


def oracle_suites(seeds, make):
    """The template engine against Velocity; both modes draw their own templates."""
    first, last = seeds
    program = ROOT / "tests/oracle/compare.py"
    yield make("oracle", [PYTHON, program, "--seeds", f"{first}..{last}"], weight=150)


def script_suites(make):
    """The Python programs, and the examples' own tests. In tests/e2e those that can be started; the
    rest are their modules."""
    yield make("tidy", [PYTHON, ROOT / "tests/tidy/run.py"])
    yield make("tidy self test", [PYTHON, ROOT / "tests/tidy/self_test.py"])
    binary = ROOT / "build" / "release" / "src/app/hydrant"
    yield make("templates of examples", [binary, "vtl", "test", ROOT / "examples/templates"])
    for path in sorted((ROOT / "tests" / "house").glob("*_test.py")):
        yield make(f"house {path.stem}", [PYTHON, path])
    for path in sorted((ROOT / "tests" / "e2e").glob("*.py")):
        if "__main__" in path.read_text():
            yield make(f"e2e {path.stem}", [PYTHON, path], weight=200)


def plan(preset, seeds, only):
    environment = environment_of(preset)
    logs = ROOT / "build" / preset / "logs"

    def make(name, command, gtest=False, weight=0.0):
        log = logs / (re.sub(r"[^a-z0-9]+", "-", name) + ".log")
        title = f"{preset}: {name}"
        return suites.Suite(
            title, command, SECONDS_MAX[preset], environment, log, gtest=gtest, weight=weight
        )

    found = list(program_suites(preset, make))
    if preset in SEEDS:
        found += simulation_suites(preset, seeds or SEEDS[preset], make)
    if preset == "release":
        found += script_suites(make)
        found += oracle_suites(seeds or ORACLE_SEEDS, make)
    found = [one for one in found if only is None or re.search(only, one.name)]
    return sorted(found, key=lambda one: -one.weight)


def run_preset(preset, arguments, running, report):
    if not build(preset, running, report):
        return
    if preset == "release" and arguments.only is None:
        verify_headers(preset, running, report)
    planned = plan(preset, arguments.seeds, arguments.only)
    folder = ROOT / "build" / preset
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        waiting = [pool.submit(suites.run, one, running, folder) for one in planned]
        try:
            for done in concurrent.futures.as_completed(waiting):
                report.add(done.result())
        except KeyboardInterrupt:
            for one in waiting:
                one.cancel()
            running.end_all()
            raise


def seed_range(text):
    found = re.fullmatch(r"(\d+)(?:\.\.(\d+))?", text)
    if not found or int(found[2] or found[1]) < int(found[1]):
        raise argparse.ArgumentTypeError(f"'{text}' is not a range of seeds such as 1..2000")
    return int(found[1]), int(found[2] or found[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("presets", nargs="+", choices=sorted(HISTORIES))
    parser.add_argument("--only", help="suites whose name matches this regular expression")
    parser.add_argument("--seeds", type=seed_range, help="simulation seeds, A..B")
    arguments = parser.parse_args()
    os.chdir(ROOT)
    summary = ROOT / "build" / "test-summary.txt"
    summary.parent.mkdir(exist_ok=True)
    summary.unlink(missing_ok=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends what runs, as Ctrl-C does
    running = suites.Running()
    report = Report()
    started = time.monotonic()
    try:
        for preset in arguments.presets:
            run_preset(preset, arguments, running, report)
    except KeyboardInterrupt:
        running.end_all()
        return 130
    if report.passed + report.failed == 0:
        report.add(suites.Outcome("nothing to run", failed=1, said="no suite has that name"))
    print(f"{'all':<34}{time.monotonic() - started:>8.1f} s")
    summary.write_text(report.last_line() + "\n")
    print(report.last_line(), flush=True)
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
