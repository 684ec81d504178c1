"""``gnomon inventory``: the AI systems, and the evidence behind each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import click

from scanner.commands import _identity, _owners, _reconcile, _record, _roles
from scanner.commands._shared import (
    db_option,
    find_to_show,
    format_option,
    now,
    open_reader,
    settings,
)

if TYPE_CHECKING:
    from scanner.model import AISystem
    from scanner.output import OutputFormat
    from scanner.store import Reader

_COLUMNS = (
    "id", "name", "supplier", "kind", "status", "roles", "owner", "evidence_level", "events",
    "blocked", "users", "channels", "first_seen", "last_seen",
)  # fmt: skip

_HEAD = (
    "id", "name", "supplier", "category", "kind", "status", "evidence_level", "users", "events",
    "blocked", "channels", "first_seen", "last_seen", "owner",
)  # fmt: skip

_COMPONENT = ("supplier", "value", "version", "how", "purpose", "is_direct", "detection", "where")

_HINT = ("kind", "what", "why", "where", "places")

# What accounts list, in the order in which it is shown.
_OF_ACCOUNTS = {
    "apps": ("Applications", ("name", "idp", "client_id", "publisher", "created", "source")),
    "access": (
        "What it may reach",
        ("area", "may", "whose", "way", "granted_for", "consent", "scope", "rationale"),
    ),
    "plans": ("Plans and seats", ("plan", "bought", "assigned", "never_used", "source")),
    "assets": ("Kept in it", ("kind", "name", "owner", "created", "last_used", "detail")),
    "settings": ("Switched on or off", ("name", "unit", "is_on", "source")),
    "spend": ("Money", ("month", "currency", "amount", "lines", "people", "source")),
    "counts": ("Counted, not named", ("what", "number", "source")),
    "units": ("Units", ("unit", "people")),
}

_ROLE = ("role", "sub_role", "confidence", "status", "rules", "questions", "by")

_EVIDENCE = (
    "detection", "channel", "action", "level", "events", "actors", "first", "last", "where",
)  # fmt: skip

# A table that is shown: its title, its rows and its columns.
_Section = tuple[str, list[dict[str, Any]], tuple[str, ...]]

_DECISION = ("at", "about", "verdict", "reason", "by", "review_due", "conditions")


@click.group("inventory")
def command() -> None:
    """List the AI systems, and show the evidence behind one."""


for _command in (
    *_roles.COMMANDS,
    *_identity.COMMANDS,
    *_owners.COMMANDS,
    *_record.COMMANDS,
    *_reconcile.COMMANDS,
):
    command.add_command(_command)


@command.command("list")
@db_option
@format_option()
def list_systems(db: str | None, style: OutputFormat) -> None:
    """List every AI system that evidence shows.

    A role or an owner with a question mark is a candidate.
    """
    from scanner import output
    from scanner.inventory.owners import with_owners
    from scanner.inventory.review import reviewed
    from scanner.inventory.roles import with_roles

    config = settings(db=db)
    with open_reader(config) as store:
        facts = store.facts(is_summed=True)
        systems = reviewed(store, config.policy, now())
        systems = with_owners(with_roles(systems, store, config.roles, facts), store, config, facts)
    is_for_people = style in (output.OutputFormat.TABLE, output.OutputFormat.CSV)
    in_words = (
        {**row(one), "roles": _roles.in_words(one.roles), "owner": _owners.in_short(one.owner)}
        for one in systems
    )
    output.listing(in_words if is_for_people else map(row, systems), _COLUMNS, style)


@command.command("show")
@click.argument("system")
@db_option
@format_option("table", "json")
def show_system(system: str, db: str | None, style: OutputFormat) -> None:
    """Show one AI system (by id, name or vendor/product) with its evidence."""
    from scanner import output
    from scanner.inventory.merged import decided as decided_in
    from scanner.inventory.owners import owners as owners_of
    from scanner.inventory.review import reviewed

    config = settings(db=db)
    with open_reader(config) as store:
        found = find_to_show(store, reviewed(store, config.policy, now()), system)
        evidence = store.evidence_of(found.id)
        hosts = store.hosts_of(found.id)
        components = store.components_of(found.id)
        owners = store.owner_candidates_of(found.id)
        accounts = _accounts(store, found.id)
        hints = [_hint(one) for one in store.hints_of(found.id)]
        known = decided_in(store)
        facts = next(iter(store.facts([found.id])))
        owned = owners_of(store, config, [facts])[found.id]
    decisions = [asdict(one) for one in known.about(found.id)[::-1]]
    entry = {
        **row(replace(found, owner=owned.claim)),
        "owner_is_stale": owned.stale,
        **_roles.of_facts(facts, known.said(found.id), config),
        "decisions": decisions,
        "hosts": hosts,
        "evidence": [_evidence(one) for one in evidence],
        "components": [_component(one) for one in components],
        "owner_candidates": owners,
        "owner_ranking": [_owners.candidate(one) for one in owned.candidates],
        "hints": hints,
        **accounts,
    }
    if style is output.OutputFormat.JSON:
        output.document(entry)
        return
    owner = ", who ".join(filter(None, [_owners.in_words(owned.claim), owned.stale]))
    _show_head(entry, owner, style)
    for title, rows, columns in _sections(entry, is_built=bool(components)):
        output.show(f"\n{title}")
        output.listing(rows, columns, style)


def _show_head(entry: dict[str, Any], owner: str, style: OutputFormat) -> None:
    """Print what a system is, what is computed of it, its roles and what they leave to ask."""
    from scanner import output

    for name, value in ({name: entry[name] for name in _HEAD} | {"owner": owner}).items():
        output.show(f"{name.replace('_', ' '):<15} {output.text(value)}")
    for one in entry["computed"]:
        output.show(
            f"{one['field'].replace('_', ' '):<23} {output.text(one['value'])}: {one['why']}"
        )
    if entry["roles"]:
        output.show("\nRoles, for a person to confirm")
        roles = ({**one, "questions": " ".join(one["questions"])} for one in entry["roles"])
        output.listing(roles, _ROLE, style)
    for one in entry["role_notes"]:
        output.show(f"{one['rule']} {one['note'].replace('-', ' ')}: {one['question']}")


def _sections(entry: dict[str, Any], is_built: bool) -> Iterator[_Section]:
    """Yield the tables of a system that have something to say, in the order in which they are shown."""
    decisions = [_roles.with_subject(one) for one in entry["decisions"]]
    sections: list[_Section] = [
        ("Decisions", decisions, _DECISION),
        ("Made of", entry["components"], _COMPONENT),
        ("Who may own it", entry["owner_ranking"], _owners.CANDIDATE),
    ]
    if is_built:
        hints = [_in_words(one) for one in entry["hints"]]
        sections.append(("Hints, for a person to confirm", hints, _HINT))
    else:
        for name, (title, columns) in _OF_ACCOUNTS.items():
            sections.append((title, list(_each_once(entry[name], columns)), columns))
        sections.append(("Hosts", entry["hosts"], ("host", "records")))
    yield from (one for one in sections if one[1])
    if not is_built:
        yield "Evidence", entry["evidence"], _EVIDENCE


def _accounts(store: Reader, system: str) -> dict[str, list[dict[str, Any]]]:
    """Return what accounts list of a system; the names are those of ``_OF_ACCOUNTS``."""
    return {
        "apps": store.apps_of(system),
        "access": [_access(one) for one in store.access_of(system)],
        "plans": store.plans_of(system),
        "assets": store.assets_of(system),
        "settings": [{**one, "is_on": bool(one["is_on"])} for one in store.settings_of(system)],
        "spend": store.spends_of(system),
        "counts": store.counts_of(system),
        "units": store.units_of(system),
    }


def _each_once(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Yield rows that look different in a table: several sources may say the same."""
    seen: set[str] = set()
    for row in rows:
        looks = repr([row[name] for name in columns])
        if looks not in seen:
            seen.add(looks)
            yield row


