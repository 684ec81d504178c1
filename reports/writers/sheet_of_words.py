"""The first sheet of a workbook: what the paper is, what it cannot see, and all that is no table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any, NamedTuple

from reports.paper import Block, Bullets, Cell, Chart, Facts, Figures, Paper, Section, Table, Text
from reports.texts import Texts
from reports.writers import in_a_line, in_words
from reports.writers.sheet_cells import Formats, cut, set_height, write_cell, write_text

_WIDTHS = (38, 44, 34, 60)


class Kind(Enum):
    """What a line of the sheet is."""

    TITLE = 1
    SECTION = 2
    NOTICE = 3
    WORDS = 4  # across the sheet
    HEADINGS = 5
    CELLS = 6
    FACT = 7  # a name and a value


class Line(NamedTuple):
    """A line of the sheet."""

    kind: Kind
    cells: tuple[Cell, ...] = ()


def lines_of(paper: Paper, texts: Texts) -> Iterator[Line]:
    """Yield the lines: the paper, its head, what it cannot see, then the words of its sections."""
    yield Line(Kind.TITLE, (paper.title,))
    yield Line(Kind.WORDS, (paper.head.in_short,))
    if paper.subtitle:
        yield Line(Kind.WORDS, (paper.subtitle,))
    yield Line(Kind.WORDS)
    yield from (Line(Kind.FACT, row) for row in paper.head.as_rows)
    for section in sorted(paper.sections, key=lambda one: one.id != "blind"):
        lines = [line for block in section.blocks for line in _lines(block, section, texts)]
        if lines:
            yield from (Line(Kind.WORDS), Line(Kind.SECTION, (section.title,)), *lines)


def _lines(block: Block, section: Section, texts: Texts) -> Iterator[Line]:
    match block:
        case Text():
            said = "".join(in_words(one, texts) for one in block.parts)
            yield Line(Kind.NOTICE if block.is_notice else Kind.WORDS, (said,))
        case Bullets():
            yield from (Line(Kind.WORDS, (f"• {in_words(one, texts)}",)) for one in block.items)
        case Facts():
            yield from (Line(Kind.FACT, row) for row in block.rows)
        case Figures():
            yield from (Line(Kind.FACT, (one.label, one.value)) for one in block.items)
        case Chart():
            yield Line(Kind.WORDS, (in_a_line(block, texts),))
        case Table() if section.id == "blind":
            yield from _table(block)


def _table(table: Table) -> Iterator[Line]:
    yield Line(Kind.HEADINGS, tuple(one.title for one in table.columns))
    yield from (Line(Kind.CELLS, row) for row in table.rows)
    if not table.rows:
        yield Line(Kind.WORDS, (table.empty,))
    yield Line(Kind.WORDS)


def write_words(sheet: Any, lines: Iterable[Line], formats: Formats, texts: Texts) -> None:
    """Write the lines, and lay the sheet out to be read and printed."""
    for at, width in enumerate(_WIDTHS):
        sheet.set_column(at, at, width)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&R&P / &N")
    for row, line in enumerate(lines):
        _write_line(sheet, row, line, formats, texts)


def _write_line(sheet: Any, row: int, line: Line, formats: Formats, texts: Texts) -> None:
    across = {
        Kind.TITLE: formats.title,
        Kind.SECTION: formats.section,
        Kind.NOTICE: formats.notice,
        Kind.WORDS: formats.words,
    }
    if not line.cells:
        return
    if line.kind in across:
        _across(sheet, row, in_words(line.cells[0], texts), across[line.kind])
        return
    set_height(sheet, row, line.cells, _WIDTHS, texts)
    for at, cell in enumerate(line.cells):
        if line.kind is Kind.HEADINGS:
            write_text(sheet, row, at, in_words(cell, texts), formats.heading)
        else:
            look = formats.soft if line.kind is Kind.FACT and at == 0 else formats.plain
            write_cell(sheet, row, at, cell, look, texts, {})


def _across(sheet: Any, row: int, text: str, look: Any) -> None:
    """Write a text over the width of the sheet, as high as it needs: programs do not see to that."""
    size = look.font_size
    lines = -(-len(text) * size // (11 * sum(_WIDTHS))) or 1
    sheet.set_row(row, min(lines * size * 1.4, 409))
    sheet.merge_range(row, 0, row, len(_WIDTHS) - 1, cut(text), look)
