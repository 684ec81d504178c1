"""The text lockfile of Bun: JSON with last commas, each package a list on its line.

    "workspaces": {"": {"name": "assistant", "dependencies": {"openai": "^4.20.0"}}},
    "packages": {"openai": ["openai@4.20.1", "", {"dependencies": {"node-fetch": "^2.6.7"}}, "sha512-…"],}

The key of a package is where it is put: ``openai/node-fetch`` is one that openai alone uses. The
older ``bun.lockb`` is binary and not read.
Reference: https://bun.com/docs/pm/lockfile
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from scanner.manifests import Document, Found, Manifest, Trouble, Unreadable
from scanner.manifests.dependency_graph import Entry, Graph
from scanner.manifests.json_text import plain
from scanner.manifests.line_index import OPENING_JSON_KEYS, LineIndex
from scanner.manifests.npm import Unnamed, is_own, named, split, wanted
from scanner.manifests.parsing import typed_json
from scanner.manifests.untyped import mapping, texts

_LONGEST, _DEEPEST = 1000, 100  # of a key, which is looked through for each need


class _Manifest(msgspec.Struct):
    name: Any = None
    dependencies: Any = None
    optionalDependencies: Any = None  # noqa: N815 - as the file names it
    devDependencies: Any = None  # noqa: N815
    peerDependencies: Any = None  # noqa: N815
    peerDependenciesMeta: Any = None  # noqa: N815
    optionalPeers: Any = None  # noqa: N815


class _Lock(msgspec.Struct):
    lockfileVersion: Any = None  # noqa: N815
    workspaces: dict[str, _Manifest] = {}
    packages: dict[str, list[Any]] = {}


def read(document: Document) -> Iterator[Found]:
    """Yield each package that was resolved."""
    document = plain(document)
    lock = typed_json(document, _Lock)
    if lock.lockfileVersion is None and not lock.packages:
        raise Unreadable("no lockfile of Bun: it names neither its version nor packages")
    graph = Graph()
    _add_packages(graph, lock, LineIndex(document.text, OPENING_JSON_KEYS))
    for one in lock.workspaces.values():
        above = one.name if isinstance(one.name, str) else ""
        for want in wanted(_with_optional_peers(one)):
            if at := graph.first(_places(above, want.name)):
                graph.want(at, want.group)
    for key in graph.entries:
        graph.connect(key, _needs(key, lock.packages[key], graph))
    yield from graph.found()


def _add_packages(graph: Graph, lock: _Lock, keys: LineIndex) -> None:
    start = keys.of("packages")
    for key, about in lock.packages.items():
        line = keys.of(key, start)
        identity = about[0] if about else None
        if not isinstance(identity, str) or len(key) > _LONGEST or key.count("/") > _DEEPEST:
            graph.troubles.append(Trouble(f"cannot be understood: {key[:80]!r}", line))
            continue
        name, version = split(identity)
        try:
            found = None if is_own(version) else named(name, version)
        except Unnamed as error:
            graph.troubles.append(Trouble(str(error), line))
            continue
        if found:
            graph.entries[key] = Entry(found.purl, found.version, line)


def _needs(key: str, about: list[Any], graph: Graph) -> Iterator[tuple[str, bool]]:
    """Yield the keys of what a package needs, and whether it can do without.

    A peer that is optional is not put there by who may use it.
    """
    info = next((one for one in about if isinstance(one, dict)), {})
    loose = texts(info.get("optionalPeers"))
    for section in ("dependencies", "optionalDependencies", "peerDependencies"):
        for name in mapping(info.get(section)):
            if section == "peerDependencies" and name in loose:
                continue
            if at := graph.first(_places(key, name)):
                yield at, section == "optionalDependencies"


def _places(key: str, name: str) -> Iterator[str]:
    """Yield the keys of a package that one at a key needs: below it, then further up."""
    while key:
        yield f"{key}/{name}"
        key = key.rpartition("/")[0]
    yield name


def _with_optional_peers(one: _Manifest) -> _Manifest:
    meta = {name: {"optional": True} for name in texts(one.optionalPeers)}
    return msgspec.structs.replace(one, peerDependenciesMeta=meta)


_SAMPLE = b"""{
  "lockfileVersion": 1,
  "workspaces": {
    "": {
      "name": "harbour-assistant",
      "dependencies": {
        "openai": "^4.20.0",
      },
      "devDependencies": {
        "typescript": "^5.4.0",
      },
    },
  },
  "packages": {
    "@types/node": ["@types/node@18.19.31", "", { "dependencies": { "undici-types": "~5.26.4" } }, "sha512-ArgC"],

    "openai": ["openai@4.20.1", "", { "dependencies": { "@types/node": "^18.11.18" }, "bin": { "openai": "bin/cli" } }, "sha512-Oei9"],

    "typescript": ["typescript@5.4.5", "", {}, "sha512-vcI4"],
  }
}
"""

MANIFEST = Manifest(
    name="bun-lock",
    title="Bun lockfile (bun.lock)",
    files=("bun.lock",),
    read=read,
    reference="https://bun.com/docs/pm/lockfile",
    samples={"bun.lock": _SAMPLE},
)
