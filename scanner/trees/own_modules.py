"""What the programs of a tree import from the tree itself: that is nobody's library, however it is called."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol

from scanner.trees.folders import TreeFile
from scanner.trees.namespaces import JVM, folders_of_packages

# Folders that programs are kept in, and not imported by.
_SOURCES = ("src", "lib", "python")
_SWIFT = ".swift"
_DEEPEST_IN_A_PACKAGE = 4
_GO_MODULE = re.compile(rb"^module[ \t]+\"?([^\s\"]+)", re.MULTILINE)
_MOST_OF_GO_MOD = 1024 * 1024


class _Tree(Protocol):
    def read(self, path: str, most: int = -1) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class OwnModules:
    """The modules that a tree has: of Python by where they are imported from, of the others by name."""

    python: dict[str, set[str]] = field(default_factory=dict)
    go: tuple[str, ...] = ()
    jvm: frozenset[str] = frozenset()
    swift: frozenset[str] = frozenset()

    def have(self, path: str, module: str) -> bool:
        """Whether a program imports what the tree itself has."""
        if path.endswith(".go"):
            return any(f"{module}/".startswith(f"{own}/") for own in self.go)
        if path.endswith(JVM):
            parts = module.split(".")  # the name of a package, of a class in it, of what that has
            ends = range(len(parts), max(len(parts) - _DEEPEST_IN_A_PACKAGE, 1), -1)
            return any("/".join(parts[:end]) in self.jvm for end in ends)
        if path.endswith(_SWIFT):
            return module in self.swift
        name, folder = module.partition(".")[0], posixpath.dirname(path)
        homes = self.python.get(name)
        if not homes or path == posixpath.join(folder, f"{name}.py"):  # a wrapper called alike
            return False
        while folder and folder not in homes:
            folder = posixpath.dirname(folder)
        return folder in homes


def own_modules(tree: _Tree, files: Collection[TreeFile]) -> OwnModules:
    """Return the modules that the files of a tree are."""
    return OwnModules(
        _of_python(file.path for file in files if file.path.endswith(".py")),
        tuple(_of_go(tree, files)),
        frozenset(folders_of_packages(file.path for file in files)),
        frozenset(_of_swift(file.path for file in files if file.path.endswith(_SWIFT))),
    )


def _of_python(paths: Iterable[str]) -> dict[str, set[str]]:
    """Return the modules that Python files are, each with the folders below which it is imported.

    A module of a package is imported by the package's name; its own may be that of a library.
    """
    files = set(paths)
    found: dict[str, set[str]] = {}
    for path in files:
        folder, name = posixpath.split(path)
        if name == "__init__.py":
            folder, name = posixpath.split(folder)
        if posixpath.join(folder, "__init__.py") not in files:
            homes = found.setdefault(name.removesuffix(".py"), set())
            homes.add(folder)
            if posixpath.basename(folder) in _SOURCES:
                homes.add(posixpath.dirname(folder))
    return found


def _of_go(tree: _Tree, files: Iterable[TreeFile]) -> Iterator[str]:
    for file in files:
        if posixpath.basename(file.path) == "go.mod":
            data = tree.read(file.path, _MOST_OF_GO_MOD) or b""
            yield from (one.decode("utf-8", "replace") for one in _GO_MODULE.findall(data))


def _of_swift(paths: Iterable[str]) -> Iterator[str]:
    """Yield the modules of Swift packages: each is a folder in Sources."""
    for path in paths:
        parts = path.split("/")
        yield from (name for above, name in pairwise(parts[:-1]) if above == "Sources")
