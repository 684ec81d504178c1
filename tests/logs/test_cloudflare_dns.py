"""Cloudflare Gateway's DNS log, read."""

import json
from typing import Any

import pytest

from scanner.hosts import HostTable
from scanner.logs.formats.cloudflare_dns import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import at, read

_RECORD: dict[str, Any] = {
    "ColoCode": "FRA",
    "Datetime": "2026-11-20T08:01:02Z",
    "DeviceName": "laptop-ana",
    "DstIP": "203.0.113.1",
    "Email": "ana@corp.example",
    "MatchedCategoryNames": ["Artificial Intelligence"],
    "Policy": "",
    "QueryName": "api.openai.com",
    "QueryNameReversed": "com.openai.api",
    "QueryType": 1,
    "QueryTypeName": "A",
    "RCode": 0,
    "ResolverDecision": "allowedOnNoPolicyMatch",
    "SrcIP": "10.0.0.7",
    "SrcPort": 0,
}


def _log(**changed: Any) -> bytes:
    return json.dumps(_RECORD | changed, separators=(",", ":")).encode() + b"\n"


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.DNS,
        value="api.openai.com",
        ts=at("2026-11-20T08:01:02Z"),
        kind=Sighting.DNS_QUERY,
        client="10.0.0.7",
        user="ana@corp.example",
        action=Action.ALLOWED,
        qtype="A",
        line=1,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def test_a_question() -> None:
    reading = read(FORMAT, _log())
    assert reading.observations == [_seen()]
    assert reading.account == (1, {}, 0)


@pytest.mark.parametrize(
    "written", [1795161662, "1795161662", 1795161662000000000, "1795161662000000000"]
)
def test_s15_seconds_and_nanoseconds(written: object) -> None:
    assert read(FORMAT, _log(Datetime=written)).observations == [_seen()]


def test_a_device_without_a_name_and_without_a_person() -> None:
    text = _log(DeviceName="", Email="") + _log(
        DeviceName=None, Email="non_identity@corp.cloudflareaccess.com", SrcIP="2001:db8::7"
    )
    assert read(FORMAT, text).observations == [
        _seen(client="10.0.0.7", user=None),
        _seen(client="2001:db8::7", user=None, line=2),
    ]


@pytest.mark.parametrize(
    ("decision", "rcode", "action"),
    [
        ("allowedByQueryName", 0, Action.ALLOWED),
        ("allowedOnNoLocation", None, Action.ALLOWED),
        ("allowedRule", 3, Action.NXDOMAIN),
        ("allowedOnNoPolicyMatch", 2, Action.ERROR),
        ("allowedOnNoPolicyMatch", 5, Action.BLOCKED),
        ("blockedByCategory", 0, Action.BLOCKED),
        ("blockedAlwaysCategory", 3, Action.BLOCKED),
        ("blockedRule", 0, Action.BLOCKED),
        ("overrideForSafeSearch", 0, Action.ALLOWED),
        ("overrideApplied", 0, Action.UNKNOWN),
        (9, 0, Action.BLOCKED),
        (10, 0, Action.ALLOWED),
        ("", 0, Action.UNKNOWN),
        ({}, [], Action.UNKNOWN),
    ],
)
def test_the_decision(decision: object, rcode: object, action: Action) -> None:
    text = _log(ResolverDecision=decision, RCode=rcode)
    assert read(FORMAT, text).observations == [_seen(action=action)]


def test_bad_fields_cost_those_fields_alone() -> None:
    text = _log(Datetime=[], QueryTypeName={}, QueryType=None, DeviceName=[1], Email=True)
    assert read(FORMAT, text).observations == [
        _seen(ts=None, time_quality=TimeQuality.NONE, qtype=None, client="10.0.0.7", user=None)
    ]


def test_a_record_without_a_host() -> None:
    assert read(FORMAT, _log(QueryName="")).account == (0, {"record without a host": 1}, 0)


def test_names_that_the_answer_led_to_are_no_questions() -> None:
    table = HostTable("api.openai.com".__eq__)
    text = _log(QueryName="www.example.org", CNAMEs=["api.openai.com"])
    assert read(FORMAT, text, hosts=table).observations == []


@pytest.mark.parametrize(
    "record",
    [
        {
            "ColoCode": "FRA",
            "EDNSSubnet": "203.0.113.0",
            "QueryName": "api.openai.com",
            "QueryType": 1,
            "ResponseCached": False,
            "ResponseCode": 0,
            "SourceIP": "203.0.113.53",
            "Timestamp": "2026-11-20T08:01:02Z",
        },
        {
            "ClientResponseCode": 0,
            "ClusterID": "9d9a",
            "QueryName": "api.openai.com",
            "QueryType": 1,
            "SourceIP": "203.0.113.53",
            "Timestamp": 1795161662000000000,
            "UpstreamIP": "203.0.113.54",
        },
    ],
)
def test_s20_the_logs_of_name_servers_show_nobodys_visit(record: dict[str, Any]) -> None:
    reading = read(FORMAT, json.dumps(record).encode() + b"\n")
    assert reading.observations == []
    assert reading.account == (0, {"record of a name server, not of a resolver": 1}, 0)


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b'{"QueryName":"api.openai.com","Datetime":"2026-11-20T08:01:02Z"}',
        b'{"QueryName":7,"ResolverDecision":"blockedRule"}',
        b'{"QueryName":"api.openai.com","QueryStatus":"0","Image":"C:\\\\a.exe"}',
        b'{"QueryName":"api.openai.com","ResolverDecision":"allowed',
    ],
)
def test_what_is_no_record_of_it_is_rejected(line: bytes) -> None:
    assert read(FORMAT, line + b"\n").account == (0, {}, 1)


def test_a_job_of_few_fields_leaves_the_decision_out() -> None:
    text = (
        b'{"QueryName":"api.openai.com","QueryType":28,"Datetime":1795161662,"SrcIP":"10.0.0.7"}\n'
    )
    assert read(FORMAT, text).observations == [
        _seen(user=None, qtype="AAAA", action=Action.UNKNOWN)
    ]


def test_the_log_of_a_zone_without_its_clients() -> None:
    text = (
        b'{"QueryName":"api.openai.com.","QueryType":28,"ResponseCode":0,"Timestamp":1795161662}\n'
    )
    kind = "record of a name server, not of a resolver"
    assert read(FORMAT, text).account == (0, {kind: 1}, 0)
