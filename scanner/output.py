"""Everything that is printed: results on stdout, words to the person on stderr.

What comes from logs is hostile until proven otherwise: in a terminal it stays text, in a
spreadsheet it stays a value.
"""

from __future__ import annotations

import csv
import json
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import Enum, StrEnum
from typing import Any

# Columns up to this wide stay on one line; wider ones may be folded to no less than the second.
_WIDEST_WORD = 32
_FOLDED = 20
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")


class OutputFormat(StrEnum):
    """How a listing is printed."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"


def say(message: str) -> None:
    """Tell the person at the terminal; never part of a result."""
    print(clean(message, keep="\n"), file=sys.stderr)


def show(text: str) -> None:
    """Print a line of a result for people."""
    print(clean(text, keep="\n"))


def raw(content: str | bytes) -> None:
    """Print a document as it is: it has been made safe for its own readers."""
    if isinstance(content, str):
        sys.stdout.write(content)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)


def listing(
    rows: Iterable[Mapping[str, Any] | None], columns: Sequence[str], style: OutputFormat
) -> None:
    """Print rows. Tables and CSV show ``columns``; JSON and NDJSON whole rows, as they come.

    None, where a row has nothing to say, is ``null`` in JSON and left out elsewhere.
    """
    match style:
        case OutputFormat.JSON:
            document(list(rows))
        case OutputFormat.NDJSON:
            for row in rows:
                print(json.dumps(row, default=_plain))
        case OutputFormat.CSV:
            _csv(filter(None, rows), columns)
        case OutputFormat.TABLE:
            _table(list(filter(None, rows)), columns)


def document(value: Any) -> None:
    """Print one JSON document."""
    print(json.dumps(value, default=_plain, indent=2))


def clean(text: str, keep: str = "") -> str:
    r"""Return text that cannot drive a terminal: control and direction marks become ``\x1b``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        one if one in keep or not unicodedata.category(one).startswith("C") else _escape(one)
        for one in text
    )


def cell(value: Any) -> str:
    """Return a value for a spreadsheet: what would be a formula is quoted."""
    shown = clean(text(value))
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"'{shown}" if shown.startswith(_FORMULA_STARTS) and not is_number else shown


def _escape(one: str) -> str:
    return one.encode("unicode_escape", "surrogatepass").decode("ascii")


def _csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(row.get(column)) for column in columns])


def _table(rows: list[Mapping[str, Any]], columns: Sequence[str]) -> None:
    if sys.stdout.isatty():
        _terminal_table(rows, columns)
    else:
        _text_table(rows, columns)


def _text_table(rows: list[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Print a table as wide as it is: what rich would print, sooner for hundreds of rows."""
    lines = [[column.replace("_", " ") for column in columns]]
    lines += ([_shown(row.get(column)) for column in columns] for row in rows)
    widths = [max(map(_width, shown)) for shown in zip(*lines, strict=True)]
    numeric = [_is_numeric(rows, column) for column in columns]
    for line in lines:
        cells = zip(line, widths, numeric, strict=True)
        print("  ".join(_padded(shown, width, right) for shown, width, right in cells))


def _padded(shown: str, width: int, right: bool) -> str:
    room = " " * (width - _width(shown))
    return room + shown if right else shown + room


def _width(shown: str) -> int:
    """Return how many cells of a terminal a text takes; most need nobody to be asked."""
    if shown.isascii():
        return len(shown)
    from rich.cells import cell_len

    return cell_len(shown)


def _is_numeric(rows: list[Mapping[str, Any]], column: str) -> bool:
    return bool(rows) and all(isinstance(row.get(column), int) for row in rows)


def _terminal_table(rows: list[Mapping[str, Any]], columns: Sequence[str]) -> None:
    from rich.console import Console
    from rich.measure import Measurement
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        shown = [_shown(row.get(column)) for row in rows]
        longest = max(map(len, [column, *shown]))
        table.add_column(
            column.replace("_", " "),
            justify="right" if _is_numeric(rows, column) else "left",
            min_width=longest if longest <= _WIDEST_WORD else _FOLDED,
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(Text(_shown(row.get(column))) for column in columns))
    console = Console(file=sys.stdout, highlight=False)
    # A narrow terminal folds long cells, and wraps the rest rather than hide any of it.
    console.width = max(console.width, Measurement.get(console, console.options, table).minimum)
    console.print(table, soft_wrap=True)


def _shown(value: Any) -> str:
    """Return a value for a table cell; a time to the minute, in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
    return clean(text(value))


def text(value: Any) -> str:
    """Return a value as people read it: nothing for None, a list joined by commas."""
    plain = _plain(value) if not isinstance(value, str | int | float | list | tuple) else value
    if plain is None:
        return ""
    if isinstance(plain, list | tuple):
        return ", ".join(text(one) for one in plain)
    if isinstance(plain, bool):
        return "yes" if plain else "no"
    return str(plain)


def _plain(value: Any) -> Any:
    """Return a value that JSON knows. Times are UTC, to the second where they have no fraction."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, Mapping):
        return value
    return str(value)
