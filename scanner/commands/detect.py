"""``gnomon detect``: which format a log is in, and why not another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scanner.commands._shared import format_option, formats_of, now, settings

if TYPE_CHECKING:
    from scanner.output import OutputFormat


@click.command("detect")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@format_option()
def command(file: str, style: OutputFormat) -> int:
    """Say which log format FILE is in, from its content, with the runners-up and why they lost."""
    from scanner import output, spill
    from scanner.errors import ExitCode
    from scanner.inputs import LogInput
    from scanner.logs.detection import judge
    from scanner.logs.streams import LogStream
    from scanner.reading.recognition import sample
    from scanner.registry import BINARIES, ENVELOPES, values

    source = LogInput(file)
    with spill.scratch() as folder, LogStream(source.file, (), values(BINARIES), folder) as stream:
        what = "the file is empty" if not stream.head else stream.not_a_log()
        clock = source.clock(now())
        verdicts = judge(formats_of(settings()), sample(stream), clock, values(ENVELOPES))
    rows = [
        {
            "format": verdict.format.name,
            "in": " > ".join(envelope.name for envelope in verdict.envelopes),
            "fits": verdict.is_fit and not what,
            "parsed": verdict.parsed,
            "ignored": verdict.ignored,
            "rejected": verdict.rejected,
            "of_lines": verdict.lines,
            "why_not": what or verdict.why_refused or _why_lost(place),
        }
        for place, verdict in enumerate(verdicts)
    ]
    columns = ("format", "in", "fits", "parsed", "ignored", "rejected", "of_lines", "why_not")
    output.listing(rows, columns, style)
    return ExitCode.DONE if rows[0]["fits"] else ExitCode.NOTHING_RECOGNISED


def _why_lost(place: int) -> str:
    return "" if place == 0 else "a format that says more fits too"
