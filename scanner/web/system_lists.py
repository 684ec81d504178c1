"""What stands behind a system, as tables: each whole on a page of its own, its beginning on the system's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from reports.accounts import amount_of, money_of, plans_of
from reports.material import Material
from reports.paper import Cell, Column, Said, Table, Tone
from reports.register_cells import word_of
from scanner.inventory.changes import changes
from scanner.model import Act, Decision

Rows = Iterable[tuple[Cell, ...]]


def listed(material: Material, system: str, name: str) -> Table:
    """Return a table by its name. Raises KeyError for one that there is not."""
    make, columns = LISTS[name]
    texts = material.texts
    titles = tuple(
        Column(texts(f"web_system.column.{one.lstrip('#')}"), is_number=one.startswith("#"))
        for one in columns
    )
    rows = tuple(make(material, system))
    return Table(texts(f"web_system.list.{name}"), titles, rows, texts("common.nothing"))


def _access(material: Material, system: str) -> Rows:
    """Yield every grant, the widest first, each scope with what it opens."""
    texts = material.texts
    named = material.store.app_names(system)
    for one in material.store.access_of(system):
        right = {None: "unknown", 0: "read", 1: "write"}[one["can_write"]]
        may = texts("common.pair", what=texts.of("area", one["area"]), then=texts.of("may", right))
        whose = texts(
            "web_system.wide" if one["is_wide"] else f"web_system.consent.{one['consent']}"
        )
        people = texts("web_system.everybody") if one["is_for_all"] else one["people"]
        is_grave = one["is_wide"] or (one["can_write"] and one["is_for_all"])
        yield (
            (named[one["app"]], Said(one["app"], Tone.SOFT)) if one["app"] in named else one["app"],
            Said(may, Tone.BAD) if is_grave else may,
            (one["scope"], one["rationale"]) if one["rationale"] else one["scope"],
            (texts(f"web_system.way.{one['way']}"), whose),
            people,
            one["source"],
        )


def _parts(material: Material, system: str) -> Rows:
    """Yield what it is made of, each with its file and line."""
    for one in material.store.components_of(system):
        what = " ".join(filter(None, (one["value"], one["version"])))
        told = (one["tie"], one["purpose"])
        undeclared = (material.texts("web_system.undeclared"),) if one["is_undeclared"] else ()
        yield (
            what,
            one["supplier"],
            (*(str(each).replace("_", " ") for each in told if each), *undeclared),
            f"{one['file']}:{one['line']}",
            f"{one['detection']} {one['confidence']} %",
        )


def _hints(material: Material, system: str) -> Rows:
    for one in material.store.hints_of(system):
        place = f"{one['file']}:{one['line']}"
        yield str(one["kind"]).replace("_", " "), one["label"], one["reason"], place


def _hosts(material: Material, system: str) -> Rows:
    return ((one["host"], one["records"]) for one in material.store.hosts_of(system))


def _kept(material: Material, system: str) -> Rows:
    """Yield what people keep in it: projects, keys, agents, models."""
    for one in material.store.assets_of(system):
        kind = str(one["kind"]).replace("_", " ")
        yield kind, one["name"] or one["asset"], one["owner"], one["detail"], one["source"]


def _switched(material: Material, system: str) -> Rows:
    texts = material.texts
    for one in material.store.settings_of(system):
        yield one["name"], one["unit"], texts.word(bool(one["is_on"])), one["source"]


def _plans(material: Material, system: str) -> Rows:
    return (tuple(one) for one in plans_of(material.facts[system].seats))


def _paid(material: Material, system: str) -> Rows:
    """Yield the money of each month; people and units are counted, and not named."""
    texts, facts = material.texts, material.facts[system]
    for one in sorted(facts.spent, key=lambda one: (one.month, one.currency), reverse=True):
        (money,) = money_of([one])
        yield one.month, amount_of(money, texts), one.people or None, one.source


def _units(material: Material, system: str) -> Rows:
    units = material.facts[system].units
    return sorted(units.items(), key=lambda one: (-one[1], one[0]))


def _history(material: Material, system: str) -> Rows:
    """Yield all that was decided on it and on its parts, the newest first."""
    for one in material.decided.about(system)[::-1]:
        about, verdict = in_words(material, one)
        yield (
            Said(str(one.number), Tone.SOFT),
            one.at,
            about,
            verdict,
            tuple(filter(None, (one.reason, one.conditions))),
            one.by,
            one.review_due.date() if one.review_due else None,
        )


def in_words(material: Material, one: Decision) -> tuple[str, str]:
    """Return what a decision is about, and what it says of that."""
    texts, value = material.texts, one.value
    about = texts(f"web_system.about.{one.act}")
    match one.act:
        case Act.REVIEW:
            return about, texts.of("status", one.verdict)
        case Act.SCOPE:
            return about, texts.of("place", one.verdict)
        case Act.ROLE:
            role = texts.of("role", value.get("role", ""))
            return texts("common.pair", what=about, then=role), texts.of("claim", one.verdict)
        case Act.OWNER:
            return about, str(value.get("owner", ""))
        case Act.FIELD:
            field = str(value.get("field", ""))
            label = f"register.field.{field}"
            return texts(label) if texts.has(label) else field, _filled(field, value, material)
        case Act.MERGE | Act.SPLIT:
            other = str(value.get("other") or value.get("name") or "")
            return about, material.decided.name(other)
        case Act.RENAME:
            return about, str(value.get("name") or texts("web_system.own_name"))
    return about, one.verdict.replace("_", " ")


def _filled(field: str, value: Mapping[str, Any], material: Material) -> str:
    said = value.get("value", "")
    several = said if isinstance(said, list) else [said]
    words = [one.get("class", "") if isinstance(one, dict) else one for one in several]
    told = [word_of(field, one, material.texts) for one in words if one]
    return ", ".join(told) or material.texts("web_system.withdrawn")


def _changes(material: Material, system: str) -> Rows:
    """Yield what changed of it since it was first seen, the newest first."""
    texts = material.texts
    found = changes(material.store, None, None, material.now)
    mine = [one for one in found if one.system == system]
    for one in sorted(mine, key=lambda one: (one.at, one.kind), reverse=True):
        tone = Tone.BAD if one.grade == "critical" else Tone.PLAIN
        yield one.at, Said(texts.of("grade", one.grade), tone), one.text


_Make = Callable[[Material, str], Rows]
LISTS: Mapping[str, tuple[_Make, tuple[str, ...]]] = {
    "access": (_access, ("app", "may", "scope", "agreed", "people", "source")),
    "plans": (_plans, ("plan", "#bought", "#assigned", "#unused")),
    "paid": (_paid, ("month", "#amount", "#people", "source")),
    "units": (_units, ("unit", "#people")),
    "parts": (_parts, ("what", "supplier", "how", "where", "detection")),
    "hints": (_hints, ("kind", "what", "why", "where")),
    "kept": (_kept, ("kind", "what", "owner", "detail", "source")),
    "switched": (_switched, ("setting", "unit", "on", "source")),
    "hosts": (_hosts, ("host", "#records")),
    "history": (_history, ("number", "at", "about", "verdict", "reason", "by", "until")),
    "changes": (_changes, ("at", "grade", "what")),
}
