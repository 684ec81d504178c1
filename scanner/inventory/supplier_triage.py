"""What speaks for looking at a supplier first, each point with what it rests on.

An order to work in and no risk assessment: that, and how sure anybody is, stays a person's. What
nobody knows is counted apart, and is neither good nor bad. Only what a person answered lowers it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from scanner.inventory.supplier_answers import Answer, Reply, Standing
from scanner.inventory.supplier_supplied import Supplied

_HIGH, _MEDIUM = 8, 4
_REACH = {"tenant": 3, "mailbox": 3, "files": 2, "code": 2, "user_content": 1}
_SHARES = ((0.25, 2), (0.10, 1))
_TRAINS = "Q10"
# A yes to these by a person takes a point away: what it is about is settled.
_MEASURES = ("Q11", "Q12", "Q13", "Q15", "Q17", "Q19", "Q24", "Q25", "Q26", "Q27", "Q34", "Q35")


class Tier(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Factor(NamedTuple):
    """One thing that speaks for it (or, with points below 0, against), and what it rests on."""

    code: str
    what: tuple[str, ...]
    points: int
    citation: tuple[str, ...]


class Triage(NamedTuple):
    """Points before and after what people answered, and the questions that nobody can answer."""

    inherent: int
    residual: int
    factors: tuple[Factor, ...]
    unknown: tuple[str, ...]  # ids of questions

    @property
    def inherent_tier(self) -> Tier:
        return _tier(self.inherent)

    @property
    def residual_tier(self) -> Tier:
        return _tier(self.residual)


def triage(systems: Sequence[Supplied], share: float, answers: Sequence[Answer]) -> Triage:
    """Return what speaks for looking at a supplier first."""
    worse = [*_of_systems(systems), *_of_share(share), *_of_training(answers)]
    better = list(_measures(answers))
    inherent = sum(one.points for one in worse)
    residual = max(0, inherent + sum(one.points for one in better))
    unknown = tuple(one.question.id for one in answers if one.is_open)
    return Triage(inherent, residual, (*worse, *better), unknown)


def _of_systems(systems: Sequence[Supplied]) -> Iterator[Factor]:
    reach = {each for one in systems for each in one.reach}
    if widest := max(reach & set(_REACH), key=lambda one: (_REACH[one], one), default=""):
        shown = [one for one in systems if widest in one.reach]
        yield Factor("reach", (widest,), _REACH[widest], _named(shown))
    if shown := [one for one in systems if {"personal", "mixed"} & set(one.accounts)]:
        yield Factor("own_accounts", (), 1, _named(shown))
    if shown := [one for one in systems if one.meets_customers == "yes"]:
        yield Factor("customers", (), 2, _named(shown))
    if shown := [one for one in systems if one.meets_customers == "likely"]:
        yield Factor("customers_likely", (), 1, _named(shown))
    if shown := [one for one in systems if one.affects_people == "yes"]:
        yield Factor("affects_people", (), 3, _named(shown))


def _of_share(share: float) -> Iterator[Factor]:
    if points := next((points for least, points in _SHARES if share >= least), 0):
        yield Factor("share", (f"{share:.0%}",), points, ("Q16",))


def _of_training(answers: Iterable[Answer]) -> Iterator[Factor]:
    for one in answers:
        if one.question.id == _TRAINS and one.reply in (Reply.YES, Reply.PARTLY):
            sources = tuple(dict.fromkeys(each.source for each in one.statements))
            yield Factor("trains", (one.reply.value,), 2, (_TRAINS, *sources))


def _measures(answers: Iterable[Answer]) -> Iterator[Factor]:
    for one in answers:
        is_settled = one.standing is Standing.ANSWERED and one.reply is Reply.YES
        if one.question.id in _MEASURES and is_settled and not one.is_stale:
            yield Factor("settled", (one.question.id,), -1, (one.question.id,))


def _named(systems: Iterable[Supplied]) -> tuple[str, ...]:
    return tuple(one.name for one in systems)


def _tier(points: int) -> Tier:
    return Tier.HIGH if points >= _HIGH else Tier.MEDIUM if points >= _MEDIUM else Tier.LOW
