"""Makes the extracts beside it from vendors' contracts: paths, parameters, scopes and fields.

``python -m tests.integrations.contracts.extract FOLDER``, where FOLDER holds the files that
README.md names. What the declared operations do not ask is left out, and fields that lie deeper
than those that are read.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from integrations.entra import CONNECTOR as ENTRA
from integrations.github import CONNECTOR as GITHUB
from integrations.okta import CONNECTOR as OKTA
from integrations.operations import Operation
from integrations.slack import CONNECTOR as SLACK

HERE = Path(__file__).parent
_PARAMETER = re.compile(r"\{\w+\}")
_IN_WORDS = re.compile(r"max (\d+)|between \d+ (?:and|-) ?(\d+)", re.IGNORECASE)
_OKTA = "okta/okta-management-openapi-spec@fdda229 dist/current/management-minimal.yaml, Apache-2.0"
_OPENAPI = {
    "github": (
        GITHUB,
        {
            "github-api.23.0.2.trim.openapi.json": "@octokit/openapi 23.0.2 api.github.com, MIT",
            "github-ghec.23.0.2.trim.openapi.json": "@octokit/openapi 23.0.2 ghec, MIT",
        },
    ),
    "okta": (OKTA, {"okta-management-2026.06.3.trim.openapi.json": _OKTA}),
    "slack": (
        SLACK,
        {
            "slack-web-1.7.0-2021.trim.swagger2.json": "slackapi/slack-api-specs@bc08db4 1.7.0, MIT",
        },
    ),
}
# What the operations of Entra list; a type of the beta is in no extract.
ENTITIES = (
    "servicePrincipal", "oAuth2PermissionGrant", "appRoleAssignment", "user", "directoryAudit",
    "subscribedSku", "agentIdentity", "signIn", "copilotPackage", "detectedApp", "managedDevice",
)  # fmt: skip


class Document:
    """A contract in OpenAPI or Swagger."""

    def __init__(self, source: str, content: Mapping[str, Any]) -> None:
        self.source = source
        self._content = content
        self._paths = {nameless(path): found for path, found in content["paths"].items()}

    def path(self, operation: Operation) -> dict[str, Any] | None:
        """Return what the contract says of the path of an operation; None if it has no such."""
        found = self._paths.get(nameless(operation.path))
        if found is None:
            return None
        asked = self.at(found.get(operation.method.lower()))
        if asked is None:
            return None
        parameters = [self.at(one) for one in (*found.get("parameters", ()), *asked["parameters"])]
        return {
            "source": self.source,
            "method": operation.method,
            "query": {one["name"]: _largest(one) for one in parameters if one.get("in") == "query"},
            "scopes": sorted(_scopes(asked.get("security", ()))),
            "fields": sorted(set(self._fields(operation, asked["responses"]["200"]))),
        }

    def at(self, value: Any, otherwise: Any = None) -> Any:
        """Return a value, followed to where it is written out."""
        while isinstance(value, Mapping) and "$ref" in value:
            found: Any = self._content
            for part in value["$ref"].removeprefix("#/").split("/"):
                found = found.get(part, {} if otherwise is not None else None)
            value = found
        return otherwise if value is None else value

    def _fields(self, operation: Operation, answer: Any) -> Iterator[str]:
        depth = max(one.count(".") for one in operation.fields) + 1
        answer = self.at(answer)
        schema = answer.get("schema") or answer.get("content", {}).get("application/json", {}).get(
            "schema", {}
        )
        for name in (*operation.items.split("."), "[]"):
            schema = self._inside(schema, name) if name else schema
        named = list(self._named(schema, depth))
        # Slack's schema says of some answers only that they are objects; its examples say what of.
        yield from named or _of_example(answer.get("examples"), operation.items)

    def _inside(self, schema: Any, name: str) -> Any:
        for one in self._shapes(schema):
            if name == "[]" and "items" in one:
                return one["items"]
            if name in one.get("properties", {}):
                return one["properties"][name]
        return schema if name == "[]" else {}

    def _shapes(self, schema: Any) -> Iterator[Mapping[str, Any]]:
        """Yield a schema and all that it may be, or is made of."""
        schema = self.at(schema)
        if isinstance(schema, list):
            for one in schema:
                yield from self._shapes(one)
            return
        yield schema
        for word in ("allOf", "oneOf", "anyOf"):
            for one in schema.get(word, ()):
                yield from self._shapes(one)
        for one in schema.get("discriminator", {}).get("mapping", {}).values():
            found = self.at({"$ref": one})
            if found is not schema:
                yield from (each for each in self._own(found) if each is not schema)

    def _own(self, schema: Any) -> Iterator[Mapping[str, Any]]:
        """Yield a kind's own part: what it shares with the others is there already."""
        yield schema
        yield from (one for one in schema.get("allOf", ()) if "$ref" not in one)

    def _named(self, schema: Any, depth: int) -> Iterator[str]:
        for shape in self._shapes(schema):
            if shape.get("additionalProperties") and not shape.get("properties"):
                yield "*"
            for name, value in shape.get("properties", {}).items():
                yield name
                if depth > 1:
                    yield from self._below(name, value, depth - 1)

    def _below(self, name: str, value: Any, depth: int) -> Iterator[str]:
        listed = next((one["items"] for one in self._shapes(value) if "items" in one), None)
        prefix = f"{name}." if listed is None else f"{name}[]."
        for below in self._named(value if listed is None else listed, depth):
            yield f"{prefix}{below}"


