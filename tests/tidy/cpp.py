"""Just enough of C++ for text checks: what is code, and where functions begin and end.

It reads the house's own layout, not the language: no preprocessor, no macros that hide braces.
"""

import dataclasses
import re

LITERAL = re.compile(
    r"""
    //[^\n]*
  | /\*.*?\*/
  | R"(?P<mark>[^()\\\s]*)\(.*?\)(?P=mark)"
  | "(?:\\.|[^"\\\n])*"
  | (?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'
    """,
    re.DOTALL | re.VERBOSE,
)
CONTROL = {
    "if", "for", "while", "switch", "catch", "do", "else", "try", "return", "namespace", "class",
    "struct", "union", "enum", "extern",
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Function:
    name: str
    start: int  # offset of its first word
    body: int  # offset of its opening brace
    end: int  # offset behind its closing brace


def code_only(text):
    """Blanks comments and what stands between quotes; lines and offsets stay where they are."""

    def blank(match):
        got = match.group(0)
        if got.startswith("/"):
            return re.sub(r"[^\n]", " ", got)
        first, last = got.index(got.lstrip("R")[0]), len(got) - 1
        inside = re.sub(r"[^\n]", " ", got[first + 1 : last])
        return got[: first + 1] + inside + got[last]

    includes = []

    def keep(match):
        includes.append(match.group(0))
        return f"\0{len(includes) - 1}\0".ljust(len(match.group(0)), "\1")

    text = re.sub(r'^[ \t]*#[ \t]*include[ \t]+"[^"\n]+"', keep, text, flags=re.MULTILINE)
    text = LITERAL.sub(blank, text)
    return re.sub(r"\0(\d+)\0\1*", lambda m: includes[int(m.group(1))], text)


def closing(code, opening):
    """The offset of the brace that closes the one at `opening`, or the end of the text."""
    depth = 0
    for match in re.compile(r"[{}]").finditer(code, opening):
        depth += 1 if match.group(0) == "{" else -1
        if depth == 0:
            return match.start()
    return len(code) - 1


def functions(code):
    """Functions with a body, tests included; a lambda belongs to the function it stands in."""
    found = []
    code = re.sub(
        r"^[ \t]*#.*(?:\\\n.*)*", lambda m: re.sub(r"[^\n]", " ", m.group(0)), code, flags=re.M
    )
    head_start = 0  # where the words before the next brace begin
    for_next = re.compile(r"[{};]")
    position = 0
    while match := for_next.search(code, position):
        here = match.start()
        position = here + 1
        if match.group(0) != "{":
            if match.group(0) == "}" or not in_parentheses(code[head_start:here]):
                head_start = position
            continue
        head = code[head_start:here]
        if is_member_initialiser(head) or in_parentheses(head):
            position = closing(code, here) + 1  # `: size_{0}`: the head goes on behind it
            continue
        name = function_name(head)
        if name is None:
            if re.search(r"=\s*(?:[\w:<>, ]*)$", head) or not is_scope(head):
                position = closing(code, here) + 1  # a table or another initialiser
            head_start = position
            continue
        end = closing(code, here) + 1
        start = head_start + len(head) - len(head.lstrip())
        found.append(Function(name, start, here, end))
        position = head_start = end
    return found


def in_parentheses(head):
    return head.count("(") > head.count(")")


def is_scope(head):
    return re.search(r"\b(namespace|class|struct|union|extern)\b", head) is not None


def is_member_initialiser(head):
    return re.search(r"\)[\w\s]*:(?!:).*[\w>]\s*$", head, re.DOTALL) is not None


def function_name(head):
    """The name before the first parenthesis of a definition, or None for any other brace."""
    words = re.sub(r"^\s*template\s*<[^{};]*?>\s*(?=[\w\[])", "", head).strip()
    words = re.sub(r"\bHYD_[A-Z_]+\([^()]*\)", "", words)
    words = re.sub(r"\brequires\b[^{]*$", "", words)
    first = re.match(r"[\[\w]+", words)
    if not first or first.group(0) in CONTROL and "(" not in words:
        return None
    if first.group(0) in CONTROL - {"extern", "struct", "class", "enum"}:
        return None
    test = re.match(r"(?:TYPED_)?TEST(?:_[FP])?\s*\(\s*(\w+)\s*,\s*(\w+)\s*\)\s*$", words)
    if test:
        return f"{test.group(1)}.{test.group(2)}"
    named = re.search(r"((?:[\w~]+(?:<[^<>]*>)?::)*(?:~?\w+|operator\s*[^\s\w(]+|operator\(\)))\s*\(", words)
    if not named or re.search(r"(?<![<>=!])=(?!=)", words[: named.start()]):
        return None
    return named.group(1)
