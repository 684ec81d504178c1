"""The lockfile of Yarn: version 1, and the one of Yarn 2 and later, called Berry.

    openai@^4.20.0:                     "openai@npm:^4.20.0":
      version "4.20.1"                    version: 4.20.1
      dependencies:                       resolution: "openai@npm:4.20.1"
        node-fetch "^2.6.7"               dependencies:
                                            node-fetch: ^2.6.7

A package is named by all that asks for it. Berry's file names the packages of the workspace, with
what they ask for, but not what for: that, and all of it in version 1, is in ``package.json``.
Reference: https://classic.yarnpkg.com/lang/en/docs/yarn-lock/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from scanner.manifests import Document, Found, Group, Manifest, Trouble, Unreadable
from scanner.manifests.dependency_graph import Entry, Graph
from scanner.manifests.npm import (
    Unnamed,
    Wanted,
    is_own,
    named,
    package_json,
    split,
    wanted,
    wanted_beside,
)

_KEYS = re.compile(r'"([^"]*)"|([^",\s]+)')
_PAIR = re.compile(r'"?([^"\s]+?)"?(?::\s+|\s+)"?([^"]*)"?')
_WORKSPACE = "@workspace:"
_NEEDS = {"dependencies": False, "optionalDependencies": True}
_META = "__metadata"


@dataclass(slots=True)
class _Entry:
    keys: list[str]
    line: int
    version: str = ""
    resolution: str = ""
    needs: list[tuple[str, str, bool]] = field(default_factory=list)  # name, version, may lack
    loose: set[str] = field(default_factory=set)  # needs that dependenciesMeta calls optional


def read(document: Document) -> Iterator[Found]:
    """Yield each package that was resolved."""
    graph = Graph()
    entries = list(_entries(document, graph))
    is_berry = any(one.keys == [_META] for one in entries)
    if not entries and "# yarn lockfile" not in document.text:
        raise Unreadable("no lockfile of Yarn: it has no entries")
    entries = [one for one in entries if one.keys != [_META]]
    places = _Places(entries)
    own = _add_packages(graph, entries)
    if is_berry:
        asked = list(_asked_by_workspaces(document, own))
    else:
        asked, graph.is_whole = wanted_beside(document)
    for want in asked:
        if (at := places.of(want.name, want.spec)) is not None:
            graph.want(str(at), want.group)
    for key in graph.entries:
        graph.connect(key, _needs(entries[int(key)], places))
    yield from graph.found()


def _needs(one: _Entry, places: _Places) -> Iterator[tuple[str, bool]]:
    """Yield the keys of what a package needs, and whether it can do without."""
    for name, version, may_lack in one.needs:
        if (at := places.of(name, version)) is not None:
            yield str(at), may_lack or name in one.loose


def _add_packages(graph: Graph, entries: list[_Entry]) -> list[_Entry]:
    """Add the packages to the graph; return the entries of one's own."""
    own = []
    for number, one in enumerate(entries):
        name, spec = split(one.resolution or one.keys[0])
        if is_own(spec):
            own.append(one)
            continue
        try:
            found = named(name, spec)
        except Unnamed as error:
            graph.troubles.append(Trouble(str(error), one.line))
            continue
        if found:
            graph.entries[str(number)] = Entry(found.purl, one.version, one.line)
    return own


class _Places:
    """Finds the entry of what is asked for."""

    def __init__(self, entries: list[_Entry]) -> None:
        self._by_key: dict[str, int] = {}
        self._by_name: dict[str, list[int]] = {}
        for number, one in enumerate(entries):
            for key in one.keys:
                self._by_key[key] = number
            for name in {split(key)[0] for key in one.keys}:
                self._by_name.setdefault(name, []).append(number)

    def of(self, name: str, spec: str) -> int | None:
        """Return the number of an entry; a forced version is the only one of its name."""
        for key in (f"{name}@{spec}", f"{name}@npm:{spec}"):
            if key in self._by_key:
                return self._by_key[key]
        numbers = self._by_name.get(name, [])
        return numbers[0] if len(numbers) == 1 else None


