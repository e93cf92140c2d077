"""The house's own checks over text, documents and symbols: run.py [--build build/release]

Each claim is one test. Findings read "file:line: what, and what to do instead". clang-tidy is
another matter: `make lint`.
"""

import argparse
import pathlib
import sys

import documents_test
import functions_test
import rooms_test
import symbols_test
import text_test
import tree

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FINDINGS_SHOWN = 20


def checks(build):
    everything = []
    for module in (rooms_test, text_test, functions_test, documents_test):
        everything += module.CHECKS
    return everything + symbols_test.checks(build)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default=ROOT / "build" / "release", type=pathlib.Path)
    arguments = parser.parse_args()
    files = tree.working_tree(ROOT)
    passed = failed = 0
    for check in checks(arguments.build):
        findings = check.find(files)
        if not findings:
            passed += 1
            continue
        failed += 1
        print(f"FAILED {check.claim}")
        for finding in findings[:FINDINGS_SHOWN]:
            print(f"  {finding}")
        if len(findings) > FINDINGS_SHOWN:
            print(f"  and {len(findings) - FINDINGS_SHOWN} more")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
