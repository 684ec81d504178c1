"""Writers turn a paper into a format: one file each, with one function, ``write(paper, texts)``."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import cast

from reports.paper import Cell, Paper, Said, Share
from reports.texts import Texts

Write = Callable[[Paper, Texts], str | bytes]


def writer(name: str) -> Write:
    """Return what writes a format; its libraries are imported only now."""
    module = importlib.import_module(f"reports.writers.{name}")
    return cast("Write", module.write)


def in_words(cell: Cell, texts: Texts) -> str:
    """Return a cell as a reader of the language reads it; marks that direct text are made visible."""
    from scanner.output import clean

    match cell:
        case None:
            return ""
        case Said():
            return clean(cell.text)
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


def joined(cells: Iterable[Cell], texts: Texts) -> str:
    """Return several cells in one."""
    return "; ".join(word for word in (in_words(one, texts) for one in cells) if word)
