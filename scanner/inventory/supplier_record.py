"""The review record of each supplier: evidence, facts, answers, what is agreed, decided and due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol

from scanner.config import Config
from scanner.inventory.merged import decided as decisions_in
from scanner.inventory.review_lists import standpoints
from scanner.inventory.roles import claims
from scanner.inventory.supplier_answers import Answer, answers, concluded, open_questions
from scanner.inventory.supplier_conflicts import Conflict
from scanner.inventory.supplier_fields import Filled, agreed, filled, sent_on
from scanner.inventory.supplier_matrix import Share, proposed
from scanner.inventory.supplier_recording import SUPPLIER
from scanner.inventory.supplier_review import Standing, basis, decided, standing
from scanner.inventory.supplier_statements import Ground, Statement, of_fact
from scanner.inventory.supplier_supplied import Supplied, Supplies, origins
from scanner.inventory.supplier_triage import Triage, triage
from scanner.inventory.suppliers import Catalogue as Products
from scanner.inventory.suppliers import SupplierUse, suppliers
from scanner.model import Decision, SystemKind, Vendor
from scanner.store import Reader


class Catalogue(Products, Protocol):
    """What the signatures know of products and of their vendors."""

    def vendor(self, vendor_id: str) -> Vendor | None: ...


@dataclass(frozen=True, slots=True)
class SupplierRecord:
    """All that is known of one supplier. ``decisions`` are all acts of people on it, in order."""

    use: SupplierUse
    vendor: Vendor | None
    systems: tuple[Supplied, ...]
    facts: tuple[Statement, ...]
    answers: tuple[Answer, ...]
    said: Mapping[str, Filled]
    matrix: tuple[Share, ...]
    triage: Triage
    standing: Standing
    basis: Mapping[str, list[str]]
    decisions: tuple[Decision, ...]
    stale_before: date

    @property
    def id(self) -> str:
        return self.use.id

    @property
    def name(self) -> str:
        return self.use.name

    @property
    def version(self) -> int:
        """The newest act of a person on it; 0 if nobody did anything."""
        return self.decisions[-1].number if self.decisions else 0

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Where statements differ, each once, though a fact may bear on several questions."""
        every = (one for each in self.answers for one in each.conflicts)
        found: dict[tuple[object, ...], Conflict] = {}
        for one in every:
            found.setdefault((one.key, one.against_person), one)
        return tuple(found.values())

    @property
    def stale(self) -> tuple[Statement, ...]:
        return tuple(one for one in self.facts if one.is_stale)

    @property
    def stale_answers(self) -> tuple[Answer, ...]:
        """Those of people that are too old, or past their end."""
        return tuple(one for one in self.answers if one.is_stale)

    @property
    def open(self) -> tuple[Answer, ...]:
        return tuple(open_questions(self.answers))

    @property
    def for_customers(self) -> tuple[Supplied, ...]:
        """Our own products that rest on it and that customers meet, or may."""
        return tuple(
            one
            for one in self.systems
            if one.meets_customers in ("yes", "likely")
            or (one.kind is not SystemKind.USED and one.meets_customers != "no")
        )


def supplier_records(
    store: Reader,
    catalogue: Catalogue,
    config: Config,
    now: datetime,
    ids: Iterable[str] | None = None,
) -> list[SupplierRecord]:
    """Return the record of every supplier that a system rests on, or of some."""
    stands = {one.system.id: one for one in standpoints(store, config.policy, now)}
    uses = suppliers(store, [one.system for one in stands.values()], catalogue)
    wanted = None if ids is None else set(ids)
    known = decisions_in(store)
    said = {one: known.said(one) for one in stands}
    roles = {one: claims(stand.facts, said[one], config.roles) for one, stand in stands.items()}
    supplies, decisions = Supplies(stands, roles, said), on_suppliers(store.decisions())
    given = (
        bearing(one, supplies, decisions.get(one.id, ()), now)
        for one in uses
        if wanted is None or one.id in wanted
    )
    return [record_of(one, catalogue.vendor(one.use.id), config, now) for one in given]


class Bearing(NamedTuple):
    """What a record is made from, beside catalogue and settings: of equals equal records are made.

    ``ended`` is of how many decisions the review date is past: time changes nothing else in a day.
    """

    use: SupplierUse
    systems: tuple[Supplied, ...]
    decisions: tuple[Decision, ...]
    day: date
    ended: int


def on_suppliers(decisions: Iterable[Decision]) -> dict[str, list[Decision]]:
    """Return all acts of people on suppliers, by the supplier's id, in order."""
    found: dict[str, list[Decision]] = {}
    for one in decisions:
        if one.subject.startswith(SUPPLIER):
            found.setdefault(one.subject.removeprefix(SUPPLIER), []).append(one)
    return found


def bearing(
    use: SupplierUse, supplies: Supplies, decisions: Iterable[Decision], now: datetime
) -> Bearing:
    """Return what the record of a supplier is made from; ``decisions`` are those on it."""
    made = tuple(decisions)
    ended = sum(one.review_due is not None and one.review_due <= now for one in made)
    return Bearing(use, supplies.of(use), made, now.date(), ended)


def record_of(
    given: Bearing, vendor: Vendor | None, config: Config, now: datetime
) -> SupplierRecord:
    """Return the record of a supplier."""
    use, systems, decisions, _, _ = given
    stale_before = now.date() - timedelta(days=config.suppliers.stale_after_days)
    facts = vendor.supplier.facts if vendor else ()
    last = max((one.last for one in systems if one.last), default=now)
    ground = Ground(use, vendor, systems, last, stale_before)
    found = concluded(answers(ground, decisions, now, stale_before), decided(decisions))
    told = filled(decisions)
    rests_on = basis(systems, facts)
    notice = timedelta(days=config.suppliers.certificate_notice_days)
    return SupplierRecord(
        use=use,
        vendor=vendor,
        systems=systems,
        facts=tuple(of_fact(one, stale_before) for one in facts),
        answers=found,
        said=told,
        matrix=agreed(proposed(origins(one for one in systems if one.is_direct)), told),
        triage=triage(systems, use.share, found),
        standing=standing(
            decisions, rests_on, {one.system: one.name for one in systems}, found, sent_on(told),
            now, notice,
        ),
        basis=rests_on,
        decisions=decisions,
        stale_before=stale_before,
    )  # fmt: skip
