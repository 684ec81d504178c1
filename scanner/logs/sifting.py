"""The way through most of a large log: look at the shape of every line, and read those that matter.

A byte filter finds the lines that hold a wanted name. A format's sieve tells, for all lines of a
block at once, which of the others are whole records about a host by some name; those count as
parsed, or as ignored, for reading them would show nothing else. Whatever is in doubt is read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from scanner.logs import Batch
from scanner.logs.blocks import Block, every_line
from scanner.logs.rows import Room

if TYPE_CHECKING:
    from scanner.logs import Sieve, Tally

_NEWLINE = ord("\n")
# Where so large a share of a block is to be read, all of it is: taking lines out costs too.
_MOST = 0.4

# Finds where wanted names end in a block, in order.
Find = Callable[[Block], Sequence[int]]


class Sifting:
    """Takes the lines that must be read out of the blocks of one log."""

    def __init__(self, find: Find, sieve: Sieve, tally: Tally) -> None:
        self._find = find
        self._sieve = sieve
        self._tally = tally
        self._room = Room()

    def __call__(self, block: Block, first: int) -> tuple[Batch, int]:
        """Take lines out of a block; see ``blocks.Cutter``."""
        if block.buffer[block.end - 1] != _NEWLINE:
            return every_line(block, first)
        rows = self._room.rows(block)
        named = rows.holding(np.asarray(self._find(block), dtype=np.intp) - block.begin - 1)
        plain, ignored = self._sieve(rows, named)
        numbers = np.flatnonzero(named | ~plain)
        if len(numbers) > _MOST * len(rows):
            return every_line(block, first)
        self._tally.ignored.update(ignored)
        lines = [rows.line(row) for row in numbers.tolist()]
        return Batch((numbers + first).tolist(), lines), len(rows)
