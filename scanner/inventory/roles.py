"""Which roles an organisation may hold for each AI system: the rules of roles.toml, and people's word.

Several rules may say one role. What is independent adds up as 1 - product(1 - c); what is known from
one origin counts once, the surest. Each rule that counts has an origin of its own, so that evidence
that is added never lowers a confidence; a hint that colleagues alone meet a system, and a setting
that its AI is off, are all that speaks against a role. EU AI Act roles are never derived: they are
fields that people fill.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import prod

from scanner.config import RoleSettings
from scanner.inventory.conditions import (
    Asked,
    Mark,
    audience_of,
    meets,
    shows,
    sorted_ids,
)
from scanner.inventory.merged import decided as decided_in
from scanner.inventory.role_rules import NOT_SEEN, Chance, Rule, chances, rules
from scanner.model import (
    Act,
    AISystem,
    Decision,
    RoleClaim,
    RoleNote,
    RoleStatus,
    SystemFacts,
)
from scanner.store import Reader

MOST = 0.99  # no evidence makes a role certain; a person does


_DEFAULTS = RoleSettings()


@dataclass(frozen=True, slots=True)
class _Fired:
    """A rule that holds for a role, with how sure it alone makes it."""

    rule: Rule
    sub_role: str
    confidence: float
    marks: frozenset[Mark]

    @property
    def origins(self) -> list[str]:
        return sorted({one.origin for one in self.marks if one.origin})


def claims(
    facts: SystemFacts, decided: Iterable[Decision] = (), settings: RoleSettings = _DEFAULTS
) -> list[RoleClaim]:
    """Return the roles that may be held for a system, the surest first, rejected ones last.

    ``decided`` are the decisions of people on it, of any kind.
    """
    of_it = sorted((one for one in decided if one.subject == facts.id), key=lambda one: one.number)
    asked = _asked(facts, of_it, settings)
    by_role: dict[str, list[_Fired]] = {}
    for rule, cases in chances(asked):
        for role, fired in _fired(rule, cases, asked):
            by_role.setdefault(role, []).append(fired)
    suggested = {role: _claim(role, fired, asked) for role, fired in by_role.items()}
    spoken = {str(one.value.get("role", "")): one for one in of_it if _is_of_role(one)}
    for role, decision in spoken.items():
        claim = suggested.get(role) or _unsupported(role, facts)
        suggested[role] = _decided(claim, decision)
    return sorted(suggested.values(), key=_order)


def notes(
    facts: SystemFacts, decided: Iterable[Decision] = (), settings: RoleSettings = _DEFAULTS
) -> list[RoleNote]:
    """Return what the rules say of a system beside roles, such as that an impact check is due."""
    asked = _asked(facts, [one for one in decided if one.subject == facts.id], settings)
    met = {
        rule.id: (rule, marks)
        for rule, cases in chances(asked)
        if (marks := _met(cases, asked)) is not None
    }
    return [
        RoleNote(rule.id, rule.note, rule.question, tuple(sorted_ids(marks)))
        for rule, marks in met.values()
        if rule.note and not any(name in met for name in rule.yields_to)
    ]


def claims_of(
    store: Reader,
    ids: Iterable[str] | None = None,
    settings: RoleSettings = _DEFAULTS,
    *,
    is_summed: bool = False,
) -> dict[str, list[RoleClaim]]:
    """Return the roles of every system of a database, or of some, by the system's id.

    ``is_summed`` adds up what was seen over all sources: quick, with fewer ids of evidence.
    """
    known = decided_in(store)
    facts = store.facts(ids, is_summed)
    return {one.id: claims(one, known.said(one.id), settings) for one in facts}


def with_roles(
    systems: Sequence[AISystem],
    store: Reader,
    settings: RoleSettings = _DEFAULTS,
    facts: Iterable[SystemFacts] | None = None,
) -> list[AISystem]:
    """Return the systems with their roles, by their facts if those are at hand."""
    known = decided_in(store)
    every = store.facts([one.id for one in systems], is_summed=True) if facts is None else facts
    found = {one.id: claims(one, known.said(one.id), settings) for one in every}
    return [replace(one, roles=tuple(found.get(one.id, ()))) for one in systems]


def fields(system: str, decided: Iterable[Decision]) -> dict[str, str]:
    """Return the fields of a system that people filled, the newest word on each."""
    of_it = (one for one in decided if one.subject == system and one.act is Act.FIELD)
    return {
        str(one.value.get("field", "")): _as_text(one.value.get("value", ""))
        for one in sorted(of_it, key=lambda one: one.number)
    }


def _as_text(value: object) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


def _asked(facts: SystemFacts, decided: Sequence[Decision], settings: RoleSettings) -> Asked:
    said = fields(facts.id, decided)
    return Asked(facts, rules().categories, said, settings.people, settings.client_work)


def _fired(rule: Rule, cases: Iterable[Chance], asked: Asked) -> list[tuple[str, _Fired]]:
    """Return the roles that a rule gives: of several cases that hold, the surest for each."""
    best: dict[str, tuple[float, str]] = {}
    marks: dict[str, set[Mark]] = {}
    for case, conditions in cases:
        met = meets(asked, conditions) if case.roles else None
        for one in case.roles if met is not None else ():
            best[one.role] = max(best.get(one.role, (0.0, "")), (one.confidence, one.sub_role))
            marks.setdefault(one.role, set()).update(met or ())
    return [
        (role, _Fired(rule, sub_role, confidence, frozenset(marks[role])))
        for role, (confidence, sub_role) in best.items()
    ]


def _met(cases: Iterable[Chance], asked: Asked) -> frozenset[Mark] | None:
    """Return the evidence of all cases that hold; None if none does."""
    met = [marks for one in cases if (marks := meets(asked, one.conditions)) is not None]
    return frozenset[Mark]().union(*met) if met else None


def _claim(role: str, fired: list[_Fired], asked: Asked) -> RoleClaim:
    fired = sorted(fired, key=lambda one: (-one.confidence, one.rule.id))
    counted = _counted(fired)
    ids = {one.rule.id for one in fired}
    asking = [one for one in fired if not ids.intersection(one.rule.yields_to)]
    told = [one for one in fired if one in counted or one in asking]
    return RoleClaim(
        role=role,
        sub_role=next((one.sub_role for one in counted if one.sub_role), ""),
        confidence=_combined(role, counted, asked),
        rules=tuple(one.rule.id for one in told),
        questions=tuple(one.rule.question for one in asking),
        evidence=tuple(sorted_ids(frozenset[Mark]().union(*(one.marks for one in told)))),
    )


def _counted(fired: Sequence[_Fired]) -> list[_Fired]:
    """Return the rules that add up: each has an origin of its own, and the surest come first.

    Whether one more finds an origin is asked by moving others to another of theirs, so that the
    result is the best there is, whatever the order.
    """
    owner: dict[str, int] = {}

    def place(number: int, tried: set[str]) -> bool:
        for origin in fired[number].origins:
            if origin not in tried:
                tried.add(origin)
                if origin not in owner or place(owner[origin], tried):
                    owner[origin] = number
                    return True
        return False

    return [one for number, one in enumerate(fired) if place(number, set())]


def _combined(role: str, counted: Sequence[_Fired], asked: Asked) -> float:
    """Return how sure the rules make a role together, what is capped held below its cap."""
    free, capped, cap = [], [], MOST
    for one in counted:
        limit = one.rule.cap
        if limit and role in limit.roles and audience_of(asked)[0] != limit.unless:
            capped.append(one.confidence)
            cap = min(cap, limit.confidence)
        else:
            free.append(one.confidence)
    held = min(cap, _together(capped))
    return round(min(MOST, _together([held, *free])), 4)


def _together(confidences: Iterable[float]) -> float:
    """Return 1 - product(1 - c), the same in any order."""
    return 1.0 - prod(1.0 - one for one in sorted(confidences))


def _unsupported(role: str, facts: SystemFacts) -> RoleClaim:
    """Return the claim of a role that no rule gives: a person did, or what gave it is gone."""
    if shows(facts):
        return RoleClaim(role, "", 0.0)
    question = next(one.question for one in rules().rules if one.id == NOT_SEEN)
    return RoleClaim(role, "", 0.0, (NOT_SEEN,), (question,))


def _is_of_role(decision: Decision) -> bool:
    is_known = rules().role(str(decision.value.get("role", ""))) is not None
    return decision.act is Act.ROLE and is_known and decision.verdict in set(RoleStatus)


def _decided(claim: RoleClaim, decision: Decision) -> RoleClaim:
    return replace(
        claim,
        sub_role=str(decision.value.get("sub_role") or claim.sub_role),
        status=RoleStatus(decision.verdict),
        by=decision.by,
        at=decision.at,
        reason=decision.reason,
    )


def _order(claim: RoleClaim) -> tuple[bool, float, str]:
    return claim.status is RoleStatus.REJECTED, -claim.confidence, claim.role
