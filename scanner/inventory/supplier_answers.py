"""Answers to the questions of a supplier review: what a person said, beside what was known before.

Nobody's answer is taken for no. What a person said goes first; what the catalogue and our evidence
say stays beside it, and where they differ both are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from scanner.inventory.supplier_conflicts import Conflict, conflicts, yes_or_no
from scanner.inventory.supplier_questions import Kind, Question, questions
from scanner.inventory.supplier_statements import Ground, SourceKind, Statement, statements
from scanner.model import Act, Decision

CONCLUSION = "Q36"  # what the decision on a supplier is the answer to


class Reply(StrEnum):
    """What an answer comes to. To a question that asks what there is, yes is: told in full."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Standing(StrEnum):
    """Whose an answer is."""

    ANSWERED = "answered"  # a person's
    PREFILLED = "prefilled"  # of facts and evidence, for a person to confirm
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Said:
    """What a person answered: the source that it rests on, its day, and the plan it holds for."""

    reply: Reply
    value: str
    kind: SourceKind
    url: str
    as_of: date
    tier: str
    valid_until: date | None
    note: str
    by: str
    at: datetime
    number: int  # of the decision


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known to one question."""

    question: Question
    reply: Reply
    standing: Standing
    statements: tuple[Statement, ...]
    said: Said | None = None
    conflicts: tuple[Conflict, ...] = ()
    seen: int = 0  # the newest answer of a person, withdrawn ones too
    is_stale: bool = False  # the person's own word is too old, or past its end

    @property
    def is_open(self) -> bool:
        """Whether nobody knows: not prefilled, or a person said that it is unknown."""
        is_unknown = self.said is not None and self.said.reply is Reply.UNKNOWN
        return self.standing is Standing.OPEN or is_unknown

    @property
    def stale(self) -> tuple[Statement, ...]:
        return tuple(one for one in self.statements if one.is_stale)


def answers(
    ground: Ground, decisions: Iterable[Decision], now: datetime, stale_before: date
) -> tuple[Answer, ...]:
    """Return the answer to every question. ``decisions`` are those on the supplier, in order."""
    newest: dict[str, Decision] = {}
    for one in decisions:
        if one.act is Act.ANSWER:
            newest[str(one.value.get("question", ""))] = one
    return tuple(_answer(one, ground, newest.get(one.id), now, stale_before) for one in questions())


def concluded(found: Iterable[Answer], decision: Decision | None) -> tuple[Answer, ...]:
    """Return the answers with the decision as that to the last question, unless a person gave one."""
    return tuple(
        replace(
            one,
            reply=Reply.YES,
            standing=Standing.ANSWERED,
            said=_conclusion(decision),
        )
        if decision is not None and one.question.id == CONCLUSION and one.said is None
        else one
        for one in found
    )


def _conclusion(decision: Decision) -> Said:
    return Said(
        Reply.YES, decision.verdict, SourceKind.OWN_WORD, "", decision.at.date(), "",
        decision.review_due.date() if decision.review_due else None, decision.reason, decision.by,
        decision.at, decision.number,
    )  # fmt: skip


def _answer(
    question: Question,
    ground: Ground,
    decision: Decision | None,
    now: datetime,
    stale_before: date,
) -> Answer:
    known = statements(question, ground)
    said = said_of(decision)
    number = decision.number if decision else 0
    told = [one for one in known if not one.is_silent]
    differing = tuple(conflicts(question, told, said))
    if said is not None:
        ended = said.valid_until is not None and said.valid_until < now.date()
        is_stale = ended or said.as_of < stale_before
        return Answer(
            question, said.reply, Standing.ANSWERED, known, said, differing, number, is_stale
        )
    standing = Standing.PREFILLED if told else Standing.OPEN
    return Answer(question, _prefilled(question, told), standing, known, None, differing, number)


def _prefilled(question: Question, told: Iterable[Statement]) -> Reply:
    """Return what statements come to: of what is asked in words a part is told, never all."""
    listed = list(told)
    if not listed:
        return Reply.UNKNOWN
    if question.kind is Kind.OPEN:
        return Reply.PARTLY
    clear = {yes_or_no(one.text) for one in listed}
    if clear == {"yes"}:
        return Reply.YES
    if clear == {"no"}:
        return Reply.NO
    return Reply.PARTLY if {"yes", "no"} <= clear else Reply.UNKNOWN


def said_of(decision: Decision | None) -> Said | None:
    """Return what a recorded answer says; None if it was withdrawn, or is none."""
    if decision is None or decision.verdict not in set(Reply):
        return None
    value = decision.value
    return Said(
        reply=Reply(decision.verdict),
        value=str(value.get("value", "")),
        kind=_kind(value.get("source_kind")),
        url=str(value.get("url", "")),
        as_of=_day(value.get("as_of")) or decision.at.date(),
        tier=str(value.get("tier", "")),
        valid_until=_day(value.get("valid_until")),
        note=decision.reason,
        by=decision.by,
        at=decision.at,
        number=decision.number,
    )


def value_of(
    question: str,
    value: str,
    kind: SourceKind,
    as_of: date,
    url: str = "",
    tier: str = "",
    valid_until: date | None = None,
    origin: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return an answer beside its verdict, as it is stored."""
    said = {
        "question": question,
        "value": value,
        "source_kind": kind.value,
        "as_of": as_of.isoformat(),
        "url": url,
        "tier": tier,
        "valid_until": valid_until.isoformat() if valid_until else "",
    }
    return {**{name: one for name, one in said.items() if one}, **(origin or {})}


def count(found: Iterable[Answer]) -> Mapping[Standing, int]:
    """Return how many answers are whose."""
    listed = list(found)
    return {one: sum(each.standing is one for each in listed) for one in Standing}


def open_questions(found: Iterable[Answer]) -> Iterator[Answer]:
    """Yield those to which nobody knows an answer."""
    return (one for one in found if one.is_open)


def _kind(said: object) -> SourceKind:
    known = str(said)
    return SourceKind(known) if known in set(SourceKind) else SourceKind.OWN_WORD


def _day(said: object) -> date | None:
    try:
        return date.fromisoformat(str(said)) if said else None
    except ValueError:
        return None