def _asked_by_workspaces(document: Document, own: list[_Entry]) -> Iterator[Wanted]:
    by_folder = {one.resolution.partition(_WORKSPACE)[2]: one for one in own}
    for folder, one in by_folder.items():
        manifest = package_json(document.beside(f"{folder}/package.json")) if folder else None
        asked = reversed(list(wanted(manifest))) if manifest else ()
        groups = {want.name: want.group for want in asked}
        for name, spec, may_lack in one.needs:
            is_loose = may_lack or name in one.loose
            group = groups.get(name, Group.OPTIONAL if is_loose else Group.RUNTIME)
            yield Wanted(name, spec, group, "dependencies")


def _entries(document: Document, graph: Graph) -> Iterator[_Entry]:
    entry: _Entry | None = None
    section = name = ""
    for number, line in enumerate(document.lines, 1):
        text = line.strip()
        if not text or text.startswith("#") or text == ":":
            continue
        indent = len(line) - len(line.lstrip(" "))
        if indent == 0:
            section, entry = "", _opened(line, number)
            if entry:
                yield entry
            elif not graph.troubles:
                graph.troubles.append(Trouble("a line that is of no entry", number))
        elif entry is None:
            continue
        elif indent == 2:
            section = text[:-1].strip('"') if text.endswith(":") else ""
            _set(entry, text)
        elif indent == 4:
            name = text.strip('":')
            if section in _NEEDS and (pair := _PAIR.fullmatch(text)):
                entry.needs.append((pair[1], pair[2], _NEEDS[section]))
        elif section == "dependenciesMeta" and text == "optional: true":
            entry.loose.add(name)


def _opened(line: str, number: int) -> _Entry | None:
    """Return the entry that a line opens; a very long key is after a question mark."""
    text = line.rstrip()
    if text.startswith("? "):
        text = text.removeprefix("? ")
    elif text.endswith(":"):
        text = text[:-1]
    else:
        return None
    found = [quoted or bare for quoted, bare in _KEYS.findall(text)]
    keys = [key for each in found for key in each.split(", ") if key]
    return _Entry(keys, number) if keys and (keys == [_META] or _are_keys(keys)) else None


def _are_keys(keys: list[str]) -> bool:
    return all("@" in key[1:] for key in keys)


def _set(entry: _Entry, text: str) -> None:
    if not text.startswith(("version", "resolution", '"version', '"resolution')):
        return
    if pair := _PAIR.fullmatch(text):
        if pair[1] == "version":
            entry.version = pair[2]
        elif pair[1] == "resolution":
            entry.resolution = pair[2]


_CLASSIC = b"""# THIS IS AN AUTOGENERATED FILE. DO NOT EDIT THIS FILE DIRECTLY.
# yarn lockfile v1


"@types/node@*", "@types/node@^18.11.18":
  version "18.19.31"
  resolved "https://packages.example.com/@types/node/-/node-18.19.31.tgz#b7d4a00f"
  integrity sha512-ArgCD39YpyyrtFKIqMDvjz79jto5fcI/SVUs2HwB+f0dAzq68yqOdyaSivLiLugSziTpNXLQrVb7RZFmdZzbhA==

openai@^4.20.0:
  version "4.20.1"
  resolved "https://packages.example.com/openai/-/openai-4.20.1.tgz#afa0d496"
  dependencies:
    "@types/node" "^18.11.18"
"""
_BERRY = b"""# This file is generated by running "yarn install" inside your project.
# Manual changes might be lost - proceed with caution!

__metadata:
  version: 8
  cacheKey: 10c0

"@types/node@npm:^18.11.18":
  version: 18.19.31
  resolution: "@types/node@npm:18.19.31"
  checksum: 10c0/bfebae8389220c0188492c82eaf328f4ba15e6e9b4abee33d6bf36d3b13f188c
  languageName: node
  linkType: hard

"harbour-assistant@workspace:.":
  version: 0.0.0-use.local
  resolution: "harbour-assistant@workspace:."
  dependencies:
    openai: "npm:^4.20.0"
  languageName: unknown
  linkType: soft

"openai@npm:^4.20.0":
  version: 4.20.1
  resolution: "openai@npm:4.20.1"
  dependencies:
    "@types/node": "npm:^18.11.18"
  bin:
    openai: bin/cli
  languageName: node
  linkType: hard
"""

MANIFEST = Manifest(
    name="yarn-lock",
    title="Yarn lockfile (yarn.lock)",
    files=("yarn.lock",),
    read=read,
    reference="https://classic.yarnpkg.com/lang/en/docs/yarn-lock/",
    samples={"yarn.lock": _CLASSIC, "berry/yarn.lock": _BERRY},
)
