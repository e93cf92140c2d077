"""One test program: run it, count what it said, and keep what it printed.

Two kinds count themselves. A GoogleTest program writes its cases as JSON. Every other program ends
with a line `N passed, N failed` or `N passed, N failed, N skipped`. A program that crashes, hangs,
counts nothing or disagrees with its own exit status has failed, whatever it printed before.
"""

import dataclasses
import json
import os
import pathlib
import re
import signal
import subprocess
import time

COUNT_LINE = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", re.MULTILINE)
TAIL_LINES = 80
FAILURE_LINES = 25  # of one failed case
FAILURES_SHOWN = 10
SECONDS_TO_END = 5  # between SIGTERM and SIGKILL


@dataclasses.dataclass
class Suite:
    name: str
    command: list
    seconds_max: float
    environment: dict
    log: pathlib.Path
    gtest: bool = False
    weight: float = 0.0  # suites that take long start first


@dataclasses.dataclass
class Outcome:
    name: str
    seconds: float = 0.0
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    said: str = ""  # what a reader of a failure needs

    def line(self):
        counts = f"{self.passed} passed, {self.failed} failed"
        if self.skipped:
            counts += f", {self.skipped} skipped"
        return f"{self.name:<34}{self.seconds:>8.1f} s   {counts}"


class Running:
    """The processes that are running, so that Ctrl-C ends them and nothing else."""

    def __init__(self):
        self.groups = set()

    def run(self, command, seconds_max, environment, log, folder):
        """(exit status or None when time ran out, output). Children die with the program."""
        with open(log, "wb") as output:
            process = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
                cwd=folder,
                start_new_session=True,
            )
            self.groups.add(process.pid)
            status = None
            try:
                status = process.wait(timeout=seconds_max)
            except subprocess.TimeoutExpired:
                pass
            finally:
                self.end(process)
        return status, pathlib.Path(log).read_text(errors="replace")

    def end(self, process):
        """First a word to it, since ninja's compilers are in groups that only ninja knows."""
        if process.poll() is None:
            signal_group(process.pid, signal.SIGTERM)
            try:
                process.wait(timeout=SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                pass
        signal_group(process.pid, signal.SIGKILL)
        process.wait()
        self.groups.discard(process.pid)

    def end_all(self):
        for group in list(self.groups):
            signal_group(group, signal.SIGTERM)
        deadline = time.monotonic() + SECONDS_TO_END
        while self.groups and time.monotonic() < deadline:
            time.sleep(0.05)
        for group in list(self.groups):
            signal_group(group, signal.SIGKILL)


def signal_group(group, number):
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        pass


def run(suite, running, folder):
    suite.log.parent.mkdir(parents=True, exist_ok=True)
    report = suite.log.with_suffix(".json")
    command = list(suite.command)
    if suite.gtest:
        report.unlink(missing_ok=True)
        command += [f"--gtest_output=json:{report}", "--gtest_color=no"]
    outcome = Outcome(suite.name)
    started = time.monotonic()
    try:
        status, output = running.run(
            command, suite.seconds_max, suite.environment, suite.log, folder
        )
    except OSError as error:
        outcome.failed, outcome.said = 1, f"{command[0]} does not start: {error.strerror}"
        return outcome
    outcome.seconds = time.monotonic() - started
    if suite.gtest and report.exists():
        count_gtest(report, outcome)
    elif suite.gtest:
        count_gtest_text(output, outcome)
    else:
        count_text(output, outcome)
    judge(status, output, suite.seconds_max, outcome)
    return outcome


def judge(status, output, seconds_max, outcome):
    """Adds the failures that a program cannot count itself."""
    reason = None
    if status is None:
        reason = f"still running after {seconds_max:.0f} s, killed"
    elif status < 0:
        reason = f"died of {signal.Signals(-status).name}"
    elif status != 0 and outcome.failed == 0:
        reason = f"exit status {status}, but it counted no failure"
    elif status == 0 and outcome.failed:
        reason = f"exit status 0, but it counted {outcome.failed} failed"
    elif outcome.passed + outcome.failed + outcome.skipped == 0:
        reason = "it ran no test, or did not say how many"
    if reason:
        outcome.failed += 1
    if outcome.failed:
        outcome.said = "\n".join(part for part in (outcome.said or tail(output), reason) if part)
        if reason and tail(output) not in outcome.said:
            outcome.said = tail(output) + "\n" + outcome.said
    elif outcome.skipped and not outcome.said:
        outcome.said = "\n".join(line for line in output.splitlines() if "skipped:" in line)


def count_gtest(report, outcome):
    failures, skips = [], []
    for group in json.loads(report.read_text(errors="replace")).get("testsuites", []):
        for case in group.get("testsuite", []):
            name = f"{group['name']}.{case['name']}"
            if case.get("result") == "SKIPPED":
                outcome.skipped += 1
                skips.append(f"skipped: {name}")
            elif case.get("failures"):
                outcome.failed += 1
                lines = "\n".join(one["failure"] for one in case["failures"]).splitlines()
                failures.append("\n    ".join([f"FAILED {name}"] + lines[:FAILURE_LINES]))
            elif case.get("status") == "RUN":
                outcome.passed += 1
    shown = failures[:FAILURES_SHOWN]
    if len(failures) > len(shown):
        shown.append(f"and {len(failures) - len(shown)} more")
    outcome.said = "\n".join(shown or skips)


def count_gtest_text(output, outcome):
    """A program that died wrote no report: its finished cases are in its output."""
    outcome.passed = len(re.findall(r"^\[       OK \] ", output, re.MULTILINE))
    failed = re.findall(r"^\[  FAILED  \] (\S+?),? .*\(\d+ ms\)$", output, re.MULTILINE)
    outcome.failed = len(set(failed))
    started = re.findall(r"^\[ RUN      \] (\S+)", output, re.MULTILINE)
    if started:
        outcome.said = tail(output) + f"\nlast case started: {started[-1]}"


def count_text(output, outcome):
    counts = COUNT_LINE.findall(output)
    if counts:
        passed, failed, skipped = counts[-1]
        outcome.passed, outcome.failed, outcome.skipped = int(passed), int(failed), int(skipped or 0)


def tail(output):
    return "\n".join(output.rstrip().splitlines()[-TAIL_LINES:])
