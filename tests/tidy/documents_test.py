"""Documents may not outlive what they name, and the repository speaks for itself alone."""

import re

from checks import Check

CODE_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
CODE_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PATH = re.compile(r"(?:src|tests|docs|tools|examples|cmake|changes|bench|\.ci)/[\w./*-]*")
TOP_LEVEL = re.compile(r"(?:[A-Z]\w+\.md|Makefile|LICENSE|CMakeLists\.txt|CMakePresets\.json)")
NOT_A_NAME = re.compile(r"[<>{}…$]|\.\.\.")


def documents(tree):
    return [f for f in tree.ending(".md") if not f.path.startswith(("changes/", "tests/tidy/"))]


def make_targets(tree):
    text = tree.by_path["Makefile"].text if "Makefile" in tree.by_path else ""
    return set(re.findall(r"^([a-z][\w-]*):(?!=)", text, re.MULTILINE))


def code_blocks(file, languages):
    for match in CODE_BLOCK.finditer(file.text):
        if match[1] in languages:
            yield match.start(2), match[2]


def path_exists(tree, path):
    path = path.rstrip(".")
    if "*" in path:
        pattern = re.compile(re.escape(path).replace(r"\*\*", ".*").replace(r"\*", "[^/]*"))
        return any(pattern.match(file.path) for file in tree.files)
    return tree.exists(path)


def paths_exist(tree):
    """In backticks: src/…, tests/… and so on, and the files of the root."""
    findings = []
    for file in documents(tree):
        for match in CODE_SPAN.finditer(file.text):
            word = match[1].split(":")[0].strip()
            if NOT_A_NAME.search(match[1]) or " " in word:
                continue
            if PATH.fullmatch(word) and not path_exists(tree, word):
                findings.append(file.at(match.start(), f"`{word}` does not exist"))
            elif TOP_LEVEL.fullmatch(word) and not tree.exists(word):
                beside = file.path.rpartition("/")[0]
                if not tree.exists(f"{beside}/{word}"):
                    findings.append(file.at(match.start(), f"`{word}` does not exist"))
    return findings


def links_lead_somewhere(tree):
    findings = []
    for file in documents(tree):
        for match in re.finditer(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", file.text):
            if re.match(r"[a-z]+:", match[1]):
                continue
            parts = file.path.split("/")[:-1]
            for part in match[1].split("/"):
                if part == "..":
                    parts = parts[:-1]
                elif part != ".":
                    parts.append(part)
            if not tree.exists("/".join(parts)):
                findings.append(file.at(match.start(), f"the link {match[1]} leads nowhere"))
    return findings


def targets_exist(tree):
    targets = make_targets(tree)
    findings = []
    for file in documents(tree):
        named = [(m.start(), m[1]) for m in CODE_SPAN.finditer(file.text)]
        named += list(code_blocks(file, ("", "sh", "console")))
        for offset, text in named:
            for match in re.finditer(r"^(?:\$ )?make ([a-z][\w-]*)", text, re.MULTILINE):
                if match[1] not in targets:
                    findings.append(file.at(offset + match.start(), f"no target `make {match[1]}`"))
    return findings


def flags_exist(tree):
    """`--flag` and HYDRANT_VARIABLE in backticks stand somewhere in the code."""
    code = "\n".join(f.text for f in tree.files if not f.path.endswith(".md"))
    known = set(re.findall(r"--[a-z][\w-]+|HYDRANT_[A-Z_]+", code))
    findings = []
    for file in documents(tree):
        for match in CODE_SPAN.finditer(file.text):
            if not re.match(r"--[a-z]|HYDRANT_|hydrant ", match[1]):
                continue
            for word in re.findall(r"(?<![\w-])(?:--[a-z][\w-]+|HYDRANT_[A-Z_]+)", match[1]):
                if word not in known:
                    findings.append(file.at(match.start(), f"`{word}` is nowhere in the code"))
    return findings


def functions_exist(tree):
    """A line that names a source file and `function()` or `Type::function` means: it is there."""
    findings = []
    for file in documents(tree):
        offset = 0
        for line in file.text.splitlines(keepends=True):
            spans = CODE_SPAN.findall(line)
            sources = [tree.by_path[s] for s in spans if s in tree.by_path]
            sources = [source for source in sources if source.path.endswith((".cc", ".h"))]
            for span in spans if sources else ():
                match = re.fullmatch(r"(?:\w+::)*(\w+)(\(\))?", span)
                if not match or not (match[2] or "::" in span):
                    continue
                if not any(re.search(rf"\b{match[1]}\b", source.text) for source in sources):
                    findings.append(file.at(offset, f"`{span}` is not in {sources[0].path}"))
            offset += len(line)
    return findings


def rooms_have_readmes(tree):
    rooms = {file.room for file in tree.ending(".cc", under="src/")}
    return [
        f"src/{room}/README.md:1: missing: purpose, main types, threads, what to read first"
        for room in sorted(filter(None, rooms))
        if f"src/{room}/README.md" not in tree.by_path
    ]


def licence_is_stated(tree):
    findings = []
    licence = tree.by_path.get("LICENSE")
    if not licence or "Apache License" not in licence.text or "Version 2.0" not in licence.text:
        findings.append("LICENSE:1: the text of the Apache License, Version 2.0, is missing")
    for path in ("README.md", "CMakeLists.txt"):
        file = tree.by_path.get(path)
        if not file or "SPDX-License-Identifier: Apache-2.0" not in file.text:
            findings.append(f"{path}:1: no line 'SPDX-License-Identifier: Apache-2.0'")
    return findings


# Pieces are joined here so that this file does not find itself.
FOREIGN = re.compile(
    "|".join(
        [
            r"/wo" r"rk/",
            r"\.\./sha" r"red",
            r"/ro" r"ot/",
            r"\bspe" r"c/[\w-]+\.(?:md|jsonl?|py)",
            r"(?:style|toolchain|architecture)\.md §",
            r"\bA" r"I\b",
            r"\bLL" r"M\b",
            r"\bGP" r"T\b",
            r"(?i:cla" r"ude|chat" r"bot|language mo" r"del|(?:previous|this|another) session\b)",
        ]
    )
)


def repository_stands_alone(tree):
    findings = []
    for file in tree.files:
        if file.path.startswith("tests/tidy/") or file.path == "LICENSE":
            continue
        for match in FOREIGN.finditer(file.text):
            what = f"'{match[0]}': name the source of a fact, not a place outside the repository"
            findings.append(file.at(match.start(), what))
    return findings


CHECKS = [
    Check("files that documents name exist", paths_exist),
    Check("links between documents lead somewhere", links_lead_somewhere),
    Check("make targets that documents name exist", targets_exist),
    Check("flags and variables that documents name exist", flags_exist),
    Check("functions that documents place in a file are there", functions_exist),
    Check("every room has a README", rooms_have_readmes),
    Check("the licence is stated", licence_is_stated),
    Check("the repository stands alone", repository_stands_alone),
]
