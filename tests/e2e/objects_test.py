"""S3 by its real clients: the AWS CLI and boto3 against the real program, killed in between."""

import hashlib
import pathlib
import sys
import threading
import unittest
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "house"))
import counted  # noqa: E402
import served  # noqa: E402

try:
    import boto3
    import botocore.config
    import botocore.exceptions
except ImportError:
    boto3 = None

SECONDS_MAX = 120


def bytes_of(seed, size):
    """The same bytes for the same seed."""
    step = 2048
    digests = (hashlib.sha256(f"{seed} {at}".encode()).digest() for at in range(0, size, step))
    return b"".join(digest * 64 for digest in digests)[:size]


class Objects(unittest.TestCase):
    def setUp(self):
        self.keeper = served.Keeper()
        self.addCleanup(self.keeper.close)
        self.folder = self.keeper.folder

    def start(self, **how):
        return self.keeper.start("--threads", "2", **how).must_be_ready()

    def aws(self, hydrant, *words, status=0):
        done = hydrant.aws(*words, seconds=SECONDS_MAX)
        self.assertEqual(done.returncode, status, f"{words}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def blobs(self):
        return [path for path in (self.keeper.data / "blobs").rglob("*") if path.is_file()]


@unittest.skipUnless(served.AWS.exists(), "/usr/bin/aws is not installed")
class Cli(Objects):
    def test_files_go_there_and_back(self):
        hydrant = self.start()
        self.aws(hydrant, "s3", "mb", "s3://orders")
        self.assertIn("orders", self.aws(hydrant, "s3", "ls"))
        here = self.folder / "here"
        files = {
            "small.txt": b"hello\n",
            "empty": b"",
            "deep/er/a b+c.bin": bytes_of(1, 100_000),
            "한글.txt": "가나다".encode(),
            "large.bin": bytes_of(2, 20_000_000),
        }
        for name, content in files.items():
            path = here / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        self.aws(hydrant, "s3", "sync", str(here), "s3://orders/in/", "--quiet")
        listed = self.aws(hydrant, "s3", "ls", "--recursive", "s3://orders/")
        for name in files:
            self.assertIn("in/" + name, listed)
        self.assertIn("PRE in/", self.aws(hydrant, "s3", "ls", "s3://orders/"))
        back = self.folder / "back"
        self.aws(hydrant, "s3", "sync", "s3://orders/in/", str(back), "--quiet")
        for name, content in files.items():
            self.assertEqual((back / name).read_bytes(), content, name)
        self.aws(hydrant, "s3", "cp", "s3://orders/in/large.bin", "s3://orders/copy.bin", "--quiet")
        self.aws(hydrant, "s3", "mv", "s3://orders/copy.bin", "s3://orders/moved.bin", "--quiet")
        self.aws(hydrant, "s3", "cp", "s3://orders/moved.bin", str(self.folder / "m"), "--quiet")
        self.assertEqual((self.folder / "m").read_bytes(), files["large.bin"])
        self.aws(hydrant, "s3", "rb", "s3://orders", status=1)
        self.aws(hydrant, "s3", "rm", "--recursive", "s3://orders/", "--quiet")
        self.assertEqual(self.aws(hydrant, "s3", "ls", "s3://orders/"), "")
        self.aws(hydrant, "s3", "rb", "s3://orders")
        self.assertEqual(self.aws(hydrant, "s3", "ls"), "")
        self.assertEqual(hydrant.end(), 0, hydrant.said())
        self.assertEqual(self.blobs(), [])


@unittest.skipIf(boto3 is None, "boto3 is not installed")
class Sdk(Objects):
    def test_an_object_and_everything_about_it(self):
        hydrant = self.start()
        s3 = hydrant.client("s3")
        s3.create_bucket(Bucket="orders")
        s3.head_bucket(Bucket="orders")
        body = bytes_of(3, 50_000)
        put = s3.put_object(
            Bucket="orders",
            Key="a/b",
            Body=body,
            ContentType="text/csv",
            ContentEncoding="gzip",
            Metadata={"colour": "blue"},
        )
        self.assertEqual(put["ETag"], f'"{hashlib.md5(body).hexdigest()}"')
        got = s3.get_object(Bucket="orders", Key="a/b")
        self.assertEqual(got["Body"].read(), body)
        self.assertEqual(got["ContentType"], "text/csv")
        self.assertEqual(got["ContentEncoding"], "gzip")
        self.assertEqual(got["Metadata"], {"colour": "blue"})
        part = s3.get_object(Bucket="orders", Key="a/b", Range="bytes=10-19")
        self.assertEqual(part["Body"].read(), body[10:20])
        self.assertEqual(part["ContentRange"], "bytes 10-19/50000")
        self.assertEqual(s3.head_object(Bucket="orders", Key="a/b")["ContentLength"], 50_000)
        with self.assertRaises(s3.exceptions.NoSuchKey):
            s3.get_object(Bucket="orders", Key="none")
        with self.assertRaises(botocore.exceptions.ClientError) as refused:
            s3.get_object(Bucket="orders", Key="a/b", IfNoneMatch=put["ETag"])
        self.assertEqual(refused.exception.response["ResponseMetadata"]["HTTPStatusCode"], 304)
        self.assertEqual(s3.get_bucket_location(Bucket="orders")["LocationConstraint"], None)
        tags = [{"Key": "team", "Value": "events"}]
        s3.put_bucket_tagging(Bucket="orders", Tagging={"TagSet": tags})
        self.assertEqual(s3.get_bucket_tagging(Bucket="orders")["TagSet"], tags)

    def test_pages_and_batches(self):
        hydrant = self.start()
        s3 = hydrant.client("s3")
        s3.create_bucket(Bucket="orders")
        keys = [f"{day:02}/{hour:02}" for day in range(1, 6) for hour in range(24)]
        for key in keys:
            s3.put_object(Bucket="orders", Key=key, Body=key.encode())
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket="orders", PaginationConfig={"PageSize": 7})
        self.assertEqual([one["Key"] for page in pages for one in page["Contents"]], keys)
        rolled = s3.list_objects_v2(Bucket="orders", Delimiter="/")
        self.assertEqual([one["Prefix"] for one in rolled["CommonPrefixes"]], [f"{d:02}/" for d in range(1, 6)])
        old = s3.get_paginator("list_objects").paginate(Bucket="orders", Prefix="03/", PaginationConfig={"PageSize": 5})
        self.assertEqual(sum(len(page["Contents"]) for page in old), 24)
        s3.delete_objects(Bucket="orders", Delete={"Objects": [{"Key": key} for key in keys]})
        self.assertEqual(s3.list_objects_v2(Bucket="orders")["KeyCount"], 0)

    def test_a_link_serves_without_keys_and_only_what_was_signed(self):
        hydrant = self.start()
        lines = pathlib.Path(hydrant.at["credentials"]).read_text().splitlines()
        keys = dict(line.split(" = ", 1) for line in lines if " = " in line)
        s3 = boto3.client(
            "s3",
            endpoint_url=hydrant.at["aws"],
            region_name="us-east-1",
            aws_access_key_id=keys["aws_access_key_id"],
            aws_secret_access_key=keys["aws_secret_access_key"],
            config=botocore.config.Config(signature_version="s3v4", s3={"addressing_style": "path"}),
        )
        s3.create_bucket(Bucket="orders")
        put = s3.generate_presigned_url("put_object", {"Bucket": "orders", "Key": "k"}, ExpiresIn=60)
        with urllib.request.urlopen(urllib.request.Request(put, data=b"linked", method="PUT")) as answer:
            self.assertEqual(answer.status, 200)
        get = s3.generate_presigned_url("get_object", {"Bucket": "orders", "Key": "k"}, ExpiresIn=60)
        with urllib.request.urlopen(get) as answer:
            self.assertEqual(answer.read(), b"linked")
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(get.replace("/orders/k", "/orders/other"))
        self.assertEqual(refused.exception.code, 403)
        refused.exception.close()

    def test_whatever_was_answered_before_a_kill_is_there_after_it(self):
        hydrant = self.start()
        s3 = hydrant.client("s3")
        s3.create_bucket(Bucket="orders")
        answered = {}
        enough = threading.Event()

        def put_until_killed(worker):
            client = hydrant.client("s3")
            for n in range(10_000):
                key = f"{worker}/{n}"
                body = bytes_of(key, 100 if n % 3 else 200_000)
                try:
                    client.put_object(Bucket="orders", Key=key, Body=body)
                except Exception:
                    return
                answered[key] = hashlib.md5(body).hexdigest()
                if len(answered) >= 60:
                    enough.set()

        workers = [threading.Thread(target=put_until_killed, args=(n,)) for n in range(4)]
        for worker in workers:
            worker.start()
        self.assertTrue(enough.wait(SECONDS_MAX))
        hydrant.kill()
        for worker in workers:
            worker.join(SECONDS_MAX)
        again = self.start()
        s3 = again.client("s3")
        for key, md5 in answered.items():
            body = s3.get_object(Bucket="orders", Key=key)["Body"].read()
            self.assertEqual(hashlib.md5(body).hexdigest(), md5, key)

    def test_a_kill_at_each_named_point_leaves_all_or_nothing(self):
        body = bytes_of("killed", 100_000)
        self.start().client("s3").create_bucket(Bucket="orders")
        self.keeper.running[-1].end()
        for point in ("objects.blob.written", "objects.blob.linked", "objects.committed"):
            with self.subTest(point):
                hydrant = self.start(fail=f"{point}:1:kill")
                with self.assertRaises(botocore.exceptions.BotoCoreError):
                    hydrant.client("s3").put_object(Bucket="orders", Key=point, Body=body)
                hydrant.kill()
                again = self.start()
                found = served.objects_of(again.client("s3"), "orders")
                there = point == "objects.committed"
                self.assertEqual(found.get(point), body if there else None)
                self.assertEqual(len(self.blobs()), len(found))
                self.assertEqual(list((self.keeper.data / "lost").iterdir()), [])
                self.assertEqual(again.end(), 0, again.said())


if __name__ == "__main__":
    counted.main()
