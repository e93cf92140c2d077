"""The example pipeline as its user meets it: brought up, posted to, read back, changed, restarted."""

import base64
import json
import pathlib
import socket
import subprocess
import sys
import time
import unittest
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "house"))
import counted  # noqa: E402
import served  # noqa: E402

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
FAST = ["--parameter", "BufferSeconds=1", "--journal-segment", "4MiB"]


class Case(unittest.TestCase):
    def setUp(self):
        self.keeper = served.Keeper()
        self.addCleanup(self.keeper.close)

    def start(self, *flags, file=served.EXAMPLE, **how):
        flags = (FAST if file else FAST[2:]) + list(flags)
        return self.keeper.start(*flags, file=file, **how)

    def post(self, hydrant, body, kind=JSON, version="v1", stream="class-stream", headers=None):
        poster = served.Poster(hydrant.address("events"))
        self.addCleanup(poster.close)
        answer = poster.post(f"/prod/{version}/{stream}", body, kind, headers)
        self.assertIsNotNone(answer, hydrant.said())
        return answer

    def lines_in_objects(self, hydrant, count, seconds=30):
        """Every line of every object, once there are so many."""
        s3 = hydrant.client("s3")
        deadline = time.monotonic() + seconds
        while True:
            objects = served.objects_of(s3, served.bucket_in(hydrant))
            lines = b"".join(objects.values()).decode().splitlines()
            if len(lines) >= count or time.monotonic() > deadline:
                return lines
            time.sleep(0.2)

    def data_in_stream(self, hydrant):
        kinesis = hydrant.client("kinesis")
        found = []
        for shard in kinesis.list_shards(StreamName="class-stream")["Shards"]:
            iterator = kinesis.get_shard_iterator(
                StreamName="class-stream",
                ShardId=shard["ShardId"],
                ShardIteratorType="TRIM_HORIZON",
            )["ShardIterator"]
            got = kinesis.get_records(ShardIterator=iterator)
            found += [record["Data"] for record in got["Records"]]
        return found


