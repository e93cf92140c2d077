"""tools/foreground.py under a real make: what Ctrl-C, a signal and a crash come to."""

import os
import pathlib
import pty
import select
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import counted

FOREGROUND = pathlib.Path(__file__).resolve().parents[2] / "tools" / "foreground.py"
DEADLINE_SECONDS = 20

# A server in miniature: ready, then on a signal one line and a clean exit; it counts the signals.
SERVER = """
import signal, sys, time
got = []
for one in (signal.SIGINT, signal.SIGTERM):
    signal.signal(one, lambda number, frame: got.append(number))
print("ready", flush=True)
while not got:
    time.sleep(0.01)
time.sleep(0.3)
print("stopped by", *[signal.Signals(one).name for one in got], flush=True)
"""


class Foreground(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "server.py").write_text(SERVER)

    def makefile(self, command):
        (self.folder / "Makefile").write_text(f"run:\n\t@exec {sys.executable} {FOREGROUND} {command}\n")

    def serve(self):
        self.makefile(f"{sys.executable} {self.folder}/server.py")

    def under_terminal(self):
        """make in a session of its own with a terminal: (pid, the terminal's other end)."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(self.folder)
            os.execvp("make", ["make"])
        self.addCleanup(os.close, terminal)
        return pid, terminal

    def read_until(self, terminal, word):
        """What came up to `word`, or everything when it never comes."""
        seen = ""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while word not in seen and time.monotonic() < deadline:
            if select.select([terminal], [], [], 0.1)[0]:
                try:
                    got = os.read(terminal, 4096).decode()
                except OSError:  # the other side is closed
                    break
                if not got:
                    break
                seen += got
        return seen

    def test_ctrl_c_reaches_the_program_once_and_make_exits_0(self):
        self.serve()
        pid, terminal = self.under_terminal()
        self.assertIn("ready", self.read_until(terminal, "ready"))
        os.write(terminal, b"\x03")
        self.assertIn("stopped by SIGINT\r\n", self.read_until(terminal, "stopped by SIGINT\r\n"))
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0)

    def started_without_terminal(self):
        self.serve()
        make = subprocess.Popen(
            ["make"],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.addCleanup(make.stdout.close)
        self.assertEqual(make.stdout.readline(), b"ready\n")
        return make

    def test_a_signal_to_the_whole_group_reaches_the_program_once(self):
        make = self.started_without_terminal()
        os.killpg(make.pid, signal.SIGINT)
        self.assertIn(b"stopped by SIGINT\n", make.stdout.read())
        make.wait(DEADLINE_SECONDS)

    def test_terminating_make_stops_the_program_cleanly(self):
        make = self.started_without_terminal()
        make.terminate()
        self.assertIn(b"stopped by SIGTERM", make.stdout.read())
        make.wait(DEADLINE_SECONDS)

    def test_killing_make_leaves_no_program_behind(self):
        make = self.started_without_terminal()
        make.kill()
        self.assertIn(b"stopped by SIGTERM", make.stdout.read())  # ends when the program has
        make.wait(DEADLINE_SECONDS)

    def status_of(self, command):
        done = subprocess.run(
            [sys.executable, FOREGROUND, *command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=DEADLINE_SECONDS,
            check=False,
        )
        return done.returncode, done.stderr

    def test_the_status_of_the_program_is_passed_on(self):
        self.assertEqual(self.status_of(["/bin/sh", "-c", "exit 3"]), (3, ""))
        self.assertEqual(self.status_of(["/bin/sh", "-c", "kill -9 $$"]), (137, ""))

    def test_a_program_that_does_not_exist_is_named(self):
        self.assertEqual(
            self.status_of(["/nowhere/hydrant"]), (127, "/nowhere/hydrant: No such file or directory\n")
        )


if __name__ == "__main__":
    counted.main()
