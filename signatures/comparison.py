"""Two signature bases compared: every matcher that a change adds, drops or gives to another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scanner.model import Detection, EvidenceKind, Identifier, Vendor

# Where a detection keeps the values that it matches.
VALUE_FIELDS = (
    "suffix",
    "exact",
    "pattern",
    "client_id",
    "owner_tenant",
    "publisher_domain",
    "reply_url_domain",
    "purl",
)


class Matchable(NamedTuple):
    """One value that the base matches, and how: ``host suffix openai.com``."""

    channel: Identifier
    how: str
    value: str


class Meaning(NamedTuple):
    """What a value means: the product it speaks for, what it proves, how surely."""

    product: str
    evidence: EvidenceKind
    confidence: int


class Change(NamedTuple):
    """A value that means something else in the newer base; None where it is not matched."""

    what: Matchable
    before: Meaning | None
    after: Meaning | None


def compare(before: Iterable[Vendor], after: Iterable[Vendor]) -> list[Change]:
    """Return every value that one base matches and the other does not, or matches otherwise."""
    old, new = dict(matchables(before)), dict(matchables(after))
    return [
        Change(what, old.get(what), new.get(what))
        for what in sorted(old.keys() | new.keys())
        if old.get(what) != new.get(what)
    ]


def matchables(vendors: Iterable[Vendor]) -> Iterator[tuple[Matchable, Meaning]]:
    """Yield every value of a base with its meaning; of equal ones the later stands."""
    for vendor in vendors:
        for product in vendor.products:
            for one in product.detections:
                meaning = Meaning(f"{vendor.id}/{product.id}", one.evidence, one.confidence)
                for what in values_of(one):
                    yield what, meaning


def values_of(detection: Detection) -> Iterator[Matchable]:
    """Yield every value that a detection matches; a host path with its paths."""
    paths = detection.path or ("",)
    for how in VALUE_FIELDS:
        for value in getattr(detection, how):
            for path in paths:
                yield Matchable(detection.channel, how, f"{value}{path}")
