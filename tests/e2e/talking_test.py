"""The real program talks: it starts, answers on both ports, refuses what it must, and ends."""

import configparser
import pathlib
import re
import signal
import socket
import subprocess
import sys
import time
import unittest
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "house"))
import counted  # noqa: E402
import served  # noqa: E402

SECONDS_MAX = served.SECONDS_MAX
BINARY = served.BINARY
AWS = served.AWS


def run(*words):
    return subprocess.run(
        [BINARY, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS_MAX
    )


def ask(url, data=None, headers=None):
    """(status, headers, body), whatever the status."""
    request = urllib.request.Request(url, data=data, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=SECONDS_MAX) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, answer.read().decode()


def exchange(address, sent):
    """What comes back until the server closes."""
    with socket.create_connection(address, timeout=SECONDS_MAX) as connection:
        connection.sendall(sent)
        received = b""
        while piece := connection.recv(65536):
            received += piece
    return received.decode()


class Case(served.InFolder):
    def setUp(self):
        self.data = str(self.folder / self._testMethodName)

    def start(self, *flags):
        hydrant = served.Hydrant(self.data, *self.level, *flags)
        self.addCleanup(hydrant.kill)
        return hydrant.must_be_ready()

    def run_up(self, *flags):
        return run("up", "--data", self.data, *self.level, *flags)

    def assert_refused(self, done, status, *words):
        self.assertEqual(done.returncode, status, done)
        self.assertEqual(done.stdout, "")
        # Beside log lines, which begin with their time.
        said = [line for line in done.stderr.splitlines() if not re.match(r"\d{4}-\d\d-\d\dT", line)]
        self.assertEqual(len(said), 1, done.stderr)
        self.assertTrue(said[0].startswith("hydrant: "), said)
        for word in words:
            self.assertIn(word, said[0])


class Starting(Case):
    def test_it_says_where_everything_is_and_then_ready(self):
        hydrant = self.start()
        self.assertEqual([line.split(" ")[0] for line in hydrant.lines],
                         ["data", "credentials", "events", "aws", "ready"])  # fmt: skip
        self.assertTrue(pathlib.Path(hydrant.at["credentials"]).samefile(self.data + "/credentials"))
        for port in ("events", "aws"):
            self.assertRegex(hydrant.at[port], r"^http://127\.0\.0\.1:[1-9]\d*$")

    def test_a_second_process_on_the_directory_is_refused_by_the_pid_of_the_first(self):
        hydrant = self.start()
        second = self.run_up("--listen-events", "127.0.0.1:0", "--listen-aws", "127.0.0.1:0")
        self.assert_refused(second, 1, str(hydrant.process.pid))
        self.assertEqual(ask(hydrant.at["aws"] + "/ping")[0], 200)

    def test_a_port_in_use_is_refused(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            done = self.run_up(
                "--listen-events", "127.0.0.1:0", "--listen-aws", f"127.0.0.1:{port}"
            )
        self.assert_refused(done, 1, "--listen-aws", str(port), "in use")

    def test_one_port_for_both_is_refused(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            at = f"127.0.0.1:{free.getsockname()[1]}"
        done = self.run_up("--listen-events", at, "--listen-aws", at)
        self.assert_refused(done, 1, "--listen-aws", "is that of --listen-events")

    def test_the_words_of_a_command_are_helped_along(self):
        for words, said in (
            (["statsu"], "unknown command statsu; did you mean hydrant status?"),
            (["foo"], "unknown command foo; the commands are up, "),
            ([], "expected a command: hydrant up|"),
            (["log"], "expected a command: hydrant log verify"),
            (["up", ""], "FILE is empty"),
        ):
            self.assert_refused(run(*words), 2, said)
        self.assertIn("Usage: hydrant up [OPTIONS] [FILE]", run("up", "--help").stdout)
        self.assertIn("Usage: hydrant log verify [OPTIONS]", run("log", "verify", "--help").stdout)

    def test_a_path_to_paste_is_written_as_a_person_would(self):
        hydrant = served.Hydrant(f"{self.folder}/./{self._testMethodName}//", *self.level,
                                 file=served.EXAMPLE)  # fmt: skip
        self.addCleanup(hydrant.kill)
        credentials = f"{self.folder}/{self._testMethodName}/credentials"
        self.assertIn(f"export AWS_SHARED_CREDENTIALS_FILE='{credentials}'",
                      hydrant.must_be_ready().lines)  # fmt: skip

    def test_listening_beyond_loopback_must_be_meant(self):
        done = run("up", "--data", self.data, "--listen-events", "0.0.0.0:0")
        self.assert_refused(done, 2, "--listen-events", "--allow-plaintext")
        self.assertFalse(pathlib.Path(self.data).exists())

    def test_a_stack_file_that_is_not_there_is_said(self):
        done = run("up", "nowhere.yaml", "--data", self.data, *self.level, "--listen-events",
                   "127.0.0.1:0", "--listen-aws", "127.0.0.1:0")  # fmt: skip
        self.assert_refused(done, 1, "nowhere.yaml")

    def test_a_directory_belongs_to_one_account(self):
        self.start("--account-id", "123456789012").end()
        self.assertIn("123456789012", pathlib.Path(self.data, "credentials").read_text())
        done = self.run_up("--account-id", "210987654321", "--listen-events", "127.0.0.1:0",
                           "--listen-aws", "127.0.0.1:0")  # fmt: skip
        self.assert_refused(done, 1, "123456789012", "210987654321")


class Answering(Case):
    def test_ping(self):
        hydrant = self.start()
        self.assertEqual(ask(hydrant.at["aws"] + "/ping")[0], 200)
        self.assertEqual(ask(hydrant.at["events"] + "/ping")[0], 200)

    def test_pipelined_requests_are_answered_in_order(self):
        hydrant = self.start("--threads", "2")
        ping = b"GET /ping HTTP/1.1\r\nHost: h\r\n\r\n"
        last = b"GET /ping HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
        answers = exchange(hydrant.address("aws"), ping * 40 + last)
        self.assertEqual(len(re.findall(r"HTTP/1\.1 200 OK\r\n", answers)), 41)
        self.assertEqual(answers.count("healthy"), 41)

    def test_two_lengths_of_one_body_are_refused(self):
        hydrant = self.start()
        answer = exchange(
            hydrant.address("aws"),
            b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"0\r\n\r\nGET /ping HTTP/1.1\r\nHost: h\r\n\r\n",
        )
        self.assertTrue(answer.startswith("HTTP/1.1 400 "), answer)
        self.assertEqual(answer.count("HTTP/1.1 "), 1, answer)

    def test_an_unsigned_call_is_refused_as_aws_does(self):
        hydrant = self.start()
        status, headers, body = ask(
            hydrant.at["aws"] + "/",
            data=b"Action=GetCallerIdentity&Version=2011-06-15",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        self.assertEqual(status, 403, body)
        self.assertIn("<Code>MissingAuthenticationToken</Code>", body)

    def test_no_stage_is_deployed(self):
        hydrant = self.start()
        for data in (None, b'{"event": 1}'):
            status, headers, body = ask(hydrant.at["events"] + "/prod/events", data=data)
            self.assertEqual((status, body), (403, '{"message":"Forbidden"}'))
            self.assertEqual(headers["x-amzn-ErrorType"], "ForbiddenException")

    def test_metrics_count_over_all_loops(self):
        hydrant = self.start("--threads", "2")
        for _ in range(8):
            ask(hydrant.at["events"] + "/ping")
        status, _, text = ask(hydrant.at["aws"] + "/metrics")
        self.assertEqual(status, 200)
        self.assertRegex(text, r'(?m)^hydrant_net_requests_total\{port="events"\} 8$')
        self.assertRegex(text, r"(?m)^hydrant_catalog_\w+")
        self.assertRegex(text, r"(?m)^hydrant_aws_\w+")

    @unittest.skipUnless(AWS.exists(), "/usr/bin/aws is not installed")
    def test_the_aws_cli_learns_who_it_is(self):
        hydrant = self.start()
        done = hydrant.aws("sts", "get-caller-identity", "--query", "Account", "--output", "text")
        self.assertEqual(done.returncode, 0, done.stderr)
        kept = configparser.ConfigParser()
        kept.read(hydrant.at["credentials"])
        self.assertEqual(done.stdout.strip(), kept["default"]["aws_account_id"])


class Memory(Case):
    def number(self, hydrant, name):
        _, _, text = ask(hydrant.at["aws"] + "/metrics")
        return int(re.search(rf"(?m)^hydrant_net_body_memory_{name} (\d+)$", text).group(1))

    def test_large_bodies_stay_within_the_budget_and_small_ones_go_on(self):
        hydrant = self.start("--body-memory", "64MiB", "--threads", "2")
        head = (
            b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Amz-Target: Kinesis_20131202.PutRecords\r\n"
            b"Content-Type: application/x-amz-json-1.1\r\nContent-Length: 10485760\r\n\r\n"
        )
        sockets = []
        refused = 0
        for _ in range(40):
            one = socket.create_connection(hydrant.address("aws"), timeout=SECONDS_MAX)
            sockets.append(one)
            self.addCleanup(one.close)
            try:
                one.sendall(head + b"x" * (5 << 20))
            except OSError:
                pass  # refused while it was still sending
            one.settimeout(0.05)
            try:
                answer = one.recv(4096)
                self.assertTrue(answer.startswith(b"HTTP/1.1 503 "), answer[:100])
                self.assertIn(b"Retry-After: 1\r\n", answer)
                refused += 1
            except OSError:
                pass  # it waits for the rest of the body, or was cut off
        self.assertGreater(refused, 0)
        self.assertGreater(self.number(hydrant, "refused_total"), 20)
        self.assertLessEqual(self.number(hydrant, "peak_bytes"), 64 << 20)
        self.assertGreater(self.number(hydrant, "bytes"), 20 << 20)
        status = pathlib.Path(f"/proc/{hydrant.process.pid}/status").read_text()
        resident = int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1))
        self.assertLess(resident, 200 << 10, "40 bodies of 5 MiB would be more")
        small = b"Action=GetCallerIdentity&Version=2011-06-15&more=" + b"x" * 30_000
        code, _, body = ask(
            hydrant.at["aws"] + "/",
            data=small,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        self.assertEqual(code, 403, body)
        self.assertIn("<Code>MissingAuthenticationToken</Code>", body)

        for one in sockets:
            one.close()
        deadline = time.monotonic() + SECONDS_MAX
        while self.number(hydrant, "bytes") > 0:
            self.assertLess(time.monotonic(), deadline, "what bodies held was not given back")
            time.sleep(0.05)


class Ending(Case):
    def test_a_signal_ends_it_in_order(self):
        for how in (signal.SIGTERM, signal.SIGINT):
            hydrant = self.start()
            # An idle connection does not hold it up.
            with socket.create_connection(hydrant.address("aws"), timeout=SECONDS_MAX):
                self.assertEqual(hydrant.end(how), 0, hydrant.said())

    def test_a_killed_one_starts_again_with_the_same_credentials(self):
        hydrant = self.start()
        kept = pathlib.Path(hydrant.at["credentials"]).read_bytes()
        hydrant.kill()
        again = self.start()
        self.assertEqual(pathlib.Path(again.at["credentials"]).read_bytes(), kept)
        self.assertEqual(ask(again.at["aws"] + "/ping")[0], 200)
        self.assertEqual(again.end(), 0)


class CommandLine(Case):
    def test_help_and_version_are_answers(self):
        for words in (["--help"], ["up", "--help"], ["vtl", "--help"], ["vtl", "render", "--help"]):
            done = run(*words)
            self.assertEqual((done.returncode, done.stderr), (0, ""), words)
            self.assertIn("Usage: ", done.stdout)
        self.assertIn("--listen-aws", run("up", "--help").stdout)
        self.assertRegex(run("--version").stdout, r"^hydrant \d+\.\d+\.\d+\n$")

    def test_a_template_is_rendered(self):
        template = self.folder / "t.vtl"
        body = self.folder / "b.json"
        template.write_text("#set($x = $input.path('$.n'))n=$x")
        body.write_text('{"n": 7}')
        done = run("vtl", "render", str(template), "--body", str(body))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertRegex(
            done.stdout, r"^n=7\n--- [\d.]+ [num]s a render \(\d+ renders?\), \d+ steps\n$"
        )
        done = run("vtl", "render", str(template), "--body", str(body), "--raw")
        self.assertEqual((done.returncode, done.stdout), (0, "n=7"))

    def test_a_wrong_template_is_shown_by_line_and_column(self):
        template = self.folder / "t.vtl"
        template.write_text("one\n#if(")
        done = run("vtl", "render", str(template), "--body", str(template))
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertRegex(done.stderr, re.escape(str(template)) + r":2:\d+: .+\n")

    def test_a_missing_file_is_said(self):
        self.assert_refused(run("vtl", "render", "/nowhere", "--body", "/nowhere"), 1, "/nowhere")


if __name__ == "__main__":
    counted.main()
