"""The tables of osquery that show AI: what tells each by its columns, and what its rows are.

Reference: https://osquery.io/schema/
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePosixPath, PureWindowsPath
from typing import NamedTuple

from integrations.columns import folded
from integrations.fields import Item
from scanner.model import App, Identifier


class OsqueryTable(NamedTuple):
    """A table, the columns that no other one of them has together, and the application of a row."""

    name: str
    needed: frozenset[str]
    app: Callable[[Item], App | None]


def _bundle(row: Item) -> App | None:
    name, bundle = row.text("name").removesuffix(".app"), row.text("bundle_identifier")
    return _software(bundle or folded(name), name, (Identifier.BUNDLE, bundle))


def _program(row: Item) -> App | None:
    name, publisher = row.text("name"), row.text("publisher")
    if not name:
        return None
    return App(
        key=f"{folded(name)}|{folded(publisher)}".strip("|") or name,
        name=name,
        publisher=publisher,
        kind="software",
        is_named_by_catalogue=bool(publisher),
    )


def _browser_extension(row: Item) -> App | None:
    key = row.text("identifier")
    return _software(key, row.text("name"), (Identifier.BROWSER_EXT, key), "extension")


def _editor_extension(row: Item) -> App | None:
    """An editor knows an extension as publisher.name; some versions of osquery part the two."""
    name = row.text("name").lower()
    if name and "." not in name:
        name = f"{row.text('publisher').lower()}.{name}"
    return _software(name, row.text("name"), (Identifier.IDE_EXT, name), "editor extension")


def _python_package(row: Item) -> App | None:
    name = re.sub(r"[-_.]+", "-", row.text("name")).lower()
    purl = f"pkg:pypi/{name}" if name else ""
    return _software(purl, row.text("name"), (Identifier.PACKAGE, purl), "package")


def _npm_package(row: Item) -> App | None:
    name = row.text("name").replace("@", "%40", 1)
    purl = f"pkg:npm/{name}" if name else ""
    return _software(purl, row.text("name"), (Identifier.PACKAGE, purl), "package")


def _process(row: Item) -> App | None:
    path = row.text("path")
    kind = PureWindowsPath if "\\" in path else PurePosixPath
    name = row.text("name") or kind(path).name
    return _software(name, name, (Identifier.PROCESS, name), "process")


def _port(row: Item) -> App | None:
    """A port shows little by itself; 0 is one that nobody listens on."""
    port = row.text("port")
    if not port.isdecimal() or port == "0":
        return None
    return _software(f"port {port}", f"port {port}", (Identifier.PORT, port), "listening port")


def _software(
    key: str, name: str, identifier: tuple[Identifier, str], kind: str = "software"
) -> App | None:
    if not key:
        return None
    return App(key=key, name=name, identifiers=(identifier,) if identifier[1] else (), kind=kind)


TABLES = (
    OsqueryTable("apps", frozenset({"name", "bundle_identifier", "path"}), _bundle),
    OsqueryTable("programs", frozenset({"name", "version", "install_location"}), _program),
    OsqueryTable("programs", frozenset({"name", "version", "identifying_number"}), _program),
    OsqueryTable(
        "chrome_extensions", frozenset({"identifier", "browser_type", "name"}), _browser_extension
    ),
    OsqueryTable(
        "chrome_extensions", frozenset({"identifier", "from_webstore", "name"}), _browser_extension
    ),
    OsqueryTable(
        "vscode_extensions", frozenset({"name", "publisher_id", "version"}), _editor_extension
    ),
    OsqueryTable(
        "vscode_extensions", frozenset({"name", "vscode_edition", "version"}), _editor_extension
    ),
    OsqueryTable(
        "npm_packages", frozenset({"name", "version", "directory", "homepage"}), _npm_package
    ),
    OsqueryTable(
        "python_packages", frozenset({"name", "version", "directory", "summary"}), _python_package
    ),
    OsqueryTable("processes", frozenset({"pid", "name", "path", "cmdline", "parent"}), _process),
    OsqueryTable("listening_ports", frozenset({"pid", "port", "protocol", "address"}), _port),
)
