"""What a row of a register can be about: systems of the inventory, and products that it does not have.

Strong keys are asked first. A name is believed where it is a product's own, one of its aliases, or
either with its vendor or a plan beside it; what is only near one is proposed, and what several
products share is ambiguous. A vendor that the register names has to be the product's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from scanner.accounts import names
from scanner.accounts.meaning import Meaning
from scanner.accounts.names import Likeness
from scanner.inventory.register_spellings import (
    FEWEST,
    neighbours,
    of_suppliers,
    own_names,
    short_names,
    shorter,
)
from scanner.matching import Matcher
from scanner.model import AISystem, App, Identifier, Signature
from scanner.model.register import About, RegisterRow
from scanner.naming import company, fold, is_called, is_of, readings, words
from scanner.store import Reader

_KEPT = 4_000  # names that are remembered
# Beginnings of models' names that registers hold; asking the signatures of every name takes long.
_LIKE_A_MODEL = re.compile(
    r"(?:gpt|o\d|claude|gemini|gemma|llama|mistral|mixtral|codestral|qwen|deepseek|phi|command|grok|"
    r"nova|titan|whisper|dall|text-embedding|granite|falcon|jamba|kimi|glm)\b"
)
_NOT_OF_A_REPOSITORY = ("https://", "http://", "ssh://", "git://", "git+", "git@", "www.")


class Grade(StrEnum):
    """How a row was matched, the surest first."""

    KEY = "key"
    EXACT = "exact"
    ALIAS = "alias"
    VENDOR = "vendor prefix"
    NEAR = "near"


class Target(NamedTuple):
    """What a row may be about: a system, or a product that is none.

    Of a product that is part of systems, and of a supplier, ``systems`` are those that rest on it.
    """

    product: str
    systems: tuple[str, ...]
    is_supplier: bool = False
    is_part: bool = False

    @property
    def is_system(self) -> bool:
        return bool(self.systems) and not (self.is_supplier or self.is_part)


class Match(NamedTuple):
    """What a row is about: one target, several that are equal, or none; and how that is known."""

    targets: tuple[Target, ...] = ()
    grade: Grade | None = None
    by: str = ""
    note: str = ""

    @property
    def is_sure(self) -> bool:
        return len(self.targets) == 1 and self.grade is not Grade.NEAR


class Targets:
    """The inventory and the catalogue, for looking rows up."""

    def __init__(self, store: Reader, systems: Sequence[AISystem], matcher: Matcher) -> None:
        self._matcher = matcher
        self._systems = {one.id: one for one in systems}
        self._by_product = store.systems_by_product()
        self._by_client = store.systems_by_client()
        self._by_repository = {
            _repository(key): found for key, found in store.systems_by_repository().items()
        }
        self._footings: dict[str, list[str]] = {}
        for one in store.footings():
            self._footings.setdefault(one.product, []).append(one.system)
        self._supplied: dict[str, tuple[str, tuple[str, ...]]] = {
            one.id: (one.name, one.systems) for one in store.suppliers()
        }
        self._own = own_names(systems)
        self._short = short_names(systems)
        self._suppliers = of_suppliers(systems)
        self._near = neighbours(systems)
        self.called = lru_cache(_KEPT)(self._called)
        self._at = lru_cache(_KEPT)(self._of_address)

    def match(self, row: RegisterRow) -> Match:
        """Return what a row is about."""
        return self._parted(row.name, self._matched(row))

    def _matched(self, row: RegisterRow) -> Match:
        if row.about is About.SUPPLIER:
            return self._supplier(row.name)
        if row.system in self._systems:
            target = Target(self._systems[row.system].product, (row.system,))
            return Match((target,), Grade.KEY, f"the id {row.system}")
        named = self.called(row.name, row.vendor)
        if (strong := self._by_keys(row)).targets:
            return self._agreed(row, strong, named)
        if named.grade in (None, Grade.NEAR) and row.model:
            found = self._matcher.match_value(Identifier.MODEL, row.model)
            if found is not None and self._is_by(row.vendor, found):
                return Match(
                    (self._product(found.product_key),), Grade.ALIAS, f"the model {row.model}"
                )
        return named

    def vendor_of(self, target: Target) -> str:
        return target.product.partition("/")[0]

    def signature(self, target: Target) -> Signature | None:
        return self._matcher.product(target.product)

    def _by_keys(self, row: RegisterRow) -> Match:
        """Return what the strong keys of a row say together."""
        found: dict[Target, str] = {}
        for target, by in self._keyed(row):
            found.setdefault(target, by)
        return Match(tuple(sorted(found)), Grade.KEY, "; ".join(sorted(found.values())))

    def _keyed(self, row: RegisterRow) -> Iterator[tuple[Target, str]]:
        for client in row.client_ids:
            for system in self._by_client.get(client.lower(), ()):
                yield self._target_of(system), f"the client id {client}"
            signature = self._matcher.match_value(Identifier.OAUTH, f"client_id={client}")
            if signature is not None:
                yield self._product(signature.product_key), f"the client id {client}"
        for one in row.repositories:
            for system in self._by_repository.get(_repository(one), ()):
                yield self._target_of(system), f"the repository {one}"
        for one in row.purls:
            if signature := self._matcher.match_value(Identifier.PACKAGE, one):
                yield self._product(signature.product_key), f"the package {one}"
        for one in row.urls:
            if "." in one and (key := self._at(one, row.name)):
                yield self._product(key), f"the address {one}"

    def _of_address(self, url: str, name: str) -> str:
        """Return the product of an address, the one of that name if its supplier has several."""
        found = Meaning(self._matcher).of(App(url, name=name, urls=(url,)))
        return found.product_key if found else ""

    def _agreed(self, row: RegisterRow, strong: Match, named: Match) -> Match:
        """Return what keys say, and the name where the keys are those of a supplier's products."""
        vendors = {self.vendor_of(one) for one in strong.targets}
        if named.is_sure and named.targets[0] not in strong.targets:
            if vendors == {self.vendor_of(named.targets[0])}:
                note = f"{strong.by} is one of its supplier's"
                return named._replace(note=note)
            return Match((*strong.targets, *named.targets), Grade.KEY, f"{strong.by}; {named.by}",
                         "its keys and its name are of different suppliers")  # fmt: skip
        if len(strong.targets) > 1 and named.is_sure and len(vendors) == 1:
            return named
        if len(strong.targets) == 1 and row.vendor and not self._is_vendor(row.vendor, strong):
            note = f"the register says that it is by {row.vendor}"
            return strong._replace(grade=Grade.NEAR, note=note)
        return strong

    def _is_vendor(self, vendor: str, match: Match) -> bool:
        signature = self.signature(match.targets[0])
        return signature is None or self._is_by(vendor, signature)

    def _called(self, name: str, vendor: str) -> Match:
        """Return what a name says, with the vendor that the register names, if any."""
        found = self._products(name, vendor)
        own = self._own_name(name, vendor)
        match found.likeness:
            case Likeness.NAMED:
                return self._unless_others(name, vendor, self._named(name, found.products))
            case Likeness.AMBIGUOUS:
                return self._several(name, found.products, "products of several suppliers")
        if own.targets:
            return own
        if found.likeness is Likeness.WORD:
            note = "any application might be called so; name its vendor or its address"
            match = self._named(name, found.products)
            return match._replace(grade=Grade.NEAR, note=note)
        if found.likeness is Likeness.ELSEWHERE:
            return Match()
        for proposed in (self._nearest(name, vendor), self._model(name, vendor)):
            if proposed.targets:
                return proposed
        return self._of_supplier(name)

    def _products(self, name: str, vendor: str) -> names.Called:
        """Return the products of a name, or of it behind its vendor: Copilot by GitHub."""
        app = App(name, name=name, publisher=vendor, is_named_by_catalogue=True)
        found = names.called(app, self._matcher)
        if not vendor or found.likeness not in (Likeness.NONE, Likeness.ELSEWHERE):
            return found
        whole = f"{company(vendor)} {name}"
        if found.likeness is Likeness.NONE and not self._matcher.named(fold(whole)):
            return found  # as most are: the plans and versions behind it need not be tried
        behind = names.called(app._replace(name=whole), self._matcher)
        return behind if behind.likeness is Likeness.NAMED else found

    def _unless_others(self, name: str, vendor: str, match: Match) -> Match:
        """Return a match, ambiguous if a system of another supplier is called so for short.

        A vendor that is called like the product, and has a legal form, may be another company.
        """
        if vendor:
            is_sure = not match.is_sure or self._is_known(vendor, match.targets[0])
            note = f"the register says that it is by {vendor}"
            return match if is_sure else match._replace(grade=Grade.NEAR, note=note)
        others = self._short.get(fold(name), ())
        targets = {*match.targets, *map(self._target_of, others)}
        if len({self.vendor_of(one) for one in targets}) < 2:
            return match
        note = "products of several suppliers"
        return match._replace(targets=tuple(sorted(targets)), note=note)

    def _is_known(self, vendor: str, target: Target) -> bool:
        """Whether a vendor is a product's own, or the product's name itself: Cursor by Cursor."""
        signature = self.signature(target)
        if signature is None:
            return True
        product = signature.product
        called = {fold(one) for one in (product.name, *product.aliases)}
        return fold(vendor) in called or is_of(vendor, self._names_of(signature))

    def _model(self, name: str, vendor: str) -> Match:
        """Return the product that a model of that name is of: a proposal, for it may be another."""
        said = "-".join(words(name))
        is_like_one = _LIKE_A_MODEL.match(said) is not None
        found = is_like_one and self._matcher.match_value(Identifier.MODEL, said)
        if not found or not self._is_by(vendor, found):
            return Match()
        return Match((self._product(found.product_key),), Grade.NEAR, f"the model {name}")

    def _of_supplier(self, name: str) -> Match:
        """Return the systems of a supplier whose name stands where a system's should."""
        whole = (one for one, beside in readings(name) if not beside)
        found = next((self._suppliers[one] for one in whole if one in self._suppliers), ())
        note = "the name of a supplier; which of its systems is meant"
        targets = tuple(sorted({self._target_of(one) for one in found}))
        return Match(targets, Grade.NEAR, f"the supplier {name}", note) if targets else Match()

    def _named(self, name: str, products: Sequence[Signature]) -> Match:
        if len(products) > 1:
            exact = [one for one in products if fold(one.product.name) == fold(name)]
            if len(exact) != 1:
                return self._several(name, products, "several products of one supplier")
            products = exact
        signature = products[0]
        target = self._product(signature.product_key)
        return Match((target,), _grade(name, signature), f"the name {signature.product.name}")

    def _several(self, name: str, products: Iterable[Signature], note: str) -> Match:
        targets = {self._product(one.product_key) for one in products}
        return Match(tuple(sorted(targets)), Grade.EXACT, f"the name {name}", note)

    def _own_name(self, name: str, vendor: str) -> Match:
        """Return what is called so that people named, or that is built or hosted here."""
        found = self._own.get(fold(name), ())
        fitting = [one for one in found if self._fits(vendor, one)]
        targets = tuple(sorted(self._target_of(one) for one in fitting))
        return Match(targets, Grade.EXACT if targets else None, f"the name {name}")

    def _nearest(self, name: str, vendor: str) -> Match:
        """Return the systems whose names differ by a letter: never more than a proposal."""
        folded = fold(name)
        if len(folded) < FEWEST:
            return Match()
        found = {one for each in shorter(folded) for one in self._near.get(each, ())}
        fitting = [one for one in found if self._fits(vendor, one)]
        targets = tuple(sorted({self._target_of(one) for one in fitting}))
        near = ", ".join(sorted({self._systems[one].name for one in fitting}))
        return Match(targets, Grade.NEAR, f"near the name {near}") if targets else Match()

    def _supplier(self, name: str) -> Match:
        """Return the supplier of that name that the inventory has."""
        found = [
            Target(f"{id_}/", systems, is_supplier=True)
            for id_, (known, systems) in self._supplied.items()
            if is_called(name, (known, id_.replace("-", " ")))
        ]
        return Match(tuple(sorted(found)), Grade.EXACT, f"the supplier {name}")

    def _fits(self, vendor: str, system: str) -> bool:
        """Whether the register's vendor may be that of a system; of what is built nobody's is said."""
        known = self._systems[system]
        return not vendor or known.kind != "used" or is_of(vendor, known.supplier.split(", "))

    def _is_by(self, vendor: str, signature: Signature) -> bool:
        return not vendor or is_of(vendor, (*self._names_of(signature), signature.product.name))

    def _names_of(self, signature: Signature) -> tuple[str, ...]:
        one = signature.vendor
        return (one.name, one.id.replace("-", " "), *one.aliases)

    def _product(self, key: str) -> Target:
        """Return a product: as a system, as a part of systems, or as what was not seen."""
        if systems := self._by_product.get(key):
            return Target(self._systems[systems[0]].product, systems)
        parts = tuple(sorted(set(self._footings.get(key, ()))))
        return Target(key, parts, is_part=bool(parts))

    def _target_of(self, system: str) -> Target:
        known = self._systems[system]
        same = self._by_product.get(known.product, ())
        return Target(known.product, same if system in same else (system,))

    def _parted(self, name: str, match: Match) -> Match:
        """Return the match with a product that people split as the systems that it is now."""
        targets = tuple(
            one._replace(systems=(each,))
            for one in match.targets
            if one.is_system
            for each in one.systems
        ) + tuple(one for one in match.targets if not one.is_system)
        if len(targets) <= len(match.targets):
            return match
        called = [one for one in targets if one.is_system and self._is_called(one, name)]
        if len(called) == 1 and len(match.targets) == 1:
            return match._replace(targets=tuple(called))
        return match._replace(targets=tuple(sorted(targets)), note="it was split in several")

    def _is_called(self, target: Target, name: str) -> bool:
        return fold(self._systems[target.systems[0]].name) == fold(name)


def _grade(name: str, signature: Signature) -> Grade:
    folded = fold(name)
    if folded == fold(signature.product.name):
        return Grade.EXACT
    return Grade.ALIAS if folded in map(fold, signature.product.aliases) else Grade.VENDOR


def _repository(address: str) -> str:
    """Return a repository's address as origins are written: ``github.com/org/name``."""
    bare = address.strip().lower()
    for one in _NOT_OF_A_REPOSITORY:
        bare = bare.removeprefix(one)
    bare = bare.replace(":", "/", 1) if "@" not in bare and ":" in bare.partition("/")[0] else bare
    return bare.rstrip("/").removesuffix(".git")
