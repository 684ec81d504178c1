"""What speaks for looking at a system first, each point with its evidence.

It is an order to work in and no risk assessment. What nobody knows is listed, and never counted as
bad, nor as good.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from scanner.inventory.origin import Computed
from scanner.inventory.review_lists import Standpoint
from scanner.inventory.roles import fields
from scanner.inventory.verdicts import UNDECIDED
from scanner.model import Decision, SystemFacts

_HIGH, _MEDIUM = 6, 3
_REACH = {"tenant": 3, "mailbox": 3, "files": 2, "code": 2, "user_content": 1}
_ASKED = ("customer_facing", "affects_individuals", "ai_act_tier_hint", "purpose")


class Factor(NamedTuple):
    """One thing that speaks for it."""

    factor: str
    points: int
    citation: str
    evidence: tuple[str, ...] = ()


def triage(
    facts: SystemFacts,
    stand: Standpoint,
    computed: Mapping[str, Computed],
    decisions: Iterable[Decision],
) -> dict[str, Any]:
    """Return score, tier (low, medium, high), factors and what is not known."""
    said = fields(facts.id, decisions)
    factors = [*_of_evidence(facts, computed), *_of_review(stand), *_of_people(said)]
    score = sum(one.points for one in factors)
    unknown = [name for name in _ASKED if said.get(name, "") in ("", "unknown")]
    unknown += [name for name, one in computed.items() if not one.is_known]
    return {
        "score": score,
        "tier": "high" if score >= _HIGH else "medium" if score >= _MEDIUM else "low",
        "factors": [{**one._asdict(), "evidence": list(one.evidence)} for one in factors],
        "unknowns": unknown,
    }


def _of_evidence(facts: SystemFacts, computed: Mapping[str, Computed]) -> Iterator[Factor]:
    reach = computed["data_reach"]
    widest = max(reach.value, key=lambda one: _REACH.get(one, 0))
    if points := _REACH.get(widest, 0):
        yield Factor(f"reaches {widest}", points, reach.why, reach.evidence)
    if writes := [one for one in facts.reached if one.can_write]:
        areas = ", ".join(sorted({one.area for one in writes}))
        yield Factor("may write", 1, areas, tuple(sorted({one.id for one in writes})))
    accounts = computed["account_mode"]
    if {"personal", "mixed"} & set(accounts.value):
        yield Factor("accounts of people's own", 1, accounts.why, accounts.evidence)


def _of_review(stand: Standpoint) -> Iterator[Factor]:
    if stand.is_used_though_rejected:
        yield Factor("used though rejected", 3, stand.review.why)
    elif stand.is_used_before_approved:
        yield Factor("used before approved", 1, stand.review.why)
    if stand.review.state in UNDECIDED:
        yield Factor("undecided", 1, stand.review.why)


def _of_people(said: Mapping[str, str]) -> Iterator[Factor]:
    if said.get("affects_individuals") == "yes":
        yield Factor("decides about people", 3, "a person says so")
    if said.get("customer_facing") == "yes":
        yield Factor("customers meet it", 2, "a person says so")
    points = {"prohibited": 6, "high_risk": 3}.get(said.get("ai_act_tier_hint", ""), 0)
    if points:
        yield Factor(f"EU AI Act: {said['ai_act_tier_hint']}", points, "a person says so")
