"""CrowdStrike's DnsRequest events, read."""

import json
from typing import Any

import pytest

from scanner.logs.formats.crowdstrike import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import a_matcher, at, read

_AID = "4d92d2adf9009775a446ce0fe2689915"
_RECORD = {
    "ContextBaseFileName": "cursor.exe",
    "ContextTimeStamp": "1790669663.051",
    "DomainName": "api.openai.com",
    "IP4Records": "203.0.113.7;",
    "QueryStatus": "0",
    "RequestType": "1",
    "aid": _AID,
    "aip": "203.0.113.9",
    "cid": "c4e1f8a2b7d94e0f9a6b3c2d1e0f4a5b",
    "event_simpleName": "DnsRequest",
    "timestamp": "1790669663188",
}
_SEEN = Observation(
    channel=Channel.DNS,
    value="api.openai.com",
    ts=at("2026-09-29T08:14:23.051Z"),
    kind=Sighting.DNS_QUERY,
    client=_AID,
    action=Action.ALLOWED,
    qtype="A",
    line=1,
    process="cursor.exe",
)


def _line(**changes: object) -> bytes:
    return json.dumps({**_RECORD, **changes}).encode() + b"\n"


def test_a_request() -> None:
    reading = read(FORMAT, _line())
    assert reading.observations == [_SEEN]
    assert reading.account == (1, {}, 0)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"ComputerName": "PC7", "UserName": "ana"}, {"client": "PC7", "user": "ana"}),
        ({"ContextTimeStamp": None}, {"ts": at("2026-09-29T08:14:23.188Z")}),
        (
            {"ContextTimeStamp": "x", "timestamp": 1790669663188},
            {"ts": at("2026-09-29T08:14:23.188Z")},
        ),
        (
            {"ContextTimeStamp": None, "timestamp": []},
            {"ts": None, "time_quality": TimeQuality.NONE},
        ),
        ({"ContextTimeStamp": 1790669663.051}, {}),
        ({"QueryStatus": None}, {"action": Action.UNKNOWN}),
        ({"QueryStatus": "9003"}, {"action": Action.NXDOMAIN}),
        ({"IP4Records": "0.0.0.0;"}, {"action": Action.BLOCKED}),
        ({"RequestType": 28, "ContextBaseFileName": None}, {"qtype": "AAAA", "process": None}),
        ({"aid": None}, {"client": None}),
        ({"DomainName": "ApI.OpEnAi.CoM."}, {}),
    ],
)
def test_fields_that_are_more_odd_or_missing(
    changes: dict[str, object], expected: dict[str, Any]
) -> None:
    assert read(FORMAT, _line(**changes)).observations == [_SEEN._replace(**expected)]


def test_falcons_search_puts_a_hash_before_the_name() -> None:
    line = _line(**{"#event_simpleName": "DnsRequest", "event_simpleName": None})
    assert read(FORMAT, line).observations == [_SEEN]


def test_other_events_are_ignored() -> None:
    text = (
        _line(event_simpleName="NetworkConnectIP4", RemoteAddressIP4="203.0.113.7")
        + _line(event_simpleName="ProcessRollup2", CommandLine="curl https://api.openai.com/")
        + _line(DomainName=None)
        + _line(DomainName="")
    )
    assert read(FORMAT, text).account == (0, {"other event": 2, "query without a name": 2}, 0)


def test_d13_search_suffixes_meet_no_signature() -> None:
    text = _line(DomainName="chatgpt.com.corp.example") + _line()
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert [one.line for one in reading.observations] == [2]
    assert reading.account == (2, {}, 0)


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[1]",
        b"{}",
        b'{"event_simpleName":"DnsRequest","DomainName":"api.openai.com"}',
        b'{"aid":"1","cid":"2","DomainName":"api.openai.com"}',
        b'{"event_simpleName":["DnsRequest"],"aid":"1"}',
        b'{"EventID":22,"Channel":"Microsoft-Windows-Sysmon/Operational"}',
        b"Dear diary,",
    ],
)
def test_what_is_not_its_own_is_refused(line: bytes) -> None:
    assert read(FORMAT, line + b"\n").account == (0, {}, 1)


@pytest.mark.parametrize(
    "record",
    [
        {"aid": _AID, "cid": "c4", "ComputerName": "PC7", "AgentVersion": "7.1"},
        {"cid": "c4", "ComputerName": "PC7", "MAC": "02-00-00-00-00-01", "_time": "1790669663.0"},
    ],
)
def test_inventories_beside_the_events_are_ignored(record: dict[str, str]) -> None:
    text = json.dumps(record).encode() + b"\n"
    assert read(FORMAT, text).account == (0, {"record of an inventory": 1}, 0)
