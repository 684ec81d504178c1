"""The questions of a supplier review in the browser: what is known to each, and an answer to it."""

from __future__ import annotations

from collections.abc import Mapping

from reports.supplier_answers import known_rows
from reports.supplier_wording import word
from scanner.inventory import supplier_answering as answering
from scanner.inventory.supplier_answers import Answer as Known
from scanner.inventory.supplier_answers import Reply
from scanner.inventory.supplier_fields import WITHDRAWN
from scanner.inventory.supplier_record import SupplierRecord
from scanner.inventory.supplier_statements import SourceKind
from scanner.web.addresses import part
from scanner.web.people import Role
from scanner.web.supplier_forms import day, gone, home, one_of, record_of, recorded, seen
from scanner.web.visit import Answer, Page, Shown, Visit

_PATH = "/suppliers/{supplier}/questions/{question}"
_TEXTS = ("state", "value", "kind", "url", "as_of", "tier", "valid_until", "note")


def _known(record: SupplierRecord, wanted: str) -> Known | None:
    return next((one for one in record.answers if one.question.id == wanted), None)


def ask(visit: Visit) -> Answer:
    """Show a question with what is known to it, and the form for an answer."""
    return _asked(visit)


def _asked(visit: Visit, flaw: str = "", status: int = 200) -> Answer:
    record = record_of(visit)
    known = _known(record, visit.path["question"]) if record else None
    if record is None or known is None:
        return gone(visit)
    texts, order = visit.texts, [one.question.id for one in record.answers]
    at = order.index(known.question.id)
    return Shown(
        "supplier_question.html",
        {
            "record": record,
            "id": part(record.id),
            "known": known,
            "topic": word(texts, "topic", known.question.topic),
            "asks": texts(f"supplier.question.{known.question.id}"),
            "rows": known_rows(visit.material, record, known),
            "said": {name: visit.said(name) for name in _TEXTS} if visit.form else _before(known),
            "replies": [(one.value, word(texts, "reply", one)) for one in Reply],
            "kinds": [(one.value, word(texts, "source", one)) for one in SourceKind],
            "before": order[at - 1] if at else "",
            "after": order[at + 1] if at + 1 < len(order) else "",
            "flaw": flaw,
        },
        status,
    )


def _before(known: Known) -> Mapping[str, str]:
    """Return what a person answered before, to go on from."""
    said = known.said
    if said is None or said.number != known.seen:
        return dict.fromkeys(_TEXTS, "")
    return {
        "state": said.reply.value,
        "value": said.value,
        "kind": said.kind.value,
        "url": said.url,
        "as_of": "",
        "tier": said.tier,
        "valid_until": said.valid_until.isoformat() if said.valid_until else "",
        "note": said.note,
    }


def answer(visit: Visit) -> Answer:
    """Record an answer."""
    record = record_of(visit)
    if record is None:
        return gone(visit)
    question = visit.path["question"]

    def act() -> None:
        given = answering.Given(
            question=question,
            reply=None if visit.said("state") == WITHDRAWN else one_of(Reply, visit.said("state")),
            value=visit.said("value"),
            kind=one_of(SourceKind, visit.said("kind") or SourceKind.OWN_WORD),
            url=visit.said("url"),
            as_of=day(visit.said("as_of")),
            tier=visit.said("tier"),
            valid_until=day(visit.said("valid_until")),
            note=visit.said("note"),
        )
        answering.answer(
            visit.writer, record.id, given, visit.person.name, visit.now, {record.id}, seen(visit)
        )

    told = visit.texts("web_pages.suppliers.answered", name=record.name, question=question)
    return recorded(
        visit, act, lambda flaw, status: _asked(visit, flaw, status), told,
        home(record, f"#{question}"),
    )  # fmt: skip


PAGES = (
    Page(_PATH, ask),
    Page(_PATH, answer, Role.REVIEWER, writes=True),
)
