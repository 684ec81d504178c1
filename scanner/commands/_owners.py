"""``gnomon inventory owner | owners``: who answers for each AI system, and who may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scanner.commands._shared import (
    db_option,
    find_to_decide,
    find_to_show,
    format_option,
    now,
    open_reader,
    settings,
)

if TYPE_CHECKING:
    from scanner.config import Config
    from scanner.inventory.owners import Candidate, Ownership
    from scanner.model import AISystem, OwnerClaim
    from scanner.output import OutputFormat
    from scanner.store import Reader

_COLUMNS = ("id", "name", "owner", "unit", "status", "confidence", "why", "confirmed_by", "stale")
CANDIDATE = ("owner", "unit", "confidence", "why", "has_left")


@click.command("owner")
@click.argument("system")
@click.argument("name")
@click.option("--unit", default="", metavar="NAME", help="The unit [default: the directory's].")
@click.option("--by", required=True, metavar="NAME", help="Who decides.")
@click.option("--reason", required=True, help="Why.")
@click.option(
    "--seen",
    type=click.IntRange(0),
    metavar="NUMBER",
    help="The newest decision that you have seen; a newer one is a conflict.",
)
@db_option
def confirm_owner(
    system: str, name: str, unit: str, by: str, reason: str, seen: int | None, db: str | None
) -> None:
    """Record that NAME answers for an AI system. `gnomon inventory owners` lists who may."""
    from scanner import output
    from scanner.inventory.owners import confirm
    from scanner.store import Store

    config = settings(db=db)
    with Store(config.database) as store:
        found = find_to_decide(store, system)
        outcome = confirm(store, config, found.id, name, reason, by, now(), unit, seen)
    if outcome.note:
        output.say(f"gnomon: {outcome.note}")
    output.show(f"{found.name}: {name.strip()} answers for it")


@click.command("owners")
@click.argument("system", required=False)
@click.option(
    "--only",
    type=click.Choice(["confirmed", "candidate", "nobody", "stale"]),
    help="Only those; stale is whose owner has left since.",
)
@db_option
@format_option()
def list_owners(system: str | None, only: str | None, db: str | None, style: OutputFormat) -> None:
    """List who answers for each AI system, or may; with one SYSTEM every candidate for it."""
    from scanner import output

    config = settings(db=db)
    with open_reader(config) as store:
        systems = store.systems()
        if system is not None:
            systems = [find_to_show(store, systems, system)]
        rows = _rows(store, config, systems)
    if system is not None and style is output.OutputFormat.TABLE:
        for name in _COLUMNS:
            output.show(f"{name.replace('_', ' '):<15} {output.text(rows[0][name])}")
        output.show("")
        output.listing(rows[0]["candidates"], CANDIDATE, style)
        return
    shown = (
        one for one in rows if only in (None, one["status"]) or (only == "stale" and one["stale"])
    )
    output.listing(shown, _COLUMNS, style)


COMMANDS = (confirm_owner, list_owners)


def in_words(claim: OwnerClaim | None) -> str:
    """Return an owner as people read it: a candidate has a question mark."""
    if claim is None:
        return ""
    if claim.confirmed_by is None:
        return f"{claim.owner}? (a candidate: {claim.reason})"
    return f"{claim.owner} (confirmed by {claim.confirmed_by})"


def in_short(claim: OwnerClaim | None) -> str:
    """Return an owner as listings of systems have it."""
    if claim is None:
        return ""
    return claim.owner if claim.confirmed_by is not None else f"{claim.owner}?"


def candidate(one: Candidate) -> dict[str, Any]:
    """Return a candidate as JSON has it."""
    return {
        "owner": one.owner,
        "unit": one.unit,
        "confidence": one.confidence,
        "why": one.why,
        "has_left": one.has_left,
        "reasons": [
            {"reason": each.reason, "confidence": each.confidence, "source": each.source}
            for each in one.reasons
        ],
    }


def _rows(store: Reader, config: Config, systems: list[AISystem]) -> list[dict[str, Any]]:
    from scanner.inventory.owners import owners

    found = owners(store, config, store.facts([one.id for one in systems]))
    return [_row(one, found[one.id]) for one in systems if one.id in found]


def _row(system: AISystem, owned: Ownership) -> dict[str, Any]:
    claim = owned.claim
    status = "confirmed" if owned.confirmed else "candidate" if claim else "nobody"
    return {
        "id": system.id,
        "name": system.name,
        "owner": claim.owner if claim else "",
        "unit": owned.unit if owned.confirmed else _unit_of(owned),
        "status": status,
        "confidence": claim.confidence if claim else 0.0,
        "why": claim.reason if claim else "",
        "confirmed_by": claim.confirmed_by if claim else None,
        "confirmed_at": claim.confirmed_at if claim else None,
        "stale": owned.stale,
        "seen": owned.number,
        "candidates": [candidate(one) for one in owned.candidates],
    }


def _unit_of(owned: Ownership) -> str:
    return next((one.unit for one in owned.candidates if not one.has_left), "")
