"""Proposals: what an outside source states and the base does not hold yet, for a person to accept.

Nothing is written into the base. A proposal is a signature file of its own: a known vendor's with
the additions, or a new vendor's. Whoever accepts it moves it to signatures/vendors.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from scanner.model import (
    AINature,
    Detection,
    EvidenceKind,
    Examples,
    Identifier,
    LifeCycle,
    Product,
    Signature,
    Tier,
    Vendor,
    VendorKind,
)
from signatures.checks.formats import detection_problems
from signatures.importers import Stated

Match = Callable[[Identifier, str], Signature | None]

_EVIDENCE = {
    Identifier.HOST: EvidenceKind.USE,
    Identifier.HOST_PATH: EvidenceKind.USE,
    Identifier.USER_AGENT: EvidenceKind.USE,
    Identifier.HTTP_HEADER: EvidenceKind.USE,
    Identifier.OAUTH: EvidenceKind.GRANT,
    Identifier.SLACK_APP: EvidenceKind.GRANT,
    Identifier.DNS_TXT: EvidenceKind.ENTITLEMENT,
    Identifier.BROWSER_EXT: EvidenceKind.INSTALL,
    Identifier.IDE_EXT: EvidenceKind.INSTALL,
    Identifier.BUNDLE: EvidenceKind.INSTALL,
    Identifier.PROCESS: EvidenceKind.INSTALL,
    Identifier.PORT: EvidenceKind.SUPPORTING,
    Identifier.EMAIL_SENDER: EvidenceKind.SUPPORTING,
    Identifier.CARD_DESCRIPTOR: EvidenceKind.ENTITLEMENT,
}
_UNREVIEWED = 60
_UNREVIEWED_WEAK = 30


class Standing(StrEnum):
    """How a stated identifier stands to the base."""

    KNOWN = "known"
    NEW = "new"
    DOUBTFUL = "doubtful"


class Assessed(NamedTuple):
    """A stated identifier, how it stands to the base, and whose it is said or known to be."""

    stated: Stated
    standing: Standing
    product: str  # vendor/product where known
    why: str


def assess(stated: Iterable[Stated], match: Match) -> list[Assessed]:
    """Compare each statement with the base; what trips open lists is doubtful, with the reason."""
    found = []
    for one in dict.fromkeys(stated):
        met = match(one.channel, one.value.replace("*", "x"))
        if met is not None:
            found.append(Assessed(one, Standing.KNOWN, met.product_key, ""))
        elif why := _doubt(one):
            found.append(Assessed(one, Standing.DOUBTFUL, "", why))
        else:
            found.append(Assessed(one, Standing.NEW, "", one.note))
    return found


def propose(assessed: Iterable[Assessed], vendors: Iterable[Vendor], today: date) -> list[Vendor]:
    """Return the vendors that the new statements would add or widen, by id.

    A vendor is known again by an identifier that the same source gives it; a name alone is only a
    hint, which the note of the detection says.
    """
    by_id = {vendor.id: vendor for vendor in vendors}
    names = _names(by_id.values())
    proposed: dict[str, Vendor] = {}
    for stated_name, group in _by_vendor(assessed).items():
        known = {one.product.partition("/")[0] for one in group if one.standing is Standing.KNOWN}
        new = [one.stated for one in group if one.standing is Standing.NEW]
        if not new:
            continue
        vendor_id = next(iter(known)) if len(known) == 1 else names.get(stated_name.casefold())
        vendor = proposed.get(vendor_id or "") or by_id.get(vendor_id or "")
        hint = "" if known else "the vendor was recognised by its name alone"
        made = _widened(vendor, new, hint, today) if vendor else _made(stated_name, new, today)
        proposed[made.id] = made
    return [proposed[key] for key in sorted(proposed)]


def _doubt(one: Stated) -> str:
    """Return why a statement cannot be a signature as it stands; "" if it can."""
    if blank := [name for name in ("vendor", "value", "source") if not getattr(one, name)]:
        return f"it names no {', no '.join(blank)}"
    if "shared" in one.note or "SUSPECT" in one.note:
        return one.note
    (detection,) = _detections("proposed", "proposed", [one], set(), "")
    return "; ".join(detection_problems(detection))


def _by_vendor(assessed: Iterable[Assessed]) -> dict[str, list[Assessed]]:
    groups: dict[str, list[Assessed]] = defaultdict(list)
    for one in assessed:
        groups[one.stated.vendor].append(one)
    return groups


def _names(vendors: Iterable[Vendor]) -> dict[str, str]:
    return {
        name.casefold(): vendor.id
        for vendor in vendors
        for name in (vendor.id, vendor.name, *vendor.aliases)
    }


def _widened(vendor: Vendor, new: list[Stated], hint: str, today: date) -> Vendor:
    taken = {detection.id for product in vendor.products for detection in product.detections}
    first, *others = vendor.products
    detections = (*first.detections, *_detections(vendor.id, first.id, new, taken, hint))
    return replace(vendor, updated=today, products=(replace(first, detections=detections), *others))


def _made(name: str, new: list[Stated], today: date) -> Vendor:
    slug = slug_of(name)
    detections = tuple(_detections(slug, slug, new, set(), ""))
    product = Product(slug, new[0].product, new[0].category, AINature.PURE, detections)
    return Vendor(1, slug, name, VendorKind.VENDOR, Tier.STUB, LifeCycle.ACTIVE, today, (product,))


def _detections(
    vendor: str, product: str, new: list[Stated], taken: set[str], hint: str
) -> Iterator[Detection]:
    """Yield one detection for each channel, source and way of matching."""
    groups: dict[tuple[Identifier, str, str], list[Stated]] = defaultdict(list)
    for one in new:
        groups[one.channel, one.how, one.source].append(one)
    for (channel, how, source), group in groups.items():
        values = tuple(one.value for one in group)
        evidence = _EVIDENCE.get(channel, EvidenceKind.BUILD)
        weak = not evidence.creates_system
        yield Detection(
            id=_free_id(f"{vendor}.{product}.{channel.replace('_', '-')}", taken),
            channel=channel,
            evidence=evidence,
            confidence=_UNREVIEWED_WEAK if weak else _UNREVIEWED,
            sources=(source,),
            tests=Examples(
                tuple(v.replace("*", "x") for v in values), near_misses(channel, values)
            ),
            note=hint or None,
            **_values(channel, how, values),
        )


def _values(channel: Identifier, how: str, values: tuple[str, ...]) -> dict[str, Any]:
    """Return the field of a detection that holds the values."""
    usual = {Identifier.PACKAGE: "purl", Identifier.HOST: "suffix"}
    return {how or usual.get(channel, "exact"): values}


def near_misses(channel: Identifier, values: tuple[str, ...]) -> tuple[str, ...]:
    """Return values that look like ``values`` and must not match: the errors that lists make."""
    first = values[0].replace("*", "x")
    if channel in (Identifier.HOST, Identifier.EMAIL_SENDER, Identifier.DNS_CNAME):
        return (f"not{first}", f"{first}.attacker.example")
    if channel is Identifier.PACKAGE:
        head, _, name = first.rpartition("/")
        return (f"{head}/not-{name.removeprefix('%40')}",)
    return (f"not-{first}",)


def slug_of(name: str) -> str:
    """Return an id for a name: lower-case words joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "unnamed"


def _free_id(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}.{number}"
    taken.add(name)
    return name
