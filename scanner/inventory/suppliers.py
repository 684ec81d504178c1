"""Suppliers, and how much rests on each: systems from it, on its parts, or upstream on its models.

Concentration counts a system once for each supplier that it rests on, however it does: by whom it
comes from, by a component, by what a library is told to speak to, or by what the catalogue says a
product runs on, and what that runs on in turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from scanner.model import AISystem, Category, Signature
from scanner.store import Footing, Reader

_MODELS = frozenset({Category.MODEL_API, Category.INFERENCE_HOSTING, Category.MODEL_GATEWAY})


class Catalogue(Protocol):
    """What the signatures know of products."""

    def product(self, key: str) -> Signature | None: ...


class Rest(NamedTuple):
    """That a system rests on a supplier, and how; it is direct if evidence shows it."""

    system: str
    name: str
    why: tuple[str, ...]
    is_direct: bool


class _Way(NamedTuple):
    """How one product, and its vendor, come into a system."""

    product: str
    vendor: str
    why: str
    is_direct: bool


@dataclass(frozen=True, slots=True)
class SupplierUse:
    """A supplier with the systems that rest on it, of all systems that there are."""

    id: str
    name: str
    country: str | None
    supplies_models: bool
    rests: tuple[Rest, ...]
    systems: int

    @property
    def direct(self) -> int:
        return sum(one.is_direct for one in self.rests)

    @property
    def share(self) -> float:
        """The share of all our systems that rest on it, 0 to 1."""
        return len(self.rests) / self.systems if self.systems else 0.0


def suppliers(
    store: Reader, systems: Sequence[AISystem], catalogue: Catalogue
) -> list[SupplierUse]:
    """Return every supplier that a system rests on, the most first; also those only upstream."""
    names = {one.id: one.name for one in systems}
    known = {one.id: one for one in store.suppliers()}
    ways: dict[str, dict[str, list[_Way]]] = {}
    for footing in store.footings():
        if footing.system in names:
            for way in _ways(footing, catalogue):
                ways.setdefault(way.vendor, {}).setdefault(footing.system, []).append(way)
    found = []
    for vendor, by_system in ways.items():
        own = known.get(vendor)
        told = _told(by_system, catalogue)
        found.append(
            SupplierUse(
                id=vendor,
                name=own.name if own else told[0],
                country=own.country if own else told[1],
                supplies_models=told[2],
                rests=tuple(
                    _rest(system, names[system], several)
                    for system, several in sorted(
                        by_system.items(), key=lambda one: (names[one[0]].casefold(), one[0])
                    )
                ),
                systems=len(names),
            )
        )
    return sorted(found, key=lambda one: (-len(one.rests), -one.direct, one.name.casefold()))


def _ways(footing: Footing, catalogue: Catalogue) -> Iterator[_Way]:
    """Yield the product itself, and everything that it runs on."""
    yield _Way(footing.product, _vendor_of(footing.product), footing.why, is_direct=True)
    seen, waiting = {footing.product}, [(footing.product, footing.why)]
    while waiting:
        key, why = waiting.pop(0)
        signature = catalogue.product(key)
        for upstream in signature.product.uses_upstream if signature else ():
            if upstream.product in seen:
                continue
            seen.add(upstream.product)
            further = f"{why}, which runs on {_name_of(upstream.product, catalogue)}"
            waiting.append((upstream.product, further))
            yield _Way(upstream.product, _vendor_of(upstream.product), further, is_direct=False)


def _name_of(product: str, catalogue: Catalogue) -> str:
    signature = catalogue.product(product)
    return signature.product.name if signature else product


def _rest(system: str, name: str, ways: list[_Way]) -> Rest:
    is_direct = any(one.is_direct for one in ways)
    shown = sorted({one.why for one in ways if one.is_direct or not is_direct})
    return Rest(system, name, tuple(shown), is_direct)


def _told(by_system: dict[str, list[_Way]], catalogue: Catalogue) -> tuple[str, str | None, bool]:
    """Return what the catalogue says of a vendor: name, country, whether models come from it."""
    ways = sorted({one for several in by_system.values() for one in several})
    signatures = [one for one in (catalogue.product(way.product) for way in ways) if one]
    if not signatures:
        return ways[0].vendor, None, False
    vendor = signatures[0].vendor
    supplies = any(one.category in _MODELS for one in vendor.products)
    return vendor.name, vendor.supplier.hq_country, supplies


def _vendor_of(product: str) -> str:
    return product.partition("/")[0]
