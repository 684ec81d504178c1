"""Reading one log, or a part of one, to what it shows. This is what each process of a scan does.

A log is recognised by a sample of its lines, read line by line in that format, and what the
format refuses is looked at once more, as a log of its own: two formats in one file are two
readings. What comes back is small: evidence, an account of the lines, and hashes of the content.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.inputs import LogInput
from scanner.logs import Format, Tally
from scanner.logs.binary import Binary
from scanner.logs.clock import Clock
from scanner.logs.envelopes import Envelope
from scanner.logs.screen import Screen
from scanner.matching import Matcher
from scanner.model import Findings, TimeQuality
from scanner.privacy import Pseudonyms
from scanner.shapes import Shapes

if TYPE_CHECKING:
    from scanner.trees.reading import Reader as TreeReader

Meter = Callable[[int, int], None]  # told of bytes and lines as they are read


@dataclass(frozen=True, slots=True)
class Tools:
    """What a process reads with; ``trees`` where there are source trees to read."""

    formats: Sequence[Format]
    envelopes: Sequence[Envelope]
    binaries: Sequence[Binary]
    matcher: Matcher
    shapes: Shapes
    pseudonyms: Pseudonyms
    folder: Path  # for evidence that is more than the memory should hold; gone after the scan
    now: datetime
    screen: Screen | None = None
    screens: bool = False  # whether lines without a wanted name are passed over unseen
    meter: Meter | None = None
    trees: TreeReader | None = None
    resolves: bool = False  # whether names that nobody knows are kept whole, to be asked for
    own_formats: str = ""  # a short name of the definitions of the user's own formats

    def format(self, name: str) -> Format:
        return next(one for one in self.formats if one.name == name)

    def envelope(self, name: str) -> Envelope:
        return next(one for one in self.envelopes if one.name == name)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a log is to be read: enough for another process to read a part of it."""

    source: LogInput
    format: str
    envelopes: tuple[str, ...]
    first_lines: tuple[bytes, ...]
    header: tuple[bytes, ...]  # the lines before the first record
    beginning: bytes  # what the log begins with, as marks: a part of another file is refused
    day_is_first: bool | None = None  # in dates with slashes
    is_screened: bool = False
    is_sifted: bool = False  # every line is looked at, and only those are read that may matter
    companions: tuple[Path, ...] = ()  # logs that name what this one leaves unnamed
    names_itself: bool = False  # some lines name what others leave unnamed

    def clock(self, now: datetime) -> Clock:
        """Return the clock that the log's times are read with."""
        clock = self.source.clock(now)
        clock.day_is_first = self.day_is_first
        return clock


@dataclass(slots=True)
class Shown:
    """What a log, or a part of one, shows. Lines are numbered from its own first."""

    findings: Findings
    tally: Tally
    line_count: int
    marks: bytes
    length: int
    partial: dict[int, bytes]
    formats: tuple[str, ...]
    tail: list[bytes] = field(default_factory=list)
    cut_lines: int = 0
    damage: str | None = None
    left: tuple[tuple[Path, int], ...] = ()  # files of refused lines, with the lines before them
    headers: tuple[bytes, ...] = ()  # lines that may change how those after them are read
    screened: int = 0
    first: datetime | None = None
    last: datetime | None = None
    time_quality: TimeQuality = TimeQuality.NONE
    notes: tuple[str, ...] = ()
