"""Records what Jayway JsonPath 2.9.0 finds: record_jsonpath.py [--seed N] [--count N] [--compare]

Writes tests/cases/vtl/jsonpath_drawn.jsonl: documents, and paths drawn from a grammar with what the
reference finds in them. `make test` plays the recorded rows and needs neither Maven nor Java. With
--compare nothing is written: the paths are asked of both engines and what differs is printed.

Maven fetches the two libraries; where it cannot, nothing is recorded.
"""

import argparse
import base64
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
RECORDS = HERE.parent / "cases/vtl/jsonpath_drawn.jsonl"
POM = """<project><modelVersion>4.0.0</modelVersion>
<groupId>oracle</groupId><artifactId>jsonpath</artifactId><version>1</version><dependencies>
<dependency><groupId>com.jayway.jsonpath</groupId><artifactId>json-path</artifactId><version>2.9.0</version></dependency>
<dependency><groupId>net.minidev</groupId><artifactId>json-smart</artifactId><version>2.5.0</version></dependency>
</dependencies></project>"""

DOCUMENTS = [
    {"a": 1, "b": {"c": [1, 2, 3], "d": "x"}, "l": [3, 1, 2.5, -4], "s": "text", "n": None, "t": True, "f": False, "e": [], "o": {},
     "m": [{"k": "p", "v": 1}, {"k": "q", "v": 2.5}, {"k": "r"}, {"v": None, "k": "s"}, {"k": ["p"], "v": "2"}], "w": ["p", "q", "r"]},
    [{"id": 1, "tags": ["x", "y"], "in": {"z": [1]}}, {"id": 2, "tags": [], "in": {}}, {"id": "3", "tags": ["y", "z"]}, 5, "str", None, [1, [2, 3]]],
    {"items": [{"name": "A", "price": 10, "sub": [{"q": 1}, {"q": 2}]}, {"name": "B", "price": 20.5, "sub": []}, {"name": "Ab", "price": "10"}, {"price": True, "name": None}],
     "a b": {"c.d": 1, "x": {"x": {"x": 9}}}, "min": 10, "re": "^A", "big": 12345678901234567890, "list": [[1, 2], [3, 4], []]},
    {"u": "한글", 'q"': 1, "nested": {"nested": {"nested": {"v": [0, 1]}}}, "arr": [[["deep"]]], "num": [1, "2", 3, "x", None, 4.5], "dup": ["a", "a", "b"], "0": "zero", "-1": "neg"},
]
INDEXES = [0, 1, 2, 3, -1, -2, -5, 7]
CALLS = ["length()", "size()", "min()", "max()", "avg()", "sum()", "stddev()", "keys()", "concat('x')", 'concat("x")', "append(5)", "concat($.s)", "sum($.l)", "min(1,2)",
         "max($.l,9)", "append('z')", "first()", "last()", "index(1)", "length($.s)", "nope()", "index(0)", "index(-1)"]
LITERALS = ["1", "2.5", "'p'", "'x'", '"q"', "true", "false", "null", "-4", "10", "'10'", "['p','q']", "[1,2]", "['x','y','z']", "[]", "'2'", "/p.*/", "/^A/i", "/x/", "/.*/",
            "{'k':'p'}", "''", "'A'", "20.50", "1e1", "@.k", "$.min", "$.s", "$.l[0]"]
OPERATORS = ["==", "!=", "<", "<=", ">", ">=", "=~", "in", "nin", "subsetof", "anyof", "noneof", "size", "empty", "contains", "===", "!==", "IN", "all", "TYPE", "matches"]


def names_in(value, out):
    if isinstance(value, dict):
        for name, inner in value.items():
            out.add(name)
            names_in(inner, out)
    elif isinstance(value, list):
        for inner in value:
            names_in(inner, out)
    return out


