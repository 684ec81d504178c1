"""Maven's project files with what they inherit: properties and versions from parents in the tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from scanner.manifests import Document, Unreadable
from scanner.manifests.parsing import Element, xml_of
from scanner.manifests.properties import filled

_PROPERTY = re.compile(r"\$\{([^${}]{1,200})\}")
_MOST_PARENTS = 10

Name = tuple[str, str]  # of a group and an artifact


@dataclass(frozen=True, slots=True)
class _Facts:
    """What one file says of itself, with nothing filled in."""

    root: Element
    properties: dict[str, str]
    managed: dict[Name, Element]


@dataclass(frozen=True)
class Pom:
    """A project file, and its parent if that lies in the tree."""

    facts: _Facts
    parent: Pom | None = field(default=None)

    @property
    def root(self) -> Element:
        return self.facts.root

    def text(self, written: str) -> str:
        """Return a text with its properties filled in; those that the tree does not hold stay."""
        return filled(written, _PROPERTY, lambda name: self._property(name.strip()))

    def version(self, written: str) -> str:
        """Return a version or range; "" where a property of it is set outside the tree."""
        found = self.text(written)
        return "" if "${" in found else found

    def managed(self, name: Name) -> Element | None:
        """Return what ``dependencyManagement`` here or in a parent says of an artifact."""
        return self._managed.get(name)

    @cached_property
    def _managed(self) -> dict[Name, Element]:
        found: dict[Name, Element] = {}
        pom: Pom | None = self
        while pom:
            for (group, artifact), element in pom.facts.managed.items():
                found.setdefault((self.text(group), self.text(artifact)), element)
            pom = pom.parent
        return found

    def _property(self, name: str) -> str | None:
        pom: Pom | None = self
        while pom:
            if (found := pom.facts.properties.get(name)) is not None:
                return found
            pom = pom.parent
        return self._coordinate(re.sub(r"^(?:project|pom)\.", "", name)) or None

    def _coordinate(self, name: str) -> str:
        above = self.root.child("parent")
        if name.startswith("parent."):
            return above.value(name.removeprefix("parent.")) if above else ""
        if name not in ("groupId", "artifactId", "version"):
            return ""
        own = self.root.value(name)
        return own or (above.value(name) if above and name != "artifactId" else "")


def pom_of(document: Document, depth: int = 0) -> Pom:
    """Return a project file with its parents in the tree. Raises Unreadable."""
    facts = _facts(document.data)
    return Pom(facts, _parent(document, facts.root, depth))


def profiles(root: Element) -> Iterator[Element]:
    """Yield the project and each of its profiles: all that can hold dependencies and plugins."""
    yield root
    yield from root.all("profiles", "profile")


def _parent(document: Document, root: Element, depth: int) -> Pom | None:
    parent = root.child("parent")
    if parent is None or depth >= _MOST_PARENTS:
        return None
    written = parent.child("relativePath")
    path = written.text.strip() if written else "../pom.xml"
    if not path:  # an empty path says that it is not in the tree
        return None
    found = document.beside(path if path.endswith(".xml") else f"{path}/pom.xml")
    if found is None:
        return None
    try:
        pom = pom_of(found, depth + 1)
    except Unreadable:
        return None
    return pom if pom.root.value("artifactId") == parent.value("artifactId") else None


@lru_cache(maxsize=32)
def _facts(data: bytes) -> _Facts:
    """Return what a file says; kept, as all its modules ask for a parent."""
    root = xml_of(Document("pom.xml", data), "project")
    properties: dict[str, str] = {}
    managed: dict[Name, Element] = {}
    for part in profiles(root):
        for element in part.all("properties"):
            for one in element.children:
                properties.setdefault(one.tag, one.text.strip())
        for one in part.all("dependencyManagement", "dependencies", "dependency"):
            managed.setdefault((one.value("groupId"), one.value("artifactId")), one)
        for one in part.all("build", "pluginManagement", "plugins", "plugin"):
            managed.setdefault((plugin_group(one), one.value("artifactId")), one)
    return _Facts(root, properties, managed)


def plugin_group(plugin: Element) -> str:
    """Return a plugin's group: Maven's own unless it is written."""
    return plugin.value("groupId") or "org.apache.maven.plugins"
