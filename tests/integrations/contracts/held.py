"""What an operation names that its vendor's contract does not: path, query, page, scopes, fields."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from integrations.operations import Operation, Profile
from tests.integrations.contracts.extract import HERE, graph_path, nameless

# Pages that a vendor states in words beside its contract: by vendor, the parameter and the most.
LARGEST = {
    "graph": ("$top", {"default": 999, "entra.sign_ins": 1000, "entra.detected_apps": 500}),
    "okta": ("limit", {"default": 200}),
    "github": ("per_page", {"default": 100}),
    "openai": ("limit", {"default": 100, "openai.costs": 180, "usage": 31}),
    "anthropic": ("limit", {"default": 1000}),
    "slack": ("limit", {"default": 1000}),
}  # fmt: skip
# What the names of scopes that can change something have in common, by vendor.
_WRITES = re.compile(
    r"ReadWrite|\.manage$|:write$|\.write$|^write:|^manage_|^admin(:enterprise)?$|^admin key "
    r"|^org:admin$"
)
# OData's own: every list of Graph has them.
_ODATA = ("$select", "$expand", "$filter", "$top")
_TYPES = {
    "entra.service_principals": "servicePrincipal",
    "entra.delegated_grants": "oAuth2PermissionGrant",
    "entra.app_roles": "appRoleAssignment",
    "entra.assignments": "appRoleAssignment",
    "entra.group_members": "user",
    "entra.consents": "directoryAudit",
    "entra.subscriptions": "subscribedSku",
    "entra.users": "user",
    "entra.agent_identities": "agentIdentity",
    "entra.sign_ins": "signIn",
    "entra.copilot_packages": "copilotPackage",
    "entra.detected_apps": "detectedApp",
    "entra.devices": "managedDevice",
}
_EVERYWHERE = {"properties": {"id": "Edm.String"}, "navigation": {}}  # graph.directoryObject


@cache
def contract(vendor: str) -> Mapping[str, Any]:
    """Return the extract of a vendor's contract."""
    found: Mapping[str, Any] = json.loads((HERE / f"{vendor}.json").read_text("utf-8"))
    return found


def missing(vendor: str, operation: Operation) -> list[str]:
    """Return what the contract of its vendor lacks of an operation."""
    found = _of_graph(operation) if vendor == "graph" else _of_paths(vendor, operation)
    return [*found, *_of_page(vendor, operation), *_of_writing(operation)]


def _of_writing(operation: Operation) -> Iterator[str]:
    """Yield what is wrong of whether the least scopes of an operation can change something."""
    least = operation.scopes[0] if operation.scopes else ()
    if any(_WRITES.search(one) for one in least) is not operation.can_write:
        yield f"can_write is {operation.can_write} with {', '.join(least)}"
    if operation.can_write is not (operation.profile is Profile.OPT_IN):
        yield f"can_write is {operation.can_write} in profile {operation.profile}"


def _of_page(vendor: str, operation: Operation) -> Iterator[str]:
    parameter, most = LARGEST[vendor]
    kind = "usage" if operation.id.startswith("openai.usage_") else "default"
    largest = most.get(operation.id, most[kind])
    if vendor not in ("graph", "openai", "anthropic") and operation.path in _paths(vendor):
        known = _paths(vendor)[operation.path]["query"]
        largest = known.get(parameter) or largest
    sent = operation.query.get(parameter)
    if sent and int(sent) > largest:
        yield f"page {sent} of {largest}"
    if sent and operation.page_size != int(sent):
        yield f"page {sent}, planned {operation.page_size}"


def _paths(vendor: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = contract(vendor)["paths"]
    return found


def _of_paths(vendor: str, operation: Operation) -> Iterator[str]:
    paths = {nameless(path): known for path, known in _paths(vendor).items()}
    known = paths.get(nameless(operation.path))
    if known is None:
        yield "path"
        return
    if operation.method != known.get("method", "GET"):
        yield f"method {operation.method}"
    token = operation.page_token[1]
    for name in (*operation.query, *([token] if token else [])):
        if name not in known["query"]:
            yield f"query {name}"
    documented = set(known.get("scopes", ())) or _permissions(vendor)
    for scopes in operation.scopes:
        if documented and not documented.issuperset(scopes):
            yield f"scope {' with '.join(sorted(set(scopes) - documented))}"
    fields = [_below(one, operation.items) for one in known["fields"]]
    yield from (f"field {one}" for one in operation.fields if not _is_named(one, fields))


def _permissions(vendor: str) -> set[str]:
    rights: Mapping[str, list[str]] = contract(vendor).get("permissions", {})
    return {f"{name}:{level}" for name, levels in rights.items() for level in levels}


def _below(field: str, items: str) -> str:
    return field.removeprefix(f"{items}[].") if items else field


def _is_named(field: str, fields: list[str]) -> bool:
    """Whether a contract names a field, or what it is a part or a whole of."""
    open_ones = [one.removesuffix("*") for one in fields if one.endswith("*")]
    return any(
        one.removesuffix("[]") == field.removesuffix("[]") or one.startswith(f"{field}.")
        for one in fields
    ) or any(field.startswith(one) for one in open_ones)


def _of_graph(operation: Operation) -> Iterator[str]:
    path = graph_path(operation)
    if operation.host != "graph" or path not in contract("graph")["permissions"]:
        yield "path"
        return
    known = contract("graph")["permissions"][path]
    for scopes in operation.scopes:
        for scope in scopes:
            if not _suffices(scope, scopes, known, operation.method):
                yield f"scope {scope}"
    for name in operation.query:
        if name not in _ODATA:
            yield f"query {name}"
    if operation.id not in _TYPES:
        yield "type"
        return
    entity = contract("graph")["types"][f"microsoft.graph.{_TYPES[operation.id]}"]
    for field in (*operation.fields, *operation.query.get("$select", "").split(",")):
        if field and not _is_property(entity, field.split(".")):
            yield f"field {field}"


def _suffices(scope: str, scopes: tuple[str, ...], known: Mapping[str, Any], method: str) -> bool:
    """Whether a scope is in the table of a path for applications, or one is that stands beside it."""
    named = {
        one for one in scopes if one in known and "Application" in known[one][0]
        and method in known[one][1]
    }  # fmt: skip
    return scope in named or bool(named)


def _is_property(entity: Mapping[str, Any], parts: list[str]) -> bool:
    name = parts[0].removesuffix("[]")
    kind = entity["properties"].get(name) or entity["navigation"].get(name)
    if kind is None:
        return False
    is_list = kind.startswith("Collection(")
    if len(parts) == 1:
        return True
    inner = kind.removeprefix("Collection(").removesuffix(")").removeprefix("microsoft.")
    below = contract("graph")["types"].get(f"microsoft.{inner}", _EVERYWHERE)
    return is_list == parts[0].endswith("[]") and _is_property(below, parts[1:])
