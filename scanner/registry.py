"""Plugins: one file, one constant, found by scanning the folder; outsiders by entry points."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from typing import Any


@dataclass(frozen=True, slots=True)
class PluginGroup:
    """A kind of plugin: its package, the constant each file sets, the entry point group."""

    package: str
    constant: str
    entry_point: str


FORMATS = PluginGroup("scanner.logs.formats", "FORMAT", "gnomon.formats")
ENVELOPES = PluginGroup("scanner.logs.envelopes", "ENVELOPE", "gnomon.envelopes")
BINARIES = PluginGroup("scanner.logs.binary", "BINARY", "gnomon.binaries")
MANIFESTS = PluginGroup("scanner.manifests.kinds", "MANIFEST", "gnomon.manifests")
REPORTS = PluginGroup("reports", "REPORT", "gnomon.reports")
IMPORTERS = PluginGroup("signatures.importers", "IMPORTER", "gnomon.importers")
CONNECTORS = PluginGroup("integrations", "CONNECTOR", "gnomon.connectors")
DOWNLOADS = PluginGroup("integrations.downloads", "DOWNLOAD", "gnomon.downloads")
EXPORTS = PluginGroup("integrations.exports", "EXPORT", "gnomon.exports")
GROUPS = (
    FORMATS, ENVELOPES, BINARIES, MANIFESTS, CONNECTORS, DOWNLOADS, EXPORTS, REPORTS, IMPORTERS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin that loaded, and where it comes from: a module or ``distribution version``."""

    value: Any
    origin: str


@dataclass(frozen=True, slots=True)
class FailedPlugin:
    """A plugin that could not be imported. It is listed by ``doctor`` and stops nothing."""

    name: str
    origin: str
    reason: str


@cache
def load(group: PluginGroup) -> tuple[tuple[Plugin, ...], tuple[FailedPlugin, ...]]:
    """Return every plugin of ``group`` in the order of their names, and those that failed."""
    found: list[Plugin] = []
    failed: list[FailedPlugin] = []
    for name, origin, get in (*_own(group), *_foreign(group)):
        try:
            value = get()
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything on import
            failed.append(FailedPlugin(name, origin, f"{type(error).__name__}: {error}"))
            continue
        if value is None:
            continue
        if hasattr(value, "name"):
            found.append(Plugin(value, origin))
        else:
            failed.append(FailedPlugin(name, origin, f"{group.constant} has no name"))
    return tuple(sorted(found, key=lambda plugin: str(plugin.value.name))), tuple(failed)


def values(group: PluginGroup) -> tuple[Any, ...]:
    """Return the plugins of ``group`` themselves, in the order of their names."""
    return tuple(plugin.value for plugin in load(group)[0])


def _own(group: PluginGroup) -> list[tuple[str, str, Any]]:
    package = importlib.import_module(group.package)
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    return [(name, f"{group.package}.{name}", _constant(group, name)) for name in names]


def _constant(group: PluginGroup, name: str) -> Any:
    def get() -> Any:
        return getattr(importlib.import_module(f"{group.package}.{name}"), group.constant, None)

    return get


def _foreign(group: PluginGroup) -> list[tuple[str, str, Any]]:
    return [
        (point.name, f"{point.dist.name} {point.dist.version}" if point.dist else "?", point.load)
        for point in sorted(entry_points(group=group.entry_point), key=lambda point: point.name)
    ]
