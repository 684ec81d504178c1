"""JSON as people and package managers write it: with comments and commas, and where its keys are."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from scanner.manifests import Document

# A string is taken to its end even if it has none, so that no character is looked at twice.
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?'
_COMMENT = re.compile(rf"({_STRING})|//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_LAST_COMMA = re.compile(rf"({_STRING})|,(?=\s*[}}\]])", re.DOTALL)
_KEY = re.compile(r'"([^"\\\n]{1,1000})"\s{0,20}:')
_OPENING_KEY = re.compile(r'"([^"\\\n]{1,1000})"\s{0,20}:\s{0,20}[{\[]')


def plain(document: Document) -> Document:
    """Return a document without the comments and last commas that JSON does not know.

    What remains is on the lines where it was.
    """
    text = document.text
    if "//" in text or "/*" in text:
        text = _COMMENT.sub(_without_comment, text)
    text = _LAST_COMMA.sub(r"\1", text)
    return Document(document.path, text.encode("utf-8", "replace"), document.tree)


def _without_comment(found: re.Match[str]) -> str:
    kept: str | None = found[1]
    return " " + "\n" * found[0].count("\n") if kept is None else kept


class KeyLines:
    """The lines of the keys in a JSON text, found in one pass.

    With ``is_opening`` only keys of objects and lists are found, which is less to keep.
    """

    def __init__(self, text: str, is_opening: bool = False) -> None:
        self._ends = [found.start() for found in re.finditer("\n", text)]
        self._at: dict[str, list[int]] = {}
        for found in (_OPENING_KEY if is_opening else _KEY).finditer(text):
            self._at.setdefault(found[1], []).append(found.start())

    def offset(self, key: str, after: int = 0) -> int:
        """Return where a key is first, from an offset on; -1 if it is not there."""
        offsets = self._at.get(key, ())
        number = bisect_left(offsets, after)
        return offsets[number] if number < len(offsets) else -1

    def line(self, key: str, after: int = 0) -> int:
        """Return the line where a key is first, from an offset on; 0 if it is not there."""
        offset = self.offset(key, after)
        return 0 if offset < 0 else bisect_left(self._ends, offset) + 1

    def each(self, key: str) -> Iterator[int]:
        """Yield the lines of all places of a key."""
        for offset in self._at.get(key, ()):
            yield bisect_left(self._ends, offset) + 1
