"""The lockfile of Deno, in its versions 2 to 5.

    {"version": "5", "specifiers": {"npm:openai@^4.20.0": "4.20.1"},
     "npm": {"openai@4.20.1": {"dependencies": ["node-fetch"]}, "node-fetch@2.7.0": {}},
     "workspace": {"dependencies": ["npm:openai@^4.20.0"]}}

Since version 4 a need has no version where there is one only. Behind ``_`` are the peers a package
was put beside. Version 3 has all of it in ``packages``, version 2 in ``npm``. Modules fetched by
their addresses (``remote``) are no packages, except from hosts that serve npm's.
Reference: https://docs.deno.com/runtime/fundamentals/modules/#integrity-checking-and-lock-files
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scanner.manifests import Document, Found, Group, Manifest, Trouble, Unreadable
from scanner.manifests.dependency_graph import Entry, Graph
from scanner.manifests.line_index import LineIndex
from scanner.manifests.npm import Unnamed, of_specifier, served, split
from scanner.manifests.parsing import json_of
from scanner.manifests.untyped import mapping, texts

_SCHEMES = ("npm:", "jsr:")
_MEMBER_FIELDS = (
    ("dependencies", Group.RUNTIME),
    ("devDependencies", Group.DEV),
)


def read(document: Document) -> Iterator[Found]:
    """Yield each package that was resolved."""
    lock = json_of(document)
    if not isinstance(lock, dict) or "version" not in lock:
        raise Unreadable("no lockfile of Deno: it names no version")
    keys = LineIndex(document.text)
    packages, specifiers = _parts(lock)
    graph = _graph(packages, keys)
    index = _Index(graph, specifiers)
    for key, about in packages.items():
        needs = list(_needs(key, about, index))
        if key in graph.entries:
            graph.connect(key, needs)
    asked = {key for specifier, key in index.asked.items() if specifier not in index.needed}
    told = list(_told(lock.get("workspace")))
    for specifier, group in told:
        if at := index.of(specifier):
            asked.discard(at)
            graph.want(at, group)
    for key in sorted(asked):
        graph.want(key, Group.RUNTIME)
    _add_served(graph, mapping(lock.get("remote")), keys)
    yield from graph.found()


def _add_served(graph: Graph, remote: dict[str, Any], keys: LineIndex) -> None:
    """Add the packages of npm whose modules were fetched from a host by their addresses."""
    for address in remote:
        found = served(address)
        if found and found.version[:1].isdigit():
            key = f"served:{found.purl}@{found.version}"
            if key not in graph.entries:
                graph.entries[key] = Entry(found.purl, found.version, keys.of(address))


def _parts(lock: dict[str, Any]) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Return the packages by ``npm:name@version``, and the specifiers with those they stand for."""
    inner, npm = mapping(lock.get("packages")), mapping(lock.get("npm"))
    specifiers = mapping(lock.get("specifiers")) or mapping(inner.get("specifiers"))
    sections = {"npm:": mapping(inner.get("npm")) or npm}
    sections["jsr:"] = mapping(inner.get("jsr")) or mapping(lock.get("jsr"))
    if lock["version"] == "2":
        sections["npm:"] = mapping(npm.get("packages"))
        specifiers = {
            f"npm:{key}": f"npm:{value}" for key, value in mapping(npm.get("specifiers")).items()
        }
    packages = {
        scheme + key: mapping(about)
        for scheme, section in sections.items()
        for key, about in section.items()
    }
    return packages, {key: value for key, value in specifiers.items() if isinstance(value, str)}


def _graph(packages: dict[str, dict[str, Any]], keys: LineIndex) -> Graph:
    graph = Graph()
    for key in packages:
        line = keys.of(key[4:])
        name, version = split(key[4:])
        try:
            found = of_specifier(key[:4] + name)
        except Unnamed as error:
            graph.troubles.append(Trouble(str(error), line))
            continue
        if found:
            version = version.partition("_")[0]
            graph.entries[key] = Entry(found.purl, version, line)
    return graph


