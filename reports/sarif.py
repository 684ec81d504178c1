"""AI in source code as SARIF 2.1.0: what code scanners tell, and code hosts show beside the lines.

Reference: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from reports import Output, Report
from reports.material import Material
from scanner import __version__
from scanner.inventory.verdicts import State
from scanner.model import AISystem, SystemKind

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
# How loud a finding is, by what people decided about its system.
_LEVELS = {
    State.REJECTED: "error",
    State.APPROVED: "note",
    State.APPROVED_WITH_CONDITIONS: "note",
    State.RESTRICTED: "note",
    State.DISMISSED: "note",
}


def render(material: Material) -> str:
    """Return every place in source code that makes an application an AI system."""
    found = [
        (system, component)
        for system in material.systems.values()
        if system.kind is SystemKind.BUILT
        for component in material.store.components_of(system.id)
    ]
    rules = {component["detection"]: component for _, component in found}
    order = {detection: at for at, detection in enumerate(sorted(rules))}
    run = {
        "tool": {
            "driver": {
                "name": "Gnomon",
                "version": __version__,
                "rules": [_rule(rules[detection]) for detection in sorted(rules)],
            }
        },
        "columnKind": "utf16CodeUnits",
        "results": [_result(system, component, order) for system, component in found],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=True) + "\n"


def _rule(component: dict[str, Any]) -> dict[str, Any]:
    what = f"{component['name']} of {component['supplier']}"
    return {
        "id": component["detection"],
        "name": component["product"],
        "shortDescription": {"text": what},
        "properties": {
            "category": component["category"],
            "supplier": component["supplier_id"],
            "precision": _precision(component["confidence"]),
        },
    }


def _result(system: AISystem, component: dict[str, Any], order: dict[str, int]) -> dict[str, Any]:
    where: dict[str, Any] = {"artifactLocation": {"uri": _uri(component["file"])}}
    if component["line"]:
        where["region"] = {"startLine": component["line"]}
    return {
        "ruleId": component["detection"],
        "ruleIndex": order[component["detection"]],
        "level": _LEVELS.get(State(system.status), "warning") if component["is_built"] else "none",
        "message": {"text": _message(system, component)},
        "locations": [{"physicalLocation": where}],
        "partialFingerprints": {
            "gnomon/v1": f"{system.id}/{component['detection']}/{component['value']}"
        },
        "properties": {
            "system": system.id,
            "status": system.status,
            "purpose": component["purpose"],
            "tie": component["tie"],
        },
    }


def _message(system: AISystem, component: dict[str, Any]) -> str:
    version = f" {component['version']}" if component["version"] else ""
    return (
        f"{component['value']}{version} ({component['name']} of {component['supplier']}), "
        f"{component['tie']} for {component['purpose']}, in the AI system "
        f"{system.name}, which is {system.status}"
    )


def _uri(path: str) -> str:
    return quote(path.encode("utf-8", "surrogateescape"))


def _precision(confidence: int) -> str:
    return "very-high" if confidence >= 90 else "high" if confidence >= 70 else "medium"


REPORT = Report("sarif", "AI in source code, for code hosts", {"sarif": Output(".sarif", render)})
