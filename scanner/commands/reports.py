"""``gnomon reports``: which documents there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scanner.commands._shared import format_option

if TYPE_CHECKING:
    from scanner.output import OutputFormat


@click.command("reports")
@format_option()
def command(style: OutputFormat) -> None:
    """List the reports: what each is about, and the formats that it is written in."""
    from scanner import output
    from scanner.registry import REPORTS, values

    rows = (
        {
            "report": one.name,
            "title": one.title,
            "about": one.about or "",
            "formats": list(one.outputs),
        }
        for one in values(REPORTS)
    )
    output.listing(rows, ("report", "title", "about", "formats"), style)
