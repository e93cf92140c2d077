"""clang-format and clang-tidy over what differs from a commit: lint.py [--base HEAD] [--fix]

What differs from BASE, uncommitted and new files included; when nothing does, what the last commit
changed. --fix lays the files out instead of complaining and leaves clang-tidy out.
"""

import argparse
import concurrent.futures
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FORMAT = "clang-format-19"
TIDY = "clang-tidy-19"
JOBS = 2


def git(*words):
    done = subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


def changed(base):
    names = git("diff", "--name-only", base) + git("ls-files", "--others", "--exclude-standard")
    if not names:
        names = git("show", "--format=", "--name-only", "HEAD")
    sources = sorted({name for name in names if name.endswith((".cc", ".h"))})
    return [name for name in sources if (ROOT / name).is_file()]


def tidy(name):
    """What clang-tidy says about one file; a header is seen through its sources."""
    command = [TIDY, "-p", "build/clang", "--quiet", "--warnings-as-errors=*", name]
    if name.endswith("_test.cc"):  # it does not know that ASSERT_TRUE(x) has tested x
        command.append("--checks=-bugprone-unchecked-optional-access")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return name, done.returncode, done.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", default="HEAD")
    parser.add_argument("--fix", action="store_true")
    arguments = parser.parse_args()
    names = changed(arguments.base)
    if not names:
        print("No C++ file has changed.")
        return 0
    how = ["-i"] if arguments.fix else ["--dry-run", "-Werror"]
    failed = subprocess.run([FORMAT, *how, *names], cwd=ROOT, check=False).returncode != 0
    if arguments.fix:
        return int(failed)
    # clang-tidy needs only the flags of each file, not the objects.
    subprocess.run(["cmake", "--preset", "clang"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    sources = [name for name in names if name.endswith(".cc")]
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        for name, status, said in pool.map(tidy, sources):
            print(f"{name}: {'clean' if status == 0 else 'findings'}", flush=True)
            if status != 0:
                failed = True
                print(said, flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
