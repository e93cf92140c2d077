"""Hydrant beside its yardsticks, in one run on one machine: ratios, never figures of another day.

    bench/run.py [--pairs 5] [--seconds 2] [--records 2000000] [--only ping,G1,…]

Subject and yardstick take turns (A B A B …) in short bursts, the server on one core and the client
on another; a row shows the median of the pairs' ratios and their spread. Instructions are counted in
user mode where the machine has the counter. A yardstick that is not installed is skipped by name.
"""

import argparse
import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
import served  # noqa: E402

LUA = ROOT / "bench"


def cores():
    usable = sorted(os.sched_getaffinity(0))
    return usable[0], usable[-1]


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_kib(pid):
    """What is the process's own: shared libraries are left out."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return sum(int(re.search(rf"{name}:\s+(\d+)", status)[1]) for name in ("RssAnon", "RssShmem"))


def pin(pid, *to):
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(ProcessLookupError):
            os.sched_setaffinity(int(task.name), set(to))


class Subject:
    """Hydrant with the example pipeline."""

    def __init__(self, threads=1, delay_us=0, flags=()):
        self.keeper = served.Keeper()
        if delay_us:
            os.environ["HYDRANT_JOURNAL_DELAY_US"] = str(delay_us)
        self.hydrant = self.keeper.start(
            "--threads", str(threads), *flags, file=served.EXAMPLE
        ).must_be_ready()
        os.environ.pop("HYDRANT_JOURNAL_DELAY_US", None)
        self.pid = self.hydrant.process.pid
        if threads == 1:
            pin(self.pid, cores()[0])
        self.post = self.hydrant.stages["prod"].rstrip("/") + "/v1/class-stream"
        self.ping = self.hydrant.at["aws"] + "/ping"

    def metrics(self):
        with urllib.request.urlopen(self.hydrant.at["aws"] + "/metrics") as answer:
            return answer.read().decode().splitlines()

    def close(self):
        self.keeper.close()


class Nginx:
    """Answers `{}` to everything."""

    def __init__(self):
        self.folder = served.scratch("hydrant-bench-")
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        (self.folder / "nginx.conf").write_text(
            f"""daemon off; worker_processes 1; pid {self.folder}/pid; error_log /dev/null;
            events {{ worker_connections 2048; }}
            http {{ access_log off; keepalive_requests 1000000000; default_type application/json;
              client_body_temp_path {self.folder}/b; proxy_temp_path {self.folder}/p;
              fastcgi_temp_path {self.folder}/f; uwsgi_temp_path {self.folder}/u;
              scgi_temp_path {self.folder}/s;
              server {{ listen 127.0.0.1:{port} backlog=1024; location / {{ return 200 "{{}}"; }} }} }}"""
        )
        self.process = subprocess.Popen(
            ["nginx", "-c", str(self.folder / "nginx.conf"), "-p", str(self.folder)],
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 10
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        while not children.read_text() and time.monotonic() < deadline:
            time.sleep(0.01)  # its worker is the one that serves
        self.pid = int(children.read_text().split()[0])
        pin(self.pid, cores()[0])
        self.url = f"http://127.0.0.1:{port}/"

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=10)
        shutil.rmtree(self.folder, ignore_errors=True)


def burst(url, connections, seconds, script=None, pipeline=1):
    """(requests a second, p50 in microseconds, requests)."""
    command = ["taskset", "-c", str(cores()[1]), "wrk", "-t1", f"-c{connections}"]
    command += [f"-d{seconds}s", "--latency"]
    if script:
        command += ["-s", str(LUA / script)]
    command += [url] + (["--", str(pipeline)] if pipeline > 1 else [])
    said = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60).stdout
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    if bad:
        raise SystemExit(f"{url}: {bad[1]} answers were not 200\n{said}")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])
    value, unit = re.search(r"50%\s+([\d.]+)(us|ms|s)", said).groups()
    p50 = float(value) * {"us": 1, "ms": 1000, "s": 1_000_000}[unit]
    return rate, p50, int(re.search(r"(\d+) requests in", said)[1])


def instructions(pid, url, script=None, seconds=2, connections=16):
    """User-mode instructions of the process for each request; None without the counter."""
    perf = shutil.which("perf")
    if perf is None:
        return None
    counter = subprocess.Popen(
        [perf, "stat", "-x", ",", "-e", "instructions:u", "-p", str(pid)],
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(0.3)  # perf says nothing when it has attached
    _, _, requests = burst(url, connections, seconds, script)
    counter.send_signal(signal.SIGINT)
    said = counter.communicate(timeout=20)[1]
    found = re.search(r"^(\d+),", said, re.MULTILINE)
    return int(found[1]) / requests if found else None


class Report:
    def __init__(self):
        self.rows = []

    def add(self, goal, what, value, floor, target, note="", at_most=False):
        good = None if value is None else (value <= floor if at_most else value >= floor)
        self.rows.append((goal, what, value, floor, target, good, note))
        shown = "-" if value is None else f"{value:.3g}" if value < 100 else f"{value:.0f}"
        verdict = {None: "skipped", True: "holds", False: "MISSED"}[good]
        print(f"{goal:<5} {what:<58} {shown:>8}  floor {floor:<7} target {target:<7} {verdict}  {note}",
              flush=True)  # fmt: skip


def paired(pairs, first, second):
    """The median and the spread of first/second, measured in turns."""
    ratios = []
    for _ in range(pairs):
        a = first()
        ratios.append(a / second())
    return statistics.median(ratios), f"{min(ratios):.2f} to {max(ratios):.2f}"


def against_nginx(report, options, nginx):
    for goal, connections, delay, floor, target in (
        ("G1", 64, 0, 0.5, 0.8),
        ("G2", 512, 0, 0.8, 1.1),
        ("G3", 512, 1000, 0.4, 0.8),
    ):
        if options.only and goal not in options.only:
            continue
        what = f"durable one-event POST / nginx, {connections} connections"
        what += ", 1 ms a commit" if delay else ""
        if nginx is None:
            report.add(goal, what, None, floor, target, "nginx is not installed")
            continue
        subject = Subject(delay_us=delay)
        rate = [0.0]

        def ours(subject=subject, connections=connections, rate=rate):
            rate[0] = burst(subject.post, connections, options.seconds, "post.lua")[0]
            return rate[0]

        ratio, spread = paired(
            options.pairs,
            ours,
            lambda connections=connections: burst(
                nginx.url, connections, options.seconds, "post.lua"
            )[0],
        )
        report.add(goal, what, ratio, floor, target, f"{spread}; last {rate[0]:.0f}/s")
        subject.close()


def latency(report, options, nginx):
    if nginx is None:
        return report.add("G14", "p50 of a POST less nginx's, 1 connection, us", None, 0, 0, "nginx")
    subject = Subject()
    more = [
        burst(subject.post, 1, options.seconds, "post.lua")[1]
        - burst(nginx.url, 1, options.seconds, "post.lua")[1]
        for _ in range(options.pairs)
    ]
    subject.close()
    print(f"G14   p50 of a durable POST less nginx's, 1 connection: {statistics.median(more):.0f} us "
          f"({min(more):.0f} to {max(more):.0f})", flush=True)  # fmt: skip


def scaling(report, options):
    """Two loops against one, by requests for each CPU second of the server."""

    def per_cpu_second(subject):
        before = cpu_seconds(subject.pid)
        _, _, requests = burst(subject.post, 64, options.seconds, "post.lua")
        return requests / (cpu_seconds(subject.pid) - before)

    one, two = Subject(threads=1), Subject(threads=2)
    ratio, spread = paired(
        options.pairs, lambda: per_cpu_second(two), lambda: per_cpu_second(one)
    )
    report.add("G17", "requests a CPU second, 2 loops / 1", ratio, 0.8, 0.925, spread)
    one.close()
    two.close()


def memory(report, options):
    subject = Subject(threads=2, flags=["--parameter", "ShardCount=17"])
    fresh = resident_kib(subject.pid) / 1024
    report.add("G19", "own memory when idle, MiB", fresh, 32, 24, at_most=True)
    left = options.records
    while left > 0:
        left -= burst(subject.post, 64, 5, "post.lua", pipeline=16)[2]
    owed = "hydrant_delivery_owed_bytes 0"
    deadline = time.monotonic() + 300
    while owed not in subject.metrics() and time.monotonic() < deadline:
        time.sleep(1)
    time.sleep(20)  # what is given back when idle is given back by then
    after = resident_kib(subject.pid) / 1024
    report.add("G19", f"the same after {options.records} records over 17 shards, MiB", after, 32, 24,
               at_most=True)  # fmt: skip
    connections = []
    before = resident_kib(subject.pid)
    for _ in range(2000):
        connection = socket.create_connection(subject.hydrant.address("events"))
        connection.sendall(b"GET /ping HTTP/1.1\r\nHost: h\r\n\r\n")
        connection.recv(4096)
        connections.append(connection)
    each = (resident_kib(subject.pid) - before) / len(connections)
    report.add("G19", "memory of an idle connection, KiB", each, 8, 4, at_most=True)
    for connection in connections:
        connection.close()
    subject.close()


def budgets(report, options):
    subject = Subject()
    for what, url, script, budget in (
        ("GET /ping", subject.ping, None, 2500),
        ("one-event POST, JSON template, durable", subject.post, "post.lua", 7000),
        ("one-event POST, form of 7 pairs, durable", subject.post, "form.lua", 14000),
    ):
        burst(url, 16, 1, script)
        count = instructions(subject.pid, url, script)
        note = "" if count else "no instruction counter on this machine"
        report.add("§6", f"instructions of {what}", count, budget, budget, note, at_most=True)
    plain = lambda: burst(subject.ping, 16, options.seconds)[0]  # noqa: E731
    piped = lambda: burst(subject.ping, 16, options.seconds, "ping.lua", 16)[0]  # noqa: E731
    ratio, spread = paired(options.pairs, piped, plain)
    report.add("G16", "16 pipelined requests / one at a time (ping)", ratio, 2, 4, spread)
    subject.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--records", type=int, default=2_000_000)
    parser.add_argument("--only", type=lambda text: text.split(","), default=[])
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not installed: nothing can be measured")
    print(f"{os.cpu_count()} cores, server on {cores()[0]}, client on {cores()[1]}, "
          f"{options.pairs} pairs of {options.seconds} s bursts, Linux {os.uname().release}")  # fmt: skip
    report = Report()
    nginx = Nginx() if shutil.which("nginx") else None
    wanted = lambda name: not options.only or name in options.only  # noqa: E731
    try:
        if wanted("budgets"):
            budgets(report, options)
        against_nginx(report, options, nginx)
        if wanted("G14"):
            latency(report, options, nginx)
        if wanted("G17"):
            scaling(report, options)
        if wanted("G19"):
            memory(report, options)
    finally:
        if nginx:
            nginx.close()
    missed = [row for row in report.rows if row[5] is False]
    print(f"{len(report.rows)} rows, {len(missed)} floors missed")


if __name__ == "__main__":
    main()
