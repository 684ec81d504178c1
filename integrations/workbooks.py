"""Workbooks (XLSX) as sheets of rows. A workbook is in memory whole; so very large ones are refused."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from integrations.tables import FIRST_ROWS, Sheet
from scanner.errors import SourceError

_MOST_BYTES = 512 * 1024 * 1024
_PART = "xl/workbook.xml"


def is_workbook(path: Path, head: bytes) -> bool:
    """Whether a file is a workbook of Excel's newer kind, and not just any archive."""
    if not head.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return _PART in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def sheets_of_workbook(path: Path) -> list[Sheet]:
    """Return the sheets of a workbook. Raises SourceError if it cannot be read."""
    pandas = _pandas()
    _refuse_what_is_too_large(path)
    try:
        with pandas.ExcelFile(path, engine="openpyxl") as book:
            names = list(book.sheet_names)
            firsts = [_cells(_parsed(book, name, FIRST_ROWS)) for name in names]
    except Exception as error:
        raise SourceError(f"a workbook that cannot be read: {error}") from error
    return [
        Sheet(list(first), partial(_rows, path, name), name=name)
        for name, first in zip(names, firsts, strict=True)
    ]


def _rows(path: Path, name: str, bad: Counter[str]) -> Iterator[Sequence[str]]:
    try:
        with _pandas().ExcelFile(path, engine="openpyxl") as book:
            frame = _parsed(book, name, None)
    except Exception:  # noqa: BLE001 - openpyxl raises whatever a damaged part makes it
        bad["(sheet)"] += 1
        return
    yield from _cells(frame)


def _parsed(book: Any, name: str, rows: int | None) -> Any:
    return _pandas().read_excel(
        book, sheet_name=name, header=None, dtype=object, nrows=rows, keep_default_na=False
    )


def _cells(frame: Any) -> Iterator[list[str]]:
    for row in frame.itertuples(index=False, name=None):
        yield [_text(one) for one in row]


def _text(value: Any) -> str:
    """Return a cell as a CSV would have it; dates as ISO 8601."""
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value.isoformat() if hasattr(value, "isoformat") else value)


def _pandas() -> Any:
    try:
        import openpyxl  # type: ignore[import-untyped] # noqa: F401
        import pandas  # type: ignore[import-untyped]
    except ImportError as error:
        raise SourceError(
            "a workbook; install pandas and openpyxl to have it read, or save it as CSV"
        ) from error
    return pandas


def _refuse_what_is_too_large(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        size = sum(one.file_size for one in archive.infolist())
    if size > _MOST_BYTES:
        raise SourceError("a workbook of more than 512 MiB unpacked; save its sheets as CSV")
