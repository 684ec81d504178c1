"""A verdict as somebody fills it in: what they typed, the decision it makes, and what it lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import NamedTuple

from scanner.inventory.recording import Draft, unsaid
from scanner.inventory.review import Review, draft, lacking
from scanner.inventory.verdicts import (
    RULES,
    VERDICTS,
    Exemption,
    Flaw,
    State,
    a_day,
    exemption_of,
    midnight,
)
from scanner.inventory.weighing import weigh
from scanner.web.people import Role
from scanner.web.visit import Visit

# What only an approver may say; the rest a reviewer may.
_OF_APPROVERS = frozenset({State.APPROVED, State.APPROVED_WITH_CONDITIONS, State.REJECTED})
_USUAL_DAYS = 365
_SPARE = 2  # empty rows for exceptions


class Row(NamedTuple):
    """An exception as it was typed."""

    unit: str = ""
    users: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What was typed, as it was typed: the form shows it again until it can be recorded."""

    verdict: str = ""
    reason: str = ""
    conditions: str = ""
    review_due: str = ""
    code: str = ""
    exceptions: tuple[Row, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        return (*self.exceptions, *(Row(),) * _SPARE)


@dataclass(slots=True)
class Read:
    """What a form comes to: its parts, and what of it could not be understood."""

    due: datetime | None = None
    exceptions: list[Exemption] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)


def may_say(visit: Visit) -> list[State]:
    """Return the verdicts that this person may give."""
    is_approver = visit.person.may(Role.APPROVER)
    return [one for one in VERDICTS if is_approver or one not in _OF_APPROVERS]


def given(visit: Visit) -> Given:
    """Return what was typed into the form."""
    names = ("exception_unit", "exception_users", "exception_until")
    columns = [[one.strip() for one in visit.form.get(name, ())] for name in names]
    rows = (Row(*row) for row in zip_longest(*columns, fillvalue=""))
    said = {name: visit.said(name) for name in ("verdict", "reason", "conditions", "code")}
    return Given(
        **said,
        review_due=visit.said("review_due"),
        exceptions=tuple(one for one in rows if any(one)),
    )


def proposed(verdict: str, review: Review | None, now: datetime) -> Given:
    """Return what the form begins with: what stood before, where the verdict has limits again."""
    if verdict not in set(VERDICTS):
        return Given(verdict)
    rule = RULES[State(verdict)]
    due = (now + timedelta(days=_USUAL_DAYS)).date().isoformat() if rule.needs_review_due else ""
    if review is None or not rule.needs_limits:
        return Given(verdict, review_due=due)
    kept = review.exceptions_in_force(now)
    rows = tuple(Row(one.unit, ", ".join(one.users), one.until.isoformat()) for one in kept)
    return Given(verdict, conditions=review.conditions or "", review_due=due, exceptions=rows)


def drafted(
    visit: Visit, typed: Given, seen: Mapping[str, int]
) -> tuple[list[Draft], dict[str, list[Flaw]]]:
    """Return the decision on each system, and what is wrong with each; ``seen`` is by system."""
    if typed.verdict not in set(VERDICTS):
        flaw = Flaw("verdict", "no_verdict", "a decision needs a verdict")
        return [], {system: [flaw] for system in seen}
    read = _read(typed)
    drafts = [_draft(visit, typed, read, system, number) for system, number in seen.items()]
    flaws = {
        one.decision.subject: found for one in drafts if (found := list(_flaws(visit, one, read)))
    }
    return drafts, flaws


def in_words(visit: Visit, flaw: Flaw, verdict: str) -> str:
    """Return what is lacking, in the visitor's language."""
    return visit.texts(
        f"web_system.flaw.{flaw.kind}", verdict=visit.texts.of("status", verdict or "new")
    )


def _draft(visit: Visit, typed: Given, read: Read, system: str, seen: int) -> Draft:
    return draft(
        system, State(typed.verdict), typed.reason, visit.person.name, visit.now, read.due,
        typed.conditions or None, read.exceptions, typed.code, seen,
    )  # fmt: skip


def _flaws(visit: Visit, made: Draft, read: Read) -> Iterator[Flaw]:
    """Yield all that is wrong; of a field that could not be understood nothing more is said."""
    yield from read.flaws
    known = {one.about for one in read.flaws}
    before = weigh(visit.material.decided, made.decision.subject).decision
    for one in (*unsaid(made.decision), *lacking(made.decision, before)):
        if one.about not in known:
            yield one


def _read(typed: Given) -> Read:
    read = Read()
    try:
        read.due = midnight(a_day(typed.review_due)) if typed.review_due else None
    except ValueError as error:
        read.flaws.append(Flaw("review_due", "no_day", str(error)))
    for one in typed.exceptions:
        try:
            read.exceptions.append(exemption_of(*one))
        except ValueError as error:
            kind = "exception_whose" if one.until and not (one.unit or one.users) else "exception"
            read.flaws.append(Flaw("exceptions", kind, str(error)))
    return read
