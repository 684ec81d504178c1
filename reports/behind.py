"""What is behind a system: where it stands in code, what it may reach, what was seen, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reports.accounts import amount_of, money_of, plans_of, reaches_of
from reports.material import Material
from reports.paper import Block, Cell, Column, Facts, Table
from reports.texts import Texts
from scanner.model import Level

_OWNERS = 4  # of candidates that are named


def behind(material: Material, system: str, most: int | None = None) -> Iterator[Block]:
    """Yield everything that a system rests on; ``most`` bounds the rows of each table."""
    texts = material.texts
    facts = material.facts[system]
    yield Facts(tuple(_head(material, system)))
    if facts.reached:
        rows = [one.row(texts) for one in reaches_of(facts.reached)]
        yield _table(material, "reach", ("area", "may", "whose", "scopes"), rows, most)
    if facts.seats:
        plans = [tuple(one) for one in plans_of(facts.seats)]
        yield _table(material, "plans", ("plan", "#bought", "#assigned", "#unused"), plans, most)
    if facts.parts and (components := material.store.components_of(system)):
        columns = ("where", "supplier", "what", "version", "how", "purpose", "detection")
        yield _table(material, "parts", columns, map(_part, components), most)
    if hints := facts.hints:
        said = sorted({(one.kind.replace("_", " "), one.label, _place(one)) for one in hints})
        yield _table(material, "hints", ("kind", "what", "where"), said, most)
    seen = material.store.evidence_of(system)
    if hosts := material.store.hosts_of(system):
        named = [(one["host"], one["records"]) for one in hosts]
        yield _table(material, "hosts", ("host", "#records"), named, most)
    if seen:
        columns = ("where", "channel", "outcome", "level", "#events", "#people", "detection")
        yield _table(material, "seen", columns, _sights(material, seen), most)


def _head(material: Material, system: str) -> Iterator[tuple[str, Cell]]:
    texts = material.texts
    one, facts = material.systems[system], material.facts[system]
    yield texts("behind.id"), one.id
    yield texts("behind.what"), (texts.of("category", one.category), texts.of("kind", one.kind))
    yield texts("behind.status"), texts.of("status", one.status)
    yield texts("behind.first_last"), (texts.minute(one.first_seen), texts.minute(one.last_seen))
    owned = material.owners[system]
    names = [
        texts("behind.has_left", owner=each.owner, why=each.why)
        if each.has_left
        else texts("common.pair", what=each.owner, then=each.why)
        for each in owned.candidates[:_OWNERS]
    ]
    yield texts("behind.owners"), tuple(names) or texts("common.nobody")
    if facts.units:
        units = sorted(facts.units.items(), key=lambda each: (-each[1], each[0]))
        if (other := one.users - sum(facts.units.values())) > 0:
            units.append((texts("common.unit_unknown"), other))
        yield texts("behind.units"), tuple(_pair(texts, name, texts.number(n)) for name, n in units)
    if facts.spent:
        paid = [
            texts("behind.paid_in", amount=amount_of(each, texts), n=each.months)
            for each in money_of(facts.spent)
        ]
        yield texts("behind.paid"), tuple(paid)


def _pair(texts: Texts, what: str, then: str) -> str:
    return texts("common.pair", what=what, then=then)


def _table(
    material: Material,
    name: str,
    columns: Iterable[str],
    rows: Iterable[tuple[Cell, ...]],
    most: int | None,
) -> Table:
    """Return a table of the words of ``behind``; a column of numbers has a # before its name."""
    texts = material.texts
    titles = tuple(
        Column(texts(f"behind.column.{one.lstrip('#')}"), is_number=one.startswith("#"))
        for one in columns
    )
    known = list(rows)
    shown = known if most is None else known[:most]
    if len(shown) < len(known):
        more = texts("common.and_more", n=len(known) - len(shown))
        shown.append((more, *[None] * (len(titles) - 1)))
    return Table(texts(f"behind.{name}"), titles, tuple(shown), texts("common.nothing"))


def _part(one: Mapping[str, Any]) -> tuple[Cell, ...]:
    where = f"{one['file']}:{one['line']}"
    detection = f"{one['detection']} {one['confidence']} %"
    return (
        where,
        one["supplier"],
        one["value"],
        one["version"],
        one["tie"],
        one["purpose"],
        detection,
    )


def _place(one: Any) -> str:
    return f"{one.file}:{one.line}"


def _sights(material: Material, seen: Iterable[Mapping[str, Any]]) -> list[tuple[Cell, ...]]:
    """Return what was seen, the strongest first, each with its locator."""
    texts = material.texts
    ordered = sorted(seen, key=lambda one: (-one["level"], -one["events"], one["source"]))
    return [
        (
            f"{one['source']}:{one['line']}" if one["line"] else one["source"],
            texts.of("channel", one["channel"]),
            texts.of("action", one["action"]),
            texts.of("level", Level(one["level"]).label),
            one["events"],
            one["people"],
            f"{one['detection']} {one['confidence']} %",
        )
        for one in ordered
    ]
