"""``gnomon suppliers``: who supplies AI to us, how much rests on whom, and the review of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scanner.commands import _supplier_review
from scanner.commands._shared import (
    db_option,
    format_option,
    open_reader,
    open_signatures,
    settings,
)

if TYPE_CHECKING:
    from scanner.inventory.suppliers import SupplierUse
    from scanner.output import OutputFormat

_COLUMNS = ("id", "name", "country", "models", "systems", "direct", "share", "on_it")
_SYSTEM = ("id", "name", "direct", "why")
_ANSWER = ("id", "topic", "standing", "state", "statements", "by", "seen")
_SHOWN = 5


@click.group("suppliers")
def command() -> None:
    """List the suppliers of the AI systems, and review them: answer, decide, ask them."""


for _command in _supplier_review.COMMANDS:
    command.add_command(_command)


@command.command("list")
@db_option
@format_option()
def list_suppliers(db: str | None, style: OutputFormat) -> None:
    """List every supplier with the systems that rest on it, the most first.

    A system rests on those it comes from, on those of its components, on those that its libraries
    are told to speak to (these are direct), and on those whose models a product of it runs on, as
    the catalogue says. The share is of all systems: they add up to more than 100 %.
    """
    from scanner import output

    rows = [_row(one) for one in _suppliers(db)]
    if style is output.OutputFormat.TABLE:
        rows = [{**one, "on_it": _some(one["on_it"])} for one in rows]
    output.listing(rows, _COLUMNS, style)


@command.command("show")
@click.argument("supplier")
@db_option
@format_option("table", "json")
def show_supplier(supplier: str, db: str | None, style: OutputFormat) -> None:
    """Show one supplier (by id or name): each system that rests on it with why, and its review.

    `gnomon report supplier SUPPLIER` says everything that is known of it.
    """
    from scanner import output
    from scanner.errors import UsageError

    key = supplier.casefold()
    found = [one for one in _suppliers(db) if key in (one.id, one.name.casefold())]
    if len(found) != 1:
        what = "several suppliers are" if found else "no supplier is"
        raise UsageError(f"{what} known as {supplier!r}; see `gnomon suppliers list`")
    row = _row(found[0])
    rests: list[dict[str, Any]] = [
        {"id": one.system, "name": one.name, "direct": one.is_direct, "why": list(one.why)}
        for one in found[0].rests
    ]
    review, answers = _review(found[0].id, db)
    if style is output.OutputFormat.JSON:
        output.document({**row, "on_it": rests, "review": {**review, "answers": answers}})
        return
    for name in _COLUMNS[:-1]:
        output.show(f"{name:<10} {output.text(row[name])}")
    output.show("")
    output.listing(({**one, "why": "; ".join(one["why"])} for one in rests), _SYSTEM, style)
    output.show("\nReview")
    for name, value in review.items():
        output.show(f"{name.replace('_', ' '):<16} {output.text(value)}")
    output.show("")
    output.listing(answers, _ANSWER, style)


def _review(supplier: str, db: str | None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return where the review of a supplier stands, and what became of each question."""
    config = settings(db=db)
    with open_reader(config) as store:
        (found,) = _supplier_review.records_in(store, config, supplier)
    decision = found.standing.decision
    review = {
        "state": found.standing.progress,
        "decision": decision.verdict if decision else None,
        "by": decision.by if decision else None,
        "next_due": found.standing.next_due,
        "due_because_of": [str(one.cause) for one in found.standing.triggers],
        "open_questions": len(found.open),
        "conflicts": len(found.conflicts),
        "stale_facts": len(found.stale),
        "look_first": found.triage.residual_tier,
    }
    answers = [
        {
            "id": one.question.id,
            "topic": one.question.topic,
            "standing": one.standing,
            "state": one.reply,
            "statements": len(one.statements),
            "by": one.said.by if one.said else None,
            "seen": one.seen,
        }
        for one in found.answers
    ]
    return review, answers


def _suppliers(db: str | None) -> list[SupplierUse]:
    from scanner.inventory.suppliers import suppliers

    config = settings(db=db)
    with open_reader(config) as store:
        return suppliers(store, store.systems(), open_signatures(config).matcher)


def _row(one: SupplierUse) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "country": one.country,
        "models": one.supplies_models,
        "systems": len(one.rests),
        "direct": one.direct,
        "share": f"{one.share:.0%}",
        "on_it": [rest.name for rest in one.rests],
    }


def _some(names: list[str]) -> list[str]:
    more = [f"and {len(names) - _SHOWN} more"] if len(names) > _SHOWN else []
    return names[:_SHOWN] + more
