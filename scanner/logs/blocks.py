"""Bytes as whole lines: one buffer of 256 KiB that is filled again and again, whatever the file's size."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from scanner.logs import Batch

BLOCK = 256 * 1024
MAX_LINE = 1024 * 1024
_TAIL = 32 * 1024

# Fills a buffer from its beginning and returns with how many bytes; 0 at the end.
Fill = Callable[[memoryview], int]


class Block(NamedTuple):
    """Whole lines in a buffer, from ``begin`` to ``end``: with their ends, the last perhaps without."""

    buffer: bytearray
    begin: int
    end: int

    def data(self) -> bytes:
        with memoryview(self.buffer) as view, view[self.begin : self.end] as lines:
            return bytes(lines)


# Takes lines out of a block that begins with the line of that number: all, or those that matter;
# returns them with the number of all its lines.
Cutter = Callable[[Block, int], tuple[Batch, int]]


def every_line(block: Block, first: int) -> tuple[Batch, int]:
    """Take all lines of a block."""
    lines = lines_of(block.data())
    return Batch(range(first, first + len(lines)), lines), len(lines)


class Blocks:
    """Whole lines of what ``fill`` reads. A line longer than 1 MiB is cut there, and counted."""

    def __init__(self, fill: Fill) -> None:
        self.cut_lines = 0
        self._fill = fill
        self._buffer = bytearray(BLOCK)
        self._kept = 0  # bytes at the buffer's beginning whose line is not complete
        self._is_passing = False  # over the rest of a line that was cut

    def __iter__(self) -> Iterator[Block]:
        """Yield lines with their ends, the last or a cut one perhaps without; each valid until the next."""
        while count := self._read():
            fresh, self._kept = self._kept, self._kept + count
            first = self._buffer.find(b"\n", fresh, self._kept)
            if not self._is_passing and (self._kept if first < 0 else first) > MAX_LINE:
                self._is_passing = True
                self.cut_lines += 1
                yield Block(self._buffer, 0, MAX_LINE)
            if first >= 0:
                yield from self._complete(first + 1)
            elif self._is_passing:
                self._kept = 0
        if self._kept:
            yield Block(self._buffer, 0, self._kept)

    def _read(self) -> int:
        """Read on behind what is kept, so little that only the first line there can be too long."""
        if self._kept == len(self._buffer):
            self._buffer.extend(bytes(self._kept))
        with memoryview(self._buffer) as view, view[self._kept : self._kept + BLOCK] as room:
            return self._fill(room)

    def _complete(self, first: int) -> Iterator[Block]:
        """Yield the lines that are complete; the first of them ends at ``first``."""
        end = self._buffer.rfind(b"\n", first - 1, self._kept) + 1
        begin = first if self._is_passing else 0  # of a line too long the rest is passed over
        self._is_passing = False
        if begin < end:
            yield Block(self._buffer, begin, end)
        self._keep(self._buffer[end : self._kept])

    def _keep(self, rest: bytearray) -> None:
        if len(self._buffer) > BLOCK > len(rest):
            self._buffer = bytearray(BLOCK)
        self._buffer[: len(rest)] = rest
        self._kept = len(rest)


def without_mark(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks of a log from its beginning, without the mark that UTF-8 may begin with."""
    is_first = True
    for block in blocks:
        has_mark = is_first and block.buffer.startswith(codecs.BOM_UTF8)
        begin = len(codecs.BOM_UTF8) if has_mark else block.begin
        is_first = False
        if begin < block.end:
            yield block._replace(begin=begin)


def lines_of(data: bytes) -> list[bytes]:
    """Return the lines of a block without their ends, nor what a crash left in them."""
    if data.endswith(b"\n"):
        data = data[:-1]
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").removesuffix(b"\r")
    if b"\0" in data:  # left by a crash of the machine that logged
        data = data.replace(b"\0", b"")
    return data.split(b"\n")


def bare(line: bytes) -> bytes:
    """Return a line without its end, nor what a crash left in it."""
    line = line.removesuffix(b"\n").removesuffix(b"\r")
    return line.replace(b"\0", b"") if b"\0" in line else line


def tail_of(block: Block) -> bytes:
    """Return the last lines of a block, 32 KiB at most."""
    begin = max(block.begin, block.end - _TAIL)
    if begin > block.begin:
        begin = block.buffer.find(b"\n", begin, block.end) + 1 or begin
    return block._replace(begin=begin).data()
