"""Splunk's CSV with events of several lines, as JSON lines."""

import json
from pathlib import Path

from scanner.logs.binary import splunk_events
from scanner.logs.binary.splunk_events import BINARY
from scanner.logs.streams import LogStream

_SEVERAL = (
    b'"_raw","_time",host\n'
    b'"{\n  ""url"": ""https://claude.ai/a,b""\n}","2026-11-20T08:01:02.000+0000",px\n'
    b'"a ""plain"" one",2026-11-20T08:01:03.000+0000,px\r\n'
)
_EVENTS = [
    {
        "_time": "2026-11-20T08:01:02.000+0000",
        "_raw": '{\n  "url": "https://claude.ai/a,b"\n}',
    },
    {"_time": "2026-11-20T08:01:03.000+0000", "_raw": 'a "plain" one'},
]


def _records(path: Path, content: bytes) -> list[object]:
    path.write_bytes(content)
    return [json.loads(one) for one in BINARY.records(path)]


def test_events_of_several_lines(tmp_path: Path) -> None:
    assert splunk_events.is_it(_SEVERAL)
    assert splunk_events.is_it(b"\xef\xbb\xbf" + _SEVERAL)
    assert _records(tmp_path / "a.csv", _SEVERAL) == _EVENTS


def test_what_is_none() -> None:
    assert not splunk_events.is_it(b'"_raw","_time"\n"one line","2026"\n')
    assert not splunk_events.is_it(b'time,url\n"open\n')
    assert not splunk_events.is_it(b"")


def test_a_repeated_header_and_damaged_rows(tmp_path: Path) -> None:
    header = _SEVERAL.partition(b"\n")[0] + b"\n"
    found = _records(tmp_path / "a.csv", _SEVERAL + header + b"too,few\n" + b'"never closed\n')
    assert found == [
        *_EVENTS,
        {"damaged": "2 columns where the header names 3"},
        {"damaged": "an event that is too large, or whose quote is never closed"},
    ]


def test_a_quote_that_is_never_closed_costs_no_more_than_a_bounded_event(tmp_path: Path) -> None:
    found = _records(
        tmp_path / "a.csv", b'"_raw",x\n"open\n' + (b"a" * 999 + b"\n") * 3000 + b"b,c\n"
    )
    assert found[0] == {"damaged": "an event that is too large, or whose quote is never closed"}
    assert found[-1] == {"_time": None, "_raw": "b"}


def test_a_log_of_them(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_bytes(_SEVERAL)
    with LogStream(path, (), [BINARY], tmp_path) as stream:
        assert [json.loads(line) for line in stream.lines()] == _EVENTS
