"""The record of each AI system: its forty fields, each value with whose it is, what says so, and when.

What people say goes before what evidence says, which stays beside it. A value that a person has to
give and nobody gave is "missing"; one that evidence cannot tell is "unknown". None is ever empty.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from scanner.config import Config
from scanner.inventory.merged import Decided, decided
from scanner.inventory.origin import UNKNOWN
from scanner.inventory.owners import Ownership, owners
from scanner.inventory.record_fields import BY_NAME, SPECS, Origin, Spec, Standing, flaw_of, said
from scanner.inventory.record_values import DRAWS, MOST_PEOPLE, Drawn, Known, with_digest
from scanner.inventory.recording import Draft, Outcome, record_one
from scanner.inventory.review_lists import Standpoint, standpoints
from scanner.inventory.roles import claims
from scanner.inventory.scope import Scoped, scopes
from scanner.inventory.suppliers import Catalogue
from scanner.model import Act, Decision, RoleClaim
from scanner.store import Reader, Store
from scanner.store.record_reads import Behind

_SAID = "said"
_FEW = 5


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the record. ``at`` is when it was seen, worked out, read or said.

    ``source`` says in words what it rests on. ``instead_of`` is what evidence says where a person
    says otherwise.
    """

    name: str
    number: int
    group: str
    value: Any
    state: Standing
    origin: Origin
    source: str
    at: datetime | None
    evidence: tuple[str, ...] = ()
    by: str = ""
    instead_of: Any = None


@dataclass(frozen=True, slots=True)
class Record:
    """One system's record; its values are in the order of the fields."""

    system: str
    name: str
    made_at: datetime
    values: tuple[Value, ...]

    def __getitem__(self, name: str) -> Value:
        return next(one for one in self.values if one.name == name)

    def document(self) -> dict[str, Any]:
        """Return it as its JSON Schema says."""
        return {
            "system": self.system,
            "name": self.name,
            "made_at": self.made_at,
            "fields": {one.name: _document(one) for one in self.values},
        }


def records(
    store: Reader,
    catalogue: Catalogue,
    config: Config,
    now: datetime,
    ids: Iterable[str] | None = None,
) -> list[Record]:
    """Return the record of every system, or of some, by name."""
    return list(each_record(store, catalogue, now, _gathered(store, config, now, ids)))


class Gathered(NamedTuple):
    """What records are drawn from beside the store, each by the system's id."""

    stands: Mapping[str, Standpoint]
    scoped: Mapping[str, Scoped]
    owned: Mapping[str, Ownership]
    roles: Mapping[str, Sequence[RoleClaim]]
    decided: Decided


def each_record(
    store: Reader,
    catalogue: Catalogue,
    now: datetime,
    given: Gathered,
    is_to_fill: bool = False,
) -> Iterator[Record]:
    """Yield the records of the systems that are given: of thousands of systems they are large.

    With ``is_to_fill`` they hold the fields alone that people fill; who used a system on which days
    is not looked up then, as none of these rests on it.
    """
    scan = next(iter(store.scans()), None)
    reviews = {
        one.subject.removeprefix("supplier:"): one
        for one in store.latest_decisions("supplier:").values()
    }
    behind = Behind({}, {}) if is_to_fill else _behind(store, given.stands)
    specs = [one for one in SPECS if one.is_settable or not is_to_fill]
    for system, stand in given.stands.items():
        known = Known(
            facts=stand.facts,
            stand=stand,
            scoped=given.scoped[system],
            owned=given.owned[system],
            roles=given.roles[system],
            signature=catalogue.product(stand.facts.product),
            decisions=given.decided.about(system)[::-1],
            said=given.decided.said(system),
            scan=scan,
            scans=behind.scans.get(system, ()),
            people=() if is_to_fill else store.codes_of(system, MOST_PEOPLE),
            days=behind.days.get(system, 0),
            supplier_reviews=reviews,
            now=now,
        )
        yield record(known, specs)


def _gathered(store: Reader, config: Config, now: datetime, ids: Iterable[str] | None) -> Gathered:
    wanted = None if ids is None else set(ids)
    stands = {
        one.system.id: one
        for one in standpoints(store, config.policy, now)
        if wanted is None or one.system.id in wanted
    }
    facts = [one.facts for one in stands.values()]
    known = decided(store)
    return Gathered(
        stands=stands,
        scoped={one.system: one for one in scopes(store, config, now, facts)},
        owned=owners(store, config, facts),
        roles={one.id: claims(one, known.said(one.id), config.roles) for one in facts},
        decided=known,
    )


