"""The lockfile of pnpm, in its versions 5 to 9.

    importers:                            packages:
      .:                                    openai@4.20.1(zod@3.23.8):
        dependencies:                         resolution: {integrity: sha512-Oei9…}
          openai:                           snapshots:
            specifier: ^4.20.0                openai@4.20.1(zod@3.23.8):
            version: 4.20.1(zod@3.23.8)         dependencies:
                                                  node-fetch: 2.7.0

Version 5 writes a package as ``/openai/4.20.1_zod@3.23.8``, version 6 as
``/openai@4.20.1(zod@3.23.8)``; what follows its version are the peers it was put beside. Before
version 9 ``snapshots`` are part of ``packages``; without a workspace there are no ``importers``.
It is read by lines, since a parser of YAML takes a hundred times as long.
Reference: https://github.com/pnpm/spec/tree/master/lockfile
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from scanner.manifests import Document, Found, Group, Manifest, Trouble, Unreadable
from scanner.manifests.dependency_graph import Entry, Graph
from scanner.manifests.npm import Unnamed, is_own, named, split

_PAIR = re.compile(r"""(?:'([^']*)'|"([^"]*)"|(.+?)):(?:[ ]+(.*))?""")
_VERSION = re.compile(r"""lockfileVersion:[ ]*['"]?(\d{1,4})""")
_GROUPS = {
    "dependencies": Group.RUNTIME,
    "optionalDependencies": Group.OPTIONAL,
    "devDependencies": Group.DEV,
}
_TOPS = frozenset({"importers", "packages", "snapshots", *_GROUPS})


@dataclass(slots=True)
class _Package:
    line: int
    name: str = ""
    version: str = ""
    is_dev: str = ""
    is_optional: str = ""
    needs: list[tuple[str, str, bool]] = field(default_factory=list)  # name, version, may lack
    peers: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Lock:
    major: int
    packages: dict[str, _Package] = field(default_factory=dict)
    snapshots: dict[str, _Package] = field(default_factory=dict)
    asked: dict[tuple[str, str, str], str] = field(default_factory=dict)  # importer, section, name


def read(document: Document) -> Iterator[Found]:
    """Yield each package that was resolved."""
    found = next((_VERSION.match(line) for line in document.lines if _VERSION.match(line)), None)
    if not found:
        raise Unreadable("no lockfile of pnpm: it names no lockfileVersion")
    lock = _Lock(int(found[1]))
    troubles = list(_fill(lock, document.lines))
    graph = _graph(lock)
    yield from graph.found()
    yield from troubles


def _fill(lock: _Lock, lines: list[str]) -> Iterator[Trouble]:
    """Read the lines into what they say, by how far they are set in; yield those that say nothing."""
    keys = [""] * 5
    is_known = is_told = False
    for number, line in enumerate(lines, 1):
        text = line.lstrip(" ")
        if not text or text[0] == "#":
            continue
        depth = (len(line) - len(text)) // 2
        if depth > 4 or (depth > 0 and not is_known):
            continue
        if text[:2] in ("? ", ": "):  # a key too long for its line, and what is below it
            depth += text[0] == ":"
            text = text[2:] + ":" * (text[0] == "?")
        pair = _PAIR.fullmatch(text.rstrip())
        if not pair:
            if depth == 0 and text.rstrip() != "---" and not is_told:
                is_told = True
                yield Trouble("a line that is of no section", number)
            continue
        keys[depth] = pair[1] or pair[2] or pair[3] or ""
        if depth == 0:
            is_known = keys[0] in _TOPS
        else:
            _take(lock, keys, depth, _bare(pair[4] or ""), number)


def _take(lock: _Lock, keys: list[str], depth: int, value: str, number: int) -> None:
    match keys[0]:
        case "packages":
            _take_package(lock.packages, keys, depth, value, number)
        case "snapshots":
            _take_package(lock.snapshots, keys, depth, value, number)
        case "importers":
            if keys[2] in _GROUPS:
                _take_asked(lock, (keys[1], keys[2], keys[3]), keys[4], depth - 3, value)
        case section:
            _take_asked(lock, ("", section, keys[1]), keys[2], depth - 1, value)


def _take_asked(
    lock: _Lock, asked: tuple[str, str, str], attribute: str, depth: int, value: str
) -> None:
    """Take ``name: 1.0.0``, or below the name ``version: 1.0.0``."""
    if (depth == 0 and value) or (depth == 1 and attribute == "version"):
        lock.asked[asked] = value


def _take_package(
    packages: dict[str, _Package], keys: list[str], depth: int, value: str, number: int
) -> None:
    if depth == 1:
        packages.setdefault(keys[1], _Package(number))
        keys[2] = ""
        return
    package = packages.get(keys[1])
    if package is None:
        return
    if depth == 3 and keys[2] in ("dependencies", "optionalDependencies"):
        package.needs.append((keys[3], value, keys[2] == "optionalDependencies"))
    elif depth == 3 and keys[2] == "peerDependencies":
        package.peers.add(keys[3])
    elif depth == 2:
        match keys[2]:
            case "name":
                package.name = value
            case "version":
                package.version = value
            case "dev":
                package.is_dev = value
            case "optional":
                package.is_optional = value


def _bare(value: str) -> str:
    quote = value[:1]
    return value[1:-1] if len(value) > 1 and quote in "'\"" and value.endswith(quote) else value


