"""``gnomon review export | import``: decisions by spreadsheet."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.commands._deciding import STATES, by_option, standpoints
from scanner.commands._shared import db_option, format_option, now, open_reader, settings

if TYPE_CHECKING:
    from scanner.output import OutputFormat


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--state", "states", multiple=True, type=click.Choice(STATES), help="Only those in this state."
)
@db_option
def export(file: Path, states: tuple[str, ...], db: str | None) -> None:
    """Write a spreadsheet (.xlsx or .csv) to decide in: one row for each AI system."""
    from scanner import output
    from scanner.errors import UsageError
    from scanner.inventory import decision_sheet as sheet

    if file.suffix.lower() not in (".xlsx", ".csv"):
        raise UsageError(f"{file}: give it a name that ends in .xlsx or .csv")
    config, when = settings(db=db), now()
    with open_reader(config) as store:
        found = standpoints(store, config, when)
    rows = list(sheet.rows_of(one for one in found if not states or one.review.state in states))
    is_workbook = file.suffix.lower() == ".xlsx"
    content = sheet.as_workbook(rows, when) if is_workbook else sheet.as_csv(rows)
    beside = file.with_name(f".{file.name}.part")
    try:
        beside.write_bytes(content)
        beside.replace(file)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise UsageError(f"{file}: cannot be written: {error.strerror or error}") from error
    output.say(f"Wrote {len(rows):,} AI systems to {file}; hand it back by `gnomon review import`")


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@by_option
@click.option(
    "--all-or-nothing/--valid-rows",
    "is_whole",
    default=True,
    show_default=True,
    help="Whether one row with an error keeps all from being recorded.",
)
@db_option
@format_option()
def import_(file: Path, by: str, is_whole: bool, db: str | None, style: OutputFormat) -> int:
    """Record the decisions of a spreadsheet, and say what became of each row.

    A system that somebody decided on since the spreadsheet was written is a conflict: it is told, and
    left as it is.
    """
    from scanner import output
    from scanner.errors import ExitCode, UsageError
    from scanner.inventory.decision_import import Result, import_decisions
    from scanner.store import Store

    try:
        content = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from error
    with Store(settings(db=db).database) as store:
        done = import_decisions(store, file.name, content, by, now(), not is_whole)
    output.listing((one._asdict() for one in done.results), Result._fields, style)
    counts: dict[str, int] = {}
    for one in done.results:
        counts[one.result] = counts.get(one.result, 0) + 1
    told = [f"{count:,} {what}" for what, count in sorted(counts.items())]
    told.append(f"{done.empty:,} {'row' if done.empty == 1 else 'rows'} without a decision")
    output.say(f"{', '.join(told)}; {file.name} is sha256:{done.sha256}")
    if done.passed_over:
        output.say(f"Columns passed over: {', '.join(done.passed_over)}")
    return ExitCode.DONE if done.is_whole else ExitCode.ERROR


COMMANDS = (export, import_)
