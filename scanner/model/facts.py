"""What is known of one AI system, gathered in one place for rules, owners, scope and changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from scanner.model.accounts import Consent, Way
from scanner.model.inventory import SystemKind
from scanner.model.observations import Action, Channel, Level
from scanner.model.signatures import EvidenceKind, Identifier


class Seen(NamedTuple):
    """Evidence of one source and channel, summed: the id is what a reader finds it by."""

    id: str  # "e<source>.<detection>.<channel>.<action>"
    source: str
    detection: str
    identifier: Identifier
    kind: EvidenceKind
    channel: Channel
    action: Action
    level: Level
    events: int
    actors: int
    days: int
    bytes_up: int
    first: datetime | None
    last: datetime | None
    confidence: int


class Reached(NamedTuple):
    """What an application of the system may reach, by an account."""

    id: str  # "g<source>.<app>.<scope>"
    area: str
    can_write: bool | None
    is_wide: bool
    way: Way
    consent: Consent
    scope: str
    people: int
    is_for_all: bool
    source: str


class Part(NamedTuple):
    """A component of a built system."""

    id: str  # "c<source>.<file>:<line>"
    product: str
    supplier_id: str
    supplier: str
    category: str
    kind: EvidenceKind
    channel: Identifier
    value: str
    version: str
    tie: str
    purpose: str  # runtime, dev, test, example ...
    is_direct: bool | None
    is_shipped: bool
    speaks_to: str
    file: str
    line: int
    source: str


class Hinted(NamedTuple):
    """What files suggest of a built system."""

    kind: str
    label: str
    file: str
    line: int


class Seats(NamedTuple):
    plan: str
    bought: int | None
    assigned: int | None
    never_used: int | None
    source: str


class Kept(NamedTuple):
    """Something that people keep in a product: a project, an agent, a key, a model."""

    kind: str
    name: str
    detail: str
    owner: str
    source: str


class Switched(NamedTuple):
    name: str
    unit: str
    is_on: bool
    source: str


class Spent(NamedTuple):
    month: str
    currency: str
    amount: float
    people: int
    source: str


class Claimed(NamedTuple):
    """Who may own it, as one source shows."""

    owner: str
    reason: str
    confidence: float
    source: str
    is_here: bool = False  # whether that source says that they work here still


@dataclass(frozen=True, slots=True)
class SystemFacts:
    """One system, as all sources show it. ``product`` is a product's key, or an application's."""

    id: str
    name: str
    kind: SystemKind
    product: str
    suppliers: Mapping[str, str]  # names by id
    category: str
    ai_nature: str
    first_scan: int
    seen: tuple[Seen, ...] = ()
    reached: tuple[Reached, ...] = ()
    parts: tuple[Part, ...] = ()
    hints: tuple[Hinted, ...] = ()
    seats: tuple[Seats, ...] = ()
    kept: tuple[Kept, ...] = ()
    switched: tuple[Switched, ...] = ()
    spent: tuple[Spent, ...] = ()
    owners: tuple[Claimed, ...] = ()
    units: Mapping[str, int] = field(default_factory=dict)  # people by unit
    counts: Mapping[str, int] = field(default_factory=dict)  # people or devices that were counted
    people: int = 0  # that are told apart
    is_registered: bool = False  # the organisation's own register has it

    @property
    def channels(self) -> frozenset[Channel]:
        """Through which senses it was seen."""
        return frozenset(one.channel for one in self.seen)

    @property
    def level(self) -> Level:
        """How far its use got."""
        return max((one.level for one in self.seen), default=Level.LISTED)

    @property
    def events(self) -> int:
        return sum(one.events for one in self.seen if one.action is not Action.CHALLENGED)

    @property
    def blocked(self) -> int:
        return sum(one.events for one in self.seen if one.action is Action.BLOCKED)

    @property
    def bytes_up(self) -> int:
        return sum(one.bytes_up for one in self.seen)

    @property
    def first(self) -> datetime | None:
        return min((one.first for one in self.seen if one.first), default=None)

    @property
    def last(self) -> datetime | None:
        return max((one.last for one in self.seen if one.last), default=None)

    @property
    def most_people(self) -> int:
        """The people who are known to have it, named or only counted."""
        return max([self.people, *(n for what, n in self.counts.items() if "people" in what)])
