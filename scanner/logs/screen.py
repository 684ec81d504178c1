"""The quick way through months of logs: find the lines that may matter, and read only those.

A byte filter finds every line that holds a wanted name, whatever column it stands in; the format's
own reader then decides, so that what is found is what reading everything finds. One block in a
hundred is read in full, to watch that lines are still understood. The filter is Hyperscan; where
it cannot be had, everything is read.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from scanner.logs import Batch, Format, Spelled, Tally
from scanner.logs.blocks import Block, bare, every_line
from scanner.logs.filters import filter_of, is_available

if TYPE_CHECKING:
    import hyperscan

    from scanner.logs.sifting import Sifting

WATCHED = 100  # of so many blocks one is read in full
# Bytes that stand for others, by which a name may be spelled: JSON's and Zeek's escapes, percent
# signs before what needs none (letters, digits, dot and hyphen; an ``@``), and the wide forms of Unicode.
_ESCAPES = (b"\\u00", b"\\x", b"\\0", b"\xef\xbc", b"\xef\xbd", b"\xe3\x80\x82", b"\xf0\x9d")
_NEEDLESS = (
    b"@" + bytes(range(0x30, 0x3A)) + bytes(range(0x61, 0x7B)) + bytes(range(0x41, 0x5B)) + b".-_"
)
_SHORTEST = 3


class Screen:
    """A filter for lines that hold a wanted name, made once and used for all logs of a scan."""

    def __init__(
        self, names: Iterable[str], others: Iterable[str] = (), cache: Path | None = None
    ) -> None:
        """``names`` are hosts, as they end; ``others`` are to be found wherever they stand."""
        self._cache = cache
        self._names = tuple(_ends(names))
        self._others = tuple(sorted({one.lower() for one in others if len(one) >= _SHORTEST}))
        self._filters: dict[Spelled, hyperscan.Database] = {}

    def suits(self, log_format: Format) -> bool:
        """Whether the filter finds all lines that a reader of the format would want."""
        return log_format.spelled is not Spelled.PARTLY and is_available()

    def can_sift(self, log_format: Format) -> bool:
        """Whether the format has a sieve, which knows what else matters in its lines."""
        return log_format.sieve is not None and is_available()

    def screening(self, log_format: Format) -> Screening:
        """Return what takes the lines that may matter out of one log of a format."""
        return Screening(self._filter(log_format))

    def sifting(self, log_format: Format, header: Sequence[bytes], tally: Tally) -> Sifting:
        """Return what takes the lines that must be read out of one log of a format with a sieve.

        What it passes over and reading would ignore is counted in ``tally``.
        """
        assert log_format.sieve is not None, "only formats with a sieve are sifted"  # noqa: S101
        find = partial(_found, self._filter(log_format))
        sifting: Sifting = _sifting().Sifting(find, log_format.sieve(header), tally)
        return sifting

    def prepare(self, formats: Iterable[Format]) -> None:
        """Make the filters before processes are born, so that each has them."""
        for log_format in formats:
            if self.suits(log_format) or self.can_sift(log_format):
                self._filter(log_format)
            if self.can_sift(log_format):
                _sifting()

    def _filter(self, log_format: Format) -> hyperscan.Database:
        spelled = log_format.spelled
        if spelled not in self._filters:
            self._filters[spelled] = filter_of(self._literals(spelled), self._cache)
        return self._filters[spelled]

    def _literals(self, spelled: Spelled) -> list[bytes]:
        names = _in_labels if spelled is Spelled.IN_LABELS else str.encode
        literals = sorted({*map(names, self._names), *(one.encode() for one in self._others)})
        return [*literals, *_ESCAPES, *(b"%%%02x" % byte for byte in _NEEDLESS)]


class Screening:
    """Takes the lines that may matter out of the blocks of one log, and counts the others."""

    def __init__(self, database: hyperscan.Database) -> None:
        self.screened = 0
        self._database = database
        self._blocks = 0

    def __call__(self, block: Block, first: int) -> tuple[Batch, int]:
        """Take lines out of a block; see ``blocks.Cutter``."""
        self._blocks += 1
        if self._blocks % WATCHED == 1:
            return every_line(block, first)
        numbers: list[int] = []
        lines: list[bytes] = []
        buffer, begin, end = block
        number, counted = first, begin
        for position in _found(self._database, block):
            if position <= begin:
                continue  # in the line that was taken last
            start = buffer.rfind(b"\n", begin, position) + 1 or begin
            number += buffer.count(b"\n", counted, start)
            begin = buffer.find(b"\n", position - 1, end) + 1 or end
            numbers.append(number)
            lines.append(bare(bytes(buffer[start:begin])))
            counted = start
        total = number - first + buffer.count(b"\n", counted, end) + (buffer[end - 1] != _NEWLINE)
        self.screened += total - len(lines)
        return Batch(numbers, lines), total


_NEWLINE = ord("\n")


def _sifting() -> ModuleType:
    """Return the module that needs numpy, whose import takes 90 ms."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # it would start threads for nothing
    return import_module("scanner.logs.sifting")


def _found(database: hyperscan.Database, block: Block) -> list[int]:
    """Return where wanted names end in a block, in order."""
    ends: list[int] = []
    found: Callable[..., None] = lambda _id, _from, to, _flags, _context: ends.append(to)  # noqa: E731
    with memoryview(block.buffer) as view, view[block.begin : block.end] as data:
        database.scan(data, match_event_handler=found)  # type: ignore[type-var]
    if block.begin:
        ends = [end + block.begin for end in ends]
    return sorted(ends)


def _ends(names: Iterable[str]) -> list[str]:
    """Return the names that no other of them ends: who finds these finds all."""
    known = {name.lower().strip(".") for name in names}
    return sorted(
        name for name in known if name and not any(tail in known for tail in _tails(name))
    )


def _tails(name: str) -> Iterable[str]:
    labels = name.split(".")
    return (".".join(labels[at:]) for at in range(1, len(labels)))


def _in_labels(name: str) -> bytes:
    """Spell a name as the DNS server of Windows does: ``(6)openai(3)com``."""
    return "".join(f"({len(label)}){label}" for label in name.split(".")).encode()
