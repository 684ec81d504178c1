"""What a review board looks at: used before approved, used though rejected, ending soon, undecided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from scanner.config import PolicySettings
from scanner.inventory.merged import decided
from scanner.inventory.review import Review, reviews
from scanner.inventory.verdicts import RULES, UNDECIDED, State
from scanner.inventory.weighing import first_allowed
from scanner.model import Action, AISystem, Level, SystemFacts, SystemKind
from scanner.store import Reader

_ALLOW_USE = frozenset(state for state, rule in RULES.items() if rule.allows_use)
# What did not go through is no use, and a name in DNS is none either.
_NO_USE = frozenset({Action.BLOCKED, Action.CHALLENGED, Action.NXDOMAIN})


class Standpoint(NamedTuple):
    """A system with its review, and what its evidence says to that."""

    system: AISystem
    facts: SystemFacts
    review: Review
    first_allowed: datetime | None
    first_used: datetime | None
    last_used: datetime | None

    @property
    def is_used_before_approved(self) -> bool:
        """Whether it was in use before anybody allowed it, once somebody did."""
        allowed, used = self.first_allowed, self.first_used
        return allowed is not None and used is not None and used < allowed

    @property
    def is_used_though_rejected(self) -> bool:
        at, used = self.review.at, self.last_used
        is_rejected = self.review.decided is State.REJECTED  # also while it is decided again
        return is_rejected and at is not None and used is not None and used > at

    @property
    def is_undecided(self) -> bool:
        return self.review.state in UNDECIDED

    def ends_within(self, days: int, now: datetime) -> bool:
        """Whether its approval ends in so many days, or has ended."""
        due, decided = self.review.review_due, self.review.decided
        is_allowed = decided is not None and RULES[decided].allows_use
        return is_allowed and due is not None and due <= now + timedelta(days=days)


def standpoints(store: Reader, policy: Sequence[PolicySettings], now: datetime) -> list[Standpoint]:
    """Return every system with its review, by name."""
    systems = store.systems()
    found = reviews(store, systems, policy, now)
    facts = {one.id: one for one in store.facts()}
    known = decided(store)
    allowed = {one.id: at for one in systems if (at := first_allowed(known, one.id, _ALLOW_USE))}
    return [
        _standpoint(one, facts[one.id], found[one.id], allowed)
        for one in systems
        if one.id in facts
    ]


def _standpoint(
    system: AISystem, facts: SystemFacts, review: Review, allowed: Mapping[str, datetime]
) -> Standpoint:
    first, last = _used(system, facts)
    first_allowed = allowed.get(system.id)
    if review.is_standing and review.decided and RULES[review.decided].allows_use:
        first_allowed = min(one for one in (first_allowed, review.at) if one is not None)
    return Standpoint(system, facts, review, first_allowed, first, last)


def _used(system: AISystem, facts: SystemFacts) -> tuple[datetime | None, datetime | None]:
    """Return when it was first and last used; of what is built, when it was found in code."""
    if system.kind is SystemKind.BUILT and not facts.seen:
        return system.first_seen, system.last_seen
    use = [one for one in facts.seen if one.action not in _NO_USE and one.level >= Level.CONNECTED]
    firsts = [one.first for one in use if one.first]
    lasts = [one.last for one in use if one.last]
    return min(firsts, default=None), max(lasts, default=None)
