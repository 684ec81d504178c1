"""Papers as HTML pages that stand alone: escaped, with print styles, loading nothing."""

from __future__ import annotations

from typing import Any, NamedTuple

from reports.html import page
from reports.paper import Cell, Chart, Paper, Said, Tone
from reports.texts import Texts
from reports.writers import in_words

_WIDTH, _HEIGHT, _GAP = 640, 60, 2


class Bar(NamedTuple):
    """A bar of a chart, in pixels, with what it says."""

    x: float
    y: int
    width: float
    height: int
    label: str


def write(paper: Paper, texts: Texts) -> str:
    """Return the paper as a page."""
    return page(
        "paper.html",
        "paper.css",
        {
            "paper": paper,
            "texts": texts,
            "words": lambda cell: in_words(cell, texts),
            "cell_class": _class,
            "bars": lambda chart: _bars(chart, texts),
            "kind": lambda block: type(block).__name__.lower(),
            "parts": _parts,
            "opens": _opens,
        },
    )


def _parts(cell: Cell) -> tuple[Cell, ...]:
    return cell if isinstance(cell, tuple) and not isinstance(cell, Said) else (cell,)


def _opens(cell: Any) -> str:
    """Return where a cell leads: a place on the page, or an address that is a source of a fact."""
    target = cell.opens if isinstance(cell, Said) else ""
    return target if target.startswith(("#", "https://")) else ""


def _class(cell: Any) -> str:
    if isinstance(cell, Said) and cell.tone is not Tone.PLAIN:
        return str(cell.tone)
    return ""


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
