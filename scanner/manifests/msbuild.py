"""MSBuild's project files: their items and properties, and what files above them set for all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from scanner.manifests import Document, Unreadable
from scanner.manifests.parsing import Element, xml_of
from scanner.manifests.properties import filled

CENTRAL = "Directory.Packages.props"
_PROPERTY = re.compile(r"\$\(\s*([\w.-]{1,200})\s*\)")
_ABOVE = ("Directory.Build.props", CENTRAL)
_NAME = re.compile(r"[\w.-]{1,200}")


def project_of(document: Document) -> Element:
    """Return the root of a project file. Raises Unreadable."""
    return xml_of(document, "Project")


def items(root: Element, *tags: str) -> Iterator[Element]:
    """Yield the items of some types, wherever in the file: also those for one target or framework."""
    for one in root.children:
        if one.tag == "ItemGroup":
            yield from (item for item in one.children if item.tag in tags)
        elif one.tag in ("Choose", "When", "Otherwise", "Target"):
            yield from items(one, *tags)


def names(written: str) -> Iterator[str]:
    """Yield the names in an item's ``Include``: one, or several with semicolons between."""
    yield from filter(None, (one.strip() for one in written.split(";")))


def is_name(name: str) -> bool:
    """Say whether it can be a package's name: nothing computed, no wildcard."""
    return bool(_NAME.fullmatch(name))


def metadata(item: Element, name: str) -> str:
    """Return an item's metadata, written as an attribute or as a child; "" if it has none."""
    folded = name.lower()
    for attribute, value in item.attributes.items():
        if attribute.lower() == folded:
            return value.strip()
    return next((one.text.strip() for one in item.children if one.tag.lower() == folded), "")


class Properties:
    """The properties of a project: its own, then those of the files above that all projects read."""

    def __init__(self, document: Document, root: Element) -> None:
        self._values = dict(_own(root))
        for name in _ABOVE:
            found = document.above(name)
            if found and found.path != document.path:
                for key, value in shared(found.data)[0].items():
                    self._values.setdefault(key, value)

    def __getitem__(self, name: str) -> str:
        return self.text(self._values.get(name.lower(), ""))

    def text(self, written: str) -> str:
        """Return a text with its properties filled in; those that the tree does not hold stay."""
        return filled(written, _PROPERTY, lambda name: self._values.get(name.lower()))

    def version(self, written: str) -> str:
        """Return a version or range; "" where a property of it is set outside the tree."""
        found = self.text(written)
        return "" if "$(" in found or "@(" in found else found


@lru_cache(maxsize=32)
def shared(data: bytes) -> tuple[dict[str, str], dict[str, str]]:
    """Return the properties that a file above projects sets, and the versions of packages, by
    folded name, as written. Kept, as all projects ask for the same files. Nothing if it is unreadable.
    """
    try:
        root = project_of(Document(CENTRAL, data))
    except Unreadable:
        return {}, {}
    versions: dict[str, str] = {}
    for item in items(root, "PackageVersion"):
        for name in names(metadata(item, "Include") or metadata(item, "Update")):
            versions.setdefault(name.lower(), metadata(item, "Version"))
    return dict(_own(root)), versions


def _own(root: Element) -> Iterator[tuple[str, str]]:
    """Yield the properties of a file by folded name; of several of one name the last counts."""
    for one in root.children:
        if one.tag == "PropertyGroup":
            yield from ((value.tag.lower(), value.text.strip()) for value in one.children)
        elif one.tag in ("Choose", "When", "Otherwise"):
            yield from _own(one)
