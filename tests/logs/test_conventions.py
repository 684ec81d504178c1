"""What holds for every log format, whatever it is."""

import bz2
import gzip
import importlib
import lzma
import random
import re
from pathlib import Path

import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.hosts import HostTable, fold
from scanner.logs import Format, Tally
from scanner.logs.detection import judge, sample_lines
from scanner.logs.streams import LogStream
from scanner.model import Observation
from scanner.registry import FORMATS, load, values
from tests.support import Reading, clock, read, read_lines, within

_ALL = values(FORMATS)
_BY_NAME = {one.name: one for one in _ALL}
every_format = pytest.mark.parametrize("name", sorted(_BY_NAME))


# Records of these are numbered by what they were made of: packets.
_NUMBERED_OTHERWISE = ("capture",)


def _account_of(name: str, reading: Reading, text: bytes) -> None:
    """Check what every reading must satisfy, of whatever text."""
    seen, tally = reading
    assert tally.read == tally.parsed + tally.ignored.total() + tally.rejected
    assert tally.parsed >= len(seen)
    assert len(tally.rejects) == min(tally.rejected, 5)
    tokens = {fold(token) for token in re.split(rb"[\s\"',;|=/?#\[\]{}()]+", text)}
    lower = text.decode("utf-8", "backslashreplace").lower()
    lower += re.sub(r"\(\d+\)", ".", lower)  # (3)api(6)openai(3)com(0)
    lower += lower.replace('""', '"').replace("\\", "")  # as quoted values say it
    values = (one.value.lower() for one in seen)  # names of applications keep their capitals
    assert [one for one in values if one not in lower and one not in tokens] == []
    assert [one for one in seen if not one.value or one.line < 1] == []
    assert name in _NUMBERED_OTHERWISE or all(one.line <= tally.read for one in seen)


def test_the_formats_are_here() -> None:
    assert set(_BY_NAME) >= {
        "bind",
        "csv",
        "dnsmasq",
        "jsonl",
        "squid",
        "unbound",
        "w3c",
        "zeek-json",
        "zeek-tsv",
    }
    assert load(FORMATS)[1] == ()


@every_format
def test_the_sample_is_understood_whole(name: str) -> None:
    reading = read(_BY_NAME[name], _BY_NAME[name].sample)
    assert reading.observations != []
    assert reading.tally.rejects == []
    assert len(reading.observations) == reading.tally.parsed
    _account_of(name, reading, _BY_NAME[name].sample)


@every_format
def test_no_other_format_claims_the_sample(name: str) -> None:
    best, second = judge(_ALL, sample_lines(_BY_NAME[name].sample), clock())[:2]
    assert best.format.name == name
    assert best.is_fit
    assert best.rank > second.rank


@every_format
def test_an_empty_log_shows_nothing(name: str) -> None:
    assert read_lines(_BY_NAME[name], []) == Reading([], Tally())


@every_format
def test_blank_lines_are_ignored_or_rejected_as_blank(name: str) -> None:
    reading = read_lines(_BY_NAME[name], [b"", b"  ", b""])
    assert reading.observations == []
    assert reading.tally.rejected == 0 or name == "w3c"
    assert reading.tally.parsed == 0


@every_format
def test_every_cut_of_the_sample_is_read_as_far_as_it_goes(name: str) -> None:
    sample = _BY_NAME[name].sample
    for end in range(len(sample)):
        _account_of(name, read(_BY_NAME[name], sample[:end]), sample)


@every_format
def test_noise_shows_nothing(name: str) -> None:
    noise = random.Random(42001).randbytes(200_000)
    reading = read(_BY_NAME[name], noise)
    assert reading.observations == []
    assert reading.tally.parsed == 0


@every_format
def test_nuls_between_the_bytes_are_survived(name: str) -> None:
    sample = _BY_NAME[name].sample
    for text in (sample.replace(b" ", b"\0"), b"\0".join(sample[at : at + 1] for at in range(99))):
        reading = read(_BY_NAME[name], text)
        assert reading.tally.read == reading.tally.parsed + (
            reading.tally.ignored.total() + reading.tally.rejected
        )


