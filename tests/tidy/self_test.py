"""Each check is shown what it must find, and what it must leave alone.

A sample is a few made-up files. `bad` samples name the finding that must be among the results; every
`good` one must give none. Every check needs at least one bad sample.
"""

import sys

import cpp
import documents_test as documents
import functions_test as functions
import rooms_test as rooms
import run
import symbols_test as symbols
import text_test as text
from tree import Tree

TABLE = "0 base :\n1 codec : base\n5 streams : base\n5 objects : base\n7 app : base codec streams\n"
LONG = "void grow() {\n" + "  step();\n" * 90 + "}\n"
TEST = "TEST(Disk, KeepsWhatWasSynced) {{\n  {}\n}}\n"


def cc(code):
    return {"src/base/a.cc": code}


def h(code):
    return {"src/base/a.h": code}


def doc(words, **files):
    return {"docs/a.md": words, "Makefile": "test:\n\t@true\n", **files}


def ban(what, code):
    return (text.bans, cc(code + "\n"), f"src/base/a.cc:1: {what}")


BAD = [
    (rooms.table_is_sane, {}, "the table is missing"),
    (rooms.table_is_sane, {"src/rooms.txt": "0 base\n"}, "src/rooms.txt:1: not a row"),
    (rooms.table_is_sane, {"src/rooms.txt": "0 base :\n0 base :\n"}, ":2: base has two rows"),
    (rooms.table_is_sane, {"src/rooms.txt": "0 base : codec\n1 codec :\n"}, "codec has no row above"),
    (rooms.table_is_sane, {"src/rooms.txt": "2 sys :\n1 base : sys\n"}, "base may not stand below"),
    (
        rooms.table_is_sane,
        {"src/rooms.txt": "5 streams :\n5 objects : streams\n"},
        "objects and streams are both on floor 5",
    ),
    (
        rooms.includes_obey,
        {"src/rooms.txt": TABLE, "src/base/a.h": '#include "codec/j.h"\n', "src/codec/j.h": ""},
        "src/base/a.h:1: base may not include codec",
    ),
    (
        rooms.includes_obey,
        {"src/rooms.txt": TABLE, "src/objects/a.cc": '\n#include "streams/s.h"\n'},
        "src/objects/a.cc:2: objects may not include streams",
    ),
    (
        rooms.includes_obey,
        {"src/rooms.txt": TABLE, "src/base/a.h": '#include "b.h"\n'},
        'write it as "room/file.h"',
    ),
    (
        rooms.includes_obey,
        {"src/rooms.txt": TABLE, "src/codec/a.h": '#include "base/gone.h"\n'},
        "src/base/gone.h does not exist",
    ),
    (rooms.includes_obey, {"src/rooms.txt": TABLE, "src/attic/a.h": ""}, "attic has no row"),
    (
        rooms.no_cycles,
        {"src/base/a.h": '#include "codec/j.h"\n', "src/codec/j.h": '#include "base/a.h"\n'},
        "base -> codec -> base",
    ),
    (rooms.hide_no_system_header, {"src/sys/wait.h": ""}, "hides the system's <sys/wait.h>"),
    (rooms.hide_no_system_header, {"src/net/if.h": ""}, "hides the system's <net/if.h>"),
    ban("std::regex", "std::regex r;"),
    ban("std::regex", "#include <regex>"),
    ban("ato* and sto*", "int x = std::stoi(s);"),
    ban("ato* and sto*", "int x = atoi(s);"),
    ban("ato* and sto*", "long x = strtol(s, nullptr, 10);"),
    ban("iostream", "#include <iostream>"),
    ban("iostream", 'std::cerr << "x";'),
    ban("rand and random_device", "int x = rand();"),
    ban("rand and random_device", "std::random_device d;"),
    ban("sleep", "usleep(3);"),
    ban("sleep", "std::this_thread::sleep_for(1s);"),
    ban("new and delete", "auto* x = new Thing(1);"),
    ban("new and delete", "auto* x = new (std::nothrow) Thing(1);"),
    ban("new and delete", "delete x;"),
    ban("new and delete", "delete[] x;"),
    ban("catch (...)", "try { f(); } catch (...) {}"),
    ban("a mutable static", "static int calls = 0;"),
    ban("a mutable static", "static std::vector<int> seen;"),
    ban("a mutex without annotations", "std::mutex m;"),
    ban("assert", "assert(x > 0);"),
    (text.bans, h("using namespace std;\n"), "using namespace: take the whole name"),
    (text.headers_begin_right, h("int f();\n"), "no #pragma once"),
    (text.headers_hide_third_parties, h("#include <fmt/core.h>\n"), "include it in a .cc only"),
    (text.headers_hide_third_parties, {"src/sys/l.h": "#include <asio.hpp>\n"}, "in a .cc only"),
    (text.headers_hide_third_parties, h("#include <unistd.h>\n"), "in a .cc only"),
    (text.files_are_short, cc("int x;\n" * 801), "801 lines"),
    (text.notes_have_a_kind, cc("// FIX" + "ME: wrong\n"), "does not land"),
    (text.notes_have_a_kind, cc("// TO" + "DO: faster\n"), "src/base/a.cc:1: write"),
    (text.notes_have_a_kind, cc("// TO" + "DO(ann): faster\n"), "src/base/a.cc:1: write"),
    (text.lines_end_clean, cc("int x; \n"), "blanks at the end"),
    (text.lines_end_clean, cc("\tint x;\n"), "a tab"),
    (text.lines_end_clean, cc("int x;"), "no newline at the end"),
    (functions.long_functions, cc(LONG), "grow has 92 lines"),
    (functions.long_functions, cc("class A {\n" + LONG + "};\n"), "src/base/a.cc:2: grow has"),
    (
        functions.long_functions,
        {functions.RATCHET: "src/base/a.cc grow\n", **cc("void grow() {}\n")},
        "is no longer long",
    ),
    (functions.tests_assert, {"src/base/a_test.cc": TEST.format("run();")}, "asserts nothing"),
    (
        functions.tests_assert,
        {"src/base/a_test.cc": "void run() { go(); }\n" + TEST.format("// EXPECT_TRUE(x);\n  run();")},
        "src/base/a_test.cc:2: Disk.KeepsWhatWasSynced asserts nothing",
    ),
    (
        functions.tests_assert,
        {"src/base/a_test.cc": "int x = { TEST(Disk, KeepsAll) { EXPECT_TRUE(x); }\n"},
        "1 tests by their macros, 0 as functions",
    ),
    (
        functions.tests_have_names,
        {"src/base/a_test.cc": "TEST(Disk, Works) { EXPECT_TRUE(x); }\n"},
        "name a test by its claim",
    ),
    (
        functions.tests_have_names,
        {"src/base/a_test.cc": "TEST_F(Disk, TestWrite2) { EXPECT_TRUE(x); }\n"},
        "name a test by its claim",
    ),
    (documents.paths_exist, doc("see `src/base/gone.h`"), "docs/a.md:1: `src/base/gone.h` does not"),
    (documents.paths_exist, doc("see\n`src/gone/*.h`"), "docs/a.md:2: `src/gone/*.h` does not"),
    (documents.paths_exist, doc("see `GONE.md`"), "`GONE.md` does not exist"),
    (documents.links_lead_somewhere, doc("see [it](../gone.md#part)"), "leads nowhere"),
    (documents.targets_exist, doc("type `make gone`"), "no target `make gone`"),
    (documents.targets_exist, doc("```\nmake test\nmake gone\n```\n"), "docs/a.md:3: no target"),
    (documents.flags_exist, doc("`--gone` does it"), "`--gone` is nowhere"),
    (documents.flags_exist, doc("`hydrant up --gone 3`"), "`--gone` is nowhere"),
    (documents.flags_exist, doc("`HYDRANT_GONE=1`"), "`HYDRANT_GONE` is nowhere"),
    (
        documents.functions_exist,
        doc("1. `src/base/a.cc`, `gone()` reads", **cc("void here() {}\n")),
        "`gone()` is not in src/base/a.cc",
    ),
    (documents.rooms_have_readmes, cc("int x;\n"), "src/base/README.md:1: missing"),
    (documents.licence_is_stated, {"README.md": "SPDX-License-Identifier: MIT\n"}, "LICENSE:1"),
    (documents.licence_is_stated, {"README.md": "no word\n"}, "README.md:1: no line"),
    (documents.repository_stands_alone, cc("// see /wo" + "rk/notes\n"), "src/base/a.cc:1: '/wo"),
    (documents.repository_stands_alone, doc("see ../sha" + "red/x"), "docs/a.md:1"),
    (documents.repository_stands_alone, doc("by an A" + "I"), "docs/a.md:1"),
    (documents.repository_stands_alone, doc("in the previous session"), "docs/a.md:1"),
]

