"""Azure DNS security policies' query log, read."""

import json
from typing import Any

import pytest

from scanner.logs.formats.azure_dns import FORMAT
from scanner.model import Action, Channel, Observation, Sighting
from tests.support import a_matcher, at, read

_PROPERTIES = {
    "version": "1.0",
    "region": "westeurope",
    "query_name": "api.openai.com.",
    "query_type": "A",
    "query_class": "IN",
    "response_code": "0",
    "srcipaddr": "10.0.0.7",
    "srcport": "50000",
    "transport": "UDP",
    "answer": [{"Type": "A", "RData": "203.0.113.9"}],
    "resolution_path": "PublicDnsResolution",
    "resolverpolicy_rule_action": "NoMatch",
}
_ROW = {
    "TimeGenerated": "2026-11-20T08:01:02.341Z",
    "Type": "DNSQueryLogs",
    "QueryName": "api.openai.com.",
    "QueryType": "A",
    "ResponseCode": 0,
    "SourceIpAddress": "10.0.0.7",
    "ResolutionPath": "PublicDnsResolution",
    "ResolverPolicyRuleAction": "Allow",
}


def _line(**changed: Any) -> bytes:
    record = {
        "time": "2026-11-20T08:01:02.341Z",
        "category": "DnsResponse",
        "operationName": "RESPONSE_SUCCESS",
        "properties": _PROPERTIES | changed,
    }
    return json.dumps(record).encode() + b"\n"


def _row(**changed: Any) -> bytes:
    return json.dumps(_ROW | changed).encode() + b"\n"


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.DNS,
        value="api.openai.com",
        ts=at("2026-11-20T08:01:02.341Z"),
        kind=Sighting.DNS_QUERY,
        client="10.0.0.7",
        action=Action.ALLOWED,
        qtype="A",
        line=1,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def test_a_record_and_a_row_of_the_table_say_the_same() -> None:
    assert read(FORMAT, _line() + _row()).observations == [_seen(), _seen(line=2)]


def test_a_row_that_does_not_name_its_table() -> None:
    assert read(FORMAT, _row(Type=None)).observations == [_seen()]


def test_a_time_without_a_zone_is_utc() -> None:
    assert read(FORMAT, _row(TimeGenerated="2026-11-20 08:01:02.341")).observations == [_seen()]


@pytest.mark.parametrize(
    ("verdict", "rcode", "action"),
    [
        ("Allow", 0, Action.ALLOWED),
        ("None", "0", Action.ALLOWED),
        ("Alert", "NOERROR", Action.ALLOWED),
        ("Deny", 2, Action.BLOCKED),
        ("Block", 0, Action.BLOCKED),
        ("NoMatch", 3, Action.NXDOMAIN),
        ("NoMatch", 2, Action.ERROR),
        ("NoMatch", 5, Action.BLOCKED),
        (None, None, Action.UNKNOWN),
    ],
)
def test_d5_what_became_of_a_query(verdict: Any, rcode: Any, action: Action) -> None:
    text = _line(resolverpolicy_rule_action=verdict, response_code=rcode) + _row(
        ResolverPolicyRuleAction=verdict, ResponseCode=rcode
    )
    assert [one.action for one in read(FORMAT, text).observations] == [action, action]


def test_a_field_of_the_wrong_type_is_lost_alone() -> None:
    assert read(FORMAT, _line(srcipaddr=["x"], query_type={})).observations == [
        _seen(client=None, qtype=None)
    ]


def test_d6_d7_d8_names() -> None:
    names = ("ApI.OpEnAi.CoM.", "192.6.18.104.in-addr.arpa.", "www.example.org.")
    text = b"".join(_line(query_name=name) for name in names)
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert reading.observations == [_seen()]
    assert reading.account == (3, {}, 0)


def test_a_record_without_a_name_is_ignored() -> None:
    text = _line(query_name="") + _line(query_name=None) + _line(query_name=7) + _row(QueryName="")
    assert read(FORMAT, text).account == (0, {"record without a host": 4}, 0)


@pytest.mark.parametrize(
    "line",
    [
        b'{"category":"DnsResponse","properties":',
        b'{"category":"DnsResponse","properties":"query_name=api.openai.com"}',
        b'{"category":"AZFWDnsQuery","properties":{"QueryName":"api.openai.com.","SourceIp":"10.0.0.7"}}',
        b'{"TimeGenerated":"2026-11-20T08:01:02Z","Type":"AZFWDnsQuery","QueryName":"api.openai.com."}',
        b'{"TimeGenerated":"2026-11-20T08:01:02Z","QueryName":"api.openai.com."}',
        b"api.openai.com",
    ],
)
def test_f4_f5_damaged_lines_and_those_of_others_are_rejected(line: bytes) -> None:
    reading = read(FORMAT, _line() + line + b"\n" + _line())
    assert [one.line for one in reading.observations] == [1, 3]
    assert reading.account == (2, {}, 1)


def test_d11_dates_are_american() -> None:
    seen = read(FORMAT, _row(TimeGenerated="11/2/2026 8:01:02 AM")).observations
    assert seen == [_seen(ts=at("2026-11-02T08:01:02Z"))]


def test_an_export_in_csv() -> None:
    text = (
        b'"TimeGenerated [UTC]",SourceIpAddress,QueryName,QueryType,ResponseCode,ResolverPolicyRuleAction\n'
        b'"11/20/2026, 8:01:02.341 AM",10.0.0.7,api.openai.com.,A,0,Deny\n'
        b"10.0.0.7,api.openai.com.\n"
    )
    reading = read(FORMAT, text)
    assert reading.observations == [_seen(line=2, action=Action.BLOCKED)]
    assert reading.account == (1, {"header": 1}, 1)