@every_format
@pytest.mark.parametrize(
    "filling",
    [b"a", b"9", b" ", b'"', b"[", b"{", b".", b"\\", b"a ", b"A A ", b"a:", "ü".encode()],
)
def test_one_enormous_line_is_read_in_a_moment(name: str, filling: bytes) -> None:
    enormous = filling * (1_000_000 // len(filling))
    lines = [line for line in _BY_NAME[name].sample.split(b"\n") if line]
    middle = len(lines[-2]) // 2
    grown = lines[-2][:middle] + enormous + lines[-2][middle:]
    with within(10):
        reading = read_lines(_BY_NAME[name], [*lines, enormous, grown, lines[-2] + enormous])
    assert len(reading.observations) >= len(read_lines(_BY_NAME[name], lines).observations)
    assert reading.tally.parsed >= len(reading.observations)


_damage = st.lists(
    st.tuples(
        st.sampled_from(["cut", "swap", "double", "flip"]),
        st.integers(0, 2000),
        st.integers(0, 2000),
    ),
    min_size=1,
    max_size=8,
)


def _damaged(text: bytes, damage: list[tuple[str, int, int]]) -> bytes:
    for how, first, second in damage:
        if not text:
            break
        begin, end = sorted((first % len(text), second % len(text)))
        match how:
            case "cut":
                text = text[:begin] + text[end:]
            case "double":
                text = text[:end] + text[begin:]
            case "swap":
                swapped = bytearray(text)
                swapped[begin], swapped[end] = swapped[end], swapped[begin]
                text = bytes(swapped)
            case _:
                flipped = bytearray(text)
                flipped[begin] ^= 1 << (second % 7)
                text = bytes(flipped)
    return text


@every_format
@settings(max_examples=150)
@given(damage=_damage)
def test_no_damage_is_an_error_or_invents_a_host(
    name: str, damage: list[tuple[str, int, int]]
) -> None:
    text = _damaged(_BY_NAME[name].sample * 2, damage)
    _account_of(name, read(_BY_NAME[name], text), text)


@every_format
@settings(max_examples=50)
@given(damage=_damage)
def test_a_reader_that_wants_fewer_hosts_shows_those_alone(
    name: str, damage: list[tuple[str, int, int]]
) -> None:
    text = _damaged(_BY_NAME[name].sample * 2, damage)
    wanted = "api.openai.com"
    every = read(_BY_NAME[name], text)
    fewer = read(_BY_NAME[name], text, hosts=HostTable(wanted.__eq__, ["openai.com"]))
    of_all = [one._replace(ts=None) for one in every.observations if one.value == wanted]
    of_few = [one._replace(ts=None) for one in fewer.observations]
    assert sorted(of_few, key=_place) == sorted(of_all, key=_place)


def _place(one: Observation) -> int:
    return one.line


def _from_file(log_format: Format, path: Path) -> list[Observation]:
    with LogStream(path) as stream:
        table = HostTable.of_every_host()
        return list(log_format.read(stream.batches(), table, Tally(), clock()))


_WRITTEN = {
    "as it is": lambda text: text,
    "without the last line end": lambda text: text.removesuffix(b"\n"),
    "CRLF": lambda text: text.replace(b"\n", b"\r\n"),
    "UTF-8 BOM": lambda text: b"\xef\xbb\xbf" + text,
    "UTF-16LE BOM": lambda text: text.decode().encode("utf-16-le").join((b"\xff\xfe", b"")),
    "UTF-16BE BOM, CRLF": lambda text: (
        text.decode().replace("\n", "\r\n").encode("utf-16-be").join((b"\xfe\xff", b""))
    ),
    "gz": gzip.compress,
    "gz, two members": lambda text: gzip.compress(text[:50]) + gzip.compress(text[50:]),
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstd.compress,
    "gz of UTF-16LE": lambda text: gzip.compress(b"\xff\xfe" + text.decode().encode("utf-16-le")),
    "NULs": lambda text: text.replace(b"\n", b"\0\n\0\0"),
}


@every_format
@pytest.mark.parametrize("how", sorted(_WRITTEN))
def test_f1_f2_f4_f6_f11_however_it_is_written_it_says_the_same(
    name: str, how: str, tmp_path: Path
) -> None:
    path = tmp_path / "log"
    path.write_bytes(_WRITTEN[how](_BY_NAME[name].sample))
    assert (
        _from_file(_BY_NAME[name], path) == read(_BY_NAME[name], _BY_NAME[name].sample).observations
    )


@pytest.mark.parametrize("plugin", load(FORMATS)[0], ids=lambda plugin: plugin.value.name)
def test_the_docstring_shows_a_real_line_and_a_reference(plugin: object) -> None:
    origin = plugin.origin  # type: ignore[attr-defined]
    words = importlib.import_module(origin).__doc__ or ""
    assert re.search(r"^    \S.{15,}$", words, re.MULTILINE), f"{origin} shows no line"
    assert re.search(r"^Reference: https://\S+", words, re.MULTILINE), f"{origin} has no reference"


@every_format
def test_the_format_describes_itself(name: str) -> None:
    one = _BY_NAME[name]
    assert re.fullmatch(r"[a-z0-9-]+", one.name)
    assert one.title
    assert 0 < one.specificity <= 90
    assert one.proves
    assert one.reference.startswith("https://")
    assert one.sample.endswith(b"\n")
