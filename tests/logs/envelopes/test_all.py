"""What holds for every envelope, whatever it is."""

import importlib
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.logs.clock import NO_TIME
from scanner.logs.envelopes import Envelope
from scanner.model import TimeQuality
from scanner.registry import ENVELOPES, FORMATS, load, values
from tests.logs.envelopes.samples import observed, recognised
from tests.support import clock, lines_of, read, within

_ALL = {one.name: one for one in values(ENVELOPES)}
every_envelope = pytest.mark.parametrize("name", sorted(_ALL))
_FORMATS = {one.name: one for one in values(FORMATS)}


def _peeled(envelope: Envelope, lines: list[bytes]) -> list[bytes] | None:
    """Return what is in the envelopes of a log; None if it has none at all."""
    peel = envelope.open(lines)
    inner = [peel(line) for line in lines] if peel else []
    if all(records is None for records in inner):
        return None
    return [record for records in inner for record in records or ()]


def test_the_envelopes_are_here() -> None:
    assert set(_ALL) == {
        "aws",
        "azure",
        "cri",
        "docker",
        "elastic",
        "fluent",
        "gcp",
        "journald",
        "json-array",
        "original",
        "splunk-csv",
        "splunk-json",
        "syslog",
    }
    assert load(ENVELOPES)[1] == ()


@every_envelope
def test_every_line_of_the_sample_is_peeled(name: str) -> None:
    lines = lines_of(_ALL[name].sample)
    peel = _ALL[name].open(lines)
    assert peel is not None
    assert [line for line in lines if peel(line) is None] == []
    assert b"api.openai.com" in b"".join(_peeled(_ALL[name], lines) or ())


@every_envelope
def test_a_record_is_peeled_no_further(name: str) -> None:
    records = _peeled(_ALL[name], lines_of(_ALL[name].sample)) or []
    assert records != []
    assert _peeled(_ALL[name], records) is None


@every_envelope
def test_no_other_envelope_claims_the_sample(name: str) -> None:
    lines = lines_of(_ALL[name].sample)
    assert [one.name for one in _ALL.values() if _peeled(one, lines) is not None] == [name]


@every_envelope
def test_the_time_of_the_sample_is_read_or_there_is_none(name: str) -> None:
    lines = lines_of(_ALL[name].sample)
    times = [_ALL[name].time(line, clock()) for line in lines]
    if name in {"azure", "elastic", "json-array"}:  # their records have times of their own
        assert times == [NO_TIME] * len(lines)
    else:
        assert {when.year for when, _ in times if when is not None} == {2026}
        assert TimeQuality.EXACT in [quality for _, quality in times]


@pytest.mark.parametrize("name", sorted(_FORMATS))
def test_a_formats_own_records_are_not_taken_apart(name: str) -> None:
    sample = _FORMATS[name].sample
    lines = lines_of(sample)
    assert recognised(lines).format.name == name
    assert observed(lines) == read(_FORMATS[name], sample).observations


_BEGINNINGS = [
    b"",
    b"<30>",
    b"12 <30>",
    b"<134>1 2026-11-21T01:58:34+00:00 gw squid 931 - ",
    b"Nov 21 01:58:33 gw ",
    b"message repeated 9 times: [ ",
    b"{",
    b"[{",
    b'{"log":"',
    b'{"MESSAGE":[',
    b'{"records":[',
    b'{"_raw":"',
    b'"_time","_raw"',
    *(one.sample for one in _ALL.values()),
]
_line = st.builds(
    lambda begin, cut, end: (begin[:cut] + end).replace(b"\n", b""),
    st.sampled_from(_BEGINNINGS),
    st.integers(0, 400),
    st.binary(max_size=60)
    | st.text(alphabet='<>[]{}":,\\#0129 aZ-', max_size=60).map(lambda text: text.encode()),
)


@every_envelope
@settings(max_examples=300)
@given(line=_line)
def test_nothing_is_an_error(name: str, line: bytes) -> None:
    sample = lines_of(_ALL[name].sample)
    for peel in filter(None, (_ALL[name].open([line]), _ALL[name].open(sample))):
        records = peel(line)
        assert records is None or all(
            isinstance(record, bytes) and record and b"\n" not in record for record in records
        )
    when, quality = _ALL[name].time(line, clock())
    assert (when is None) == (quality is TimeQuality.NONE)


@every_envelope
@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_whatever_is_in_it_comes_out_of_it(name: str, text: str) -> None:
    """Put another text in the place of a word of the sample, as the carrier would write it."""
    word = "api.openai.com"
    given_text = text.replace("#0", "").strip() or "x"
    escaped = json.dumps(given_text, ensure_ascii=False)[1:-1]
    if name == "splunk-csv":
        escaped = given_text.replace('"', '""')
    elif name in {"cri", "syslog"}:
        escaped = given_text
    inner = _peeled(_ALL[name], lines_of(_ALL[name].sample)) or []
    changed = _ALL[name].sample.replace(word.encode(), escaped.encode())
    is_json = inner[0].startswith(b"{")
    wanted = escaped if is_json else given_text
    assert (_peeled(_ALL[name], lines_of(changed)) or []) == [
        one.replace(word.encode(), wanted.encode()) for one in inner
    ]


@every_envelope
@pytest.mark.parametrize(
    "filling",
    [
        b"a",
        b" ",
        b"<1>",
        b"1 <1>",
        b"{",
        b"[{",
        b'"',
        b'"",',
        b"\\",
        b"#012",
        b"a#012",
        b"],",
        b'{"',
        b"Nov 21 01:58:33 ",
        b'[a b="c"]',
        b'a b="c\\"',
    ],
)
def test_a_line_of_a_megabyte_is_peeled_in_a_moment(name: str, filling: bytes) -> None:
    enormous = filling * (1_000_000 // len(filling))
    lines = lines_of(_ALL[name].sample)
    peel = _ALL[name].open(lines)
    assert peel is not None
    begun = lines[-1][: len(lines[-1]) // 2]
    with within(5):
        for line in (enormous, begun + enormous, lines[-1] + enormous):
            records = peel(line)
            assert records is None or sum(map(len, records)) < 3_000_000
            _ALL[name].time(line, clock())


@pytest.mark.parametrize("plugin", load(ENVELOPES)[0], ids=lambda plugin: plugin.value.name)
def test_the_envelope_describes_itself(plugin: object) -> None:
    origin = plugin.origin  # type: ignore[attr-defined]
    words = importlib.import_module(origin).__doc__ or ""
    one = plugin.value  # type: ignore[attr-defined]
    assert re.search(r"^    \S.{15,}$", words, re.MULTILINE), f"{origin} shows no line"
    assert f"Reference: {one.reference}" in words
    assert re.fullmatch(r"[a-z0-9-]+", one.name)
    assert one.title
    assert one.sample.endswith(b"\n")
