"""Proposals: what an outside source states and the base does not hold yet, for a person to accept.

Nothing is written into the base. A proposal is a signature file of its own: a known vendor's with
the additions, or a new vendor's. Whoever accepts it moves it to signatures/vendors.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from scanner.hosts import registrable_domain
from scanner.model import AINature, Identifier, LifeCycle, Product, Tier, Vendor, VendorKind
from signatures.assessment import Assessed, Standing, normal, recognised
from signatures.checks.collisions import retired
from signatures.drafts import Draft, compared, covers, detections_of, free_id, is_latin, slug_of
from signatures.importers import Stated

_BY_NAME = "the vendor was recognised by its name alone"


@dataclass(slots=True)
class _Addition:
    """What one vendor gains: new statements with their hints, and products known of the others."""

    vendor: Vendor | None  # None: a new one
    name: str
    new: list[tuple[Stated, str]] = field(default_factory=list)
    pointed: dict[tuple[str, str], str] = field(default_factory=dict)


def propose(assessed: Iterable[Assessed], vendors: Iterable[Vendor], today: date) -> list[Vendor]:
    """Return the vendors that the new statements would add or widen, by id.

    A vendor is known again by an identifier that the same source gives it; a name alone is only a
    hint, which the note of the detection says. A value that several places state stands once, with
    all of them as its sources.
    """
    by_id = {vendor.id: vendor for vendor in vendors}
    ids = set(by_id)
    detections = {
        one.id
        for vendor in by_id.values()
        for product in vendor.products
        for one in product.detections
    }
    gone = {one.product for one in retired()}
    made = []
    for addition in _additions(list(assessed), by_id):
        vendor = addition.vendor or _stub(addition, ids, today)
        products = _Products(vendor, addition.pointed, gone)
        for draft in _joined(addition.new):
            products.take(draft)
        made.append(replace(vendor, updated=today, products=products.made(detections)))
    return sorted(made, key=lambda vendor: vendor.id)


def _additions(assessed: list[Assessed], by_id: Mapping[str, Vendor]) -> list[_Addition]:
    """Return the new statements by the vendor that they are about."""
    owner_of = recognised(assessed, by_id.values())
    found: dict[str, _Addition] = {}
    for one in assessed:
        name = one.stated.vendor
        owner = owner_of[name]
        addition = found.setdefault(owner.key, _Addition(by_id.get(owner.vendor), name))
        vendor, _, product = one.product.partition("/")
        if one.standing is Standing.NEW:
            addition.new.append((one.stated, _BY_NAME if owner.is_by_name else ""))
        elif one.standing is Standing.KNOWN and vendor == owner.vendor:
            addition.pointed.setdefault((name, one.stated.product), product)
    return [one for one in found.values() if one.new]


def _stub(addition: _Addition, ids: set[str], today: date) -> Vendor:
    """Return a new vendor without products, under an id that no other vendor has."""
    name, statements = addition.name, [one for one, _ in addition.new]
    vendor_id = free_id(slug_of(name if is_latin(name) else _telling(statements)), ids)
    return Vendor(1, vendor_id, name, VendorKind.VENDOR, Tier.STUB, LifeCycle.ACTIVE, today, ())


def _telling(statements: list[Stated]) -> str:
    """Return the identifier that tells a vendor best whose name is in another script."""
    hosts = [one.value for one in statements if one.channel is Identifier.HOST]
    return registrable_domain(hosts[0]) if hosts else statements[0].value


def _joined(new: Iterable[tuple[Stated, str]]) -> list[Draft]:
    """Return each value once, with every source and the widest way of matching it."""
    drafts: dict[tuple[Identifier, str], Draft] = {}
    for stated, hint in new:
        first = drafts.setdefault(compared(stated), Draft(stated, (), hint))
        sources = dict.fromkeys((*first.sources, stated.source))
        wider = stated if first.stated.how == "exact" else first.stated
        chosen = first.stated._replace(value=wider.value, how=wider.how)
        drafts[compared(stated)] = Draft(chosen, tuple(sources), first.hint and hint)
    patterns = [one.stated.value for one in drafts.values() if one.stated.how == "pattern"]
    return [one for one in drafts.values() if not _is_covered(one.stated, patterns)]


def _is_covered(one: Stated, patterns: Iterable[str]) -> bool:
    """Whether an exact host says nothing that a pattern beside it does not say."""
    return one.how == "exact" and any(covers(pattern, one.value) for pattern in patterns)


class _Products:
    """The products of a vendor while statements find theirs, or found one."""

    def __init__(
        self, vendor: Vendor, pointed: Mapping[tuple[str, str], str], gone: Iterable[str]
    ) -> None:
        self._vendor = vendor
        self._pointed = pointed
        self._products = {product.id: product for product in vendor.products}
        retired_here = (one.partition("/") for one in gone)
        self._taken = {product for owner, _, product in retired_here if owner == vendor.id}
        self._taken.update(self._products)
        self._drafts: dict[str, list[Draft]] = defaultdict(list)

    def take(self, draft: Draft) -> None:
        """Give a draft to the product that its source means; to a new one if there is none."""
        one = draft.stated
        pointed = self._pointed.get((one.vendor, one.product))
        known = self._named(one.product) or pointed or self._only_one(one) or self._new(one)
        self._drafts[known].append(draft)

    def made(self, taken: set[str]) -> tuple[Product, ...]:
        """Return all products with what they gained."""
        return tuple(
            replace(
                product,
                detections=(
                    *product.detections,
                    *detections_of(self._vendor.id, product.id, self._drafts[product.id], taken),
                ),
            )
            for product in self._products.values()
        )

    def _named(self, name: str) -> str | None:
        found = {
            product.id
            for product in self._products.values()
            if normal(name) in map(normal, (product.id, product.name, *product.aliases))
        }
        return found.pop() if len(found) == 1 else None

    def _only_one(self, one: Stated) -> str | None:
        """Return the product of a vendor where a source names the vendor and no product of it."""
        if not _names_no_product(one) or not self._vendor.products:
            return None
        alike = [each.id for each in self._vendor.products if each.category is one.category]
        everything = [each.id for each in self._vendor.products]
        return alike[0] if alike else everything[0] if len(everything) == 1 else None

    def _new(self, one: Stated) -> str:
        is_its_own = is_latin(one.product) and not _names_no_product(one)
        product_id = free_id(slug_of(one.product) if is_its_own else self._vendor.id, self._taken)
        self._products[product_id] = Product(
            product_id, one.product, one.category, AINature.PURE, ()
        )
        return product_id


def _names_no_product(one: Stated) -> bool:
    """Whether the product is the vendor's name over again: ``Acme API`` of Acme."""
    return normal(one.product) in (normal(one.vendor), normal(f"{one.vendor} API"))
