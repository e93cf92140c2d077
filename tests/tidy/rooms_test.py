"""The room table is a law: who may include whom."""

import glob
import re

from checks import Check

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+"([^"\n]+)"', re.MULTILINE)
ROW = re.compile(r"^(\d+) +([a-z]+) *:((?: +[a-z]+)*)\s*$")
TABLE = "src/rooms.txt"
SERVICES = 5  # the floor whose rooms meet only through interfaces, joined in `app`

# Of <sys/file.h> only flock is wanted, in one file of sys, which says how it gets it.
HIDING_KNOWN = {"sys/file.h"}


def rows(tree):
    """({room: (floor, rooms below it)}, findings about the table itself)."""
    table, findings = {}, []
    text = tree.by_path[TABLE].text if TABLE in tree.by_path else ""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = ROW.match(line)
        if not match:
            findings.append(f"{TABLE}:{number}: not a row 'floor room : rooms it may include'")
            continue
        floor, room, below = int(match[1]), match[2], match[3].split()
        if room in table:
            findings.append(f"{TABLE}:{number}: {room} has two rows")
        for other in below:
            if other not in table:
                findings.append(f"{TABLE}:{number}: {other} has no row above {room}")
            elif table[other][0] > floor:
                findings.append(f"{TABLE}:{number}: {room} may not stand below {other}")
            elif table[other][0] == floor == SERVICES:
                findings.append(f"{TABLE}:{number}: {room} and {other} are both on floor {floor}")
        table[room] = (floor, below)
    return table, findings


def table_is_sane(tree):
    table, findings = rows(tree)
    if not table:
        findings.append(f"{TABLE}:1: the table is missing or empty")
    return findings


def includes_obey(tree):
    table, _ = rows(tree)
    findings = []
    for file in tree.sources(under="src/"):
        if file.room not in table:
            findings.append(f"{file.path}:1: room {file.room} has no row in {TABLE}")
            continue
        allowed = {file.room, *table[file.room][1]}
        for match in INCLUDE.finditer(file.code):
            path = match[1]
            other = path.split("/")[0]
            if "/" not in path or other not in table:
                findings.append(file.at(match.start(), f'"{path}": write it as "room/file.h"'))
            elif other not in allowed:
                findings.append(
                    file.at(match.start(), f"{file.room} may not include {other} ({TABLE})")
                )
            elif f"src/{path}" not in tree.by_path:
                findings.append(file.at(match.start(), f"src/{path} does not exist"))
    return findings


def no_cycles(tree):
    """By what the files include, whatever the table says."""
    uses = {}
    for file in tree.sources(under="src/"):
        seen = {path.split("/")[0] for path in INCLUDE.findall(file.code) if "/" in path}
        uses.setdefault(file.room, set()).update(seen - {file.room})
    findings, done = [], set()

    def visit(room, path):
        if room in path:
            findings.append("src: a cycle of rooms: " + " -> ".join(path[path.index(room) :] + [room]))
        elif room not in done:
            for other in sorted(uses.get(room, ())):
                visit(other, path + [room])
            done.add(room)

    for room in sorted(uses, key=str):
        visit(room, [])
    return findings


def hide_no_system_header(tree):
    """`src` is on the include path, so src/sys/wait.h would stand before <sys/wait.h>."""
    findings = []
    for file in tree.ending(".h", under="src/"):
        name = file.path.removeprefix("src/")
        if is_of_the_system(name) and name not in HIDING_KNOWN:
            findings.append(f"{file.path}:1: hides the system's <{name}>; take another name")
    return findings


def is_of_the_system(name):
    return glob.glob(f"/usr/include/{name}") or glob.glob(f"/usr/include/*-linux-gnu/{name}")


CHECKS = [
    Check("the room table names every room once, above those that include it", table_is_sane),
    Check("rooms include only what the table allows", includes_obey),
    Check("rooms do not include each other in a circle", no_cycles),
    Check("no header hides one of the system's", hide_no_system_header),
]
