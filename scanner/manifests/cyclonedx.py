"""CycloneDX bills of materials, whether they are JSON or XML: what their components come to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from scanner.manifests import Found, Group, Project, Trouble, Unreadable
from scanner.manifests.boms import entry_of, hosts_of
from scanner.manifests.dependency_graph import Entry, mentions

_SCOPES = {"optional": Group.OPTIONAL, "excluded": Group.DEV}
_DEV_PROPERTIES = frozenset(
    {
        "cdx:npm:package:development",
        "cdx:pnpm:package:development",
        "cdx:composer:package:isDevRequirement",
        "cdx:gem:gem:development",
    }
)
_RUNS = frozenset({"application", "container", "platform", "firmware", "device"})
_MODEL = "machine-learning-model"


class Part(NamedTuple):
    """A component, as the bill writes it."""

    ref: str = ""
    kind: str = ""
    group: str = ""
    name: str = ""
    version: str = ""
    purl: str = ""
    scope: str = ""
    is_dev: bool = False
    line: int = 0
    description: str = ""
    people: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        return f"{self.group}/{self.name}" if self.group else self.name


@dataclass(slots=True)
class Bill:
    about: Part | None = None  # what the bill is of
    parts: list[Part] = field(default_factory=list)
    endpoints: list[tuple[str, int]] = field(default_factory=list)
    needs: dict[str, list[str]] = field(default_factory=dict)


def is_dev(property_name: str, value: str) -> bool:
    """Whether a property says that a component is for development alone."""
    return property_name in _DEV_PROPERTIES and value.lower() == "true"


def found_in(bill: Bill) -> Iterator[Found]:
    about = bill.about
    parts = bill.parts
    if about and about.kind == _MODEL:
        parts = [about, *parts]
    elif about and about.name:
        yield Project(
            about.full_name,
            about.version,
            about.description,
            about.people,
            is_deployable=about.kind in _RUNS,
            line=about.line,
        )
    root = (about.ref or about.purl) if about else ""
    entries: dict[str, Entry] = {}
    for number, part in enumerate(parts):
        key = part.ref or part.purl or str(number)
        if key in entries or (key == root and part.kind != _MODEL):
            continue
        try:
            entries[key] = _entry(part, bill.needs.get(key, []))
        except Unreadable as error:
            yield Trouble(str(error), part.line)
    direct = bill.needs.get(root) if root else None
    yield from mentions(entries, dict.fromkeys(direct, Group.RUNTIME) if direct else None)
    for endpoint, line in bill.endpoints:
        yield from hosts_of(endpoint, line)


def _entry(part: Part, needs: list[str]) -> Entry:
    entry = entry_of(
        part.purl,
        part.full_name,
        part.version,
        part.line,
        part.kind == _MODEL,
        part.kind == "data",
    )
    entry.needs = needs
    entry.group = Group.DEV if part.is_dev else _SCOPES.get(part.scope.lower())
    return entry
