"""What accounts say, in words: what a system may reach, its seats, its money, who may own it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from scanner.model import UNCLASSIFIED
from scanner.store import Reader

# What opens nothing of the organisation's by itself stands last, and not on the first page.
_MINOR = ("identity", "profile")
_WHOSE = ("of those who agreed to it", "of everybody who uses it", "of the whole organisation")
_MAY = {None: "not known", False: "read", True: "read and change"}
_UNCLASSIFIED = "what nobody has classified yet"
_RIGHTS = (True, False, None)  # the gravest first
_LISTED_BY = {
    "expense": "paid for",
    "grant": "let into an account",
    "seat": "licensed",
    "device": "installed",
    "sso": "signed in to",
    "setting": "switched on",
    "register": "named in the register",
}
_HAS_LEFT = " (has left)"


class Reach(NamedTuple):
    """One area that a system may reach, and by which scopes. ``whose`` counts up to everybody."""

    area: str
    can_write: bool | None
    whose: int
    scopes: tuple[str, ...]

    @property
    def noun(self) -> str:
        return _UNCLASSIFIED if self.area == UNCLASSIFIED else self.area

    @property
    def may(self) -> str:
        return _MAY[self.can_write]

    @property
    def of_whom(self) -> str:
        return _WHOSE[self.whose]


class Seats(NamedTuple):
    """The licences of one plan; None is what no account says."""

    plan: str
    bought: int | None
    assigned: int | None
    never_used: int | None


class Money(NamedTuple):
    """What was paid in one currency."""

    currency: str
    amount: float
    months: int


class Candidate(NamedTuple):
    """Somebody who may own a system, for one reason or several."""

    owner: str
    reason: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Account:
    """What all accounts together say of one system."""

    reaches: tuple[Reach, ...] = ()
    seats: tuple[Seats, ...] = ()
    money: tuple[Money, ...] = ()
    units: tuple[tuple[str, int], ...] = ()

    @property
    def summary(self) -> list[str]:
        """What a decision should not be made without, in a few clauses."""
        return [
            *(_clause(rows) for rows in _alike(self.reaches)),
            *(
                f"{one.never_used:,} of {one.assigned or 0:,} seats never used"
                for one in self.seats
                if one.never_used
            ),
            *(f"{one.currency} {one.amount:,.2f} paid".strip() for one in self.money),
        ]


def account_of(store: Reader, system: str) -> Account:
    """Return what accounts say of a system."""
    units = tuple((one["unit"], one["people"]) for one in store.units_of(system))
    return Account(
        reaches_of(store.access_of(system)),
        seats_of(store.plans_of(system)),
        money_of(store.spends_of(system)),
        units,
    )


def reaches_of(access: Iterable[Mapping[str, Any]]) -> tuple[Reach, ...]:
    """Return what may be reached, each area once, the gravest first."""
    areas: dict[str, list[Mapping[str, Any]]] = {}
    for one in access:
        areas.setdefault(one["area"], []).append(one)
    found = [_reach(area, rows) for area, rows in areas.items()]
    return tuple(
        sorted(
            found,
            key=lambda one: (
                one.area in _MINOR,
                _RIGHTS.index(one.can_write),
                -one.whose,
                one.area,
            ),
        )
    )


def _reach(area: str, rows: Sequence[Mapping[str, Any]]) -> Reach:
    rights = {None if one["can_write"] is None else bool(one["can_write"]) for one in rows}
    can_write = True if True in rights else None if None in rights else False
    scopes = sorted({_short(one["scope"]) for one in rows if one["scope"]})
    return Reach(area, can_write, max(map(_whose, rows)), tuple(scopes))


def _whose(row: Mapping[str, Any]) -> int:
    """Return whose data a grant opens. A list that names nobody does not say that it was everybody."""
    if row["is_wide"]:
        return 2
    return 1 if row["is_for_all"] and row["consent"] == "admin" else 0


def _short(scope: str) -> str:
    """Return a scope without the address that it begins with."""
    return scope.rstrip("/").rpartition("/")[2] if "://" in scope else scope


def _alike(reaches: Iterable[Reach]) -> list[list[Reach]]:
    """Return the areas that matter, those together of which the same may be done with the same
    people's; they come in that order."""
    major = [one for one in reaches if one.area not in _MINOR]
    return [list(rows) for _, rows in groupby(major, lambda one: (one.can_write, one.whose))]


def _clause(rows: Sequence[Reach]) -> str:
    verb = "reach" if rows[0].can_write is None else rows[0].may
    return f"may {verb} {joined([one.noun for one in rows])} {rows[0].of_whom}"


def seats_of(plans: Iterable[Mapping[str, Any]]) -> tuple[Seats, ...]:
    """Return the licences of each plan, of which several lists may tell a part each."""
    known: dict[str, list[Mapping[str, Any]]] = {}
    for one in plans:
        known.setdefault(one["plan"].casefold(), []).append(one)
    return tuple(
        Seats(
            rows[0]["plan"] or "licence",
            _largest(rows, "bought"),
            _largest(rows, "assigned"),
            _largest(rows, "never_used"),
        )
        for _, rows in sorted(known.items())
    )


def _largest(rows: Iterable[Mapping[str, Any]], name: str) -> int | None:
    return max((one[name] for one in rows if one[name] is not None), default=None)


def money_of(spends: Iterable[Mapping[str, Any]]) -> tuple[Money, ...]:
    """Return what was paid, by currency."""
    by_currency: dict[str, list[Mapping[str, Any]]] = {}
    for one in spends:
        by_currency.setdefault(one["currency"], []).append(one)
    return tuple(
        Money(currency, sum(one["amount"] for one in rows), len({one["month"] for one in rows}))
        for currency, rows in sorted(by_currency.items())
    )


def owners_of(rows: Iterable[Mapping[str, Any]]) -> list[Candidate]:
    """Return who may own a system, each once with every reason; those who have left go last.

    That somebody has left one account says, and it is said beside every reason.
    """
    found: dict[str, Candidate] = {}
    gone: set[str] = set()
    for one in rows:
        name = one["owner"].removesuffix(_HAS_LEFT)
        if name != one["owner"]:
            gone.add(name)
        known = found.get(name)
        reason = f"{known.reason}; {one['reason']}" if known else one["reason"]
        found[name] = Candidate(
            name, reason, max(one["confidence"], known.confidence if known else 0)
        )
    named = [
        one._replace(owner=f"{name}{_HAS_LEFT}") if name in gone else one
        for name, one in found.items()
    ]
    return sorted(
        named, key=lambda one: (one.owner.endswith(_HAS_LEFT), -one.confidence, one.owner)
    )


def listed_by(channels: Iterable[str]) -> str:
    """Return how a system is known that nobody was seen using."""
    known = set(channels)
    said = [words for channel, words in _LISTED_BY.items() if channel in known]
    return joined(said[:2]) or "listed in an account"


def joined(names: Sequence[str]) -> str:
    """Return names as a sentence has them."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
