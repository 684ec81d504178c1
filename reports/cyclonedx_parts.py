"""What built systems are made of, in a bill of materials: libraries, containers, models, services.

A component that several applications have is one, with all places where it was found. What a
component speaks to is a service of its supplier: the one of the inventory, if it is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reports.cyclonedx_services import properties, provider_of, references_of
from reports.material import Catalogue
from scanner.inventory.components import is_of_hub
from scanner.model import Category, HandedSystem, Handover, Identifier, Part, SystemKind

_EXACT = re.compile(r"v?\d[0-9A-Za-z.+_-]*")
_OPEN_ENDED = re.compile(r".*\.[xX]", re.DOTALL)
# How each kind of file is read for what it says.
_TECHNIQUES = {
    Identifier.PACKAGE: "manifest-analysis",
    Identifier.CONTAINER: "manifest-analysis",
    Identifier.GITHUB_ACTION: "manifest-analysis",
    Identifier.IMPORT: "source-code-analysis",
    Identifier.ENV: "source-code-analysis",
    Identifier.HOST: "source-code-analysis",
    Identifier.KEY_SHAPE: "source-code-analysis",
    Identifier.MODEL: "source-code-analysis",
    Identifier.FILE: "filename",
}
_TYPES = {Identifier.CONTAINER: "container", Identifier.MCP_SERVER: "application"}
# Channels that name no component of their own: they show that a service is spoken to.
_OF_SERVICES = frozenset(
    {Identifier.ENV, Identifier.HOST, Identifier.HOST_PATH, Identifier.HTTP_PATH,
     Identifier.HTTP_HEADER, Identifier.KEY_SHAPE}
)  # fmt: skip
_SERVICES = frozenset({Category.MODEL_API, Category.MODEL_GATEWAY, Category.INFERENCE_HOSTING})


@dataclass(slots=True)
class _Piece:
    """A component, with the parts of applications that show it."""

    parts: list[Part] = field(default_factory=list)
    systems: set[str] = field(default_factory=set)


class Pieces:
    """The components of all built systems, what each is part of, and what they speak to."""

    def __init__(self, catalogue: Catalogue, handed: Handover) -> None:
        self._catalogue = catalogue
        self._suppliers = {one.id: one for one in handed.suppliers}
        self._used = {one.product: one.id for one in handed.systems if one.kind is SystemKind.USED}
        self._pieces: dict[str, _Piece] = {}
        self._spoken: dict[str, list[Part]] = {}  # by product, of services not in the inventory
        self._needs: dict[str, set[str]] = {one.id: set() for one in handed.systems}

    def add(self, system: HandedSystem) -> None:
        """Take the parts of a system in."""
        for part in system.parts:
            if part.channel not in _OF_SERVICES:
                ref = _ref(part)
                piece = self._pieces.setdefault(ref, _Piece())
                piece.parts.append(part)
                piece.systems.add(system.id)
                self._needs[system.id].add(ref)
            if service := self._service(part):
                self._needs[system.id].add(service)

    def components(self) -> list[dict[str, Any]]:
        return [self._component(ref, one.parts) for ref, one in sorted(self._pieces.items())]

    def services(self) -> list[dict[str, Any]]:
        """Return the services that applications speak to and nobody was seen using otherwise."""
        return [self._unseen(product, parts) for product, parts in sorted(self._spoken.items())]

    def dependencies(self) -> list[dict[str, Any]]:
        found = [
            {"ref": "organisation", "dependsOn": sorted(self._needs)},
            *(
                {"ref": ref, "dependsOn": sorted(needed)}
                for ref, needed in sorted(self._needs.items())
            ),
        ]
        return [one for one in found if one["dependsOn"]]

    def _service(self, part: Part) -> str:
        """Return the service that a part speaks to, if it is a model's API."""
        product = part.speaks_to or part.product
        signature = self._catalogue.product(product)
        category = signature.product.category if signature else part.category
        if category not in _SERVICES or is_of_hub(part):
            return ""
        if product in self._used:
            return self._used[product]
        self._spoken.setdefault(product, []).append(part)
        return f"service:{product}"

    def _component(self, ref: str, parts: list[Part]) -> dict[str, Any]:
        one = parts[0]
        is_model = one.channel is Identifier.MODEL or is_of_hub(one)
        purl = _purl(one)
        supplier = self._suppliers.get(one.supplier_id)
        component: dict[str, Any] = {
            "type": "machine-learning-model" if is_model else _TYPES.get(one.channel, "library"),
            "bom-ref": ref,
        }
        if supplier is not None:
            component["supplier"] = provider_of(supplier)
        component["name"] = _name(one)
        if version := _exact(one):
            component["version"] = version
        component["scope"] = "required" if any(part.is_shipped for part in parts) else "excluded"
        if purl:
            component["purl"] = purl
        component["evidence"] = self._evidence(purl, parts)
        component["properties"] = properties(_told(parts))
        return component

    def _evidence(self, purl: str, parts: list[Part]) -> dict[str, Any]:
        places = {(part.source, part.file, part.line): part for part in parts}
        evidence: dict[str, Any] = {}
        if methods := self._methods(parts):
            evidence["identity"] = [
                {
                    "field": "purl" if purl else "name",
                    "confidence": max(one["confidence"] for one in methods),
                    "concludedValue": purl or _name(parts[0]),
                    "methods": methods,
                }
            ]
        evidence["occurrences"] = [
            {"location": file, "line": line, "additionalContext": source}
            for source, file, line in sorted(places)
        ]
        return evidence

    def _methods(self, parts: list[Part]) -> list[dict[str, Any]]:
        """Return how a component was told, and how sure the signatures are of each way."""
        found: dict[tuple[str, str], float] = {}
        for part in parts:
            technique = _TECHNIQUES.get(part.channel, "other")
            confidence = self._confidence(part)
            if confidence is not None:
                key = (technique, part.value)
                found[key] = max(confidence, found.get(key, 0.0))
        return [
            {"technique": technique, "confidence": confidence, "value": value}
            for (technique, value), confidence in sorted(found.items())
        ]

    def _confidence(self, part: Part) -> float | None:
        """Return how sure the signatures of a product are of that kind of value."""
        signature = self._catalogue.product(part.product)
        detections = signature.product.detections if signature else ()
        known = [one.confidence for one in detections if one.channel is part.channel]
        return max(known) / 100 if known else None

    def _unseen(self, product: str, parts: list[Part]) -> dict[str, Any]:
        signature = self._catalogue.product(product)
        vendor = signature.vendor.id if signature else parts[0].supplier_id
        supplier = self._suppliers.get(vendor)
        service: dict[str, Any] = {"bom-ref": f"service:{product}"}
        if supplier is not None:
            service["provider"] = provider_of(supplier)
        service["name"] = signature.product.name if signature else product
        service["x-trust-boundary"] = True
        if supplier is not None and (references := references_of(supplier)):
            service["externalReferences"] = references
        places = sorted({f"{one.file}:{one.line}" for one in parts})
        service["properties"] = properties({"shown_by": "source code alone", "found_in": places})
        return service


