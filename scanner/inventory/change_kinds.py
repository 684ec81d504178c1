"""The kinds of change, how much each matters, and why: a table, so that it can be argued with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple


class Kind(StrEnum):
    """What changed."""

    NEW_SYSTEM = "new_system"
    NEW_BECAUSE_WE_KNOW_MORE = "new_because_we_know_more"
    NEW_SUPPLIER = "new_supplier"
    SUPPLIER_CHANGED = "supplier_changed"
    FACT_CHANGED = "fact_changed"
    NEW_UNIT = "new_unit"
    REACH_WIDENED = "reach_widened"
    REACH_NARROWED = "reach_narrowed"
    FIRST_UPLOAD = "first_upload"
    NEW_PLAN = "new_plan"
    SEATS_CHANGED = "seats_changed"
    ACCOUNT_MODE = "account_mode"
    MODEL_CHANGED = "model_changed"
    COMPONENT_CHANGED = "component_changed"
    ROLE_CHANGED = "role_changed"
    TENFOLD_USE = "tenfold_use"
    PEOPLE_GROWN = "people_grown"
    NOT_SEEN = "not_seen"
    CANNOT_TELL = "cannot_tell"
    SEEN_AGAIN = "seen_again"
    SOURCE_MISSING = "source_missing"
    APPROVAL_EXPIRED = "approval_expired"
    PROHIBITED_SEEN = "prohibited_seen"
    CANDIDATE_NEW = "candidate_new"


class Grade(StrEnum):
    """How much a change matters; the gravest first."""

    CRITICAL = "critical"
    IMPORTANT = "important"
    ROUTINE = "routine"


class Graded(NamedTuple):
    grade: Grade
    reason: str


GRADES: Mapping[Kind, Graded] = {
    Kind.PROHIBITED_SEEN: Graded(Grade.CRITICAL, "a decision is not kept"),
    Kind.REACH_WIDENED: Graded(Grade.CRITICAL, "data is open to it that nobody weighed"),
    Kind.FIRST_UPLOAD: Graded(Grade.CRITICAL, "content has left the organisation"),
    Kind.NEW_SYSTEM: Graded(Grade.IMPORTANT, "nobody has decided about it"),
    Kind.NEW_BECAUSE_WE_KNOW_MORE: Graded(
        Grade.IMPORTANT, "nobody has decided about it, though its use is not new"
    ),
    Kind.NEW_SUPPLIER: Graded(Grade.IMPORTANT, "a supplier is to be reviewed first"),
    Kind.SUPPLIER_CHANGED: Graded(Grade.IMPORTANT, "what was reviewed was another supplier"),
    Kind.FACT_CHANGED: Graded(Grade.IMPORTANT, "the supplier says something else than before"),
    Kind.ROLE_CHANGED: Graded(Grade.IMPORTANT, "another role has other duties"),
    Kind.ACCOUNT_MODE: Graded(Grade.IMPORTANT, "personal accounts have other terms"),
    Kind.NEW_PLAN: Graded(Grade.IMPORTANT, "another plan has other terms"),
    Kind.TENFOLD_USE: Graded(Grade.IMPORTANT, "what was a trial has become a habit"),
    Kind.NEW_UNIT: Graded(Grade.IMPORTANT, "other people use it, for other things"),
    Kind.SOURCE_MISSING: Graded(Grade.IMPORTANT, "what it would show is not seen"),
    Kind.APPROVAL_EXPIRED: Graded(Grade.IMPORTANT, "it is used without a decision that holds"),
    Kind.MODEL_CHANGED: Graded(Grade.IMPORTANT, "another model gives other answers"),
    Kind.PEOPLE_GROWN: Graded(Grade.ROUTINE, "more people depend on it"),
    Kind.COMPONENT_CHANGED: Graded(Grade.ROUTINE, "software changes; its suppliers are told apart"),
    Kind.SEATS_CHANGED: Graded(Grade.ROUTINE, "money, and no other use"),
    Kind.REACH_NARROWED: Graded(Grade.ROUTINE, "less is open to it than was weighed"),
    Kind.SEEN_AGAIN: Graded(Grade.ROUTINE, "what seemed to be over is not"),
    Kind.NOT_SEEN: Graded(Grade.ROUTINE, "it may be retired"),
    Kind.CANNOT_TELL: Graded(Grade.ROUTINE, "a blind spot, and no news of the system"),
    Kind.CANDIDATE_NEW: Graded(Grade.ROUTINE, "a question, and no finding yet"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed. ``system`` is "" where it is about no system but a source or a name.

    ``before`` and ``after`` are in JSON's types; ``evidence`` says which scan showed it.
    """

    system: str
    name: str
    kind: Kind
    grade: Grade
    text: str
    at: datetime
    before: Any = None
    after: Any = None
    evidence: tuple[str, ...] = ()


def change(
    system: str,
    name: str,
    kind: Kind,
    text: str,
    at: datetime,
    before: Any = None,
    after: Any = None,
    evidence: tuple[str, ...] = (),
) -> Change:
    """Return a change with the grade of its kind."""
    return Change(system, name, kind, GRADES[kind].grade, text, at, before, after, evidence)
