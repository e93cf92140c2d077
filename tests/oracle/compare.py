"""Holds the template engine against Apache Velocity 1.7: compare.py [--seeds A..B] [--count N]

Each seed draws templates and what they see (grammar.py); both engines render the same batch, and what
they print must agree to the byte, and where one fails so must the other, in the same phase. Permitted
differences are in allowed.txt. A disagreement is printed with its template, made small, and with both
answers. Without Java or Velocity's library there is nothing to hold against: the run is skipped.
"""

import argparse
import base64
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

import grammar

HERE = pathlib.Path(__file__).resolve().parent
JARS = [pathlib.Path("/usr/share/java") / name for name in ("velocity.jar", "commons-collections3.jar", "commons-lang.jar")]
SHOWN_MAX = 10
# Of all cases; more would mean that the rules hide what they should not.
ALLOWED_SHARE_MAX = 0.05
MODES = ("stage", "classic")

FILES = {
    "part.vm": "<part $a#set($from_part = 1)>",
    "sub/two.vm": "two#parse('part.vm')$!undef\n",
    "plain.txt": "plain $a #if",
    "library.vm": "#macro(lib $x)lib[$x]#end\n#macro(wrap)<$!bodyContent>#end\n",
}


def encode(text):
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()


class Rules:
    """allowed.txt: `WHERE /REGEX/ reason` a line; see its head."""

    def __init__(self, path):
        self.rules = []
        for line in path.read_text().splitlines():
            if not line or line.startswith("#"):
                continue
            found = re.fullmatch(r"(template|velocity|hydrant|both) /(.*)/ +(\S.*)", line)
            if not found:
                raise SystemExit(f"{path}: not a rule: {line}")
            self.rules.append((found[1], re.compile(found[2], re.S)))

    def allow(self, case, velocity, hydrant):
        texts = {"template": case[1], "velocity": "\t".join(velocity), "hydrant": "\t".join(hydrant), "both": "\t".join(velocity) + "\n" + "\t".join(hydrant)}
        return any(rule.search(texts[where]) for where, rule in self.rules)


class Engines:
    def __init__(self, folder, batch):
        self.folder = folder
        self.batch = batch
        root = folder / "root"
        for name, text in FILES.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        path = ":".join(str(jar) for jar in JARS)
        subprocess.run(["javac", "-nowarn", "-d", folder, "-cp", path, HERE / "Oracle.java"], check=True)
        flags = ["-Xss4m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"]
        self.java = ["java", *flags, "-cp", f"{path}:{folder}", "Oracle", root, "library.vm"]
        self.ours = [batch, root, root / "library.vm"]

    def run(self, command, cases):
        lines = "".join(f"{mode}\t{encode(template)}\t{encode(json.dumps(request))}\n" for mode, template, request in cases)
        done = subprocess.run(command, input=lines.encode(), stdout=subprocess.PIPE, timeout=600)
        answers = []
        for line in done.stdout.decode().splitlines():
            word, _, text = line.partition("\t")
            answers.append((word, base64.b64decode(text).decode("utf-8", "replace")))
        if done.returncode != 0 or len(answers) != len(cases):
            raise SystemExit(f"{command[0]} ended with {done.returncode} after {len(answers)} of {len(cases)} answers; the next template:\n"
                             + (cases[len(answers)][1] if len(answers) < len(cases) else ""))
        return answers

    def both(self, cases):
        return self.run(self.java, cases), self.run(self.ours, cases)


def same(mode, velocity, hydrant):
    if velocity[0] == "ok":
        return velocity == hydrant
    # What Velocity refuses when it reads the template must not wait for a value here. Other failures
    # it may meet before or while it renders; a template that #evaluate reads fails while it renders.
    return hydrant[0] == "parse" if velocity[0] == "parse" and mode != "classic" else hydrant[0] != "ok"


