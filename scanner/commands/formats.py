"""``gnomon formats``: which logs can be read, and what each can prove."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scanner.commands._shared import format_option

if TYPE_CHECKING:
    from scanner.output import OutputFormat


@click.command("formats")
@format_option()
def command(style: OutputFormat) -> None:
    """List the log formats and what each can prove."""
    from scanner import output
    from scanner.logs import Proof
    from scanner.registry import FORMATS, load

    rows = [
        {
            "name": plugin.value.name,
            "title": plugin.value.title,
            **{proof.value: proof in plugin.value.proves for proof in Proof},
            "reference": plugin.value.reference,
            "origin": plugin.origin,
        }
        for plugin in load(FORMATS)[0]
    ]
    output.listing(rows, ("name", "title", *(proof.value for proof in Proof)), style)
