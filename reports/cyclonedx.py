"""The inventory as a CycloneDX bill of materials, 1.6 or 1.7: services, applications, libraries, models.

What the bill says of itself follows from the inventory alone: the same inventory has the same serial
number, whenever it is written. Properties of our own begin with ``gnomon:``.
https://cyclonedx.org/docs/1.6/json/ and https://cyclonedx.org/docs/1.7/json/
"""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any

from reports.cyclonedx_parts import Pieces
from reports.cyclonedx_services import properties, service_of, told_of
from reports.head import head_of
from reports.material import Material
from scanner.model import HandedSupplier, HandedSystem, Handover, SystemKind

_NAMESPACE = uuid.UUID("5b0c6a3e-3a0f-5e0e-9d1f-6b6e6f6d6f6e")  # of our bills alone


def bill(material: Material, version: str) -> str:
    """Return the bill in one version of the specification."""
    handed = material.handover()
    pieces = Pieces(material.catalogue, handed)
    suppliers = {one.id: one for one in handed.suppliers}
    applications = [
        _application(one, handed, version)
        for one in handed.systems
        if one.kind is not SystemKind.USED
    ]
    for one in handed.systems:
        pieces.add(one)
    services = [
        service_of(one, _supplier(one, suppliers))
        for one in handed.systems
        if one.kind is SystemKind.USED
    ]
    components = [*applications, *pieces.components()]
    services += pieces.services()
    content: dict[str, Any] = {
        "metadata": _metadata(material, handed),
        "components": components,
        "services": services,
        "dependencies": pieces.dependencies(),
        "compositions": _compositions(components, services),
    }
    return _whole(content, version, material)


def _whole(content: dict[str, Any], version: str, material: Material) -> str:
    told = json.dumps(content, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(f"{version}\n{told}".encode()).hexdigest()
    content["metadata"] = {"timestamp": _second(material), **content["metadata"]}
    whole = {
        "$schema": f"http://cyclonedx.org/schema/bom-{version}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": version,
        "serialNumber": uuid.uuid5(_NAMESPACE, digest).urn,
        "version": 1,
        **content,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _second(material: Material) -> str:
    return material.now.replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _metadata(material: Material, handed: Handover) -> dict[str, Any]:
    """Return of whom the bill is, with what it was made, and what it was made from."""
    head = head_of(material)
    told = {
        "period": " to ".join(f"{one:%Y-%m-%d}" for one in head.period or ()),
        "signatures": head.signatures,
        "scans": ", ".join(map(str, head.scans)),
        "privacy": head.privacy,
        "decisions": head.decisions,
        "decided_up_to": head.decided_up_to,
        **{f"confirmed:{name}": number for name, number in material.confirmed.items()},
    }
    return {
        "lifecycles": [{"phase": "discovery"}],
        "tools": {
            "components": [{"type": "application", "name": "gnomon", "version": handed.tool}]
        },
        "component": {
            "type": "platform",
            "bom-ref": "organisation",
            "name": material.organisation,
            "description": "The AI systems of an organisation, as evidence shows them",
        },
        "properties": [*properties(told), *_unseen(material)],
    }


def _unseen(material: Material) -> list[dict[str, str]]:
    """Return what the evidence cannot show, as a bill says things: a property for each."""
    from reports.sources import blind_spots, not_looked_at

    texts = material.texts
    spots = (*not_looked_at(material.sources, texts), *blind_spots(material.sources, texts))
    return [{"name": "gnomon:not_seen", "value": f"{what}: {then}"} for what, then in spots]


def _application(one: HandedSystem, handed: Handover, version: str) -> dict[str, Any]:
    """Return what the organisation builds or runs itself."""
    maker = {"manufacturer": {"name": handed.organisation}} if handed.organisation else {}
    own = {"isExternal": False} if version != "1.6" else {}
    is_built = one.kind is SystemKind.BUILT
    purpose = one.text("purpose")
    return {
        "type": "application",
        "bom-ref": one.id,
        **(maker if is_built else {}),
        "name": one.name,
        **({"description": purpose} if purpose else {}),
        **own,
        "properties": properties(told_of(one)),
    }


def _supplier(one: HandedSystem, suppliers: dict[str, HandedSupplier]) -> HandedSupplier | None:
    return next((suppliers[key] for key in one.suppliers if key in suppliers), None)


def _compositions(
    components: list[dict[str, Any]], services: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return that all of this is only what evidence shows: more may be there."""
    refs = sorted(one["bom-ref"] for one in (*components, *services))
    return [
        {
            "aggregate": "incomplete",
            "assemblies": ["organisation", *refs],
            "dependencies": ["organisation", *refs],
        }
    ]
