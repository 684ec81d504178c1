"""Logs known by hashes of their pieces: grown, cut, changed in one byte."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scanner.logs.marks import (
    CUT,
    SIZE,
    Marks,
    begins_with,
    digest,
    piece_end,
    whole_pieces,
)

_CONTENT = Random(42).randbytes(20 << 20)
_EDGES = (1 << 6, 1 << 12, 1 << 18, 1 << 24, CUT, 17 << 20)
# Places near the begin and around the edges of pieces of every size, and some in between.
_PLACES = sorted(
    {
        *(max(0, edge + off) for edge in _EDGES for off in (-65, -64, -1, 0, 1, 63, 64)),
        *(0, 1, 2, 100, 5_000, 70_000, 300_001, 999_999, 5_000_000, len(_CONTENT)),
    }
)


def _marks(content: bytes, position: int = 0) -> bytes:
    marks = Marks(position)
    marks.update(content)
    return marks.finish()


def _grown(content: bytes, length: int) -> tuple[bytes, bytes | None]:
    """Return the marks of a log, and its hash up to where a shorter one of ``length`` ends."""
    marks = Marks(0, [length])
    marks.update(content)
    return marks.finish(), marks.partial.get(length)


def _is_grown_from(content: bytes, short: bytes) -> bool:
    marks, partial = _grown(content, len(short))
    return begins_with(marks, _marks(short), len(short), partial)


@given(st.binary(max_size=9_000), st.data())
def test_a_log_begins_with_each_of_its_beginnings(content: bytes, data: st.DataObject) -> None:
    length = data.draw(st.integers(0, len(content)))
    assert _is_grown_from(content, content[:length])


@pytest.mark.parametrize("length", _PLACES)
def test_a_long_log_begins_with_each_of_its_beginnings(length: int) -> None:
    assert _is_grown_from(_CONTENT, _CONTENT[:length])


@given(st.binary(min_size=1, max_size=9_000), st.data())
def test_one_other_byte_is_seen_wherever_it_stands(content: bytes, data: st.DataObject) -> None:
    length = data.draw(st.integers(1, len(content)))
    at = data.draw(st.integers(0, length - 1))
    short = bytearray(content[:length])
    short[at] ^= data.draw(st.integers(1, 255))
    assert not _is_grown_from(content, bytes(short))


@pytest.mark.parametrize("length", [place for place in _PLACES if place])
def test_one_other_byte_is_seen_in_a_long_log(length: int) -> None:
    marks, partial = _grown(_CONTENT, length)
    for at in {0, length // 2, length - 1, *(edge for edge in _EDGES if edge < length)}:
        short = bytearray(_CONTENT[:length])
        short[at] ^= 1
        assert not begins_with(marks, _marks(bytes(short)), length, partial), at


@pytest.mark.parametrize("length", _PLACES)
def test_an_older_copy_is_in_the_longer_log_that_is_stored(length: int) -> None:
    """Of one under a kilobyte that ends inside a piece nobody can be sure."""
    ends_a_piece = not length or piece_end(length - 1) == length
    is_known = begins_with(_marks(_CONTENT), _marks(_CONTENT[:length]), length)
    assert is_known or (length < 1_024 and not ends_a_piece)


@given(st.sampled_from([64, 65, 127, 200, 4_096, 5_000, 8_191, 8_192, 8_999]))
def test_an_older_copy_that_differs_in_a_whole_piece_is_another_log(length: int) -> None:
    content = _CONTENT[:9_000]
    last = [end for end in range(1, length + 1) if piece_end(end - 1) == end][-1]
    short = bytearray(content[:length])
    short[last - 1] ^= 1
    assert not begins_with(_marks(content), _marks(bytes(short)), length)


@given(st.binary(max_size=9_000), st.lists(st.integers(1, 3_000), max_size=9))
def test_marks_do_not_depend_on_how_bytes_arrive(content: bytes, steps: list[int]) -> None:
    marks = Marks()
    at = 0
    for step in steps:
        marks.update(memoryview(content)[at : at + step])
        at += step
    marks.update(content[at:])
    assert (marks.finish(), marks.length) == (_marks(content), len(content))


@given(st.integers(0, 19), st.integers(0, 19), st.integers(0, CUT))
@settings(max_examples=15)
@example(16, 17, 0)
@example(0, 1, 1)
def test_parts_that_meet_at_cuts_have_the_marks_of_the_whole(one: int, two: int, end: int) -> None:
    first, second = sorted((one * CUT, two * CUT))
    length = min(second + end, len(_CONTENT))
    parts = ((0, first), (first, second), (second, length))
    joined = b"".join(_marks(_CONTENT[begin:until], begin) for begin, until in parts)
    assert joined == _marks(_CONTENT[:length])


def test_partial_marks_are_those_of_the_log_when_it_was_that_long() -> None:
    marks = Marks(0, _PLACES)
    marks.update(_CONTENT)
    assert marks.partial == {
        length: _marks(_CONTENT[:length])[-SIZE:] for length in _PLACES if length
    }


def test_pieces_follow_each_other_without_a_gap() -> None:
    ends = [piece_end(0)]
    while ends[-1] < 20 << 20:
        ends.append(piece_end(ends[-1]))
    sizes = [ends[0], *(later - end for end, later in pairwise(ends))]
    assert [sizes.count(size) for size in sorted(set(sizes))] == [64, 240, 240, 240, 4]
    assert sizes == sorted(sizes)
    assert all(piece_end(end - 1) == end for end in ends)
    assert [whole_pieces(end) for end in ends] == list(range(1, len(ends) + 1))
    assert [whole_pieces(end - 1) for end in ends] == list(range(len(ends)))


@given(st.integers(0, 30 << 20))
@settings(max_examples=40)
def test_there_is_one_mark_for_each_piece_and_one_for_the_rest(length: int) -> None:
    content = bytes(length)
    is_whole = not length or piece_end(length - 1) == length
    assert len(_marks(content)) == (whole_pieces(length) + (not is_whole)) * SIZE


def test_the_digest_tells_contents_of_the_same_marks_apart_by_their_length() -> None:
    assert digest(b"m" * 8, 5) != digest(b"m" * 8, 6)
    assert digest(_marks(b"a"), 1) != digest(_marks(b"b"), 1)


@pytest.mark.parametrize(
    ("shared", "own"), [(5_000, 900), (300_000, 20_000), (64, 60), (4_096, 300)]
)
def test_a_shorter_log_that_says_something_of_its_own_is_another(shared: int, own: int) -> None:
    short = _CONTENT[:shared] + bytes(own)
    assert not begins_with(_marks(_CONTENT), _marks(short), len(short))


@pytest.mark.parametrize("length", [1_100, 5_000, 70_001, 300_000])
def test_of_an_older_copy_a_sixteenth_at_most_is_taken_on_trust(length: int) -> None:
    end = length
    while piece_end(end - 1) != end:
        end -= 1
    other = _CONTENT[:end] + bytes(length - end)
    assert begins_with(_marks(_CONTENT), _marks(other), length)
    assert length - end <= length / 16
