"""Which systems are in the scope of the management system (clause 4.3), and why.

What touches customers' data or decides about people is in until a person has justified leaving it
out. What a person left out comes back by itself when its review date is past.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from scanner.config import Config, ScopeRuleSettings, ScopeSettings
from scanner.inventory.merged import Decided, Word, decided
from scanner.inventory.owners import owners
from scanner.inventory.recording import Draft, Outcome, record_one
from scanner.inventory.verdicts import midnight
from scanner.model import Act, Category, Decision, HintKind, SystemFacts
from scanner.store import Reader, Store


class Place(StrEnum):
    """Where a system is, as the scope document says it."""

    IN = "in"
    OUT = "out"
    UNDECIDED = "undecided"


class Excluded(StrEnum):
    """Why a system is left out."""

    NOT_AI = "not_ai"
    UNRELATED_INTERNAL = "unrelated_internal"
    STATISTICS = "statistics"
    IMMATERIAL = "immaterial"
    OTHER_ENTITY = "other_entity"


# How a reason begins; reports say that in the reader's language.
BY_DEFAULT, BY_PERSON, BY_RULE = "in by default: ", "decided by ", "by the rule on "
NO_RULE = "no rule is about it"

# Areas of access that hold what customers write, send or are.
CUSTOMER_AREAS: Mapping[str, str] = {
    "mail": "mail",
    "files": "files",
    "sites": "shared documents",
    "chat": "chats",
    "meetings": "meetings and their recordings",
    "contacts": "contacts",
    "forms": "what people answered in forms",
    "business": "business data",
    "compliance": "records that are kept",
    "health": "health data",
    "cloud": "the data in the cloud",
}
# What products of a kind are made for.
CUSTOMER_CATEGORIES: Mapping[Category, str] = {
    Category.CUSTOMER_SERVICE: "is made to serve customers",
    Category.SALES_MARKETING: "is made to work on customers",
    Category.MEETING_NOTETAKER: "records what people say in meetings",
}
PEOPLE_CATEGORIES: Mapping[Category, str] = {
    Category.HR_RECRUITING: "is made to judge applicants and staff",
    Category.FINANCE: "is made for credit and money",
    Category.HEALTH: "is made for patients",
    Category.EDUCATION: "is made to teach or grade people",
}


@dataclass(frozen=True, slots=True)
class Scoped:
    """Where one system is, why, and who said so. Of what is undecided, who decides, and by when."""

    system: str
    place: Place
    why: str
    is_decided: bool = False
    code: str = ""
    reason: str = ""
    by: str = ""
    at: datetime | None = None
    review_due: datetime | None = None
    owner: str = ""
    decide_by: datetime | None = None
    number: int = 0  # of the newest decision on its scope, for `seen`


def scopes(
    store: Reader,
    config: Config,
    now: datetime,
    facts: Iterable[SystemFacts] | None = None,
) -> list[Scoped]:
    """Return where every system is, by name."""
    known = decided(store)
    listed = list(store.facts(is_summed=True) if facts is None else facts)
    found = {one.id: _scoped(known, one, config.scope, now) for one in listed}
    open_ones = [one for one in listed if found[one.id].place is Place.UNDECIDED]
    owned = owners(store, config, open_ones)
    started = {one.id: one.started for one in store.scans()}
    for one in open_ones:
        claim, scoped = owned[one.id].claim, found[one.id]
        began = scoped.at or started.get(one.first_scan, now)
        found[one.id] = replace(
            scoped,
            owner=claim.owner if claim else config.scope.owner,
            decide_by=began + timedelta(days=config.scope.decide_within_days),
        )
    return list(found.values())


def scope_of(
    facts: SystemFacts, decision: Decision | None, settings: ScopeSettings, now: datetime
) -> Scoped:
    """Return where one system is: by a person, by what it touches, or by the rules."""
    if decision is None:
        return _by_itself(facts, settings, now)
    if not (decision.review_due and now >= decision.review_due):
        return _as_decided(facts.id, decision)
    found = _by_itself(facts, settings, now)
    why = f"{found.why}; {decision.verdict} until {decision.review_due.date()}, and that is past"
    return replace(found, why=why, number=decision.number)


def touches(facts: SystemFacts) -> list[str]:
    """Return what makes a system touch customers' data or decide about people, as clauses."""
    found = []
    areas = sorted(
        {CUSTOMER_AREAS[one.area] for one in facts.reached if one.area in CUSTOMER_AREAS}
    )
    if areas:
        found.append(f"may reach {', '.join(areas)}")
    known = {**CUSTOMER_CATEGORIES, **PEOPLE_CATEGORIES}
    parts = [one.category for one in facts.parts if one.is_shipped]
    categories = sorted({facts.category, *parts} & set(known))
    found += [known[Category(one)] for one in categories]
    faced = sorted({one.label for one in facts.hints if one.kind == HintKind.CUSTOMER_FACING})
    if faced:
        found.append(f"customers may meet it ({', '.join(faced)})")
    return found