def _graph(lock: _Lock) -> Graph:
    graph, own = Graph(), []
    for key, one in (lock.snapshots or lock.packages).items():
        base = lock.packages.get(_without_peers(key), one)
        name, version = _named(key, base, lock.major)
        if is_own(version) or key.startswith("file:"):
            own.append(one)
            continue
        try:
            found = named(name, "")
        except Unnamed as error:
            graph.troubles.append(Trouble(str(error), one.line))
            continue
        if found:
            graph.entries[key] = Entry(found.purl, version, base.line, group=_group(one))
    for (_, section, name), version in lock.asked.items():
        if at := graph.first(_keys(name, version)):
            graph.want(at, _GROUPS[section])
    for one in own:
        for name, version, may_lack in one.needs:
            if at := graph.first(_keys(name, version)):
                graph.want(at, Group.OPTIONAL if may_lack else Group.RUNTIME)
    for key in graph.entries:
        graph.connect(key, _needs(lock, key, graph))
    return graph


def _needs(lock: _Lock, key: str, graph: Graph) -> Iterator[tuple[str, bool]]:
    """Yield the keys of what a package needs, and whether it can do without.

    A peer that is optional is not put there by who may use it.
    """
    one = (lock.snapshots or lock.packages)[key]
    peers = lock.packages.get(_without_peers(key), one).peers
    for name, version, may_lack in one.needs:
        if not (may_lack and name in peers) and (at := graph.first(_keys(name, version))):
            yield at, may_lack


def _keys(name: str, version: str) -> tuple[str, ...]:
    """Return how the versions of the lockfile write a package; an alias is written whole."""
    return f"{name}@{version}", f"/{name}@{version}", f"/{name}/{version}", version


def _named(key: str, package: _Package, major: int) -> tuple[str, str]:
    """Return name and version of a package."""
    bare = _without_peers(key)
    if major < 9:  # before the first slash is the registry, if it is not the default one
        bare = bare.partition("/")[2]
    if major >= 6:
        name, version = split(bare)
    else:
        name, version = _split_by_slash(bare)
    return package.name or name, package.version or version


def _split_by_slash(text: str) -> tuple[str, str]:
    """Return name and version of ``@scope/name/1.0.0_peer@2.0.0``."""
    count = 2 if text.startswith("@") else 1
    parts = text.split("/", count)
    if len(parts) <= count:
        return "", ""
    return "/".join(parts[:count]), parts[count].partition("_")[0]


def _without_peers(key: str) -> str:
    return key.partition("(")[0]


def _group(package: _Package) -> Group | None:
    """Return what a package is for, where the lockfile says; later ones do not."""
    if package.is_dev == "true":
        return Group.DEV
    if package.is_optional == "true":
        return Group.OPTIONAL
    return Group.RUNTIME if package.is_dev == "false" else None


_SAMPLE = b"""lockfileVersion: '9.0'

settings:
  autoInstallPeers: true

importers:

  .:
    dependencies:
      openai:
        specifier: ^4.20.0
        version: 4.20.1(zod@3.23.8)
    devDependencies:
      typescript:
        specifier: ^5.4.0
        version: 5.4.5

packages:

  '@types/node@18.19.31':
    resolution: {integrity: sha512-ArgCD39YpyyrtFKIqMDvjz79jto5fcI/SVUs2HwB+f0dAzq68yqOdyaSivLiLugSziTpNXLQrVb7RZFmdZzbhA==}

  openai@4.20.1:
    resolution: {integrity: sha512-Oei9OH4tRh0YqU3GxhX79dM/mwVgvbZJaSNaRk+bshkj0S5cfHcgYakreBjrHwatXKbz+IoIdYLxrKim2MjW0Q==}
    hasBin: true
    peerDependencies:
      zod: ^3.23.8

  typescript@5.4.5:
    resolution: {integrity: sha512-vcI4UpRgg81oIRUFwR0WSIHKt11nJ7SAVlYNIu+QpqeyXP+gpQJy/Z4+F0aGxSE4MqwjyXvW/TzgkLAx2AGHwQ==}

  zod@3.23.8:
    resolution: {integrity: sha512-XBx9AXhXktjUqnepgTiE5flcKIYWi/rme0Eaj+5Y0lftuGBq+jyRu/md4WnuxqgP1ubdpNCsYEYPxrzVHD8d6g==}

snapshots:

  '@types/node@18.19.31': {}

  openai@4.20.1(zod@3.23.8):
    dependencies:
      '@types/node': 18.19.31
      zod: 3.23.8

  typescript@5.4.5: {}

  zod@3.23.8: {}
"""
_OLD = b"""lockfileVersion: 5.4

specifiers:
  openai: ^3.3.0

dependencies:
  openai: 3.3.0

packages:

  /axios/0.26.1:
    resolution: {integrity: sha512-fPwcX4EvnSHuInCMItEhAGnaSEXRBjtzh9fOtsE6E1G6p7vl7edEeZe11QHf18+6+9gR5PbKV/sGKNaD8YaMeA==}
    dev: false

  /openai/3.3.0:
    resolution: {integrity: sha512-uqxI/Au+aPRnsaQRe8CojU0eCR7I0mBiKjD3sNMzY6DaC1ZVrc85u98mtJW6voDug8fgGN+DIZmTDxTthxb7dQ==}
    dependencies:
      axios: 0.26.1
    dev: false
"""

MANIFEST = Manifest(
    name="pnpm-lock",
    title="pnpm lockfile (pnpm-lock.yaml)",
    files=("pnpm-lock.yaml",),
    read=read,
    reference="https://github.com/pnpm/spec/tree/master/lockfile",
    samples={"pnpm-lock.yaml": _SAMPLE, "old/pnpm-lock.yaml": _OLD},
)
