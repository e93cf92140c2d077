"""What must hold for the events of a pipeline, whatever happened to the process: counted from the
answers that clients got and from the objects that clients can read."""

import itertools
import json
import threading
import time

import served


class Events:
    """Every event that was ever posted, by its number, and what its client was told."""

    def __init__(self):
        self.lock = threading.Lock()
        self.numbers = itertools.count(1)
        self.accepted = {}  # number -> (shard, sequence number); both None on v2
        self.unknown = set()  # nobody answered
        self.refused = set()  # answered with anything but 200

    def next(self):
        with self.lock:
            return next(self.numbers)

    def told(self, number, answer):
        with self.lock:
            if answer is None:
                self.unknown.add(number)
            elif answer[0] != 200:
                self.refused.add(number)
            else:
                said = json.loads(answer[2])
                self.accepted[number] = (said.get("ShardId"), said.get("SequenceNumber"))


class Load:
    """Threads that post until they are told to stop. Every fifth event is a form."""

    def __init__(self, events, address, stage_path, threads=6, pause=0.0, size=40):
        self.stopping = threading.Event()
        self.pause = pause
        self.size = size
        self.threads = [
            threading.Thread(target=self.run, args=(events, address, stage_path), daemon=True)
            for _ in range(threads)
        ]
        for thread in self.threads:
            thread.start()

    def run(self, events, address, stage_path):
        poster = served.Poster(address)
        while not self.stopping.is_set():
            number = events.next()
            if number % 5 == 0:
                answer = poster.post(
                    stage_path, f"n={number}&pad=x", "application/x-www-form-urlencoded"
                )
            else:
                body = json.dumps({"n": str(number), "pad": "x" * (number % self.size)})
                answer = poster.post(stage_path, body)
            events.told(number, answer)
            if answer is None or answer[0] != 200:
                time.sleep(0.02)  # do not spin on a dead server; nothing is waited for
            elif self.pause:
                time.sleep(self.pause)
        poster.close()

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()


def lines_of(objects):
    """[(key, [event number])], and what could not be read."""
    read, broken = [], []
    for key, content in sorted(objects.items()):
        numbers = []
        for line in content.decode().splitlines():
            try:
                numbers.append(int(json.loads(line)["n"]))
            except (ValueError, KeyError):
                broken.append((key, line[:80]))
        read.append((key, numbers))
    return read, broken


def check(events, objects):
    """Sentences about every law that is broken; none is what is hoped for."""
    problems = []
    read, broken = lines_of(objects)
    problems += [f"{key}: not a line of ours: {line!r}" for key, line in broken[:5]]
    seen = {}
    for key, numbers in read:
        for number in numbers:
            seen.setdefault(number, []).append(key)

    lost = [n for n in events.accepted if n not in seen]
    if lost:
        problems.append(f"{len(lost)} of {len(events.accepted)} acknowledged events are in no "
                        f"object, such as {lost[:5]}")  # fmt: skip
    twice = [n for n, keys in seen.items() if len(keys) > 1]
    if twice:
        problems.append(f"{len(twice)} events are there more than once, such as "
                        f"{[(n, seen[n]) for n in twice[:3]]}")  # fmt: skip
    refused = [n for n in events.refused if n in seen]
    if refused:
        problems.append(f"{len(refused)} refused events are there, such as {refused[:5]}")

    # Order: in an object a shard's events follow each other as their sequence numbers do, and the
    # objects of a shard do not overlap.
    spans = {}
    for key, numbers in read:
        last = {}
        for number in numbers:
            shard, sequence = events.accepted.get(number, (None, None))
            if shard is None:
                continue
            sequence = int(sequence)
            if sequence <= last.get(shard, (0, 0))[0]:
                problems.append(f"{key}: event {number} of {shard} stands behind a later one")
            first = last.get(shard, (0, sequence))[1]
            last[shard] = (sequence, first)
        for shard, (highest, lowest) in last.items():
            spans.setdefault(shard, []).append((lowest, highest, key))
    for shard, ranges in spans.items():
        ranges.sort()
        for (_, high, key), (low, _, other) in itertools.pairwise(ranges):
            if low <= high:
                problems.append(f"{shard}: {key} and {other} overlap")
    return problems[:20]


def wait_until_delivered(hydrant, events, seconds=60):
    """The objects, once everything acknowledged is there; or as they are when time has run out."""
    s3 = hydrant.client("s3")
    deadline = time.monotonic() + seconds
    while True:
        objects = served.objects_of(s3, served.bucket_in(hydrant))
        read, _ = lines_of(objects)
        there = {n for _, numbers in read for n in numbers}
        if time.monotonic() > deadline or not set(events.accepted) - there:
            return objects
        time.sleep(0.5)
