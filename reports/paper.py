"""A paper: what a report says, before anybody has decided whether it becomes a page or a workbook.

A report composes sections of a few kinds of blocks; each writer turns the same blocks into its own
format. So no report holds markup, and every format says the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple


class Tone(StrEnum):
    """How a text wants to be seen where a format has colours; its words say the same without."""

    PLAIN = "plain"
    SOFT = "soft"
    GOOD = "good"
    BAD = "bad"


class Said(NamedTuple):
    """A text with a tone, or one that opens its evidence: the id of a section, or an address."""

    text: str
    tone: Tone = Tone.PLAIN
    opens: str = ""  # "#id" within the paper, or an https address that is a source


class Share(NamedTuple):
    """A part of a whole, 0.0 to 1.0."""

    value: float


class Trend(NamedTuple):
    """A small chart of one thing over time: values of equal spans, the oldest first."""

    values: tuple[int, ...]
    label: str  # what it says in words


# What a cell may hold. Times are aware UTC; a writer words numbers and dates by the language.
Cell = str | int | float | bool | date | datetime | Share | Said | Trend | None | tuple["Cell", ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. A notice is set apart: what a reader must not miss."""

    parts: tuple[str | Said, ...]
    is_notice: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short texts."""

    items: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one thing: names and values."""

    rows: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. ``choices`` are what a person may fill in, in a workbook."""

    title: str
    width: int = 20  # in characters, where a format has widths
    is_number: bool = False
    choices: tuple[str, ...] = ()
    is_to_fill: bool = False  # a person fills it in


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under titles. ``name`` is that of its sheet; ``empty`` is said if it has no row."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str
    ids: tuple[str, ...] = ()  # of each row, for what opens it


class Point(NamedTuple):
    """A value of a chart, with what it is of."""

    label: str
    value: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars over time. Formats without drawings say it in words."""

    title: str
    points: tuple[Point, ...]


class Figure(NamedTuple):
    """A number that a page begins with, what it counts, and what it opens."""

    value: int
    label: str
    opens: str = ""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Figures:
    """A few large numbers side by side."""

    items: tuple[Figure, ...]


Block = Text | Bullets | Facts | Table | Chart | Figures


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a paper under a title of its own; an annex starts on a page of its own.

    What is evidence is opened on demand: on a page it is folded, and it is not printed.
    """

    id: str
    title: str
    blocks: tuple[Block, ...]
    level: int = 1
    is_annex: bool = False
    is_evidence: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """What every report carries: of whom, when, from what, and how much of it is confirmed.

    ``as_rows`` is how a document shows it, at its end; ``in_short`` is the line below its title.
    The fields are what a machine reads.
    """

    organisation: str
    made_at: datetime
    period: tuple[datetime, datetime] | None
    tool: str
    signatures: str  # calendar version + hash
    scans: tuple[int, ...]
    privacy: str
    decisions: int  # that people have recorded
    decided_up_to: str  # the hash of the last one
    language: str
    as_rows: tuple[tuple[str, Cell], ...] = ()
    in_short: str = ""
    logs: tuple[datetime, datetime] | None = None  # when the network was watched


@dataclass(frozen=True, slots=True)
class Paper:
    """A report as it is said. ``data`` is the same for machines: a dataclass, told by a schema."""

    name: str
    title: str
    subtitle: str
    head: Head
    sections: tuple[Section, ...]
    data: Any

    def tables(self) -> Iterator[Table]:
        """Yield the tables, in order."""
        for section in self.sections:
            yield from (block for block in section.blocks if isinstance(block, Table))


def say(*parts: str | Said, is_notice: bool = False) -> Text:
    """Return a paragraph of texts."""
    return Text(parts, is_notice)
