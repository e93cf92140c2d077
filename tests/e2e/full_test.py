"""A full disk refuses what is new, in words that a client can retry on, and loses nothing.

The data directory lies on a file system of 256 MiB in an image, with log segments of 4 MiB.
"""

import itertools
import json
import pathlib
import subprocess
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "house"))
import counted  # noqa: E402
import images  # noqa: E402
import served  # noqa: E402

FLAGS = ["--parameter", "BufferSeconds=1", "--journal-segment", "4MiB", "--threads", "2"]
WHY_NOT = images.why_not()
PAD = "x" * 20_000


@unittest.skipIf(WHY_NOT, f"images cannot be mounted: {WHY_NOT}")
class FullDisk(unittest.TestCase):
    def setUp(self):
        self.folder = served.scratch()
        self.addCleanup(lambda: subprocess.run(["rm", "-rf", self.folder], check=False))
        try:
            self.disk = images.Mounted(self.folder / "disk.img", "ext4", 256 << 20)
        except OSError as why:
            self.skipTest(f"images cannot be mounted: {why}")
        self.addCleanup(self.disk.close)
        self.accepted = set()
        self.numbers = itertools.count(1)

    def start(self, *flags):
        hydrant = served.Hydrant(self.disk.folder / "data", *FLAGS, *flags, file=served.EXAMPLE)
        self.addCleanup(hydrant.kill)
        return hydrant.must_be_ready()

    def put(self, kinesis, count=100):
        """None, or the error code that the whole call was refused with."""
        import botocore.exceptions

        batch = [next(self.numbers) for _ in range(count)]
        records = [
            {"Data": json.dumps({"n": n, "pad": PAD}).encode() + b"\n", "PartitionKey": str(n)}
            for n in batch
        ]
        try:
            answer = kinesis.put_records(StreamName="class-stream", Records=records)
        except botocore.exceptions.ClientError as refused:
            return refused.response["Error"]["Code"]
        self.assertEqual(answer["FailedRecordCount"], 0)
        self.accepted |= set(batch)
        return None

    def fill_by_puts(self, hydrant, calls=150):
        kinesis = hydrant.client("kinesis")
        for _ in range(calls):
            code = self.put(kinesis)
            if code:
                return code
        return None

    def collect_and_delete(self, hydrant, seconds=60):
        """The event numbers of every object; what was read is deleted, which makes room."""
        s3 = hydrant.client("s3")
        bucket = served.bucket_in(hydrant)
        seen = []
        deadline = time.monotonic() + seconds
        while len(seen) < len(self.accepted) and time.monotonic() < deadline:
            for key, content in served.objects_of(s3, bucket).items():
                seen += [json.loads(line)["n"] for line in content.decode().splitlines()]
                s3.delete_object(Bucket=bucket, Key=key)
            time.sleep(0.2)
        return seen

    def test_filled_through_puts(self):
        hydrant = self.start()
        code = self.fill_by_puts(hydrant)
        self.assertEqual(code, "ProvisionedThroughputExceededException", hydrant.said())
        poster = served.Poster(hydrant.address("events"))
        # Whatever its mapping: a failure of ours is never a 200.
        bodies = [json.dumps({"n": 0, "pad": "y" * 900_000}) for _ in range(8)]
        statuses = [poster.post("/prod/v1/class-stream", body)[0] for body in bodies]
        self.assertEqual(set(statuses) - {200, 500}, set())
        self.assertIn(500, statuses)
        poster.close()
        hydrant.kill()
        # It starts, delivers and deletes; nothing that was acknowledged is missing or there twice.
        again = self.start()
        seen = [n for n in self.collect_and_delete(again) if n != 0]
        self.assertEqual((len(seen), set(seen)), (len(self.accepted), self.accepted), again.said())
        self.assertEqual(again.end(), 0)

    def test_filled_from_outside(self):
        hydrant = self.start()
        kinesis = hydrant.client("kinesis")
        self.assertIsNone(self.put(kinesis, 10))
        ballast = self.disk.folder / "ballast"
        with open(ballast, "wb") as file:
            try:
                while True:
                    file.write(b"\0" * (1 << 20))
                    file.flush()
            except OSError:
                pass
        code = self.fill_by_puts(hydrant, 20)
        self.assertIn(code, ("ProvisionedThroughputExceededException", "InternalFailure"))
        hydrant.kill()
        again = self.start()
        seen = self.collect_and_delete(again, seconds=2)
        ballast.unlink()
        kinesis = again.client("kinesis")
        deadline = time.monotonic() + 20
        while self.put(kinesis, 10) and time.monotonic() < deadline:
            time.sleep(0.2)
        self.assertIsNone(self.put(kinesis, 10), again.said())
        seen += self.collect_and_delete(again)
        self.assertEqual((len(seen), set(seen)), (len(self.accepted), self.accepted), again.said())
        self.assertEqual(again.end(), 0)


if __name__ == "__main__":
    counted.main()
