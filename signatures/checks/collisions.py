"""Ids and values that stand in two places of the base, and ids that were given away before."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from scanner.model import Signature, Vendor
from scanner.spelling import spelling
from signatures.comparison import Matchable, values_of

# Product ids that once were in the base: an inventory may hold them, so they mean nothing else.
RETIRED = Path(__file__).parents[1] / "retired.tsv"


class Retired(NamedTuple):
    """A product id that is no longer given, since when, and what stands in its place."""

    product: str
    since: str
    successor: str


def retired() -> list[Retired]:
    """Return the product ids that were given away before."""
    with RETIRED.open(encoding="utf-8", newline="") as file:
        return [Retired(**row) for row in csv.DictReader(file, delimiter="\t")]


def reused(vendors: Iterable[Vendor]) -> Iterator[tuple[str, str, str]]:
    """Yield products whose id meant something else before."""
    gone = {one.product: one for one in retired()}
    for vendor in vendors:
        for product in vendor.products:
            if one := gone.get(f"{vendor.id}/{product.id}"):
                message = f"product id {one.product!r} was retired on {one.since}: take another"
                yield vendor.id, product.id, message


def collisions(vendors: Iterable[Vendor]) -> Iterator[tuple[str, str, str]]:
    """Yield ids used twice, and values of two products neither of which implies the other.

    A vendor, the id or value, and the message for each.
    """
    ids: dict[str, str] = {}
    values: dict[Matchable, Signature] = {}
    for vendor in vendors:
        for product in vendor.products:
            for detection in product.detections:
                if detection.id in ids:
                    yield vendor.id, detection.id, f"{detection.id}: also in {ids[detection.id]}"
                ids[detection.id] = vendor.id
                mine = Signature(vendor, product, detection)
                for value in values_of(detection):
                    other = values.setdefault(_as_compared(value), mine)
                    if other.product_key != mine.product_key and not _implied(mine, other):
                        message = f"{detection.id}: {value.value} is also in {other.detection.id}"
                        yield vendor.id, detection.id, message


def _as_compared(value: Matchable) -> Matchable:
    """Return a value in the spelling that matching compares; a pattern stays as it is written."""
    if value.how == "pattern":
        return value
    return value._replace(value=spelling(value.channel, value.value))


def _implied(one: Signature, other: Signature) -> bool:
    return one.product_key in other.detection.implies or other.product_key in one.detection.implies
