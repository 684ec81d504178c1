"""What people say of a supplier in the browser beside answers: its fields, and the decision on it."""

from __future__ import annotations

from datetime import timedelta

from reports.supplier_wording import word
from scanner.inventory import supplier_answering as answering
from scanner.inventory.supplier_fields import ACTIVITY, FIELDS, Field
from scanner.inventory.supplier_record import SupplierRecord
from scanner.inventory.supplier_review import Verdict
from scanner.inventory.verdicts import midnight
from scanner.web.addresses import part
from scanner.web.people import Role
from scanner.web.supplier_forms import day, gone, home, one_of, record_of, recorded, seen
from scanner.web.visit import Answer, Page, Shown, Visit

_PATH = "/suppliers/{supplier}"
_USUAL_DAYS = 365
# What an approver alone may say; to restrict is a reviewer's too.
_OF_REVIEWERS = frozenset({Verdict.RESTRICTED})


def fill(visit: Visit) -> Answer:
    """Show the form for a field that only people can fill."""
    return _filling(visit)


def _filling(visit: Visit, flaw: str = "", status: int = 200) -> Answer:
    record, field = record_of(visit), FIELDS.get(visit.path["field"])
    if record is None or field is None:
        return gone(visit)
    said = record.said.get(field.name)
    return Shown(
        "supplier_field.html",
        {
            "record": record,
            "id": part(record.id),
            "field": field,
            "title": field_title(visit, field),
            "choices": [(one, _choice(visit, field, one)) for one in field.choices],
            "said": said,
            "value": visit.said("value") if visit.form else "\n".join(said.values if said else ()),
            "reason": visit.said("reason"),
            "seen": newest(record, field.name),
            "flaw": flaw,
        },
        status,
    )


def newest(record: SupplierRecord, field: str) -> int:
    """Return the newest decision on a field, also one that withdrew it; 0 if there is none."""
    numbers = (one.number for one in record.decisions if one.value.get("field") == field)
    return max(numbers, default=0)


def field_title(visit: Visit, field: Field) -> str:
    """Return what a field is called."""
    _, is_activity, name = field.name.partition(ACTIVITY)
    if is_activity:
        return word(visit.texts, "activity", name)
    return visit.texts(f"supplier.field.{field.name}")


def _choice(visit: Visit, field: Field, value: str) -> str:
    groups = ("party",) if field.name.startswith(ACTIVITY) else ("tier", "assurance", "reply")
    words = (visit.texts(f"supplier.{one}.{value}") for one in groups
             if visit.texts.has(f"supplier.{one}.{value}"))  # fmt: skip
    return next(words, value)


def filled(visit: Visit) -> Answer:
    """Record what a person says of a field; an empty one takes back what was said."""
    record, field = record_of(visit), FIELDS.get(visit.path["field"])
    if record is None or field is None:
        return gone(visit)
    value = visit.said("value")
    texts = value.splitlines() if field.is_list else [value]

    def act() -> None:
        answering.fill(
            visit.writer, record.id, field.name, texts, visit.said("reason"), visit.person.name,
            visit.now, {record.id}, seen(visit),
        )  # fmt: skip

    told = visit.texts(
        "web_pages.suppliers.filled", name=record.name, field=field_title(visit, field)
    )
    return recorded(
        visit, act, lambda flaw, status: _filling(visit, flaw, status), told,
        home(record, "#agreed"),
    )  # fmt: skip


def decide(visit: Visit) -> Answer:
    """Show the form for a decision on a supplier, with what it would rest on."""
    return _deciding(visit)


def _deciding(visit: Visit, flaw: str = "", status: int = 200) -> Answer:
    record = record_of(visit)
    if record is None:
        return gone(visit)
    decision, typed = record.standing.decision, ("verdict", "reason", "conditions", "review_due")
    said = {name: visit.said(name) for name in typed}
    if not visit.form:
        said["review_due"] = (visit.now + timedelta(days=_USUAL_DAYS)).date().isoformat()
    return Shown(
        "supplier_decide.html",
        {
            "record": record,
            "id": part(record.id),
            "decision": decision,
            "verdicts": [
                (one.value, word(visit.texts, "verdict", one))
                for one in Verdict
                if _may(visit, one)
            ],
            "said": said,
            "seen": decision.number if decision else 0,
            "flaw": flaw,
        },
        status,
    )


def _may(visit: Visit, verdict: Verdict) -> bool:
    return verdict in _OF_REVIEWERS or visit.person.may(Role.APPROVER)


def decided(visit: Visit) -> Answer:
    """Record a decision on a supplier."""
    record, verdict = record_of(visit), visit.said("verdict")
    if record is None:
        return gone(visit)
    if verdict in set(Verdict) and not _may(visit, Verdict(verdict)):
        return visit.refusal(Role.APPROVER)

    def act() -> None:
        due = day(visit.said("review_due"))
        answering.decide(
            visit.writer, record.id, one_of(Verdict, verdict), visit.said("reason"),
            visit.person.name, visit.now, record.basis, {record.id},
            midnight(due) if due else None, visit.said("conditions") or None, seen(visit),
        )  # fmt: skip

    told = visit.texts(
        "web.decided", name=record.name, verdict=word(visit.texts, "verdict", verdict)
    )
    return recorded(
        visit, act, lambda flaw, status: _deciding(visit, flaw, status), told, home(record)
    )


PAGES = (
    Page(f"{_PATH}/fields/{{field}}", fill, Role.REVIEWER),
    Page(f"{_PATH}/fields/{{field}}", filled, Role.REVIEWER, writes=True),
    Page(f"{_PATH}/decide", decide, Role.REVIEWER),
    Page(f"{_PATH}/decide", decided, Role.REVIEWER, writes=True),
)