def smaller(engines, rules, case):
    """The template with pieces taken out as long as the engines still disagree."""
    mode, template, request = case
    size = max(len(template) // 2, 1)
    for _ in range(40):
        tries = [template[:at] + template[at + size :] for at in range(0, len(template), size)]
        tries = [(mode, one, request) for one in tries if one != template]
        if not tries:
            break
        velocity, hydrant = engines.both(tries)
        for one, left, right in zip(tries, velocity, hydrant):
            if not same(mode, left, right) and not rules.allow(one, left, right):
                template = one[1]
                size = min(size, max(len(template) // 2, 1))
                break
        else:
            if size == 1:
                break
            size //= 2
    return (mode, template, request)


def draw(mode, seed, count):
    for number in range(count):
        source = random.Random(f"{mode} {seed} {number}")
        one = grammar.Grammar(source, classic=mode == "classic", number=seed * 100000 + number)
        request = one.request()
        yield mode, one.template(), request


def show(engines, seed, case):
    velocity, hydrant = engines.both([case])
    print(f"--- {case[0]}, seed {seed}: {case[1]!r}\n    request  {json.dumps(case[2], ensure_ascii=False)}\n    velocity {velocity[0]!r}\n    hydrant  {hydrant[0]!r}")


def compare(engines, rules, arguments, report):
    for mode in arguments.modes.split(","):
        cases = []
        for seed in range(arguments.seeds[0], arguments.seeds[1] + 1):
            cases += [(seed, case) for case in draw(mode, seed, arguments.count)]
        velocity, hydrant = engines.both([case for _, case in cases])
        allowed = 0
        failed_seeds = {}
        for (seed, case), left, right in zip(cases, velocity, hydrant):
            if same(mode, left, right):
                continue
            if rules.allow(case, left, right):
                allowed += 1
                continue
            failed_seeds.setdefault(seed, []).append(case)
        if allowed > len(cases) * ALLOWED_SHARE_MAX:
            print(f"{mode}: {allowed} of {len(cases)} cases differ as allowed.txt permits: too many")
            report["failed"] += 1
        shown = 0
        for seed, found in failed_seeds.items():
            for case in found:
                if shown < arguments.show:
                    show(engines, seed, smaller(engines, rules, case) if not arguments.whole else case)
                shown += 1
        rendered = sum(answer[0] == "ok" for answer in velocity)
        print(f"{mode}: {len(cases)} templates, {rendered} of them rendered, {allowed} differ as permitted, {shown} disagree")
        if failed_seeds:
            print("again: make oracle SEEDS=" + str(min(failed_seeds)))
        report["failed"] += len(failed_seeds)
        report["passed"] += arguments.seeds[1] - arguments.seeds[0] + 1 - len(failed_seeds)


def seed_range(text):
    found = re.fullmatch(r"(\d+)(?:\.\.(\d+))?", text)
    if not found:
        raise argparse.ArgumentTypeError(f"'{text}' is not a range of seeds such as 1..20")
    return int(found[1]), int(found[2] or found[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=seed_range, default=(1, 20))
    parser.add_argument("--count", type=int, default=250, help="templates of each seed and mode")
    parser.add_argument("--modes", default=",".join(MODES))
    parser.add_argument("--show", type=int, default=SHOWN_MAX, help="disagreements to show")
    parser.add_argument("--whole", action="store_true", help="show templates as drawn, not made small")
    arguments = parser.parse_args()
    if shutil.which("javac") is None:
        print("skipped: template oracle: there is no Java (javac)\n0 passed, 0 failed, 1 skipped")
        return 0
    for jar in JARS:
        if not jar.exists():
            print(f"{jar} is missing: tools/install.sh test installs Velocity\n0 passed, 1 failed")
            return 1
    build = pathlib.Path(os.environ.get("HYDRANT_BUILD", HERE.parent.parent / "build/release"))
    report = {"passed": 0, "failed": 0}
    with tempfile.TemporaryDirectory() as folder:
        engines = Engines(pathlib.Path(folder), build / "tests/vtl_batch")
        compare(engines, Rules(HERE / "allowed.txt"), arguments, report)
    print(f"{report['passed']} passed, {report['failed']} failed")
    return 1 if report["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
