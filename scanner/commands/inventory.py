"""``gnomon inventory``: the AI systems, and the evidence behind each."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from scanner.commands._shared import db_option, find_system, format_option, open_reader, settings

if TYPE_CHECKING:
    from scanner.model import AISystem
    from scanner.output import OutputFormat
    from scanner.store import Reader

_COLUMNS = (
    "id", "name", "supplier", "kind", "status", "evidence_level", "events", "blocked", "users",
    "channels", "first_seen", "last_seen",
)  # fmt: skip

_HEAD = (
    "id", "name", "supplier", "category", "kind", "status", "evidence_level", "users", "events",
    "blocked", "channels", "first_seen", "last_seen", "roles", "owner",
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

_DECISION = ("at", "verdict", "reason", "by", "review_due", "conditions")


@click.group("inventory")
def command() -> None:
    """List the AI systems, and show the evidence behind one."""


@command.command("list")
@db_option
@format_option()
def list_systems(db: str | None, style: OutputFormat) -> None:
    """List every AI system that evidence shows."""
    from scanner import output

    with open_reader(settings(db=db)) as store:
        systems = store.systems()
    output.listing((row(one) for one in systems), _COLUMNS, style)


@command.command("show")
@click.argument("system")
@db_option
@format_option("table", "json")
def show_system(system: str, db: str | None, style: OutputFormat) -> None:
    """Show one AI system (by id, name or vendor/product) with its evidence."""
    from scanner import output

    with open_reader(settings(db=db)) as store:
        found = find_system(store.systems(), system)
        evidence = store.evidence_of(found.product)
        hosts = store.hosts_of(found.product)
        components = store.components_of(found.product)
        owners = store.owner_candidates_of(found.id)
        accounts = _accounts(store, found.product)
        hints = [_hint(one) for one in store.hints_of(found.product)]
        decisions = [asdict(one) for one in store.decisions_on(found.id)]
    entry = {
        **row(found),
        "decisions": decisions,
        "hosts": hosts,
        "evidence": [_evidence(one) for one in evidence],
        "components": [_component(one) for one in components],
        "owner_candidates": owners,
        "hints": hints,
        **accounts,
    }
    if style is output.OutputFormat.JSON:
        output.document(entry)
        return
    for name in _HEAD:
        output.show(f"{name.replace('_', ' '):<15} {output.text(entry[name])}")
    if decisions:
        output.show("\nDecisions")
        output.listing(decisions, _DECISION, style)
    if components:
        output.show("\nMade of")
        output.listing(entry["components"], _COMPONENT, style)
    if owners:
        output.show("\nWho may own it")
        output.listing(owners, ("owner", "reason", "confidence"), style)
    if components:
        if hints:
            output.show("\nHints, for a person to confirm")
            output.listing((_in_words(one) for one in hints), _HINT, style)
        return
    for name, (title, columns) in _OF_ACCOUNTS.items():
        if accounts[name]:
            output.show(f"\n{title}")
            output.listing(accounts[name], columns, style)
    if hosts:
        output.show("\nHosts")
        output.listing(hosts, ("host", "records"), style)
    output.show("\nEvidence")
    columns = (
        "detection",
        "channel",
        "action",
        "level",
        "events",
        "actors",
        "first",
        "last",
        "where",
    )
    output.listing(entry["evidence"], columns, style)


def _accounts(store: Reader, product: str) -> dict[str, list[dict[str, Any]]]:
    """Return what accounts list of a product; the names are those of ``_OF_ACCOUNTS``."""
    return {
        "apps": store.apps_of(product),
        "access": [_access(one) for one in store.access_of(product)],
        "plans": store.plans_of(product),
        "assets": store.assets_of(product),
        "settings": [{**one, "is_on": bool(one["is_on"])} for one in store.settings_of(product)],
        "spend": store.spends_of(product),
        "counts": store.counts_of(product),
        "units": store.units_of(product),
    }


def _access(one: dict[str, Any]) -> dict[str, Any]:
    """Return what an application may reach, as people read it."""
    write = one["can_write"]
    may = "not known" if write is None else "read and write" if write else "read"
    whose = "everybody's" if one["is_wide"] else "of who uses it"
    granted = "everyone" if one["is_for_all"] else f"{one['people']:,} people"
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
        "roles": list(system.roles),
        "owner": system.owner,
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
