"""What sources show: hits, the evidence they add up to, and what became of each source."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from scanner.model.observations import Action, Channel, Level, TimeQuality
from scanner.model.signatures import Identifier, Shape, Signature

OTHERS = "(others)"  # stands for the hosts of a source that are too many to keep one by one


class EvidenceKey(NamedTuple):
    """What evidence is added up by, inside one source. ``day`` counts from 1970-01-01."""

    detection: str
    actor: str
    actor_kind: str
    day: int | None
    channel: Channel
    action: Action


@dataclass(slots=True)
class Evidence:
    """Hits of one key added up.

    A browser asks for A, AAAA and HTTPS records of one name for one visit; the three are
    counted apart so that sums over files stay sums, and a visit is the largest of them.
    """

    level: Level
    plain: int = 0
    ipv6: int = 0
    service: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    first: datetime | None = None
    last: datetime | None = None
    line: int = 0  # where the first of them stands in the source

    @property
    def events(self) -> int:
        return max(self.plain, self.ipv6, self.service)

    def add(self, other: Evidence) -> None:
        """Add evidence of the same key from another part of the source."""
        self.level = max(self.level, other.level)
        self.plain += other.plain
        self.ipv6 += other.ipv6
        self.service += other.service
        self.bytes_up += other.bytes_up
        self.bytes_down += other.bytes_down
        self.first = earlier(self.first, other.first)
        self.last = later(self.last, other.last)
        self.line = min(self.line, other.line)


def earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """Return the earlier of two times, of which either may be unknown."""
    return min(one, other) if one and other else one or other


def later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(one, other) if one and other else one or other


class SignKey(NamedTuple):
    """What signs of unknown AI are added up by, inside one source: no person is part of it.

    ``subject`` is what would become a candidate: for a host its registrable domain. ``detail``
    is what was seen: the host in full.
    """

    channel: Identifier
    subject: str
    shape: str
    detail: str


@dataclass(slots=True)
class Sign:
    """Signs of one key added up."""

    records: int = 0
    level: Level = Level.ATTEMPT
    first: datetime | None = None
    last: datetime | None = None
    line: int = 0  # where the first of them stands in the source

    def add(self, other: Sign) -> None:
        """Add signs of the same key."""
        self.records += other.records
        self.level = max(self.level, other.level)
        self.first = earlier(self.first, other.first)
        self.last = later(self.last, other.last)
        self.line = min(self.line, other.line)


@dataclass(slots=True)
class Findings:
    """What one source shows: evidence by key, and how often each host was seen by detection.

    ``signs`` are of unknown AI; ``shapes`` are those that they have. Of a large source more
    evidence lies in ``files``, and in the ``parts`` it was read in, each with the number of lines
    before it. ``unknown`` are the ends of names that no signature knows; None where lines without a
    wanted name were passed over, so that nobody can say which there were.
    """

    evidence: dict[EvidenceKey, Evidence] = field(default_factory=dict)
    signatures: dict[str, Signature] = field(default_factory=dict)
    hosts: Counter[tuple[str, str]] = field(default_factory=Counter)
    signs: dict[SignKey, Sign] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)
    parts: list[tuple[Findings, int]] = field(default_factory=list)
    unknown: set[bytes] | None = None


class SourceState(StrEnum):
    """How one source ended."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"
    UNRECOGNISED = "unrecognised"
    EMPTY = "empty"
    ALREADY_READ = "already_read"
    DENIED = "denied"  # an account does not let us see it
    NOT_LICENSED = "not_licensed"  # the organisation has not bought what it belongs to
    SKIPPED = "skipped"  # nobody asked for it, or there is no such thing

    @property
    def is_incomplete(self) -> bool:
        return self in _INCOMPLETE


_INCOMPLETE = frozenset(
    {SourceState.PARTIAL, SourceState.FAILED, SourceState.UNRECOGNISED, SourceState.DENIED}
)


class Reject(NamedTuple):
    """A line that the reader could not understand, and why."""

    line: int
    reason: str
    excerpt: str


@dataclass(slots=True)
class SourceStatus:
    """What became of one source in one scan: read = parsed + ignored + rejected + screened.

    ``screened`` lines hold no wanted name and were passed over unread. ``notes`` say what a
    reader of the result should know, such as that a forwarder hides who asked.
    """

    name: str
    state: SourceState
    format: str | None = None
    reason: str | None = None
    read: int = 0
    ignored: dict[str, int] = field(default_factory=dict)
    rejected: int = 0
    rejects: tuple[Reject, ...] = ()
    first: datetime | None = None
    last: datetime | None = None
    time_quality: TimeQuality = TimeQuality.NONE
    bytes_read: int = 0
    seconds: float = 0.0
    screened: int = 0
    notes: tuple[str, ...] = ()

    @property
    def parsed(self) -> int:
        return self.read - sum(self.ignored.values()) - self.rejected - self.screened
