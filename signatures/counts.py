"""How large the base is: vendors, products, detections and values, by channel, tier and purpose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any

from scanner.model import Tier, Vendor
from signatures.comparison import values_of

# A source of this beginning was written from general knowledge and is still to be read.
RECALLED = "recalled"
_WELL_KNOWN = 3


@dataclass(slots=True)
class Counts:
    """The size of a base. A detection is one rule, a value one thing that it matches."""

    vendors: Counter[Tier] = field(default_factory=Counter)
    products: Counter[Tier] = field(default_factory=Counter)
    detections: Counter[str] = field(default_factory=Counter)  # by channel
    values: Counter[str] = field(default_factory=Counter)  # by channel
    evidence: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)  # products
    natures: Counter[str] = field(default_factory=Counter)  # products
    well_known: int = 0  # products of curated vendors with three channels or more
    facts: int = 0
    recalled: int = 0  # detections that nobody has read up yet

    def as_document(self) -> dict[str, Any]:
        """Return the counts by name; ``asdict`` would take a counter's numbers for its keys."""
        counted = ((one.name, getattr(self, one.name)) for one in fields(self))
        return {name: dict(one) if isinstance(one, Counter) else one for name, one in counted}


def count(vendors: Iterable[Vendor]) -> Counts:
    """Count a base."""
    counts = Counts()
    for vendor in vendors:
        counts.vendors[vendor.tier] += 1
        counts.facts += len(vendor.supplier.facts)
        for product in vendor.products:
            counts.products[vendor.tier] += 1
            counts.categories[product.category] += 1
            counts.natures[product.ai_nature] += 1
            channels = {detection.channel for detection in product.detections}
            is_well_known = vendor.tier is Tier.CURATED and len(channels) >= _WELL_KNOWN
            counts.well_known += is_well_known
            for detection in product.detections:
                counts.detections[detection.channel] += 1
                counts.values[detection.channel] += sum(1 for _ in values_of(detection))
                counts.evidence[detection.evidence] += 1
                counts.recalled += all(one.startswith(RECALLED) for one in detection.sources)
    return counts
