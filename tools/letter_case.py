#!/usr/bin/env python3
"""Writes src/codec/letter_case_table.h from Python's Unicode tables: run it when they grow."""
import sys


def ranges(mapped):
    """(first, last, step, delta): every step-th character from first to last moves by delta."""
    rows = []
    for point, to in sorted(mapped.items()):
        delta = to - point
        if rows:
            first, last, step, known = rows[-1]
            gap = point - last
            if known == delta and (gap == step or (first == last and gap <= 2)):
                rows[-1] = (first, point, gap, known)
                continue
        rows.append((point, point, 1, delta))
    return rows


def main():
    upper, lower, special = {}, {}, {}
    for point in range(0x80, 0x110000):
        if 0xD800 <= point <= 0xDFFF:
            continue
        text = chr(point)
        for to, single in ((text.upper(), upper), (text.lower(), lower)):
            if to == text:
                continue
            if len(to) == 1:
                single[point] = ord(to)
            elif single is upper:
                special[point] = to
    out = ["// Made by tools/letter_case.py; do not edit.", "#pragma once", "",
           "#include <cstdint>", "", "namespace hyd::codec {", "",
           "// Every `step`-th character from `first` to `last` moves by `delta`.",
           "struct CaseRange {", "  std::uint32_t first;", "  std::uint32_t last;",
           "  std::uint32_t step;", "  std::int32_t delta;", "};", "",
           "// A character that becomes several in upper case.",
           "struct CaseText {", "  std::uint32_t point;", "  const char* upper;", "};", ""]
    for name, table in (("kUpperRanges", upper), ("kLowerRanges", lower)):
        out.append("inline constexpr CaseRange %s[] = {" % name)
        for first, last, step, delta in ranges(table):
            out.append("    {0x%X, 0x%X, %d, %d}," % (first, last, step, delta))
        out += ["};", ""]
    out.append("inline constexpr CaseText kUpperTexts[] = {")
    for point, to in sorted(special.items()):
        out.append('    {0x%X, "%s"},' % (point, "".join("\\x%02X" % b for b in to.encode())))
    out += ["};", "", "}  // namespace hyd::codec", ""]
    with open("src/codec/letter_case_table.h", "w", encoding="utf-8") as file:
        file.write("\n".join(out))


if __name__ == "__main__":
    sys.exit(main())
