"""``gnomon serve``: the review application, in a browser."""

from __future__ import annotations

import click

from scanner.commands._shared import db_option, now, open_signatures, settings


@click.command("serve")
@db_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Where it listens.")
@click.option("--port", default=8042, show_default=True, type=click.IntRange(0, 65535))
@click.option("--by", metavar="NAME", help="Whose name decisions bear [default: your user name].")
def command(db: str | None, host: str, port: int, by: str | None) -> None:
    """Open the review application: what is new, what it can reach, who uses it, what to do.

    It listens on this machine alone, and prints a link that lets one browser in. Beyond this
    machine people sign in by OpenID Connect, or as a proxy says: see [web] in gnomon.toml.
    """
    from scanner import output
    from scanner.web.serving import serve

    serve(settings(db=db), open_signatures, host, port, by, now, output.say)
