"""How each value of the record that people do not give comes about: seen, catalogued or worked out.

A value that evidence cannot tell is None here; the record says that it is unknown, or a person's to
give.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from math import prod
from typing import Any, NamedTuple

from scanner.inventory.components import is_of_hub
from scanner.inventory.controls import controls_of
from scanner.inventory.origin import UNKNOWN, Computed, computed
from scanner.inventory.owners import Ownership
from scanner.inventory.record_fields import Origin
from scanner.inventory.review_lists import Standpoint
from scanner.inventory.scope import Scoped
from scanner.inventory.verdicts import State
from scanner.model import (
    Channel,
    Decision,
    HintKind,
    Identifier,
    Level,
    RoleClaim,
    RoleStatus,
    Scan,
    Signature,
    SystemFacts,
    SystemKind,
)

MOST_EVIDENCE = 200
MOST_PEOPLE = 100
_SURE = 0.99  # no evidence makes a system certain
_BANDS = ((100, "1-100"), (1_000, "101-1000"), (5_000, "1001-5000"), (10_000, "5001-10000"),
          (50_000, "10001-50000"))  # fmt: skip
_GENERATIVE = (
    "assistant", "model-api", "model-gateway", "inference-hosting", "local-runtime", "writing",
    "productivity", "search-research", "image-video", "audio-voice", "design", "app-builder",
    "coding-assistant",
)  # fmt: skip
_TECHNIQUES: Mapping[str, str] = {
    **dict.fromkeys(_GENERATIVE, "generative"),
    "coding-agent": "agentic", "agent-platform": "agentic", "agent-framework": "agentic",
    "mcp-server": "agentic", "mcp-sdk": "agentic", "tool-api": "agentic",
    "translation": "nlp", "meeting-notetaker": "nlp",
    "ml-framework": "classical_ml", "data-science": "classical_ml", "ml-platform": "classical_ml",
}  # fmt: skip
_TIERS = (("enterprise", "enterprise"), ("business", "team"), ("team", "team"), ("api", "api"),
          ("free", "free"))  # fmt: skip
_PEOPLES_AREAS = frozenset({"contacts", "directory", "health", "location", "profile"})


class Drawn(NamedTuple):
    """A value with whose it is, what says so, and when."""

    value: Any
    origin: Origin
    source: str
    at: datetime | None
    evidence: tuple[str, ...] = ()
    by: str = ""


@dataclass(frozen=True)
class Known:
    """All that a record of one system is drawn from."""

    facts: SystemFacts
    stand: Standpoint
    scoped: Scoped
    owned: Ownership
    roles: Sequence[RoleClaim]
    signature: Signature | None  # of a product, None of what is built
    decisions: Sequence[Decision]  # on it and on what was merged into it, the newest first
    said: Sequence[Decision]  # those on its roles and fields that count
    scan: Scan | None  # the newest one
    scans: Sequence[int]
    people: Sequence[str]
    days: int
    supplier_reviews: Mapping[str, Decision]
    now: datetime

    @cached_property
    def seen_at(self) -> datetime | None:
        """When evidence last showed it."""
        began = self.scan.started if self.scan else None
        return self.facts.last or self.stand.system.last_seen or began

    @cached_property
    def computed(self) -> dict[str, Computed]:
        return {one.field: one for one in computed(self.facts)}

    @cached_property
    def seen_ids(self) -> tuple[str, ...]:
        return tuple(sorted({one.id for one in self.facts.seen}))[:MOST_EVIDENCE]

    def detected(self, value: Any, source: str, evidence: Iterable[str] = ()) -> Drawn:
        some = tuple(sorted(set(evidence)))[:MOST_EVIDENCE]
        return Drawn(value, Origin.DETECTED, source, self.seen_at, some)

    def catalogued(self, value: Any) -> Drawn | None:
        if self.signature is None or not value:
            return None
        day = self.signature.vendor.updated
        read = datetime(day.year, day.month, day.day, tzinfo=UTC)
        return Drawn(
            value, Origin.CATALOGUE, f"the signatures of {self.signature.vendor.name}", read
        )

    def worked_out(self, value: Any, source: str, evidence: Iterable[str] = ()) -> Drawn:
        some = tuple(sorted(set(evidence)))[:MOST_EVIDENCE]
        return Drawn(value, Origin.COMPUTED, source, self.now, some)

    def by_person(self, value: Any, source: str, by: str, at: datetime | None) -> Drawn:
        return Drawn(value, Origin.PERSON, source, at, by=by)


Draw = Callable[[Known], Drawn | None]


def _name(known: Known) -> Drawn | None:
    renamed = next((one for one in known.decisions if one.act == "rename"), None)
    if renamed is not None and renamed.value.get("name") == known.facts.name:
        return known.by_person(known.facts.name, _decision(renamed), renamed.by, renamed.at)
    return known.catalogued(known.facts.name) or known.detected(
        known.facts.name, "the application's own files", _parts(known)
    )


def _aliases(known: Known) -> Drawn | None:
    return known.catalogued(list(known.signature.product.aliases) if known.signature else [])


def _vendors(known: Known) -> Drawn | None:
    ids = sorted(known.facts.suppliers)
    if known.signature is not None:
        return known.catalogued(ids)
    return known.detected(ids, "its components", _parts(known)) if ids else None


def _product(known: Known) -> Drawn | None:
    key = known.facts.product
    return known.catalogued(key) or known.detected(key, "where it was found", _parts(known))


def _plans(known: Known) -> Drawn | None:
    plans = sorted({one.plan for one in known.facts.seats})
    if not plans:
        return None
    tiers = {
        next((tier for word, tier in _TIERS if word in plan.casefold()), UNKNOWN) for plan in plans
    }
    ids = (f"seat:{one.source}:{one.plan}" for one in known.facts.seats)
    return known.detected(sorted(tiers), f"plans: {', '.join(plans)}", ids)


def _origin(field: str) -> Draw:
    def draw(known: Known) -> Drawn | None:
        found = known.computed[field]
        return known.worked_out(list(found.value), found.why, found.evidence)

    return draw


def _technique(known: Known) -> Drawn | None:
    if known.signature is not None:
        category = known.signature.product.category.value
        return known.catalogued([_TECHNIQUES.get(category, UNKNOWN)])
    found = {_TECHNIQUES.get(one.category, "") for one in known.facts.parts if one.is_shipped}
    if not (values := sorted(found - {""})):
        return None
    source = "what the signatures say of its components"
    return Drawn(values, Origin.CATALOGUE, source, known.seen_at, tuple(_parts(known)))


def _inputs(known: Known) -> Drawn | None:
    areas: dict[str, set[str]] = {}
    for one in known.facts.reached:
        areas.setdefault(one.area, set()).add(one.id)
    listed = [
        {
            "class": area,
            "personal_data": "yes" if area in _PEOPLES_AREAS else UNKNOWN,
            "source": "what it was granted",
            "evidence": sorted(ids)[:MOST_EVIDENCE],
        }
        for area, ids in sorted(areas.items())
        if area != "identity"
    ]
    if not listed:
        return None
    ids = (each for one in areas.values() for each in one)
    return known.detected(listed, "the scopes that it was granted", ids)


def _models(known: Known) -> Drawn | None:
    parts = [one for one in known.facts.parts if one.channel is Identifier.MODEL or is_of_hub(one)]
    kept = [one for one in known.facts.kept if one.kind == "model"]
    listed = {
        (one.supplier, one.value, one.version, f"named in {one.file}:{one.line}") for one in parts
    } | {("", one.name, "", f"listed by {one.source}") for one in kept}
    if not listed:
        return None
    shown = [
        {"maker": maker, "model": model, "version": version, "licence": UNKNOWN,
         "provenance_note": note}
        for maker, model, version, note in sorted(listed)[:MOST_EVIDENCE]
    ]  # fmt: skip
    return known.detected(shown, "names of models in code and accounts", (one.id for one in parts))


def _components(known: Known) -> Drawn | None:
    if not known.facts.parts:
        return None
    shown = [
        {"product": one.product, "supplier": one.supplier_id, "kind": one.channel.value,
         "value": one.value, "version": one.version, "purpose": one.purpose,
         "ships": one.is_shipped, "evidence": one.id}
        for one in known.facts.parts[:MOST_EVIDENCE]
    ]  # fmt: skip
    source = _some("components", len(shown), len(known.facts.parts))
    return known.detected(shown, source, (one.id for one in known.facts.parts[:MOST_EVIDENCE]))


def _place(known: Known) -> Drawn | None:
    found = known.computed["deployment_environment"]
    return _origin("deployment_environment")(known) if found.is_known else None


def _roles(known: Known) -> Drawn | None:
    if not known.roles:
        return None
    listed = [
        {"role": one.role, "sub_role": one.sub_role, "confidence": one.confidence,
         "rule_ids": list(one.rules), "evidence_ids": list(one.evidence), "status": one.status,
         "by": one.by, "on": one.at}
        for one in known.roles
    ]  # fmt: skip
    ids = {each for one in known.roles for each in one.evidence}
    spoken = [one for one in known.roles if one.status is not RoleStatus.CANDIDATE and one.by]
    if len(spoken) == len(known.roles):
        newest = max(spoken, key=lambda one: one.at or known.now)
        return known.by_person(listed, "decided on each role", newest.by or "", newest.at)
    return known.worked_out(listed, "the rules on roles; candidates are for a person", ids)


def _owner(known: Known) -> Drawn | None:
    claim = known.owned.claim
    if claim is None:
        return None
    best = next((one for one in known.owned.candidates if one.owner == claim.owner), None)
    value = {
        "person": claim.owner,
        "unit": known.owned.unit or (best.unit if best else ""),
        "confidence": claim.confidence,
        "basis": claim.reason,
        "status": "confirmed" if claim.confirmed_by else "candidate",
        "stale": known.owned.stale,
        "confirmed_by": claim.confirmed_by,
        "confirmed_on": claim.confirmed_at,
    }
    if claim.confirmed_by:
        return known.by_person(value, claim.reason, claim.confirmed_by, claim.confirmed_at)
    return known.worked_out(value, f"the first candidate, for a person to confirm: {claim.reason}")


def _users(known: Known) -> Drawn | None:
    count = known.facts.most_people
    if not count:
        return None
    band = next((band for most, band in _BANDS if count <= most), "50001+")
    value = {
        "count": count,
        "band": band,
        "units": [{"unit": unit, "people": n} for unit, n in known.facts.units.items()],
        "ids": list(known.people),
    }
    source = _some("people that are told apart", len(known.people), known.facts.people)
    return known.detected(value, source, known.seen_ids)


def _status(known: Known) -> Drawn | None:
    review = known.stand.review
    if review.decided is not None and not review.is_standing and review.state is review.decided:
        return known.by_person(review.state.value, review.why, review.by, review.at)
    return known.worked_out(review.state.value, review.why)


def _approval(known: Known) -> Drawn | None:
    review = known.stand.review
    if review.decided is None:
        return None
    value = {
        "verdict": review.decided,
        "by": review.by,
        "on": review.at,
        "reason": review.reason,
        "conditions": review.conditions,
        "exceptions": [one.text for one in review.exceptions],
        "expires": review.review_due,
    }
    source = "the policy of gnomon.toml" if review.is_standing else f"decision {review.decision}"
    return known.by_person(value, source, review.by, review.at)


def _time(field: str) -> Draw:
    def draw(known: Known) -> Drawn | None:
        when = getattr(known.stand.system, field)
        return known.detected(when, "evidence of every source", known.seen_ids) if when else None

    return draw


def _days(known: Known) -> Drawn | None:
    return known.detected(known.days, "days with events", known.seen_ids) if known.days else None


def _hits(known: Known) -> Drawn | None:
    return known.detected(
        known.stand.system.events, "events of every source", known.seen_ids or _parts(known)
    )


def _used_before(known: Known) -> Drawn | None:
    if known.stand.first_allowed is None:
        return None
    why = f"first allowed {known.stand.first_allowed:%Y-%m-%d}, first used "
    used = known.stand.first_used
    why += f"{used:%Y-%m-%d}" if used else "never, as far as is known"
    return known.worked_out(known.stand.is_used_before_approved, why, known.seen_ids)


def _lifecycle(known: Known) -> Drawn | None:
    facts, state = known.facts, known.stand.review.state
    if state is State.RETIRED:
        return known.worked_out("retired", "it is retired in review")
    if facts.kind is SystemKind.USED and facts.level >= Level.CONNECTED:
        return known.worked_out("deployed", "people use it", known.seen_ids)
    if facts.kind is SystemKind.HOSTED and facts.seen:
        return known.worked_out("deployed", "it was seen running", known.seen_ids)
    return None


def _tools(known: Known) -> Drawn | None:
    found = {
        f"{one.label} ({one.file}:{one.line})"
        for one in known.facts.hints
        if one.kind == HintKind.AGENT_OR_TOOL
    }
    parts = [one for one in known.facts.parts if one.category in ("mcp-server", "tool-api")]
    found |= {one.value for one in parts}
    if not found:
        return None
    return known.detected(sorted(found), "agents and tools in its code", (one.id for one in parts))


def _acts(known: Known) -> Drawn | None:
    writes = [one for one in known.facts.reached if one.can_write]
    if not writes:
        return None
    areas = ", ".join(sorted({one.area for one in writes}))
    return known.detected("yes", f"it may write: {areas}", (one.id for one in writes))


def _scope(known: Known) -> Drawn | None:
    one = known.scoped
    value = {
        "scope": one.place,
        "why": one.why,
        "code": one.code,
        "reason": one.reason,
        "approver": one.by,
        "review_due": one.review_due,
        "decides": one.owner,
        "decide_by": one.decide_by,
    }
    if one.is_decided:
        return known.by_person(value, one.why, one.by, one.at)
    return known.worked_out(value, one.why)


def _controls(known: Known) -> Drawn | None:
    held = [one for one in known.roles if one.status is not RoleStatus.REJECTED]
    if not (found := controls_of(held)):
        return None
    names = ", ".join(one.role for one in held)
    return known.worked_out(
        found, f"suggested by the roles {names}; the statement of applicability is yours"
    )


def _supplier_reviews(known: Known) -> Drawn | None:
    found = [
        {"supplier": one, "decision": known.supplier_reviews[one].number,
         "verdict": known.supplier_reviews[one].verdict}
        for one in sorted(known.facts.suppliers)
        if one in known.supplier_reviews
    ]  # fmt: skip
    return known.worked_out(found, "decisions on its suppliers") if found else None


def _evidence(known: Known) -> Drawn | None:
    facts = known.facts
    every = sorted(facts.seen, key=lambda one: (-one.events, one.id))
    shown = [
        {"id": one.id, "source": one.source, "detector": one.detection,
         "rule": one.identifier.value, "location": one.source, "first": one.first,
         "last": one.last, "count": one.events, "confidence": one.confidence / 100}
        for one in every
    ] + [
        {"id": one.id, "source": one.source, "detector": one.value, "rule": one.channel.value,
         "location": f"{one.file}:{one.line}", "first": None, "last": None, "count": 1,
         "confidence": None}
        for one in facts.parts
    ] + [
        {"id": one.id, "source": one.source, "detector": one.scope, "rule": one.way.value,
         "location": one.source, "first": None, "last": None, "count": one.people,
         "confidence": None}
        for one in facts.reached
    ]  # fmt: skip
    if not shown:
        return None
    some = shown[:MOST_EVIDENCE]
    source = _some("sums of evidence", len(some), len(shown)) + "; samples of logs are not kept"
    return known.detected(some, source, (str(one["id"]) for one in some))


def _confidence(known: Known) -> Drawn | None:
    surest: dict[str, int] = {}
    for one in known.facts.seen:
        surest[one.channel] = max(one.confidence, surest.get(one.channel, 0))
    if not surest:
        return None
    sure = min(_SURE, 1.0 - prod(1.0 - one / 100 for one in sorted(surest.values())))
    return known.worked_out(
        round(sure, 4), f"the surest of each sense: {', '.join(sorted(surest))}", known.seen_ids
    )


def _channels(known: Known) -> Drawn | None:
    found = sorted(known.stand.system.channels)
    return known.detected(found, "evidence of every source", known.seen_ids) if found else None


def _register(known: Known) -> Drawn | None:
    facts = known.facts
    senses = facts.channels - {Channel.REGISTER, Channel.APP}
    if facts.is_registered:
        ids = (one.id for one in facts.seen if one.channel is Channel.REGISTER)
        if senses or facts.parts:
            return known.worked_out("matched", "a register that was scanned has it", ids)
        return known.worked_out("missing_in_evidence", "nothing but the register shows it", ids)
    return known.worked_out("new", "no register that was scanned has it", known.seen_ids)


def _due(known: Known) -> Drawn | None:
    review = known.stand.review
    if review.review_due is None:
        return None
    return known.by_person(review.review_due, review.why, review.by, review.at)


def _reviewed(known: Known) -> Drawn | None:
    newest = next((one for one in known.decisions if one.act == "review"), None)
    return known.by_person(newest.at, _decision(newest), newest.by, newest.at) if newest else None


def _history(known: Known) -> Drawn | None:
    listed = [
        {"number": one.number, "at": one.at, "act": one.act, "verdict": one.verdict,
         "value": dict(one.value), "reason": one.reason, "by": one.by, "hash": one.hash}
        for one in known.decisions[:MOST_EVIDENCE]
    ]  # fmt: skip
    return known.worked_out(listed, "decisions on it, the newest first") if listed else None


def _version(known: Known) -> Drawn | None:
    return known.worked_out(known.scan.pack_version, "the newest scan") if known.scan else None


def _runs(known: Known) -> Drawn | None:
    if not known.scans:
        return None
    value = {"first": known.scans[0], "last": known.scans[-1], "count": len(known.scans)}
    return known.worked_out(value, "scans whose sources show it")


def _system_id(known: Known) -> Drawn:
    return known.worked_out(known.facts.id, "its strong key")


def _triage(known: Known) -> Drawn | None:
    from scanner.inventory.risk_triage import triage

    value = triage(known.facts, known.stand, known.computed, known.said)
    ids = {each for one in value["factors"] for each in one["evidence"]}
    return known.worked_out(value, "what is known of it; not a risk assessment", ids)


def _decision(one: Decision) -> str:
    return f"decision {one.number}: {one.reason}"


def _parts(known: Known) -> list[str]:
    return sorted({one.id for one in known.facts.parts})[:MOST_EVIDENCE]


def _some(what: str, shown: int, of: int) -> str:
    return f"{what}: {shown:,} of {of:,}" if of > shown else f"{what}: {shown:,}"


def with_digest(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return a sum of evidence as a document shows it: with what tells whether it is still the same."""
    return {**value, "sha256": _digest(value), "sample": None}


