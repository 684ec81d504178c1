"""Log files as lines, of whatever size, compression and damage."""

import bz2
import gzip
import io
import lzma
import random
import sys
import tracemalloc
from pathlib import Path

import pytest
from backports import zstd

from scanner.errors import SourceError
from scanner.logs.binary import json_document
from scanner.logs.blocks import BLOCK, MAX_LINE
from scanner.logs.marks import SIZE, Marks, digest
from scanner.logs.streams import FINGERPRINT_BYTES, LogStream

_ROWS = b"".join(b"row %06d of a log\n" % number for number in range(20_000))


def _file(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "log"
    path.write_bytes(content)
    return path


def _lines(path: Path) -> list[bytes]:
    with LogStream(path) as stream:
        return list(stream.lines())


def _digest(data: bytes) -> str:
    return digest(_marks(data), len(data))


def _marks(data: bytes) -> bytes:
    marks = Marks()
    marks.update(data)
    return marks.finish()


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"", []),
        (b"a", [b"a"]),
        (b"a\nb\n", [b"a", b"b"]),
        (b"a\n\nb", [b"a", b"", b"b"]),
        (b"\n", [b""]),
        (b"a\r\nb\r\n", [b"a", b"b"]),
        (b"a\r\nb\r", [b"a", b"b"]),
        (b"\xef\xbb\xbfa\n", [b"a"]),
        (b"a\0\0b\n\0\n", [b"ab", b""]),
        (b"a\x0cb\x0b\x85\n", [b"a\x0cb\x0b\x85"]),  # F12
        ("a\u2028b\u2029\n".encode(), ["a\u2028b\u2029".encode()]),
        ("\ufeffä\r\nb".encode("utf-16-le"), ["ä".encode(), b"b"]),
    ],
)
def test_lines(content: bytes, lines: list[bytes], tmp_path: Path) -> None:
    with LogStream(_file(tmp_path, content)) as stream:
        assert list(stream.lines()) == lines
        assert stream.line_count == len(lines)
        assert stream.damage is None


def test_lines_across_blocks_are_whole(tmp_path: Path) -> None:
    rows = [b"%d " % number * (number % 977) for number in range(3000)]
    assert _lines(_file(tmp_path, b"\n".join(rows) + b"\n")) == rows


def test_f10_a_line_of_100_mb_goes_through_a_few_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "log"
    with path.open("wb") as file:
        for _ in range(100):
            file.write(b"x" * 1_000_000)
        file.write(b"\nnext\n")
    tracemalloc.start()
    try:
        with LogStream(path) as stream:
            lengths = [len(line) for line in stream.lines()]
            peak = tracemalloc.get_traced_memory()[1]
            assert stream.length == 100_000_006
            assert stream.cut_lines == 1
    finally:
        tracemalloc.stop()
    assert lengths == [MAX_LINE, 4]
    assert peak < 16 * 1024 * 1024


@pytest.mark.parametrize("length", [MAX_LINE - 1, MAX_LINE, MAX_LINE + 1, MAX_LINE + BLOCK + 1])
def test_f10_a_line_is_cut_at_1_mib_wherever_it_stands(length: int, tmp_path: Path) -> None:
    for before in (b"", b"a\n"):
        content = before + b"x" * length + b"\nb\n"
        lengths = [len(line) for line in _lines(_file(tmp_path, content))][-2:]
        assert lengths == [min(length, MAX_LINE), 1]


def test_f9_a_bomb_goes_through_a_few_megabytes(tmp_path: Path) -> None:
    path = _file(tmp_path, gzip.compress(b"x" * 50_000_000))
    tracemalloc.start()
    try:
        assert [len(line) for line in _lines(path)] == [MAX_LINE]
        assert tracemalloc.get_traced_memory()[1] < 16 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_f6_gz_of_several_members(tmp_path: Path) -> None:
    members = b"".join(
        gzip.compress(_ROWS[at : at + 70_001]) for at in range(0, len(_ROWS), 70_001)
    )
    with LogStream(_file(tmp_path, members)) as stream:
        assert list(stream.lines()) == _ROWS.splitlines()
        assert stream.damage is None


