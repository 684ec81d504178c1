"""The inventory as OCSF events, one a line: a detection finding for each AI system.

Written against OCSF 1.8.0. Software Inventory Info (5020) asks for a device, which a service that is
used over the network does not have; a Detection Finding (2004) fits. It has no place for the models
of a system, so these are ``unmapped``. https://schema.ocsf.io/1.8.0/classes/detection_finding
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from reports.material import Material
from scanner.model import HandedSystem, Handover

VERSION = "1.8.0"
_CATEGORY, _CLASS, _CREATE = 2, 2004, 1
_INFORMATIONAL = 1
_OTHER = 99
_HOSTNAME = 1  # of observables
# The states of a finding that say what a state of review says; any other has its own name.
_STATES = {
    "new": (1, "New"),
    "in_review": (2, "In Progress"),
    "dismissed": (3, "Suppressed"),
    "approved": (4, "Resolved"),
    "retired": (5, "Archived"),
}
_UNMAPPED = (
    "roles_22989", "scope_43", "risk_triage", "models", "data_reach", "data_inputs", "origin_class",
    "technique_class", "lifecycle", "account_mode", "register_match", "used_before_approval",
)  # fmt: skip


def findings(material: Material) -> str:
    """Return an event a line, by the names of the systems."""
    handed = material.handover()
    lines = (
        json.dumps(_finding(one, handed), ensure_ascii=False, sort_keys=True)
        for one in handed.systems
    )
    return "".join(f"{line}\n" for line in lines)


def _finding(one: HandedSystem, handed: Handover) -> dict[str, Any]:
    state = one.text("approval_status")
    number, word = _STATES.get(state, (_OTHER, state.replace("_", " ")))
    found: dict[str, Any] = {
        "activity_id": _CREATE,
        "activity_name": "Create",
        "category_uid": _CATEGORY,
        "category_name": "Findings",
        "class_uid": _CLASS,
        "class_name": "Detection Finding",
        "type_uid": _CLASS * 100 + _CREATE,
        "type_name": "Detection Finding: Create",
        "severity_id": _INFORMATIONAL,
        "severity": "Informational",
        "status_id": number,
        "status": word,
        "time": _millis(handed.made_at),
        "message": f"AI system in the inventory: {one.name}",
        "metadata": _metadata(one, handed),
        "finding_info": _info(one),
        "resources": [_resource(one)],
        "unmapped": {name: one.fields[name] for name in _UNMAPPED if name in one.fields},
    }
    return {**found, **_times(one), **_confidence(one), **_hosts(one)}


def _metadata(one: HandedSystem, handed: Handover) -> dict[str, Any]:
    return {
        "version": VERSION,
        "uid": f"{one.id}:{_millis(handed.made_at)}",
        "product": {"name": "gnomon", "vendor_name": "gnomon", "version": handed.tool},
        "log_name": "AI system inventory",
        "tenant_uid": handed.organisation or "unknown",
    }


def _info(one: HandedSystem) -> dict[str, Any]:
    info: dict[str, Any] = {
        "uid": one.id,
        "title": f"AI system: {one.name}",
        "types": [f"AI system, {one.kind.value}"],
        "data_sources": one.texts("channels"),
    }
    if purpose := one.text("purpose"):
        info["desc"] = purpose
    for name, field in (("first_seen_time", "first_seen"), ("last_seen_time", "last_seen")):
        if when := one.text(field):
            info[name] = _millis(datetime.fromisoformat(when))
    return info


def _resource(one: HandedSystem) -> dict[str, Any]:
    resource: dict[str, Any] = {
        "uid": one.id,
        "name": one.name,
        "type": f"AI system, {one.kind.value}",
        "labels": [one.category, *one.texts("tags")],
    }
    if one.owner:
        resource["owner"] = {"name": one.owner}
    return resource


def _times(one: HandedSystem) -> Mapping[str, Any]:
    """Return from when to when its events are, and how many there were."""
    found: dict[str, Any] = {}
    for name, field in (("start_time", "first_seen"), ("end_time", "last_seen")):
        if when := one.text(field):
            found[name] = _millis(datetime.fromisoformat(when))
    if isinstance(hits := one.fields.get("hits"), int) and hits:
        found["count"] = hits
    return found


def _confidence(one: HandedSystem) -> Mapping[str, Any]:
    share = one.fields.get("detection_confidence")
    return {"confidence_score": round(100 * share)} if isinstance(share, float) else {}


def _hosts(one: HandedSystem) -> Mapping[str, Any]:
    """Return the hosts that it was seen under, as evidence and to search by."""
    if not one.hosts:
        return {}
    return {
        "evidences": [{"dst_endpoint": {"hostname": host}} for host in one.hosts],
        "observables": [
            {"name": "evidences[].dst_endpoint.hostname", "type_id": _HOSTNAME, "value": host}
            for host in one.hosts
        ],
    }


def _millis(when: datetime) -> int:
    return round(when.timestamp() * 1000)