def _access(one: dict[str, Any]) -> dict[str, Any]:
    """Return what an application may reach, as people read it."""
    write = one["can_write"]
    may = "not known" if write is None else "read and write" if write else "read"
    whose = "everybody's" if one["is_wide"] else "of who uses it"
    people = "1 person" if one["people"] == 1 else f"{one['people']:,} people"
    granted = "everyone" if one["is_for_all"] else people
    return {**one, "may": may, "whose": whose, "granted_for": granted}


def row(system: AISystem) -> dict[str, Any]:
    """Return a system as the listing shows it."""
    return {
        "id": system.id,
        "name": system.name,
        "supplier": system.supplier,
        "product": system.product,
        "category": system.category,
        "kind": system.kind,
        "status": system.status,
        "channels": list(system.channels),
        "evidence_level": "built" if system.level is None else system.level.label,
        "first_seen": system.first_seen,
        "last_seen": system.last_seen,
        "events": system.events,
        "blocked": system.blocked,
        "users": system.users,
        "bytes_up": system.bytes_up,
        "bytes_down": system.bytes_down,
        "roles": [_roles.in_short(one) for one in system.roles],
        "owner": asdict(system.owner) if system.owner else None,
    }


def _component(one: dict[str, Any]) -> dict[str, Any]:
    return {
        **one,
        "via": json.loads(one["via"]),
        "is_direct": None if one["is_direct"] is None else bool(one["is_direct"]),
        "is_built": bool(one["is_built"]),
        "is_shipped": bool(one["is_shipped"]),
        "how": f"{one['tie']}, undeclared" if one["is_undeclared"] else one["tie"],
        "where": f"{one['file']}:{one['line']}",
    }


def _hint(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "where": f"{one['file']}:{one['line']}"}


def _in_words(one: dict[str, Any]) -> dict[str, Any]:
    """Return a hint as people read it in a table."""
    kind = one["kind"].replace("_", " ")
    return {**one, "kind": kind, "what": f"perhaps {one['label']}", "why": one["reason"]}


def _evidence(one: dict[str, Any]) -> dict[str, Any]:
    from scanner.model import Level

    return {
        **one,
        "level": Level(one["level"]).label,
        "where": f"{one['source']}:{one['line']}" if one["line"] else one["source"],
    }
