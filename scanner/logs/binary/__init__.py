"""Logs that are no text, as JSON lines: one file a kind, with one constant, ``BINARY``.

What is read from them goes on as lines of a text log would: a format reads it, and says what it
shows. So a Sysmon event is one format, whether it comes from an EVTX file or from a shipper.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scanner.errors import SourceError

_DAMAGED = b'{"damaged"'


@dataclass(frozen=True, slots=True)
class Binary:
    """A kind of binary log.

    ``is_it`` looks at the first 4 KiB. ``records`` yields one JSON object for each record, without
    line end (or several, with line ends between them), in the file's order, the same bytes each
    time; for a damaged place it yields
    ``{"damaged": "what is wrong"}`` and goes on behind it. It raises SourceError when the file
    cannot be read at all, in words that say what to do.
    """

    name: str
    title: str
    is_it: Callable[[bytes], bool]
    records: Callable[[Path], Iterator[bytes]]
    reference: str


class Records:
    """The records of a binary log, as a text of one JSON object a line."""

    def __init__(self, records: Iterator[bytes]) -> None:
        self.damage: str | None = None
        self.why_none: str | None = None  # there is no record: the file is of another kind
        self._records = records
        self._ready = b""
        self._has_begun = False

    def readinto(self, buffer: bytearray | memoryview) -> int:
        """Give the next bytes of the text; 0 at its end."""
        while not self._ready:
            record = self._next()
            if record is None:
                return 0
            self._has_begun = True
            if record.startswith(_DAMAGED):
                self.damage = self.damage or json.loads(record)["damaged"]
            else:
                self._ready = record + b"\n"
        piece, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)

    def _next(self) -> bytes | None:
        try:
            return next(self._records, None)
        except SourceError as error:
            if self._has_begun:
                self.damage = self.damage or str(error)
            else:
                self.why_none = str(error)
            return None
