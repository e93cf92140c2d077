"""What the objects of a room use: only `sys` asks the kernel, and nobody calls `.value()`."""

import pathlib
import re
import subprocess

from checks import Check

# (symbol, what to take instead). Mangled names are those of libstdc++.
BANNED = [
    (r"f(data)?sync|sync_file_range|msync", "sys::File, sys::JournalIo"),
    (r"(open|openat|creat|fopen|freopen)(64)?|__open(64)?_2|__openat(64)?_2", "sys::Dir"),
    (r"p?(read|write)v?(2)?(64)?(v2)?|fallocate(64)?|f?truncate(64)?|rename(at2?)?|unlink(at)?"
     r"|mkdir(at)?|rmdir|opendir|readdir(64)?|f?stat(64)?|fstatat(64)?|flock|mmap(64)?", "sys::Dir"),
    (r"socket|connect|bind|listen|accept4?|send(to|msg)?|recv(from|msg)?|getaddrinfo|epoll_\w+"
     r"|ppoll|poll|select|eventfd|timerfd_\w+|io_uring_\w+", "sys::Transport, sys::Loop"),
    (r"clock_gettime|gettimeofday|time|_ZNSt6chrono3_V21[23](system|steady)_clock3nowEv"
     r"|localtime(_r)?|timespec_get", "base::Clock&"),
    (r"(nano|u)?sleep|clock_nanosleep", "sys::Runtime::sleep_until"),
    (r"getrandom|getentropy|s?rand(om)?(_r)?|arc4random\w*|RAND_\w+|_ZNSt13random_device\w+",
     "base::Rng&"),
    (r"(secure_)?getenv|setenv|environ", "a constructor argument; app reads the configuration"),
    (r"pthread_create|_ZNSt6thread\w+|_ZSt5async\w*|fork|vfork|posix_spawnp?|execv?[ep]*",
     "sys::Runtime::spawn"),
    (r"pthread_cond_(timed|clock)?wait|_ZNSt18condition_variable\w*4wait\w*"
     r"|_ZNSt25condition_variable_any\w*|sem_(timed)?wait|_ZNSt16__detail\w*__platform_wait\w*",
     "sys::Semaphore, sys::Mailbox"),
    (r"_ZNK?St10filesystem\w+", "sys::Dir"),
    (r"signal|sigaction|kill|raise", "sys, and HYD_CHECK for a broken invariant"),
]  # fmt: skip
PATTERNS = [(re.compile(rf"(?:{names})\Z"), instead) for names, instead in BANNED]

# CLI11 looks into the environment and asks whether a path exists, for options that we do not use.
ALLOWED = {"cli": re.compile(r"getenv\Z|_ZNK?St10filesystem\w*\Z")}
# The program's output and its last words go through stdio: fwrite, fputs, abort are not listed.

# Of optional, expected and Result, `.value()` alone throws these; an error_code's or an XML
# attribute's does not, so the words in the source would not tell.
VALUE_CALL = re.compile(r"_ZTVSt19bad_(optional|expected)_access")

NM_LINE = re.compile(r"^(?P<object>\S+?): (?P<symbol>\S+) (?P<kind>\w)\b")


def symbols(listing):
    """(object, symbol, whether it is undefined there) from what `nm -P -A` printed."""
    for line in listing.splitlines():
        if match := NM_LINE.match(line):
            name = match["object"].rsplit("/", 1)[-1]
            yield name, match["symbol"].split("@")[0], match["kind"] == "U"


def kernel_calls(room, listing):
    if room == "sys":
        return
    allowed = ALLOWED.get(room)
    for name, symbol, undefined in symbols(listing):
        if not undefined or (allowed and allowed.match(symbol)):
            continue
        for pattern, instead in PATTERNS:
            if pattern.match(symbol):
                yield f"src/{room}: {name} uses {symbol}; take {instead}"
                break


def value_calls(room, listing):
    for name, symbol, _ in symbols(listing):
        if VALUE_CALL.match(symbol):
            yield f"src/{room}: {name} calls .value(), which throws: test it, then take *it"


def listings(build):
    for path in sorted(pathlib.Path(build, "src").glob("*/libhydrant_*.a")):
        done = subprocess.run(["nm", "-P", "-A", path], check=True, capture_output=True, text=True)
        yield path.parent.name, done.stdout


def over_archives(build, find_in):
    def find(_tree):
        findings, seen = [], 0
        for room, listing in listings(build):
            seen += 1
            findings += find_in(room, listing)
        if seen == 0:
            findings.append(f"{build}: no archive of a room was found; build it first")
        return findings

    return find


def checks(build):
    return [
        Check(
            "only sys asks the kernel for files, sockets, time, threads or entropy",
            over_archives(build, kernel_calls),
        ),
        Check("no room calls .value()", over_archives(build, value_calls)),
    ]