def _ref(part: Part) -> str:
    """Return what a component is known by in a bill: the same in every one."""
    version = _exact(part)
    if _purl(part):
        return _purl(part)
    return f"{part.channel.value}:{part.value}" + (f"@{version}" if version else "")


def _purl(part: Part) -> str:
    """Return the package URL of what has one: packages, and models of a hub by their name there."""
    from packageurl import PackageURL

    version = _exact(part) or None
    if part.channel is Identifier.PACKAGE and part.value.startswith("pkg:"):
        try:
            parsed = PackageURL.from_string(part.value)
        except ValueError:
            return ""
        return str(parsed._replace(version=parsed.version or version).to_string())
    if part.channel is Identifier.MODEL and is_of_hub(part) and part.value.count("/") == 1:
        namespace, _, name = part.value.partition("/")
        return str(PackageURL("huggingface", namespace, name, version).to_string())
    return ""


def _name(part: Part) -> str:
    """Return a component's name without the ecosystem that it is from."""
    from packageurl import PackageURL

    if not part.value.startswith("pkg:"):
        return part.value
    try:
        parsed = PackageURL.from_string(part.value)
    except ValueError:
        return part.value
    return "/".join(filter(None, (parsed.namespace, parsed.name)))


def _exact(part: Part) -> str:
    """Return the version, if it is one; a range of versions is said elsewhere."""
    is_one = _EXACT.fullmatch(part.version) and not _OPEN_ENDED.fullmatch(part.version)
    return part.version if is_one else ""


def _told(parts: Iterable[Part]) -> Mapping[str, Any]:
    parts = list(parts)
    ranges = sorted({one.version for one in parts if one.version and not _exact(one)})
    return {
        "product": sorted({one.product for one in parts}),
        "declared_version": ranges,
        "purpose": sorted({one.purpose for one in parts}),
        "tie": sorted({one.tie for one in parts}),
    }
