"""Policy as a file: the standing decisions of gnomon.toml, and which of them is about a system."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from scanner.config import PolicySettings
from scanner.inventory.verdicts import State, midnight
from scanner.model import AISystem
from scanner.store import Place

_STATES = {
    "approved": State.APPROVED,
    "restricted": State.RESTRICTED,
    "prohibited": State.REJECTED,
}
_STRICTEST = (State.REJECTED, State.RESTRICTED, State.APPROVED)


class Standing(NamedTuple):
    """What the policy says of a system; a person's own decision goes before it."""

    state: State
    about: str  # what it is about, such as "supplier deepseek"
    reason: str
    by: str
    at: datetime
    review_due: datetime | None
    conditions: str | None


def standing(
    system: AISystem, policy: Sequence[PolicySettings], now: datetime | None = None
) -> Standing | None:
    """Return the standing decision that is about a system.

    One on its product goes before one on its supplier, and that before one on its category; of
    equals the strictest counts. One that has ended by ``now`` is in the way of no prohibition.
    """
    met = [
        (narrowness, _STRICTEST.index(_STATES[one.verdict]), place)
        for place, one in enumerate(policy)
        if (narrowness := _narrowness(one, system)) is not None
    ]
    if not met:
        return None
    first = policy[min(met)[-1]]
    refused = [one for one in met if policy[one[-1]].verdict == "prohibited"]
    if refused and _has_ended(first, now):
        first = policy[min(refused)[-1]]
    return _standing(first)


def _has_ended(policy: PolicySettings, now: datetime | None) -> bool:
    return now is not None and policy.review_due is not None and midnight(policy.review_due) <= now


def standing_of_parts(
    system: AISystem,
    parts: Sequence[Place],
    policy: Sequence[PolicySettings],
    now: datetime | None = None,
) -> Standing | None:
    """Return the standing decision that is about a system which people put together of parts.

    What is prohibited in any part is prohibited; otherwise the policy must be about them all, and
    the strictest counts.
    """
    found = [
        standing(replace(system, product=one.product, category=one.category), policy, now)
        for one in parts
    ]
    is_about_all = None not in found
    counted = [one for one in found if one and (is_about_all or one.state is State.REJECTED)]
    return min(counted, key=lambda one: _STRICTEST.index(one.state), default=None)


def unmet(systems: Iterable[AISystem], policy: Sequence[PolicySettings]) -> list[PolicySettings]:
    """Return the standing decisions that are about none of the systems: misspelled, perhaps."""
    known = list(systems)
    return [one for one in policy if all(_narrowness(one, each) is None for each in known)]


def _narrowness(policy: PolicySettings, system: AISystem) -> int | None:
    """Return how narrowly a policy names a system, 0 the narrowest; None if it does not."""
    if policy.product is not None:
        return 0 if policy.product.casefold() == system.product.casefold() else None
    if policy.supplier is not None:
        return 1 if _is_of(policy, system) else None
    return 2 if policy.category == system.category else None


def _is_of(policy: PolicySettings, system: AISystem) -> bool:
    """Whether a policy on a supplier is about a system.

    What is built, or merged, has many suppliers: one that is prohibited is enough to prohibit it,
    and one that is approved is not enough to approve it.
    """
    wanted = (policy.supplier or "").casefold()
    suppliers = {one.casefold() for one in system.supplier_id.split(",")}
    if policy.verdict == "approved":
        return suppliers == {wanted}
    return wanted in suppliers


def _standing(policy: PolicySettings) -> Standing:
    named = [("product", policy.product), ("supplier", policy.supplier)]
    kind, name = next(((k, n) for k, n in named if n is not None), ("category", policy.category))
    return Standing(
        state=_STATES[policy.verdict],
        about=f"{kind} {name}",
        reason=policy.reason,
        by=policy.by,
        at=midnight(policy.at),
        review_due=midnight(policy.review_due) if policy.review_due else None,
        conditions=policy.conditions,
    )


def prohibited(
    systems: Iterable[AISystem], policy: Sequence[PolicySettings], now: datetime | None = None
) -> dict[str, datetime]:
    """Return the systems that a policy rejects, by id, and since when."""
    said = ((one.id, standing(one, policy, now)) for one in systems) if policy else ()
    return {
        system: found.at
        for system, found in said
        if found is not None and found.state is State.REJECTED
    }