class Paths:
    """Draws paths that mostly lead somewhere in one document."""

    def __init__(self, source, document):
        self.random = source
        self.names = sorted(names_in(document, set())) + ["zz"]

    def choose(self, items):
        return items[int(self.random.random() * len(items))]

    def chance(self, share):
        return self.random.random() < share

    def member(self):
        name, roll = self.choose(self.names), self.random.random()
        if roll < 0.55 and name.isalnum():
            return "." + name
        if roll < 0.8:
            return "['" + name + "']"
        if roll < 0.88:
            return '["' + name.replace('"', '\\"') + '"]'
        blank = " " if roll > 0.95 else ""
        return f"[{blank}'{name}'{blank},{blank}'{self.choose(self.names)}'{blank}]"

    def index(self):
        one, two, three = (str(self.choose(INDEXES)) for _ in range(3))
        return self.choose([f"[{one}]", f"[{one}]", f"[{one},{two}]", f"[{one}:{two}]", f"[{one}:]", f"[:{one}]", "[*]", f"[ {one} ]", f"[{one}:{two}:{three}]", "[:]"])

    def operand(self):
        roll = self.random.random()
        if roll < 0.7:
            text = "@"
            for _ in range(int(self.random.random() * 3)):
                text += self.choose([self.member, self.member, self.index, lambda: ".*", lambda: ".length()", lambda: ".size()"])()
            return text
        return "$" + self.member() if roll < 0.8 else self.choose(LITERALS)

    def condition(self, depth=1):
        roll = self.random.random()
        if roll < 0.2:
            return self.operand()
        if roll < 0.75 or depth <= 0:
            sign = self.choose(OPERATORS)
            blank = " " if sign.isalpha() or self.chance(0.7) else ""
            return self.operand() + blank + sign + blank + self.choose(LITERALS)
        if roll < 0.85:
            return "(" + self.condition(depth - 1) + ")"
        if roll < 0.9:
            return "!" + self.choose([f"({self.condition(depth - 1)})", self.operand()])
        return self.condition(depth - 1) + self.choose([" && ", " || ", "&&", "||"]) + self.condition(depth - 1)

    def filter(self):
        return "[?(" + self.condition() + ")]"

    def step(self):
        roll = self.random.random()
        if roll < 0.42:
            return self.member()
        if roll < 0.6:
            return self.index()
        if roll < 0.66:
            return ".*"
        if roll < 0.76:
            name = self.choose(self.names)
            return ".." + self.choose([name, "*", f"['{name}']", "[0]", name + self.index(), self.filter()])
        return self.filter() if roll < 0.94 else "." + self.choose(CALLS)

    def path(self):
        text = self.choose(["$"] * 9 + ["", "@"])
        for _ in range(1 + int(self.random.random() * 3)):
            text += self.step()
        if self.chance(0.12):
            text += "." + self.choose(CALLS)
        if self.chance(0.06):
            at = int(self.random.random() * len(text))
            text = text[:at] + self.choose([".", "[", "]", "'", "(", ")", " ", "*", "?", "@", ","]) + text[at + int(self.random.random() * 2) :]
        return text


def encode(text):
    return base64.b64encode(text.encode()).decode()


def ask(command, lines):
    done = subprocess.run(command, input="".join(lines).encode(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    answers = []
    for line in done.stdout.decode().splitlines():
        word, _, text = line.partition("\t")
        answers.append((word, base64.b64decode(text).decode()))
    return answers


def ask_jayway(rows, folder):
    (folder / "pom.xml").write_text(POM)
    subprocess.run(["mvn", "-B", "-q", "dependency:copy-dependencies", "-DoutputDirectory=lib"], cwd=folder, check=True)
    subprocess.run(["javac", "-nowarn", "-d", folder, "-cp", f"{folder}/lib/*", HERE / "JsonPathRecorder.java"], check=True)
    command = ["java", "-XX:+UseSerialGC", "-cp", f"{folder}/lib/*:{folder}", "JsonPathRecorder"]
    return ask(command, [f"{encode(document)}\t{encode(path)}\n" for document, path in rows])


def ask_hydrant(rows):
    build = pathlib.Path(os.environ.get("HYDRANT_BUILD", HERE.parent.parent / "build/release"))
    template = encode("$input.json($input.params('path'))")
    lines = []
    for document, path in rows:
        request = {"body": document, "params": {"querystring": {"path": path}}}
        lines.append(f"stage\t{template}\t{encode(json.dumps(request))}\n")
    return ask([build / "tests/vtl_batch", "/", "/dev/null"], lines)


def agree(jayway, hydrant):
    if jayway[0] == "missing":
        return hydrant == ("ok", '""')
    return hydrant[0] != "ok" if jayway[0] == "fail" else hydrant == jayway


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1200)
    parser.add_argument("--compare", action="store_true")
    arguments = parser.parse_args()
    source = random.Random(arguments.seed)
    rows = []
    for _ in range(arguments.count):
        document = source.choice(DOCUMENTS)
        rows.append((json.dumps(document, ensure_ascii=False, separators=(",", ":")), Paths(source, document).path()))
    rows = list(dict.fromkeys(rows))
    rows.sort(key=lambda row: row[0])
    with tempfile.TemporaryDirectory() as folder:
        answers = ask_jayway(rows, pathlib.Path(folder))
    if arguments.compare:
        different = [one for one in zip(rows, answers, ask_hydrant(rows)) if not agree(one[1], one[2])]
        for row, jayway, hydrant in different[:50]:
            print(f"{row[1]}\n    jayway  {jayway}\n    hydrant {hydrant}")
        print(f"{len(rows)} paths, {len(different)} differ")
        return 1 if different else 0
    with open(RECORDS, "w") as out:
        known = None
        for (document, path), (word, text) in zip(rows, answers):
            if document != known:
                out.write(json.dumps({"document": document}, ensure_ascii=False) + "\n")
                known = document
            row = {"path": path}
            if word != "fail":
                row["json"] = text if word == "ok" else '""'
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(f"{len(rows)} paths recorded in {RECORDS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
