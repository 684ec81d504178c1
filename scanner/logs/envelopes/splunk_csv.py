r"""Results of a Splunk search as CSV: their raw events.

    "_time",host,sourcetype,"_raw"
    "2026-11-21T01:58:30.136+0000",gw,squid,"1795226310.136     15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT api.openai.com:443 - HIER_DIRECT/203.0.113.7 -"

The first line names the columns; quotes inside a raw event are doubled. Of an event of several
lines the first is read.
Reference: https://docs.splunk.com/Documentation/Splunk/latest/Search/Exportsearchresults
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.envelopes import Envelope, Peel

_CELL = re.compile(rb'(?:"((?:[^"]++|"")*)"?|([^,"]*+))(?:,|$)')
_DATED = re.compile(
    rb'"?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z| ?[+-]\d\d:?\d\d| [A-Z]{3,4})?|\d{9,10}\.\d{1,9})"?(?:,|$)'
)
_HEADER_WITHIN = 5
_MOST_COLUMNS = 1000


def open_(first_lines: Sequence[bytes]) -> Peel | None:
    """Find the column of raw events; None if the first lines name none."""
    for header in first_lines[:_HEADER_WITHIN]:
        if b"_raw" in header and b"_raw" in (names := cells(header)):
            return _peel_of(header.strip(), names.index(b"_raw"))
    return None


def _peel_of(header: bytes, column: int) -> Peel:
    def peel(line: bytes) -> list[bytes] | None:
        if line.strip() == header:
            return []
        found = cells(line, column + 1)
        if len(found) <= column:
            return None
        return [found[column]] if found[column].strip() else []

    return peel


def cells(line: bytes, most: int = _MOST_COLUMNS) -> list[bytes]:
    """Return the first cells of a line; where one is damaged, those before it."""
    found: list[bytes] = []
    at = 0
    while len(found) < most and (cell := _CELL.match(line, at)):
        quoted, plain = cell.groups()
        found.append(plain if quoted is None else quoted.replace(b'""', b'"'))
        if cell.end() == len(line) and not cell[0].endswith(b","):
            break
        at = cell.end()
    return found


def time(line: bytes, clock: Clock) -> Time:
    """Return what Splunk took for the time: the first cell that is one."""
    found = _DATED.match(line) or re.search(rb"," + _DATED.pattern, line[:2000])
    return clock.any(found[1].decode("ascii")) if found else NO_TIME


ENVELOPE = Envelope(
    name="splunk-csv",
    title="Splunk search results (CSV)",
    open=open_,
    time=time,
    sample=(
        b'"_time",host,sourcetype,"_raw"\n'
        b'"2026-11-21T01:58:30.136+0000",gw,squid,"1795226310.136     15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT api.openai.com:443 - HIER_DIRECT/203.0.113.7 -"\n'
    ),
    reference="https://docs.splunk.com/Documentation/Splunk/latest/Search/Exportsearchresults",
)
