"""Decisions on suppliers: what is decided and until when, and what has changed since.

A decision keeps what it rested on: systems, reach, plans, models, facts. What is there now and was
not then is a trigger for the next review; nothing has to be written for that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from scanner.inventory.supplier_answers import Answer
from scanner.inventory.supplier_supplied import Supplied
from scanner.model import Act, Decision, Fact


class Verdict(StrEnum):
    """What may be decided on a supplier."""

    APPROVED = "approved"
    APPROVED_WITH_CONDITIONS = "approved_with_conditions"
    RESTRICTED = "restricted"
    REJECTED = "rejected"
    EXIT = "exit"


class Progress(StrEnum):
    """How far a review is."""

    NOT_STARTED = "not_started"
    IN_REVIEW = "in_review"
    WAITING_SUPPLIER = "waiting_supplier"
    DECIDED = "decided"
    EXPIRED = "expired"


class Cause(StrEnum):
    """What makes a review due before its day."""

    NEW_PRODUCT = "new_product"
    NEW_REACH = "new_reach"
    NEW_PLAN = "new_plan"
    MODEL_CHANGED = "model_changed"
    FACT_CHANGED = "fact_changed"
    CERTIFICATE_ENDS = "certificate_ends"
    INCIDENT = "incident"


class Trigger(NamedTuple):
    """That something makes a review due, and what."""

    cause: Cause
    what: tuple[str, ...]
    at: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a supplier stands: the decision in force, and when and why the next review is due."""

    progress: Progress
    decision: Decision | None
    next_due: date | None  # None if nothing was decided yet
    triggers: tuple[Trigger, ...]


_DAY_NEEDED = frozenset(set(Verdict) - {Verdict.REJECTED})
_LIMITS_NEEDED = frozenset({Verdict.APPROVED_WITH_CONDITIONS, Verdict.RESTRICTED})
_CERTIFICATES = "Q17"
_SHOWN = 8


def judge(decision: Decision) -> str:
    """Return why a decision on a supplier may not be made; nothing if it may."""
    verdict = Verdict(decision.verdict)
    due = decision.review_due
    if verdict in _DAY_NEEDED and due is None:
        return f"{verdict} needs a review date: how long does it hold"
    if due is not None and due <= decision.at:
        return f"the review date {due.date()} is past"
    if verdict in _LIMITS_NEEDED and not decision.conditions:
        return f"{verdict} needs conditions"
    return ""


def basis(systems: Iterable[Supplied], facts: Iterable[Fact]) -> dict[str, list[str]]:
    """Return what a decision rests on, in words that can be compared later."""
    listed = list(systems)
    return {
        "systems": sorted(one.system for one in listed),
        "reach": sorted({area for one in listed for area in one.areas}),
        "plans": sorted({plan for one in listed for plan in one.plans}),
        "models": sorted({model for one in listed for model in one.models}),
        "facts": sorted({f"{one.key}:{_digest(one)}" for one in facts}),
    }


def _digest(fact: Fact) -> str:
    said = repr((fact.value, fact.applies_to))
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def decided(decisions: Iterable[Decision]) -> Decision | None:
    """Return the newest decision on a supplier, of all that is recorded on it, in order."""
    made = [one for one in decisions if one.act is Act.REVIEW and one.verdict in set(Verdict)]
    return made[-1] if made else None


def standing(
    decisions: Sequence[Decision],
    rests_on: Mapping[str, list[str]],
    names: Mapping[str, str],
    answers: Iterable[Answer],
    sent: datetime | None,
    now: datetime,
    notice: timedelta,
) -> Standing:
    """Return where a supplier stands. ``rests_on`` is the basis of a decision made now."""
    decision = decided(decisions)
    found = [
        *_changed(decision, rests_on, names),
        *_ending(answers, now.date(), notice),
        *_incidents(decision, decisions),
    ]
    due = decision.review_due.date() if decision and decision.review_due else None
    if decision is not None and found:
        due = min(one for one in (due, now.date()) if one is not None)
    return Standing(_progress(decision, decisions, found, sent, now), decision, due, tuple(found))


def _progress(
    decision: Decision | None,
    decisions: Iterable[Decision],
    triggers: Sequence[Trigger],
    sent: datetime | None,
    now: datetime,
) -> Progress:
    answered = [one.at for one in decisions if one.act is Act.ANSWER]
    since = decision.at if decision else None
    if sent and (since is None or sent > since) and not any(at > sent for at in answered):
        return Progress.WAITING_SUPPLIER
    if decision is not None:
        if decision.review_due is not None and decision.review_due <= now:
            return Progress.EXPIRED
        return Progress.IN_REVIEW if triggers else Progress.DECIDED
    return Progress.IN_REVIEW if answered or sent else Progress.NOT_STARTED


def _changed(
    decision: Decision | None, now: Mapping[str, list[str]], names: Mapping[str, str]
) -> Iterator[Trigger]:
    """Yield what a decision did not rest on and is there now."""
    before: Any = decision.value.get("basis") if decision else None
    if not isinstance(before, dict):
        return
    for cause, part in (
        (Cause.NEW_PRODUCT, "systems"), (Cause.NEW_REACH, "reach"), (Cause.NEW_PLAN, "plans"),
    ):  # fmt: skip
        if added := sorted(set(now[part]) - set(before.get(part, ()))):
            yield Trigger(cause, tuple(names.get(one, one) for one in added)[:_SHOWN])
    for cause, part in ((Cause.MODEL_CHANGED, "models"), (Cause.FACT_CHANGED, "facts")):
        if unlike := sorted(set(now[part]) ^ set(before.get(part, ()))):
            yield Trigger(cause, tuple(dict.fromkeys(map(_key, unlike)))[:_SHOWN])


def _key(said: str) -> str:
    """Return the key of a fact without its digest; a model as it is."""
    key, colon, digest = said.rpartition(":")
    is_fact = colon and len(digest) == 12 and set(digest) <= set("0123456789abcdef")
    return key if is_fact else said


def _ending(answers: Iterable[Answer], today: date, notice: timedelta) -> Iterator[Trigger]:
    for one in answers:
        end = one.said.valid_until if one.said else None
        if one.question.id == _CERTIFICATES and one.said and end and end - notice <= today:
            yield Trigger(Cause.CERTIFICATE_ENDS, (one.said.value,), end)


def _incidents(decision: Decision | None, decisions: Iterable[Decision]) -> Iterator[Trigger]:
    """Yield the incidents that were recorded after the decision."""
    for one in decisions:
        is_incident = one.act is Act.FIELD and one.value.get("field") == "incidents"
        if decision is not None and is_incident and one.number > decision.number:
            yield Trigger(
                Cause.INCIDENT, tuple(map(str, one.value.get("value") or ())), one.at.date()
            )
