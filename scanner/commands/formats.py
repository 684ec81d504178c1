"""``gnomon formats``: which logs can be read, and what each can prove."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from scanner.commands._shared import format_option, formats_of, now, settings

if TYPE_CHECKING:
    from scanner.config import Config
    from scanner.logs import Format
    from scanner.output import OutputFormat


@click.command("formats")
@click.option("--check", is_flag=True, help="Read every format's samples, and say which fail.")
@format_option()
def command(check: bool, style: OutputFormat) -> int:
    """List the log formats and what each can prove."""
    from scanner import output
    from scanner.errors import ExitCode
    from scanner.logs import Proof

    config = settings()
    if not check:
        output.listing(_listed(config), ("name", "title", *(one.value for one in Proof)), style)
        return ExitCode.DONE
    rows = [*_checked_built_in(), *_checked_own(config)]
    output.listing(rows, ("name", "samples", "ok", "detail"), style)
    return ExitCode.DONE if all(row["ok"] for row in rows) else ExitCode.ERROR


def _listed(config: Config) -> list[dict[str, Any]]:
    from scanner.logs import Proof
    from scanner.registry import FORMATS, load

    origins = {plugin.value.name: plugin.origin for plugin in load(FORMATS)[0]}
    return [
        {
            "name": one.name,
            "title": one.title,
            **{proof.value: proof in one.proves for proof in Proof},
            "reference": one.reference,
            "origin": origins.get(one.name, "gnomon.toml"),
        }
        for one in formats_of(config)
    ]


def _checked_built_in() -> Iterator[dict[str, Any]]:
    """Yield what each format makes of its own sample: all of it must be records."""
    from scanner.registry import FORMATS, values

    for one in values(FORMATS):
        yield _row(one.name, one.sample.count(b"\n"), list(_failures(one)))


def _checked_own(config: Config) -> Iterator[dict[str, Any]]:
    from scanner.errors import ConfigError
    from scanner.logs.custom import failures, format_of

    for one in config.formats:
        try:
            found = list(failures(one, format_of(one)))
        except ConfigError as error:
            found = [str(error)]
        yield _row(one.name, len(one.samples), found)


def _failures(one: Format) -> Iterator[str]:
    from scanner.hosts import HostTable
    from scanner.logs import Tally
    from scanner.logs.clock import Clock
    from scanner.logs.detection import sample_lines
    from scanner.logs.lines import batch_of

    lines = sample_lines(one.sample)
    tally = Tally(read=len(lines))
    seen = list(one.read([batch_of(lines)], HostTable.of_every_host(), tally, Clock(now())))
    if not seen:
        yield "nothing comes out of its sample"
    for reject in tally.rejects:
        yield f"line {reject.line} of its sample: {reject.reason}: {reject.excerpt}"


def _row(name: str, samples: int, failures: list[str]) -> dict[str, Any]:
    return {"name": name, "samples": samples, "ok": not failures, "detail": "; ".join(failures)}
