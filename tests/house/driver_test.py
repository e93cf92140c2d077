"""tools/suite.py: what counts as passed and as failed, whatever a program does."""

import pathlib
import sys
import tempfile
import unittest

import counted

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
import suite  # noqa: E402

# A GoogleTest program in miniature: it writes the report that was asked for, then does `end`.
GTEST = """
import os, signal, sys
report = [word.split(":", 1)[1] for word in sys.argv if word.startswith("--gtest_output=")][0]
print("[ RUN      ] Disk.KeepsAll")
print("[       OK ] Disk.KeepsAll (0 ms)")
print("[ RUN      ] Disk.SurvivesACut", flush=True)
{before}
open(report, "w").write({report!r})
{after}
"""
REPORT = """{"testsuites": [{"name": "Disk", "testsuite": [
  {"name": "KeepsAll", "status": "RUN", "result": "COMPLETED"},
  {"name": "NeedsRoot", "status": "RUN", "result": "SKIPPED"},
  {"name": "NotChosen", "status": "NOTRUN", "result": "SUPPRESSED"},
  {"name": "SurvivesACut", "status": "RUN", "result": "COMPLETED"%s}]}]}"""
FAILURE = ', "failures": [{"failure": "disk_test.cc:7\\nExpected: 1"}]'


class Driver(unittest.TestCase):
    def run_program(self, code, gtest=False, seconds_max=20):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        program = pathlib.Path(folder.name, "program.py")
        program.write_text(code)
        one = suite.Suite(
            "sample", [sys.executable, program], seconds_max, {}, program.with_suffix(".log"), gtest
        )
        return suite.run(one, suite.Running(), folder.name)

    def assert_counts(self, outcome, passed, failed, skipped=0):
        got = (outcome.passed, outcome.failed, outcome.skipped)
        self.assertEqual(got, (passed, failed, skipped), outcome.said)

    def test_the_last_counting_line_counts(self):
        self.assert_counts(self.run_program("print('1 passed, 0 failed\\n5 passed, 0 failed')"), 5, 0)

    def test_skipped_ones_are_shown_with_their_reason(self):
        outcome = self.run_program("print('skipped: cut: no root\\n5 passed, 0 failed, 1 skipped')")
        self.assert_counts(outcome, 5, 0, 1)
        self.assertIn("skipped: cut: no root", outcome.said)
        self.assertIn("5 passed, 0 failed, 1 skipped", outcome.line())

    def test_counted_failures_show_the_output(self):
        outcome = self.run_program("print('it broke\\n5 passed, 2 failed'); exit(1)")
        self.assert_counts(outcome, 5, 2)
        self.assertIn("it broke", outcome.said)

    def test_a_crash_behind_the_counting_line_is_a_failure(self):
        outcome = self.run_program(
            "import os; print('5 passed, 0 failed', flush=True); os.kill(os.getpid(), 11)"
        )
        self.assert_counts(outcome, 5, 1)
        self.assertIn("SIGSEGV", outcome.said)

    def test_a_status_that_contradicts_the_count_is_a_failure(self):
        self.assert_counts(self.run_program("print('5 passed, 0 failed'); exit(3)"), 5, 1)
        self.assert_counts(self.run_program("print('5 passed, 2 failed')"), 5, 3)

    def test_a_program_that_counts_nothing_has_failed(self):
        self.assert_counts(self.run_program("print('all is well')"), 0, 1)
        self.assert_counts(self.run_program("print('0 passed, 0 failed')"), 0, 1)

    def test_a_program_that_hangs_is_killed_with_its_children(self):
        outcome = self.run_program(
            "import subprocess; subprocess.run(['sleep', '1000'])", seconds_max=0.5
        )
        self.assert_counts(outcome, 0, 1)
        self.assertLess(outcome.seconds, 10)
        self.assertIn("still running", outcome.said)

    def test_a_program_that_hangs_is_told_first_so_that_it_can_end_what_it_started(self):
        outcome = self.run_program(
            "import signal, sys, time\n"
            "signal.signal(signal.SIGTERM, lambda *_: sys.exit(print('told', flush=True)))\n"
            "time.sleep(1000)",
            seconds_max=0.5,
        )
        self.assert_counts(outcome, 0, 1)
        self.assertIn("told", outcome.said)

    def test_a_program_that_is_not_there_has_failed(self):
        one = suite.Suite("gone", ["/nowhere/x"], 5, {}, pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()), "x.log"))
        outcome = suite.run(one, suite.Running(), "/")
        self.assert_counts(outcome, 0, 1)
        self.assertIn("does not start", outcome.said)

    def gtest(self, report, before="", after=""):
        return self.run_program(
            GTEST.format(report=report, before=before, after=after), gtest=True
        )

    def test_a_gtest_report_counts_cases_that_ran(self):
        outcome = self.gtest(REPORT % "")
        self.assert_counts(outcome, 2, 0, 1)
        self.assertIn("skipped: Disk.NeedsRoot", outcome.said)

    def test_a_failed_gtest_case_is_named_with_what_it_said(self):
        outcome = self.gtest(REPORT % FAILURE, after="exit(1)")
        self.assert_counts(outcome, 1, 1, 1)
        self.assertIn("FAILED Disk.SurvivesACut", outcome.said)
        self.assertIn("Expected: 1", outcome.said)

    def test_a_gtest_program_that_dies_counts_what_it_had_finished(self):
        outcome = self.gtest(REPORT % "", before="os.kill(os.getpid(), signal.SIGABRT)")
        self.assert_counts(outcome, 1, 1)
        self.assertIn("last case started: Disk.SurvivesACut", outcome.said)
        self.assertIn("SIGABRT", outcome.said)

    def test_a_gtest_program_that_dies_after_its_report_has_failed(self):
        outcome = self.gtest(REPORT % "", after="os.kill(os.getpid(), signal.SIGABRT)")
        self.assert_counts(outcome, 2, 1, 1)


if __name__ == "__main__":
    counted.main()
