"""Sections of papers as pages show them: short, so that a page stays quick to open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from reports.paper import Block, Paper, Said, Section, Table, Text, Tone
from reports.texts import Texts

_MOST = 40  # rows of a table


def in_short(sections: Iterable[Section], texts: Texts, most: int = _MOST) -> list[Section]:
    """Return sections whose long tables are cut, and say so: the document has them whole."""
    return [
        replace(
            one, blocks=tuple(each for block in one.blocks for each in _cut(block, texts, most))
        )
        for one in sections
    ]


def _cut(block: Block, texts: Texts, most: int) -> tuple[Block, ...]:
    if not isinstance(block, Table) or len(block.rows) <= most:
        return (block,)
    more = texts("web_pages.more_rows", n=len(block.rows) - most)
    shown = replace(block, rows=block.rows[:most], ids=block.ids[:most])
    return shown, Text((Said(more, Tone.SOFT),))


def by_id(paper: Paper) -> dict[str, Section]:
    """Return the sections of a paper by their ids."""
    return {one.id: one for one in paper.sections}
