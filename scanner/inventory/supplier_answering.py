"""How people act on a supplier: answer a question, fill a field, decide. Each is an append-only act."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from scanner.errors import UsageError
from scanner.inventory import supplier_review
from scanner.inventory.recording import Draft, Outcome
from scanner.inventory.supplier_answers import Reply, value_of
from scanner.inventory.supplier_fields import SAID, WITHDRAWN, checked
from scanner.inventory.supplier_questions import question, questions
from scanner.inventory.supplier_recording import SUPPLIER, record, record_one
from scanner.inventory.supplier_review import Verdict
from scanner.inventory.supplier_statements import SourceKind
from scanner.model import Act, Decision
from scanner.store import Store

LONGEST = 4_000
_TEXTS = ("value", "url", "tier")


class Given(NamedTuple):
    """An answer as somebody gives it; ``reply`` is None if it takes the last one back."""

    question: str
    reply: Reply | None
    value: str = ""
    kind: SourceKind = SourceKind.OWN_WORD
    url: str = ""
    as_of: date | None = None
    tier: str = ""
    valid_until: date | None = None
    note: str = ""


def answer(
    store: Store,
    supplier: str,
    given: Given,
    by: str,
    at: datetime,
    known: Collection[str],
    seen: int | None = None,
) -> Outcome:
    """Record an answer. Raises UsageError, RefusedError or ConflictError; then nothing is written."""
    return record_one(store, draft(supplier, given, by, at, seen), judge_answer, known)


def answer_all(
    store: Store,
    drafts: Sequence[Draft],
    known: Collection[str],
    may_record: bool = True,
) -> list[Outcome]:
    """Record answers to several questions, all or none."""
    return record(store, drafts, judge_answer, known, may_record)


def draft(
    supplier: str,
    given: Given,
    by: str,
    at: datetime,
    seen: int | None = None,
    origin: Mapping[str, Any] | None = None,
) -> Draft:
    """Return an answer as it would be recorded. Raises UsageError for a question that there is not."""
    asked = question(given.question)
    if asked is None:
        ids = [one.id for one in questions()]
        raise UsageError(f"{given.question!r} is no question; they are {ids[0]} to {ids[-1]}")
    value = value_of(
        asked.id,
        given.value.strip(),
        given.kind,
        given.as_of or at.date(),
        given.url.strip(),
        given.tier.strip(),
        given.valid_until,
        origin,
    )
    verdict = given.reply.value if given.reply else WITHDRAWN
    decision = Decision(
        f"{SUPPLIER}{supplier}", verdict, given.note.strip(), by.strip(), at, act=Act.ANSWER,
        value=value,
    )  # fmt: skip
    return Draft(decision, seen)


def judge_answer(decision: Decision) -> str:
    """Return why an answer may not be recorded; nothing if it may."""
    value = decision.value
    if any(len(str(value.get(name, ""))) > LONGEST for name in _TEXTS):
        return f"a text of more than {LONGEST:,} characters"
    if str(value.get("as_of", "")) > decision.at.date().isoformat():
        return f"its day {value['as_of']} has not come yet"
    if decision.verdict == Reply.UNKNOWN or decision.verdict == WITHDRAWN:
        return ""
    if not value.get("value") and not decision.reason:
        return "it needs a text or a note: what is answered, or why"
    return ""


def fill(
    store: Store,
    supplier: str,
    name: str,
    texts: Sequence[str],
    reason: str,
    by: str,
    at: datetime,
    known: Collection[str],
    seen: int | None = None,
) -> Outcome:
    """Record what a person says of a field of a supplier; no texts withdraw it."""
    values = checked(name, texts)
    verdict = SAID if values else WITHDRAWN
    decision = Decision(
        f"{SUPPLIER}{supplier}", verdict, reason.strip(), by.strip(), at, act=Act.FIELD,
        value={"field": name, "value": values},
    )  # fmt: skip
    return record_one(store, Draft(decision, seen), lambda _: "", known)


def decide(
    store: Store,
    supplier: str,
    verdict: Verdict,
    reason: str,
    by: str,
    at: datetime,
    rests_on: Mapping[str, Iterable[str]],
    known: Collection[str],
    review_due: datetime | None = None,
    conditions: str | None = None,
    seen: int | None = None,
) -> Outcome:
    """Record a decision on a supplier, with what it rests on, for what changes later."""
    basis = {name: list(values) for name, values in rests_on.items()}
    decision = Decision(
        f"{SUPPLIER}{supplier}", verdict.value, reason.strip(), by.strip(), at, review_due,
        (conditions or "").strip() or None, value={"basis": basis},
    )  # fmt: skip
    return record_one(store, Draft(decision, seen), supplier_review.judge, known)
