"""Cargo's manifests: crates, workspaces of them, and what they depend on.

    async-openai = { version = "0.28", optional = true }
    serde.workspace = true

A crate may be renamed (``package`` is its true name), wanted for some targets only, or take its
version from the workspace, whose manifest lies above. ``workspace.dependencies`` offers versions:
whether a member takes one, the members say.
Reference: https://doc.rust-lang.org/cargo/reference/manifest.html
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from scanner.manifests import (
    Document,
    Found,
    Group,
    Manifest,
    Mention,
    Project,
    Trouble,
    Unreadable,
)
from scanner.manifests.parsing import toml_of
from scanner.manifests.purls import purl
from scanner.manifests.toml_lines import TomlLines
from scanner.manifests.untyped import mapping, text, texts
from scanner.model import Identifier

_GROUPS = {
    "dependencies": Group.RUNTIME,
    "dev-dependencies": Group.DEV,
    "dev_dependencies": Group.DEV,
    "build-dependencies": Group.BUILD,
    "build_dependencies": Group.BUILD,
}
_KNOWN = {*_GROUPS, "package", "project", "workspace", "target", "lib", "bin", "features", "patch"}


class _Table(NamedTuple):
    path: tuple[str, ...]
    crates: dict[str, Any]
    group: Group
    is_direct: bool | None


def read(document: Document) -> Iterator[Found]:
    """Yield the crate or workspace, and what it depends on."""
    data = toml_of(document)
    if data and not _KNOWN & data.keys():
        raise Unreadable("no table of a Cargo manifest")
    places = TomlLines(document)
    workspace = _workspace(document, data)
    yield from _projects(document, data, workspace, places)
    for table in _tables(data):
        for key, wanted in table.crates.items():
            line = places.of(*table.path, key)
            try:
                yield _mention(table, key, wanted, workspace, line)
            except Unreadable as error:
                yield Trouble(str(error), line)


def _tables(data: dict[str, Any]) -> Iterator[_Table]:
    for name, group in _GROUPS.items():
        yield _Table((name,), mapping(data.get(name)), group, True)
    for target, tables in mapping(data.get("target")).items():
        for name, group in _GROUPS.items():
            crates = mapping(mapping(tables).get(name))
            yield _Table(("target", target, name), crates, group, True)
    offered = mapping(mapping(data.get("workspace")).get("dependencies"))
    yield _Table(("workspace", "dependencies"), offered, Group.RUNTIME, None)
    for source, crates in mapping(data.get("patch")).items():
        yield _Table(("patch", source), mapping(crates), Group.RUNTIME, False)


def _mention(table: _Table, key: str, wanted: Any, workspace: dict[str, Any], line: int) -> Mention:
    """Return the crate that a line names. Raises Unreadable."""
    is_optional = isinstance(wanted, dict) and wanted.get("optional") is True
    if isinstance(wanted, dict) and wanted.get("workspace") is True:
        wanted = mapping(workspace.get("dependencies")).get(key, "")
    if isinstance(wanted, str):
        wanted = {"version": wanted}
    if not isinstance(wanted, dict):
        raise Unreadable(f"what {key[:80]!r} depends on is neither a version nor a table")
    return Mention(
        Identifier.PACKAGE,
        purl("cargo", text(wanted.get("package")) or key),
        line,
        text(wanted.get("version")),
        group=Group.OPTIONAL if is_optional and table.group is Group.RUNTIME else table.group,
        is_direct=table.is_direct,
    )


def _projects(
    document: Document, data: dict[str, Any], workspace: dict[str, Any], places: TomlLines
) -> Iterator[Project]:
    package = mapping(data.get("package") or data.get("project"))
    inherited = mapping(workspace.get("package"))

    def value(name: str) -> Any:
        found = package.get(name)
        return inherited.get(name) if isinstance(found, dict) else found

    members = texts(mapping(data.get("workspace")).get("members"))
    if package or "workspace" in data:
        yield Project(
            text(package.get("name")),
            text(value("version")),
            text(value("description")),
            texts(value("authors")),
            members,
            bool(package) and _has_program(document, data),
            places.of(*(("package", "name") if package else ("workspace", "members"))),
        )


def _has_program(document: Document, data: dict[str, Any]) -> bool:
    return bool(data.get("bin")) or document.beside("src/main.rs") is not None


def _workspace(document: Document, data: dict[str, Any]) -> dict[str, Any]:
    """Return the workspace that a crate belongs to: its own, the one it names, or the nearest above."""
    if "workspace" in data:
        return mapping(data["workspace"])
    named = text(mapping(data.get("package")).get("workspace"))
    steps = document.path.count("/")
    for folder in [named] if named else ["../" * step for step in range(1, steps + 1)]:
        root = document.beside(f"{folder}/Cargo.toml" if named else f"{folder}Cargo.toml")
        if root and (found := _workspace_in(root.data)) is not None:
            return found
    return {}


@lru_cache(maxsize=16)
def _workspace_in(data: bytes) -> dict[str, Any] | None:
    """Return the workspace of a manifest; kept, as all members ask for the same one."""
    try:
        found = toml_of(Document("Cargo.toml", data)).get("workspace")
    except Unreadable:
        return None
    return found if isinstance(found, dict) else None


MANIFEST = Manifest(
    name="cargo-toml",
    title="Rust: Cargo.toml",
    files=("Cargo.toml",),
    read=read,
    reference="https://doc.rust-lang.org/cargo/reference/manifest.html",
    samples={
        "crates/chat/Cargo.toml": b"""[package]
name = "chat"
version = "0.3.0"
edition = "2021"

[dependencies]
async-openai = "0.28"
llm = { package = "ollama-rs", version = "0.2", optional = true }

[dev-dependencies]
wiremock = "0.6"
""",
    },
)
