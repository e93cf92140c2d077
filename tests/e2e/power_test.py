"""A power cut on a real file system loses and repeats nothing.

The data directory lies on a file system in an image, and the image on an XFS that can copy it in one
instant (`cp --reflink=always`). A copy taken under load is the disk of a machine whose power went
away at that instant: a start from it must find everything that had been acknowledged before.
"""

import copy
import pathlib
import subprocess
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "house"))
import counted  # noqa: E402
import images  # noqa: E402
import laws  # noqa: E402
import served  # noqa: E402

CUTS = 3
FLAGS = ["--parameter", "BufferSeconds=1", "--journal-segment", "4MiB", "--threads", "2"]
WHY_NOT = images.why_not()


def at_this_moment(events):
    """What was acknowledged by now; all else may be there or not."""
    with events.lock:
        seen = laws.Events()
        seen.accepted = copy.copy(events.accepted)
        return seen


@unittest.skipIf(WHY_NOT, f"images cannot be mounted: {WHY_NOT}")
class PowerCut(unittest.TestCase):
    def setUp(self):
        self.folder = served.scratch()
        self.addCleanup(lambda: subprocess.run(["rm", "-rf", self.folder], check=False))
        try:
            outer = images.Mounted(self.folder / "outer.img", "xfs", 3 << 30)
        except OSError as why:
            self.skipTest(f"images cannot be mounted: {why}")
        self.addCleanup(outer.close)
        self.outer = outer.folder

    def start(self, data):
        hydrant = served.Hydrant(data, *FLAGS, file=served.EXAMPLE)
        self.addCleanup(hydrant.kill)
        return hydrant.must_be_ready()

    def cut_under_load(self, kind):
        disk = images.Mounted(self.outer / "disk.img", kind, 700 << 20)
        self.addCleanup(disk.close)
        hydrant = self.start(disk.folder / "data")
        events = laws.Events()
        path = hydrant.stage_path("/v1/class-stream")
        load = laws.Load(events, hydrant.address("events"), path, threads=4)
        try:
            for cut in range(CUTS):
                time.sleep(1.3)
                before = at_this_moment(events)
                after = self.outer / f"cut{cut}.img"
                images.run("cp", "--reflink=always", disk.image, after)
                self.check_what_is_left(after, kind, before)
        finally:
            load.stop()
            hydrant.kill()
            disk.close()

    def check_what_is_left(self, image, kind, events):
        self.assertGreater(len(events.accepted), 0)
        left = images.Mounted(image, kind, options="loop,nouuid" if kind == "xfs" else "loop")
        try:
            hydrant = self.start(left.folder / "data")
            objects = laws.wait_until_delivered(hydrant, events)
            self.assertEqual(laws.check(events, objects), [], hydrant.said())
            print(f"{kind}: {len(events.accepted)} acknowledged before the cut, all once")
            hydrant.end()
        finally:
            left.close()
            image.unlink()

    def test_on_ext4(self):
        self.cut_under_load("ext4")

    def test_on_xfs(self):
        self.cut_under_load("xfs")


if __name__ == "__main__":
    counted.main()
