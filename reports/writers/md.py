"""Papers as Markdown: headings, lists and tables, whatever stands in the cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from reports.paper import Block, Bullets, Cell, Chart, Facts, Figures, Paper, Section, Table, Text
from reports.texts import Texts
from reports.writers import address_of, in_words, parts_of

# What Markdown would take for markup; a slash keeps each what it is.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#|!~&]|^[-+=])")
_OF_ADDRESSES = "%/:=&?~#+!$,;'@()*[]"
_SPACES = re.compile(r"\s+")
_LINK = re.compile(r"(?i)\b(https?|ftp|www|mailto)(?=[:.])")


def write(paper: Paper, texts: Texts) -> str:
    """Return the paper as Markdown."""
    return "\n".join(_lines(paper, texts)).rstrip() + "\n"


def _lines(paper: Paper, texts: Texts) -> Iterator[str]:
    yield from (f"# {plain(paper.title)}", "")
    yield from (plain(paper.head.in_short), "")
    if paper.subtitle:
        yield from (f"**{plain(paper.subtitle)}**", "")
    for section in paper.sections:
        yield from _section(section, texts)
    yield from (f"## {plain(texts('common.about'))}", "")
    yield from _block(Facts(paper.head.as_rows), texts)


def _section(section: Section, texts: Texts) -> Iterator[str]:
    if section.title:
        yield from (f"{'#' * (section.level + 1)} {plain(section.title)}", "")
    for block in section.blocks:
        yield from _block(block, texts)


def _block(block: Block, texts: Texts) -> Iterator[str]:
    match block:
        case Text():
            words = "".join(_cell(one, texts) for one in block.parts)
            yield f"> **{words}**" if block.is_notice else words
        case Bullets():
            yield from (f"- {_cell(one, texts)}" for one in block.items)
        case Facts():
            for name, value in block.rows:
                pair = {"what": f"**{plain(name)}**", "then": _cell(value, texts)}
                yield f"- {texts('common.pair', **pair)}"
        case Table():
            yield from _table(block, texts)
        case Figures():
            yield from (
                f"- **{texts.number(one.value)}** {plain(one.label)}" for one in block.items
            )
        case Chart():
            points = (f"{plain(one.label)} {texts.number(one.value)}" for one in block.points)
            yield texts("common.pair", what=plain(block.title), then=", ".join(points))
    yield ""


def _table(table: Table, texts: Texts) -> Iterator[str]:
    if not table.rows:
        yield plain(table.empty)
        return
    yield "| " + " | ".join(plain(one.title) for one in table.columns) + " |"
    yield "|" + "|".join(" ---: " if one.is_number else " --- " for one in table.columns) + "|"
    for row in table.rows:
        yield "| " + " | ".join(_cell(one, texts) for one in row) + " |"


def _cell(cell: Cell, texts: Texts) -> str:
    return "; ".join(filter(None, (_linked(one, texts) for one in parts_of(cell))))


def _linked(cell: Cell, texts: Texts) -> str:
    """Return one thing, as a link if it has a source; no address ends its link or its cell."""
    words, address = plain(in_words(cell, texts)), address_of(cell)
    return f"[{words}](<{quote(address, safe=_OF_ADDRESSES)}>)" if address else words


def plain(text: str) -> str:
    """Return text that Markdown shows as it is, on one line and without a link."""
    from scanner.output import clean

    one_line = clean(_SPACES.sub(" ", text))
    return _LINK.sub(lambda found: f"{found[0]}&#8203;", _MARKUP.sub(r"\\\1", one_line))
