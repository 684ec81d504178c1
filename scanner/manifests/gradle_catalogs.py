"""Gradle's version catalogs: libraries and plugins under names that all scripts of a build share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from scanner.manifests import Document, Unreadable
from scanner.manifests.parsing import toml_of

_RICH = ("strictly", "require", "prefer")  # the parts of a rich version, the weightiest first


@dataclass(frozen=True, slots=True)
class Library:
    group: str
    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Catalog:
    """What a catalog gives names to. A name is written with dots, as scripts write it."""

    libraries: dict[str, Library]
    plugins: dict[str, Library]
    bundles: dict[str, tuple[str, ...]]  # names of libraries
    versions: dict[str, str]
    keys: dict[str, str]  # from dotted names to what the file writes
    broken: tuple[str, ...]  # keys of libraries and plugins that name nothing

    def named(self, name: str) -> list[Library] | None:
        """Return the libraries of a name, or of a bundle's; None if there is none."""
        if name.startswith("bundles."):
            bundle = self.bundles.get(name.removeprefix("bundles."))
            if bundle is None:
                return None
            return [self.libraries[one] for one in bundle if one in self.libraries]
        found = self.libraries.get(name)
        return [found] if found else None


def marker(plugin: str, version: str) -> Library:
    """Return the artifact by which Gradle finds a plugin.

    https://docs.gradle.org/current/userguide/plugins.html#sec:plugin_markers
    """
    return Library(plugin, f"{plugin}.gradle.plugin", version)


def dotted(alias: str) -> str:
    """Return an alias as scripts write it."""
    return re.sub(r"[-_]", ".", alias)


@lru_cache(maxsize=16)
def catalog_of(data: bytes) -> Catalog:
    """Return a catalog; kept, as all scripts ask for the same one. Raises Unreadable."""
    document = toml_of(Document("libs.versions.toml", data))
    tables = {
        name: table if isinstance(table := document.get(name), dict) else {}
        for name in ("versions", "libraries", "plugins", "bundles")
    }
    if document and not tables.keys() & document.keys():
        raise Unreadable("no table of a version catalog")
    versions = {dotted(key): _version(value, {}) for key, value in tables["versions"].items()}
    libraries = {key: _library(one, versions) for key, one in tables["libraries"].items()}
    plugins = {key: _plugin(one, versions) for key, one in tables["plugins"].items()}
    return Catalog(
        {dotted(key): one for key, one in libraries.items() if one},
        {dotted(key): one for key, one in plugins.items() if one},
        {dotted(key): tuple(_aliases(one)) for key, one in tables["bundles"].items()},
        versions,
        {dotted(key): key for key in (*libraries, *plugins)},
        tuple(key for key, one in (*libraries.items(), *plugins.items()) if one is None),
    )


def _library(value: Any, versions: dict[str, str]) -> Library | None:
    written: Any = value.get("version") if isinstance(value, dict) else None
    match value:
        case str():
            parts = value.split(":")
            return Library(parts[0], parts[1], "".join(parts[2:3])) if len(parts) > 1 else None
        case {"module": str(module)} if module.count(":") == 1:
            group, _, name = module.partition(":")
        case {"group": str(group), "name": str(name)}:
            pass
        case _:
            return None
    return Library(group, name, _version(written, versions))


def _plugin(value: Any, versions: dict[str, str]) -> Library | None:
    written: Any = value.get("version") if isinstance(value, dict) else None
    match value:
        case str() if ":" in value:
            plugin, _, version = value.partition(":")
            return marker(plugin, version)
        case {"id": str(plugin)}:
            return marker(plugin, _version(written, versions))
    return None


def _version(value: Any, versions: dict[str, str]) -> str:
    match value:
        case str():
            return value
        case {"ref": str(ref)}:
            return versions.get(dotted(ref), "")
        case dict():
            return next((one for key in _RICH if isinstance(one := value.get(key), str)), "")
    return ""


def _aliases(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        yield from (dotted(one) for one in value if isinstance(one, str))
