"""Ids and values that stand in two places of the base."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scanner.model import Signature, Vendor
from signatures.comparison import Matchable, values_of


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
                    other = values.setdefault(value, mine)
                    if other.product_key != mine.product_key and not _implied(mine, other):
                        message = f"{detection.id}: {value.value} is also in {other.detection.id}"
                        yield vendor.id, detection.id, message


def _implied(one: Signature, other: Signature) -> bool:
    return one.product_key in other.detection.implies or other.product_key in one.detection.implies
