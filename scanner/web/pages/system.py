"""One system: what it is, where it stands and why, what shows it, and what people say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from reports.material import Material
from reports.paper import Table
from reports.pressing import question, why
from scanner.inventory.role_rules import rules
from scanner.inventory.scope import Excluded
from scanner.model import Act, Decision, Level
from scanner.store.sight_reads import Wanted
from scanner.web.system_evidence import channels, day_of
from scanner.web.system_fields import fields
from scanner.web.system_lists import LISTS, in_words, listed
from scanner.web.visit import Answer, Page, Refused, Shown, Visit, number_of

_FEW = 6  # rows of each table on the first page
_PAGE, _MOST_PAGES = 100, 1_000_000
_ON_FIRST = ("access", "plans", "paid", "units", "parts", "hints", "kept", "switched", "hosts")


@dataclass(frozen=True, slots=True)
class Typed:
    """A form that could not be recorded: its name, what was typed, why not, who decided meanwhile."""

    form: str = ""
    said: Mapping[str, Sequence[str]] = field(default_factory=dict)
    flaw: str = ""
    newer: Decision | None = None

    def was(self, form: str, name: str, otherwise: str = "") -> str:
        """Return what was typed there; of another form what it begins with."""
        return (*self.all(form, name, (otherwise,)), "")[0]

    def all(self, form: str, name: str, otherwise: Sequence[str] = ()) -> Sequence[str]:
        """Return all that was typed or chosen there; of another form what it begins with."""
        return self.said.get(name, ()) if form == self.form else otherwise


_NOTHING = Typed()


def show(visit: Visit) -> Answer:
    """Show a system."""
    return shown(visit, visit.path["system"])


def shown(visit: Visit, system: str, typed: Typed = _NOTHING, status: int = 200) -> Answer:
    """Return the page of a system; a form that could not be recorded is filled in as it was."""
    material = visit.material
    if system not in material.standpoints:
        return Refused(404, visit.texts("web.refused.gone"))
    one = material.systems[system]
    return Shown(
        "system.html",
        {
            "system": one,
            "review": material.standpoints[system].review,
            "stand": material.standpoints[system],
            "now": visit.now,
            "why": why(material, one),
            "question": question(one),
            "facts": material.facts[system],
            "channels": channels(material, system),
            "lists": [_beginning(material, system, name) for name in _ON_FIRST],
            "history": _beginning(material, system, "history"),
            "fields": fields(material, system),
            "scoped": material.scopes[system],
            "exclusions": list(Excluded),
            "typed": typed,
            "newer": [(typed.newer, *in_words(material, typed.newer))] if typed.newer else [],
            **_people(material, system),
            **_identity(material, system),
        },
        status,
    )


def _beginning(material: Material, system: str, name: str) -> tuple[str, Table, int]:
    """Return the first rows of a table, and how many there are in all."""
    whole = listed(material, system, name)
    return name, replace(whole, rows=whole.rows[:_FEW]), len(whole.rows)


def _people(material: Material, system: str) -> dict[str, Any]:
    """Return what is said and asked of roles and owners."""
    known = rules()
    owned = material.owners[system]
    return {
        "roles": material.roles_in_full(system),
        "rule_titles": {one.id: one.title for one in known.rules},
        "other_roles": _other_roles(material, system),
        "sub_roles": {one.id: one.sub_roles for one in known.roles},
        "owned": owned,
        "candidates": owned.candidates,
        "seen_roles": _newest(material, system, Act.ROLE),
        "seen_fields": _newest(material, system, Act.FIELD),
    }


def _other_roles(material: Material, system: str) -> list[str]:
    told = {one.role for one in material.roles[system]}
    return [one.id for one in rules().roles if one.id not in told]


def _identity(material: Material, system: str) -> dict[str, Any]:
    """Return what merging, splitting and renaming begin with."""
    decided = material.decided
    mine = material.facts[system].suppliers
    near = [
        one
        for one in material.systems.values()
        if one.id != system and set(material.facts[one.id].suppliers) & set(mine)
    ]
    return {
        "merged": [(one, decided.name(one)) for one in decided.parts_of(system) if one != system],
        "near": near[:50],
        "detections": material.store.detections_in(system),
        "seen_identity": max(_newest(material, system, one) for one in Act),
    }


def _newest(material: Material, system: str, act: Act) -> int:
    newest = material.decided.newest(system, act)
    return newest.number if newest else 0


def evidence(visit: Visit) -> Answer:
    """Show the rows behind a figure: all, those of a channel or a detection, or the days of one row."""
    system, material = visit.path["system"], visit.material
    if system not in material.standpoints:
        return Refused(404, visit.texts("web.refused.gone"))
    name, back = material.systems[system].name, f"/systems/{system}"
    return rows_of(visit, system, name, (back, name), f"{back}/evidence")


def rows_of(visit: Visit, subject: str, name: str, back: tuple[str, str], at: str) -> Answer:
    """Return the rows of a system's evidence, or of a product's; with ``row`` the days of that one.

    ``at`` is the address of the rows, ``back`` that of where somebody comes from, and its name.
    """
    store, query = visit.material.store, visit.query
    wanted = Wanted(query.get("channel", ""), query.get("detection", ""))
    page, row = _page(visit), query.get("row", "")
    found = store.rows_of(subject, wanted, page * _PAGE, _PAGE + 1)
    days = store.days_of_row(subject, row, 400) if row else []
    return Shown(
        "system_evidence.html",
        {
            "name": name,
            "back": back[0],
            "back_name": back[1],
            "at": at,
            "rows": found[:_PAGE],
            "wanted": wanted,
            "page": page,
            "is_more": len(found) > _PAGE,
            "row": row,
            "days": days,
            "day_of": day_of,
            "level_of": lambda level: visit.texts.of("level", Level(level).label),
        },
    )


def whole(visit: Visit) -> Answer:
    """Show one table of a system from its beginning to its end, some rows at a time."""
    system, name, material = visit.path["system"], visit.path["name"], visit.material
    if system not in material.standpoints:
        return Refused(404, visit.texts("web.refused.gone"))
    if name not in LISTS:
        return Refused(404, visit.texts("web.refused.missing"))
    found = listed(material, system, name)
    page = _page(visit)
    return Shown(
        "system_list.html",
        {
            "system": material.systems[system],
            "list": name,
            "rows": replace(found, rows=found.rows[page * _PAGE : (page + 1) * _PAGE]),
            "count": len(found.rows),
            "page": page,
            "is_more": len(found.rows) > (page + 1) * _PAGE,
        },
    )


def _page(visit: Visit) -> int:
    return min(number_of(visit.query.get("page", "")), _MOST_PAGES)


PAGES = (
    Page("/systems/{system}", show),
    Page("/systems/{system}/evidence", evidence),
    Page("/systems/{system}/list/{name}", whole),
)
