"""The cells of a workbook or a CSV file, sheet by sheet, as texts: nothing in them is ever worked out."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from scanner.errors import UsageError

_MOST_BYTES = 512 * 1024 * 1024
_MOST_ROWS = 200_000
_LAST_ROW = 1_048_576  # of any spreadsheet; some programs write it, though nothing is in it
_MOST_COLUMNS = 64
_MOST_MERGED = 1_000
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_LONGEST_MERGED = 100  # bytes
_CHUNK = 1 << 20


class Cells(NamedTuple):
    """A row that is not empty: its number, its texts, and by their places what cannot be relied on."""

    number: int
    texts: Sequence[str]
    flaws: Mapping[int, str] = {}


class _Merged(NamedTuple):
    """Cells that are shown as one, over several rows. Places begin with 0, rows with 1."""

    first_row: int
    last_row: int
    first_place: int
    last_place: int


def sheets(name: str, content: bytes) -> Generator[Iterator[Cells]]:
    """Yield the rows of each sheet. Raises UsageError for what is neither a workbook nor CSV."""
    if not content.startswith(b"PK\x03\x04"):
        yield _of_csv(name, content)
        return
    book = _workbook(name, content)
    try:
        for sheet in book.worksheets:
            yield _of_sheet(name, sheet)
    finally:
        book.close()


def _of_sheet(name: str, sheet: Any) -> Iterator[Cells]:
    try:
        merged = _merged(name, sheet)
        rows = enumerate(sheet.iter_rows(max_row=_LAST_ROW), 1)
        filled = ((number, row[:_MOST_COLUMNS]) for number, row in rows if row)
        for count, (number, row) in enumerate(filled):
            if count >= _MOST_ROWS:
                raise UsageError(f"{name}: more than {_MOST_ROWS:,} rows; split it")
            flaws = {**_flaws(row), **_torn(merged, number)}
            yield Cells(number, [_text(cell) for cell in row], flaws)
    except (KeyError, IndexError, AttributeError, TypeError, ValueError, SyntaxError) as error:
        raise UsageError(f"{name}: a workbook that cannot be read: {error}") from error


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
        raise UsageError(
            f"{name}: a workbook that cannot be read: {error}; save it as .xlsx or as CSV"
        ) from error
    return book


def _flaws(row: Iterable[Any]) -> dict[int, str]:
    """Return which cells say nothing of their own: formulas, and what a spreadsheet gave up on."""
    said = {"f": "is a formula", "e": "is an error of the spreadsheet"}
    return {
        place: f"{cell.coordinate} {said[cell.data_type]}; write what it says"
        for place, cell in enumerate(row)
        if cell.data_type in said
    }


def _torn(merged: Iterable[_Merged], number: int) -> dict[int, str]:
    """Return the places of a row that other rows share: only the first would have what they say."""
    return {
        place: f"rows {one.first_row} to {one.last_row} share a cell; give each row its own"
        for one in merged
        if one.first_row <= number <= one.last_row
        for place in range(one.first_place, min(one.last_place, _MOST_COLUMNS) + 1)
    }


def _merged(name: str, sheet: Any) -> list[_Merged]:
    """Return the cells of a sheet that are merged over rows; reading row by row does not show them."""
    found = [_area(*one) for one in _found_in(sheet, _MERGED)]
    if len(found) > _MOST_MERGED:
        raise UsageError(f"{name}: more than {_MOST_MERGED:,} merged cells; part them again")
    return [one for one in found if one.last_row > one.first_row]


def _found_in(sheet: Any, wanted: re.Pattern[bytes]) -> set[tuple[bytes, ...]]:
    """Return what a sheet's own text holds, read by pieces."""
    found: set[tuple[bytes, ...]] = set()
    with sheet._get_source() as source:
        before = b""
        while piece := source.read(_CHUNK):
            found.update(wanted.findall(before + piece))
            before = piece[-_LONGEST_MERGED:]
    return found


def _area(left: bytes, top: bytes, right: bytes, bottom: bytes) -> _Merged:
    return _Merged(int(top), int(bottom), _place(left), _place(right))


def _place(letters: bytes) -> int:
    """Return the place of a column: A is 0, AA is 26."""
    number = 0
    for one in letters:
        number = number * 26 + one - ord("A") + 1
    return number - 1


def _text(cell: Any) -> str:
    """Return a cell as text: a day as 2027-01-31, a whole number without a point, no formula."""
    value = cell.value
    if value is None or cell.data_type in ("f", "e"):
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _of_csv(name: str, content: bytes) -> Iterator[Cells]:
    said = _decoded(name, content)
    begin = said.partition("\n")[0]
    delimiter = max(",;\t", key=begin.count)
    reader = csv.reader(io.StringIO(said, newline=""), delimiter=delimiter)
    try:
        for number, cells in enumerate(reader, 1):
            if number > _MOST_ROWS:
                raise UsageError(f"{name}: more than {_MOST_ROWS:,} rows; split it")
            yield Cells(number, [_unquoted(one) for one in cells])
    except csv.Error as error:
        raise UsageError(f"{name}:{reader.line_num}: not CSV: {error}") from error


def _decoded(name: str, content: bytes) -> str:
    """Return the text of a file. A guess at its letters would be recorded for good: none is made."""
    encoding = "utf-16" if content.startswith(_UTF_16) else "utf-8-sig"
    try:
        said = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{name}: neither a workbook nor CSV in UTF-8: {error.reason}; save it as .xlsx, or as "
            '"CSV UTF-8"'
        ) from error
    if "\0" in said:
        raise UsageError(f"{name}: neither a workbook nor CSV: it holds NUL bytes")
    return said


def _unquoted(value: str) -> str:
    """Return a cell without the quote that kept it from being a formula."""
    return value[1:] if value.startswith("'") and value[1:].startswith(_FORMULA_STARTS) else value
