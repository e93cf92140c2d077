"""A stack file is the configuration of the real program: brought up, brought up again, changed,
refused, undone, and killed at every step of all this."""

import pathlib
import shutil
import sys

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
