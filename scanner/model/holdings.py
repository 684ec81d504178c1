"""What one listing of an account shows, ready to be stored: the AI in it, and who has it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from scanner.model.accounts import App, Asset, Consent, Entry, Setting, Way
from scanner.model.evidence import Evidence, EvidenceKey, Sign, SignKey
from scanner.model.inventory import OwnerClaim
from scanner.model.signatures import Shape, Signature


class Reach(NamedTuple):
    """What a scope lets an application reach, and why we say so.

    ``area`` is what of the organisation's: mail, files, calendar ...; "unclassified" for a scope
    that nobody has looked at. ``can_write`` is None where that is not known.
    """

    area: str
    can_write: bool | None
    rationale: str
    is_wide: bool = False  # everybody's, and not one person's alone


UNCLASSIFIED = "unclassified"


class AccessKey(NamedTuple):
    """One scope that an application was granted, in one way."""

    app: str
    scope: str
    resource: str
    way: Way
    consent: Consent


@dataclass(slots=True)
class Access:
    """The grants of one scope added up."""

    detection: str
    reach: Reach
    people: set[str] = field(default_factory=set)  # codes; empty where it is everyone
    counted: int = 0  # people who are not named
    is_for_all: bool = False
    first: datetime | None = None
    last: datetime | None = None


class PlanKey(NamedTuple):
    detection: str
    plan: str


@dataclass(slots=True)
class PlanUse:
    """A plan's licences: bought and handed out as the account says, and those whose people are known."""

    bought: int | None = None
    assigned: int | None = None
    people: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)  # the people of whom some use is known
    tells_use: bool = False


class SpendKey(NamedTuple):
    """Money that went to one product in one month, "2026-11"; "" where no day is known."""

    detection: str
    month: str
    currency: str


@dataclass(slots=True)
class SpendSum:
    amount: float = 0.0
    lines: int = 0
    people: set[str] = field(default_factory=set)
    units: set[str] = field(default_factory=set)


class Colleague(NamedTuple):
    """Somebody in a directory. ``is_active`` is None where it does not say."""

    unit: str
    is_active: bool | None


class Head(NamedTuple):
    """Who leads a unit, as a directory shows: so many of its people answer to them."""

    unit: str
    name: str
    people: int
    is_active: bool | None


class Claim(NamedTuple):
    """Who may own a product, as an account shows."""

    detection: str
    claim: OwnerClaim
    is_here: bool = False  # whether the account says that they work here still


@dataclass(slots=True)
class Holding:
    """What one listing shows. Applications that are no AI are counted in ``ignored`` and not kept."""

    evidence: dict[EvidenceKey, Evidence] = field(default_factory=dict)
    signatures: dict[str, Signature] = field(default_factory=dict)
    apps: dict[str, tuple[App, str]] = field(default_factory=dict)  # with the detection it meets
    access: dict[AccessKey, Access] = field(default_factory=dict)
    plans: dict[PlanKey, PlanUse] = field(default_factory=dict)
    assets: dict[tuple[str, str, str], tuple[Asset, str]] = field(default_factory=dict)
    settings: dict[tuple[str, str, str], tuple[Setting, str]] = field(default_factory=dict)
    spends: dict[SpendKey, SpendSum] = field(default_factory=dict)
    entries: dict[str, tuple[Entry, str]] = field(default_factory=dict)
    counts: dict[tuple[str, str], int] = field(default_factory=dict)  # people or devices, not named
    claims: set[Claim] = field(default_factory=set)
    units: dict[str, str] = field(default_factory=dict)  # of people that evidence is about, by code
    # The code of each of them by the code of the key that the account has for them, where they differ.
    logins: dict[str, str] = field(default_factory=dict)
    people: Iterable[tuple[str, Colleague]] = field(default=(), compare=False)  # of a directory
    heads: tuple[Head, ...] = ()
    signs: dict[SignKey, Sign] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)
    notes: tuple[str, ...] = ()  # what a reader of the result should know
    read: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    first: datetime | None = None
    last: datetime | None = None
