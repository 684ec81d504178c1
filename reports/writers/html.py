"""Papers as HTML pages that stand alone: escaped, with print styles, loading nothing."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from reports.html import page
from reports.paper import Cell, Chart, Paper, Said, Tone, Trend
from reports.texts import Texts
from reports.writers import address_of, in_words, parts_of

_WIDTH, _HEIGHT, _GAP = 640, 60, 2
_LOW = 20


class Bar(NamedTuple):
    """A bar of a chart, in pixels, with what it says."""

    x: float
    y: int
    width: float
    height: int
    label: str


def write(paper: Paper, texts: Texts) -> str:
    """Return the paper as a page."""
    return page("paper.html", "paper.css", {"paper": paper, **for_blocks(texts)})


def for_blocks(texts: Texts) -> dict[str, Any]:
    """Return what ``blocks.html`` needs beside the blocks themselves."""
    return {
        "texts": texts,
        "words": lambda cell: in_words(cell, texts),
        "cell_class": _class,
        "bars": lambda chart: _bars(chart, texts),
        "kind": lambda block: type(block).__name__.lower(),
        "spark": _spark,
        "is_date": lambda cell: isinstance(cell, date),
        "parts": parts_of,
        "opens": _opens,
    }


def _opens(cell: Cell) -> str:
    """Return where a cell leads: a place on the page, or an address that is a source of a fact."""
    target = cell.opens if isinstance(cell, Said) else ""
    return target if target.startswith("#") else address_of(cell)


def _class(cell: Any) -> str:
    if isinstance(cell, Said) and cell.tone is not Tone.PLAIN:
        return str(cell.tone)
    return ""


def _spark(trend: Trend) -> list[Bar]:
    """Return the bars of a small chart; what is not nothing can be seen."""
    highest = max(trend.values, default=0) or 1
    return [
        Bar(at * 6, _LOW - height, 5, height, "")
        for at, value in enumerate(trend.values)
        if (height := max(2, round(_LOW * value / highest)) if value else 0)
    ]


def _bars(chart: Chart, texts: Texts) -> list[Bar]:
    highest = max((one.value for one in chart.points), default=0)
    if not highest:
        return []
    step = min(_WIDTH / len(chart.points), 24.0)
    return [
        Bar(
            round(at * step, 2),
            _HEIGHT - (height := max(2, round(_HEIGHT * one.value / highest)) if one.value else 0),
            round(max(step - _GAP, 1), 2),
            height,
            f"{one.label}: {texts.number(one.value)}",
        )
        for at, one in enumerate(chart.points)
    ]
