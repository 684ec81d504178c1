r"""Readers of logs whose columns or fields somebody tells by what they mean.

    host=col7,client=col3,time=col1     columns of delimited lines, counted from 1
    host=ClientURL,client=cip           CSV with a header, JSON with nested names by dots, key=value

Which of these a line is, and what delimits it, is told by the line itself, so that any part of a
log can be read alone. Columns are delimited by tabs, commas, semicolons or bars, with quotes as in
CSV, or by blanks, where what stands in quotes or square brackets is one column.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from scanner.errors import UsageError
from scanner.hosts import HostTable
from scanner.logs import Batch, Read, Tally
from scanner.logs.clock import Clock
from scanner.logs.keyvalue import colon_pairs, pairs
from scanner.logs.lines import Parsed, Refused, Skipped, by_line
from scanner.logs.meanings import NO_HOST_FIELD, Meanings, check_meanings, site_of
from scanner.logs.values import decoded, dig, text
from scanner.model import Observation

_WHAT = "the map"
_BLANKS = " "
_DELIMITERS = ("\t", ",", ";", "|", _BLANKS)
_COLUMN = re.compile(r"col([1-9]\d{0,3})")
_WORDS = re.compile(r'"(?:[^"\\]++|\\.)*"|\[[^\]]*\](?=\s|$)|\S+')
_LONGEST_LINE = 65_536
_decode = msgspec.json.Decoder(dict[str, Any]).decode
_NOT_SO = "no host where the columns should name one"


def parsed_map(written: str) -> dict[str, str]:
    """Return what ``host=col7,client=col3`` maps: meaning to column or name. Raises UsageError."""
    found: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in written.split(","))):
        meaning, sign, name = (piece.strip() for piece in part.partition("="))
        if not sign or not name:
            raise UsageError(f"{_WHAT}: {part!r} is not like host=col7 or host=ClientURL")
        if meaning in found:
            raise UsageError(f"{_WHAT}: {meaning} is mapped twice")
        found[meaning] = name
    check_meanings(found, _WHAT)
    if len({_COLUMN.fullmatch(name) is not None for name in found.values()}) > 1:
        raise UsageError(f"{_WHAT}: give columns (col7) or names (ClientURL), not both")
    return found


def reader_of_map(written: str, meanings: Meanings = Meanings()) -> Read:  # noqa: B008 - immutable
    """Return a reader of the logs whose fields are mapped so. Raises UsageError."""
    mapped = parsed_map(written)
    columns = {
        meaning: int(found[1]) - 1
        for meaning, name in mapped.items()
        if (found := _COLUMN.fullmatch(name))
    }
    if columns:
        return reader_of_columns(columns, max(columns.values()) + 1, None, meanings)
    return _reader_of_names(mapped, meanings)


def reader_of_columns(
    columns: Mapping[str, int], fewest: int, delimiter: str | None, meanings: Meanings
) -> Read:
    """Return a reader of delimited lines of ``fewest`` columns or more.

    ``columns`` tells the place of each meaning, from 0. Without a ``delimiter`` each line is tried
    with every one, and the first that leaves a host where it should be is taken.
    """
    delimiters = _DELIMITERS if delimiter is None else (delimiter,)

    def parse(line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
        if line.startswith(b"#"):
            return Skipped("comment")
        written = line[:_LONGEST_LINE].decode("utf-8", "backslashreplace")
        for mark in delimiters:
            cells = _cells(written, mark, fewest)
            if len(cells) < fewest:
                continue
            values = {meaning: _bare(cells[at]) for meaning, at in columns.items()}
            site = site_of(values)
            if meanings.is_plausible(values, site, clock):
                return meanings.parse(values, site, hosts, clock)
        return Refused(_NOT_SO)

    return by_line(parse)


def _cells(written: str, delimiter: str, fewest: int) -> list[str]:
    """Return the columns of a line; none if it plainly has too few of them."""
    if delimiter == _BLANKS:
        return _words(written)
    if written.count(delimiter) < fewest - 1:
        return []
    if '"' not in written:
        return [cell.strip() for cell in written.split(delimiter)]
    try:
        row = next(csv.reader([written], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return []
    return [cell.strip() for cell in row]


def _words(written: str) -> list[str]:
    return _WORDS.findall(written) if '"' in written or "[" in written else written.split()


def _bare(cell: str) -> str:
    """Return a column that stands in quotes or brackets without them."""
    return cell[1:-1] if len(cell) > 1 and cell[0] + cell[-1] in ('""', "[]") else cell


class _Header:
    """The header of a CSV log, of W3C's kind too, once it has come."""

    def __init__(self, wanted: Iterable[str]) -> None:
        self._wanted = frozenset(wanted)
        self._needles = [name.encode() for name in self._wanted]
        self._names: list[str] = []
        self._delimiter = ","

    def is_one(self, line: bytes) -> bool:
        """Whether this is a line that names the columns; those after it are read by it."""
        if not all(name in line and name + b"=" not in line for name in self._needles):
            return False
        written = line.removeprefix(b"#Fields:").decode("utf-8", "backslashreplace")
        for delimiter in _DELIMITERS:
            names = [_bare(cell) for cell in _cells(written, delimiter, len(self._wanted))]
            if self._wanted.issubset(names):
                self._names, self._delimiter = names, delimiter
                return True
        return False

    def record(self, line: bytes) -> dict[str, str] | Refused | None:
        """Return a line's cells by their names; None if there was no header before it."""
        if not self._names:
            return None
        written = line.decode("utf-8", "backslashreplace")
        cells = _cells(written, self._delimiter, len(self._names))
        if len(cells) != len(self._names):
            return Refused(f"not the {len(self._names)} columns that the header names")
        return {name: _bare(cell) for name, cell in zip(self._names, cells, strict=True)}


class _Named:
    """A log whose lines name their fields, or stand below a header that does."""

    def __init__(self, mapped: Mapping[str, str], meanings: Meanings) -> None:
        self._mapped = mapped
        self._meanings = meanings
        self._header = _Header(mapped.values())

    def parse(self, line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
        record = self._record(line)
        if isinstance(record, Refused | Skipped):
            return record
        values = {meaning: text(dig(record, name)) or "" for meaning, name in self._mapped.items()}
        if not values.get("host") and not values.get("url"):
            return Skipped(NO_HOST_FIELD)
        return self._meanings.parse(values, site_of(values), hosts, clock)

    def _record(self, line: bytes) -> Mapping[str, Any] | Skipped | Refused:
        if line.lstrip()[:1] == b"{":
            return _json(line)
        if len(line) > _LONGEST_LINE:
            return Refused("a line of over 64 KiB")
        if self._header.is_one(line):
            return Skipped("header")
        if line.startswith(b"#"):
            return Skipped("comment")
        below = self._header.record(line)
        if below is not None:
            return below
        found = pairs(line) or colon_pairs(line)
        if not any(name in found for name in self._mapped.values()):
            return Refused("it has none of the fields that the map names, nor a header above it")
        return found


def _json(line: bytes) -> dict[str, Any] | Refused:
    try:
        return decoded(_decode, line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Refused(f"not a JSON record: {error}")


def _reader_of_names(mapped: Mapping[str, str], meanings: Meanings) -> Read:
    def read(
        batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
    ) -> Iterator[Observation]:
        yield from by_line(_Named(mapped, meanings).parse)(batches, hosts, tally, clock)

    return read