GOOD = [
    (rooms.table_is_sane, {"src/rooms.txt": "# floor room : rooms\n" + TABLE}),
    (
        rooms.includes_obey,
        {
            "src/rooms.txt": TABLE,
            "src/codec/a.cc": '#include "codec/a.h"\n#include "base/b.h"\n// #include "app/x.h"\n',
            "src/codec/a.h": "",
            "src/base/b.h": "",
        },
    ),
    (rooms.no_cycles, {"src/codec/a.cc": '#include "base/b.h"\n', "src/base/b.h": ""}),
    (rooms.hide_no_system_header, {"src/sys/wait_for.h": "", "src/sys/sim/wait.h": ""}),
    (text.bans, cc("// std::regex, new Thing, rand()\n")),
    (text.bans, cc('say("std::cout << new Thing; atoi(x)");\n')),
    (text.bans, cc("Thing(const Thing&) = delete;\nvoid operator delete(void*);\n")),
    (text.bans, cc("static constexpr int kMax = 3;\nstatic const Table kTable{1};\n")),
    (text.bans, cc("static Result<int> read(int x);\nstatic std::string name(Code code) {\n}\n")),
    (text.bans, cc("return ::new (arena.allocate(8)) Thing(1);\n")),
    (text.bans, cc("const int newest = 1; operand(newest); brand(2); value_of(x.values());\n")),
    (text.bans, cc("runtime.sleep_until(when); histories(n);\n")),
    (text.bans, {"src/sys/thread.cc": "try { f(); } catch (...) {}\n"}),
    (text.bans, cc("static_assert(sizeof(int) == 4);\n")),
    (text.headers_begin_right, h("// What it is.\n#pragma once\n")),
    (text.headers_hide_third_parties, h("#include <string>\n#include <string_view>\n")),
    (text.headers_hide_third_parties, cc("#include <fmt/core.h>\n")),
    (text.files_are_short, cc("int x;\n" * 800)),
    (text.notes_have_a_kind, cc("// TO" + "DO(perf): one copy less\n")),
    (text.lines_end_clean, cc("int x;\n")),
    (functions.long_functions, cc("void f() {\n" + "  g();\n" * 78 + "}\n")),
    (functions.long_functions, cc("const int kTable[] = {\n" + "  1,\n" * 100 + "};\n")),
    (functions.long_functions, cc("Rows rows() {\n  return {\n" + "  {1},\n" * 100 + "};\n}\n")),
    (functions.long_functions, {functions.RATCHET: "src/base/a.cc grow\n", **cc(LONG)}),
    (functions.tests_assert, {"src/base/a_test.cc": TEST.format("EXPECT_EQ(a, b);")}),
    (
        functions.tests_assert,
        {"src/base/a_test.cc": "void ok() { ASSERT_TRUE(x); }\n" + TEST.format("ok();")},
    ),
    (functions.tests_have_names, {"src/base/a_test.cc": TEST.format("EXPECT_EQ(a, b);")}),
    (documents.paths_exist, doc("`src/base/a.cc:3`, `src/base/`, `src/*/a.cc`", **cc("x;\n"))),
    (documents.paths_exist, doc("`src/<room>/README.md`, `tests/cases/…`, `x/y`, `a.md`")),
    (documents.links_lead_somewhere, doc("[here](a.md), [there](../Makefile), [x](https://y.z/w)")),
    (documents.targets_exist, doc("`make test`, `make`, make gone of it")),
    (documents.flags_exist, doc("`--data DIR`", **cc('option("--data");\n'))),
    (documents.flags_exist, doc("`aws --endpoint-url x s3 ls`")),
    (documents.functions_exist, doc("`src/base/a.cc`: `hyd::here()`", **cc("void here() {}\n"))),
    (documents.rooms_have_readmes, {"src/base/README.md": "x\n", **cc("int x;\n")}),
    (
        documents.licence_is_stated,
        {
            "LICENSE": "Apache License\nVersion 2.0\n",
            "README.md": "SPDX-License-Identifier: Apache-2.0\n",
            "CMakeLists.txt": "# SPDX-License-Identifier: Apache-2.0\n",
        },
    ),
    (documents.repository_stands_alone, doc("SAID, paid; a TLS session; homework/ of hers")),
]

