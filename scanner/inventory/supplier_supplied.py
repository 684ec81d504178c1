"""What of our own evidence bears on a supplier: each system that rests on it, with what shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import nsmallest
from typing import Any

from scanner.inventory.components import is_of_hub
from scanner.inventory.origin import UNKNOWN, account_mode, data_reach, origin_class
from scanner.inventory.review_lists import Standpoint
from scanner.inventory.suppliers import Rest, SupplierUse
from scanner.model import (
    Act,
    Channel,
    Decision,
    HintKind,
    Identifier,
    RoleClaim,
    RoleStatus,
    SystemFacts,
    SystemKind,
)

_MOST_EVIDENCE = 50
_TO_CUSTOMERS = "provider"


@dataclass(frozen=True, slots=True)
class Supplied:
    """One system that rests on a supplier, as evidence shows it and as people described it."""

    system: str
    name: str
    kind: SystemKind
    category: str
    why: tuple[str, ...]
    is_direct: bool
    units: Mapping[str, int]
    people: int
    first: datetime | None
    last: datetime | None
    plans: tuple[str, ...]
    accounts: tuple[str, ...]  # the record's account_mode; () if nothing shows it
    areas: tuple[str, ...]  # of our data that it may reach by a grant
    scopes: tuple[str, ...]
    reach: tuple[str, ...]  # the record's data_reach; () if nothing shows it
    origin: tuple[str, ...]
    models: tuple[str, ...]
    switched_on: tuple[str, ...]
    switched_off: tuple[str, ...]
    log_sources: tuple[str, ...]  # that count its use
    state: str  # of its own review
    purpose: str
    allowed: tuple[str, ...]  # classes of data that people allow
    affects_people: str
    meets_customers: str  # yes, no, likely, unknown
    evidence: tuple[str, ...]
    sources: tuple[str, ...]


class Supplies:
    """What is known of systems: most of it once for each, whoever supplies it.

    ``said`` are what people said of the fields of each system.
    """

    def __init__(
        self,
        stands: Mapping[str, Standpoint],
        roles: Mapping[str, Sequence[RoleClaim]],
        said: Mapping[str, Sequence[Decision]],
    ) -> None:
        self._stands, self._roles, self._said = stands, roles, said
        self._known: dict[str, Supplied] = {}

    def of(self, use: SupplierUse) -> tuple[Supplied, ...]:
        """Return the systems that rest on a supplier, in the order of their names."""
        return tuple(
            _from(use.id, one, self._stands[one.system].facts, self._whosever(one.system))
            for one in use.rests
            if one.system in self._stands
        )

    def _whosever(self, system: str) -> Supplied:
        if system not in self._known:
            said = self._said.get(system, ())
            self._known[system] = _whosever(self._stands[system], self._roles[system], said)
        return self._known[system]


def _whosever(
    stand: Standpoint, roles: Sequence[RoleClaim], decided: Sequence[Decision]
) -> Supplied:
    """Return a system with what does not hang on who supplies it."""
    facts, told = stand.facts, _fields(decided)
    accounts, reach = account_mode(facts), data_reach(facts)
    seen = nsmallest(_MOST_EVIDENCE, facts.seen, key=lambda one: (-one.events, one.id))
    return Supplied(
        system=facts.id,
        name=facts.name,
        kind=facts.kind,
        category=facts.category,
        why=(),
        is_direct=False,
        units=facts.units,
        people=facts.most_people,
        first=stand.system.first_seen,
        last=stand.system.last_seen,
        plans=(),
        accounts=accounts.value if accounts.is_known else (),
        areas=tuple(sorted({one.area for one in facts.reached if one.area != "identity"})),
        scopes=tuple(sorted({one.scope for one in facts.reached if one.scope})),
        reach=reach.value if reach.is_known else (),
        origin=tuple(one for one in origin_class(facts).value if one != UNKNOWN),
        models=(),
        switched_on=(),
        switched_off=(),
        log_sources=(),
        state=stand.review.state.value,
        purpose=str(told.get("purpose", "")),
        allowed=_texts(told.get("allowed_data_classes")),
        affects_people=str(told.get("affects_individuals", UNKNOWN)),
        meets_customers=_meets_customers(facts, roles, told),
        evidence=tuple(one.id for one in seen),
        sources=tuple(sorted({one.source for one in facts.seen})),
    )


def _from(supplier: str, rest: Rest, facts: SystemFacts, known: Supplied) -> Supplied:
    """Return a system with what it has of one supplier."""
    is_its_own = supplier in facts.suppliers and facts.kind is not SystemKind.BUILT
    parts = [one for one in facts.parts if one.supplier_id == supplier]
    return replace(
        known,
        why=rest.why,
        is_direct=rest.is_direct,
        plans=tuple(sorted({one.plan for one in facts.seats if one.plan})) if is_its_own else (),
        models=_models(facts, supplier, is_its_own),
        switched_on=_switches(facts, is_its_own, is_on=True),
        switched_off=_switches(facts, is_its_own, is_on=False),
        log_sources=_log_sources(facts) if is_its_own else (),
        evidence=(*(one.id for one in parts), *known.evidence)[:_MOST_EVIDENCE],
        sources=tuple(sorted({*known.sources, *(one.source for one in parts)})),
    )


def _models(facts: SystemFacts, supplier: str, is_its_own: bool) -> tuple[str, ...]:
    """Return the models of the supplier that code names, or that its own account lists."""
    named = {
        one.value
        for one in facts.parts
        if one.supplier_id == supplier and (one.channel is Identifier.MODEL or is_of_hub(one))
    }
    kept = {one.name for one in facts.kept if one.kind == "model"} if is_its_own else set()
    return tuple(sorted(named | kept))


def _switches(facts: SystemFacts, is_its_own: bool, *, is_on: bool) -> tuple[str, ...]:
    found = {one.name for one in facts.switched if one.is_on is is_on}
    return tuple(sorted(found)) if is_its_own else ()


def _log_sources(facts: SystemFacts) -> tuple[str, ...]:
    return tuple(sorted({one.source for one in facts.seen if one.channel is Channel.ACTIVITY}))


def _meets_customers(
    facts: SystemFacts, roles: Iterable[RoleClaim], told: Mapping[str, Any]
) -> str:
    """Return whether customers meet it: a person's word, else what its files and roles suggest."""
    if (said := told.get("customer_facing")) in ("yes", "no"):
        return str(said)
    held = [one for one in roles if one.role == _TO_CUSTOMERS]
    if any(one.status is RoleStatus.CONFIRMED for one in held):
        return "yes"
    is_hinted = any(one.kind == HintKind.CUSTOMER_FACING for one in facts.hints)
    is_claimed = any(one.status is RoleStatus.CANDIDATE for one in held)
    return "likely" if is_hinted or is_claimed else UNKNOWN


def _fields(decided: Iterable[Decision]) -> dict[str, Any]:
    """Return what people said of the fields of a system, the newest word on each."""
    newest: dict[str, Any] = {}
    for one in decided:
        if one.act is Act.FIELD:
            newest[str(one.value.get("field", ""))] = (
                one.value.get("value") if one.verdict == "said" else None
            )
    return {name: value for name, value in newest.items() if value not in (None, "", [])}


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


def origins(systems: Iterable[Supplied]) -> Iterator[str]:
    """Yield whose the models of the systems are, each class once."""
    yield from sorted({one for each in systems for one in each.origin})