def decide_scope(
    store: Store,
    system: str,
    place: Place,
    reason: str,
    by: str,
    at: datetime,
    code: str = "",
    review_due: datetime | None = None,
    seen: int | None = None,
) -> Outcome:
    """Record whether a system is in the scope. Raises RefusedError, or ConflictError as review does."""
    decision = Decision(
        system,
        place.value,
        reason.strip(),
        by.strip(),
        at,
        review_due,
        act=Act.SCOPE,
        value={"code": code} if code else {},
    )
    return record_one(store, Draft(decision, seen), _judge)


def _scoped(known: Decided, facts: SystemFacts, settings: ScopeSettings, now: datetime) -> Scoped:
    """Return where one system is, by what was decided on all that it stands for.

    It is in if any part is, and out or left undecided by people only if they said so of all parts.
    """
    words = [one for one in known.words(facts.id, Act.SCOPE) if not one.is_of_whole]
    newest = known.newest(facts.id, Act.SCOPE)
    found = scope_of(facts, _counted(words), settings, now)
    numbers = {one.decision.number for one in words if one.decision}
    is_merged = bool(numbers) and (len(numbers) > 1 or not all(one.decision for one in words))
    parts = "; ".join(dict.fromkeys(str(known.ground(one)) for one in words)) if is_merged else ""
    return replace(
        found,
        why=f"{found.why}; {parts}" if parts else found.why,
        number=newest.number if newest else 0,
    )


def _counted(words: Sequence[Word]) -> Decision | None:
    """Return the decision on the scope that counts, if one does; the earliest review holds."""
    made = [one.decision for one in words if one.decision]
    inside = [one for one in made if one.verdict == Place.IN]
    is_of_all = len(made) == len(words) and len({one.verdict for one in made}) == 1
    counted = inside or (made if is_of_all else [])
    due = min((one.review_due for one in counted if one.review_due), default=None)
    newest = max(counted, key=lambda one: one.number, default=None)
    return replace(newest, review_due=due) if newest else None


def _judge(decision: Decision, _before: Decision | None) -> str:
    code = decision.value.get("code", "")
    if decision.review_due is not None and decision.review_due <= decision.at:
        return f"the review date {decision.review_due.date()} is past"
    if decision.verdict != Place.OUT:
        return f"a code is for what is {Place.OUT} alone" if code else ""
    if code not in set(Excluded):
        return f"out of scope needs a code: {', '.join(Excluded)}"
    return "" if decision.review_due else "out of scope needs a review date: how long does it hold"


def _as_decided(system: str, decision: Decision) -> Scoped:
    return Scoped(
        system=system,
        place=Place(decision.verdict),
        why=f"{BY_PERSON}{decision.by}",
        is_decided=True,
        code=str(decision.value.get("code", "")),
        reason=decision.reason,
        by=decision.by,
        at=decision.at,
        review_due=decision.review_due,
        number=decision.number,
    )


def _by_itself(facts: SystemFacts, settings: ScopeSettings, now: datetime) -> Scoped:
    if met := touches(facts):
        return Scoped(facts.id, Place.IN, f"{BY_DEFAULT}{'; '.join(met)}")
    for rule in settings.rules:
        if _is_about(rule, facts) and not _is_past(rule, now):
            return _by_rule(facts, rule)
    return Scoped(facts.id, Place(settings.default), NO_RULE)


def _by_rule(facts: SystemFacts, rule: ScopeRuleSettings) -> Scoped:
    about = ", ".join(
        f"{name} {value}"
        for name in ("product", "supplier", "category", "kind")
        if (value := getattr(rule, name))
    )
    return Scoped(
        system=facts.id,
        place=Place(rule.scope),
        why=f"{BY_RULE}{about}",
        code=rule.code or "",
        reason=rule.reason,
        by=rule.by,
        review_due=midnight(rule.review_due) if rule.review_due else None,
    )


def _is_about(rule: ScopeRuleSettings, facts: SystemFacts) -> bool:
    return (
        (rule.product is None or rule.product.casefold() == facts.product.casefold())
        and (rule.supplier is None or rule.supplier in facts.suppliers)
        and (rule.category is None or rule.category == facts.category)
        and (rule.kind is None or rule.kind == facts.kind)
    )


def _is_past(rule: ScopeRuleSettings, now: datetime) -> bool:
    return rule.review_due is not None and now >= midnight(rule.review_due)
