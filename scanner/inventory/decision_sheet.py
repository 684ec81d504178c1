"""The spreadsheet that people decide in, with what they must know.

A workbook holds numbers and text alone: nothing in it is a formula, and none that somebody puts in is
worked out. The hidden columns say which system a row is, and the newest decision that its reader saw.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from scanner.inventory.review_lists import Standpoint
from scanner.inventory.scope import CUSTOMER_AREAS
from scanner.inventory.verdicts import BECAUSE, RULES, VERDICTS, Because
from scanner.output import cell, clean, text

SHEET = "Decisions"
_LONGEST_CELL = 32_000


class Column(NamedTuple):
    """A column: its heading, how wide it is, and what to write in it, if people are to."""

    heading: str
    width: int
    asks: str = ""
    is_hidden: bool = False


COLUMNS: Mapping[str, Column] = {
    "id": Column("System id", 18, is_hidden=True),
    "seen": Column("Decision seen", 10, is_hidden=True),
    "name": Column("AI system", 28),
    "supplier": Column("Supplier", 22),
    "kind": Column("Kind", 8),
    "category": Column("Category", 18),
    "state": Column("State now", 16),
    "why": Column("Why it stands so", 34),
    "level": Column("How far its use got", 12),
    "people": Column("People", 8),
    "events": Column("Events", 10),
    "first": Column("First used", 12),
    "last": Column("Last used", 12),
    "reach": Column("What it may reach", 28),
    "units": Column("Units", 22),
    "owner": Column("May be owned by", 24),
    "verdict": Column("Verdict", 22, "One of the list. A row without a verdict is passed over."),
    "code": Column("Code", 12, "Only for dismissed: why there is nothing to decide."),
    "reason": Column("Reason", 40, "Why. Every verdict needs one."),
    "review_due": Column("Review due", 12, "A day such as 2027-06-30: until when it holds."),
    "conditions": Column("Conditions", 34, "Under which conditions, or for whom."),
    "exceptions": Column(
        "Exceptions", 34, "Who may use it all the same: unit=Sales until=2027-01-01; several by ;"
    ),
}
ASKED = tuple(name for name, one in COLUMNS.items() if one.asks)
_DAYS = ("first", "last", "review_due")


def rows_of(found: Iterable[Standpoint]) -> Iterator[dict[str, Any]]:
    """Yield a row for each system: what a decider must know, and empty places to decide in."""
    for one in found:
        system, facts, review = one.system, one.facts, one.review
        areas = {CUSTOMER_AREAS.get(each.area, each.area) for each in facts.reached}
        yield {
            **dict.fromkeys(COLUMNS, ""),
            "id": system.id,
            "seen": review.number,
            "name": system.name,
            "supplier": system.supplier,
            "kind": system.kind.value,
            "category": system.category,
            "state": review.state.value,
            "why": review.why,
            "level": "built" if system.level is None else system.level.label,
            "people": facts.most_people,
            "events": system.events,
            "first": one.first_used.date() if one.first_used else None,
            "last": one.last_used.date() if one.last_used else None,
            "reach": ", ".join(sorted(areas)),
            "units": ", ".join(f"{unit} ({people})" for unit, people in facts.units.items()),
            "owner": facts.owners[0].owner if facts.owners else "",
        }


def as_workbook(rows: Iterable[Mapping[str, Any]], now: datetime) -> bytes:
    """Return rows as a workbook (XLSX)."""
    import xlsxwriter  # type: ignore[import-untyped]

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties(
            {"title": "Decisions on AI systems", "created": now.replace(tzinfo=None)}
        )
        sheet = book.add_worksheet(SHEET)
        _lay_out(book, sheet)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        written = 0
        for written, row in enumerate(rows, 1):
            _write_row(sheet, written, row, day)
        _ask(sheet, max(written, 1))
        _explain(book)
    return content.getvalue()


def as_csv(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return rows as CSV; what a spreadsheet would take for a formula is quoted."""
    said = io.StringIO(newline="")
    writer = csv.writer(said, lineterminator="\n")
    writer.writerow([one.heading for one in COLUMNS.values()])
    writer.writerows([cell(row[name]) for name in COLUMNS] for row in rows)
    return said.getvalue().encode("utf-8-sig")


def as_shown(value: object) -> str:
    """Return a value as a cell shows it."""
    return clean(text(value))[:_LONGEST_CELL]


def _lay_out(book: Any, sheet: Any) -> None:
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    asked = book.add_format({"bold": True, "valign": "top", "bottom": 1, "bg_color": "#FFF2CC"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    plain = book.add_format({"num_format": "@"})  # what is typed stays text
    for place, (name, column) in enumerate(COLUMNS.items()):
        style = (day if name in _DAYS else plain) if column.asks else None
        sheet.set_column(place, place, column.width, style, {"hidden": column.is_hidden})
        sheet.write_string(0, place, column.heading, asked if column.asks else head)
    sheet.freeze_panes(1, list(COLUMNS).index("supplier"))


def _write_row(sheet: Any, number: int, row: Mapping[str, Any], day: Any) -> None:
    for place, name in enumerate(COLUMNS):
        value = row[name]
        if value is None or value == "":
            continue
        if isinstance(value, date):
            sheet.write_datetime(number, place, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001 - a day has no zone
        elif isinstance(value, int):
            sheet.write_number(number, place, value)
        else:
            sheet.write_string(number, place, as_shown(value))


def _ask(sheet: Any, last: int) -> None:
    """Let people choose, where there is a choice."""
    places = {name: place for place, name in enumerate(COLUMNS)}
    sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
    for name, choices in (("verdict", VERDICTS), ("code", tuple(Because))):
        at = places[name]
        rule = {"validate": "list", "source": [one.value for one in choices]}
        sheet.data_validation(1, at, last, at, {**rule, "input_message": COLUMNS[name].asks})
    at = places["review_due"]
    message = {"input_message": COLUMNS["review_due"].asks}
    earliest = {"validate": "date", "criteria": ">=", "value": date(2000, 1, 1)}
    sheet.data_validation(1, at, last, at, {**earliest, **message})


def _explain(book: Any) -> None:
    """Add the sheet that says what everything means."""
    sheet = book.add_worksheet("Explanations")
    bold = book.add_format({"bold": True})
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 100)
    parts: list[tuple[str, Iterable[tuple[str, str]]]] = [
        (
            "How to decide",
            [
                ("Fill in", "the yellow columns; leave a row alone that you do not decide."),
                ("Hand back", "gnomon review import FILE --by NAME"),
                (
                    "Conflicts",
                    "A system that somebody decided on since is told, and left as it is.",
                ),
            ],
        ),
        ("Columns", [(one.heading, one.asks) for one in COLUMNS.values() if one.asks]),
        ("Verdicts", [(one.value, _needs(one.value)) for one in VERDICTS]),
        ("Codes of dismissed", [(code.value, meaning) for code, meaning in BECAUSE.items()]),
    ]
    at = 0
    for title, lines in parts:
        sheet.write_string(at, 0, title, bold)
        for name, what in lines:
            at += 1
            sheet.write_string(at, 0, name)
            sheet.write_string(at, 1, what)
        at += 2


def _needs(verdict: str) -> str:
    rule = next(rule for state, rule in RULES.items() if state.value == verdict)
    needs = [
        what
        for what, is_needed in (
            ("a review date", rule.needs_review_due),
            ("conditions or an exception", rule.needs_limits),
            ("a code", rule.needs_code),
        )
        if is_needed
    ]
    return f"{rule.meaning} Needs {' and '.join(needs)}." if needs else rule.meaning
