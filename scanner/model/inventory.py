"""What follows from evidence: AI systems, and who claims what about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from scanner.model.observations import Level
from scanner.model.signatures import Identifier, Signal


class SystemKind(StrEnum):
    """What an AI system is to the organisation."""

    USED = "used"
    BUILT = "built"
    HOSTED = "hosted"


@dataclass(frozen=True, slots=True)
class AISystem:
    """One entry of the inventory, with its evidence summed up.

    Of a built system ``product`` is the key of its application, and ``supplier`` names all.
    """

    id: str
    name: str
    supplier_id: str
    supplier: str
    product: str
    category: str
    kind: SystemKind
    status: str
    channels: tuple[str, ...]
    level: Level | None  # how far its use got; None of what is built
    first_seen: datetime | None
    last_seen: datetime | None
    events: int
    blocked: int
    users: int
    bytes_up: int
    bytes_down: int
    first_scan: int
    roles: tuple[RoleClaim, ...] = ()
    owner: OwnerClaim | None = None


CANDIDATE_KEY = "candidate:"


def candidate_key(channel: Identifier, subject: str) -> str:
    """Return what decisions about a candidate are recorded under."""
    return f"{CANDIDATE_KEY}{channel}:{subject}"


class CandidateStatus(StrEnum):
    """What people decided about a candidate."""

    OPEN = "open"
    PROMOTED = "promoted"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something may be AI: what was seen, what that means, and how often that is right."""

    signal: Signal
    shape: str
    meaning: str
    detail: str
    confidence: int
    records: int = 1


@dataclass(frozen=True, slots=True)
class Candidate:
    """A suspected AI service that no signature names. Never a system: a question, with reasons."""

    channel: Identifier
    subject: str
    score: int  # 0 to 100
    status: CandidateStatus
    reasons: tuple[Reason, ...]
    records: int
    level: Level
    is_proven: bool  # whether two independent signals agree about one and the same thing
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    sources: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What decisions are recorded under."""
        return candidate_key(self.channel, self.subject)

    @property
    def seen_as(self) -> tuple[str, ...]:
        """What was seen, such as the hosts of a domain, what the surest reasons are about first."""
        return tuple(dict.fromkeys(reason.detail for reason in self.reasons))


class RoleStatus(StrEnum):
    """What people said of a role that evidence suggests."""

    CANDIDATE = "candidate"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class RoleClaim:
    """A role the organisation may hold for a system: which rules say so, and what a person said.

    ``confidence`` is 0.0 to 1.0, and 0.0 where no rule says it and a person did. ``by``, ``at`` and
    ``reason`` are those of who confirmed or rejected it.
    """

    role: str
    sub_role: str
    confidence: float
    rules: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    status: RoleStatus = RoleStatus.CANDIDATE
    by: str | None = None
    at: datetime | None = None
    reason: str | None = None


class RoleNote(NamedTuple):
    """What a rule says of a system that is no role: an impact check is due, it is no longer seen."""

    rule: str
    note: str
    question: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnerClaim:
    """A person or unit that may answer for a system, why, and who confirmed it."""

    owner: str
    reason: str
    confidence: float
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None


class Act(StrEnum):
    """What kind of thing a person decided."""

    REVIEW = "review"  # what may be done with a system, a supplier or a candidate
    ROLE = "role"  # whether a role is held
    OWNER = "owner"  # who answers for it
    SCOPE = "scope"  # whether it is in the scope of the management system
    MERGE = "merge"  # that two systems are one
    SPLIT = "split"  # that they are two after all, or that some of it is another
    RENAME = "rename"
    FIELD = "field"  # a value that no evidence holds, such as a purpose
    ANSWER = "answer"  # what is known of a supplier, to one of the questions of its review
    CONTROL = "control"  # whether a control of Annex A is applied
    APPROVE = "approve"  # that a document is right as it is
    FORGET = "forget"  # that what a source showed is removed
    REVEAL = "reveal"  # who a code stands for was asked; the name is told and never stored


@dataclass(frozen=True, slots=True)
class Decision:
    """An act of a person, never changed: what was decided about a subject, why, by whom, until when.

    ``value`` is what the act is about beside its subject, in JSON's types: a role, an owner's name,
    another system.
    """

    subject: str
    verdict: str
    reason: str
    by: str
    at: datetime
    review_due: datetime | None = None
    conditions: str | None = None
    act: Act = Act.REVIEW
    value: Mapping[str, Any] = field(default_factory=dict)
    number: int = 0  # its place in the chain; given by the store
    hash: str = ""  # of it and of all before it; given by the store


@dataclass(frozen=True, slots=True)
class Supplier:
    """A vendor as the organisation's supplier: the AI systems that come from it."""

    id: str
    name: str
    country: str | None  # ISO 3166, where it is known
    systems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """One run: what it was made with and when. Times are aware UTC."""

    id: int
    started: datetime
    finished: datetime | None
    tool_version: str
    pack_version: str
