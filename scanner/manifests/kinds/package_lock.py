"""The lockfile of npm, in its versions 1, 2 and 3.

    {"lockfileVersion": 3, "packages": {"": {"dependencies": {"openai": "^4.20.0"}},
     "node_modules/openai": {"version": "4.20.1", "dependencies": {"node-fetch": "^2.6.7"}}}}

Versions 2 and 3 name packages by the folders they are put in; version 1 nests them, which comes to
the same folders, and is read with the ``package.json`` beside it, since it does not tell which are
asked for. What a package needs is where Node looks: in its own folder, then in those above.
Reference: https://docs.npmjs.com/cli/configuring-npm/package-lock-json
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from scanner.manifests import Document, Found, Group, Manifest, Trouble, Unreadable
from scanner.manifests.dependency_graph import Entry, Graph
from scanner.manifests.line_index import OPENING_JSON_KEYS, LineIndex
from scanner.manifests.npm import (
    Unnamed,
    is_own,
    named,
    optional_peers,
    wanted,
    wanted_beside,
)
from scanner.manifests.parsing import typed_json
from scanner.manifests.untyped import mapping, text

_FOLDER = "node_modules/"
_NESTED_FIELDS = ("version", "dev", "optional", "devOptional", "requires")
_LONGEST, _DEEPEST = 1000, 100  # of a path, which is looked through for each need


class _Package(msgspec.Struct):
    """A package in a folder; the fields that packages bring themselves may be of any type."""

    name: Any = None
    version: Any = None
    resolved: Any = None
    link: Any = None
    dev: Any = None
    optional: Any = None
    devOptional: Any = None  # noqa: N815 - as the file names it
    requires: Any = None
    dependencies: Any = None
    optionalDependencies: Any = None  # noqa: N815
    devDependencies: Any = None  # noqa: N815
    peerDependencies: Any = None  # noqa: N815
    peerDependenciesMeta: Any = None  # noqa: N815


class _Lock(msgspec.Struct):
    lockfileVersion: Any = None  # noqa: N815
    packages: dict[str, _Package] | None = None
    dependencies: Any = None


def read(document: Document) -> Iterator[Found]:
    """Yield each package that was resolved."""
    lock = typed_json(document, _Lock)
    if lock.lockfileVersion is None and not lock.packages and not mapping(lock.dependencies):
        raise Unreadable("no lockfile of npm: it names neither its version nor packages")
    keys = LineIndex(document.text, OPENING_JSON_KEYS)
    if lock.packages:
        yield from _of_folders(lock.packages, keys).found()
    else:
        yield from _of_nested(document, mapping(lock.dependencies), keys).found()


def _of_folders(packages: dict[str, _Package], keys: LineIndex) -> Graph:
    graph, own = Graph(), []
    for path, one in packages.items():
        if _is_too_long(path):
            graph.troubles.append(Trouble("a package in a path too long", 0))
        elif one.link is True:
            continue
        elif _FOLDER not in path or is_own(text(one.resolved)):
            own.append((path, one))
        else:
            name = text(one.name) or path.rpartition(_FOLDER)[2]
            _add(graph, path, name, one, keys.of(path))
    for path, one in own:
        for want in wanted(one):
            if at := graph.first(_places(path, want.name)):
                graph.want(at, want.group)
    for path in graph.entries:
        graph.connect(path, _needs(path, packages[path], graph))
    return graph


def _is_too_long(path: str) -> bool:
    return len(path) > _LONGEST or path.count("/") > _DEEPEST


def _add(graph: Graph, path: str, name: str, one: _Package, line: int) -> None:
    try:
        found = named(name, text(one.version))
    except Unnamed as error:
        graph.troubles.append(Trouble(str(error), line))
        return
    if found:
        graph.entries[path] = Entry(found.purl, found.version, line, group=_group(one))


def _group(one: _Package) -> Group:
    """Return what npm found a package to be for; ``devOptional`` is one of two, and not needed to run."""
    if one.dev is True:
        return Group.DEV
    return Group.OPTIONAL if one.optional is True or one.devOptional is True else Group.RUNTIME


def _needs(path: str, one: _Package, graph: Graph) -> Iterator[tuple[str, bool]]:
    """Yield the folders of what a package needs, and whether it can do without.

    A peer that is optional is not put there by who may use it.
    """
    loose = optional_peers(one.peerDependenciesMeta)
    optional = mapping(one.optionalDependencies)
    for section in (one.dependencies, one.requires, optional, one.peerDependencies):
        for name in mapping(section):
            if section is one.peerDependencies and name in loose:
                continue
            if at := graph.first(_places(path, name)):
                yield at, name in optional


def _places(path: str, name: str) -> Iterator[str]:
    """Yield the folders where Node looks for a package that one in a folder needs."""
    if len(name) > _LONGEST:
        return
    while path:
        if not path.endswith("/node_modules") and path != "node_modules":
            yield f"{path}/{_FOLDER}{name}"
        path = path.rpartition("/")[0]
    yield f"{_FOLDER}{name}"


def _of_nested(document: Document, dependencies: dict[str, Any], keys: LineIndex) -> Graph:
    graph, packages = Graph(), dict[str, _Package]()
    lines = {name: iter(keys.all(name)) for name in _names(dependencies)}
    for path, about in _folders(dependencies):
        name = path.rpartition(_FOLDER)[2]
        line = next(lines[name], 0)
        if _is_too_long(path) or not isinstance(about, dict):
            graph.troubles.append(Trouble(f"cannot be understood: {name[:80]!r}", line))
            continue
        packages[path] = _Package(**{key: about.get(key) for key in _NESTED_FIELDS})
        _add(graph, path, name, packages[path], line)
    asked, graph.is_whole = wanted_beside(document)
    for want in asked:
        if at := graph.first(_places("", want.name)):
            graph.want(at, want.group)
    for path in graph.entries:
        graph.connect(path, _needs(path, packages[path], graph))
    return graph


def _folders(dependencies: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the packages that version 1 nests by the folders they are put in, in their order."""
    waiting = [("", iter(dependencies.items()))]
    while waiting:
        above, rest = waiting[-1]
        for name, about in rest:
            path = f"{above}{_FOLDER}{name}"
            yield path, about
            if nested := mapping(mapping(about).get("dependencies")):
                waiting.append((f"{path}/", iter(nested.items())))
                break
        else:
            waiting.pop()


