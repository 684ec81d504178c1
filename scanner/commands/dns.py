"""``gnomon dns``: what the organisation's own domains publish: verified vendors, hosted chatbots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scanner.commands._shared import db_option, format_option, settings

if TYPE_CHECKING:
    from scanner.config import Config, SourceSettings
    from scanner.output import OutputFormat


@click.command("dns")
@click.argument("domains", nargs=-1, metavar="[DOMAIN]...")
@db_option
@click.option(
    "--from",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False),
    help="Read a zone file or saved answers of dig, and ask nobody.",
)
@click.option(
    "--resolver", metavar="ADDRESS[:PORT]", help="The name server [default: the system's]."
)
@click.option("--name", "names", multiple=True, metavar="LABEL", help="A name to try, beside the usual ones.")  # fmt: skip
@click.option(
    "--pace",
    type=click.FloatRange(0, 100, min_open=True),
    metavar="N",
    help="Questions a second [default: 10].",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, 60, min_open=True),
    metavar="SECONDS",
    help="How long to wait for an answer [default: 4].",
)
@format_option("table", "json")
def command(
    domains: tuple[str, ...],
    db: str | None,
    files: tuple[str, ...],
    resolver: str | None,
    names: tuple[str, ...],
    pace: float | None,
    timeout: float | None,
    style: OutputFormat,
) -> int:
    """Ask what your own domains publish, and add what it shows to the inventory.

    Verification records of AI vendors, names such as chat or help that lead to a chatbot's host,
    senders and servers of mail. Only names at and below each DOMAIN are asked for; without DOMAIN
    those that gnomon.toml calls the organisation's own.
    """
    from scanner.commands import scan
    from scanner.errors import UsageError

    config = settings(db=db)
    if files:
        if domains or resolver or names:
            raise UsageError("--from asks nobody: leave out DOMAIN, --resolver and --name")
        return scan.scan_and_print(config, scan.inputs_of(config, files), style)
    asked = domains or config.domains
    if not asked:
        raise UsageError("no domain: name one, or set domains in gnomon.toml")
    given = {
        "domains": ",".join(asked),
        "resolver": resolver or "",
        "names": ",".join(names),
        "pace": f"{pace:g}" if pace else "",
        "timeout": f"{timeout:g}" if timeout else "",
    }
    source = _source({name: value for name, value in given.items() if value})
    return scan.scan_and_print(_asking(config, source), [], style, scan.Wanted(asks=True))


def _source(given: dict[str, str]) -> SourceSettings:
    """Return the source, and say what it will ask. Raises ConfigError."""
    from integrations.accounts import settings_of
    from integrations.public_dns import CONNECTOR
    from integrations.public_dns.asker import servers_of
    from integrations.public_dns.asking import seconds
    from integrations.public_dns.names import domains_of, labels_of
    from scanner.config import SourceSettings
    from scanner.output import say

    source = SourceSettings(connector="dns", name="dns", settings=given)
    known = settings_of(CONNECTOR, source)
    domains, labels = domains_of(given["domains"]), labels_of(known.get("names", ""))
    where = ", ".join(map(str, servers_of(known.get("resolver", ""))))
    time = seconds(len(domains), len(labels), float(known["pace"]))
    say(
        f"gnomon: asking {where} about {', '.join(domains)}: about "
        f"{len(domains) * (len(labels) + 3)} questions, {time} seconds"
    )
    return source


def _asking(config: Config, source: SourceSettings) -> Config:
    """Return the settings with one source alone."""
    import msgspec

    return msgspec.structs.replace(config, sources=(source,))
