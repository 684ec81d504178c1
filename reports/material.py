"""What reports are made from: each part of what the store holds is read once, when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from reports.remembering import Remembered
from reports.sources import is_removed, logged
from reports.texts import Texts
from scanner import __version__
from scanner.config import Config
from scanner.inventory.approval import Approval
from scanner.inventory.handover import handover
from scanner.inventory.merged import Decided, decided
from scanner.inventory.origin import computed
from scanner.inventory.owners import Ownership, owners
from scanner.inventory.record import Gathered, Record, each_record
from scanner.inventory.review_lists import Standpoint, standpoints
from scanner.inventory.risk_triage import triage
from scanner.inventory.roles import claims, fields
from scanner.inventory.scope import Scoped, scopes
from scanner.inventory.suppliers import SupplierUse, suppliers
from scanner.model import (
    Act,
    AISystem,
    Candidate,
    CandidateStatus,
    Decision,
    Handover,
    Level,
    RoleClaim,
    RoleStatus,
    Scan,
    Signature,
    SystemFacts,
    Vendor,
)
from scanner.store import Reader

if TYPE_CHECKING:
    from scanner.inventory.supplier_record import SupplierRecord
    from scanner.inventory.supplier_supplied import Supplies

_T = TypeVar("_T")
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Catalogue(Protocol):
    """What the signatures know."""

    def product(self, key: str) -> Signature | None: ...

    def vendor(self, vendor_id: str) -> Vendor | None: ...


@dataclass(frozen=True)
class Material:
    """The store as reports see it, at one moment.

    ``since`` bounds what counts as new; None: the last scan. ``about`` is the id of the system or
    supplier that a report is about, "" for one about all. ``signatures`` names the pack in force.
    ``approval`` is given while a person approves the report: it says so then. ``full`` is given
    where ``store`` tells what was seen apart only as far as rules do: it has each row for itself.
    """

    store: Reader
    catalogue: Catalogue
    signatures: str
    config: Config
    now: datetime
    since: datetime | None = None
    about: str = ""
    language: str = "en"
    approval: Approval | None = None
    remembered: Remembered = field(default_factory=Remembered, compare=False)
    full: Reader | None = None

    def narrowed(self, about: str = "", since: datetime | None = None) -> Material:
        """Return the material of a report about one, or since then: what was read is not read again."""
        made = replace(self, about=about, since=since)
        for name, value in vars(self).items():
            if name not in ("new_from", "_made", "in_full"):  # what rests on either
                vars(made).setdefault(name, value)
        return made

    @cached_property
    def _made(self) -> dict[str, Any]:
        return {}

    def once(self, name: str, make: Callable[[Material], _T]) -> _T:
        """Return what is made from this material, which does not change: it is made once."""
        if name not in self._made:
            self._made[name] = make(self)
        found: _T = self._made[name]
        return found

    @cached_property
    def texts(self) -> Texts:
        return Texts(self.language)

    @property
    def organisation(self) -> str:
        return self.config.organisation or self.texts("common.organisation")

    @property
    def tool(self) -> str:
        return __version__

    @cached_property
    def scans(self) -> list[Scan]:
        """The scans, the newest first."""
        return self.store.scans()

    @cached_property
    def sources(self) -> list[dict[str, Any]]:
        return self.store.coverage()

    @cached_property
    def period(self) -> tuple[datetime, datetime] | None:
        ends = [(one["first"], one["last"]) for one in self.sources if one["first"] is not None]
        return (min(first for first, _ in ends), max(last for _, last in ends)) if ends else None

    @cached_property
    def logged(self) -> tuple[datetime, datetime] | None:
        """From when to when logs watched the network; the dates of lists reach further back."""
        return logged(self.sources)

    @cached_property
    def standpoints(self) -> dict[str, Standpoint]:
        """Each system with its facts and its review, by id, in the order of their names."""
        found = standpoints(self.store, self.config.policy, self.now)
        return {one.system.id: one for one in found}

    @cached_property
    def facts(self) -> dict[str, SystemFacts]:
        return {key: one.facts for key, one in self.standpoints.items()}

    @cached_property
    def in_full(self) -> Material:
        """The same with each row that was seen for itself, for documents that list them."""
        if self.full is None:
            return self
        remembered = self.remembered.of("in full", "", None, Remembered)
        return replace(self, store=self.full, full=None, remembered=remembered)

    def facts_in_full(self, systems: Iterable[str]) -> dict[str, SystemFacts]:
        """Return the facts of some systems, with each row that was seen for itself."""
        wanted = [one for one in systems if one in self.facts]
        if self.full is None:
            return {one: self.facts[one] for one in wanted}
        return {one.id: one for one in self.full.facts(wanted)}

    @cached_property
    def decided(self) -> Decided:
        """What people decided about each system, also about those that were merged into it."""
        return decided(self.store)

    @cached_property
    def roles(self) -> dict[str, list[RoleClaim]]:
        """The roles that may be held for each system, the surest first."""
        return {key: self._claims("roles", one) for key, one in self.facts.items()}

    def roles_in_full(self, system: str) -> list[RoleClaim]:
        """Return the roles of one system with all evidence that speaks for them."""
        facts = self.facts_in_full([system]).get(system, self.facts[system])
        return self._claims("roles in full", facts)

    def _claims(self, what: str, facts: SystemFacts) -> list[RoleClaim]:
        said = self.decided.said(facts.id)

        def make() -> list[RoleClaim]:
            return claims(facts, said, self.config.roles)

        return self.remembered.of(what, facts.id, (facts, said), make)

    def people_by_level(self, system: str) -> Mapping[Level, int]:
        """Return how many people were seen at each level of use of a system."""
        facts = self.facts[system]
        return self.remembered.of(
            "people", system, facts, lambda: self.store.actors_by_level(system)
        )

    def said(self, system: str) -> dict[str, str]:
        """Return the fields of a system that people filled."""
        return fields(system, self.decided.said(system))

    @cached_property
    def triage(self) -> dict[str, dict[str, Any]]:
        """What speaks for looking at each system first: points, and what nobody knows."""
        return {key: self._triage(key, one) for key, one in self.standpoints.items()}

    def _triage(self, system: str, stand: Standpoint) -> dict[str, Any]:
        facts = stand.facts
        known = self.remembered.of("computed", system, facts, lambda: tuple(computed(facts)))
        worked_out = {one.field: one for one in known}
        return triage(facts, stand, worked_out, self.decided.said(system))

    @cached_property
    def owners(self) -> dict[str, Ownership]:
        return owners(self.store, self.config, self.facts.values())

    @cached_property
    def hide(self) -> Callable[[str], str]:
        """What puts codes in the place of people, for somebody who may not see names."""
        from reports.people import hiding

        return hiding(self)

    @cached_property
    def scopes(self) -> dict[str, Scoped]:
        found = scopes(self.store, self.config, self.now, self.facts.values())
        return {one.system: one for one in found}

    @cached_property
    def systems(self) -> dict[str, AISystem]:
        """The inventory by id, by name: each with the state in force, its roles and its owner."""
        return {
            key: replace(
                one.system,
                status=one.review.state.value,
                roles=tuple(self.roles[key]),
                owner=self.owners[key].claim,
            )
            for key, one in self.standpoints.items()
        }

    @cached_property
    def suppliers(self) -> dict[str, SupplierUse]:
        """Every supplier that a system rests on, by id, the one that most rest on first."""
        systems = [one.system for one in self.standpoints.values()]
        return {one.id: one for one in suppliers(self.store, systems, self.catalogue)}

    def records(self) -> Iterator[Record]:
        """Yield the record of every system, by name; they are large, and not kept."""
        return each_record(self.store, self.catalogue, self.now, self._gathered())

    def _gathered(self) -> Gathered:
        return Gathered(self.standpoints, self.scopes, self.owners, self.roles, self.decided)

    def handover(self, uses_since: datetime | None = None) -> Handover:
        """Return the inventory as other tools take it."""
        return handover(
            self.store,
            self.catalogue,
            self.config,
            self.now,
            self.signatures,
            self._gathered(),
            self.suppliers.values(),
            uses_since,
        )

    @cached_property
    def supplier_records(self) -> dict[str, SupplierRecord]:
        """The review record of every supplier, by id, in the order of ``suppliers``."""
        supplies = self._supplied(self.standpoints)
        return {
            key: self._recorded("supplier", one, supplies) for key, one in self.suppliers.items()
        }

    def supplier_record(self, supplier: str) -> SupplierRecord:
        """Return the record of one supplier with all evidence that speaks for it."""
        if supplier not in self._full_records:
            use = self.suppliers[supplier]
            full = self.facts_in_full(one.system for one in use.rests)
            stands = {key: self.standpoints[key]._replace(facts=one) for key, one in full.items()}
            made = self._recorded("supplier in full", use, self._supplied(stands))
            self._full_records[supplier] = made
        return self._full_records[supplier]

    @cached_property
    def _full_records(self) -> dict[str, SupplierRecord]:
        return {}

    def _supplied(self, stands: Mapping[str, Standpoint]) -> Supplies:
        from scanner.inventory.supplier_supplied import Supplies

        return Supplies(stands, self.roles, {key: self.decided.said(key) for key in stands})

    def _recorded(self, what: str, use: SupplierUse, supplies: Supplies) -> SupplierRecord:
        from scanner.inventory.supplier_record import bearing, record_of

        given = bearing(use, supplies, self._on_suppliers.get(use.id, ()), self.now)

        def make() -> SupplierRecord:
            return record_of(given, self.catalogue.vendor(use.id), self.config, self.now)

        return self.remembered.of(what, use.id, given, make)

    @cached_property
    def _on_suppliers(self) -> dict[str, list[Decision]]:
        from scanner.inventory.supplier_record import on_suppliers

        return on_suppliers(self.decisions)

    @cached_property
    def candidates(self) -> list[Candidate]:
        """What looks like AI and no signature knows, and nobody has judged."""
        from scanner.inventory.candidates import candidates

        return [one for one in candidates(self.store) if one.status is CandidateStatus.OPEN]

    @cached_property
    def days(self) -> dict[str, dict[int, int]]:
        """The events of every system by day since 1970."""
        return self.store.days_by_system()

    @cached_property
    def decisions(self) -> list[Decision]:
        """Everything that people decided, in order."""
        return self.store.decisions()

    @cached_property
    def removed(self) -> list[Decision]:
        """That sources were removed, by whom and why; not those that a later scan read again."""
        there = {one["name"] for one in self.sources if not is_removed(one)}
        gone = {one.subject: one for one in self.decisions if one.act is Act.FORGET}
        return [one for key, one in gone.items() if key.removeprefix("source:") not in there]

    @cached_property
    def new_from(self) -> int:
        """The first scan whose finds count as new: the last one, or the first since that time."""
        if not self.scans:
            return 0
        if self.since is None:
            return self.scans[0].id
        later = (scan.id for scan in self.scans if scan.started >= self.since)
        return min(later, default=self.scans[0].id + 1)

    def is_new(self, system: AISystem) -> bool:
        return system.first_scan >= self.new_from

    @cached_property
    def confirmed(self) -> Mapping[str, int]:
        """How much people have confirmed: systems decided, owners, roles."""
        owned = sum(one.confirmed is not None for one in self.owners.values())
        claimed = (claim for several in self.roles.values() for claim in several)
        return {
            "systems": len(self.standpoints),
            "decided": sum(not one.is_undecided for one in self.standpoints.values()),
            "owners": owned,
            "roles": sum(one.status is RoleStatus.CONFIRMED for one in claimed),
        }
