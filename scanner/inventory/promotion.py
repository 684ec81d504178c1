"""Promotion: a candidate becomes a signature file of the user's own."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

from scanner.errors import UsageError
from scanner.hosts import registrable_domain
from scanner.model import (
    AINature,
    Candidate,
    Category,
    Detection,
    EvidenceKind,
    Examples,
    Identifier,
    LifeCycle,
    Product,
    Signal,
    Tier,
    Vendor,
    VendorKind,
)
from scanner.shapes import Shapes
from signatures.checks.formats import detection_problems
from signatures.reading import Problem, read
from signatures.writer import write

# The built-in base gives no id that begins so, today or later: an overlay of the user's own
# replaces the built-in vendor of the same id.
_OWN = "own-"
_UNSURE = 60  # confidence of a signature that nobody has researched
_EVIDENCE = {
    Identifier.PACKAGE: EvidenceKind.BUILD,
    Identifier.DNS_TXT: EvidenceKind.ENTITLEMENT,
    Identifier.OAUTH: EvidenceKind.GRANT,
}


def promote(
    candidate: Candidate, shapes: Shapes, name: str, category: Category, today: date, folder: Path
) -> tuple[Path, tuple[str, ...]]:
    """Write or widen the candidate's file in ``folder``; returns it, and the values it now names.

    Of a domain whose own name looks like AI everything counts; of another, such as a company's
    that runs a model server, only the hosts that were seen to behave so. Raises UsageError if
    the file is somebody's own work.
    """
    values = _values(candidate, shapes)
    file = folder / f"{_OWN}{_slug(candidate.subject)}.yaml"
    if file.exists():
        vendor, values = _widened(file, candidate, values, today)
    else:
        vendor = _vendor(candidate, values, name, category, today)
    if wrong := list(detection_problems(vendor.products[0].detections[0])):
        raise UsageError(f"{candidate.subject}: no signature can name it: {wrong[0]}")
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(write(vendor), encoding="utf-8")
    return file, values


def _values(candidate: Candidate, shapes: Shapes) -> tuple[str, ...]:
    if candidate.channel is Identifier.OAUTH:
        return (_client_id(candidate),)
    if candidate.channel is not Identifier.HOST or shapes.of_host(candidate.subject):
        return (candidate.subject,)
    by_path = {one.detail for one in candidate.reasons if one.signal is Signal.API_PATH}
    return tuple(sorted(by_path or {one.detail for one in candidate.reasons}))


def _vendor(
    candidate: Candidate, values: tuple[str, ...], name: str, category: Category, today: date
) -> Vendor:
    slug = f"{_OWN}{_slug(candidate.subject)}"
    reasons = "; ".join(sorted({reason.meaning for reason in candidate.reasons}))
    detection = Detection(
        id=f"{slug}.{slug}.{candidate.channel.replace('_', '-')}",
        channel=candidate.channel,
        evidence=_EVIDENCE.get(candidate.channel, EvidenceKind.USE),
        confidence=max(_UNSURE, candidate.score),
        sources=(f"promoted from the candidate queue: {reasons}",),
        tests=_examples(candidate.channel, values),
        idp=_idp(candidate),
    )
    product = Product(slug, name, category, AINature.PURE, (_naming(detection, values),))
    return Vendor(
        schema=1,
        id=slug,
        name=name,
        kind=VendorKind.VENDOR,
        tier=Tier.STUB,
        status=LifeCycle.ACTIVE,
        updated=today,
        products=(product,),
    )


def _widened(
    file: Path, candidate: Candidate, values: tuple[str, ...], today: date
) -> tuple[Vendor, tuple[str, ...]]:
    """Return the vendor that was promoted before, with the new values beside its old ones."""
    problems: list[Problem] = []
    vendor = read(file, file.read_bytes(), Vendor, problems)
    if vendor is None or vendor.id != file.stem or not vendor.products[0].detections:
        raise UsageError(f"{file}: stands there already, and is not what a promotion writes")
    product, *others = vendor.products
    detection, *more = product.detections
    if detection.channel is not candidate.channel:
        raise UsageError(f"{file}: stands there already, for {detection.channel} values")
    if candidate.channel is Identifier.HOST and not any(
        registrable_domain(one) == candidate.subject for one in detection.suffix
    ):
        raise UsageError(f"{file}: stands there already, for {', '.join(detection.suffix)}")
    both = tuple(
        sorted(
            {*detection.suffix, *detection.purl, *detection.exact, *detection.client_id, *values}
        )
    )
    product = replace(product, detections=(_naming(detection, both), *more))
    return replace(vendor, updated=today, products=(product, *others)), both


def _naming(detection: Detection, values: tuple[str, ...]) -> Detection:
    """Return the detection with the values in the field of its channel."""
    match detection.channel:
        case Identifier.HOST:
            return replace(detection, suffix=values)
        case Identifier.PACKAGE:
            return replace(detection, purl=values)
        case Identifier.OAUTH:
            return replace(detection, client_id=values)
        case Identifier.DNS_TXT:  # each domain has a token of its own
            records = tuple(f"{re.escape(one)}[=:].+" for one in values)
            return replace(detection, pattern=records)
        case _:
            return replace(detection, exact=values)


def _client_id(candidate: Candidate) -> str:
    """Return the id of an application that is a candidate. Raises UsageError if only a name is known."""
    _, colon, client_id = candidate.subject.partition(":")
    known = f"client_id={client_id};"
    if not colon or not any(f"{one.detail};".startswith(known) for one in candidate.reasons):
        raise UsageError(
            f"{candidate.subject}: only its name is known, and anyone can choose a name; write a "
            "signature with its client id or its publisher's domain"
        )
    return client_id


def _idp(candidate: Candidate) -> str | None:
    """Return who gave an application its client id, where that is part of the subject."""
    return candidate.subject.partition(":")[0] if candidate.channel is Identifier.OAUTH else None


def _examples(channel: Identifier, values: tuple[str, ...]) -> Examples:
    if channel is Identifier.OAUTH:
        return Examples((f"client_id={values[0]}",), (f"client_id=not{values[0]}",))
    if channel is Identifier.DNS_TXT:
        return Examples((f"{values[0]}=token",), (f"not{values[0]}=token",))
    return Examples(values[:1], (f"not{values[0]}",))


def _slug(subject: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", subject.lower()).strip("-")
