"""A stack file is the configuration of the real program: brought up, brought up again, changed,
refused, undone, and killed at every step of all this."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "house"))
import counted  # noqa: E402
import served  # noqa: E402

ANSWER = '{"accepted":true}'
CHANGED = '{"accepted":true,"again":true}'
POINTS = ["stacks.recorded", "stacks.step.begun", "stacks.step.done", "stacks.finished"]
STEPS_MAX = 40


class Case(served.InFolder):
    def setUp(self):
        self.data = self.folder / self._testMethodName
        self.addCleanup(shutil.rmtree, self.data, ignore_errors=True)

    def file(self, *changes):
        """The example, as `clickstream.yaml`, with each (from, to) applied."""
        text = served.EXAMPLE.read_text()
        for old, new in changes:
            self.assertIn(old, text)
            text = text.replace(old, new)
        place = self.folder / f"{self._testMethodName}-files" / str(len(changes)) / "clickstream.yaml"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        return place

    def start(self, file=None, **how):
        hydrant = served.Hydrant(self.data, *self.level, file=file, **how)
        self.addCleanup(hydrant.kill)
        return hydrant

    def answer(self, hydrant):
        poster = served.Poster(hydrant.address("events"))
        self.addCleanup(poster.close)
        status, _, body = poster.post(hydrant.stage_path("/v2/class-stream"), b'{"a":1}')
        self.assertEqual(status, 200, body)
        return body.decode()


class Lives(Case):
    @staticmethod
    def changes(hydrant):
        """What was said about resources, over all starts."""
        lines = hydrant.errors.read_text().splitlines()
        return [line for line in lines if "(AWS::" in line]

    def test_the_same_file_again_and_no_file_serve_the_same_url(self):
        first = self.start(self.file()).must_be_ready()
        self.assertEqual(self.answer(first), ANSWER)
        self.assertEqual(first.end(), 0)
        said = self.changes(first)
        for file in (self.file(), None):
            again = self.start(file).must_be_ready()
            self.assertEqual(again.outputs, first.outputs)
            self.assertEqual(self.answer(again), ANSWER)
            self.assertEqual(again.end(), 0)
        self.assertEqual(self.changes(first), said)

    def test_a_changed_file_takes_effect_at_the_next_start(self):
        first = self.start(self.file()).must_be_ready()
        first.end()
        second = self.start(self.file((ANSWER, CHANGED))).must_be_ready()
        self.assertEqual(second.outputs, first.outputs)
        self.assertEqual(self.answer(second), CHANGED)
        self.assertIn("deployed Deployment again", second.said())

    def test_what_cannot_be_changed_is_refused_with_its_line_and_nothing_changes(self):
        self.start(self.file()).must_be_ready().end()
        file = self.file(("RetentionPeriodHours: 24", "RetentionPeriodHours: 48"), (ANSWER, CHANGED))
        line = 1 + file.read_text().split("RetentionPeriodHours: 48")[0].count("\n")
        refused = self.start(file)
        self.assertFalse(refused.ready)
        self.assertEqual(refused.process.returncode, 1)
        self.assertIn(f"{file}:{line}:", refused.said())
        after = self.start().must_be_ready()
        self.assertEqual(self.answer(after), ANSWER)

    def test_a_file_with_a_slip_is_refused_at_its_line_and_nothing_is_made(self):
        slips = {
            "ShardCount: !Ref ShardCount": ("ShardCoutn: !Ref ShardCount", "did you mean ShardCount?"),
            "Type: AWS::S3::Bucket": ("Type: AWS::S3::Bucket:", "mapping values are not allowed"),
            "\nResources:": ("\nResuorces:", "did you mean Resources?"),
            "!Ref StreamName": ("!Ref StreamNmae", "did you mean StreamName?"),
        }
        for right, (wrong, said) in slips.items():
            file = self.file()
            text = file.read_text()
            line = 1 + text[: text.index(right)].count("\n") + right.count("\n")
            file.write_text(text.replace(right, wrong, 1))
            refused = self.start(file)
            self.assertEqual(refused.process.returncode, 1)
            self.assertEqual(refused.lines, [])
            self.assertIn(f"hydrant: {file}:{line}:", refused.said())
            self.assertIn(said, refused.said())
            self.assertTrue(refused.said().endswith("Nothing has been changed.\n"), refused.said())
        self.assertEqual(self.start().must_be_ready().stages, {})

    def test_a_file_with_a_slip_leaves_what_is_served_as_it_is(self):
        self.start(self.file()).must_be_ready().end()
        for right, wrong in (("\nOutputs:", "\nOutput:"), ("PathPart: v1", "PathPrat: v1")):
            refused = self.start(self.file((ANSWER, CHANGED), (right, wrong)))
            self.assertEqual(refused.process.returncode, 1, refused.said())
            self.assertIn("Nothing has been changed.", refused.said())
        self.assertEqual(self.answer(self.start().must_be_ready()), ANSWER)

    def test_a_mapping_template_that_does_not_parse_is_a_warning_at_its_line(self):
        file = self.file((ANSWER, "#if(" + ANSWER))
        text = file.read_text()
        started = self.start(file).must_be_ready()
        at = text.index("#if(" + ANSWER)
        line = 1 + text[:at].count("\n")
        self.assertIn(f"hydrant: {file}:{line}:", started.said())
        self.assertEqual(started.said().count("expected ')'"), 1, started.said())

    def spawn(self, fail, *before):
        """The program behind the words `before`, which a test does not wait for."""
        process = subprocess.Popen(
            [*before, served.BINARY, "up", str(self.file()), "--data", str(self.data), *self.level]
            + ["--listen-events", "127.0.0.1:0", "--listen-aws", "127.0.0.1:0"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**os.environ, "HYDRANT_FAIL": fail},
            # A runner in the background is one that ignores SIGINT.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))  # fmt: skip
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        return process

    def test_a_signal_during_a_start_ends_it_at_once_and_the_next_one_goes_on(self):
        for point in ("log.start.recovered:1", "stacks.step.begun:5", "stacks.step.done:9"):
            for how in (signal.SIGINT, signal.SIGTERM):
                shutil.rmtree(self.data, ignore_errors=True)
                process = self.spawn(f"{point}:stop")
                os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
                process.send_signal(how)
                process.send_signal(signal.SIGCONT)
                self.assertEqual(process.wait(timeout=served.SECONDS_MAX), -how, point)
                self.assertEqual(process.stdout.read(), b"")
                after = self.start(self.file()).must_be_ready()
                self.assertEqual(self.answer(after), ANSWER)
                after.end()

    def test_a_signal_during_a_start_ends_the_first_process_of_a_container_too(self):
        container = ["unshare", "--pid", "--fork", "--kill-child"]
        if subprocess.run([*container, "true"], check=False, capture_output=True).returncode:
            self.skipTest("this machine gives no process namespaces")
        for how in (signal.SIGINT, signal.SIGTERM):
            shutil.rmtree(self.data, ignore_errors=True)
            outer = self.spawn("log.start.recovered:1:delay=60000", *container)
            deadline = time.monotonic() + served.SECONDS_MAX
            while not (self.data / "credentials").exists():
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.01)
            children = pathlib.Path(f"/proc/{outer.pid}/task/{outer.pid}/children").read_text()
            os.kill(int(children.split()[0]), how)
            self.assertEqual(outer.wait(timeout=served.SECONDS_MAX / 2), 128 + how)

    def test_a_port_in_use_is_refused_before_anything_is_changed(self):
        self.start(self.file()).must_be_ready().end()
        for port in ("events", "aws"):
            with socket.create_server(("127.0.0.1", 0)) as taken:
                number = taken.getsockname()[1]
                refused = self.start(self.file((ANSWER, CHANGED)), **{port: number})
            self.assertFalse(refused.ready)
            self.assertEqual(refused.process.returncode, 1)
            said = f"hydrant: --listen-{port}: port {number} of 127.0.0.1 is in use"
            self.assertIn(said, refused.said())
        after = self.start().must_be_ready()
        self.assertEqual(self.answer(after), ANSWER)

    def test_a_step_that_fails_is_undone_with_all_before_it(self):
        failed = self.start(self.file(), fail="stacks.step.done:12:error")
        self.assertFalse(failed.ready)
        self.assertEqual(failed.process.returncode, 1)
        self.assertIn("All changes have been undone.", failed.said())
        empty = self.start().must_be_ready()
        self.assertEqual(empty.stages, {})
        self.assertEqual(empty.outputs, {})
        empty.end()
        # The names of its stream and its deliveries are free again.
        self.assertEqual(self.answer(self.start(self.file()).must_be_ready()), ANSWER)


class Killed(Case):
    def killed_everywhere(self, file, answer, before=None):
        kills = 0
        for point in POINTS:
            for nth in range(1, STEPS_MAX):
                shutil.rmtree(self.data, ignore_errors=True)
                if before:
                    shutil.copytree(before, self.data)
                killed = self.start(file, fail=f"{point}:{nth}:kill")
                if killed.ready:
                    killed.end()
                    self.assertGreater(nth, 1, point)
                    break
                self.assertEqual(killed.process.returncode, -9, killed.said())
                kills += 1
                # Every second time a start without the file goes on with what was recorded.
                hydrant = self.start(file if nth % 2 else None).must_be_ready()
                self.assertEqual(self.answer(hydrant), answer, f"{point}:{nth}")
                self.assertEqual(hydrant.end(), 0)
        print(f"{kills} kills")

    def test_at_every_step_of_the_first_up(self):
        self.killed_everywhere(self.file(), ANSWER)

    def test_at_every_step_of_an_update(self):
        self.start(self.file()).must_be_ready().end()
        before = self.data.with_name("before")
        shutil.copytree(self.data, before)
        self.addCleanup(shutil.rmtree, before, ignore_errors=True)
        self.killed_everywhere(self.file((ANSWER, CHANGED)), CHANGED, before)


if __name__ == "__main__":
    counted.main()
