r"""Results of a Splunk search as CSV whose raw events go over several lines: one object an event.

    "_raw","_time"
    "{
      ""url"": ""https://claude.ai/chat""
    }","2026-11-21T01:58:30.136+0000"

    {"_time":"2026-11-21T01:58:30.136+0000","_raw":"{\n  \"url\": \"https://claude.ai/chat\"\n}"}

Results of one line each are an envelope, read line by line. An event whose quote is never closed
goes on to the end of the file: it is told as damage once it is larger than any event.
Reference: https://docs.splunk.com/Documentation/Splunk/latest/Search/Exportsearchresults
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

import msgspec

from scanner.logs.archives import Source, as_utf8
from scanner.logs.binary import Binary
from scanner.logs.envelopes.splunk_csv import cells

_RAW, _TIME = "_raw", "_time"
_MOST_BYTES = 1024 * 1024
_CHUNK = 64 * 1024
_MARK = b"\xef\xbb\xbf"


def is_it(head: bytes) -> bool:
    """Whether a file begins as such results, and a line of it leaves a quote open."""
    header, _, rest = head.removeprefix(_MARK).partition(b"\n")
    if _RAW.encode() not in header or _RAW.encode() not in cells(header.rstrip()):
        return False
    return any(line.count(b'"') % 2 for line in rest.split(b"\n")[:-1])


def records(path: Path) -> Iterator[bytes]:
    """Yield an object for each event, in the order of the file."""
    encode = msgspec.json.Encoder().encode
    with path.open("rb") as file:
        names: list[str] = []
        for row in _rows(_lines(as_utf8(cast("Source", file)))):
            if row is None:
                yield encode(
                    {"damaged": "an event that is too large, or whose quote is never closed"}
                )
            elif not names:
                names = row
            elif row != names and len(row) == len(names):
                event = dict(zip(names, row, strict=True))
                yield encode({_TIME: event.get(_TIME), _RAW: event[_RAW]})
            elif row != names:
                yield encode({"damaged": f"{len(row)} columns where the header names {len(names)}"})


def _lines(source: Source) -> Iterator[bytes]:
    """Yield the lines with their ends."""
    buffer, kept = bytearray(_CHUNK), b""
    while count := source.readinto(buffer):
        *lines, kept = (kept + bytes(memoryview(buffer)[:count])).split(b"\n")
        for line in lines:
            yield line + b"\n"
    if kept:
        yield kept


def _rows(lines: Iterable[bytes]) -> Iterator[list[str] | None]:
    """Yield the rows, each of which ends with a line that leaves no quote open; None for a damaged one."""
    row, is_open = b"", False
    for line in lines:
        row += line
        is_open ^= bool(line.count(b'"') % 2)
        if is_open and len(row) <= _MOST_BYTES:
            continue
        if row.strip():
            yield None if is_open else _cells(row)
        row, is_open = b"", False
    if row.strip():
        yield None


def _cells(row: bytes) -> list[str] | None:
    try:
        return next(csv.reader([row.decode("utf-8", "replace").rstrip("\r\n")]), [])
    except csv.Error:  # a cell larger than any
        return None


BINARY = Binary(
    name="splunk-events",
    title="Splunk search results (CSV) with events of several lines",
    is_it=is_it,
    records=records,
    reference="https://docs.splunk.com/Documentation/Splunk/latest/Search/Exportsearchresults",
)