def _names(dependencies: dict[str, Any]) -> set[str]:
    return {path.rpartition(_FOLDER)[2] for path, _ in _folders(dependencies)}


_SAMPLE = b"""{
  "name": "harbour-assistant",
  "lockfileVersion": 3,
  "requires": true,
  "packages": {
    "": {
      "name": "harbour-assistant",
      "workspaces": ["packages/*"],
      "dependencies": {
        "openai": "^4.20.0"
      },
      "devDependencies": {
        "typescript": "^5.4.0"
      }
    },
    "node_modules/@types/node": {
      "version": "18.19.31",
      "resolved": "https://packages.example.com/@types/node/-/node-18.19.31.tgz"
    },
    "node_modules/harbour-shared": {
      "resolved": "packages/shared",
      "link": true
    },
    "node_modules/openai": {
      "version": "4.20.1",
      "license": "Apache-2.0",
      "dependencies": {
        "@types/node": "^18.11.18"
      }
    },
    "node_modules/typescript": {
      "version": "5.4.5",
      "dev": true
    },
    "packages/shared": {
      "name": "harbour-shared",
      "version": "1.0.0"
    }
  }
}
"""
_NESTED = b"""{
  "name": "harbour-assistant",
  "lockfileVersion": 1,
  "requires": true,
  "dependencies": {
    "langchain": {
      "version": "0.0.212",
      "requires": {"openai": "^3.2.0"},
      "dependencies": {
        "openai": {
          "version": "3.3.0"
        }
      }
    },
    "openai": {
      "version": "4.20.1",
      "dev": true
    }
  }
}
"""

MANIFEST = Manifest(
    name="package-lock",
    title="npm lockfile (package-lock.json, npm-shrinkwrap.json)",
    files=("package-lock.json", "npm-shrinkwrap.json"),
    read=read,
    reference="https://docs.npmjs.com/cli/configuring-npm/package-lock-json",
    samples={"package-lock.json": _SAMPLE, "old/npm-shrinkwrap.json": _NESTED},
)
