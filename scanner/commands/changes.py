"""``gnomon changes``: what changed between two scans or two days, the gravest first."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from scanner.commands._shared import (
    db_option,
    find_to_show,
    format_option,
    now,
    open_reader,
    settings,
)

if TYPE_CHECKING:
    from scanner.inventory.changes import Change
    from scanner.output import OutputFormat
    from scanner.store import Reader

_COLUMNS = ("name", "grade", "kind", "at", "text")


@click.command("changes")
@db_option
@click.option("--since", metavar="DATE|SCAN", help="After that day, or that scan [default: ever].")
@click.option("--until", metavar="DATE|SCAN", help="Up to that day, or that scan [default: now].")
@click.option("--system", "wanted", metavar="SYSTEM", help="Of one AI system alone.")
@click.option(
    "--grade",
    type=click.Choice(["critical", "important", "routine"]),
    default="routine",
    show_default=True,
    help="Leave out what matters less.",
)
@click.option(
    "--days",
    type=click.IntRange(1, 3_650),
    default=30,
    show_default=True,
    help="What was not seen for so long is told.",
)
@format_option()
def command(
    db: str | None,
    since: str | None,
    until: str | None,
    wanted: str | None,
    grade: str,
    days: int,
    style: OutputFormat,
) -> None:
    """Say what changed: new systems, wider reach, other terms, silence, decisions that ran out.

    A day is one such as 2026-11-21, in UTC; a number is that of a scan. That a system was not seen
    is said only where every source that showed it was read whole for those days.
    """
    from scanner import output
    from scanner.inventory.changes import Grade, changes
    from scanner.inventory.policy import prohibited

    config = settings(db=db)
    grades = list(Grade)[: list(Grade).index(Grade(grade)) + 1]
    with open_reader(config) as store:
        system = find_to_show(store, store.systems(), wanted).id if wanted else None
        begin, end = _moment(since, store, False), _moment(until, store, True)
        barred = prohibited(store.systems(), config.policy, now())
        found = changes(store, begin, end, now(), days, barred)
    found = [one for one in found if one.grade in grades and system in (None, one.system)]
    if style is output.OutputFormat.TABLE:
        _print(found)
    else:
        output.listing((row(one) for one in found), (*_COLUMNS, "system"), style)


def row(one: Change) -> dict[str, Any]:
    """Return a change as a listing shows it."""
    return {
        "system": one.system,
        "name": one.name,
        "kind": one.kind,
        "grade": one.grade,
        "text": one.text,
        "at": one.at,
        "before": one.before,
        "after": one.after,
        "evidence": list(one.evidence),
    }


def _print(found: list[Change]) -> None:
    from scanner import output

    if not found:
        output.say("gnomon: nothing changed, as far as these scans show")
    for number, (name, group) in enumerate(groupby(found, key=lambda one: (one.name, one.system))):
        output.show(("\n" if number else "") + (name[0] or "(without a name)"))
        for one in group:
            output.show(f"  {one.grade:<9}  {one.at:%Y-%m-%d}  {one.text}")


def _moment(given: str | None, store: Reader, is_end: bool) -> datetime | int | None:
    """Return the scan or the time that an option names; a day ends with its last moment."""
    from datetime import UTC, timedelta

    from scanner.errors import UsageError

    if given is None:
        return None
    if given.isdecimal() and len(given) < 8:
        if int(given) not in {one.id for one in store.scans()} and int(given) != 0:
            raise UsageError(f"there is no scan {given}")
        return int(given)
    try:
        when = datetime.fromisoformat(given)
    except ValueError:
        raise UsageError(
            f"{given!r}: give a day such as 2026-11-21, or the number of a scan"
        ) from None
    if len(given) <= len("2026-11-21") and is_end:
        when += timedelta(days=1, microseconds=-1)
    return when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC)
