"""Tables in files, CSV in whatever dress and workbooks: rows told by what their columns mean.

A heading need not be the first line: exports put titles above it. Separators, encodings, quoted
line breaks, decimal commas and the order of dates are found out; memory does not grow with a CSV.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from integrations.columns import (
    Columns,
    Habit,
    bytes_of,
    count_of,
    currency_of,
    currency_of_heading,
    time_of_cell,
    unit_of_heading,
)
from integrations.fields import Item
from integrations.texts import lines_of

FIRST_ROWS = 40
_DELIMITERS = ",;\t|"
_FEWEST = 2
_LONGEST = 60
_OF_PROGRAMS = tuple("'\"`[({<=*")


class Sheet(NamedTuple):
    """One way to see a file as rows of cells: a sheet of a workbook, a text parted at some mark."""

    first: Sequence[Sequence[str]]
    rows: Callable[[Counter[str]], Iterator[Sequence[str]]]
    mark: str = ""
    name: str = ""


class Found(NamedTuple):
    """A heading: the sheet it is in, its number among the rows, and where each meaning is."""

    sheet: Sheet
    at: int
    places: dict[str, int]


def sheets_of_text(path: Path, head: str, encoding: str) -> list[Sheet]:
    """Return the ways to see a text as a table, one for each mark that could part its cells."""
    lines = head.splitlines(keepends=True)
    return [
        Sheet(_first_rows(lines, mark), _reading(path, encoding, mark), mark)
        for mark in _DELIMITERS
        if mark in head
    ]


def find(columns: Columns, sheets: Iterable[Sheet]) -> Found | None:
    """Return where the heading of a table is; None if it is not there.

    What follows a heading is shaped as it is: names in a line of prose or of a program are none.
    """
    for sheet in sheets:
        for at, cells in enumerate(sheet.first):
            if not _is_heading(cells) or (places := columns.places(cells)) is None:
                continue
            if _goes_on(len(cells), sheet.first[at + 1 :]):
                return Found(sheet, at, places)
    return None


def _is_heading(cells: Sequence[str]) -> bool:
    filled = [one.strip() for one in cells if one.strip()]
    return len(filled) >= _FEWEST and not any(
        len(one) > _LONGEST or one.startswith(_OF_PROGRAMS) for one in filled
    )


def _goes_on(width: int, below: Sequence[Sequence[str]]) -> bool:
    """Whether half of the rows below are as wide as the heading; a table may also be empty."""
    rows = [cells for cells in below if any(one.strip() for one in cells)]
    fitting = [cells for cells in rows if len(cells) >= width and not any(cells[width:])]
    return len(fitting) * 2 >= len(rows)


class Table:
    """The rows below a heading as items, named by what they mean; ``bad`` counts what is not understood.

    A file is read twice: first for how its columns write dates and amounts.
    """

    def __init__(self, found: Found, columns: Columns, bad: Counter[str]) -> None:
        self._found = found
        self._columns = columns
        self._bad = bad
        is_account = any(one in found.places for one in columns.of_accounts)
        self._habits = {
            name: Habit(is_account=is_account)
            for name in (*columns.times, *columns.amounts)
            if name in found.places
        }
        self._day_is_first: bool | None = None
        heading = found.sheet.first[found.at]
        self._headings = {name: heading[place] for name, place in found.places.items()}

    def __iter__(self) -> Iterator[Item]:
        """Yield the rows that say one of the keys; others are counted, empty ones left out."""
        if self._habits:
            self._learn()
        width = len(self._found.sheet.first[self._found.at])
        for cells in self._rows(self._bad):
            values = self._values(cells)
            is_torn = any(one.strip() for one in cells[width:])
            if is_torn or not any(values.get(one) for one in self._columns.keys):
                self._bad["(row)"] += 1
            else:
                yield Item(self._read(values), self._bad)

    def _rows(self, bad: Counter[str]) -> Iterator[Sequence[str]]:
        heading = list(self._found.sheet.first[self._found.at])
        for cells in islice(self._found.sheet.rows(bad), self._found.at + 1, None):
            if any(one.strip() for one in cells) and list(cells) != heading:
                yield cells

    def _values(self, cells: Sequence[str]) -> dict[str, str]:
        return {
            name: cells[place].strip()
            for name, place in self._found.places.items()
            if place < len(cells)
        }

    def _learn(self) -> None:
        for cells in self._rows(Counter()):
            values = self._values(cells)
            for name, habit in self._habits.items():
                if cell := values.get(name):
                    learn = habit.learn_date if name in self._columns.times else habit.learn_amount
                    learn(cell)
        self._day_is_first = self._order()

    def _order(self) -> bool | None:
        """Return what the other columns say for one that does not tell: one hand wrote them all."""
        told = {one.day_is_first for one in self._habits.values()} - {None}
        if len(told) == 1:
            return told.pop()
        # Where decimals have a comma, cells are parted by a semicolon, and the day comes first.
        is_comma = any(one.marks and one.mark == "," for one in self._habits.values())
        return True if is_comma or self._found.sheet.mark == ";" else None

    def _read(self, values: dict[str, str]) -> dict[str, object]:
        read: dict[str, object] = {}
        for name, cell in values.items():
            if not cell:
                continue
            try:
                read[name] = self._value(name, cell)
            except (ValueError, OverflowError):
                self._bad[name] += 1
        for name in self._columns.amounts:
            heading = self._headings.get(name, "")
            code = currency_of(values.get(name, "")) or currency_of_heading(heading)
            if "currency" not in read and name in read and code:
                read["currency"] = code
        return read

    def _value(self, name: str, cell: str) -> object:
        if name in self._columns.times:
            habit = self._habits[name]
            order = habit.day_is_first if habit.orders else self._day_is_first
            return time_of_cell(cell, order).isoformat()
        if name in self._columns.amounts:
            return self._habits[name].amount(cell)
        if name in self._columns.counts:
            return count_of(cell)
        if name not in self._columns.sizes:
            return cell
        is_bare = cell[-1:].isdecimal()
        return bytes_of(cell + unit_of_heading(self._headings[name]) if is_bare else cell)


def _first_rows(lines: Iterable[str], mark: str) -> list[list[str]]:
    rows: list[list[str]] = []
    with suppress(csv.Error):
        rows.extend(islice(csv.reader(lines, delimiter=mark, skipinitialspace=True), FIRST_ROWS))
    return rows


def _reading(
    path: Path, encoding: str, mark: str
) -> Callable[[Counter[str]], Iterator[Sequence[str]]]:
    def rows(bad: Counter[str]) -> Iterator[Sequence[str]]:
        reader = csv.reader(lines_of(path, encoding, bad), delimiter=mark, skipinitialspace=True)
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                bad["(row)"] += 1
                continue
            yield row

    return rows
