"""The inventory as a list: systems that were chosen, in columns that were chosen.

It is what the review application shows, and what it hands out as a sheet; the register holds all
fields of all systems.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from reports.accounts import reaches_of
from reports.head import blind_section, head_of
from reports.material import Material
from reports.paper import Cell, Column, Paper, Said, Section, Table, Tone, say
from reports.pressing import question
from scanner.inventory.owners import Ownership
from scanner.inventory.review_lists import Standpoint
from scanner.inventory.scope import Scoped
from scanner.model import AISystem, RoleStatus

FIRST = "name"  # the column that is always there
USUAL = ("supplier", "kind", "status", "level", "people", "owner", "scope", "last_seen")
_LEVELS = ("listed", "attempt", "resolved", "connected", "used", "built")
_MOST = 4  # of several things in a cell


@dataclass(frozen=True, slots=True)
class Entry:
    """One system with all that a list may show of it."""

    system: AISystem
    stand: Standpoint
    scoped: Scoped
    owned: Ownership
    suppliers: tuple[str, ...]  # their ids
    known_since: datetime | None  # when the scan began that showed it first
    points: int  # that speak for looking at it first

    @property
    def level(self) -> str:
        return question(self.system)

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that are held or may be, the surest first."""
        held = (one.role for one in self.system.roles if one.status is not RoleStatus.REJECTED)
        return tuple(dict.fromkeys(held))

    @property
    def ownership(self) -> str:
        if self.owned.confirmed is not None:
            return "confirmed"
        return "candidate" if self.owned.claim is not None else "missing"


class Shown(NamedTuple):
    """How a column shows an entry, and in what order entries stand by it."""

    cell: Callable[[Entry, Material], Cell]
    key: Callable[[Entry], Any]
    width: int = 20
    is_number: bool = False


def entries(material: Material) -> list[Entry]:
    """Return every system, by name."""
    started = {one.id: one.started for one in material.scans}
    return [
        Entry(
            system=one,
            stand=material.standpoints[key],
            scoped=material.scopes[key],
            owned=material.owners[key],
            suppliers=tuple(filter(None, one.supplier_id.split(","))),
            known_since=started.get(one.first_scan),
            points=material.triage[key]["score"],
        )
        for key, one in material.systems.items()
    ]


def compose(
    material: Material, chosen: Sequence[Entry], columns: Sequence[str], said: Iterable[str]
) -> Paper:
    """Return the list as a paper. ``said`` are the words for what was chosen, none for everything."""
    texts = material.texts
    told = ", ".join(said)
    lead = texts("listing.chosen", what=told) if told else texts("listing.all")
    title = texts("listing.title")
    return Paper(
        name="inventory",
        title=title,
        subtitle=lead,
        head=head_of(material),
        sections=(
            Section("inventory", title, (say(lead), table(material, chosen, columns))),
            blind_section(material),
        ),
        data=None,
    )


def table(material: Material, chosen: Sequence[Entry], columns: Sequence[str]) -> Table:
    """Return the list as a table; its ids are those of the systems."""
    shown = [COLUMNS[name] for name in (FIRST, *columns)]
    texts = material.texts
    return Table(
        name=texts("listing.title"),
        columns=tuple(
            Column(texts(f"listing.column.{name}"), one.width, one.is_number)
            for name, one in zip((FIRST, *columns), shown, strict=True)
        ),
        rows=tuple(tuple(one.cell(entry, material) for one in shown) for entry in chosen),
        empty=texts("listing.none"),
        ids=tuple(entry.system.id for entry in chosen),
    )


def _some(names: Sequence[str], material: Material) -> Cell:
    more = len(names) - _MOST
    return (*names[:_MOST], material.texts("common.and_more", n=more)) if more > 0 else tuple(names)


def _owner(entry: Entry, material: Material) -> Cell:
    texts, claim = material.texts, entry.owned.claim
    if claim is None:
        return Said(texts("common.nobody"), Tone.BAD)
    if entry.owned.confirmed is None:
        return texts("common.to_confirm", what=claim.owner)
    return (
        Said(f"{claim.owner} ({entry.owned.stale})", Tone.BAD) if entry.owned.stale else claim.owner
    )


def _due(entry: Entry, material: Material) -> Cell:
    due = entry.stand.review.review_due
    if due is not None and due <= material.now:
        return Said(material.texts.day(due), Tone.BAD)
    return due and due.date()


def _reach(entry: Entry, material: Material) -> Cell:
    texts = material.texts
    return _some(
        [texts.of("area", one.area) for one in reaches_of(entry.stand.facts.reached)], material
    )


def _units(entry: Entry, material: Material) -> Cell:
    units = entry.stand.facts.units
    return _some([f"{name} ({units[name]})" for name in sorted(units)], material)


def _roles(entry: Entry, material: Material) -> Cell:
    texts = material.texts
    sure = {one.role for one in entry.system.roles if one.status is RoleStatus.CONFIRMED}
    words = [
        texts.of("role", one)
        if one in sure
        else texts("common.to_confirm", what=texts.of("role", one))
        for one in entry.roles
    ]
    return _some(words, material)


def _order(when: datetime | None) -> tuple[bool, float]:
    """Return what times are ordered by, those that nobody knows first."""
    return when is not None, when.timestamp() if when else 0.0


def _day(when: datetime | None) -> Cell:
    return when and when.date()


COLUMNS: Mapping[str, Shown] = {
    "name": Shown(lambda e, _: e.system.name, lambda e: e.system.name.casefold(), 28),
    "supplier": Shown(lambda e, _: e.system.supplier, lambda e: e.system.supplier.casefold(), 22),
    "kind": Shown(lambda e, m: m.texts.of("kind", e.system.kind), lambda e: e.system.kind, 10),
    "category": Shown(
        lambda e, m: m.texts.of("category", e.system.category), lambda e: e.system.category
    ),
    "status": Shown(
        lambda e, m: m.texts.of("status", e.stand.review.state), lambda e: e.stand.review.state
    ),
    "level": Shown(
        lambda e, m: m.texts.of("level", e.level), lambda e: _LEVELS.index(e.level), 14
    ),
    "people": Shown(lambda e, _: e.system.users, lambda e: e.system.users, 10, True),
    "units": Shown(_units, lambda e: -len(e.stand.facts.units), 24),
    "owner": Shown(_owner, lambda e: (e.ownership, e.system.name.casefold()), 26),
    "roles": Shown(_roles, lambda e: e.roles, 24),
    "scope": Shown(lambda e, m: m.texts.of("place", e.scoped.place), lambda e: e.scoped.place, 14),
    "reach": Shown(_reach, lambda e: len(e.stand.facts.reached), 24),
    "first_seen": Shown(
        lambda e, _: _day(e.system.first_seen), lambda e: _order(e.system.first_seen), 14
    ),
    "last_seen": Shown(
        lambda e, _: _day(e.system.last_seen), lambda e: _order(e.system.last_seen), 14
    ),
    "known_since": Shown(
        lambda e, _: _day(e.known_since), lambda e: _order(e.known_since), 14
    ),
    "review_due": Shown(_due, lambda e: _order(e.stand.review.review_due), 14),
    "events": Shown(lambda e, _: e.system.events, lambda e: e.system.events, 12, True),
    "sent": Shown(lambda e, _: e.system.bytes_up, lambda e: e.system.bytes_up, 12, True),
    "points": Shown(lambda e, _: e.points, lambda e: e.points, 10, True),
    "id": Shown(lambda e, _: e.system.id, lambda e: e.system.id, 20),
}  # fmt: skip
