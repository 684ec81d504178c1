"""Papers as workbooks: opened again and read, cell by cell."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from reports.paper import Cell, Paper, Said, Section
from reports.texts import Texts
from reports.writers import xlsx
from reports.writers.sheet_cells import cut
from reports.writers.sheet_names import Names
from tests.reports.papers import EVERYTHING, paper, table
from tests.support import at


def day_of(*numbers: int) -> datetime:
    """Return a time as a workbook has it: without a zone."""
    return datetime(*numbers)  # type: ignore[arg-type] # noqa: DTZ001


def opened(written: Paper) -> Any:
    texts = Texts(written.head.language)
    return openpyxl.load_workbook(io.BytesIO(xlsx.write(written, texts)))


def sheet_of(*rows: tuple[Cell, ...], language: str = "en") -> Any:
    return opened(paper(Section("s", "S", (table(*rows),)), language=language))["Systems"]


def first_cell(cell: Cell, language: str = "en") -> Any:
    return sheet_of((cell, 0, ""), language=language)["A2"]


def test_the_first_sheet_says_what_the_workbook_is_and_what_it_cannot_see() -> None:
    book = opened(EVERYTHING)
    assert book.sheetnames == ["About this document", "Systems", "_lists"]
    rows = [[one for one in row if one is not None] for row in book.worksheets[0].values]
    assert [row for row in rows if row] == [
        ["A small paper"],
        ["Harbour & Pine, 1 Dec 2026."],
        ["Of one page"],
        ["Organisation", "Harbour & Pine"],
        ["Scans", 1],
        ["What this cannot see"],
        ["No source has devices."],
        ["Words"],
        ["Two of three. See the table."],
        ["Nobody has decided."],
        ["• first"],
        ["• second"],
        ["Since", day_of(2026, 3, 1)],
        ["Share", 0.25],
        ["Known", "yes"],
        ["people", 1234],
        ["Use: March 3, April 0"],
    ]


def test_a_table_can_be_filtered_filled_in_and_read_again() -> None:
    sheet = opened(EVERYTHING)["Systems"]
    assert list(sheet.values) == [
        ("System", "People", "State"),
        ("ChatGPT", 1234, None),
        ("Claude", 2, "approved"),
        ("rising", 0, "a; b"),
    ]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:C4")
    assert sheet.print_title_rows == "$1:$1"
    (rule,) = sheet.data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == ("C2:C204", "'_lists'!$A$1:$A$2")
    assert sheet["C2"].fill.start_color.rgb == "FFFFF7D6"
    lists = sheet.parent["_lists"]
    assert (list(lists.values), lists.sheet_state) == (
        [("approved",), ("rejected, for now",)],
        "hidden",
    )


def test_numbers_and_days_are_what_they_are_and_look_as_the_language_has_it() -> None:
    assert (first_cell(1234).value, first_cell(1234).number_format) == (1234, "#,##0")
    day = first_cell(date(2026, 3, 1), "fr")
    assert (day.value, day.number_format) == (day_of(2026, 3, 1), "[$-40C]d mmm yyyy")
    minute = first_cell(at("2026-03-01T10:20:00Z"))
    assert minute.value == day_of(2026, 3, 1, 10, 20)
    assert minute.number_format == '[$-809]d mmm yyyy hh:mm "UTC"'
    assert first_cell(12345678901234567890).value == "12,345,678,901,234,567,890"
    assert first_cell(date(1066, 10, 14)).value == "14 Oct 1066"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0"])
@pytest.mark.parametrize("kind", [str, Said])
def test_what_looks_like_a_formula_stays_text_also_when_it_is_edited(
    text: str, kind: type[Said]
) -> None:
    cell = first_cell(kind(text))
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_only_sources_and_places_of_the_workbook_are_links() -> None:
    rows: tuple[tuple[Cell, ...], ...] = (
        (Said("a source", opens="https://example.org/a"), 0, ""),
        (Said("a place", opens="#b"), 0, ""),
        (Said("no place", opens="#nowhere"), 0, ""),
        (Said("a script", opens="javascript:alert(1)"), 0, ""),
        (("two", Said("sources", opens="https://example.org/b")), 0, ""),
    )
    written = paper(Section("s", "S", (table(*rows, ids=("a", "b", "c", "d", "e")),)))
    sheet = opened(written)["Systems"]
    found = [cell for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    links = {one.coordinate: one.hyperlink.target or one.hyperlink.location for one in found}
    assert links == {"A2": "https://example.org/a", "A3": "'Systems'!A3"}
    assert [row[0].value for row in sheet.iter_rows(min_row=4)] == [
        "no place",
        "a script",
        "two; sources (https://example.org/b)",
    ]


def test_a_cell_holds_no_more_than_a_program_takes_and_a_cut_shows() -> None:
    text = first_cell("word " * 8_000).value
    assert (len(text), text[-8:]) == (32_767, " word  …")
    assert cut("x" * 32_767) == "x" * 32_767
    emoji = cut("\U0001f916" * 20_000)
    assert (len(emoji.encode("utf-16-le")) // 2, emoji[-3:]) == (32_766, "\U0001f916 …")


def test_no_two_sheets_have_a_name_that_a_program_takes_for_one() -> None:
    names = Names()
    assert [
        names.take(one)
        for one in ("Systems", "SYSTEMS", "a/b:c?", "History", "'x'", "", "w" * 40, "W" * 40)
    ] == [
        "Systems",
        "SYSTEMS (2)",
        "a b c",
        "History (2)",
        "x",
        "-",
        "w" * 31,
        "W" * 27 + " (2)",
    ]


def test_an_empty_table_says_so() -> None:
    assert list(sheet_of().values) == [
        ("System", "People", "State"),
        ("There is none.", None, None),
    ]
