"""A supplier review as machines read it; its JSON Schema is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from reports.supplier_wording import said_in
from reports.texts import Texts
from scanner.inventory.supplier_answers import Answer
from scanner.inventory.supplier_record import SupplierRecord
from scanner.inventory.supplier_statements import Statement


@dataclass(frozen=True, slots=True)
class StatementData:
    """One thing that is known; ``source`` is an address, or the names of our own sources."""

    about: str
    text: str
    source_kind: str
    source: str
    as_of: date
    applies_to: tuple[str, ...]
    is_stale: bool
    is_silent: bool
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SpokenData:
    """What a person answered."""

    state: str
    value: str
    source_kind: str
    url: str
    as_of: date
    plan_tier: str
    valid_until: date | None
    note: str
    by: str
    at: datetime
    decision: int


@dataclass(frozen=True, slots=True)
class AnswerData:
    """One question. ``standing``: answered by a person, prefilled, or open."""

    id: str
    topic: str
    question: str
    state: str
    standing: str
    answered: SpokenData | None
    statements: tuple[StatementData, ...]
    crosswalk: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConflictData:
    """Statements that differ: plainly opposite, or to be compared."""

    question: str
    about: str
    is_plain: bool
    against_person: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SystemData:
    """One system that rests on the supplier."""

    id: str
    name: str
    kind: str
    is_direct: bool
    why: tuple[str, ...]
    units: Mapping[str, int]
    people: int
    first_seen: datetime | None
    last_seen: datetime | None
    plans: tuple[str, ...]
    accounts: tuple[str, ...]
    reach: tuple[str, ...]
    scopes: tuple[str, ...]
    models: tuple[str, ...]
    meets_customers: str
    review_state: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActivityData:
    """One activity; ``proposed`` is by origin class, ``agreed`` a person's word."""

    activity: str
    proposed: Mapping[str, str]
    agreed: str | None
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class FactorData:
    factor: str
    what: tuple[str, ...]
    points: int
    citation: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TriageData:
    inherent: int
    residual: int
    inherent_tier: str
    residual_tier: str
    unknown: tuple[str, ...]
    factors: tuple[FactorData, ...]


@dataclass(frozen=True, slots=True)
class DecisionData:
    verdict: str
    reason: str
    conditions: str | None
    by: str
    at: datetime
    review_due: datetime | None
    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class TriggerData:
    cause: str
    what: tuple[str, ...]
    at: date | None


@dataclass(frozen=True, slots=True)
class SaidData:
    """What people said of a field of the record."""

    values: tuple[str, ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SupplierReview:
    """The record of one supplier. ``version`` is the newest act of a person on it."""

    id: str
    name: str
    version: int
    state: str
    legal_entity: str | None
    country: str | None
    supplies_models: bool | None  # None: the catalogue does not say that it does
    roles: tuple[str, ...]
    urls: Mapping[str, str]
    share: float
    systems_in_all: int
    systems: tuple[SystemData, ...]
    answers: tuple[AnswerData, ...]
    facts: tuple[StatementData, ...]
    conflicts: tuple[ConflictData, ...]
    stale: int
    open_questions: tuple[str, ...]
    responsibilities: tuple[ActivityData, ...]
    customers: tuple[str, ...]  # ids of our products that rest on it
    triage: TriageData
    fields: Mapping[str, SaidData]
    decision: DecisionData | None
    next_due: date | None
    triggers: tuple[TriggerData, ...]


def review_data(record: SupplierRecord, texts: Texts) -> SupplierReview:
    """Return a record as data; statements of our own evidence are worded in the report's language."""
    vendor, standing = record.vendor, record.standing
    roles = {one.default_roles.get("supplier", "") for one in vendor.products} if vendor else set()
    return SupplierReview(
        id=record.id,
        name=record.name,
        version=record.version,
        state=standing.progress.value,
        legal_entity=vendor.supplier.legal_entity if vendor else None,
        country=record.use.country,
        supplies_models=record.use.supplies_models or None,
        roles=tuple(sorted(roles - {""})),
        urls=dict(vendor.supplier.urls) if vendor else {},
        share=round(record.use.share, 4),
        systems_in_all=record.use.systems,
        systems=_systems(record),
        answers=tuple(_answer(one, texts) for one in record.answers),
        facts=tuple(_statement(one, texts) for one in record.facts),
        conflicts=tuple(
            ConflictData(one.question, one.code, one.is_plain, one.against_person,
                         tuple(each.source for each in one.statements))
            for one in record.conflicts
        ),
        stale=len(record.stale),
        open_questions=tuple(one.question.id for one in record.open),
        responsibilities=tuple(
            ActivityData(one.activity, dict(one.parties), one.agreed, one.by, one.at)
            for one in record.matrix
        ),
        customers=tuple(one.system for one in record.for_customers),
        triage=_triage(record),
        fields={
            name: SaidData(one.values, one.by, one.at) for name, one in sorted(record.said.items())
        },
        decision=_decision(record),
        next_due=standing.next_due,
        triggers=tuple(TriggerData(one.cause, one.what, one.at) for one in standing.triggers),
    )  # fmt: skip


def _systems(record: SupplierRecord) -> tuple[SystemData, ...]:
    return tuple(
        SystemData(
            one.system, one.name, one.kind, one.is_direct, one.why, dict(one.units), one.people,
            one.first, one.last, one.plans, one.accounts, one.reach, one.scopes, one.models,
            one.meets_customers, one.state, one.evidence,
        )
        for one in record.systems
    )  # fmt: skip


def _answer(one: Answer, texts: Texts) -> AnswerData:
    said = one.said
    return AnswerData(
        id=one.question.id,
        topic=one.question.topic,
        question=texts(f"supplier.question.{one.question.id}"),
        state=one.reply,
        standing=one.standing,
        answered=SpokenData(
            said.reply, said.value, said.kind, said.url, said.as_of, said.tier, said.valid_until,
            said.note, said.by, said.at, said.number,
        ) if said else None,
        statements=tuple(_statement(each, texts) for each in one.statements),
        crosswalk=one.question.crosswalk,
    )  # fmt: skip


def _statement(one: Statement, texts: Texts) -> StatementData:
    return StatementData(
        one.code, said_in(one, texts), one.kind, one.source, one.as_of, one.applies_to,
        one.is_stale, one.is_silent, one.evidence,
    )  # fmt: skip


def _triage(record: SupplierRecord) -> TriageData:
    found = record.triage
    return TriageData(
        found.inherent,
        found.residual,
        found.inherent_tier,
        found.residual_tier,
        found.unknown,
        tuple(FactorData(*one) for one in found.factors),
    )


def _decision(record: SupplierRecord) -> DecisionData | None:
    one = record.standing.decision
    if one is None:
        return None
    return DecisionData(
        one.verdict, one.reason, one.conditions, one.by, one.at, one.review_due, one.number,
        one.hash,
    )  # fmt: skip