class FromPostToObject(Case):
    def test_events_of_both_versions_and_types_are_lines_in_objects_and_records_in_the_stream(self):
        hydrant = self.start().must_be_ready()
        expected = []
        for version, kind, body, line in (
            ("v1", JSON, '{ "a" : 1 }', '{"a":1}'),
            ("v1", FORM, "a=1&b=%ED%95%9C", '{"a" : "1","b" : "한"}'),
            ("v2", JSON, '{"q":"say \\"hi\\""}', '{"q":"say \\"hi\\""}'),
            ("v2", FORM, "a=x%3Dy=z&q=it%27s+%22ok%22&n=a%0Ab&k",
             '{"a":"x=y=z","q":"it\'s \\"ok\\"","n":"a\\nb","k":""}'),
        ):  # fmt: skip
            status, _, said = self.post(hydrant, body, kind, version)
            self.assertEqual(status, 200, said)
            expected.append(line)
        self.assertEqual(sorted(self.lines_in_objects(hydrant, 4)), sorted(expected))
        records = self.data_in_stream(hydrant)
        self.assertEqual(sorted(records), sorted((line + "\n").encode() for line in expected))
        for line in self.lines_in_objects(hydrant, 4):
            json.loads(line)

    def test_the_classic_answer_is_the_streams_own(self):
        hydrant = self.start().must_be_ready()
        status, headers, body = self.post(hydrant, '{"a":1}')
        self.assertEqual(status, 200)
        said = json.loads(body)
        self.assertEqual(sorted(said), ["SequenceNumber", "ShardId"])
        self.assertRegex(said["ShardId"], r"^shardId-00000000000[01]$")
        self.assertEqual(headers["Content-Type"], "application/json")

    def test_a_trace_id_of_the_client_is_the_partition_key(self):
        hydrant = self.start().must_be_ready()
        trace = "Root=1-625a2f3c-0123456789abcdef01234567"
        self.post(hydrant, '{"a":1}', headers={"X-Amzn-Trace-Id": trace})
        kinesis = hydrant.client("kinesis")
        keys = []
        for shard in ("shardId-000000000000", "shardId-000000000001"):
            iterator = kinesis.get_shard_iterator(
                StreamName="class-stream", ShardId=shard, ShardIteratorType="TRIM_HORIZON"
            )["ShardIterator"]
            keys += [r["PartitionKey"] for r in kinesis.get_records(ShardIterator=iterator)["Records"]]
        self.assertEqual(len(keys), 1)
        self.assertIn("Root=1-625a2f3c-0123456789abcdef01234567", keys[0])

    @unittest.skipUnless(served.AWS.exists(), "/usr/bin/aws is not installed")
    def test_the_lines_that_it_prints_work(self):
        hydrant = self.start().must_be_ready()
        self.post(hydrant, '{"hello":"world"}', version="v2")
        self.lines_in_objects(hydrant, 1)
        bucket = served.bucket_in(hydrant)
        self.assertTrue(
            any(line.endswith(f"s3 sync s3://{bucket} out/") for line in hydrant.lines), hydrant.lines
        )
        listed = hydrant.aws("s3", "ls", "--recursive", f"s3://{bucket}/")
        self.assertIn("events/", listed.stdout, listed.stderr)
        done = hydrant.aws("s3", "sync", f"s3://{bucket}", "out/", folder=self.keeper.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        files = [path for path in (self.keeper.folder / "out").rglob("*") if path.is_file()]
        self.assertEqual([path.read_text() for path in files], ['{"hello":"world"}\n'])
        iterator = hydrant.aws(
            "kinesis", "get-shard-iterator", "--stream-name", "class-stream", "--shard-id",
            "shardId-000000000000", "--shard-iterator-type", "TRIM_HORIZON", "--query",
            "ShardIterator", "--output", "text",
        )  # fmt: skip
        self.assertEqual(iterator.returncode, 0, iterator.stderr)
        got = hydrant.aws("kinesis", "get-records", "--shard-iterator", iterator.stdout.strip())
        for record in json.loads(got.stdout)["Records"]:
            self.assertEqual(base64.b64decode(record["Data"]), b'{"hello":"world"}\n')


class Looking(Case):
    def test_status_says_how_the_server_is(self):
        hydrant = self.start("--parameter", "BufferSeconds=900").must_be_ready()
        self.post(hydrant, '{"a":1}')
        address = hydrant.at["aws"].removeprefix("http://")
        deadline = time.monotonic() + 20
        while True:  # the record is counted soon after its answer
            done = subprocess.run(
                [served.BINARY, "status", "--aws", address], capture_output=True, text=True
            )
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            if "1 records" in done.stdout.split("delivery")[1] or time.monotonic() > deadline:
                break
            time.sleep(0.1)
        self.assertIn("log        ", done.stdout)
        self.assertIn("stream     class-stream: active, 2 shards, in us-east-1", done.stdout)
        self.assertRegex(done.stdout, r"delivery   class-stream-to-objects: ACTIVE, .*1 records .*owed")
        self.assertIn("damage     none was found at the start", done.stdout)

    def test_status_of_nobody_is_said(self):
        done = subprocess.run(
            [served.BINARY, "status", "--aws", "127.0.0.1:1"], capture_output=True, text=True
        )
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("127.0.0.1:1", done.stderr)

    def test_the_log_of_a_running_server_is_not_verified_and_that_of_an_ended_one_is(self):
        hydrant = self.start().must_be_ready()
        self.post(hydrant, '{"a":1}')
        verify = [served.BINARY, "log", "verify", "--data", str(self.keeper.data)]
        refused = subprocess.run(verify, capture_output=True, text=True)
        self.assertEqual(refused.returncode, 2)
        self.assertIn(str(hydrant.process.pid), refused.stderr)
        hydrant.end()
        done = subprocess.run(verify, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)

    def test_metrics_show_the_log_and_the_stages(self):
        hydrant = self.start().must_be_ready()
        self.post(hydrant, '{"a":1}')
        with urllib.request.urlopen(hydrant.at["aws"] + "/metrics") as answer:
            text = answer.read().decode()
        self.assertRegex(text, r"(?m)^hydrant_log_records_total 1$")
        self.assertRegex(text, r"(?m)^hydrant_gateway_\w+")
        self.assertRegex(text, r"(?m)^hydrant_delivery_\w+")


class BadInput(Case):
    def test_it_is_answered_clearly_and_stored_nowhere(self):
        hydrant = self.start().must_be_ready()
        for what, status, text in (
            (dict(body="a,b", kind="text/csv"), 415, '{"message": "Unsupported Media Type"}'),
            (dict(body='{"a":1'), 500, '{"message": "Internal server error"}'),
            (dict(body="p=100%25", kind=FORM), 500, '{"message": "Internal server error"}'),
            (dict(body="{}", stream="class-stream/x"), 403, '{"message":"Missing Authentication Token"}'),
        ):  # fmt: skip
            with self.subTest(**what):
                got, headers, body = self.post(hydrant, **what)
                self.assertEqual((got, body.decode()), (status, text))
                self.assertTrue(headers["x-amzn-ErrorType"])
        got, _, body = self.post(hydrant, "{}", version="v2", stream="nowhere")
        self.assertEqual(got, 400, body)
        self.assertIn("nowhere", json.loads(body)["message"])
        big = '{"a":"' + "x" * (2 << 20) + '"}'
        got, _, body = self.post(hydrant, big, version="v2")
        self.assertEqual(got, 400, body)
        self.assertIn(b"HTTP/1.1 413 ", self.answer_to_too_much(hydrant))
        self.assertEqual(self.data_in_stream(hydrant), [])

    def answer_to_too_much(self, hydrant):
        """The answer comes before the body has gone out, and the rest is not taken."""
        with socket.create_connection(hydrant.address("events"), timeout=20) as connection:
            connection.sendall(
                b"POST /prod/v1/class-stream HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
                b"Content-Length: 11534336\r\n\r\n" + b"x" * 100_000
            )
            received = b""
            while piece := connection.recv(65536):
                received += piece
        return received

    def test_a_wrong_signature_is_refused(self):
        hydrant = self.start().must_be_ready()
        import botocore.exceptions

        kinesis = hydrant.client("kinesis")
        kinesis._request_signer._credentials.secret_key = "wrong"
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            kinesis.list_streams()
        self.assertEqual(caught.exception.response["Error"]["Code"], "InvalidSignatureException")


class StartingAgain(Case):
    def test_the_same_file_changes_nothing_and_what_was_buffered_is_delivered(self):
        hydrant = self.start("--parameter", "BufferSeconds=900").must_be_ready()
        first = (hydrant.stages.keys(), hydrant.outputs)
        for n in range(20):
            self.assertEqual(self.post(hydrant, json.dumps({"n": n}))[0], 200)
        self.assertEqual(hydrant.end(), 0)
        again = self.start("--parameter", "BufferSeconds=900").must_be_ready()
        self.assertEqual((again.stages.keys(), again.outputs), first)
        self.assertEqual(len(self.data_in_stream(again)), 20)
        self.assertEqual(again.end(), 0)
        self.assertNotIn("created", again.said().split("log is open")[-1])

    def test_without_a_file_it_serves_what_the_directory_holds(self):
        hydrant = self.start().must_be_ready()
        self.post(hydrant, '{"n":1}')
        bucket = served.bucket_in(hydrant)
        hydrant.kill()
        again = self.start(file=None).must_be_ready()
        self.assertEqual(served.bucket_in(again), bucket)
        self.assertEqual(list(again.stages), ["prod"])
        self.assertEqual(self.post(again, '{"n":2}')[0], 200)
        lines = self.lines_in_objects(again, 2)
        self.assertEqual(sorted(lines), ['{"n":1}', '{"n":2}'])

    def test_a_changed_template_takes_effect_under_the_same_url(self):
        hydrant = self.start().must_be_ready()
        outputs = hydrant.outputs
        hydrant.end()
        changed = self.keeper.folder / "clickstream.yaml"
        changed.write_text(
            served.EXAMPLE.read_text().replace("'{\"accepted\":true}'", "'{\"accepted\":\"yes\"}'")
        )
        again = self.start(file=changed).must_be_ready()
        self.assertEqual(again.outputs, outputs)
        self.assertEqual(self.post(again, "{}", version="v2")[2], b'{"accepted":"yes"}')

    def test_a_change_that_cannot_be_made_is_refused_with_its_line_and_changes_nothing(self):
        self.start().must_be_ready().end()
        text = served.EXAMPLE.read_text()
        changed = self.keeper.folder / "clickstream.yaml"
        changed.write_text(text.replace("RetentionPeriodHours: 24", "RetentionPeriodHours: 48"))
        line = text[: text.index("RetentionPeriodHours")].count("\n") + 1
        refused = self.start(file=changed)
        self.assertFalse(refused.ready)
        self.assertEqual(refused.process.returncode, 1)
        self.assertIn(f"{changed}:{line}:", refused.said())
        self.assertEqual(self.post(self.start().must_be_ready(), "{}")[0], 200)

    def test_a_typo_is_shown_by_line_and_column_with_what_was_expected(self):
        text = served.EXAMPLE.read_text()
        changed = self.keeper.folder / "clickstream.yaml"
        changed.write_text(text.replace("IntegrationHttpMethod: POST", "IntegrationHttpMetod: POST", 1))
        refused = self.start(file=changed)
        self.assertEqual((refused.ready, refused.process.returncode), (False, 1))
        line = text[: text.index("IntegrationHttpMethod")].count("\n") + 1
        self.assertIn(f"{changed}:{line}:9", refused.said())
        self.assertIn("IntegrationHttpMethod", refused.said())


if __name__ == "__main__":
    counted.main()