def nameless(path: str) -> str:
    """Return a path whose parameters have no names: everybody calls them otherwise."""
    return _PARAMETER.sub("{}", path)


def _largest(parameter: Mapping[str, Any]) -> int | None:
    """Return the largest value that a parameter may have, also where it is said in words."""
    schema = parameter.get("schema", parameter)
    found = _IN_WORDS.search(f"{parameter.get('description', '')} {schema.get('format', '')}")
    stated = schema.get("maximum")
    return stated or (int(found[1] or found[2]) if found else None)


def _scopes(security: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for one in security:
        for scopes in one.values():
            yield from scopes


def _of_example(examples: Any, items: str) -> Iterator[str]:
    value = (examples or {}).get("application/json", {})
    for name in items.split(".") if items else ():
        value = value.get(name, {})
    for one in value if isinstance(value, list) else [value]:
        yield from _dotted(one)


def _dotted(value: Any) -> Iterator[str]:
    for name, below in value.items() if isinstance(value, dict) else ():
        yield name
        is_list = isinstance(below, list)
        for one in below if is_list else [below]:
            yield from (f"{name}{'[]' if is_list else ''}.{path}" for path in _dotted(one))


def _openapi(folder: Path, vendor: str) -> dict[str, Any]:
    connector, files = _OPENAPI[vendor]
    documents = [Document(one, json.loads((folder / one).read_text("utf-8"))) for one in files]
    told: dict[str, Any] = {}
    for operation in connector.operations:
        for found in filter(None, (one.path(operation) for one in documents)):
            known = told.setdefault(operation.path, found)
            known["fields"] = sorted({*known["fields"], *found["fields"]})
    rights = documents[0].at({"$ref": "#/components/schemas/app-permissions"}, {})
    named = {name: one["enum"] for name, one in sorted(rights.get("properties", {}).items())}
    return {"sources": files, "paths": told} | ({"permissions": named} if named else {})


def _graph(folder: Path) -> dict[str, Any]:
    """Return Graph's permissions by path, and its types as far as operations read them."""
    permissions = json.loads((folder / "graph-permissions.subset.json").read_text("utf-8"))
    types = json.loads((folder / "graph-v1.0-types.subset.json").read_text("utf-8"))
    asked = {graph_path(one) for one in ENTRA.operations}
    return {
        "sources": {
            "permissions": "microsoftgraph/microsoft-graph-devx-content@6cbd6bb, MIT",
            "types": "microsoftgraph/msgraph-metadata@f54f11b schemas/v1.0-Prod.csdl, MIT",
        },
        "permissions": {
            plain: {
                one["permission"]: [sorted(one["schemes"]), sorted(one["methods"])] for one in rows
            }
            for path, rows in sorted(permissions.items())
            if (plain := graph_plain(path)) in asked
        },
        "types": {name: types[name] for name in sorted(_reached(types))},
    }


def _reached(types: Mapping[str, Any]) -> set[str]:
    """Return the types that entities are made of."""
    found: set[str] = set()
    waiting = [f"microsoft.graph.{one}" for one in ENTITIES]
    while waiting:
        name = waiting.pop()
        if name in types and name not in found:
            found.add(name)
            waiting += re.findall(r"microsoft\.graph\.\w+", str(types[name].get("properties")))
    return found


def graph_path(operation: Operation) -> str:
    """Return the path of an operation as the table of permissions spells it, without names."""
    return graph_plain(re.sub(r"^/(v1\.0|beta)", "", operation.path.lower()))


def graph_plain(path: str) -> str:
    """Return a path of Graph with neither names nor values of parameters, nor types' namespaces."""
    path = re.sub(r"=(duration)?'[^']*'|=\{\w+\}", "={}", nameless(path))
    return re.sub(r"/microsoft\.graph\.security\.|(?<=aggregatedappsdetails)\(.*?\)",
                  lambda one: "/" if one[0].startswith("/") else "", path)  # fmt: skip


def main() -> None:
    """Write the extracts."""
    folder = Path(sys.argv[1])
    made = {vendor: _openapi(folder, vendor) for vendor in _OPENAPI} | {"graph": _graph(folder)}
    for vendor, content in made.items():
        text = "{\n" + ",\n".join(_lines(content)) + "\n}\n"
        (HERE / f"{vendor}.json").write_text(text, "utf-8")


def _lines(content: Mapping[str, Any]) -> Iterator[str]:
    """Yield a section after the other, each path or type in a line of its own."""
    for section, rows in content.items():
        inner = ",\n".join(
            f"{json.dumps(name)}: {json.dumps(value, separators=(',', ':'))}"
            for name, value in rows.items()
        )
        yield f"{json.dumps(section)}: {{\n{inner}\n}}"


if __name__ == "__main__":
    main()
