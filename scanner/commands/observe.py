"""``gnomon observe``: every record as Gnomon understands it, to check that a log is read right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from scanner.commands._shared import (
    ForcedFormat,
    known_format,
    log_options,
    settings,
    tools_of,
)

if TYPE_CHECKING:
    from scanner.inputs import LogInput, Refused
    from scanner.model import Observation
    from scanner.reading import Tools


@click.command("observe")
@click.argument("path", type=click.Path(exists=True, allow_dash=True))
@log_options
def command(path: str, log_format: ForcedFormat, tz: str | None, year: int | None) -> int:
    """Print every record of a log or a folder of logs as NDJSON, whatever its host.

    Nothing is stored, and nothing is pseudonymised: it is your own log. The account of the lines
    goes to stderr.
    """
    from scanner import output, spill
    from scanner.compiled import SignatureBase
    from scanner.config import zone_of
    from scanner.errors import ExitCode
    from scanner.inputs import LogInput, find_inputs, opened
    from scanner.privacy import Pseudonyms
    from scanner.trees import TreeInput

    config = log_format.added_to(settings())
    zone, year = zone_of(tz or config.logs.timezone), year or config.logs.year
    given = LogInput(path, known_format(log_format.name, config), zone, year)
    codes: set[int] = set()
    with spill.scratch() as folder:
        tools = tools_of(SignatureBase.of_nothing(), Pseudonyms(b""), folder, config=config)
        for found in find_inputs([given]):
            if isinstance(found, TreeInput):  # it observes nothing that happens
                continue
            for source in opened(found, folder):
                rows = _rows(tools, source, codes)
                output.listing(rows, (), output.OutputFormat.NDJSON)
                if isinstance(source, LogInput):
                    source.discard()
    failed = codes - {ExitCode.DONE}
    if not failed:
        return ExitCode.DONE
    return ExitCode.INCOMPLETE if ExitCode.DONE in codes else ExitCode.NOTHING_RECOGNISED


def _rows(tools: Tools, source: LogInput | Refused, codes: set[int]) -> Iterator[dict[str, Any]]:
    from scanner.errors import ExitCode, SourceError
    from scanner.inputs import Refused
    from scanner.logs import Tally
    from scanner.output import say
    from scanner.reading.tasks import observations

    if isinstance(source, Refused):
        say(f"gnomon: {source.name}: {source.reason}")
        codes.add(ExitCode.NOTHING_RECOGNISED)
        return
    tally, where = Tally(), source.label or source.path
    try:
        for seen in observations(tools, source, tally):
            yield _row(seen, where)
    except SourceError as error:
        say(f"gnomon: {error}")
        codes.add(ExitCode.NOTHING_RECOGNISED)
        return
    codes.add(ExitCode.DONE)
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(tally.ignored.items()))
    say(
        f"{where}: {tally.read} lines read, {tally.parsed} parsed, "
        f"{tally.ignored.total()} ignored{f' ({kinds})' if kinds else ''}, {tally.rejected} rejected"
    )
    for reject in tally.rejects:
        say(f"{where}:{reject.line}: {reject.reason}: {reject.excerpt}")


def _row(seen: Observation, source: str) -> dict[str, Any]:
    return {
        "ts": seen.ts,
        "ts_quality": seen.time_quality,
        "host": seen.value,
        "client": seen.client,
        "user": seen.user,
        "action": seen.action,
        "kind": seen.kind,
        "channel": seen.channel,
        "level": seen.level.label,
        "bytes": _total(seen.bytes_up, seen.bytes_down),
        "bytes_up": seen.bytes_up,
        "bytes_down": seen.bytes_down,
        "path": seen.path,
        "qtype": seen.qtype,
        "process": seen.process,
        "source": source,
        "line": seen.line,
    }


def _total(up: int | None, down: int | None) -> int | None:
    return None if up is None and down is None else (up or 0) + (down or 0)
