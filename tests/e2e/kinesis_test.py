"""The Kinesis control plane and resharding through boto3, with kill -9 while shards change."""

import hashlib
import pathlib
import sys
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "house"))
import counted  # noqa: E402
import laws  # noqa: E402
from served import EXAMPLE, Hydrant, InFolder, Keeper  # noqa: E402

SPACE = 1 << 128


def open_shards(kinesis, stream):
    shards = []
    token = {"StreamName": stream, "ShardFilter": {"Type": "AT_LATEST"}}
    while True:
        page = kinesis.list_shards(**token)
        shards += page["Shards"]
        if "NextToken" not in page:
            return shards
        token = {"NextToken": page["NextToken"]}


def tiled(shards):
    """Whether the ranges cover the hash space without gap or overlap."""
    ranges = sorted(
        (int(s["HashKeyRange"]["StartingHashKey"]), int(s["HashKeyRange"]["EndingHashKey"]))
        for s in shards
    )
    return [a for a, _ in ranges] == [0] + [b + 1 for _, b in ranges[:-1]] and (
        ranges[-1][1] == SPACE - 1
    )


def read_all(kinesis, stream):
    """{shard id: [(partition key, number)]}, each shard from its horizon to its end or tip."""
    found = {}
    shards = []
    for page in kinesis.get_paginator("list_shards").paginate(StreamName=stream):
        shards += page["Shards"]
    for shard in shards:
        key = shard["ShardId"]
        found[key] = []
        it = kinesis.get_shard_iterator(
            StreamName=stream, ShardId=key, ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        while it:
            answer = kinesis.get_records(ShardIterator=it)
            found[key] += [(r["PartitionKey"], int(r["SequenceNumber"])) for r in answer["Records"]]
            closed = "EndingSequenceNumber" in shard["SequenceNumberRange"]
            it = answer.get("NextShardIterator")
            assert (it is None) == bool(answer.get("ChildShards"))
            if not closed and answer["MillisBehindLatest"] == 0:
                break
    return found, shards


class Control(InFolder):
    def setUp(self):
        self.hydrant = Hydrant(self.folder / self._testMethodName, *self.level).must_be_ready()
        self.addCleanup(self.hydrant.kill)
        self.kinesis = self.hydrant.client("kinesis")

    def make(self, name, shards=1):
        self.kinesis.create_stream(StreamName=name, ShardCount=shards)
        self.kinesis.get_waiter("stream_exists").wait(StreamName=name)
        return self.kinesis.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]

    def test_settings_are_set_shown_and_kept(self):
        arn = self.make("s")["StreamARN"]
        kinesis = self.kinesis
        kinesis.increase_stream_retention_period(StreamName="s", RetentionPeriodHours=100)
        kinesis.enable_enhanced_monitoring(StreamName="s", ShardLevelMetrics=["ALL"])
        kinesis.start_stream_encryption(StreamName="s", EncryptionType="KMS", KeyId="alias/mine")
        kinesis.update_stream_mode(StreamARN=arn, StreamModeDetails={"StreamMode": "ON_DEMAND"})
        consumer = kinesis.register_stream_consumer(StreamARN=arn, ConsumerName="app")["Consumer"]
        shown = kinesis.describe_stream_summary(StreamName="s")["StreamDescriptionSummary"]
        self.assertEqual(shown["RetentionPeriodHours"], 100)
        self.assertEqual(shown["EncryptionType"], "KMS")
        self.assertEqual(shown["KeyId"], "alias/mine")
        self.assertEqual(shown["ConsumerCount"], 1)
        self.assertEqual(len(shown["EnhancedMonitoring"][0]["ShardLevelMetrics"]), 7)
        self.assertEqual(
            kinesis.describe_stream_consumer(ConsumerARN=consumer["ConsumerARN"])[
                "ConsumerDescription"
            ]["ConsumerStatus"],
            "ACTIVE",
        )
        listed = kinesis.get_paginator("list_stream_consumers").paginate(StreamARN=arn)
        self.assertEqual([c["ConsumerName"] for p in listed for c in p["Consumers"]], ["app"])
        with self.assertRaises(kinesis.exceptions.ResourceInUseException):
            kinesis.delete_stream(StreamName="s")
        kinesis.deregister_stream_consumer(ConsumerARN=consumer["ConsumerARN"])
        answer = kinesis.put_record(StreamName="s", Data=b"", PartitionKey="k")
        self.assertEqual(answer["EncryptionType"], "KMS")
        kinesis.stop_stream_encryption(StreamName="s", EncryptionType="KMS", KeyId="alias/mine")
        self.assertEqual(kinesis.describe_limits()["ShardLimit"], 1_000_000)
        kinesis.delete_stream(StreamName="s")
        kinesis.get_waiter("stream_not_exists").wait(StreamName="s")

    def test_shards_split_merge_and_scale(self):
        self.make("s")
        kinesis = self.kinesis
        sent = {}
        for number in range(40):
            if number == 10:
                kinesis.split_shard(
                    StreamName="s", ShardToSplit="shardId-000000000000", NewStartingHashKey=str(SPACE // 3)
                )
            if number == 20:
                kinesis.update_shard_count(
                    StreamName="s", TargetShardCount=5, ScalingType="UNIFORM_SCALING"
                )
            if number == 30:
                lower, upper = sorted(
                    open_shards(kinesis, "s"), key=lambda s: int(s["HashKeyRange"]["StartingHashKey"])
                )[:2]
                kinesis.merge_shards(
                    StreamName="s",
                    ShardToMerge=lower["ShardId"],
                    AdjacentShardToMerge=upper["ShardId"],
                )
            self.assertTrue(tiled(open_shards(kinesis, "s")))
            answer = kinesis.put_record(StreamName="s", Data=b"x", PartitionKey=str(number))
            sent[str(number)] = (answer["ShardId"], int(answer["SequenceNumber"]))
        self.assertEqual(len(open_shards(kinesis, "s")), 4)
        found, shards = read_all(kinesis, "s")
        self.assertEqual(
            {key: (shard, number) for shard, all in found.items() for key, number in all}, sent
        )
        self.assertEqual(sum(len(all) for all in found.values()), len(sent))
        ranges = {s["ShardId"]: s["HashKeyRange"] for s in shards}
        for key, (shard, _) in sent.items():
            at = int.from_bytes(hashlib.md5(key.encode()).digest(), "big")
            self.assertLessEqual(int(ranges[shard]["StartingHashKey"]), at)
            self.assertLessEqual(at, int(ranges[shard]["EndingHashKey"]))

    def test_one_becomes_ten_thousand_in_one_step(self):
        self.make("wide")
        self.kinesis.update_shard_count(
            StreamName="wide", TargetShardCount=10_000, ScalingType="UNIFORM_SCALING"
        )
        shards = open_shards(self.kinesis, "wide")
        self.assertEqual(len(shards), 10_000)
        self.assertTrue(tiled(shards))
        self.kinesis.put_record(StreamName="wide", Data=b"x", PartitionKey="k")


class Transitions(InFolder):
    def test_states_last_and_a_kill_in_the_middle_ends_them(self):
        data = self.folder / "slow"
        flags = [*self.level, "--stream-transition-ms", "2000", "--stream-shard-limit", "2"]
        hydrant = Hydrant(data, *flags).must_be_ready()
        self.addCleanup(hydrant.kill)
        kinesis = hydrant.client("kinesis")
        kinesis.create_stream(StreamName="s", ShardCount=1)

        def status(of):
            return of.describe_stream_summary(StreamName="s")["StreamDescriptionSummary"][
                "StreamStatus"
            ]

        self.assertEqual(status(kinesis), "CREATING")
        kinesis.get_waiter("stream_exists").wait(StreamName="s", WaiterConfig={"Delay": 1})
        kinesis.split_shard(
            StreamName="s", ShardToSplit="0", NewStartingHashKey=str(SPACE // 2)
        )
        self.assertEqual(status(kinesis), "UPDATING")
        hydrant.kill()
        again = Hydrant(data, *flags).must_be_ready()
        self.addCleanup(again.kill)
        kinesis = again.client("kinesis")
        self.assertEqual(status(kinesis), "ACTIVE")
        self.assertEqual(len(open_shards(kinesis, "s")), 2)
        with self.assertRaises(kinesis.exceptions.LimitExceededException):
            kinesis.split_shard(StreamName="s", ShardToSplit="1", NewStartingHashKey="5")


class Quotas(InFolder):
    def test_what_is_more_than_a_second_of_a_shard_fails_entry_by_entry(self):
        hydrant = Hydrant(self.folder / "quotas", *self.level, "--quotas", "aws").must_be_ready()
        self.addCleanup(hydrant.kill)
        kinesis = hydrant.client("kinesis")
        kinesis.create_stream(StreamName="s", ShardCount=1)
        answer = kinesis.put_records(  # five times what a shard takes at once
            StreamName="s", Records=[{"Data": b"x" * 10_240, "PartitionKey": "k"}] * 500
        )
        codes = [r.get("ErrorCode") for r in answer["Records"]]
        self.assertEqual(set(codes), {None, "ProvisionedThroughputExceededException"})
        self.assertEqual(answer["FailedRecordCount"], 500 - codes.count(None))
        found, _ = read_all(kinesis, "s")
        self.assertEqual([len(all) for all in found.values()], [codes.count(None)])


class Delivered(unittest.TestCase):
    """Events go on from POST to objects while their stream's shards change hands."""

    def test_each_event_is_in_one_object_whatever_its_shard_became(self):
        keeper = Keeper()
        self.addCleanup(keeper.close)
        hydrant = keeper.start("--parameter", "BufferSeconds=1", file=EXAMPLE).must_be_ready()
        kinesis = hydrant.client("kinesis")
        events = laws.Events()
        load = laws.Load(events, hydrant.address("events"), hydrant.stage_path("/v1/class-stream"))
        for target in (5, 1, 8, 3):
            time.sleep(0.5)  # some load between two changes
            kinesis.update_shard_count(
                StreamName="class-stream", TargetShardCount=target, ScalingType="UNIFORM_SCALING"
            )
        load.stop()
        self.assertEqual(events.refused | events.unknown, set(), "no put was refused meanwhile")
        objects = laws.wait_until_delivered(hydrant, events)
        self.assertEqual(laws.check(events, objects), [], hydrant.said())


class Killed(unittest.TestCase):
    """kill -9 at each step of a reshard, under load: what was acknowledged is there once."""

    def test_every_acknowledged_record_is_there_once(self):
        keeper = Keeper()
        self.addCleanup(keeper.close)
        hydrant = keeper.start().must_be_ready()
        hydrant.client("kinesis").create_stream(StreamName="s", ShardCount=2)
        hydrant.kill()
        kept = []
        for point in ("sealed", "drained", "closed", "stored", "opened", "shown"):
            hydrant = keeper.start(fail=f"streams.reshard.{point}:1:kill").must_be_ready()
            target = 5 if len(open_shards(hydrant.client("kinesis"), "s")) == 2 else 2
            stop = threading.Event()

            def load(number, hydrant=hydrant, point=point, stop=stop):
                client = hydrant.client("kinesis")
                for i in range(10_000):
                    if stop.is_set():
                        return
                    key = f"{point}-{number}-{i}"
                    try:
                        client.put_record(StreamName="s", Data=b"x", PartitionKey=key)
                    except Exception:
                        return
                    kept.append(key)

            threads = [threading.Thread(target=load, args=(n,)) for n in range(3)]
            for thread in threads:
                thread.start()
            with self.assertRaises(Exception):
                hydrant.client("kinesis").update_shard_count(
                    StreamName="s", TargetShardCount=target, ScalingType="UNIFORM_SCALING"
                )
            stop.set()
            for thread in threads:
                thread.join()
            hydrant.process.wait(timeout=30)
        hydrant = keeper.start().must_be_ready()
        kinesis = hydrant.client("kinesis")
        self.assertEqual(
            kinesis.describe_stream_summary(StreamName="s")["StreamDescriptionSummary"]["StreamStatus"],
            "ACTIVE",
        )
        self.assertTrue(tiled(open_shards(kinesis, "s")))
        found, _ = read_all(kinesis, "s")
        keys = [key for all in found.values() for key, _ in all]
        self.assertEqual(len(keys), len(set(keys)), "nothing twice")
        self.assertEqual(set(kept) - set(keys), set(), "nothing lost")


if __name__ == "__main__":
    counted.main()
