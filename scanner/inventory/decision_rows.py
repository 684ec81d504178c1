"""The spreadsheet of decisions read back: a workbook or CSV, of which nothing is ever worked out."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from scanner.errors import UsageError
from scanner.inventory.decision_sheet import ASKED, COLUMNS, SHEET
from scanner.inventory.verdicts import a_day

_MOST_BYTES = 512 * 1024 * 1024
_MOST_ROWS = 200_000
_MOST_COLUMNS = 64
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")


class Row(NamedTuple):
    """A row that was read: its number in the file, its texts by column, and what could not be read."""

    number: int
    values: Mapping[str, str]
    flaw: str = ""


def read_rows(name: str, content: bytes) -> Iterator[Row]:
    """Yield the rows of a workbook or a CSV file. Raises UsageError if it is neither."""
    if content.startswith(b"PK\x03\x04"):
        return _named(name, _cells_of_workbook(name, content))
    return _named(name, _cells_of_csv(name, content))


def _named(name: str, rows: Iterator[tuple[int, list[str], str]]) -> Iterator[Row]:
    """Yield rows by the names of their columns; columns that we do not know are passed over."""
    _, headings, _ = next(rows, (0, [], ""))
    known = {column.heading.casefold(): key for key, column in COLUMNS.items()}
    known |= {key: key for key in COLUMNS}
    places = {
        known[heading.strip().casefold()]: at
        for at, heading in enumerate(headings)
        if heading.strip().casefold() in known
    }
    if missing := [COLUMNS[key].heading for key in ("id", "verdict") if key not in places]:
        raise UsageError(
            f"{name}: its first row has no column {' and '.join(missing)}; "
            "begin with `gnomon review export`"
        )
    for number, cells, flaw in rows:
        values = {key: cells[at].strip() for key, at in places.items() if at < len(cells)}
        if any(values.values()) or flaw:
            yield Row(number, values, flaw)


def _cells_of_workbook(name: str, content: bytes) -> Iterator[tuple[int, list[str], str]]:
    book = _workbook(name, content)
    try:
        sheet = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
        rows = sheet.iter_rows(max_row=_MOST_ROWS + 1, max_col=_MOST_COLUMNS)
        for number, row in enumerate(rows, 1):
            if number > _MOST_ROWS:
                raise UsageError(f"{name}: more than {_MOST_ROWS:,} rows; split it")
            formulas = [cell.coordinate for cell in row if cell.data_type == "f"]
            flaw = f"{formulas[0]} is a formula; write what it says" if formulas else ""
            yield number, [_text(cell) for cell in row], flaw
    except (KeyError, IndexError, AttributeError, TypeError, ValueError, SyntaxError) as error:
        raise UsageError(f"{name}: a workbook that cannot be read: {error}") from error
    finally:
        book.close()


def _workbook(name: str, content: bytes) -> Any:
    try:
        import openpyxl  # type: ignore[import-untyped]

        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > _MOST_BYTES:
                raise UsageError(
                    f"{name}: a workbook of more than 512 MiB unpacked; save it as CSV"
                )
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # a file may claim any size of itself
    except UsageError:
        raise
    except Exception as error:
        raise UsageError(f"{name}: a workbook that cannot be read: {error}") from error
    return book


def _text(cell: Any) -> str:
    """Return a cell as text: a day as 2027-01-31, a whole number without a point, no formula."""
    value = cell.value
    if value is None or cell.data_type == "f":
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _cells_of_csv(name: str, content: bytes) -> Iterator[tuple[int, list[str], str]]:
    try:
        said = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{name}: neither a workbook nor CSV in UTF-8: {error.reason}") from error
    if "\0" in said:
        raise UsageError(f"{name}: neither a workbook nor CSV: it holds NUL bytes")
    begin = said.partition("\n")[0]
    delimiter = max(",;\t", key=begin.count)
    reader = csv.reader(io.StringIO(said, newline=""), delimiter=delimiter)
    try:
        for number, cells in enumerate(reader, 1):
            if number > _MOST_ROWS:
                raise UsageError(f"{name}: more than {_MOST_ROWS:,} rows; split it")
            yield number, [_unquoted(one) for one in cells], ""
    except csv.Error as error:
        raise UsageError(f"{name}:{reader.line_num}: not CSV: {error}") from error


def _unquoted(value: str) -> str:
    """Return a cell without the quote that kept it from being a formula."""
    return value[1:] if value.startswith("'") and value[1:].startswith(_FORMULA_STARTS) else value


def day_of(said: str) -> date | None:
    """Return the day that a cell says; None if it says none. Raises ValueError, in words."""
    return a_day(said.partition("T")[0].partition(" ")[0]) if said else None


def is_asked(values: Mapping[str, str]) -> Sequence[str]:
    """Return the columns that somebody has filled in."""
    return [name for name in ASKED if values.get(name)]
