"""What follows from evidence: AI systems, and who claims what about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class RoleClaim:
    """A role the organisation may hold for a system: which rule says so, and who confirmed it."""

    role: str
    rule: str
    confidence: float
    evidence: tuple[str, ...] = ()
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OwnerClaim:
    """A person or unit that may answer for a system, why, and who confirmed it."""

    owner: str
    reason: str
    confidence: float
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A review act, never changed: what was decided about a subject, why, by whom and until when."""

    subject: str
    verdict: str
    reason: str
    by: str
    at: datetime
    review_due: datetime | None = None
    conditions: str | None = None


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
