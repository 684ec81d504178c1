"""``gnomon inventory record | set``: the record of an AI system, and what people add to it."""

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
    open_signatures,
    settings,
)

if TYPE_CHECKING:
    from scanner.inventory.record import Record, Value
    from scanner.output import OutputFormat

_COLUMNS = ("no", "field", "value", "origin", "at", "source", "evidence")
_LONGEST = 120


@click.command("record")
@click.argument("system")
@db_option
@format_option("table", "json")
def show_record(system: str, db: str | None, style: OutputFormat) -> None:
    """Show the record of one AI system: every field, whose its value is, and what says so.

    What only people can say and nobody said is missing; `gnomon inventory set` fills it. The JSON is
    as docs/record.schema.json says.
    """
    from scanner import output
    from scanner.inventory.record import records

    config = settings(db=db)
    with open_reader(config) as store:
        wanted = find_to_show(store, store.systems(), system).id
        (found,) = records(store, open_signatures(config).matcher, config, now(), [wanted])
    if style is output.OutputFormat.JSON:
        output.document(found.document())
        return
    _show(found, style)


@click.command("set")
@click.argument("system")
@click.argument("field")
@click.argument("values", nargs=-1, metavar="VALUE...")
@click.option("--by", required=True, metavar="NAME", help="Who decides.")
@click.option("--reason", required=True, help="Why.")
@click.option("--withdraw", is_flag=True, help="Take back what was said of it.")
@db_option
def set_value(
    system: str,
    field: str,
    values: tuple[str, ...],
    by: str,
    reason: str,
    withdraw: bool,
    db: str | None,
) -> None:
    """Record what no evidence can say of an AI system, such as its purpose.

    `gnomon inventory record SYSTEM` lists the fields; some take several values. Nothing that was said
    before is changed: the newest word counts.
    """
    from scanner import output
    from scanner.errors import UsageError
    from scanner.inventory.record import set_field
    from scanner.store import Store

    if withdraw == bool(values):
        raise UsageError("give a value, or --withdraw without one")
    with Store(settings(db=db).database) as store:
        found = find_to_decide(store, system)
        outcome = set_field(store, found.id, field, values, reason, by, now())
    if outcome.note:
        output.say(f"gnomon: {outcome.note}")
    what = "is withdrawn" if withdraw else output.text([one.strip() for one in values])
    output.show(f"{found.name}: {field} {what}")


COMMANDS = (show_record, set_value)


def _show(found: Record, style: OutputFormat) -> None:
    from scanner import output

    output.show(f"{found.name} ({found.system})")
    groups = dict.fromkeys(one.group for one in found.values)
    for group in groups:
        output.show(f"\n{group}")
        output.listing((_row(one) for one in found.values if one.group == group), _COLUMNS, style)
    missing = [one.name for one in found.values if one.state == "missing"]
    output.show(f"\n{len(missing)} values are for people to give: {', '.join(missing)}")


def _row(one: Value) -> dict[str, Any]:
    said = f"{one.origin} by {one.by}" if one.by else str(one.origin)
    return {
        "no": one.number,
        "field": one.name,
        "value": _short(one.value),
        "origin": said,
        "at": one.at,
        "source": _cut(one.source),
        "evidence": _some(one.evidence),
    }


def _short(value: Any) -> str:
    """Return a value for one line: of many objects the first, and how many there are."""
    from scanner import output

    if isinstance(value, dict):
        parts = (f"{key} {_short(one)}" for key, one in value.items() if one not in (None, "", []))
        return _cut("; ".join(parts))
    if isinstance(value, list) and value and isinstance(value[0], dict):
        more = f" and {len(value) - 1:,} more" if len(value) > 1 else ""
        return _cut(_short(value[0])) + more
    return _cut(output.text(value))


def _some(ids: tuple[str, ...]) -> str:
    more = f" and {len(ids) - 2:,} more" if len(ids) > 2 else ""
    return _cut(", ".join(ids[:2])) + more


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ..."
