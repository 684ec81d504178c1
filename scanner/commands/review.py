"""``gnomon review``: what people decide about AI systems, by command line and by spreadsheet."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from scanner.commands import _review_scope, _review_sheets
from scanner.commands._deciding import (
    STATES,
    by_option,
    day,
    reason_option,
    seen_option,
    standpoints,
    tell,
    utc,
)
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
    from collections.abc import Callable

    from scanner.inventory.review_lists import Standpoint
    from scanner.model import Decision
    from scanner.output import OutputFormat

_CODES = ("not_ai", "duplicate", "not_ours", "noise")
_LISTS = ("used-before-approved", "used-though-rejected", "ending", "undecided")

_LIST = ("id", "name", "supplier", "state", "why", "by", "review_due", "first_used", "last_used")
_SHOW = (
    "id", "name", "supplier", "state", "why", "decided", "by", "at", "reason", "code", "review_due",
    "conditions", "exceptions", "exceptions_ended", "first_used", "last_used",
    "used_before_approved", "used_though_rejected", "seen",
)  # fmt: skip
_HISTORY = (
    "number", "at", "act", "subject", "name", "verdict", "reason", "by", "review_due", "conditions",
    "also",
)  # fmt: skip


@click.group("review")
def command() -> None:
    """Decide on AI systems, and see what was decided, by whom, why and until when."""


for _command in (*_review_sheets.COMMANDS, *_review_scope.COMMANDS):
    command.add_command(_command)


@command.command("list")
@db_option
@click.option(
    "--state", "states", multiple=True, type=click.Choice(STATES), help="Only those in this state."
)
@click.option("--only", type=click.Choice(_LISTS), help="Only those to which this applies.")
@click.option(
    "--days",
    type=click.IntRange(0, 3660),
    default=30,
    show_default=True,
    metavar="N",
    help="How soon an approval ends to be listed by `--only ending`.",
)
@format_option()
def list_reviews(
    db: str | None, states: tuple[str, ...], only: str | None, days: int, style: OutputFormat
) -> None:
    """List where every AI system stands. An approval whose date is past is in review again."""
    from scanner import output

    config, when = settings(db=db), now()
    applies: dict[str | None, Callable[[Standpoint], bool]] = {
        None: lambda _: True,
        "used-before-approved": lambda one: one.is_used_before_approved,
        "used-though-rejected": lambda one: one.is_used_though_rejected,
        "ending": lambda one: one.ends_within(days, when),
        "undecided": lambda one: one.is_undecided,
    }
    with open_reader(config) as store:
        found = [one for one in standpoints(store, config, when) if applies[only](one)]
    shown = [one for one in found if not states or one.review.state in states]
    output.listing((_row(one, when) for one in shown), _LIST, style)


@command.command("show")
@click.argument("system")
@db_option
@format_option("table", "json")
def show_review(system: str, db: str | None, style: OutputFormat) -> None:
    """Show where one AI system (by id, name or vendor/product) stands, and all that was decided."""
    from scanner import output
    from scanner.inventory.merged import decided

    config, when = settings(db=db), now()
    with open_reader(config) as store:
        wanted = find_to_show(store, store.systems(), system).id
        every = standpoints(store, config, when)
        found = next(one for one in every if one.system.id == wanted)
        known = decided(store)
        names = {**known.names, wanted: found.system.name}
        decisions = [
            _decision(one, names.get(one.subject, "")) for one in known.about(wanted)[::-1]
        ]
    entry = {**_row(found, when), "decisions": decisions}
    if style is output.OutputFormat.JSON:
        output.document(entry)
        return
    for name in _SHOW:
        output.show(f"{name.replace('_', ' '):<20} {output.text(entry[name])}")
    if decisions:
        hidden = {"subject", "name"} if known.is_one(wanted) else {"subject"}
        output.show("\nDecisions")
        output.listing(decisions, [one for one in _HISTORY if one not in hidden], style)


@command.command("decide")
@click.argument("system")
@click.argument("verdict", type=click.Choice(STATES[1:]))
@by_option
@reason_option
@day("--review-due", "Until when it holds; every approval needs one.")
@click.option("--conditions", help="Under which conditions.")
@click.option(
    "--exception",
    "said",
    multiple=True,
    metavar="TEXT",
    help='Who may use it all the same: "unit=Sales until=2027-01-01", "users=ana,ben until=...".',
)
@click.option("--code", type=click.Choice(_CODES), default=None, help="Why it is dismissed.")
@seen_option
@db_option
def decide(
    system: str,
    verdict: str,
    by: str,
    reason: str,
    review_due: datetime | None,
    conditions: str | None,
    said: tuple[str, ...],
    code: str | None,
    seen: int | None,
    db: str | None,
) -> None:
    """Record a decision on an AI system. Nothing that was decided before is changed."""
    from scanner.errors import UsageError
    from scanner.inventory import review
    from scanner.inventory.verdicts import State, exemption
    from scanner.store import Store

    config = settings(db=db)
    try:
        exceptions = [exemption(one) for one in said]
    except ValueError as error:
        raise UsageError(f"--exception: {error}") from error
    with Store(config.database) as store:
        found = find_to_decide(store, system)
        outcome = review.decide(
            store, found.id, State(verdict), reason, by, now(), utc(review_due), conditions,
            exceptions, code or "", seen,
        )  # fmt: skip
    tell(found.name, verdict, outcome)


@command.command("history")
@click.argument("system", required=False)
@db_option
@format_option()
def history(system: str | None, db: str | None, style: OutputFormat) -> None:
    """List all that was decided, the newest first; also on what is gone from the inventory."""
    from scanner import output
    from scanner.errors import UsageError
    from scanner.inventory.merged import decided as decided_in

    with open_reader(settings(db=db)) as store:
        known = decided_in(store)
        names = {**known.names, **store.system_names()}
        listed = known.about(system)[::-1] if system else store.decisions()[::-1]
        if system and not listed:
            listed = known.about(find_to_show(store, store.systems(), system).id)[::-1]
    if system and not listed:
        output.say(f"gnomon: nothing was decided yet on {system}")
    if system is None and not listed and style is output.OutputFormat.TABLE:
        raise UsageError("nothing was decided yet; begin with `gnomon review decide`")
    rows = (_decision(one, names.get(one.subject, "")) for one in listed)
    output.listing(rows, _HISTORY, style)


def _row(one: Standpoint, when: datetime) -> dict[str, Any]:
    review = one.review
    in_force = review.exceptions_in_force(when)
    return {
        "id": one.system.id,
        "name": one.system.name,
        "supplier": one.system.supplier,
        "state": review.state,
        "why": review.why,
        "decided": review.decided,
        "by_policy": review.is_standing,
        "by": review.by,
        "at": review.at,
        "reason": review.reason,
        "code": review.code,
        "review_due": review.review_due,
        "conditions": review.conditions,
        "exceptions": [each.text for each in in_force],
        "exceptions_ended": [each.text for each in review.exceptions if each not in in_force],
        "changes": [
            {"kind": str(each.kind), "text": each.text, "at": each.at} for each in review.changes
        ],
        "first_used": one.first_used,
        "last_used": one.last_used,
        "used_before_approved": one.is_used_before_approved,
        "used_though_rejected": one.is_used_though_rejected,
        "seen": review.number,
    }


def _decision(decision: Decision, name: str) -> dict[str, Any]:
    also = [f"{key}: {_said(value)}" for key, value in sorted(decision.value.items())]
    return {**asdict(decision), "name": name or "(gone)", "also": also}


def _said(value: Any) -> str:
    """Return what a decision carries beside its verdict, as people read it."""
    if isinstance(value, dict):
        return " ".join(f"{key} {_said(one)}" for key, one in value.items() if one)
    if isinstance(value, list):
        return "; ".join(_said(one) for one in value)
    return str(value)
