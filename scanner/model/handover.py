"""The inventory as it is handed on to other tools: plain values, with nothing left to look up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from scanner.model.facts import Part
from scanner.model.inventory import SystemKind
from scanner.model.signatures import Fact


class Usage(NamedTuple):
    """That somebody used a system on a day, as far as a network shows it.

    ``person`` is a code, or a name where people are stored by name. ``at`` is when it began.
    """

    system: str
    person: str
    unit: str
    host: str
    at: datetime
    is_blocked: bool
    events: int


@dataclass(frozen=True, slots=True)
class HandedSystem:
    """One AI system. ``fields`` are the values of its record that are known, as JSON has them."""

    id: str
    name: str
    kind: SystemKind
    product: str
    category: str
    suppliers: tuple[str, ...]  # ids
    fields: Mapping[str, Any]
    parts: tuple[Part, ...] = ()
    hosts: tuple[str, ...] = ()  # that it was seen under, the most first

    def text(self, field: str, otherwise: str = "") -> str:
        """Return a value that is one text."""
        value = self.fields.get(field)
        return value if isinstance(value, str) else otherwise

    def texts(self, field: str) -> list[str]:
        """Return a value that is several texts."""
        value = self.fields.get(field)
        return [str(one) for one in value] if isinstance(value, list) else []

    def part(self, field: str, name: str) -> Any:
        """Return a part of a value that is an object; None if it is not known."""
        value = self.fields.get(field)
        return value.get(name) if isinstance(value, Mapping) else None

    @property
    def owner(self) -> str:
        """Who answers for it, if a person has confirmed that; else "": a candidate is no owner."""
        is_confirmed = self.part("owner", "status") == "confirmed"
        return str(self.part("owner", "person")) if is_confirmed else ""


@dataclass(frozen=True, slots=True)
class HandedSupplier:
    """A supplier, with what the catalogue knows of it and the systems that come from it."""

    id: str
    name: str
    country: str | None
    legal_entity: str | None
    urls: Mapping[str, str]
    facts: tuple[Fact, ...]
    systems: tuple[str, ...]  # ids of those that rest on it directly
    verdict: str = ""  # of the newest decision on it
    review_due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Handover:
    """The inventory of an organisation at one moment. ``usages`` may be gone through again."""

    organisation: str
    made_at: datetime
    tool: str
    signatures: str
    privacy: str
    systems: tuple[HandedSystem, ...]
    suppliers: tuple[HandedSupplier, ...]
    usages: Iterable[Usage] = ()

    @property
    def names(self) -> dict[str, str]:
        """The names of suppliers, by their ids."""
        return {one.id: one.name for one in self.suppliers}
