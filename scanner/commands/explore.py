"""``gnomon explore``: the database in Datasette, for people who like SQL."""

from __future__ import annotations

import click

from scanner.commands._shared import db_option, settings


@click.command("explore")
@db_option
@click.option("--port", default=8043, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--frozen",
    "is_frozen",
    is_flag=True,
    help="Nothing writes to the file meanwhile: a copy of it.",
)
def command(db: str | None, port: int, is_frozen: bool) -> None:
    """Open the database in Datasette: the views with their descriptions, ten questions, SQL.

    It listens on this machine alone, reads and never writes, and prints a link that lets one browser
    in. It needs no network.
    """
    from scanner import output
    from scanner.web.exploring import explore

    config = settings(db=db)
    explore(config.database, config.organisation or "", port, is_frozen, output.say)
