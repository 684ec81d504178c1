"""How what a source states stands to the base: known, new, or doubtful for a reason that is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from scanner.hosts import registrable_tail
from scanner.model import Identifier, Signature, Vendor
from scanner.spelling import self_and_parents, spellings
from signatures import benign
from signatures.checks.formats import detection_problems
from signatures.drafts import Draft, compared, covers, detections_of, example_of
from signatures.importers import SUSPECT, Stated

Match = Callable[[Identifier, str], Signature | None]


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


class Owner(NamedTuple):
    """Which vendor a stated name means. ``key`` tells owners apart, ``vendor`` is "" for a new one."""

    key: str
    vendor: str
    is_by_name: bool


def assess(
    stated: Iterable[Stated], match: Match, vendors: Collection[Vendor] = ()
) -> list[Assessed]:
    """Compare each statement with the base; what cannot be a signature is doubtful, with the reason.

    ``vendors`` are those of the base: names tell them, and no pattern may take over what they match.
    """
    harmless = benign.rows(benign.BENIGN)
    found = [_assessed(one, match, harmless) for one in dict.fromkeys(stated)]
    known = {_group(one.stated) for one in found if one.standing is Standing.KNOWN}
    found = [one for one in found if not one.stated.if_known or _group(one.stated) in known]
    return list(_compared_with_each_other(found, vendors))


def normal(name: str) -> str:
    """Return what is left of a name when spelling does not count: its letters and digits."""
    return "".join(one for one in name.casefold() if one.isalnum())


def recognised(assessed: Iterable[Assessed], vendors: Iterable[Vendor]) -> dict[str, Owner]:
    """Return for each stated vendor which one it is: by its identifiers, else by its name."""
    names = _names(vendors)
    known: dict[str, set[str]] = defaultdict(set)
    for one in assessed:
        ids = {one.product.partition("/")[0]} if one.standing is Standing.KNOWN else set()
        known[one.stated.vendor].update(ids)
    return {name: _owner(name, ids, names) for name, ids in known.items()}


def _owner(name: str, known: set[str], names: Mapping[str, str]) -> Owner:
    if len(known) == 1:
        (vendor_id,) = known
        return Owner(vendor_id, vendor_id, False)
    vendor_id = names.get(name.casefold()) or names.get(normal(name)) or ""
    return Owner(vendor_id or f"new {normal(name) or name}", vendor_id, bool(vendor_id))


def _names(vendors: Iterable[Vendor]) -> dict[str, str]:
    """Return the vendors by id, name and alias, as written and normal; a name of two tells none."""
    found: dict[str, set[str]] = defaultdict(set)
    for vendor in vendors:
        for name in (vendor.id, vendor.name, *vendor.aliases):
            found[name.casefold()].add(vendor.id)
            found[normal(name)].add(vendor.id)
    return {name: next(iter(ids)) for name, ids in found.items() if name and len(ids) == 1}


def _group(one: Stated) -> tuple[str, str]:
    return one.vendor, one.product


def _assessed(one: Stated, match: Match, harmless: Sequence[benign.Row]) -> Assessed:
    value = example_of(one.value) if one.how == "pattern" else one.value
    met = match(one.channel, value) if one.value else None
    if met is not None:
        return Assessed(one, Standing.KNOWN, met.product_key, "")
    if why := _doubt(one) or _harm(one, harmless):
        return Assessed(one, Standing.DOUBTFUL, "", why)
    return Assessed(one, Standing.NEW, "", one.note)


def _doubt(one: Stated) -> str:
    """Return why a statement cannot be a signature as it stands; "" if it can."""
    if "shared" in one.note or SUSPECT in one.note:
        return one.note
    if blank := [name for name in ("vendor", "value", "source") if not getattr(one, name)]:
        return f"it names no {', no '.join(blank)}"
    (detection,) = detections_of("proposed", "proposed", [Draft(one, (one.source,))], set())
    return "; ".join(detection_problems(detection))


def _harm(one: Stated, harmless: Iterable[benign.Row]) -> str:
    """Return what a statement would match of that which must match nothing."""
    for row in harmless:
        if row.channel is one.channel and _would_match(one, row.value):
            return f"{row.value} must match nothing ({row.why})"
    return ""


def _would_match(one: Stated, value: str) -> bool:
    if one.channel is not Identifier.HOST:
        return compared(one)[1] in spellings(one.channel, value)
    if one.how == "pattern":
        return covers(one.value, value)
    return value == one.value if one.how == "exact" else one.value in self_and_parents(value)


def _compared_with_each_other(
    found: Sequence[Assessed], vendors: Collection[Vendor]
) -> Iterator[Assessed]:
    """Yield the statements; what several vendors claim, or a wide pattern takes over, is doubtful."""
    owner_of = recognised(found, vendors)
    new = [one.stated for one in found if one.standing is Standing.NEW]
    claims: dict[tuple[Identifier, str], dict[str, str]] = defaultdict(dict)
    for one in new:
        claims[compared(one)].setdefault(owner_of[one.vendor].key, one.vendor)
    covered = _Covered(new, vendors)
    for each in found:
        why = ""
        if each.standing is Standing.NEW:
            claimed = claims[compared(each.stated)].values()
            why = f"stated of {' and of '.join(claimed)}" if len(claimed) > 1 else ""
            why = why or covered.by(each.stated)
        yield each._replace(standing=Standing.DOUBTFUL, why=why) if why else each


class _Covered:
    """What a pattern that is new would take from the base, or from what is new beside it."""

    def __init__(self, new: Iterable[Stated], vendors: Iterable[Vendor]) -> None:
        hosts = [one for one in new if one.channel is Identifier.HOST]
        patterns = [one for one in hosts if one.how == "pattern"]
        self._tails: dict[str, set[str]] = {registrable_tail(one.value): set() for one in patterns}
        # Of one vendor an exact name that a pattern covers is left out, see propose.
        self._exact = {(one.vendor, one.value) for one in hosts if one.how == "exact"}
        for one in hosts:
            self._add(example_of(one.value) if one.how == "pattern" else one.value)
        for vendor in vendors if patterns else ():
            for product in vendor.products:
                for detection in product.detections:
                    if detection.channel is Identifier.HOST:
                        for host in set(detection.tests.match) - set(detection.exact):
                            self._add(host)

    def by(self, one: Stated) -> str:
        """Return what a statement takes over; "" for nothing."""
        if one.channel is not Identifier.HOST or one.how != "pattern":
            return ""
        for host in sorted(self._tails[registrable_tail(one.value)] - {example_of(one.value)}):
            if covers(one.value, host) and (one.vendor, host) not in self._exact:
                return f"too wide: it also covers {host}"
        return ""

    def _add(self, host: str) -> None:
        if (hosts := self._tails.get(registrable_tail(host))) is not None:
            hosts.add(host)