class _Index:
    """Finds the package that a specifier or a need stands for."""

    def __init__(self, graph: Graph, specifiers: dict[str, str]) -> None:
        self._packages = graph.entries
        self._by_name: dict[str, list[str]] = {}
        for key in graph.entries:
            self._by_name.setdefault(key[:4] + split(key[4:])[0], []).append(key)
        self.asked = {one: at for one, to in specifiers.items() if (at := self._key(one, to))}
        self._by_bare: dict[str, list[str]] = {}
        for one in self.asked:
            self._by_bare.setdefault(one[:4] + split(one[4:])[0], []).append(one)
        self.needed: set[str] = set()  # the specifiers that packages of JSR hold

    def of(self, specifier: str) -> str | None:
        """Return the key for a specifier; without a version it is the only one of its name."""
        return self.asked.get(self.whole(specifier)) or self.package(specifier)

    def whole(self, specifier: str) -> str:
        """Return a specifier with the version that was left out."""
        known = self._by_bare.get(specifier, ())
        return known[0] if len(known) == 1 else specifier

    def package(self, key: str) -> str | None:
        if key in self._packages:
            return key
        known = self._by_name.get(key, ())
        return known[0] if len(known) == 1 else None

    def _key(self, specifier: str, to: str) -> str | None:
        """Return the key of what a specifier was resolved to: a version, or all of it."""
        if to.startswith(_SCHEMES):
            return self.package(to)
        return self.package(f"{specifier[:4]}{split(specifier[4:])[0]}@{to}")


def _needs(key: str, about: dict[str, Any], index: _Index) -> Iterator[tuple[str, bool]]:
    for field in ("dependencies", "optionalDependencies"):
        needs = about.get(field)
        for need in texts(list(needs.values()) if isinstance(needs, dict) else needs):
            if key.startswith("jsr:"):
                index.needed.add(index.whole(need))
                found = index.of(need)
            else:  # an alias is written before what it stands for: alias@npm:name@1.0.0
                found = index.package("npm:" + need.rpartition("@npm:")[2])
            if found:
                yield found, field == "optionalDependencies"


def _told(workspace: Any) -> Iterator[tuple[str, Group]]:
    """Yield the specifiers that the workspace and its members ask for."""
    about = mapping(workspace)
    for member in (about, *mapping(about.get("members")).values()):
        for place in (mapping(member), mapping(mapping(member).get("packageJson"))):
            for field, group in _MEMBER_FIELDS:
                for specifier in texts(place.get(field)):
                    yield specifier, group


_SAMPLE = b"""{
  "version": "5",
  "specifiers": {
    "jsr:@std/fs@1": "1.0.4",
    "jsr:@std/path@^1.0.6": "1.0.6",
    "npm:openai@^4.20.0": "4.20.1_zod@3.23.8"
  },
  "jsr": {
    "@std/fs@1.0.4": {
      "integrity": "2907d32d8d1d9e540588fd5fe0ec21ee638134bd51df327ad4e443aaef07123c",
      "dependencies": [
        "jsr:@std/path"
      ]
    },
    "@std/path@1.0.6": {
      "integrity": "ab2c55f902b380cf28e0eec501b4906e4c1960d13f00e11cfbcd21de15f18fed"
    }
  },
  "npm": {
    "@types/node@18.19.31": {
      "integrity": "sha512-ArgCD39YpyyrtFKIqMDvjz79jto5fcI="
    },
    "openai@4.20.1_zod@3.23.8": {
      "integrity": "sha512-Oei9OH4tRh0YqU3GxhX79dM=",
      "dependencies": [
        "@types/node",
        "zod"
      ],
      "bin": true
    },
    "zod@3.23.8": {
      "integrity": "sha512-XBx9AXhXktjUqnepgTiE5fl="
    }
  },
  "workspace": {
    "dependencies": [
      "jsr:@std/fs@1",
      "npm:openai@^4.20.0"
    ]
  }
}
"""

MANIFEST = Manifest(
    name="deno-lock",
    title="Deno lockfile (deno.lock)",
    files=("deno.lock",),
    read=read,
    reference="https://docs.deno.com/runtime/fundamentals/modules/#integrity-checking-and-lock-files",
    samples={"deno.lock": _SAMPLE},
)