def test_zst_of_several_frames(tmp_path: Path) -> None:
    pack = zstd.compress
    assert _lines(_file(tmp_path, pack(_ROWS[:999]) + pack(_ROWS[999:]))) == _ROWS.splitlines()


_PACKED = {
    "gz": gzip.compress(_ROWS),
    "bz2": bz2.compress(_ROWS, 1),
    "xz": lzma.compress(_ROWS),
    "zst": zstd.compress(_ROWS),
}


_random = random.Random(42001)
_NOISE = b"".join(b"row %d %d\n" % (n, _random.getrandbits(60)) for n in range(20_000))
_NOISY = {
    "gz": gzip.compress(_NOISE, 1),
    "bz2": bz2.compress(_NOISE, 1),
    "xz": lzma.compress(_NOISE, preset=1),
    "zst": zstd.compress(_NOISE, options={zstd.CompressionParameter.checksum_flag: 1}),
}


@pytest.mark.parametrize("name", sorted(_PACKED))
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_f7_z11_a_log_cut_short_says_so_and_gives_what_comes_before(
    name: str, share: float, tmp_path: Path
) -> None:
    packed = _PACKED[name]
    with LogStream(_file(tmp_path, packed[: int(len(packed) * share)])) as stream:
        read = b"\n".join(stream.lines())
        assert stream.damage is not None
        assert name in stream.damage
    assert _ROWS.startswith(read)


