"""A part of a large log, read by a process of its own: the lines that begin in a range of its bytes.

Parts meet at line ends, wherever the cuts fall. A format whose records depend on the lines around
them (a query and its answer) names a window: that many lines before and after the part are read
too, numbered 0 and down, and past the last, so that whoever reads can leave out what they show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, NamedTuple, Self, cast

from scanner.errors import SourceError
from scanner.logs import Batch
from scanner.logs.blocks import (
    BLOCK,
    Block,
    Blocks,
    Cutter,
    Fill,
    every_line,
    lines_of,
    tail_of,
    without_mark,
)
from scanner.logs.marks import BEGINNING, CUT, Marks, beginning_of

_HEADERS_KEPT = 10_000
_SHORTER = "the file became shorter while it was read; scan it again"


class Part(NamedTuple):
    """A range of a log's bytes, from a cut to a cut or to the log's end."""

    begin: int
    end: int


def parts_of(size: int, count: int) -> list[Part]:
    """Cut a log of ``size`` bytes into about ``count`` parts of about one size."""
    step = max(CUT, -(-size // (count * CUT)) * CUT)
    return [Part(begin, min(begin + step, size)) for begin in range(0, size, step)]


class PartStream:
    """The lines of one part. Raises SourceError when the file is no longer what was cut."""

    def __init__(
        self,
        path: Path,
        part: Part,
        window: int = 0,
        lengths: Iterable[int] = (),
        beginning: bytes | None = None,
    ) -> None:
        """Open ``path``. ``beginning`` is that of the log which was cut: another log is refused."""
        self.part = part
        self.line_count = 0
        self.cut_lines = 0
        self._tail = b""
        self._headers: dict[bytes, None] = {}
        self.position = part.begin
        self._window = window
        self._beginning = beginning
        self._marks = Marks(part.begin, [one for one in lengths if part.begin < one <= part.end])
        self._file = _open(path)
        try:
            self._size = self._file.seek(0, 2)
            if self._size < part.end:
                raise SourceError(_SHORTER)
            self._begin = self._line_start(part.begin)
            self._end = self._line_start(part.end)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def marks(self) -> bytes:
        """The hashes of the part's pieces; call it when all lines are read."""
        return self._marks.finish()

    @property
    def partial(self) -> dict[int, bytes]:
        return self._marks.partial

    def batches(
        self, begins: Callable[[], None], ends: Callable[[], None], cut: Cutter = every_line
    ) -> Iterator[Batch]:
        """Yield the lines before, of and after the part; ``begins`` and ``ends`` hear where it lies."""
        yield from self._before()
        begins()
        for block in self.blocks():
            batch, count = cut(block, self.line_count + 1)
            self.line_count += count
            self._tail = tail_of(block)
            if block.buffer.find(b"\n#", block.begin, block.end) >= 0 or block.buffer.startswith(
                b"#", block.begin
            ):
                self._note_headers(batch.lines)
            yield batch
        ends()
        yield from self._after()
        self._refuse_what_was_written_anew()

    @property
    def headers(self) -> list[bytes]:
        """The lines that begin with #, each once."""
        return list(self._headers)

    @property
    def tail(self) -> list[bytes]:
        """The last lines that were read, some hundred at most."""
        return lines_of(self._tail) if self._tail else []

    def blocks(self) -> Iterator[Block]:
        """Yield the part's own lines with their ends; each block is valid until the next."""
        self._hash_the_line_cut_off()
        blocks = self._lines(self._begin, self._end, is_own=True)
        return blocks if self._begin else without_mark(blocks)

    def _refuse_what_was_written_anew(self) -> None:
        """Raise SourceError where the file's beginning is not that of the log which was cut."""
        if self._beginning is not None and self._beginning != beginning_of(
            self._read_at(0, BEGINNING)
        ):
            raise SourceError("the file was written anew while it was read; scan it again")

    def _note_headers(self, lines: Sequence[bytes]) -> None:
        for line in lines:
            if line.startswith(b"#") and len(self._headers) < _HEADERS_KEPT:
                self._headers[line] = None

    def _before(self) -> Iterator[Batch]:
        if not self._window or not self._begin:
            return
        lines = self._lines_before()
        yield Batch(range(1 - len(lines), 1), lines)

    def _lines_before(self) -> list[bytes]:
        begin, lines = self._begin, 0
        while begin and lines <= self._window:
            begin = max(0, begin - BLOCK)
            lines += self._read_at(begin, min(BLOCK, self._begin - begin)).count(b"\n")
        blocks = self._lines(begin, self._begin)
        return [line for block in blocks for line in lines_of(block.data())][-self._window :]

    def _after(self) -> Iterator[Batch]:
        number = self.line_count
        for block in self._lines(self._end, self._size) if self._window else ():
            lines = lines_of(block.data())[: self.line_count + self._window - number]
            yield Batch(range(number + 1, number + len(lines) + 1), lines)
            number += len(lines)
            if number >= self.line_count + self._window:
                return

    def _lines(self, begin: int, end: int, is_own: bool = False) -> Iterator[Block]:
        blocks = Blocks(self._filling(begin, end, is_own))
        yield from blocks
        if is_own:
            self.cut_lines = blocks.cut_lines

    def _filling(self, begin: int, end: int, is_own: bool) -> Fill:
        at = begin

        def fill(buffer: memoryview) -> int:
            nonlocal at
            count = self._read_into(at, buffer[: end - at])
            if not count and at < end:
                raise SourceError(_SHORTER)
            if is_own:
                self._hash(at, buffer[:count])
                self.position = at
            at += count
            return count

        return fill

    def _hash(self, at: int, block: memoryview) -> None:
        """Hash what of a block belongs to the part's bytes: its last line may go beyond them."""
        self._marks.update(block[: max(0, self.part.end - at)])

    def _hash_the_line_cut_off(self) -> None:
        """Hash the end of the line that the part before reads."""
        at, end = self.part.begin, min(self._begin, self.part.end)
        while at < end:
            piece = self._read_at(at, min(BLOCK, end - at))
            if not piece:
                raise SourceError(_SHORTER)
            self._marks.update(piece)
            at += len(piece)

    def _line_start(self, position: int) -> int:
        """Return where the first line begins at or behind ``position``."""
        if not position:
            return 0
        at = position - 1
        while piece := self._read_at(at, BLOCK):
            if (end := piece.find(b"\n")) >= 0:
                return at + end + 1
            at += len(piece)
        return self._size

    def _read_at(self, at: int, count: int) -> bytes:
        buffer = bytearray(count)
        with memoryview(buffer) as view:
            got = self._read_into(at, view)
        return bytes(buffer[:got])

    def _read_into(self, at: int, buffer: memoryview) -> int:
        try:
            self._file.seek(at)
            return self._file.readinto(buffer) or 0  # type: ignore[attr-defined]
        except OSError as error:
            raise SourceError(f"reading failed: {error.strerror or error}") from error


def _open(path: Path) -> IO[bytes]:
    try:
        return cast("IO[bytes]", path.open("rb", buffering=0))
    except OSError as error:
        raise SourceError(f"cannot be opened: {error.strerror or error}") from error
