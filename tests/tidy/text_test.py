"""Words that do not land in C++, each with what to write instead, and the shape of files."""

import re

from checks import Check

LINES_MAX = 800
TODO_KINDS = ("perf", "compat", "test", "cleanup")


def everywhere(_path):
    return True


def headers(path):
    return path.endswith(".h")


def in_src(path):
    return path.startswith("src/")


def outside_sys(path):
    return not path.startswith("src/sys/")


# (what, pattern over code without comments and literals, what instead, files it applies to)
BANS = [
    ("std::regex", r"\bstd::w?regex\b|#\s*include\s*<regex>", "a hand-written matcher", everywhere),
    ("ato* and sto*", r"\b(?:std::)?(?:ato(?:i|l|ll|f)|sto(?:i|l|ll|ul|ull|f|d|ld)"
     r"|strto(?:l|ll|ul|ull|f|d|ld|imax|umax))\s*\(", "base::parse_int or std::from_chars", everywhere),
    ("iostream", r"#\s*include\s*<iostream>|\bstd::(?:cout|cerr|clog|cin|endl)\b",
     "telemetry, or fmt::print in the program's own output", everywhere),
    ("rand and random_device", r"\b(?:std::)?(?:s?rand|rand_r|random_device|mt19937(?:_64)?)\b(?=\s*[({;\w])",
     "base::Rng&", everywhere),
    ("sleep", r"\b(?:u|nano)?sleep\s*\(|\bthis_thread::sleep_\w+|\bsleep_for\s*\(",
     "base::Clock& and sys::Runtime::sleep_until", outside_sys),
    # Placement into an arena owns nothing and may stay.
    ("new and delete", r"(?<!operator )\bnew\s+(?:[\w:]|\(\s*std::nothrow)|(?<!operator )(?<!= )(?<!=)\bdelete\b(?:\s*\[\s*\])?\s+[\w*(]",
     "std::make_unique", everywhere),
    ("catch (...)", r"\bcatch\s*\(\s*\.\.\.\s*\)", "the exception that the call can throw; only a "
     "thread entry in sys catches all", outside_sys),
    ("using namespace", r"\busing\s+namespace\b", "the whole name", headers),
    ("a mutable static", r"\bstatic\s+(?!const\b|constexpr\b|constinit const\b|inline const|consteval\b"
     r"|void\b|auto\b|bool operator)(?:[\w:]+(?:<[^;(){}=]*>)?[\s*&]+)+\w+\s*(?:=(?!=)|;|\{)",
     "an object that is passed in", in_src),
    ("a mutex without annotations", r"\bstd::(?:recursive_|shared_|timed_)?mutex\b", "base::Mutex",
     lambda path: in_src(path) and outside_sys(path) and path != "src/base/mutex.h"),
    ("assert", r"(?<![\w_])assert\s*\(", "HYD_CHECK", everywhere),
]  # fmt: skip
THIRD_PARTY_HEADER = re.compile(r"^[ \t]*#[ \t]*include[ \t]+<([^>\n]*[./][^>\n]*)>", re.MULTILINE)


def bans(tree):
    findings = []
    for file in tree.sources():
        for what, pattern, instead, applies in BANS:
            if applies(file.path):
                for match in re.finditer(pattern, file.code):
                    findings.append(file.at(match.start(), f"{what}: take {instead}"))
    return findings


def headers_begin_right(tree):
    return [
        f"{file.path}:1: no #pragma once"
        for file in tree.ending(".h")
        if not re.search(r"^#pragma once$", file.text, re.MULTILINE)
    ]


def headers_hide_third_parties(tree):
    """Kernel headers are the business of sys, GoogleTest that of test support."""
    findings = []
    for file in tree.ending(".h", under="src/"):
        for match in THIRD_PARTY_HEADER.finditer(file.text):
            kernel = file.room == "sys" and match[1].endswith(".h") and "asio" not in match[1]
            if not kernel and not match[1].startswith(("gtest/", "gmock/")):
                findings.append(file.at(match.start(), f"<{match[1]}>: include it in a .cc only"))
    return findings


def files_are_short(tree):
    return [
        f"{file.path}:{LINES_MAX}: {count} lines; split it by topic (at most {LINES_MAX})"
        for file in tree.ending(".cc", ".h", ".py", ".cmake", ".sh")
        if (count := file.text.count("\n")) > LINES_MAX
    ]


def notes_have_a_kind(tree):
    findings = []
    marks = re.compile(r"\b(FIX" + r"ME|TO" + r"DO)\b(\((?:" + "|".join(TODO_KINDS) + r")\): \S)?")
    for file in tree.ending(".cc", ".h", ".py", ".cmake", ".sh", "CMakeLists.txt", "Makefile"):
        if file.path.startswith("tests/tidy/"):
            continue
        for match in marks.finditer(file.text):
            if match[1].startswith("FIX"):
                findings.append(file.at(match.start(), f"{match[1]} does not land: fix it"))
            elif not match[2]:
                kinds = "|".join(TODO_KINDS)
                findings.append(file.at(match.start(), f"write {match[1]}({kinds}): what"))
    return findings


def lines_end_clean(tree):
    findings = []
    for file in tree.sources():
        for match in re.finditer(r"[ \t]+$|\t|\r", file.text, re.MULTILINE):
            findings.append(file.at(match.start(), "blanks at the end, a tab or a carriage return"))
        if file.text and not file.text.endswith("\n"):
            findings.append(file.at(len(file.text) - 1, "no newline at the end"))
    return findings


CHECKS = [
    Check("banned words have a replacement", bans),
    Check("every header says #pragma once", headers_begin_right),
    Check("third-party headers stay in .cc files", headers_hide_third_parties),
    Check(f"no file is longer than {LINES_MAX} lines", files_are_short),
    Check("a note for later has a kind, and none is a plea to fix", notes_have_a_kind),
    Check("lines end clean", lines_end_clean),
]
