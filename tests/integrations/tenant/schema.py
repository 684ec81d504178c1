"""The second implementation: Graph's types as JSON schemas, by which answers are held true."""

from __future__ import annotations

import re
from typing import Any

from tests.integrations.contracts.held import contract

_SIMPLE: dict[str, dict[str, Any]] = {
    "Edm.String": {"type": ["string", "null"]},
    "Edm.Boolean": {"type": ["boolean", "null"]},
    "Edm.Int32": {"type": ["integer", "null"], "minimum": -(2**31), "maximum": 2**31 - 1},
    "Edm.Guid": {"type": ["string", "null"], "pattern": "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-"},
    "Edm.DateTimeOffset": {
        "type": ["string", "null"],
        "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$",
    },
}


def schema_of(entity: str) -> dict[str, Any]:
    """Return the schema of a page of such objects."""
    item = {"$ref": f"#/$defs/microsoft.graph.{entity}"}
    return {
        "type": "object",
        "required": ["@odata.context", "value"],
        "additionalProperties": False,
        "properties": {
            "@odata.context": {"type": "string"},
            "@odata.nextLink": {"type": "string", "pattern": "^https://"},
            "value": {"type": "array", "items": item},
        },
        "$defs": {name: _type(kind) for name, kind in contract("graph")["types"].items()},
    }


def _type(kind: dict[str, Any]) -> dict[str, Any]:
    if "enum" in kind:
        return {"enum": [*kind["enum"], None]}
    relations = {name: {"type": ["object", "array"]} for name in kind.get("navigation", {})}
    named = {name: _property(one) for name, one in kind["properties"].items()}
    return {"type": "object", "properties": relations | named, "additionalProperties": False}


def _property(kind: str) -> dict[str, Any]:
    if inner := re.fullmatch(r"Collection\((.+)\)", kind):
        return {"type": "array", "items": _property(inner[1])}
    if kind.startswith("Edm."):
        return _SIMPLE.get(kind, {})
    known = kind in contract("graph")["types"]
    return {"anyOf": [{"$ref": f"#/$defs/{kind}"}, {"type": "null"}]} if known else {}
