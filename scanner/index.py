"""The signature base turned inside out: from each value to the detection that it speaks for.

It is made once for a base and kept beside it, so that a start reads names and numbers and no
vendor: the one that a value meets is decoded when it is met.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from scanner.hosts import registrable_tail
from scanner.model import Detection, EvidenceKind, Identifier, Product, Vendor
from scanner.naming import fold
from scanner.required import required
from scanner.spelling import known_values


class Place(NamedTuple):
    """Where a detection stands in the base: positions of vendor, product and detection."""

    vendor: int
    product: int
    detection: int


@dataclass(slots=True)
class Index:
    """Values by how they are compared; the numbers are positions in ``places``.

    Later vendors win over earlier ones, whatever the value.
    """

    places: list[Place] = field(default_factory=list)
    exact_hosts: dict[str, int] = field(default_factory=dict)
    suffixes: dict[str, int] = field(default_factory=dict)
    # Host patterns by their last two labels; those that leave these open under "".
    host_patterns: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    # Hosts with the paths below them, the longest first, and the hosts that are suffixes.
    paths: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    path_suffixes: set[str] = field(default_factory=set)
    tails: set[str] = field(default_factory=set)
    values: dict[Identifier, dict[str, int]] = field(default_factory=dict)
    patterns: dict[Identifier, list[tuple[str, int]]] = field(default_factory=dict)
    # For each pattern of models the texts of which every name that it matches holds one, in lower
    # case; none if that cannot be told. It is told here, for that takes time.
    model_texts: list[list[str]] = field(default_factory=list)
    # Of the places those that show no more than the presence of a service.
    presences: set[int] = field(default_factory=set)
    vendors: dict[str, int] = field(default_factory=dict)  # positions by id
    # Products by their folded names and aliases, of each the place of the detection that says most:
    # encoded, for few scans ask for names, and every start would decode them.
    names: bytes = b""


def index(vendors: Iterable[Vendor]) -> Index:
    """Return the index of a base."""
    made = Index()
    names: dict[str, list[int]] = {}
    for at_vendor, vendor in enumerate(vendors):
        made.vendors[vendor.id] = at_vendor
        for at_product, product in enumerate(vendor.products):
            for at_detection, detection in enumerate(product.detections):
                made.places.append(Place(at_vendor, at_product, at_detection))
                _add(made, detection, len(made.places) - 1)
                if detection.evidence is EvidenceKind.PRESENCE:
                    made.presences.add(len(made.places) - 1)
            _name(names, product, len(made.places))
    made.names = msgspec.msgpack.encode(names)
    for entries in made.paths.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    hosts = (*made.exact_hosts, *made.suffixes, *made.paths)
    models = made.patterns.get(Identifier.MODEL, ())
    made.model_texts = [sorted(required(pattern)) for pattern, _ in models]
    made.tails = {registrable_tail(host) for host in hosts}.union(made.host_patterns)
    return made


def names_of(made: Index) -> dict[str, list[int]]:
    """Return the places of products by their folded names."""
    return msgspec.msgpack.decode(made.names, type=dict[str, list[int]]) if made.names else {}


def _name(names: dict[str, list[int]], product: Product, places: int) -> None:
    """Add the names of a product, whose detections are the last of so many places."""
    if not product.detections:
        return
    said = [(one.evidence.creates_system, one.confidence) for one in product.detections]
    number = places - len(said) + said.index(max(said))
    for name in {fold(name) for name in (product.name, *product.aliases)}:
        if name:
            names.setdefault(name, []).append(number)


def _add(made: Index, detection: Detection, number: int) -> None:
    match detection.channel:
        case Identifier.HOST:
            made.exact_hosts.update(dict.fromkeys(detection.exact, number))
            made.suffixes.update(dict.fromkeys(detection.suffix, number))
            for pattern in detection.pattern:
                tail = registrable_tail(pattern)
                key = "" if "*" in tail else tail
                made.host_patterns.setdefault(key, []).append((pattern, number))
        case Identifier.HOST_PATH:
            made.path_suffixes.update(detection.suffix)
            for host in (*detection.exact, *detection.suffix):
                entries = made.paths.setdefault(host, [])
                entries.extend((path, number) for path in detection.path)
        case channel:
            values = made.values.setdefault(channel, {})
            values.update(dict.fromkeys(known_values(detection), number))
            if detection.pattern:
                patterns = made.patterns.setdefault(channel, [])
                patterns.extend((pattern, number) for pattern in detection.pattern)
