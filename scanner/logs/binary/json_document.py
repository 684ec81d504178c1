r"""A file that is one JSON document over many lines, or pretty-printed objects one after another.

    {
      "records": [
        {
          "time": "2026-11-20T08:01:02.341Z", ...

The records are the objects of an array, of one that stands under a name that exporters give it,
or the document's own objects; each goes on as a line of its own. Brackets are counted outside
strings, 64 KiB at a time: the document is never in memory whole.
Reference: https://www.rfc-editor.org/rfc/rfc8259
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import msgspec

from scanner.errors import SourceError
from scanner.logs.archives import UTF16_MARKS, Source, as_utf8
from scanner.logs.binary import Binary

_CHUNK = 64 * 1024
_MOST_BYTES = 1024 * 1024
_NAME_WITHIN = 200
_NAMES = rb"records|Records|events|logEvents|hits|results?|value|data"
# What may stand between records; a file may begin with the mark of UTF-8.
_SEPARATORS = b" \t\r\n,\x1e" + codecs.BOM_UTF8
_LEADS_TO_RECORDS = re.compile(rb'"(?:' + _NAMES + rb')"\s*:\s*$')
_BEGUN = re.compile(rb'\s*(?:\[\s*\{|\{\s*")')
_BEGUN_ON_A_LONG_LINE = re.compile(rb'\s*(?:\[\s*\{\s*"|\{\s*"(?:' + _NAMES + rb')"\s*:\s*[\[{])')
# Up to the next bracket outside of a string, or to a string that does not end.
_PLAIN = re.compile(rb'[^"{}\[\]]*+(?:"(?:[^"\\]++|\\.)*"[^"{}\[\]]*+)*', re.DOTALL)
_REST_OF_STRING = re.compile(rb'(?:[^"\\]++|\\.)*', re.DOTALL)
_QUOTE, _OBJECT, _OPENING = ord('"'), ord("{"), b"{["
_decode = msgspec.json.Decoder(msgspec.Raw).decode


def is_it(head: bytes) -> bool:
    """Whether a file begins as a JSON value that its first line does not end."""
    text = _utf8(head)
    first, line_end, _ = text.lstrip().partition(b"\n")
    first = first.strip()
    if not _BEGUN.match(text) or _is_whole(first.removesuffix(b",")):
        return False
    if line_end:
        return first.endswith((b"{", b"[", b","))
    return _BEGUN_ON_A_LONG_LINE.match(text) is not None


def records(path: Path) -> Iterator[bytes]:
    """Yield the records in the order of the file; one damaged record for each damaged place."""
    document = _Document()
    try:
        with path.open("rb") as file:
            for chunk in _chunks(as_utf8(cast("Source", file))):
                yield from document.records(chunk)
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror or error}") from error
    yield from document.rest()
    if not document.has_shown:
        raise SourceError("a JSON document without an object in it; there is no record to read")


def _utf8(head: bytes) -> bytes:
    if head.startswith(UTF16_MARKS):
        return head[: len(head) & ~1].decode("utf-16", "replace").encode("utf-8", "replace")
    return head.removeprefix(codecs.BOM_UTF8)


def _is_whole(text: bytes) -> bool:
    try:
        _decode(text)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _chunks(source: Source) -> Iterator[bytes]:
    buffer = bytearray(_CHUNK)
    while count := source.readinto(buffer):
        yield bytes(memoryview(buffer)[:count])


class _Brackets:
    """Finds the brackets of a document that stand outside of strings, chunk by chunk."""

    def __init__(self) -> None:
        self.is_in_string = False
        self._is_escaped = False
        self._carried = b""  # the end of what stood behind the last bracket of the chunk before

    def find(self, chunk: bytes) -> Iterator[tuple[int, int, int]]:
        """Yield each bracket, where what stands before it begins, and where it is itself."""
        at = self._end_of_string(chunk, int(self._is_escaped)) if self.is_in_string else 0
        begin = 0
        plain, end = _PLAIN.match, len(chunk)
        while at < end:
            found = plain(chunk, at)
            at = found.end() if found else at
            if at == end:
                break
            kind = chunk[at]
            if kind == _QUOTE:
                at = self._end_of_string(chunk, at + 1)
                continue
            yield kind, begin, at
            at = begin = at + 1
        self._carried = self.before(chunk, begin, end)

    def before(self, chunk: bytes, begin: int, at: int) -> bytes:
        """Return what stands between two brackets, or the end of it."""
        text = chunk[max(begin, at - _NAME_WITHIN) : at]
        return text if begin else (self._carried + text)[-_NAME_WITHIN:]

    def _end_of_string(self, chunk: bytes, at: int) -> int:
        rest = _REST_OF_STRING.match(chunk, at)
        end = rest.end() if rest else at
        self.is_in_string = chunk[end : end + 1] != b'"'
        self._is_escaped = chunk[end : end + 1] == b"\\"
        return end + 1


class _Document:
    """Cuts the records out of a document; ``depth`` counts the brackets that are open."""

    def __init__(self) -> None:
        self.has_shown = False
        self._brackets = _Brackets()
        self._depth = 0
        self._list = 0  # the depth inside an array of records; 0: records lie side by side
        self._path = 0  # the depth inside objects that may hold such an array
        self._kept: bytearray | None = None  # a record that began in an earlier chunk
        self._begin: int | None = None  # where in the chunk a record, or its rest, begins
        self._outside = 0  # the depth around the record
        self._damage = ""  # what was wrong since the last record, and how often
        self._damages = 0

    def records(self, chunk: bytes) -> Iterator[bytes]:
        """Yield the records that end in a chunk."""
        for kind, begin, at in self._brackets.find(chunk):
            before = b""
            if self._depth == self._list or self._depth == self._path:
                before = self._brackets.before(chunk, begin, at)
                is_between = self._depth == self._list and self._begin is None
                if is_between and before.strip(_SEPARATORS):
                    self._note("between two records stands what is no object")
            if kind in _OPENING:
                self._open(kind == _OBJECT, at, before)
            elif self._close() and self._begin is not None:
                yield from self._shown(chunk[self._begin : at + 1])
        if self._begin is not None:
            self._keep(chunk[self._begin :])
            self._begin = 0

    def rest(self) -> Iterator[bytes]:
        """Yield the damage that the document's end is, if it comes too early."""
        if self._depth or self._brackets.is_in_string:
            self._note("the document ends before its last bracket; it was cut off")
        yield from self._told()

    def _open(self, is_object: bool, at: int, before: bytes) -> None:
        if self._depth == self._list and is_object:
            self._begin, self._kept, self._outside = at, None, self._depth
            self._path = 0 if self._list else 1
        elif not self._list and (
            not self._depth or (self._depth == self._path and _LEADS_TO_RECORDS.search(before))
        ):
            if is_object:
                self._path += 1
            else:
                self._list = self._depth + 1
        self._depth += 1

    def _close(self) -> bool:
        """Whether the bracket ends a record."""
        if not self._depth:
            self._note("a bracket is closed that was not opened")
            return False
        self._depth -= 1
        if self._list > self._depth:
            self._list = 0
        self._path = min(self._path, self._depth)
        return self._begin is not None and self._depth == self._outside

    def _keep(self, piece: bytes) -> None:
        """Keep what a chunk has of a record; of one that is too large no more than shows it."""
        self._kept = bytearray() if self._kept is None else self._kept
        if len(self._kept) <= _MOST_BYTES:
            self._kept += piece

    def _shown(self, piece: bytes) -> Iterator[bytes]:
        text = piece if self._kept is None else bytes(self._kept) + piece
        self._kept = self._begin = None
        if len(text) > _MOST_BYTES:
            self._note("an object over 1 MiB was passed over")
            return
        try:
            line = msgspec.json.format(text, indent=-1)
        except (msgspec.DecodeError, RecursionError) as error:
            self._note(f"an object is no JSON: {error}")
            return
        yield from self._told()
        self.has_shown = True
        yield line

    def _note(self, damage: str) -> None:
        self._damage = self._damage or damage
        self._damages += 1

    def _told(self) -> Iterator[bytes]:
        if self._damages:
            more = f", and {self._damages - 1} more after it" if self._damages > 1 else ""
            yield json.dumps({"damaged": self._damage + more}, separators=(",", ":")).encode()
            self._damage, self._damages = "", 0


BINARY = Binary(
    name="json-document",
    title="JSON document over many lines",
    is_it=is_it,
    records=records,
    reference="https://www.rfc-editor.org/rfc/rfc8259",
)
