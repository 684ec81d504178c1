"""Facts about suppliers: each with its source and its day, and not too old to rely on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from scanner.model import Fact, Tier, Vendor

UNKNOWN = "unknown"
_LEAST_FACTS = 6
_LEAST_CHANNELS = 3
_STALE_DAYS = 365
_KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def facts(vendor: Vendor, today: date) -> Iterator[tuple[str, str, bool]]:
    """Yield the value in question, what is wrong with it, and whether that only warns."""
    known = vendor.supplier.facts
    products = {product.id for product in vendor.products}
    for fact in known:
        for message in _problems(fact, products, today):
            yield fact.source, f"fact {fact.key}: {message}", False
        if (today - fact.as_of).days > _STALE_DAYS:
            yield fact.source, f"fact {fact.key}: as of {fact.as_of}, older than a year", True
    if vendor.tier is not Tier.CURATED:
        return
    if len(known) < _LEAST_FACTS:
        yield vendor.id, f"a curated vendor has {_LEAST_FACTS} facts; this has {len(known)}", False
    channels = {one.channel for product in vendor.products for one in product.detections}
    if len(channels) < _LEAST_CHANNELS:
        message = (
            f"a curated vendor is known by {_LEAST_CHANNELS} channels; this by {len(channels)}"
        )
        yield vendor.id, message, False


def _problems(fact: Fact, products: set[str], today: date) -> Iterator[str]:
    if not _KEY.fullmatch(fact.key):
        yield "the key is not lower-case words joined by _"
    if not fact.source.startswith("https://"):
        yield f"the source {fact.source!r} is no https address"
    if fact.as_of > today:
        yield f"as of {fact.as_of} is still to come"
    if isinstance(fact.value, str) and not fact.value.strip():
        yield f"no value; what is not known is written {UNKNOWN}"
    for product in set(fact.applies_to) - products:
        yield f"applies to {product!r}, which is no product of this vendor"
