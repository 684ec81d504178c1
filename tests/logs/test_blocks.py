"""Bytes as whole lines, whatever the lines' lengths and the sizes in which bytes arrive."""

import random
import zlib
from collections.abc import Iterable, Iterator
from itertools import repeat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.logs.blocks import BLOCK, MAX_LINE, Block, Blocks, Fill, lines_of, tail_of


def _fills(content: bytes, most: Iterator[int] | None = None) -> Fill:
    """Give ``content``: as much as fits each time, or at most what ``most`` says."""
    at = 0

    def fill(buffer: memoryview) -> int:
        nonlocal at
        room = len(buffer) if most is None else min(len(buffer), next(most))
        piece = content[at : at + room]
        buffer[: len(piece)] = piece
        at += len(piece)
        return len(piece)

    return fill


_Told = tuple[list[tuple[int, bytes, int]], int]


def _told(lines: Iterable[bytes], cut_lines: int) -> _Told:
    """Return lines so that a difference can be shown: length, beginning, checksum."""
    return [(len(line), line[:20], zlib.crc32(line)) for line in lines], cut_lines


def _read(content: bytes, most: Iterator[int] | None = None) -> _Told:
    """Return the lines that come out, and how many were cut."""
    blocks = Blocks(_fills(content, most))
    lines = [line for block in blocks for line in lines_of(block.data())]
    return _told(lines, blocks.cut_lines)


def _expected(lines: Iterable[bytes]) -> _Told:
    whole = list(lines)
    return _told((line[:MAX_LINE] for line in whole), sum(len(line) > MAX_LINE for line in whole))


def _rows(count: int) -> list[bytes]:
    return [b"row %d of some length, as rows of logs are" % number for number in range(count)]


@pytest.mark.parametrize("around", [BLOCK, 2 * BLOCK, MAX_LINE, 2 * MAX_LINE, 3 * MAX_LINE])
@pytest.mark.parametrize("off", [-1, 0, 1, 11])
@pytest.mark.parametrize("before", [0, 6_000])
def test_a_line_of_about_a_buffers_size_costs_no_other_line(
    around: int, off: int, before: int
) -> None:
    lines = [*_rows(before), b"x" * (around + off), *_rows(48_000), b"y" * 200_000, *_rows(9)]
    assert _read(b"\n".join(lines) + b"\n") == _expected(lines)


@pytest.mark.parametrize("first", [MAX_LINE, MAX_LINE + BLOCK // 2, 2 * MAX_LINE - 5])
@pytest.mark.parametrize("second", [MAX_LINE, MAX_LINE + 1, 3 * MAX_LINE // 2, 5 * MAX_LINE])
def test_each_of_several_lines_that_are_too_long_is_cut(first: int, second: int) -> None:
    lines = [b"x" * first, b"a", b"y" * second, b"b", b"z" * (first + 1)]
    assert _read(b"\n".join(lines)) == _expected(lines)


_LENGTHS = st.lists(
    st.one_of(
        st.integers(0, 5),
        st.integers(0, 3 * BLOCK),
        st.sampled_from([MAX_LINE - 1, MAX_LINE, MAX_LINE + 1, 2 * MAX_LINE + 3]),
    ),
    max_size=12,
)


@given(_LENGTHS, st.booleans(), st.integers(0, 2**32))
@settings(max_examples=50)
def test_lines_do_not_depend_on_the_sizes_in_which_bytes_arrive(
    lengths: list[int], is_ended: bool, seed: int
) -> None:
    lines = [bytes([97 + number]) * length for number, length in enumerate(lengths)]
    content = b"\n".join(lines) + b"\n" * is_ended
    expected = content.split(b"\n")
    if not expected[-1]:
        expected.pop()
    chance = random.Random(seed)
    sizes = iter(lambda: chance.choice([1 + chance.randrange(9000), BLOCK, 1 << 30]), 0)
    assert _read(content, sizes) == _expected(expected)


def test_the_buffer_is_small_again_when_a_long_line_is_over() -> None:
    blocks = Blocks(_fills(b"x" * (4 * MAX_LINE) + b"\n" + b"row\n" * 500_000))
    sizes = [len(block.buffer) for block in blocks]
    assert max(sizes) <= 2 * MAX_LINE
    assert sizes[-1] == BLOCK


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"a\nb\n", [b"a", b"b"]),
        (b"a\r\nb\r\n", [b"a", b"b"]),
        (b"a\r\nb\r", [b"a", b"b"]),
        (b"\n", [b""]),
        (b"\r\n\r\n", [b"", b""]),
        (b"a\rb\n", [b"a\rb"]),
        (b"a\0\n\0\0b", [b"a", b"b"]),
    ],
)
def test_the_lines_of_a_block(content: bytes, lines: list[bytes]) -> None:
    assert lines_of(content) == lines


def test_the_tail_of_a_block_begins_with_a_line_if_one_begins_there() -> None:
    rows = b"\n".join(_rows(20_000)) + b"\n"
    tail = tail_of(Block(bytearray(rows), 0, len(rows)))
    assert 30_000 < len(tail) <= 32 * 1024
    assert rows.endswith(b"\n" + tail)
    long = b"x" * 50_000
    assert tail_of(Block(bytearray(long), 10, 50_000)) == b"x" * 32 * 1024
    assert tail_of(Block(bytearray(b"ab\ncd\n"), 3, 6)) == b"cd\n"


def test_bytes_that_arrive_one_by_one() -> None:
    assert _read(b"a\n\nbc\nd", repeat(1)) == _expected([b"a", b"", b"bc", b"d"])
