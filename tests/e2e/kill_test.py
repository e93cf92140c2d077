"""Nothing acknowledged is lost or repeated, whenever the process is killed.

The whole example runs under load and is killed (SIGKILL) again and again: at random moments, and at
each named point of its own code. What clients were told is then compared with what is in the bucket.
"""

import os
import pathlib
import random
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "house"))
import counted  # noqa: E402
import laws  # noqa: E402
import served  # noqa: E402

KILLS = int(os.environ.get("HYDRANT_E2E_KILLS", "20"))
SEED = int(os.environ.get("HYDRANT_E2E_SEED", "1"))
POST = "/v1/class-stream"
SMALL = ["--parameter", "BufferSeconds=1", "--journal-segment", "4MiB"]


class Case(unittest.TestCase):
    def setUp(self):
        self.keeper = served.Keeper()
        self.addCleanup(self.keeper.close)
        self.events = laws.Events()

    def start(self, *flags, **how):
        return self.keeper.start(*SMALL, *flags, file=served.EXAMPLE, **how)

    def assert_laws_hold(self, hydrant):
        objects = laws.wait_until_delivered(hydrant, self.events)
        self.assertEqual(laws.check(self.events, objects), [], hydrant.said())
        self.assertGreater(len(self.events.accepted), 0)
        return objects


class KilledAtRandom(Case):
    def test_every_acknowledged_event_is_in_one_object_once_and_in_order(self):
        draw = random.Random(SEED)
        print(f"{KILLS} kills, seed {SEED}")
        deadline = time.monotonic() + 150
        kills = 0
        for kills in range(1, KILLS + 1):
            hydrant = self.start("--threads", str((1, 2, 5)[kills % 3])).must_be_ready()
            load = laws.Load(self.events, hydrant.address("events"), hydrant.stage_path(POST))
            time.sleep(draw.uniform(0.2, 2.0))
            hydrant.kill()
            load.stop()
            self.assertLess(time.monotonic(), deadline, f"only {kills} kills fitted in the time")
        hydrant = self.start("--threads", "2").must_be_ready()
        objects = self.assert_laws_hold(hydrant)
        print(f"{kills} kills, {len(self.events.accepted)} events acknowledged, "
              f"{len(self.events.unknown)} of unknown outcome, {len(objects)} objects")  # fmt: skip
        self.assertEqual(hydrant.end(), 0)


# Where the code can be told to die, and how often it must pass there first.
POINTS = [
    "log.torn:3",
    "log.submitted:5",
    "log.durable_not_answered:5",
    "log.answered:5",
    "delivery.buffer.closed:1",
    "delivery.intent:1",
    "objects.blob.written:1",
    "objects.blob.linked:1",
    "delivery.staged:1",
    "delivery.committed:1",
]
AT_START = ["log.start.epoch_taken:1", "log.start.recovered:1", "log.start.synced:1",
            "log.start.epoch_begun:1", "log.start.cut:1", "delivery.recovered:1"]  # fmt: skip


class KilledAtNamedPoints(Case):
    def killed_at(self, point, *flags):
        """Under load, or while it starts; the process must have died there by itself."""
        hydrant = self.start(*flags, fail=f"{point}:kill")
        if hydrant.ready:
            # Small objects have no file of their own, so these are not small.
            load = laws.Load(
                self.events,
                hydrant.address("events"),
                hydrant.stage_path(POST),
                threads=3,
                pause=0.01,
                size=3000,
            )
            deadline = time.monotonic() + 20
            while hydrant.process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.02)
            died = hydrant.process.poll()
            hydrant.kill()
            load.stop()
        else:
            died = hydrant.process.poll()
        self.assertEqual(died, -9, f"{point} was not reached: {hydrant.said()}")

    def killed_everywhere(self, shards):
        flags = ["--parameter", f"ShardCount={shards}", "--threads", "2"]
        for point in POINTS + AT_START:
            self.killed_at(point, *flags)
        hydrant = self.start(*flags).must_be_ready()
        self.assert_laws_hold(hydrant)
        self.assertEqual(hydrant.end(), 0)

    def test_with_one_shard(self):
        self.killed_everywhere(1)

    def test_with_three_shards(self):
        self.killed_everywhere(3)

    def test_with_ten_shards(self):
        self.killed_everywhere(10)


if __name__ == "__main__":
    counted.main()
