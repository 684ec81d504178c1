"""The spreadsheet of decisions read back: which of its columns are ours, and what each row says."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from itertools import islice
from typing import NamedTuple

from scanner.errors import UsageError
from scanner.inventory.decision_cells import Cells, sheets
from scanner.inventory.decision_sheet import ASKED, COLUMNS

_NEEDED = ("id", "verdict")
_KEYS = ("id", "seen", "name")  # what says which system a row is
_ROWS_ABOVE = 20  # titles and notes that people put above the headings
_REMARK = re.compile(r"\s*[(\[].*|[\s:*]+$", re.DOTALL)  # behind a heading: (required), *
_KNOWN = {key: key for key in COLUMNS} | {
    column.heading.casefold(): key for key, column in COLUMNS.items()
}
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})(?P<mark>[-/.])(?P<m>\d\d?)(?P=mark)(?P<d>\d\d?)")
_DAY_FIRST = re.compile(r"(?P<d>\d\d?)\.(?P<m>\d\d?)\.(?P<y>\d{4})")
_EITHER_FIRST = re.compile(r"(?P<one>\d\d?)(?P<mark>[-/])(?P<other>\d\d?)(?P=mark)(?P<y>\d{4})")
_LAST_MONTH = 12


class Row(NamedTuple):
    """A row that was read: its number in the file, its texts by column, and what could not be read."""

    number: int
    values: Mapping[str, str]
    flaw: str = ""


class Sheet(NamedTuple):
    """The sheet of a file that holds the decisions. ``passed_over`` are headings of other columns."""

    rows: Iterator[Row]
    passed_over: tuple[str, ...] = ()


class _Head(NamedTuple):
    """Where the columns are."""

    places: Mapping[str, int]
    passed_over: tuple[str, ...]


def read_rows(name: str, content: bytes) -> Iterator[Row]:
    """Yield the rows of a workbook or a CSV file. Raises UsageError if it is neither."""
    return read_sheet(name, content).rows


def read_sheet(name: str, content: bytes) -> Sheet:
    """Return the sheet that has our columns, whatever it is called and wherever it stands.

    Raises UsageError if no sheet has them, or the file is neither a workbook nor CSV.
    """
    nearest: set[str] = set()
    every = sheets(name, content)
    for cells in every:
        for row in islice(cells, _ROWS_ABOVE):
            head = _head(name, row)
            if not set(_NEEDED) - head.places.keys():
                return Sheet(_rows(cells, head.places, every), head.passed_over)
            nearest |= head.places.keys()
    lacking = [COLUMNS[key].heading for key in _NEEDED if key not in nearest] or list(_NEEDED)
    raise UsageError(
        f"{name}: its first rows have no column {' and '.join(lacking)}; "
        "begin with `gnomon review export`"
    )


def _head(name: str, row: Cells) -> _Head:
    """Return which columns a row names. Raises UsageError if it names one of ours twice."""
    places: dict[str, int] = {}
    others = []
    for place, said in enumerate(row.texts):
        key = _KNOWN.get(" ".join(_REMARK.sub("", said).casefold().split()))
        if key is None:
            others.append(said.strip())
        elif key in places:
            raise UsageError(f"{name}: two columns are called {COLUMNS[key].heading}; keep one")
        else:
            places[key] = place
    return _Head(places, tuple(one for one in others if one))


def _rows(
    cells: Iterable[Cells], places: Mapping[str, int], every: Generator[Iterator[Cells]]
) -> Iterator[Row]:
    with closing(every):
        for row in cells:
            values = {
                key: row.texts[at].strip() for key, at in places.items() if at < len(row.texts)
            }
            read = (places.get(key, -1) for key in (*_KEYS, *ASKED))
            flaw = next((row.flaws[at] for at in read if at in row.flaws), "")
            if any(values.values()) or flaw:
                yield Row(row.number, values, flaw)


def day_of(said: str) -> date | None:
    """Return the day that a cell says; None if it says none. Raises ValueError, in words.

    Spreadsheets write days as their country does when they save CSV: 30.06.2027 is one day, and
    7/6/2027 may be two.
    """
    if not said:
        return None
    bare = said.partition("T")[0].partition(" ")[0]
    if found := _YEAR_FIRST.fullmatch(bare) or _DAY_FIRST.fullmatch(bare):
        return _day(said, found["y"], found["m"], found["d"])
    if found := _EITHER_FIRST.fullmatch(bare):
        one, other = int(found["one"]), int(found["other"])
        if one != other and max(one, other) <= _LAST_MONTH:
            raise ValueError(f"{said!r} may be two days; write it as 2027-01-31")
        day, month = max(one, other), min(one, other)
        return _day(said, found["y"], str(month), str(day))
    raise ValueError(_no_day(said))


def _day(said: str, year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError(_no_day(said)) from None


def _no_day(said: str) -> str:
    return f"{said!r} is no day; write it as 2027-01-31"


def is_asked(values: Mapping[str, str]) -> Sequence[str]:
    """Return the columns that somebody has filled in."""
    return [name for name in ASKED if values.get(name)]
