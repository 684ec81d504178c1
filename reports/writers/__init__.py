"""Writers turn a paper into a format: one file each, with one function, ``write(paper, texts)``."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import cast

from reports.paper import Cell, Chart, Paper, Said, Share, Trend
from reports.texts import Texts

Write = Callable[[Paper, Texts], str | bytes]


def writer(name: str, template: Path | None = None) -> Write:
    """Return what writes a format, into a template of the user's own if there is one for it."""
    module = importlib.import_module(f"reports.writers.{name}")
    return partial(module.write, template=template) if template else cast("Write", module.write)


def in_words(cell: Cell, texts: Texts) -> str:
    """Return a cell as a reader of the language reads it; marks that direct text are made visible."""
    from scanner.output import clean

    if type(cell) is str:  # most cells are, and of a large inventory there are half a million
        return clean(cell)
    match cell:
        case None:
            return ""
        case Said():
            return clean(cell.text)
        case Trend():
            return cell.label
        case Share():
            return texts.share(cell.value)
        case bool():
            return texts("common.yes" if cell else "common.no")
        case float() | int():
            return texts.number(cell)
        case datetime():
            return texts.minute(cell)
        case date():
            return texts.day(cell)
        case tuple():
            return joined(cell, texts)
    return clean(cell)


def parts_of(cell: Cell) -> tuple[Cell, ...]:
    """Return what a cell holds: one thing, or several."""
    is_several = isinstance(cell, tuple) and not isinstance(cell, Said | Trend | Share)
    return cast("tuple[Cell, ...]", cell) if is_several else (cell,)


def address_of(cell: Cell) -> str:
    """Return the address that a cell opens, as the source of what it says; "" for none."""
    target = cell.opens if isinstance(cell, Said) else ""
    return target if target.startswith("https://") and target.isprintable() else ""


def with_source(cell: Cell, texts: Texts) -> str:
    """Return a cell in words, with the addresses that it opens, for formats without links."""
    shown = []
    for one in parts_of(cell):
        text, address = in_words(one, texts), address_of(one)
        shown.append(f"{text} ({address})" if address and address not in text else text)
    return "; ".join(filter(None, shown))


def in_a_line(chart: Chart, texts: Texts) -> str:
    """Return a chart for formats without drawings."""
    shown = (f"{one.label} {texts.number(one.value)}" for one in chart.points)
    return f"{in_words(chart.title, texts)}: {in_words(', '.join(shown), texts)}"


def joined(cells: Iterable[Cell], texts: Texts) -> str:
    """Return several cells in one."""
    return "; ".join(word for word in (in_words(one, texts) for one in cells) if word)
