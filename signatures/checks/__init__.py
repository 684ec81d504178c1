"""What the base must keep: identifiers unique and well formed, examples that hold, facts with dates.

``match`` is handed in, because matching stands above the signatures: it returns the signature
that a value of a channel meets, or None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from scanner.model import Detection, Identifier, Product, ShapeFile, Signature, Vendor
from signatures.checks.collisions import collisions, reused
from signatures.checks.facts import facts
from signatures.checks.formats import SLUG, detection_problems
from signatures.checks.shapes import shapes
from signatures.loader import BUILT_IN, Pack
from signatures.reading import Problem, lines_of_values, read

__all__ = ["Match", "check"]

Match = Callable[[Identifier, str], Signature | None]


def check(pack: Pack, match: Match, today: date) -> list[Problem]:
    """Return every problem of the pack by file and line; those that only warn say so."""
    places = _Places(pack)
    problems = list(pack.problems)
    for vendor in pack.vendors:
        found = [*_vendor(vendor, Path(pack.files[vendor.id])), *_examples(vendor, match)]
        problems.extend(places.problem(vendor.id, about, message) for about, message in found)
        problems.extend(
            places.problem(vendor.id, about, message, warns)
            for about, message, warns in facts(vendor, today)
        )
    whole = (*collisions(pack.vendors), *reused(pack.vendors), *_references(pack))
    problems.extend(places.problem(owner, about, message) for owner, about, message in whole)
    problems.extend(
        places.problem_in(path, about, message) for path, about, message in _shapes(pack)
    )
    return sorted(problems, key=lambda problem: (str(problem.path), problem.line, problem.message))


class _Places:
    """Finds the file of a vendor or shape, and the line of it on which an id or a value stands."""

    def __init__(self, pack: Pack) -> None:
        self._files = pack.files
        self._lines: dict[Path, dict[str, int]] = {}

    def problem(self, owner: str, about: str, message: str, warns: bool = False) -> Problem:
        return self.problem_in(Path(self._files[owner]), about, message, warns)

    def problem_in(self, path: Path, about: str, message: str, warns: bool = False) -> Problem:
        if path not in self._lines:
            self._lines[path] = lines_of_values(path.read_bytes())
        return Problem(path, self._lines[path].get(about, 1), message, warns)


def _vendor(vendor: Vendor, path: Path) -> Iterator[tuple[str, str]]:
    if vendor.schema != 1:
        yield "schema", f"schema is {vendor.schema}; this gnomon reads 1"
    if not SLUG.fullmatch(vendor.id):
        yield vendor.id, f"vendor id {vendor.id!r} is not lower-case words joined by hyphens"
    place = _built_in_place(vendor.id)
    if path.is_relative_to(BUILT_IN) and path != place:
        yield vendor.id, f"vendor id {vendor.id!r} stands in {path.name}, not in {place}"
    if not vendor.products:
        yield vendor.id, "a vendor needs at least one product"
    ids = [product.id for product in vendor.products]
    for product in vendor.products:
        if ids.count(product.id) > 1:
            yield product.id, f"product id {product.id!r} stands there twice"
        yield from _product(product)


def _product(product: Product) -> Iterator[tuple[str, str]]:
    if not SLUG.fullmatch(product.id):
        yield product.id, f"product id {product.id!r} is not lower-case words joined by hyphens"
    if not product.detections:
        yield product.id, f"product {product.id} has no detection"
    for detection in product.detections:
        for message in detection_problems(detection):
            yield detection.id, f"{detection.id}: {message}"


def _examples(vendor: Vendor, match: Match) -> Iterator[tuple[str, str]]:
    for product in vendor.products:
        for detection in product.detections:
            for message in _examples_of(detection, match):
                yield detection.id, f"{detection.id}: {message}"


def _examples_of(detection: Detection, match: Match) -> Iterator[str]:
    for value in detection.tests.match:
        met = match(detection.channel, value)
        if met is None or met.detection.id != detection.id:
            said = met.detection.id if met else "nothing"
            yield f"must match {value!r}, which meets {said}"
    for value in detection.tests.no_match:
        met = match(detection.channel, value)
        if met is not None and met.detection.id == detection.id:
            yield f"must not match {value!r}"


def _shapes(pack: Pack) -> Iterator[tuple[Path, str, str]]:
    """Yield what is wrong with each file of shapes; the pack keeps but the last of equal ids."""
    for name in sorted({pack.files[shape.id] for shape in pack.shapes}):
        path = Path(name)
        file = read(path, path.read_bytes(), ShapeFile, [])
        if file is None:
            continue
        if file.schema != 1:
            yield path, "schema", f"schema is {file.schema}; this gnomon reads 1"
        yield from ((path, about, message) for _, about, message in shapes(file.shapes))


def _references(pack: Pack) -> Iterator[tuple[str, str, str]]:
    """Yield references to vendors and products that are not there.

    Where a folder of the user's has replaced a vendor and left the product out, that is told of
    the file that did so, once.
    """
    products = {
        f"{vendor.id}/{product.id}" for vendor in pack.vendors for product in vendor.products
    }
    vendors = {vendor.id for vendor in pack.vendors}
    replaced: set[str] = set()
    for vendor in pack.vendors:
        if vendor.successor and vendor.successor not in vendors:
            yield vendor.id, vendor.successor, f"no vendor is named {vendor.successor!r}"
        for key in _named_products(vendor):
            owner = key.partition("/")[0]
            if key in products or key in replaced:
                continue
            if owner in vendors and _replaces_a_built_in(Path(pack.files[owner]), owner):
                replaced.add(key)
                yield owner, owner, f"leaves out the product {key!r}, which {vendor.id} names"
            else:
                yield vendor.id, key, f"no product is named {key!r}"


def _replaces_a_built_in(path: Path, vendor: str) -> bool:
    return not path.is_relative_to(BUILT_IN) and _built_in_place(vendor).exists()


def _built_in_place(vendor: str) -> Path:
    return BUILT_IN / vendor[:1] / f"{vendor}.yaml"


def _named_products(vendor: Vendor) -> Iterator[str]:
    for product in vendor.products:
        yield from (upstream.product for upstream in product.uses_upstream)
        yield from (one for detection in product.detections for one in detection.implies)
