"""What accounts say, in words: what a system may reach, its seats and its money."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from reports.texts import Texts
from scanner.model import Channel, Consent, Reached, Seats, Spent, SystemFacts

# What opens nothing of the organisation's by itself stands last, and not on the first page.
_MINOR = ("identity", "profile")
_WHOSE = ("theirs", "users", "everybody")
_MAY = {None: "unknown", False: "read", True: "write"}
_RIGHTS = (True, False, None)  # the gravest first
# How a system is known that nobody was seen using; the first two that fit are said.
_LISTED_BY = (
    Channel.EXPENSE, Channel.GRANT, Channel.SEAT, Channel.DEVICE, Channel.SSO, Channel.SETTING,
    Channel.REGISTER,
)  # fmt: skip


class Reach(NamedTuple):
    """One area that a system may reach, and by which scopes. ``whose`` counts up to everybody."""

    area: str
    can_write: bool | None
    whose: int
    scopes: tuple[str, ...]

    def row(self, texts: Texts) -> tuple[str, str, str, tuple[str, ...]]:
        """Return it as the row of a table: what, how, whose, by which scopes."""
        return (
            texts.of("area", self.area),
            texts(f"common.may.{_MAY[self.can_write]}"),
            texts(f"common.whose.{_WHOSE[self.whose]}"),
            self.scopes,
        )


class Plan(NamedTuple):
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


def in_clauses(facts: SystemFacts, texts: Texts) -> list[str]:
    """Return what a decision should not be made without, in a few clauses."""
    return [
        *(_clause(rows, texts) for rows in _alike(reaches_of(facts.reached))),
        *(
            texts("common.seats_unused", n=one.never_used, assigned=one.assigned or 0)
            for one in plans_of(facts.seats)
            if one.never_used
        ),
        *(texts("common.paid", amount=amount_of(one, texts)) for one in money_of(facts.spent)),
    ]


def amount_of(money: Money, texts: Texts) -> str:
    """Return a sum as the language writes it; without a currency, the number alone."""
    if not money.currency:
        return texts.number(round(money.amount, 2))
    return texts.money(money.amount, money.currency)


def reaches_of(reached: Iterable[Reached]) -> tuple[Reach, ...]:
    """Return what may be reached, each area once, the gravest first."""
    areas: dict[str, list[Reached]] = {}
    for one in reached:
        areas.setdefault(one.area, []).append(one)
    return tuple(sorted((_reach(area, rows) for area, rows in areas.items()), key=_gravity))


def _gravity(one: Reach) -> tuple[bool, int, int, str]:
    return one.area in _MINOR, _RIGHTS.index(one.can_write), -one.whose, one.area


def _reach(area: str, rows: Sequence[Reached]) -> Reach:
    rights = {one.can_write for one in rows}
    can_write = True if True in rights else None if None in rights else False
    scopes = sorted({_short(one.scope) for one in rows if one.scope})
    return Reach(area, can_write, max(map(_whose, rows)), tuple(scopes))


def _whose(one: Reached) -> int:
    """Return whose data a grant opens. A list that names nobody does not say that it was everybody."""
    if one.is_wide:
        return 2
    return 1 if one.is_for_all and one.consent is Consent.ADMIN else 0


def _short(scope: str) -> str:
    """Return a scope without the address that it begins with."""
    return scope.rstrip("/").rpartition("/")[2] if "://" in scope else scope


def _alike(reaches: Iterable[Reach]) -> Iterator[list[Reach]]:
    """Yield the areas that matter, those together of which the same may be done with the same
    people's; they come in that order."""
    major = (one for one in reaches if one.area not in _MINOR)
    return (list(rows) for _, rows in groupby(major, lambda one: (one.can_write, one.whose)))


def _clause(rows: Sequence[Reach], texts: Texts) -> str:
    return texts(
        f"common.may_reach.{_MAY[rows[0].can_write]}",
        what=texts.listed([texts.of("area", one.area) for one in rows]),
        whose=texts(f"common.whose.{_WHOSE[rows[0].whose]}"),
    )


def plans_of(seats: Iterable[Seats]) -> tuple[Plan, ...]:
    """Return the licences of each plan, of which several lists may tell a part each."""
    known: dict[str, list[Seats]] = {}
    for one in seats:
        known.setdefault(one.plan.casefold(), []).append(one)
    return tuple(
        Plan(
            rows[0].plan,
            _largest(one.bought for one in rows),
            _largest(one.assigned for one in rows),
            _largest(one.never_used for one in rows),
        )
        for _, rows in sorted(known.items())
    )


def _largest(numbers: Iterable[int | None]) -> int | None:
    return max((one for one in numbers if one is not None), default=None)


def money_of(spent: Iterable[Spent]) -> tuple[Money, ...]:
    """Return what was paid, by currency."""
    by_currency: dict[str, list[Spent]] = {}
    for one in spent:
        by_currency.setdefault(one.currency, []).append(one)
    return tuple(
        Money(currency, sum(one.amount for one in rows), len({one.month for one in rows}))
        for currency, rows in sorted(by_currency.items())
    )


def listed_by(facts: SystemFacts, texts: Texts) -> str:
    """Return how a system is known that nobody was seen using."""
    said = [texts(f"common.listed_by.{one}") for one in _LISTED_BY if one in facts.channels]
    return texts.listed(said[:2]) or texts("common.listed_by.other")
