"""Where the tables and keys of a TOML document stand, by their whole paths: its parser does not tell."""

from __future__ import annotations

import re

from scanner.manifests import Document

_KEY = re.compile(r"""\s*(?:"([^"\n]*)"|'([^'\n]*)'|([\w-]+))\s*""")
_MOST_PARTS = 20


class TomlPaths:
    """The lines of a document's tables and keys. Found in one pass; text in long strings is none."""

    def __init__(self, document: Document) -> None:
        self._lines: dict[tuple[str, ...], int] = {}
        table: tuple[str, ...] = ()
        closing = ""
        for number, line in enumerate(document.lines, 1):
            if closing:
                closing = "" if line.count(closing) % 2 else closing
                continue
            head = line.lstrip("\ufeff \t")
            if head.startswith("["):
                table, end = _path(head.lstrip("["))
                self._add(table if end == "]" else (), number)
            elif head and not head.startswith("#"):
                path, end = _path(head)
                self._add((*table, *path) if end == "=" else (), number)
            closing = next((mark for mark in ('"""', "'''") if line.count(mark) % 2), "")

    def of(self, *path: str) -> int:
        """Return the line where a key, or what holds it, is first written; 1 if none is."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def _add(self, path: tuple[str, ...], number: int) -> None:
        for end in range(len(path), 0, -1):
            if path[:end] in self._lines:
                break
            self._lines[path[:end]] = number


def _path(text: str) -> tuple[tuple[str, ...], str]:
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
