"""JSON documents, an item at a time: lists of answers that people saved, however long.

    {"@odata.context": "https://graph...", "value": [{"id": ...}, ...]}

Reference: https://www.rfc-editor.org/rfc/rfc8259
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TextIO

_CHUNK = 64 * 1024
_MOST = 16 * 1024 * 1024
_BLANK = " \t\r\n\ufeff\x1e"

Listed = tuple[Mapping[str, object], object]


def items_of(file: TextIO, lists: frozenset[str]) -> Iterator[Listed]:
    """Yield the items of a document, each with what stood beside its list before it.

    A document is an array, an object that holds one under one of the names ``lists``, or a
    sequence of such; an object that holds none is an item itself. Raises ValueError at the first
    place that is no JSON, and at a value of more than 16 MiB.
    """
    text = _Text(file)
    while char := text.peek():
        if char == "[":
            yield from _members(text, {})
        elif char == "{":
            yield from _fields(text, lists)
        else:
            raise ValueError("no JSON document")
        text.take(",")


def _members(text: _Text, beside: Mapping[str, object]) -> Iterator[Listed]:
    text.expect("[")
    while not text.take("]"):
        yield beside, text.value()
        if not text.take(",") and text.peek() != "]":
            raise ValueError("a list that does not end")


def _fields(text: _Text, lists: frozenset[str]) -> Iterator[Listed]:
    beside: dict[str, object] = {}
    holds_a_list = False
    text.expect("{")
    while not text.take("}"):
        name = str(text.value())
        text.expect(":")
        if name in lists and text.peek() == "[":
            holds_a_list = True
            yield from _members(text, beside)
        else:
            beside[name] = text.value()
        if not text.take(",") and text.peek() != "}":
            raise ValueError("an object that does not end")
    if not holds_a_list:
        yield {}, beside


class _Text:
    """A text of which so much is in memory as the value at hand needs."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._text = ""
        self._at = 0
        self._decode = json.JSONDecoder().raw_decode

    def peek(self) -> str:
        """Return the next character that is not blank, and leave it there; "" at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _BLANK:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def take(self, char: str) -> bool:
        """Whether a character comes next; it is passed over then."""
        if self.peek() != char:
            return False
        self._at += 1
        return True

    def expect(self, char: str) -> None:
        if not self.take(char):
            raise ValueError(f"no {char!r} where one has to be")

    def value(self) -> object:
        """Return the value that comes next. Raises ValueError if none does."""
        self.peek()
        while True:
            try:
                value, end = self._decode(self._text, self._at)
            except (ValueError, RecursionError) as error:
                if len(self._text) - self._at > _MOST or not self._more():
                    raise ValueError("no value where one has to be") from error
                continue
            if end == len(self._text) and self._more():
                continue  # a number may go on
            self._at = end
            return value

    def _more(self) -> bool:
        rest = self._text[self._at :]
        piece = self._file.read(max(_CHUNK, len(rest)))
        self._text, self._at = rest + piece, 0
        return bool(piece)
