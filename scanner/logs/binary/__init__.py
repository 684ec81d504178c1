"""Logs that are no text, as JSON lines: one file a kind, with one constant, ``BINARY``.

What is read from them goes on as lines of a text log would: a format reads it, and says what it
shows. So a Sysmon event is one format, whether it comes from an EVTX file or from a shipper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Binary:
    """A kind of binary log.

    ``is_it`` looks at the first 4 KiB. ``records`` yields one JSON object for each record, without
    line end, in the file's order, the same bytes each time; for a damaged place it yields
    ``{"damaged": "what is wrong"}`` and goes on behind it. It raises SourceError when the file
    cannot be read at all, in words that say what to do.
    """

    name: str
    title: str
    is_it: Callable[[bytes], bool]
    records: Callable[[Path], Iterator[bytes]]
    reference: str
