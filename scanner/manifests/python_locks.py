"""What the locks of Python's tools share: their packages, and the ways through them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from scanner.manifests import Document, Found, Group, Trouble, Unreadable
from scanner.manifests.dependency_graph import Entry, Graph
from scanner.manifests.parsing import toml_of
from scanner.manifests.python_packages import pypi

# Most of a lock is files with their hashes, a line each. tomllib is slow, and nobody asks for them.
_FILES = re.compile(
    r'^(?:[ \t]+\{ ?(?:file|url|name = "[^"\n]*", ?url) = [^\n]*\},?|sdist = \{[^\n]*\})\n',
    re.MULTILINE,
)


class Locked(NamedTuple):
    """One package of a lock."""

    purl: str
    version: str
    line: int
    needs: tuple[str, ...] = ()
    group: Group | None = None  # None: the lock does not say; what reaches the package does
    is_own: bool = False  # a folder of the same tree: what it needs is wanted directly


class Table(NamedTuple):
    """A package as the lock has it, and the line of its name."""

    values: dict[str, Any]
    line: int


def tables(document: Document, key: str) -> tuple[dict[str, Any], list[Table]]:
    """Return a TOML lock, and the tables of its packages. Raises Unreadable."""
    text = document.text.replace("\r\n", "\n")
    lean = _FILES.sub("", text)
    lock = toml_of(Document(document.path, lean.encode("utf-8", "replace")))
    packages = lock.get(key, [])
    known = any(word in lock for word in (key, "metadata", "version", "lock-version"))
    if not known or not isinstance(packages, list):
        raise Unreadable("not a lock of packages")
    lines = _lines(text, f"[[{key}]]")
    lines += [0] * (len(packages) - len(lines))
    pairs = zip(packages, lines, strict=False)
    return lock, [Table(one, line) for one, line in pairs if isinstance(one, dict)]


def _lines(text: str, header: str) -> list[int]:
    """Return the line below each header: a lock's package begins with its name."""
    lines = []
    line, at = 1, 0
    for found in re.finditer(rf"^{re.escape(header)}[ \t]*\n(name)?", text, re.MULTILINE):
        line += text.count("\n", at, found.start())
        at = found.start()
        lines.append(line + bool(found.group(1)))
    return lines


def text_of(values: Mapping[str, Any], key: str) -> str:
    """Return a text of a table; "" if there is none."""
    value = values.get(key)
    return value if isinstance(value, str) else ""


def purls_of(names: Iterable[Any]) -> Iterator[str]:
    """Yield the purls of names, those that are names."""
    for name in names:
        try:
            yield pypi(name if isinstance(name, str) else "")
        except Unreadable:
            continue


def founds(
    packages: Iterable[Locked | Trouble], roots: Iterable[tuple[str, Group]] | None
) -> Iterator[Found]:
    """Yield a mention of each package, once for each version.

    ``roots`` are the direct dependencies. Where nobody tells them, what no package needs is surely
    one, and of the others it stays open.
    """
    graph = Graph(is_whole=roots is not None)
    own: list[tuple[str, Group]] = []
    for one in packages:
        if isinstance(one, Trouble):
            yield one
        elif one.is_own:
            own += ((need, one.group or Group.RUNTIME) for need in one.needs)
        else:
            versions = graph.entries.setdefault(one.purl, Entry(""))
            key = f"{one.purl}#{len(graph.entries)}"
            versions.needs.append(key)
            graph.entries[key] = Entry(one.purl, one.version, one.line, [*one.needs], one.group)
    for name, group in (*(_unneeded(graph) if roots is None else roots), *own):
        graph.want(name, group)
    yield from graph.found()


def _unneeded(graph: Graph) -> Iterator[tuple[str, Group]]:
    packages = [one for one in graph.entries.values() if one.value]
    needed = {need for one in packages for need in one.needs if need != one.value}
    if needed:  # a lock without any dependency of a package does not tell
        yield from ((one.value, Group.RUNTIME) for one in packages if one.value not in needed)
