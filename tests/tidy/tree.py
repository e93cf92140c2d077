"""The files of the repository as the checks see them: a path relative to its root, and its text."""

import dataclasses
import functools
import pathlib
import subprocess

import cpp

TEXT_SUFFIXES = {
    ".cc", ".h", ".py", ".sh", ".md", ".txt", ".cmake", ".yaml", ".yml", ".json", ".case", ".sql", "",
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class File:
    path: str
    text: str

    @functools.cached_property
    def code(self):
        """The text with comments and the insides of literals blanked, every offset kept."""
        return cpp.code_only(self.text)

    @functools.cached_property
    def functions(self):
        return cpp.functions(self.code)

    def line_of(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def at(self, offset, what):
        return f"{self.path}:{self.line_of(offset)}: {what}"

    @property
    def room(self):
        parts = self.path.split("/")
        return parts[1] if len(parts) > 2 and parts[0] == "src" else None


class Tree:
    """Either the working tree or, in the self test, a few files made up for the purpose."""

    def __init__(self, files):
        self.files = [File(path, text) for path, text in sorted(files.items())]
        self.by_path = {file.path: file for file in self.files}

    def ending(self, *suffixes, under=""):
        return [f for f in self.files if f.path.endswith(suffixes) and f.path.startswith(under)]

    def sources(self, under=""):
        return self.ending(".cc", ".h", under=under)

    def exists(self, path):
        path = path.rstrip("/")
        return path in self.by_path or any(f.path.startswith(path + "/") for f in self.files)


def working_tree(root):
    """What git knows, and what it would add: a new file is checked before its first commit."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
    ).stdout.decode()
    files = {}
    for name in filter(None, listed.split("\0")):
        path = pathlib.Path(root, name)
        if path.is_file() and path.suffix in TEXT_SUFFIXES:
            try:
                files[name] = path.read_text()
            except UnicodeDecodeError:
                pass  # a corpus file or another sample, not text
    return Tree(files)
