"""Operations held against what a vendor's own contract names: paths, parameters and fields."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from integrations.connector import Connector
from integrations.operations import Operation

CONTRACTS = Path(__file__).parent / "contracts"


def contract(vendor: str) -> dict[str, Any]:
    """Return the extract of a vendor's contract: the sources, and what each path knows."""
    found: dict[str, Any] = json.loads((CONTRACTS / f"{vendor}.json").read_text())
    return found


def unknown(operation: Operation, known: dict[str, Any]) -> list[str]:
    """Return what an operation names and the contract does not."""
    below = operation.items and f"{operation.items}[]."
    named = [f"query {one}" for one in operation.query if one not in known["query"]]
    if operation.page_token[1] and operation.page_token[1] not in known["query"]:
        named.append(f"page {operation.page_token[1]}")
    fields = [one.removeprefix(below).removesuffix("[]") for one in known["fields"]]
    return named + [
        f"field {one}"
        for one in operation.fields
        if one not in fields and not any(field.startswith(f"{one}.") for field in fields)
    ]


def not_in_contract(connector: Connector, vendor: str) -> dict[str, list[str]]:
    """Return what a connector names and the contract of its vendor does not, by operation."""
    paths = contract(vendor)["paths"]
    return {
        one.id: found
        for one in connector.operations
        if one.path in paths and (found := unknown(one, paths[one.path]))
    }