def _digest(value: Mapping[str, Any]) -> str:
    said = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


DRAWS: Mapping[str, Draw] = {
    "system_id": _system_id,
    "name": _name,
    "aliases": _aliases,
    "vendor_id": _vendors,
    "product_id": _product,
    "plan_tier": _plans,
    "system_type": _origin("system_type"),
    "origin_class": _origin("origin_class"),
    "technique_class": _technique,
    "data_inputs": _inputs,
    "data_reach": _origin("data_reach"),
    "models": _models,
    "components": _components,
    "deployment_environment": _place,
    "roles_22989": _roles,
    "owner": _owner,
    "users": _users,
    "account_mode": _origin("account_mode"),
    "approval_status": _status,
    "approval": _approval,
    "first_seen": _time("first_seen"),
    "last_seen": _time("last_seen"),
    "seen_days": _days,
    "hits": _hits,
    "used_before_approval": _used_before,
    "lifecycle": _lifecycle,
    "tools": _tools,
    "can_act_externally": _acts,
    "risk_triage": _triage,
    "scope_43": _scope,
    "annex_a_controls": _controls,
    "supplier_review_ref": _supplier_reviews,
    "evidence": _evidence,
    "detection_confidence": _confidence,
    "channels": _channels,
    "register_match": _register,
    "review_due": _due,
    "last_reviewed": _reviewed,
    "history": _history,
    "catalogue_version": _version,
    "scan_run_ids": _runs,
}
