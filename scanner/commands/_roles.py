"""``gnomon inventory roles``, and what people say of roles."""

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
    from collections.abc import Iterable

    from scanner.config import Config
    from scanner.inventory.origin import Computed
    from scanner.model import Decision, RoleClaim, SystemFacts
    from scanner.output import OutputFormat
    from scanner.store import Reader

_COLUMNS = (
    "system", "name", "role", "sub_role", "confidence", "status", "rules", "question", "by",
)  # fmt: skip

_by_option = click.option("--by", required=True, metavar="NAME", help="Who decides.")
_reason_option = click.option("--reason", required=True, help="Why.")


@click.command("roles")
@click.argument("system", required=False)
@db_option
@format_option()
def list_roles(system: str | None, db: str | None, style: OutputFormat) -> None:
    """List the roles that the organisation may hold for each AI system, or for one.

    Each has its rules, how sure they make it, and what a person is to say.
    """
    from scanner import output

    config = settings(db=db)
    with open_reader(config) as store:
        rows = _rows(store, config, system)
    output.listing(rows, _COLUMNS, style)


@click.command("confirm-role")
@click.argument("system")
@click.argument("role")
@click.option("--sub-role", default="", metavar="NAME", help="Such as deployer of a producer.")
@_by_option
@_reason_option
@db_option
def confirm_role(
    system: str, role: str, sub_role: str, by: str, reason: str, db: str | None
) -> None:
    """Record that the organisation holds a role for an AI system."""
    _decide(system, role, sub_role, "confirmed", by, reason, db)


@click.command("reject-role")
@click.argument("system")
@click.argument("role")
@_by_option
@_reason_option
@db_option
def reject_role(system: str, role: str, by: str, reason: str, db: str | None) -> None:
    """Record that the organisation does not hold a role for an AI system."""
    _decide(system, role, "", "rejected", by, reason, db)


COMMANDS = (list_roles, confirm_role, reject_role)


def role(claim: RoleClaim) -> dict[str, Any]:
    """Return a role as JSON has it."""
    return {
        "role": claim.role,
        "sub_role": claim.sub_role,
        "confidence": claim.confidence,
        "status": claim.status,
        "rules": list(claim.rules),
        "questions": list(claim.questions),
        "evidence": list(claim.evidence),
        "by": claim.by,
        "at": claim.at,
        "reason": claim.reason,
    }


def in_short(claim: RoleClaim) -> dict[str, Any]:
    """Return a role as listings of systems have it: its evidence is told of one system alone."""
    return {name: value for name, value in role(claim).items() if name != "evidence"}


def with_subject(decision: dict[str, Any]) -> dict[str, Any]:
    """Return a decision with what of the system it is about: a role, a field, its review."""
    value = decision["value"]
    about = value.get("role") or value.get("field") or decision["act"]
    said = value["value"] if "field" in value else decision["verdict"]
    return {**decision, "about": str(about).replace("_", " "), "verdict": said}


def in_words(claims: Iterable[RoleClaim]) -> list[str]:
    """Return roles as a table has them: candidates with a question mark, rejected ones not."""
    from scanner.model import RoleStatus

    marks = {RoleStatus.CONFIRMED: "", RoleStatus.CANDIDATE: "?"}
    return [f"{one.role}{marks[one.status]}" for one in claims if one.status in marks]


def of_facts(facts: SystemFacts, decisions: list[Decision], config: Config) -> dict[str, Any]:
    """Return what is worked out of one system: roles, notes of the rules, and computed values."""
    from scanner.inventory.origin import computed
    from scanner.inventory.roles import claims, fields, notes

    return {
        "roles": [role(one) for one in claims(facts, decisions, config.roles)],
        "role_notes": [one._asdict() for one in notes(facts, decisions, config.roles)],
        "computed": [_computed(one) for one in computed(facts)],
        "fields": fields(facts.id, decisions),
    }


def _computed(one: Computed) -> dict[str, Any]:
    return {
        "field": one.field,
        "value": list(one.value),
        "why": one.why,
        "evidence": list(one.evidence),
    }


def _rows(store: Reader, config: Config, wanted: str | None) -> list[dict[str, Any]]:
    from scanner.inventory.roles import claims_of

    systems = store.systems()
    if wanted is not None:
        systems = [find_to_show(store, systems, wanted)]
    found = claims_of(store, [one.id for one in systems], config.roles)
    return [
        {
            "system": one.id,
            "name": one.name,
            **role(claim),
            "question": claim.questions[0] if claim.questions else "",
        }
        for one in systems
        for claim in found.get(one.id, ())
    ]


def _decide(
    system: str, role: str, sub_role: str, verdict: str, by: str, reason: str, db: str | None
) -> None:
    from scanner import output
    from scanner.inventory.role_decisions import decide_role
    from scanner.model import RoleStatus
    from scanner.store import Store

    with Store(settings(db=db).database) as store:
        found = find_to_decide(store, system)
        outcome = decide_role(
            store, found.id, role, RoleStatus(verdict), reason.strip(), by.strip(), now(), sub_role
        )
    if outcome.note:
        output.say(f"gnomon: {outcome.note}")
    output.show(f"{found.name}: {role} {verdict}")