NM = "build/libhydrant_log.a[a.cc.o]: {} U         \n"
SYMBOLS = [
    ("log", "fsync", True),
    ("log", "open64", True),
    ("net", "connect", True),
    ("net", "epoll_wait", True),
    ("log", "_ZNSt6chrono3_V212system_clock3nowEv", True),
    ("log", "_ZNSt6chrono3_V212steady_clock3nowEv", True),
    ("log", "clock_nanosleep", True),
    ("log", "getrandom", True),
    ("log", "getenv", True),
    ("log", "pthread_create", True),
    ("log", "_ZNSt6thread15_M_start_threadESt10unique_ptrINS_6_StateESt14default_deleteIS1_EEPFvvE", True),
    ("log", "_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE", True),
    ("log", "_ZNSt10filesystem6statusERKNS_7__cxx114pathE", True),
    ("app", "_ZNSt10filesystem6statusERKNS_7__cxx114pathE", True),
    ("cli", "_ZNSt10filesystem6statusERKNS_7__cxx114pathE", False),
    ("cli", "getenv", False),
    ("cli", "open", True),
    ("log", "memcpy", False),
    ("log", "sqlite3_open_v2", False),
    ("log", "_ZN3hyd3sys3Dir4openEv", False),
    ("log", "pthread_mutex_lock", False),
    ("log", "fwrite", False),
    ("sys", "fsync", False),
]  # fmt: skip

