"""Long functions (a ratchet) and tests that assert nothing."""

import re

from checks import Check

LINES_MAX = 80
STATEMENTS_OF_A_TABLE_MAX = 3  # a function that only returns its rows may be as long as they are
RATCHET = "tests/tidy/long_functions.txt"
ASSERTION = re.compile(
    r"\b(?:EXPECT|ASSERT)_\w+\s*\(|\b(?:FAIL|ADD_FAILURE|ADD_FAILURE_AT|GTEST_SKIP|SUCCEED)\s*\("
)
TEST_MACRO = re.compile(r"^\s*(?:TYPED_)?TEST(?:_[FP])?\s*\(|[{}]\s*TEST(?:_[FP])?\(", re.MULTILINE)
CALL = re.compile(r"\b([A-Za-z_]\w*)\s*\(")


def long_functions(tree):
    """Only a function that has just crossed the line fails, and a shortened one leaves the list."""
    listed = tree.by_path[RATCHET].text.splitlines() if RATCHET in tree.by_path else []
    known = {line for line in listed if line and not line.startswith("#")}
    findings, still_long = [], set()
    for file in tree.sources():
        for function in file.functions:
            lines = file.text.count("\n", function.start, function.end) + 1
            statements = file.code.count(";", function.body, function.end)
            if lines <= LINES_MAX or statements <= STATEMENTS_OF_A_TABLE_MAX:
                continue
            key = f"{file.path} {function.name}"
            still_long.add(key)
            if key not in known:
                what = f"{function.name} has {lines} lines (at most {LINES_MAX}): split it"
                findings.append(file.at(function.start, what))
    for key in sorted(known - still_long):
        findings.append(f"{RATCHET}:1: '{key}' is no longer long: remove its line")
    return findings


def tests_assert(tree):
    """A test asserts itself or calls a function of the test code that does."""
    bodies = {}
    for file in tree.sources():
        if not file.path.startswith("tests/") and "test" not in file.path.rsplit("/", 1)[-1]:
            continue
        for function in file.functions:
            name = function.name.rsplit("::", 1)[-1]
            bodies.setdefault(name, []).append(file.code[function.body : function.end])
    asserting = {n for n, texts in bodies.items() if any(map(ASSERTION.search, texts))}
    while True:
        more = {
            name
            for name, texts in bodies.items()
            if name not in asserting and any(asserting & set(CALL.findall(text)) for text in texts)
        }
        if not more:
            break
        asserting |= more
    findings = []
    for file in tree.ending("_test.cc"):
        tests = [function for function in file.functions if is_test(function.name)]
        macros = len(TEST_MACRO.findall(file.code))
        if macros != len(tests):  # then this check would overlook some
            what = f"{macros} tests by their macros, {len(tests)} as functions: cpp.py is lost"
            findings.append(file.at(0, what))
        for function in tests:
            if function.name not in asserting:
                findings.append(file.at(function.start, f"{function.name} asserts nothing"))
    return findings


def is_test(name):
    return re.fullmatch(r"\w+\.\w+", name) is not None


def tests_have_names(tree):
    """A claim in words: `test_basic2`, `Works` or an issue's number says nothing."""
    findings = []
    for file in tree.ending("_test.cc"):
        for function in file.functions:
            if not is_test(function.name):
                continue
            case = function.name.split(".")[1]
            if len(re.findall(r"[A-Z]", case)) < 2 or re.search(r"(?i)^(test|issue)\w*\d+$", case):
                what = f"{function.name}: name a test by its claim, in words"
                findings.append(file.at(function.start, what))
    return findings


CHECKS = [
    Check("no function has newly grown beyond a screen", long_functions),
    Check("every test asserts something", tests_assert),
    Check("every test is named by a claim", tests_have_names),
]
