"""Gathers the inventory for whoever takes it further: machine formats, and exports to other tools."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from scanner import __version__
from scanner.config import Config
from scanner.inventory.record import Gathered, Record, each_record
from scanner.inventory.record_fields import Standing
from scanner.inventory.suppliers import SupplierUse
from scanner.model import (
    Decision,
    HandedSupplier,
    HandedSystem,
    Handover,
    Signature,
    SystemFacts,
    Usage,
    Vendor,
)
from scanner.store import Reader

MOST_HOSTS = 20
_HOST = re.compile(r"[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63}){1,20}")
# What is large and told elsewhere: components are handed on whole, evidence by its locators.
_LEFT_OUT = frozenset({"evidence", "components", "history"})


class Catalogue(Protocol):
    """What the signatures know."""

    def product(self, key: str) -> Signature | None: ...

    def vendor(self, vendor_id: str) -> Vendor | None: ...


@dataclass(frozen=True, slots=True)
class StoredUsages:
    """Who used what on which day, read anew each time that it is gone through."""

    store: Reader
    since: datetime | None = None

    def __iter__(self) -> Iterator[Usage]:
        return self.store.usages(self.since)


def handover(
    store: Reader,
    catalogue: Catalogue,
    config: Config,
    now: datetime,
    signatures: str,
    given: Gathered,
    suppliers: Iterable[SupplierUse],
    since: datetime | None = None,
) -> Handover:
    """Return the inventory as it is handed on; who used what, from ``since``."""
    hosts = store.hosts_of_all(MOST_HOSTS)
    reviews = store.latest_decisions("supplier:")
    return Handover(
        organisation=config.organisation or "",
        made_at=now,
        tool=__version__,
        signatures=signatures,
        privacy=store.privacy(),
        systems=tuple(
            _system(one, given.stands[one.system].facts, _names(hosts.get(one.system, ())))
            for one in each_record(store, catalogue, now, given)
        ),
        suppliers=tuple(
            _supplier(one, catalogue.vendor(one.id), reviews.get(f"supplier:{one.id}"))
            for one in suppliers
        ),
        usages=StoredUsages(store, since),
    )


def _system(record: Record, facts: SystemFacts, hosts: tuple[str, ...]) -> HandedSystem:
    return HandedSystem(
        id=record.system,
        name=record.name,
        kind=facts.kind,
        product=facts.product,
        category=facts.category,
        suppliers=tuple(sorted(facts.suppliers)),
        fields=known_fields(record),
        parts=facts.parts,
        hosts=hosts,
    )


def _names(hosts: Iterable[str]) -> tuple[str, ...]:
    """Return the hosts that are names: what a log has in that place may be anything."""
    return tuple(one for one in hosts if _HOST.fullmatch(one))


def known_fields(record: Record) -> Mapping[str, Any]:
    """Return the values of a record that are known, as JSON has them."""
    return {
        one.name: _plain(one.value)
        for one in record.values
        if one.state is Standing.KNOWN and one.name not in _LEFT_OUT
    }


def _supplier(use: SupplierUse, vendor: Vendor | None, decision: Decision | None) -> HandedSupplier:
    profile = vendor.supplier if vendor else None
    return HandedSupplier(
        id=use.id,
        name=use.name,
        country=use.country,
        legal_entity=profile.legal_entity if profile else None,
        urls=profile.urls if profile else {},
        facts=profile.facts if profile else (),
        systems=tuple(one.system for one in use.rests if one.is_direct),
        verdict=decision.verdict if decision else "",
        review_due=decision.review_due if decision else None,
    )


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case str():
            return str(value)  # a member of a closed set is its word
        case Mapping():
            return {str(key): _plain(one) for key, one in value.items()}
        case list() | tuple():
            return [_plain(one) for one in value]
    return value
