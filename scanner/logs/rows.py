"""The lines of a block as arrays: where fields begin and end, and what stands in them.

Python spends no step on a line here. What a test says of a row whose fields are not as they are
asked for means nothing, so whoever asks leaves those rows to a reader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property
from typing import NamedTuple, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

from scanner.logs.blocks import BLOCK, Block, bare

Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]

_Record = TypeVar("_Record")

_OPENS, _CLOSES = b"{}"
_NEWLINE, _RETURN, _TAB, _BLANK, _QUOTE, _AT = b'\n\r\t "@'
_WORD = 8
_PADDING = 64
# Of a word of eight bytes, the first so many.
_FIRST_BYTES = np.array([(1 << (8 * n)) - 1 for n in range(_WORD + 1)], dtype=np.uint64)
_ZEROS, _SIXES, _HIGH = (np.uint64(int(half * 8, 16)) for half in ("30", "06", "f0"))
_BEGINS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_NO_NAMES = frozenset({"", "null"})
_IS_WORD = np.zeros(256, dtype=np.bool_)
_IS_WORD[list(map(ord, _BEGINS))] = True


class Room:
    """Memory that the blocks of a log are copied to, one after the other, with some to spare."""

    def __init__(self) -> None:
        self._memory = np.zeros(BLOCK + _PADDING, dtype=np.uint8)

    def rows(self, block: Block) -> Rows:
        """Return the lines of a block, all with their ends; valid until the next."""
        size = block.end - block.begin
        if size + _PADDING > len(self._memory):
            self._memory = np.zeros(size + _PADDING, dtype=np.uint8)
        with memoryview(block.buffer) as view, view[block.begin : block.end] as data:
            self._memory[:size] = np.frombuffer(data, dtype=np.uint8)
        return Rows(self._memory, size)


class Rows:
    """Lines in memory: row ``n`` stands from ``starts[n]`` to ``ends[n]``, without its line end."""

    def __init__(self, memory: npt.NDArray[np.uint8], size: int) -> None:
        self.memory = memory
        self.bytes = memory[:size]
        # Eight bytes from anywhere, as one number: the first is the lowest.
        self.words: npt.NDArray[np.uint64] = np.ndarray(
            (len(memory) - _WORD + 1,), "<u8", memory.data, strides=(1,)
        )
        self._low = np.flatnonzero(self.bytes < _BLANK)
        low = self.bytes[self._low]
        self.newlines = self._low[low == _NEWLINE]
        self.starts = np.concatenate(([0], self.newlines[:-1] + 1))
        self._strange = self._low[(low != _NEWLINE) & (low != _TAB)]
        self.ends = self.newlines
        if len(self._strange):
            self._take_off_returns()

    def __len__(self) -> int:
        return len(self.newlines)

    def none(self) -> Mask:
        """Return a mask that tells no row."""
        return np.zeros(len(self), dtype=np.bool_)

    def _take_off_returns(self) -> None:
        strange = self._strange
        is_end = (self.bytes[strange] == _RETURN) & (self.memory[strange + 1] == _NEWLINE)
        self._strange = strange[~is_end]
        returns = (self.bytes[self.newlines - 1] == _RETURN) & (self.newlines > self.starts)
        self.ends = self.newlines - returns

    def line(self, row: int) -> bytes:
        """Return a row as a reader gets it."""
        return bare(self.memory[self.starts[row] : self.newlines[row] + 1].tobytes())

    def at(self, positions: Places) -> Places:
        """Return the rows in which bytes at these places stand."""
        return np.searchsorted(self.newlines, positions)

    def holding(self, positions: Places) -> Mask:
        """Tell the rows that hold a byte at one of these places."""
        found = self.none()
        found[self.at(positions)] = True
        return found

    def records(self, decode_lines: Callable[[memoryview], list[_Record]]) -> list[_Record] | None:
        """Return all rows as the records that they are in JSON; None if not every row is one."""
        closes = self.memory[self.ends - 1] == _CLOSES
        if not (closes & (self.memory[self.starts] == _OPENS)).all():
            return None
        try:
            records = decode_lines(self.bytes.data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        return records if len(records) == len(self) else None

    def strange(self) -> Mask:
        """Tell the rows with control characters, or nothing at all."""
        found: Mask = self.ends == self.starts
        return found | self.holding(self._strange) if len(self._strange) else found

    @cached_property
    def ats(self) -> Places:
        """Where an ``@`` stands."""
        return np.flatnonzero(self.bytes == _AT)

    def cells(self, separator: int) -> Cells:
        """Return what stands between separators."""
        if separator == _TAB and not len(self._strange):
            return self._cut(self._low)
        return self._cut(np.flatnonzero((self.bytes == separator) | (self.bytes == _NEWLINE)))

    def quoted_cells(self, separator: int) -> Cells | None:
        """Return what stands between quotes; None where one is open at the end of a line.

        A row whose cells are not all quoted, with one separator between them, has none.
        """
        quotes = np.flatnonzero(self.bytes == _QUOTE)
        behind = np.searchsorted(quotes, self.newlines)
        if (behind & 1).any() or not len(quotes):
            return None
        opens, closes = quotes[::2], quotes[1::2]
        last = behind >> 1
        first = np.concatenate(([0], last[:-1]))
        counts = last - first
        is_next = (opens[1:] == closes[:-1] + 2) & (self.memory[closes[:-1] + 1] == separator)
        is_next[first[1:][(first[1:] > 0) & (first[1:] < len(opens))] - 1] = (
            True  # rows lie between
        )
        is_whole = counts > 0
        is_whole &= opens[np.minimum(first, len(opens) - 1)] == self.starts
        is_whole &= closes[last - 1] + 1 == self.ends
        is_whole &= ~self.holding(opens[1:][~is_next])
        return Cells(self, opens + 1, closes, first, np.where(is_whole, counts, 0))

    def words_apart(self) -> Cells:
        """Return what blanks stand between; all but one of several stay with the word before them."""
        is_blank = np.ones(len(self.bytes) + 1, dtype=np.bool_)
        np.less_equal(self.bytes, _BLANK, out=is_blank[1:])
        starts = np.flatnonzero(is_blank[:-1] > is_blank[1:])
        first = np.searchsorted(starts, self.starts)
        counts = np.diff(np.append(first, len(starts)))
        return Cells(self, starts, np.append(starts[1:] - 1, len(self.bytes)), first, counts)

    def _cut(self, ends: Places) -> Cells:
        last = np.searchsorted(ends, self.newlines)
        first = np.concatenate(([0], last[:-1] + 1))
        return Cells(self, None, ends, first, last - first + 1)


class Cells(NamedTuple):
    """The fields of all rows: those of row ``n`` are ``counts[n]`` from ``first[n]`` on."""

    rows: Rows
    starts: Places | None  # None: each behind the end of the one before
    ends: Places
    first: Places
    counts: Places

    def column(self, at: int) -> Column:
        """Return the field of that place in each row that has so many."""
        place = np.minimum(self.first + at, len(self.ends) - 1)
        ends = np.minimum(self.ends[place], self.rows.ends)
        if self.starts is not None:
            starts = self.starts[place]
        else:
            starts = self.ends[place - 1] + 1 if at else self.rows.starts
        return Column(self.rows, starts, ends)


class Column:
    """One field of each row."""

    def __init__(self, rows: Rows, starts: Places, ends: Places) -> None:
        self.rows = rows
        self.starts = starts
        self.ends = ends

    @cached_property
    def length(self) -> Places:
        """How long each field is."""
        return np.asarray(np.maximum(self.ends - self.starts, 0))

    @cached_property
    def _word(self) -> npt.NDArray[np.uint64]:
        """Eight bytes of each field as a number; of a shorter field all."""
        places = np.minimum(self.starts, len(self.rows.words) - 1)
        return self.rows.words[places] & _FIRST_BYTES[np.minimum(self.length, _WORD)]

    def behind(self, count: int) -> Column:
        """Return the field without its first bytes."""
        return Column(self.rows, self.starts + count, self.ends)

    def ahead(self, count: int) -> Column:
        """Return the field with so many bytes before it."""
        return Column(self.rows, np.maximum(self.starts - count, 0), self.ends)

    def after(self) -> Column:
        """Return what stands behind the field."""
        return Column(self.rows, self.ends, self.rows.ends)

    def reads(self, text: bytes) -> Mask:
        """Tell the rows whose field begins so; eight bytes at most."""
        return np.asarray((self._word & _FIRST_BYTES[len(text)]) == _number(text))

    def is_one_of(self, texts: Iterable[bytes]) -> Mask:
        """Tell the rows whose field is one of these; each of up to sixteen bytes.

        No field that ends with NUL is asked for: rows with control characters are strange.
        """
        found = self.rows.none()
        for text in texts:
            found |= self._is(text)
        return found

    def _is(self, text: bytes) -> Mask:
        # With a field of less than eight bytes the word is all of it, and its length is told too.
        is_it = self._word == _number(text[:_WORD])
        if len(text) >= _WORD:
            is_it &= self.length == len(text)
        if len(text) > _WORD:
            is_it &= self.behind(_WORD).reads(text[_WORD:])
        return np.asarray(is_it)

    def is_a_name(self) -> Mask:
        """Tell the rows whose field begins as a name does, and is no word for nothing.

        Nor may it hold an ``@``: before it stands a user, and then a name only perhaps.
        """
        begins = _IS_WORD[self.rows.memory[self.starts]] & (self.ends > self.starts)
        if len(ats := self.rows.ats):
            begins &= np.searchsorted(ats, self.starts) == np.searchsorted(ats, self.ends)
        return np.asarray(begins & ~self.is_one_of([b"null"]))

    def begins_with_digits(self, count: int = _WORD) -> Mask:
        """Tell the rows whose field begins with so many digits, up to eight."""
        return self._are_digits(_FIRST_BYTES[count])

    def is_number(self) -> Mask:
        """Tell the rows whose field is a number of up to eight digits."""
        length = self.length
        whole = _FIRST_BYTES[np.minimum(length, _WORD)]
        return self._are_digits(whole) & (length > 0) & (length <= _WORD)

    def _are_digits(self, whole: np.uint64 | npt.NDArray[np.uint64]) -> Mask:
        digits = (self._word ^ _ZEROS) & whole
        return np.asarray((((digits + _SIXES) | digits) & _HIGH & whole) == 0)


def are_names(texts: Sequence[str]) -> Mask:
    """Tell which texts surely name a host: they begin as a name does, as in ``Column.is_a_name``."""
    known = set(texts)
    if not known & _NO_NAMES and "@" not in "".join(texts) and {one[0] for one in known} <= _BEGINS:
        return np.ones(len(texts), dtype=np.bool_)
    begin_well = [one[:1] in _BEGINS and one not in _NO_NAMES and "@" not in one for one in texts]
    return np.array(begin_well, dtype=np.bool_)


@cache
def _number(text: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(text, "little"))
