"""The real program as tests use it: started, asked, killed; and clients that share no code with it."""

import configparser
import http.client
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import threading
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("HYDRANT_BINARY", str(ROOT / "build/release/src/app/hydrant"))
BUILD = pathlib.Path(os.environ.get("HYDRANT_BUILD", str(ROOT / "build/release")))
EXAMPLE = ROOT / "examples" / "clickstream.yaml"
AWS = pathlib.Path("/usr/bin/aws")
SECONDS_MAX = 60
NOT_DURABLE = "does not keep what is written through a power cut"


def scratch(prefix="hydrant-e2e-"):
    """A folder beside the build: a machine's /tmp may be one that forgets."""
    return pathlib.Path(tempfile.mkdtemp(prefix=prefix, dir=BUILD))


class Hydrant:
    """One running `hydrant up` on ports of its own. `file`: a stack to bring up."""

    def __init__(self, data, *flags, file=None, fail=None, wait=SECONDS_MAX, events=0, aws=0):
        self.data = pathlib.Path(data)
        self.errors = self.data.parent / (self.data.name + ".stderr")
        environment = dict(os.environ)
        environment.pop("HYDRANT_FAIL", None)
        if fail:
            environment["HYDRANT_FAIL"] = fail
        with open(self.errors, "ab") as errors:
            self.process = subprocess.Popen(
                [BINARY, "up"] + ([str(file)] if file else []) + ["--data", str(data)]
                + ["--listen-events", f"127.0.0.1:{events}", "--listen-aws", f"127.0.0.1:{aws}"]
                + list(flags),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=environment,
                text=True,
            )
        self.lines = []
        watchdog = threading.Timer(wait, self.process.kill)
        watchdog.start()
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if self.lines[-1] == "ready":
                break
        watchdog.cancel()
        self.ready = self.lines[-1:] == ["ready"]
        if not self.ready:
            self.process.wait(timeout=SECONDS_MAX)
        self.at = {}
        self.stages = {}
        self.outputs = {}
        for line in self.lines:
            word, _, rest = line.partition(" ")
            if word in ("stage", "output"):
                name, _, value = rest.partition(" ")
                (self.stages if word == "stage" else self.outputs)[name] = value
            elif word in ("data", "credentials", "events", "aws"):
                self.at.setdefault(word, rest)  # a line to paste begins with `aws` too

    def said(self):
        return self.errors.read_text(errors="replace")[-4000:]

    def must_be_ready(self):
        if not self.ready:
            raise AssertionError(f"it did not start: {self.lines} {self.said()}")
        return self

    def address(self, port):
        host, _, number = self.at[port].removeprefix("http://").rpartition(":")
        return host, int(number)

    def stage_path(self, rest, stage="prod"):
        """The path of a URL of that stage on the events port."""
        base = self.stages[stage].removeprefix("http://").partition("/")[2]
        return "/" + base.strip("/") + rest

    def end(self, how=signal.SIGTERM, seconds=SECONDS_MAX):
        """The exit status."""
        if self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(timeout=seconds)
        self.process.stdout.close()
        return self.process.returncode

    def kill(self):
        return self.end(signal.SIGKILL)

    def client(self, service):
        """A boto3 client, with the credentials that the program made."""
        import boto3
        import botocore.config

        kept = configparser.ConfigParser()
        kept.read(self.at["credentials"])
        return boto3.client(
            service,
            endpoint_url=self.at["aws"],
            region_name="us-east-1",
            aws_access_key_id=kept["default"]["aws_access_key_id"],
            aws_secret_access_key=kept["default"]["aws_secret_access_key"],
            config=botocore.config.Config(
                connect_timeout=10,
                read_timeout=30,
                retries={"max_attempts": 0},
                s3={"addressing_style": "path"},
            ),
        )

    def aws(self, *words, folder=None, seconds=120):
        """Debian's command line, as a user would type it."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.data.parent),
            "AWS_SHARED_CREDENTIALS_FILE": self.at["credentials"],
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_PAGER": "",
        }
        return subprocess.run(
            [str(AWS), "--endpoint-url", self.at["aws"], *words],
            env=environment,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=seconds,
        )


def level(folder):
    """Flags for a folder: where the file system forgets, only the weaker level can be tested, and
    that is said."""
    trial = Hydrant(folder / "trial")
    trial.kill()
    shutil.rmtree(folder / "trial", ignore_errors=True)
    if trial.ready:
        return []
    if NOT_DURABLE not in trial.said():
        trial.must_be_ready()
    print(f"note: {folder} does not survive power cuts: tested at level `process`")
    return ["--durability", "process"]


class InFolder(unittest.TestCase):
    """Cases that share one scratch folder."""

    @classmethod
    def setUpClass(cls):
        cls.folder = scratch()
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.level = level(cls.folder)


class Keeper:
    """Starts programs in one data directory and ends what is left of them."""

    def __init__(self):
        self.folder = scratch()
        self.data = self.folder / "data"
        self.running = []
        self.flags = level(self.folder)

    def start(self, *flags, **how):
        hydrant = Hydrant(self.data, *self.flags, *flags, **how)
        self.running.append(hydrant)
        return hydrant

    def close(self):
        for hydrant in self.running:
            hydrant.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


class Poster:
    """One kept-alive connection that posts bodies; made anew when it breaks."""

    def __init__(self, address):
        self.address = address
        self.connection = None

    def post(self, path, body, kind="application/json", headers=None):
        """(status, headers, body); None when nobody answered."""
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(*self.address, timeout=20)
            self.connection.request("POST", path, body, {"Content-Type": kind, **(headers or {})})
            answer = self.connection.getresponse()
            return answer.status, answer.headers, answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            return None

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None


def objects_of(s3, bucket):
    """{key: bytes} of everything in the bucket."""
    found = {}
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for item in page.get("Contents", []):
            found[item["Key"]] = s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read()
    return found


def bucket_in(hydrant):
    return hydrant.outputs["BucketName"]
