"""Cargo's lockfiles: the one version of each crate, and which crate pulls in which.

    [[package]]
    name = "async-openai"

A package without a source lies in the tree itself: what it depends on is direct. A dependency is
named with its version, and its source, only where several would fit. Machines write these files,
so they are read by lines.
Reference: https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from scanner.manifests import Document, Found, Group, Manifest, Trouble, Unreadable
from scanner.manifests.dependency_graph import Entry, Graph
from scanner.manifests.parsing import toml_of
from scanner.manifests.purls import purl
from scanner.manifests.untyped import mapping

_FIELD = re.compile(r'(name|version|source) = "([^"]*)"\s*')
_TEXT = re.compile(r'"([^"]*)"')
_ELSE = re.compile(r"(?:#|version = \d|\[).*|\s*")


@dataclass(slots=True)
class _Package:
    line: int
    name: str = ""
    version: str = ""
    source: str = ""
    pulls: list[str] = field(default_factory=list)


def read(document: Document) -> Iterator[Found]:
    """Yield the crates that come from elsewhere, each with the chain that pulls it in."""
    graph = Graph()
    packages = _packages(document)
    keys = _by_name(packages)
    tested = _only_developed_with(document)
    for number, one in enumerate(packages):
        try:
            value = purl("cargo", one.name)
        except Unreadable as error:
            yield Trouble(str(error), one.line)
            continue
        needs = [keys[other] for other in one.pulls if other in keys]
        # What lies in the tree is no mention, and stands for what it needs.
        entry = Entry(value if one.source else "", one.version, one.line, needs)
        graph.entries[str(number)] = entry
        if not one.source:
            for key in needs:
                is_tested = packages[int(key)].name in tested.get(one.name, ())
                graph.want(key, Group.DEV if is_tested else Group.RUNTIME)
    yield from graph.found()


def _only_developed_with(document: Document) -> dict[str, set[str]]:
    """Return the crates that packages of the tree need for development alone, by the packages.

    A lockfile does not tell them apart; the manifest beside it and those of its members do. A
    member that only a glob names is not looked for.
    """
    found: dict[str, set[str]] = {}
    top = _manifest(document, "Cargo.toml")
    members = mapping(top.get("workspace")).get("members")
    paths = [one for one in members if isinstance(one, str)] if isinstance(members, list) else []
    for data in (top, *(_manifest(document, f"{path}/Cargo.toml") for path in paths)):
        used = _crates(data, "dependencies", "build-dependencies")
        name = mapping(data.get("package")).get("name")
        if isinstance(name, str):
            found[name] = _crates(data, "dev-dependencies") - used
    return found


def _manifest(document: Document, path: str) -> dict[str, Any]:
    beside = document.beside(path)
    try:
        return toml_of(beside) if beside is not None else {}
    except Unreadable:  # what is wrong with it is said where it is read
        return {}


def _crates(data: dict[str, Any], *tables: str) -> set[str]:
    """Return the crates of such tables, by the names that they have in their registry."""
    found: set[str] = set()
    for place in (data, *map(mapping, mapping(data.get("target")).values())):
        for table in tables:
            for key, wanted in mapping(place.get(table)).items():
                renamed = mapping(wanted).get("package")
                found.add(renamed if isinstance(renamed, str) else key)
    return found


def _by_name(packages: list[_Package]) -> dict[str, str]:
    """Return the keys of packages by all the ways to name one: alone, with version, with source."""
    named: dict[str, str] = {}
    for number, one in enumerate(packages):
        exact = f"{one.name} {one.version}"
        for name in (one.name, exact, f"{exact} ({one.source})"):
            named.setdefault(name, str(number))
    return named


def _packages(document: Document) -> list[_Package]:
    """Return the packages of a lockfile. Raises Unreadable."""
    packages: list[_Package] = []
    package: _Package | None = None
    is_list = False
    for number, line in enumerate(document.lines, 1):
        if line.startswith("["):
            package, is_list = None, False
            if line.rstrip() in ("[[package]]", "[root]"):
                package = _Package(number)
                packages.append(package)
        elif package is None:
            if not packages and not _ELSE.fullmatch(line):
                raise Unreadable(f"no package of a Cargo lockfile in line {number}")
        elif is_list or line.startswith("dependencies = ["):
            package.pulls += _TEXT.findall(line)
            is_list = not line.rstrip().endswith("]")
        elif found := _FIELD.fullmatch(line):
            _set(package, found[1], found[2], number)
    return packages


def _set(package: _Package, name: str, value: str, line: int) -> None:
    match name:
        case "name":
            package.name, package.line = value, line
        case "version":
            package.version = value
        case "source":
            package.source = value


MANIFEST = Manifest(
    name="cargo-lock",
    title="Rust: Cargo.lock",
    files=("Cargo.lock",),
    read=read,
    reference="https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html",
    samples={
        "Cargo.lock": b"""# This file is automatically @generated by Cargo.
version = 4

[[package]]
name = "async-openai"
version = "0.28.1"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "0000000000000000000000000000000000000000000000000000000000000000"
dependencies = [
 "eventsource-stream",
]

[[package]]
name = "chat"
version = "0.3.0"
dependencies = [
 "async-openai",
]

[[package]]
name = "eventsource-stream"
version = "0.2.3"
source = "registry+https://github.com/rust-lang/crates.io-index"
""",
    },
)
