"""``gnomon report``: documents made from the inventory."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.commands._shared import db_option, now, open_reader, settings

if TYPE_CHECKING:
    from scanner.config import Config


@click.command("report")
@click.argument("name", metavar="REPORT")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where to write it [default: standard output].",
)
@click.option(
    "--since",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    help="What was first met since this day counts as new [default: in the last scan].",
)
@db_option
def command(name: str, out: Path | None, since: datetime | None, db: str | None) -> None:
    """Write a report. REPORT is: brief (one page: what is new, what needs a decision, what are we
    blind to), or sarif (AI in source code, for code hosts).
    """
    from scanner import output

    text = make(name, since, settings(db=db))
    if out is None:
        output.raw(text)
        return
    write(out, text)
    output.say(f"Wrote {out}")


def make(name: str, since: datetime | None, config: Config) -> str:
    """Return the text of the report of that name."""
    from datetime import UTC

    from reports import Request
    from scanner.errors import UsageError
    from scanner.registry import REPORTS, values

    reports = {report.name: report for report in values(REPORTS)}
    if name not in reports:
        raise UsageError(f"no report is named {name!r}; there are: {', '.join(sorted(reports))}")
    request = Request(
        organisation=config.organisation or "your organisation",
        since=since.replace(tzinfo=UTC) if since else None,
        policy=config.policy,
        now=now(),
    )
    with open_reader(config) as store:
        text: str = reports[name].render(store, request)
    return text


def write(path: Path, text: str) -> None:
    """Write a document whole or not at all."""
    from scanner.errors import UsageError

    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error
