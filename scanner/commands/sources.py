"""``gnomon sources``: the accounts that can be asked, what that needs, costs, and whether it works."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scanner.commands._shared import db_option, format_option, now, settings

if TYPE_CHECKING:
    from integrations.connector import Connector
    from integrations.operations import Operation
    from scanner.config import SourceSettings
    from scanner.output import OutputFormat

_PROFILES = click.Choice(["core", "plus", "premium"])


@click.group("sources")
def command() -> None:
    """The accounts that can be asked: permissions, plan, check."""


@command.command("list")
@format_option()
def list_sources(style: OutputFormat) -> None:
    """List the connectors, and the accounts that gnomon.toml names."""
    from scanner import output
    from scanner.registry import CONNECTORS, values

    named = [one for one in settings().sources if one.connector]
    rows = [
        {
            "connector": one.name,
            "title": one.title,
            "operations": len(one.operations),
            "configured": ", ".join(
                source.name or one.name for source in named if source.connector == one.name
            ),
            "settings": ", ".join(setting.name for setting in one.settings if setting.is_required),
            "reference": one.reference,
        }
        for one in values(CONNECTORS)
    ]
    output.listing(rows, ("connector", "title", "operations", "configured", "settings"), style)


@command.command("permissions")
@click.argument("connector")
@click.option("--profile", type=_PROFILES, help="How much is to be read [default: core].")
@click.option("--also", multiple=True, metavar="OPERATION", help="An opt-in operation as well.")
@format_option()
def permissions(
    connector: str, profile: str | None, also: tuple[str, ...], style: OutputFormat
) -> None:
    """Print the exact scopes that a connector needs, why, and how they are granted."""
    from integrations.permissions import needed, titles
    from scanner import output

    found, source = _named(connector)
    operations = _operations(found, source, profile, also)
    scopes = needed(operations)
    rows = [
        {
            "scope": one.scope,
            "can write": "yes" if one.can_write else "no",
            "for": titles(one.operations),
            "why": " ".join(dict.fromkeys(operation.why for operation in one.operations)),
            "operations": [operation.id for operation in one.operations],
        }
        for one in scopes
    ]
    output.listing(rows, ("scope", "can write", "for"), style)
    if style == "table":
        _explain(found, source, [one.scope for one in scopes], operations)


def _explain(
    connector: Connector,
    source: SourceSettings,
    scopes: list[str],
    operations: tuple[Operation, ...],
) -> None:
    from scanner import output

    output.show(f"\nTo grant them: {connector.consent(source.settings, scopes)}")
    if connector.note:
        output.show(connector.note)
    for one in connector.operations:
        if one not in operations and one.can_write:
            output.show(
                f"Not asked for, since its scope can also write: {one.id} ({one.title}); "
                f"--also {one.id}"
            )


@command.command("plan")
@click.argument("connector")
@click.option("--people", type=click.IntRange(1), default=1000, show_default=True)
@click.option("--apps", type=click.IntRange(0), help="Applications [default: guessed].")
@click.option("--grants", type=click.IntRange(0), help="Grants [default: two for each person].")
@click.option("--profile", type=_PROFILES, help="How much is to be read [default: core].")
@click.option("--also", multiple=True, metavar="OPERATION", help="An opt-in operation as well.")
@format_option()
def plan(
    connector: str,
    people: int,
    apps: int | None,
    grants: int | None,
    profile: str | None,
    also: tuple[str, ...],
    style: OutputFormat,
) -> None:
    """Say how many requests a collection takes, and how many minutes, before it is run."""
    from integrations import planning
    from scanner import output

    found, source = _named(connector)
    operations = _operations(found, source, profile, also)
    planned = planning.plan(found, operations, planning.size_of(people, apps, grants))
    rows: list[dict[str, Any]] = [
        {
            "operation": one.operation.id,
            "title": one.operation.title,
            "requests": one.requests,
            "minutes": round(one.seconds / 60, 1),
        }
        for one in planned
    ]
    rows.append(
        {
            "operation": "all",
            "title": "",
            "requests": sum(one.requests for one in planned),
            "minutes": round(sum(one.seconds for one in planned) / 60, 1),
        }
    )
    output.listing(rows, ("operation", "title", "requests", "minutes"), style)


@command.command("check")
@click.argument("connector")
@format_option()
def check(connector: str, style: OutputFormat) -> int:
    """Ask a configured account one small question for each operation, and say what it may read."""
    from contextlib import ExitStack
    from pathlib import Path

    from integrations.accounts import asked, settings_of
    from integrations.checking import check as checked
    from integrations.network import Network
    from integrations.pace import SystemClock
    from integrations.permissions import compared, may_write
    from scanner import output
    from scanner.errors import ExitCode

    config = settings()
    found, source = _named(connector, is_configured=True)
    operations = _operations(found, source, None, ())
    with ExitStack() as stack:
        asking = asked(
            found,
            settings_of(found, source),
            Network(config.network),
            Path(config.folder or "."),
            SystemClock(),
            stack,
        )
        rows = [
            {"operation": one.operation.id, "state": one.state, "what to do": one.advice}
            for one in checked(operations, asking.transport, SystemClock().time())
        ]
    output.listing(rows, ("operation", "state", "what to do"), style)
    if asking.granted is not None:
        scopes = compared(operations, asking.granted)
        for scope in scopes.missing:
            output.say(f"missing: {scope}")
        for scope in scopes.excess:
            what = "; it can write: take it away" if may_write(scope) else ""
            output.say(f"more than is needed: {scope}{what}")
    is_whole = all(row["state"] in ("granted", "later") for row in rows)
    return ExitCode.DONE if is_whole else ExitCode.INCOMPLETE


@command.command("forget")
@click.argument("name")
@click.option("--by", required=True, metavar="NAME", help="Who decides.")
@click.option("--reason", required=True, metavar="WHY", help="Why.")
@db_option
def forget(name: str, by: str, reason: str, db: str | None) -> None:
    """Remove all evidence of the source NAME, as the scans name it, and record who decided it.

    A later scan that is given the source reads it again.
    """
    from scanner import output
    from scanner.inventory.sources import forget
    from scanner.store import Store

    with Store(settings(db=db).database) as store:
        number = forget(store, name, by, reason, now())
    output.show(f"{name}: forgotten, {number} stored {'copy' if number == 1 else 'copies'}")


def _named(name: str, is_configured: bool = False) -> tuple[Connector, SourceSettings]:
    """Return a connector and its settings, by the name of either."""
    from integrations.files import connector_named
    from scanner.commands._accounts import connector_of
    from scanner.config import SourceSettings
    from scanner.errors import UsageError

    for source in settings().sources:
        if source.connector and name in (source.name, source.connector):
            return connector_of(source), source
    found = connector_named(name)
    if found is None:
        raise UsageError(f"no connector {name!r}; see `gnomon sources list`")
    if is_configured:
        raise UsageError(f"{name}: gnomon.toml has no source with this connector")
    return found, SourceSettings(connector=name)


def _operations(
    connector: Connector, source: SourceSettings, profile: str | None, also: tuple[str, ...]
) -> tuple[Operation, ...]:
    from integrations.operations import Profile
    from scanner.errors import UsageError

    for one in also:
        if connector.operation(one) is None:
            raise UsageError(f"{connector.name} has no operation {one!r}")
    return connector.of_profile(Profile(profile or source.profile), (*source.also, *also))
