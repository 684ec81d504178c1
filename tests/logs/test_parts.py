"""A log read in parts: together they show what the whole shows, wherever it is cut."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from scanner.errors import SourceError
from scanner.logs import Batch
from scanner.logs.blocks import BLOCK, MAX_LINE
from scanner.logs.marks import CUT, piece_end
from scanner.logs.parts import Part, PartStream, parts_of
from scanner.logs.streams import LogStream


class _Read(NamedTuple):
    """What reading a log gives: its lines, those cut, its marks, the hashes up to some lengths."""

    lines: list[bytes]
    cut_lines: int
    marks: bytes
    partial: dict[int, bytes]


class _Around(NamedTuple):
    """The numbered lines before a part, of it, and after it."""

    before: list[tuple[int, bytes]]
    own: list[tuple[int, bytes]]
    after: list[tuple[int, bytes]]


def _in_one_go(path: Path, lengths: Sequence[int]) -> _Read:
    with LogStream(path, lengths) as stream:
        lines = list(stream.lines())
        return _Read(lines, stream.cut_lines, stream.marks, stream.partial)


def _in_parts(path: Path, parts: Sequence[Part], lengths: Sequence[int]) -> _Read:
    lines: list[bytes] = []
    cut_lines, marks, partial = 0, b"", {}
    for part in parts:
        with PartStream(path, part, 0, lengths) as stream:
            lines += [line for _, line in _around(stream).own]
            cut_lines += stream.cut_lines
            marks += stream.marks
            partial |= stream.partial
    return _Read(lines, cut_lines, marks, partial)


def _around(stream: PartStream) -> _Around:
    read = _Around([], [], [])
    here = [read.before]

    def go_to(other: list[tuple[int, bytes]]) -> Callable[[], None]:
        return lambda: here.append(other)

    for batch in stream.batches(go_to(read.own), go_to(read.after)):
        here[-1].extend(zip(*batch, strict=True))
    return read


def _parts(*cuts: int) -> list[Part]:
    return [Part(begin, end) for begin, end in pairwise(sorted(cuts))]


_LINE_ENDS = st.sampled_from([b"\n", b"\n", b"\n", b"\r\n", b"\n\n", b"\0\n", b"\r\r\n"])
_SHORT_LINES = st.one_of(
    st.binary(max_size=30),
    st.sampled_from([b"", b"\r", b"\0\0", b"#fields\ta", b"a row of usual length, as they come"]),
    st.integers(0, 900).map(lambda length: b"x" * length),
)
_TEXTS = st.lists(st.tuples(_SHORT_LINES, _LINE_ENDS), max_size=60).map(
    lambda rows: b"a" + b"".join(part for row in rows for part in row)  # no archive begins so
)
_MANY = settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(text=_TEXTS, end=st.binary(max_size=9), cuts=st.lists(st.integers(0, 9_999), max_size=4))
@example(text=b"\xef\xbb\xbfa\nb\n", end=b"", cuts=[3, 4, 5])
@_MANY
def test_any_cut_gives_the_lines_of_the_whole_in_their_order(
    text: bytes, end: bytes, cuts: list[int], tmp_path: Path
) -> None:
    path = tmp_path / "log"
    path.write_bytes(content := text + end)
    parts = _parts(0, len(content), *(cut for cut in cuts if cut < len(content)))
    assert _in_parts(path, parts, ()).lines == _in_one_go(path, ()).lines


@given(text=_TEXTS, end=st.binary(max_size=9), data=st.data())
@_MANY
def test_cuts_at_the_ends_of_pieces_give_the_marks_of_the_whole(
    text: bytes, end: bytes, data: st.DataObject, tmp_path: Path
) -> None:
    path = tmp_path / "log"
    path.write_bytes(content := text + end)
    places = st.lists(st.integers(0, max(0, len(content) - 1)), max_size=4)
    lengths = [place for place in data.draw(places) if place]
    cuts = [piece_end(place) for place in data.draw(places)]
    parts = _parts(0, len(content), *(cut for cut in cuts if cut < len(content)))
    assert _in_parts(path, parts, lengths) == _in_one_go(path, lengths)


_LONG = (MAX_LINE - 1, MAX_LINE, MAX_LINE + 1, MAX_LINE + BLOCK + 1, 2 * MAX_LINE + 9)


@given(
    lengths=st.lists(
        st.one_of(st.integers(0, 9), st.integers(0, 2 * BLOCK), st.sampled_from(_LONG)),
        min_size=1,
        max_size=8,
    ),
    is_ended=st.booleans(),
)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(lengths=[3 * MAX_LINE, 0, 3 * MAX_LINE], is_ended=False)
def test_lines_longer_than_a_part_are_cut_and_counted_once(
    lengths: list[int], is_ended: bool, tmp_path: Path
) -> None:
    path = tmp_path / "log"
    lines = (bytes([97 + number]) * length for number, length in enumerate(lengths))
    path.write_bytes(content := b"\n".join(lines) + b"\n" * is_ended)
    some = [1, len(content) // 2, len(content) - 1]
    whole = _in_one_go(path, [one for one in some if one])
    in_parts = _in_parts(path, parts_of(len(content), 99), [one for one in some if one])
    assert in_parts._replace(lines=[]) == whole._replace(lines=[])
    assert [len(line) for line in in_parts.lines] == [len(line) for line in whole.lines]
    assert in_parts.lines == whole.lines, "lines of the right lengths differ"


@given(
    text=_TEXTS,
    begin=st.integers(0, 5_000),
    length=st.integers(0, 5_000),
    window=st.integers(1, 40),
)
@_MANY
def test_a_window_shows_the_lines_around_a_part_and_counts_none_of_them(
    text: bytes, begin: int, length: int, window: int, tmp_path: Path
) -> None:
    path = tmp_path / "log"
    path.write_bytes(text)
    part = Part(min(begin, len(text)), min(begin + length, len(text)))
    whole = _in_one_go(path, ()).lines
    first = text.count(b"\n", 0, part.begin) + _is_inside(text, part.begin)
    last = text.count(b"\n", 0, part.end) + _is_inside(text, part.end)
    with PartStream(path, part, window) as stream:
        read = _around(stream)
        assert stream.line_count == last - first
    assert [line for _, line in read.before] == whole[max(0, first - window) : first]
    assert [line for _, line in read.own] == whole[first:last]
    assert [line for _, line in read.after] == whole[last : last + window]
    numbers = [number + first for number, _ in (*read.before, *read.own, *read.after)]
    assert numbers == list(range(max(0, first - window) + 1, min(last + window, len(whole)) + 1))


def _is_inside(text: bytes, place: int) -> bool:
    """Whether a place lies in a line, behind its begin."""
    return bool(place) and not text.endswith(b"\n", 0, place)


def test_a_window_may_be_longer_than_a_buffer(tmp_path: Path) -> None:
    path = tmp_path / "log"
    rows = [b"%06d %s" % (number, b"x" * 300) for number in range(6_000)]
    path.write_bytes(b"\n".join(rows) + b"\n")
    with PartStream(path, Part(CUT, CUT + 307), 2_000) as stream:
        read = _around(stream)
    at = int(read.own[0][1][:6])
    assert [line for _, line in read.before] == rows[at - 2_000 : at]
    assert [line for _, line in read.after] == rows[at + 1 : at + 2_001]


@pytest.mark.parametrize("size", [0, 1, CUT - 1, CUT, CUT + 1, 5 * CUT, 17 * CUT + 9])
@pytest.mark.parametrize("count", [1, 2, 3, 16])
def test_a_log_is_cut_into_at_most_so_many_parts_of_about_one_size(size: int, count: int) -> None:
    parts = parts_of(size, count)
    assert len(parts) <= count
    assert [part.begin for part in parts] == [0, *(part.end for part in parts)][: len(parts)]
    assert (parts[-1].end if parts else 0) == size
    assert all(part.begin % CUT == 0 and part.end - part.begin > 0 for part in parts)
    assert max((part.end - part.begin for part in parts), default=0) <= size // count + CUT


def test_headers_are_noted_once_each_however_often_they_come(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"#fields\ta\n1\n" * 500 + b"x #no\n#fields\tb\n2\n")
    with PartStream(path, Part(0, path.stat().st_size)) as stream:
        _around(stream)
        assert stream.headers == [b"#fields\ta", b"#fields\tb"]


def test_the_tail_is_the_last_lines_of_the_part(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"".join(b"%d\n" % number for number in range(1_000)))
    with PartStream(path, Part(0, 2_001), 20) as stream:
        last = _around(stream).own[-1][1]
        assert stream.tail[-1] == last


def _shorten(path: Path, length: int) -> None:
    with path.open("rb+") as file:
        file.truncate(length)


def test_f16_a_file_that_is_shorter_than_what_was_cut_is_an_error_in_words(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"a row\n" * 100)
    with pytest.raises(SourceError, match="became shorter while it was read; scan it again"):
        PartStream(path, Part(0, 601))
    with pytest.raises(SourceError, match="No such file"):
        PartStream(tmp_path / "none", Part(0, 1))


@pytest.mark.parametrize("left", [0, 1, 600_000])
def test_f16_a_file_that_becomes_shorter_while_it_is_read_is_no_shorter_log(
    left: int, tmp_path: Path
) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"a row\n" * 200_000)
    with PartStream(path, Part(0, 1_200_000)) as stream:
        batches = stream.batches(lambda: None, lambda: None)
        assert isinstance(next(batches), Batch)
        _shorten(path, left)
        with pytest.raises(SourceError, match="became shorter while it was read"):
            list(batches)


def test_f16_what_is_appended_belongs_to_no_part_but_its_last_line(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"one\ntwo\nthr")
    whole = _in_one_go(path, ())
    with path.open("ab") as file:
        file.write(b"ee\nfour\n")
    read = _in_parts(path, [Part(0, 11)], ())
    assert (read.lines, read.marks) == ([b"one", b"two", b"three"], whole.marks)
