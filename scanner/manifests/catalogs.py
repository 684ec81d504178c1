"""Catalogs: versions that a workspace gives names to, for ``catalog:`` in its ``package.json`` files.

    catalog:
      openai: ^4.20.0
    catalogs:
      legacy: {openai: ^3.3.0}

pnpm keeps them in ``pnpm-workspace.yaml``, Yarn in ``.yarnrc.yml``, Bun in the root's ``package.json``.
Reference: https://pnpm.io/catalogs
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from scanner.manifests import Document, Unreadable
from scanner.manifests.npm import package_json
from scanner.manifests.parsing import yaml_of
from scanner.manifests.untyped import mapping

_SCHEME = "catalog:"
_FILES = ("pnpm-workspace.yaml", ".yarnrc.yml")
_DEFAULT = "default"

Catalogs = Mapping[str, Mapping[str, Any]]


def is_of_catalog(spec: str) -> bool:
    return spec.startswith(_SCHEME)


def version_of(document: Document, name: str, spec: str) -> str:
    """Return the version that a catalog above a file has for a package; as written if none has."""
    catalog = spec.removeprefix(_SCHEME).strip() or _DEFAULT
    for catalogs in _above(document):
        version = mapping(catalogs.get(catalog)).get(name)
        if isinstance(version, str):
            return version
    return spec


def _above(document: Document) -> Iterator[Catalogs]:
    for name in _FILES:
        if found := document.above(name):
            yield _in_yaml(found.data)
    folder = "."
    for _ in range(document.path.count("/") + 1):
        if manifest := package_json(document.beside(f"{folder}/package.json")):
            yield _of(manifest.catalog, manifest.catalogs)
            yield _of(*(mapping(manifest.workspaces).get(key) for key in ("catalog", "catalogs")))
        folder = f"{folder}/.."


def workspace_yaml(document: Document) -> dict[str, Any]:
    """Return the fields of a workspace's YAML; none if it is empty. Raises Unreadable."""
    content = yaml_of(document)
    if not content or content[0] is None:
        return {}
    if not isinstance(content[0], dict):
        raise Unreadable("no workspace: it has no fields")
    return content[0]


@lru_cache(maxsize=64)
def _in_yaml(data: bytes) -> Catalogs:
    """Return the catalogs of a file that all members of a workspace ask for."""
    try:
        about = workspace_yaml(Document("", data))
    except Unreadable:
        return {}
    return _of(about.get("catalog"), about.get("catalogs"))


def _of(catalog: Any, catalogs: Any) -> Catalogs:
    named = {key: mapping(value) for key, value in mapping(catalogs).items()}
    return {_DEFAULT: mapping(catalog) or named.get(_DEFAULT, {}), **_without_default(named)}


def _without_default(named: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {key: value for key, value in named.items() if key != _DEFAULT}
