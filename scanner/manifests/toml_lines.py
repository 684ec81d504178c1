"""Where the tables, keys and texts of a TOML document stand, which its parser does not tell."""

from __future__ import annotations

import re
from bisect import bisect_left

from scanner.manifests import Document

_KEY = re.compile(r"""\s*(?:"([^"\n]*)"|'([^'\n]*)'|([\w-]+))\s*""")
_TEXT = re.compile(r""""((?:[^"\\\n]++|\\.)*)"?|'([^'\n]*)'?|#.*""")
_MOST_PARTS = 20
_Path = tuple[str, ...]


class TomlLines:
    """The lines of a document's tables, keys and texts. Found in one pass; long strings hold no keys."""

    def __init__(self, document: Document) -> None:
        self._paths: dict[_Path, list[int]] = {}
        self._texts: dict[str, list[int]] = {}
        table: _Path = ()
        closing = ""
        for number, line in enumerate(document.lines, 1):
            if closing:
                closing = "" if line.count(closing) % 2 else closing
                continue
            head = line.lstrip("\ufeff \t")
            if head.startswith("["):
                path, end = _path(head.lstrip("["))
                if end == "]":
                    table = path
                    self._add(table, number)
            elif head and not head.startswith("#"):
                path, end = _path(head)
                if end == "=":
                    self._add((*table, *path), number)
            for text in _texts(line):
                self._texts.setdefault(text, []).append(number)
            closing = next((mark for mark in ('"""', "'''") if line.count(mark) % 2), "")

    def of(self, *path: str, after: int = 1) -> int:
        """Return the line, from line ``after`` on, where a key, or what holds it, is written.

        Behind the keys may be texts of the value: ``of("project", "dependencies", "openai>=1")``.
        A key written in the line of the table that it is in has that line; what is nowhere has
        line ``after``.
        """
        depth = len(path)
        while depth and not _first(self._paths.get(path[:depth], []), after):
            depth -= 1
        line = _first(self._paths.get(path[:depth], []), after) or after
        for text in path[depth:]:
            line = _first(self._texts.get(text, []), line) or line
        return line

    def all(self, *path: str) -> list[int]:
        """Return the lines where a table or key is written, or what is below it first is."""
        return self._paths.get(path, [])

    def _add(self, path: _Path, number: int) -> None:
        """Add a path, and those above it that nothing else has told."""
        self._paths.setdefault(path, []).append(number)
        for end in range(len(path) - 1, 0, -1):
            if path[:end] in self._paths:
                break
            self._paths[path[:end]] = [number]


def _first(lines: list[int], after: int) -> int:
    at = bisect_left(lines, after)
    return lines[at] if at < len(lines) else 0


def _path(text: str) -> tuple[_Path, str]:
    """Return the parts of a dotted key, at most twenty, and the character behind it."""
    parts: list[str] = []
    at = 0
    while len(parts) < _MOST_PARTS and (found := _KEY.match(text, at)):
        parts.append(next(one for one in found.groups() if one is not None))
        at = found.end()
        if text[at : at + 1] != ".":
            break
        at += 1
    return tuple(parts), text[at : at + 1]


def _texts(line: str) -> list[str]:
    if '"' not in line and "'" not in line:
        return []
    return [
        literal or quoted.replace('\\"', '"')
        for quoted, literal in _TEXT.findall(line)
        if quoted or literal
    ]
