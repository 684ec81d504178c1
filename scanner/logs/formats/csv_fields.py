"""Plain CSV with a header, read by field names; commas, semicolons, tabs or bars.

    timestamp,client_ip,user,domain,action
    2026-11-20T08:01:02Z,10.0.0.7,ana,api.openai.com,allowed

Reference: https://www.rfc-editor.org/rfc/rfc4180
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator

from scanner.hosts import HostTable
from scanner.logs import OF_A_PROXY, Batch, Format, Tally
from scanner.logs.clock import Clock
from scanner.logs.fields import Fields, is_unwanted
from scanner.logs.lines import numbered
from scanner.logs.requests import NOT_A_PROXYS
from scanner.model import Observation

_DELIMITERS = ",;\t|"


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each record about a wanted host."""
    rows = numbered(batches)
    names, delimiter, fields = _header(rows, tally)
    unique = _unique(names)
    first, glance = fields.first() if fields else (unique[0] if unique else "", "")
    at, mark = unique.index(first) if unique else 0, delimiter.encode()
    heading = first.encode()
    for number, line in rows:
        if glance and b'"' not in line:
            bare = line.split(mark)
            is_row = len(bare) == len(names) and (raw := bare[at].strip()) != heading
            if is_row and is_unwanted(glance, raw, hosts):
                continue
        cells = _cells(line, delimiter)
        if fields is None or cells is None or len(cells) != len(names):
            tally.reject(number, _why(fields, cells, names), line)
            continue
        if cells == names:
            tally.ignored["header"] += 1  # files joined together repeat it
            continue
        if is_unwanted(glance, cells[at].encode("utf-8", "surrogateescape"), hosts):
            continue
        record = dict(zip(unique, cells, strict=True))
        if fields.is_of_a_web_server(record):
            tally.ignored[NOT_A_PROXYS] += 1
            continue
        host, meaning = fields.host(record, hosts)
        if host:
            yield fields.observe(record, host, meaning, clock, number)
        elif host == "":
            tally.ignored["record without a host"] += 1


def _header(
    rows: Iterator[tuple[int, bytes]], tally: Tally
) -> tuple[list[str], str, Fields | None]:
    for number, line in rows:
        if not line.strip() or line.startswith(b"#"):
            tally.ignored["comment" if line.strip() else "blank line"] += 1
            continue
        if line.lower().startswith(b"sep="):  # how Excel is told
            tally.ignored["header"] += 1
            continue
        delimiter = max(_DELIMITERS, key=lambda mark: line.count(mark.encode()))
        names = _cells(line, delimiter) or []
        is_header = len(names) > 1 and not line.lstrip().startswith((b"{", b"["))
        fields = Fields.of(_unique(names)) if is_header else None
        if fields is None:
            tally.reject(number, "no header with a field that names a host", line)
        else:
            tally.ignored["header"] += 1
        return names, delimiter, fields
    return [], ",", None


def _unique(names: list[str]) -> list[str]:
    """Tell columns of one name apart: url, url#2."""
    seen: Counter[str] = Counter()
    unique = []
    for name in names:
        seen[name] += 1
        unique.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return unique


def _cells(line: bytes, delimiter: str) -> list[str] | None:
    text = line.decode("utf-8", "backslashreplace")
    if '"' not in text:
        return [cell.strip() for cell in text.split(delimiter)]
    if text.count('"') % 2:
        return None
    try:
        row = next(csv.reader([text], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return None
    return [cell.strip() for cell in row]


def _why(fields: Fields | None, cells: list[str] | None, names: list[str]) -> str:
    if fields is None:
        return "no header above it names a host field"
    if cells is None:
        return "a quote is not closed on its line"
    return f"{len(cells)} columns where the header names {len(names)}"


FORMAT = Format(
    name="csv",
    title="CSV with a header (by field names)",
    read=read,
    specificity=20,
    proves=OF_A_PROXY,
    reference="https://www.rfc-editor.org/rfc/rfc4180",
    sample=(
        b"timestamp,client_ip,user,domain,action\n"
        b"2026-11-20T08:01:02Z,10.0.0.7,ana,api.openai.com,allowed\n"
        b'2026-11-20T08:01:09Z,10.0.0.8,"Baker, Tom",chat.deepseek.com,blocked\n'
    ),
)
