"""Papers as workbooks: a first sheet on the paper and what it cannot see, and a sheet for each table.

Nothing in a workbook is a formula; the first line of a sheet holds the headings, so that what people
fill in can be read again.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from reports.paper import Paper, Table
from reports.texts import Texts
from reports.writers import in_words
from reports.writers.column_widths import wishes
from reports.writers.sheet_cells import Formats, Place, set_height, write_cell, write_text
from reports.writers.sheet_names import Names
from reports.writers.sheet_of_words import lines_of, write_words

_LISTS = "_lists"
_EMPTY_ROWS = 200  # that can be filled in below a table with columns to fill
_WIDEST = 80
_A4 = 9
_READABLE = 220  # characters over the width of a printed page
_BUTTON = 3  # that the filter takes of a heading


def write(paper: Paper, texts: Texts) -> bytes:
    """Return the paper as a workbook."""
    import xlsxwriter  # type: ignore[import-untyped]

    from reports.writers.zips import packed_at

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _options()) as book:
        _describe(book, paper)
        formats = Formats(book, paper.head.language)
        first = Names()
        about = first.take(texts("common.about"))
        first.take(_LISTS)
        tables = [(first.take(one.name), one) for one in _tables(paper)]
        places = {
            target: Place(name, row)
            for name, one in tables
            for row, target in enumerate(one.ids, 2)
        }
        write_words(book.add_worksheet(about), lines_of(paper, texts), formats, texts)
        lists = _Lists()
        for name, table in tables:
            _write_table(book.add_worksheet(name), table, formats, texts, places, lists)
        lists.write(book)
    return packed_at(out.getvalue(), paper.head.made_at)


def _options() -> dict[str, Any]:
    """Return how a workbook is written; XlsxWriter changes what it is given."""
    return {
        "constant_memory": True,
        "default_format_properties": {"font_name": "Arial", "font_size": 10},
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }


def _describe(book: Any, paper: Paper) -> None:
    from scanner.output import clean

    book.set_properties(
        {
            "title": clean(paper.title)[:255],
            "author": clean(paper.head.organisation)[:255],
            "comments": paper.head.tool,
            "created": paper.head.made_at.astimezone(UTC).replace(tzinfo=None),
        }
    )


def _tables(paper: Paper) -> list[Table]:
    """Return the tables that have a sheet; those of the blind spots are on the first one."""
    return [
        block
        for section in paper.sections
        if section.id != "blind"
        for block in section.blocks
        if isinstance(block, Table)
    ]


class _Lists:
    """What may be chosen from, in a sheet that is not shown: a list within a rule is too short."""

    def __init__(self) -> None:
        self._columns: dict[tuple[str, ...], int] = {}

    def range_of(self, choices: tuple[str, ...]) -> str:
        from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]

        at = self._columns.setdefault(choices, len(self._columns))
        name = xl_col_to_name(at)
        return f"='{_LISTS}'!${name}$1:${name}${len(choices)}"

    def write(self, book: Any) -> None:
        if not self._columns:
            return
        sheet = book.add_worksheet(_LISTS)
        for row in range(max(map(len, self._columns))):
            for choices, at in self._columns.items():
                if row < len(choices):
                    sheet.write_string(row, at, choices[row])
        sheet.hide()


def _write_table(
    sheet: Any,
    table: Table,
    formats: Formats,
    texts: Texts,
    places: Mapping[str, Place],
    lists: _Lists,
) -> None:
    widths = [min(one.wanted, _WIDEST) for one in wishes(table, texts)]
    roomy = [one + _BUTTON for one in widths]
    set_height(sheet, 0, [one.title for one in table.columns], roomy, texts)
    _lay_out(sheet, table, formats, widths)
    for number, row in enumerate(table.rows, 1):
        set_height(sheet, number, row, roomy, texts)
        for at, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
            write_cell(sheet, number, at, cell, formats.of(column), texts, places)
    if not table.rows:
        write_text(sheet, 1, 0, in_words(table.empty, texts), formats.soft)
    _ask(sheet, table, lists)


def _lay_out(sheet: Any, table: Table, formats: Formats, widths: list[int]) -> None:
    from scanner.output import clean

    for at, column in enumerate(table.columns):
        width = widths[at] + _BUTTON
        sheet.set_column(at, at, width, formats.of(column).text if column.is_to_fill else None)
    for at, column in enumerate(table.columns):
        write_text(sheet, 0, at, clean(column.title), formats.heading_of(column))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(-(-sum(widths) // _READABLE), 0)
    sheet.set_footer("&L&A&R&P / &N")


def _ask(sheet: Any, table: Table, lists: _Lists) -> None:
    """Let people choose, where there is a choice; also in lines that they add."""
    is_asked = any(one.is_to_fill for one in table.columns)
    last = len(table.rows) + (_EMPTY_ROWS if is_asked else 0)
    for at, column in enumerate(table.columns):
        if column.choices:
            rule = {"validate": "list", "source": lists.range_of(column.choices)}
            sheet.data_validation(1, at, max(last, 1), at, rule)