def test_f7_z11_a_gz_cut_short_keeps_the_rows_before_the_cut(tmp_path: Path) -> None:
    packed = _PACKED["gz"]
    assert len(_lines(_file(tmp_path, packed[: len(packed) // 2]))) > 5_000


def test_f7_z11_a_damaged_gz_keeps_the_rows_before_the_damage(tmp_path: Path) -> None:
    packed = gzip.compress(_ROWS, 1)
    middle = len(packed) // 2
    damaged = packed[:middle] + bytes(byte ^ 0xFF for byte in packed[middle : middle + 64])
    with LogStream(_file(tmp_path, damaged + packed[middle + 64 :])) as stream:
        lines = list(stream.lines())
        assert stream.damage is not None
    assert lines[:5000] == _ROWS.splitlines()[:5000]


@pytest.mark.parametrize("name", sorted(_PACKED))
def test_f7_damage_anywhere_is_never_an_error_of_the_reader(name: str, tmp_path: Path) -> None:
    packed = _NOISY[name]
    for at in range(32, len(packed) - 64, len(packed) // 40):
        damaged = packed[:at] + bytes(30) + packed[at + 30 :]
        with LogStream(_file(tmp_path, damaged)) as stream:
            count = sum(1 for _ in stream.lines())
            assert (stream.damage is not None, count == stream.line_count) == (True, True)


def test_f7_damage_in_the_second_member_keeps_the_first(tmp_path: Path) -> None:
    good = gzip.compress(_ROWS)
    with LogStream(_file(tmp_path, good + good[:100])) as stream:
        lines = list(stream.lines())
        assert stream.damage is not None
    assert lines[:20_000] == _ROWS.splitlines()


def test_f7_a_gz_of_nothing_but_its_magic_is_damaged(tmp_path: Path) -> None:
    with LogStream(_file(tmp_path, b"\x1f\x8b\x08")) as stream:
        assert list(stream.lines()) == []
        assert stream.damage is not None


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_the_digest_is_of_the_content_not_of_the_file(pack: object, tmp_path: Path) -> None:
    with LogStream(_file(tmp_path, pack(_ROWS))) as stream:  # type: ignore[operator]
        stream.drain()
        assert (stream.length, stream.digest) == (len(_ROWS), _digest(_ROWS))


def test_the_digest_of_a_log_read_as_lines_is_that_of_a_log_drained(tmp_path: Path) -> None:
    with LogStream(_file(tmp_path, _ROWS)) as stream:
        assert sum(1 for _ in stream.lines()) == 20_000
        assert (stream.length, stream.digest) == (len(_ROWS), _digest(_ROWS))


def test_partial_marks_tell_what_the_log_was_when_it_was_shorter(tmp_path: Path) -> None:
    content = _ROWS * 6  # past the first megabyte
    lengths = [1, BLOCK + 7, 1_500_000]
    with LogStream(_file(tmp_path, content), [*lengths, len(content) + 1]) as stream:
        stream.drain()
        assert stream.partial == {length: _marks(content[:length])[-SIZE:] for length in lengths}


def test_the_fingerprint_stays_while_the_log_grows(tmp_path: Path) -> None:
    def fingerprint(content: bytes) -> str:
        with LogStream(_file(tmp_path, content)) as stream:
            return stream.fingerprint

    begin = _ROWS[:FINGERPRINT_BYTES]
    assert fingerprint(begin) == fingerprint(_ROWS) == fingerprint(gzip.compress(_ROWS))
    assert fingerprint(begin) != fingerprint(begin[:-1] + b"?")


def test_head_and_tail(tmp_path: Path) -> None:
    content = _ROWS * 6
    with LogStream(_file(tmp_path, content)) as stream:
        assert content.startswith(stream.head)
        assert len(stream.head) >= 1024 * 1024
        assert sum(1 for _ in stream.lines()) == 120_000
        assert stream.tail[-1] == b"row 019999 of a log"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"SQLite format 3\0" + b"\1" * 99, "a SQLite database"),
        (b"\xd4\xc3\xb2\xa1\2\0\4\0", "a packet capture (pcap)"),
        (b"\x0a\x0d\x0d\x0a\x1c\0\0\0", "a packet capture (pcapng)"),
        (b"PK\x03\x04\x14\0", "a zip archive"),
        (b"PAR1\x15\4", "a Parquet file"),
        (b"ElfFile\0\0\0", "a Windows event log (EVTX)"),
        (b"\x7fELF\2\1\1", "a program"),
        (bytes(range(256)) * 4, "binary data"),
        (gzip.compress(b"PK\x03\x04\x14\0"), "a zip archive"),
        (b"Nov 21 01:58:30 a log\n", None),
        ("b\u00fccher\t\x1b[0m\n".encode(), None),
        ("\ufeffa log of Windows\r\n".encode("utf-16-le"), None),
        (b"\xff\xfc\xe9 latin-1\n", None),
        (b"a line\n" * 20 + b"\0" * 10, None),
        (b"", None),
    ],
)
def test_not_a_log(content: bytes, what: str | None, tmp_path: Path) -> None:
    with LogStream(_file(tmp_path, content)) as stream:
        assert stream.not_a_log() == what


def test_f15_what_cannot_be_opened_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="No such file or directory"):
        LogStream(tmp_path / "missing")
    with pytest.raises(SourceError, match="Is a directory"):
        LogStream(tmp_path)


def test_f15_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BufferedReader(io.BytesIO(gzip.compress(_ROWS)))  # type: ignore[arg-type]

    monkeypatch.setattr(sys, "stdin", Stdin)
    with LogStream(None) as stream:
        assert list(stream.lines()) == _ROWS.splitlines()
        assert stream.position == len(_ROWS)


def test_f15_a_document_over_many_lines_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Stdin:
        buffer = io.BufferedReader(io.BytesIO(b'[\n  {\n    "a": 1\n  }\n]\n'))  # type: ignore[arg-type]

    monkeypatch.setattr(sys, "stdin", Stdin)
    with LogStream(None, (), [json_document.BINARY], tmp_path) as stream:
        assert list(stream.lines()) == [b'{"a":1}']


def test_f16_a_file_that_grows_while_it_is_read_ends_at_a_line(tmp_path: Path) -> None:
    path = _file(tmp_path, b"a\nb\n")
    with LogStream(path) as stream:
        with path.open("ab") as file:
            file.write(b"c\n")
        assert list(stream.lines()) in ([b"a", b"b"], [b"a", b"b", b"c"])
        assert stream.digest == _digest(path.read_bytes()[: stream.length])
