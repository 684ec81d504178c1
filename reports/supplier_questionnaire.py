"""The questionnaire for a supplier to fill in, as a workbook or a Word document.

It goes out of the house: it holds the questions that a supplier can answer and what is publicly said
of it with the source, and nothing that was observed here.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from reports.supplier_wording import word
from reports.texts import Texts, languages
from reports.writers.zips import packed_at
from scanner.inventory.supplier_answers import Answer, Reply
from scanner.inventory.supplier_import import Lexicon, folded, reference
from scanner.inventory.supplier_questions import Asks
from scanner.inventory.supplier_record import SupplierRecord
from scanner.inventory.supplier_statements import SourceKind
from scanner.output import clean

_COLUMNS = {
    "number": 7, "topic": 18, "question": 46, "known": 46, "state": 15, "answer": 46,
    "source": 30, "as_of": 13, "tier": 20, "valid_until": 13, "reference": 14,
}  # fmt: skip
_ASKED = frozenset({"state", "answer", "source", "as_of", "tier", "valid_until"})
_IN_WORD = ("number", "question", "state", "answer", "source", "as_of", "reference")
_LONGEST_CELL = 32_000


class Row(NamedTuple):
    """One question as it goes out."""

    number: str
    topic: str
    question: str
    known: str
    reference: str


def lexicon() -> Lexicon:
    """Return the words by which a questionnaire of any language is read."""
    headings: dict[str, str] = {}
    states: dict[str, str] = {}
    for texts in map(Texts, languages()):
        headings |= folded((texts(f"questionnaire.column.{one}"), one) for one in _COLUMNS)
        states |= folded((word(texts, "reply", one), one.value) for one in Reply)
        states |= folded((one.value, one.value) for one in Reply)
    return Lexicon(headings, {said: Reply(value) for said, value in states.items()})


def rows_of(record: SupplierRecord, texts: Texts) -> Iterator[Row]:
    """Yield the questions that the supplier can answer, with what is publicly said."""
    for one in record.answers:
        if one.question.asks is Asks.SUPPLIER:
            yield Row(
                one.question.id,
                word(texts, "topic", one.question.topic),
                texts(f"supplier.question.{one.question.id}"),
                _known(one, texts),
                reference(record.id, one.question.id, one.seen),
            )


def _known(answer: Answer, texts: Texts) -> str:
    """Return what the catalogue says, for confirmation: what we observed stays here."""
    said = (
        texts("questionnaire.said", text=one.text, source=one.source, at=one.as_of)
        for one in answer.statements
        if one.kind is SourceKind.CATALOGUE_FACT and one.text and not one.is_silent
    )
    return "\n".join(said)


def as_workbook(record: SupplierRecord, organisation: str, texts: Texts, now: datetime) -> bytes:
    """Return the questionnaire as a workbook; nothing in it is a formula."""
    import xlsxwriter  # type: ignore[import-untyped]

    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    out = io.BytesIO()
    title = texts("questionnaire.title", name=record.name)
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": _shown(title)[:255], "created": now.replace(tzinfo=None)})
        sheet = book.add_worksheet(_shown(texts("questionnaire.sheet"))[:31])
        rows = list(rows_of(record, texts))
        _lay_out(book, sheet, texts)
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for at, row in enumerate(rows, 1):
            sheet.set_row(at, _height(row))
            for place, name in enumerate(_COLUMNS):
                if name not in _ASKED:
                    sheet.write_string(at, place, _shown(getattr(row, name)), wrapped)
        _ask(sheet, len(rows), texts)
        _explain(book, texts, title, organisation)
    return packed_at(out.getvalue(), now)


def _height(row: Row) -> float:
    """Return how high a row must be, in points, for its longest text to be read."""
    lines = (
        sum(
            -(-max(len(line), 1) * 9 // (_COLUMNS[name] * 10))
            for line in getattr(row, name).split("\n")
        )
        for name in ("question", "known", "topic")
    )
    return min(409.0, 14.0 * (max(lines) + 1))  # no program shows a higher one


def _lay_out(book: Any, sheet: Any, texts: Texts) -> None:
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    asked = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#FFF2CC"}
    )
    plain = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    for place, (name, width) in enumerate(_COLUMNS.items()):
        style = plain if name in _ASKED else None
        sheet.set_column(place, place, width, style, {"hidden": name == "reference"})
        heading = _shown(texts(f"questionnaire.column.{name}"))
        sheet.write_string(0, place, heading, asked if name in _ASKED else head)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _ask(sheet: Any, last: int, texts: Texts) -> None:
    at = list(_COLUMNS).index("state")
    choices = [word(texts, "reply", one) for one in Reply]
    sheet.data_validation(1, at, max(last, 1), at, {"validate": "list", "source": choices})


def _explain(book: Any, texts: Texts, title: str, organisation: str) -> None:
    """Add the sheet that says what is asked, and how to answer."""
    sheet = book.add_worksheet(_shown(texts("questionnaire.about"))[:31])
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 110)
    sheet.write_string(0, 0, _shown(title), bold)
    for at, text in enumerate(_lead(texts, organisation), 1):
        sheet.write_string(at, 0, _shown(text), wrapped)


def _lead(texts: Texts, organisation: str) -> tuple[str, ...]:
    return (
        texts("questionnaire.lead", organisation=organisation),
        texts("questionnaire.how"),
        texts("questionnaire.states"),
    )


def as_document(record: SupplierRecord, organisation: str, texts: Texts, now: datetime) -> bytes:
    """Return the questionnaire as a Word document: a table to fill in for each topic."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm

    document = docx.Document()
    page: Any = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Cm(29.7), Cm(21)
    page.left_margin = page.right_margin = Cm(1.5)
    page.top_margin = page.bottom_margin = Cm(1.5)
    document.styles["Normal"].font.name = "Arial"
    title = _shown(texts("questionnaire.title", name=record.name))
    document.add_heading(title, 0)
    for text in _lead(texts, organisation):
        document.add_paragraph(_shown(text))
    rows = list(rows_of(record, texts))
    for topic in dict.fromkeys(one.topic for one in rows):
        document.add_heading(_shown(topic), 2)
        _table(document, [one for one in rows if one.topic == topic], texts)
    about = document.core_properties
    about.title, about.author = title[:255], _shown(organisation)[:255]
    about.created = about.modified = now.replace(tzinfo=None)
    out = io.BytesIO()
    document.save(out)
    return packed_at(out.getvalue(), now)


def _table(document: Any, rows: list[Row], texts: Texts) -> None:
    from docx.shared import Cm, Pt

    widths = (1.3, 8.4, 2.2, 6.8, 3.4, 2.0, 2.4)
    table = document.add_table(rows=1, cols=len(_IN_WORD))
    table.style = "Table Grid"
    table.autofit = False
    for cell, name in zip(table.rows[0].cells, _IN_WORD, strict=True):
        cell.text = _shown(texts(f"questionnaire.column.{name}"))
        cell.paragraphs[0].runs[0].bold = True
    for one in rows:
        cells = table.add_row().cells
        cells[0].text = one.number
        cells[1].text = _shown(one.question)
        if one.known:
            known = cells[1].add_paragraph()
            known.add_run(_shown(one.known)).italic = True
        cells[-1].text = one.reference
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.space_after = Pt(2)
                for run in paragraph.runs:
                    run.font.size = Pt(8)


def _shown(text: str) -> str:
    return clean(text, keep="\n")[:_LONGEST_CELL]
