"""Reading only the lines that hold a wanted name finds what reading every line finds."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.logs import Format, Spelled, Tally
from scanner.logs.blocks import every_line
from scanner.logs.clock import order_of_dates
from scanner.logs.formats import squid, suricata, windows_dns, zeek_json, zeek_tsv
from scanner.logs.screen import WATCHED, Screen
from scanner.logs.streams import LogStream
from scanner.model import Observation
from scanner.registry import FORMATS, values
from scanner.shapes import Shapes
from tests.support import a_matcher, clock, lines_of, the_base

_FORMATS = {one.name: one for one in values(FORMATS)}
_SCREENED = sorted(name for name, one in _FORMATS.items() if one.spelled is not Spelled.PARTLY)


def _screen() -> Screen:
    ends, others = a_matcher().literals()
    return Screen(ends, others)


def _read(
    log_format: Format, path: Path, is_screened: bool
) -> tuple[list[Observation], int, int, int]:
    """Return what is seen, the lines, those screened and those rejected."""
    tally, now = Tally(), clock()
    now.day_is_first = order_of_dates(lines_of(log_format.sample))
    screening = _screen().screening(log_format) if is_screened else None
    with LogStream(path) as stream:
        batches = stream.batches(screening or every_line)
        table = a_matcher().host_table(Shapes([]))
        seen = list(log_format.read(batches, table, tally, now))
        screened = screening.screened if screening else 0
        return sorted(seen, key=lambda one: one.line), stream.line_count, screened, tally.rejected


def _unwanted(sample: bytes) -> bytes:
    """Make no name of a sample a wanted one."""
    for name in (b"openai", b"chatgpt", b"claude", b"bing"):
        sample = sample.replace(name, b"z" * len(name))
    return sample


def _large(log_format: Format) -> bytes:
    """Return a log of some blocks, with the sample's own lines here and there."""
    filling = _unwanted(log_format.sample)
    filling = filling * (400_000 // len(filling) + 1)
    return b"".join((log_format.sample, filling, log_format.sample, filling, log_format.sample))


@pytest.mark.parametrize("name", _SCREENED)
def test_a_screened_log_shows_what_a_read_one_shows(name: str, tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(_large(_FORMATS[name]))
    every, lines, none, _ = _read(_FORMATS[name], path, is_screened=False)
    few, as_many, screened, _ = _read(_FORMATS[name], path, is_screened=True)
    assert every or b"openai" not in _FORMATS[name].sample
    assert few == every
    assert (as_many, none) == (lines, 0)
    assert screened > lines / 3


_HOSTS = (
    b"API.OpenAI.Com",
    b"api.openai.com.",
    b"user:pw@chatgpt.com:443",
    b"my-own.openai.azure.com",
    b"api.open%61i.com",
    b"www.example.org",
    b"notopenai.com",
    b"openai.com.evil.example",
    b"xn--bcher-kva.example",
)


@settings(max_examples=40, deadline=None)
@given(picked=st.lists(st.sampled_from(_HOSTS), min_size=1, max_size=20), at=st.integers(0, 3000))
def test_however_a_name_is_spelled(
    picked: list[bytes], at: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    line = b"1795226310.136     15 10.0.0.7 TCP_MISS/200 1832 GET http://%b/x?u=chatgpt.com - HIER_DIRECT/203.0.113.7 -\n"
    rows = [line % b"www.example.org"] * 6000
    for offset, host in enumerate(picked):
        rows[(at + 137 * offset) % len(rows)] = line % host
    path = tmp_path_factory.mktemp("screen") / "log"
    path.write_bytes(b"".join(rows))
    assert _read(squid.FORMAT, path, True)[:2] == _read(squid.FORMAT, path, False)[:2]


@pytest.mark.parametrize(
    "query",
    [
        rb"api.op\u0065nai.com",
        rb"api.openai\u002ecom",
        rb"API.OPENAI.COM",
        "api.ｏpenai.com".encode(),
    ],
)
def test_json_escapes_and_wide_letters(query: bytes, tmp_path: Path) -> None:
    row = (
        b'{"ts":1795226310.136,"uid":"Ch1","id.orig_h":"10.0.0.7","query":"%b","qtype_name":"A"}\n'
    )
    path = tmp_path / "log"
    path.write_bytes(row % b"www.example.org" * 5000 + row % query + row % b"www.example.org")
    seen = _read(zeek_json.FORMAT, path, True)[0]
    assert [(one.value, one.line) for one in seen] == [("api.openai.com", 5001)]


def test_names_in_labels(tmp_path: Path) -> None:
    path = tmp_path / "log"
    text = windows_dns.FORMAT.sample
    path.write_bytes(_unwanted(text) * 1000 + text.replace(b"(6)openai", b"(6)OpenAI"))
    seen = _read(windows_dns.FORMAT, path, True)[0]
    assert [one.value for one in seen] == ["api.openai.com"]


def test_packed_logs_without_a_last_line_end(tmp_path: Path) -> None:
    path = tmp_path / "log.gz"
    path.write_bytes(gzip.compress(_large(zeek_tsv.FORMAT).removesuffix(b"\n")))
    assert _read(zeek_tsv.FORMAT, path, True)[:2] == _read(zeek_tsv.FORMAT, path, False)[:2]


def test_one_block_in_a_hundred_is_read_in_full(tmp_path: Path) -> None:
    path = tmp_path / "log"
    line = b"no record of squid at all, and no name either, but long enough to fill the blocks\n"
    path.write_bytes(line * 400_000)
    _, lines, screened, rejected = _read(squid.FORMAT, path, True)
    assert (lines, screened + rejected) == (400_000, 400_000)
    assert 2.1 * lines / WATCHED > rejected > 0.5 * lines / WATCHED


def test_the_filter_of_all_signatures_is_made_in_a_moment() -> None:
    base = the_base()
    ends, others = base.matcher.literals()
    screen = Screen(ends, [*others, *(base.shapes.literals() or ())])
    screen.prepare([squid.FORMAT, windows_dns.FORMAT])
    assert screen.suits(squid.FORMAT)
    assert not screen.suits(suricata.FORMAT)