VALUES = [
    ("log", "_ZTVSt19bad_optional_access V 0 28", True),
    ("sys", "_ZTVSt19bad_expected_accessIvE V 0 28", True),
    ("log", "_ZTVSt19bad_expected_accessIN3hyd4base5ErrorEE V 0 28", True),
    ("log", "_ZTVSt18bad_variant_access V 0 28", False),
    ("log", "_ZSt17__throw_bad_allocv U         ", False),
]

# (code, the functions in it)
PARSED = [
    ("int f() { return 1; }", ["f"]),
    ("namespace a {\nint f() {\n  if (x) {\n  }\n}\n}  // namespace a\nint g() {}\n", ["f", "g"]),
    ("class A {\n public:\n  A() : x_{1}, y_(2) {}\n  int get() const { return x_; }\n};", ["A", "get"]),
    ("A::A(int x) : x_(x), y_{x} {\n}\n", ["A::A"]),
    ("template <class T>\nResult<T> A<T>::f(T x) noexcept {\n}\n", ["A<T>::f"]),
    ("constexpr Row kRows[] = {\n  {\"a\", f(1)},\n};\nint g() {}\n", ["g"]),
    ("int f(Options o = {.x = 1}) {\n  auto g = [](int y) { return y; };\n}\n", ["f"]),
    ("TEST_F(Disk, KeepsAll) {\n  EXPECT_EQ(1, 1);\n}\n", ["Disk.KeepsAll"]),
    ("bool operator==(const A& a, const A& b) {\n}\n", ["operator=="]),
    ("void f() HYD_REQUIRES(mutex_) {\n}\n", ["f"]),
    ("#define X(a) do { a; } while (false)\nint f() {}\n", ["f"]),
    ("enum class E { a, b };\nstruct S {\n  int x = 0;\n  std::vector<int> v{1};\n};\n", []),
    ("auto f() -> int {\n}\nint x = 1'000;\nchar c = '{';\nint g() {}\n", ["f", "g"]),
    ('const char* k = R"({ " )";\nint g() {}\n', ["g"]),
]  # fmt: skip


def failures():
    """(what was tried, None or what was wrong) for every sample."""
    for find, files, expected in BAD:
        got = find(Tree(files))
        found = any(expected in finding for finding in got)
        yield f"{find.__name__} finds '{expected}'", None if found else f"it found {got}"
    for find, files in GOOD:
        got = find(Tree(files))
        yield f"{find.__name__} leaves alone {files}", f"it found {got}" if got else None
    for room, symbol, is_bad in SYMBOLS:
        got = list(symbols.kernel_calls(room, NM.format(symbol)))
        yield f"{symbol} in {room}", None if bool(got) == is_bad else f"it found {got}"
    for room, line, is_bad in VALUES:
        got = list(symbols.value_calls(room, "libhydrant_x.a[a.cc.o]: " + line + "\n"))
        yield f"{line} in {room}", None if bool(got) == is_bad else f"it found {got}"
    for code, names in PARSED:
        got = [function.name for function in cpp.functions(cpp.code_only(code))]
        yield f"functions of {code!r}", None if got == names else f"it found {got}"
    tried = {find for find, _, _ in BAD}
    for check in run.checks(run.ROOT / "nothing-is-built-here"):
        known = check.find in tried or any("no archive" in one for one in check.find(Tree({})))
        yield f"'{check.claim}' has a bad sample", None if known else "it has none"


def main():
    passed = failed = 0
    for tried, wrong in failures():
        if wrong is None:
            passed += 1
        else:
            failed += 1
            print(f"FAILED {tried}: {wrong}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
