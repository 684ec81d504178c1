"""The suppliers: what rests on each, and the review of one (A.10) with all that is known of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from reports.paper import Table
from reports.supplier import compose
from reports.supplier_agreements import said_of
from reports.supplier_questionnaire import as_document, as_workbook
from reports.supplier_wording import state_of, word
from reports.suppliers import compose as compose_all
from scanner.inventory.supplier_fields import ACTIVITY, FIELDS
from scanner.inventory.supplier_record import SupplierRecord
from scanner.inventory.supplier_review import Progress
from scanner.web.addresses import Address, part, slice_of
from scanner.web.documents import links
from scanner.web.kinds import KINDS
from scanner.web.papers import by_id, in_short
from scanner.web.supplier_forms import record_of
from scanner.web.visit import Answer, File, Page, Refused, Shown, Visit

PATH = "/suppliers"
_ROWS = 100
_DUE = "due"
# The sections of the record, in the order of the page; what else it has is in the document.
_BEFORE = ("reach",)
_AFTER = ("differences", "profile", "matrix", "customers", "chain", "triage")


def show(visit: Visit) -> Answer:
    """Show the suppliers, the one that most systems rest on first."""
    paper = visit.material.once("suppliers", compose_all)
    sections = by_id(paper)
    (table,) = (one for one in sections["suppliers"].blocks if isinstance(one, Table))
    records = list(visit.material.supplier_records.values())
    word_, state = visit.query.get("q", "").strip(), visit.query.get("state", "")
    chosen = [
        (record.id, cells)
        for record, cells in zip(records, table.rows, strict=True)
        if _answers(record, word_, state, visit)
    ]
    page = slice_of(chosen, visit.query.get("page", ""), _ROWS)
    said = {"q": word_, "state": state}
    return Shown(
        "suppliers.html",
        {
            "address": Address(PATH, {name: value for name, value in said.items() if value}),
            "said": said,
            "states": [(_DUE, visit.texts("web_pages.suppliers.due"))]
            + [(one.value, word(visit.texts, "progress", one)) for one in Progress],
            "waiting": sections["waiting"],
            "table": replace(table, rows=tuple(cells for _, cells in page.rows)),
            "ids": [part(one) for one, _ in page.rows],
            "page": page,
            "suppliers": len(records),
            "files": links(visit, "suppliers"),
        },
    )


def _answers(record: SupplierRecord, wanted: str, state: str, visit: Visit) -> bool:
    standing = record.standing
    if state == _DUE:
        due = standing.next_due
        if standing.decision is not None and (due is None or due > visit.now.date()):
            return False
    elif state and standing.progress != state:
        return False
    key = wanted.casefold()
    return not key or key in record.name.casefold() or key == record.id


def one(visit: Visit) -> Answer:
    """Show the review of one supplier."""
    record = record_of(visit)
    if record is None:
        return Refused(404, visit.texts("web_pages.suppliers.gone"))
    texts = visit.texts
    paper = compose(visit.material.narrowed(record.id))
    sections = {one.id: one for one in in_short(paper.sections, texts)}
    return Shown(
        "supplier.html",
        {
            "record": record,
            "id": part(record.id),
            "subtitle": paper.subtitle,
            "standing": sections["standing"],
            "before": [sections[name] for name in _BEFORE],
            "after": [sections[name] for name in _AFTER],
            "use": next(each for each in sections["use"].blocks if isinstance(each, Table)),
            "systems": [each.system for each in record.systems],
            "questions": _questions(record, visit),
            "fields": list(_fields(record, visit)),
            "history": [each for each in in_short(paper.sections, texts) if each.id == "history"],
            "files": links(visit, "supplier", about=record.id),
            "evidence": links(visit, "evidence", about=record.id),
        },
    )


def _questions(record: SupplierRecord, visit: Visit) -> list[dict[str, Any]]:
    texts = visit.texts
    return [
        {
            "id": one.question.id,
            "topic": word(texts, "topic", one.question.topic),
            "asks": texts(f"supplier.question.{one.question.id}"),
            "state": state_of(one, texts),
            "known": len(one.statements),
            "differs": bool(one.conflicts),
            "is_stale": one.is_stale or bool(one.stale),
        }
        for one in record.answers
    ]


def _fields(record: SupplierRecord, visit: Visit) -> Iterable[tuple[str, str, Any]]:
    """Yield what only people can say: the name of the field, its word, and what was said."""
    material = visit.material
    for name in FIELDS:
        if not name.startswith(ACTIVITY):
            yield name, visit.texts(f"supplier.field.{name}"), said_of(material, record, name)


def questionnaire(visit: Visit) -> Answer:
    """Hand out the questions for a supplier to fill in: nothing in it was observed here."""
    record = record_of(visit)
    makers = {"xlsx": as_workbook, "docx": as_document}
    style = visit.path["format"]
    if record is None or style not in makers:
        return Refused(404, visit.texts("web.refused.missing"))
    organisation = visit.config.organisation or visit.texts("supplier.our_organisation")
    content = makers[style](record, organisation, visit.texts, visit.now)
    return File(f"questionnaire-{record.id}-{visit.now:%Y-%m-%d}.{style}", content, KINDS[style])


PAGES = (
    Page(PATH, show, title="web_pages.navigation.suppliers", order=3),
    Page(f"{PATH}/{{supplier}}", one),
    Page(f"{PATH}/{{supplier}}/questionnaire/{{format}}", questionnaire, is_slow=True),
)
