"""Papers as Markdown: headings, lists and tables, whatever stands in the cells."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.paper import Block, Bullets, Chart, Facts, Paper, Section, Table, Text
from reports.texts import Texts
from reports.writers import in_words

# What Markdown would take for markup; a slash keeps each what it is.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#|!~&]|^[-+=])")
_LINK = re.compile(r"(?i)\b(https?|ftp|www|mailto)(?=[:.])")


def write(paper: Paper, texts: Texts) -> str:
    """Return the paper as Markdown."""
    return "\n".join(_lines(paper, texts)).rstrip() + "\n"


def _lines(paper: Paper, texts: Texts) -> Iterator[str]:
    yield from (f"# {plain(paper.title)}", "")
    if paper.subtitle:
        yield from (plain(paper.subtitle), "")
    yield from _block(Facts(paper.head.as_rows), texts)
    for section in paper.sections:
        yield from _section(section, texts)


def _section(section: Section, texts: Texts) -> Iterator[str]:
    yield from (f"{'#' * (section.level + 1)} {plain(section.title)}", "")
    for block in section.blocks:
        yield from _block(block, texts)


def _block(block: Block, texts: Texts) -> Iterator[str]:
    match block:
        case Text():
            words = "".join(plain(in_words(one, texts)) for one in block.parts)
            yield f"> **{words}**" if block.is_notice else words
        case Bullets():
            yield from (f"- {plain(in_words(one, texts))}" for one in block.items)
        case Facts():
            yield from (f"- **{plain(name)}**: {_cell(value, texts)}" for name, value in block.rows)
        case Table():
            yield from _table(block, texts)
        case Chart():
            yield f"{plain(block.title)}: " + ", ".join(
                f"{plain(one.label)} {texts.number(one.value)}" for one in block.points
            )
    yield ""


def _table(table: Table, texts: Texts) -> Iterator[str]:
    if not table.rows:
        yield plain(table.empty)
        return
    yield "| " + " | ".join(plain(one.title) for one in table.columns) + " |"
    yield "|" + "|".join(" ---: " if one.is_number else " --- " for one in table.columns) + "|"
    for row in table.rows:
        yield "| " + " | ".join(_cell(one, texts) for one in row) + " |"


def _cell(cell: object, texts: Texts) -> str:
    return plain(in_words(cell, texts))  # type: ignore[arg-type]


def plain(text: str) -> str:
    """Return text that Markdown shows as it is, on one line and without a link."""
    one_line = " ".join(text.split())
    return _LINK.sub(lambda found: f"{found[0]}&#8203;", _MARKUP.sub(r"\\\1", one_line))