def _behind(store: Reader, wanted: Collection[str]) -> Behind:
    """Return what stands behind systems: of a few each for itself, of many in one pass."""
    if len(wanted) > _FEW:
        return store.behind_all()
    return Behind(
        scans={one: store.scans_of(one) for one in wanted},
        days={one: len(store.days_of(one)) for one in wanted},
    )


def record(known: Known, specs: Iterable[Spec] = SPECS) -> Record:
    """Return the record of one system, or of some of its fields."""
    spoken = {str(one.value.get("field", "")): one for one in known.said if one.act is Act.FIELD}
    values = tuple(_value(one, known, spoken.get(one.name)) for one in specs)
    return Record(known.facts.id, known.facts.name, known.now, values)


def set_field(
    store: Store,
    system: str,
    field: str,
    texts: Sequence[str],
    reason: str,
    by: str,
    at: datetime,
    seen: int | None = None,
) -> Outcome:
    """Record what a person says of a field of a system, given by its id; no texts withdraw it.

    Raises UsageError, RefusedError or ConflictError; then nothing is written.
    """
    if not texts:
        if field not in BY_NAME or not BY_NAME[field].is_settable:
            said(field, texts)
        value = ""
    else:
        value = said(field, texts)
    verdict = _SAID if texts else "withdrawn"
    decision = Decision(
        system, verdict, reason.strip(), by.strip(), at, act=Act.FIELD,
        value={"field": field, "value": value},
    )  # fmt: skip
    return record_one(store, Draft(decision, seen), lambda _decision, _before: "")


def _value(spec: Spec, known: Known, decision: Decision | None) -> Value:
    draw = DRAWS.get(spec.name)
    drawn = draw(known) if draw else None
    if decision is not None and spec.is_settable and decision.verdict == _SAID:
        value = decision.value.get("value")
        if not flaw_of(spec, value):
            return _said(spec, value, decision, drawn)
    if drawn is not None:
        return _drawn(spec, drawn, known.now)
    if Origin.PERSON in spec.by:
        how = spec.through or f"gnomon inventory set {known.facts.id} {spec.name} VALUE"
        return _none(spec, Standing.MISSING, Origin.PERSON, f"nobody said it yet: {how}")
    return _none(spec, Standing.UNKNOWN, spec.by[0], "nothing that was read tells it")


def _said(spec: Spec, value: Any, decision: Decision, drawn: Drawn | None) -> Value:
    return Value(
        name=spec.name,
        number=spec.number,
        group=spec.group,
        value=value,
        state=Standing.KNOWN,
        origin=Origin.PERSON,
        source=f"decision {decision.number}: {decision.reason}",
        at=decision.at,
        evidence=(),
        by=decision.by,
        instead_of=drawn.value if drawn else None,
    )


def _drawn(spec: Spec, drawn: Drawn, now: datetime) -> Value:
    is_told = drawn.value not in (UNKNOWN, [UNKNOWN])
    return Value(
        name=spec.name,
        number=spec.number,
        group=spec.group,
        value=drawn.value if is_told else UNKNOWN,
        state=Standing.KNOWN if is_told else Standing.UNKNOWN,
        origin=drawn.origin,
        source=drawn.source or "not said",
        at=drawn.at or now,
        evidence=drawn.evidence,
        by=drawn.by,
    )


def _none(spec: Spec, state: Standing, origin: Origin, source: str) -> Value:
    return Value(spec.name, spec.number, spec.group, state.value, state, origin, source, None)


def _shown(one: Value) -> Any:
    if one.name == "evidence" and one.state is Standing.KNOWN:
        return [with_digest(each) for each in one.value]
    return one.value


def _document(one: Value) -> dict[str, Any]:
    said_by = {"by": one.by} if one.by else {}
    beside = {"instead_of": one.instead_of} if one.instead_of is not None else {}
    return {
        "number": one.number,
        "group": one.group,
        "value": _shown(one),
        "state": one.state,
        "origin": one.origin,
        "source": one.source,
        "at": one.at,
        "evidence": list(one.evidence),
        **said_by,
        **beside,
    }
