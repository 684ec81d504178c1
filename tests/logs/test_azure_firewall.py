"""Azure Firewall's application rules and DNS proxy, read."""

import json
from typing import Any

import pytest

from scanner.logs.formats.azure_firewall import FORMAT
from scanner.model import Action, Channel, Observation, Sighting
from tests.support import a_matcher, at, read

_TIME = "2026-11-20T08:01:02.2140990Z"
_RULE = {
    "Action": "Allow",
    "ActionReason": "",
    "DestinationIp": "",
    "DestinationPort": 443,
    "Fqdn": "api.openai.com",
    "IsTlsInspected": False,
    "Protocol": "HTTPS",
    "SourceIp": "10.0.0.7",
    "SourcePort": 50000,
    "TargetUrl": "",
}
_LOOKUP = {
    "EDNS0BufferSize": 512,
    "ErrorMessage": "",
    "ErrorNumber": 0,
    "Protocol": "udp",
    "QueryClass": "IN",
    "QueryId": 35817,
    "QueryName": "api.openai.com.",
    "QueryType": "A",
    "ResponseCode": "NOERROR",
    "SourceIp": "10.0.0.7",
    "SourcePort": 47785,
}


def _record(category: str, properties: Any) -> bytes:
    record = {"category": category, "properties": properties, "time": _TIME}
    return json.dumps(record).encode() + b"\n"


def _rule(**changed: Any) -> bytes:
    return _record("AZFWApplicationRule", _RULE | changed)


def _lookup(**changed: Any) -> bytes:
    return _record("AZFWDnsQuery", _LOOKUP | changed)


def _message(text: str, category: str = "AzureFirewallApplicationRule") -> bytes:
    return _record(category, {"msg": text})


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.PROXY,
        value="api.openai.com",
        ts=at("2026-11-20T08:01:02.214099Z"),
        kind=Sighting.HTTP_CONNECT,
        client="10.0.0.7",
        action=Action.ALLOWED,
        line=1,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


_ASKED = _seen(channel=Channel.DNS, kind=Sighting.DNS_QUERY, qtype="A")


def test_an_application_rule_sees_the_name_alone() -> None:
    assert read(FORMAT, _rule()).observations == [_seen()]


def test_with_tls_inspected_it_sees_the_url() -> None:
    text = _rule(TargetUrl="api.openai.com/v1/models?key=secret", IsTlsInspected=True)
    assert read(FORMAT, text).observations == [_seen(kind=Sighting.HTTP_URL, path="/v1/models")]


def test_s13_the_url_says_more_than_the_name() -> None:
    text = _rule(Fqdn="www.example.org", TargetUrl="https://claude.ai:443/new")
    assert read(FORMAT, text).observations == [
        _seen(value="claude.ai", kind=Sighting.HTTP_URL, path="/new")
    ]


@pytest.mark.parametrize(
    ("said", "why", "action"),
    [
        ("Allow", "", Action.ALLOWED),
        ("Deny", "", Action.BLOCKED),
        ("Deny", "Failed to resolve address", Action.ERROR),
        (None, "", Action.UNKNOWN),
    ],
)
def test_what_a_rule_did(said: str | None, why: str, action: Action) -> None:
    assert read(FORMAT, _rule(Action=said, ActionReason=why)).observations == [_seen(action=action)]


@pytest.mark.parametrize(
    ("message", "seen"),
    [
        (
            "HTTPS request from 10.0.0.7:56029 to api.openai.com:443. Action: Deny. No rule matched. "
            "Proceeding with default action",
            _seen(action=Action.BLOCKED),
        ),
        (
            "HTTPS request from 10.0.0.7:50000 to api.openai.com:443. Action: Allow. Policy: p-01. "
            "Rule Collection Group: g. Rule Collection: c. Rule: Allowed, all. Web Category: AI",
            _seen(),
        ),
        (
            "HTTP  request from 10.0.0.7:50776 to api.openai.com:80. Url: api.openai.com/v1/models?a=b. "
            "Action: Allow. Rule Collection: c. Rule: r, HTTP",
            _seen(kind=Sighting.HTTP_URL, path="/v1/models"),
        ),
        (
            "HTTPS request from 10.0.0.7:59060 to api.openai.com:443. Action: Deny. Failed to resolve "
            "address api.openai.com:443: lookup api.openai.com on 10.0.0.53:53: no such host",
            _seen(action=Action.ERROR),
        ),
    ],
)
def test_messages_of_application_rules(message: str, seen: Observation) -> None:
    assert read(FORMAT, _message(message)).observations == [seen]


def test_a_request_without_a_name_is_ignored() -> None:
    text = _rule(Fqdn="") + _message(
        "HTTPS request from 10.0.0.7:6065. Action: Deny. Reason: SNI TLS extension was missing."
    )
    assert read(FORMAT, text).account == (0, {"record without a host": 2}, 0)


@pytest.mark.parametrize(
    ("rcode", "action"),
    [
        ("NOERROR", Action.ALLOWED),
        ("NXDOMAIN", Action.NXDOMAIN),
        ("SERVFAIL", Action.ERROR),
        ("REFUSED", Action.BLOCKED),
        ("", Action.UNKNOWN),
    ],
)
def test_a_question_to_the_dns_proxy(rcode: str, action: Action) -> None:
    text = _lookup(ResponseCode=rcode)
    assert read(FORMAT, text).observations == [_ASKED._replace(action=action)]


def test_the_message_of_the_dns_proxy() -> None:
    text = _message(
        "DNS Request: 10.0.0.7:61248 - 6513 A IN api.openai.com. udp 43 false 512 NXDOMAIN qr,rd,ra 145 0.002846368s",
        "AzureFirewallDnsProxy",
    )
    assert read(FORMAT, text).observations == [_ASKED._replace(action=Action.NXDOMAIN)]


def test_d19_a_question_that_timed_out() -> None:
    failed = {
        "QueryType": "A:",
        "ResponseCode": None,
        "ErrorNumber": 2,
        "ErrorMessage": "read udp 10.0.0.4:58190->10.0.0.53:53: i/o timeout",
    }
    reading = read(FORMAT, _lookup(**failed) + _lookup(**failed, SourceIp=""))
    assert reading.observations == [_ASKED._replace(action=Action.ERROR)]
    assert reading.account == (1, {"error of the firewall's own question": 1}, 0)


def test_other_records_of_the_firewall_are_ignored() -> None:
    text = _record(
        "AZFWNetworkRule", {"DestinationIp": "203.0.113.9", "Action": "Allow"}
    ) + _record(
        "AzureFirewallNetworkRule", {"msg": "TCP request from 10.0.0.7:1 to 203.0.113.9:443."}
    )
    assert read(FORMAT, text).account == (0, {"other record of the firewall": 2}, 0)


def test_rows_of_log_analytics_as_json() -> None:
    rule = _RULE | {"TimeGenerated": _TIME, "Type": "AZFWApplicationRule"}
    row = {"Category": "AzureFirewallApplicationRule", "ResourceType": "AZUREFIREWALLS"}
    diagnostics = row | {
        "TimeGenerated": _TIME,
        "Type": "AzureDiagnostics",
        "msg_s": "HTTPS request from 10.0.0.7:50000 to api.openai.com:443. Action: Allow. Rule: r",
    }
    text = b"\n".join(json.dumps(one).encode() for one in (rule, diagnostics))
    assert read(FORMAT, text).observations == [_seen(), _seen(line=2)]


def test_d19_rows_of_log_analytics_as_csv() -> None:
    text = (
        b"TenantId,TimeGenerated [UTC],QueryId,QueryType,QueryName,Protocol,SourceIp,EDNS0BufferSize,ResponseCode,ErrorMessage,Type\n"
        b't,"11/20/2026, 8:01:02 AM",1,A,api.openai.com.,udp,10.0.0.7,512,NOERROR,,AZFWDnsQuery\n'
        b't,2026-11-20T08:01:02.214099Z,2,A:,api.openai.com.,,10.0.0.7,,,"read udp: i/o timeout",AZFWDnsQuery\n'
        b"TimeGenerated,Fqdn,TargetUrl,SourceIp,Action\n"
        b'"2026-11-20T08:01:02.214099Z","api.openai.com","","10.0.0.7","Deny"\n'
        b"a row,of other columns\n"
    )
    reading = read(FORMAT, text)
    assert reading.observations == [
        _ASKED._replace(line=2, ts=at("2026-11-20T08:01:02Z")),
        _ASKED._replace(line=3, action=Action.ERROR),
        _seen(line=5, action=Action.BLOCKED),
    ]
    assert reading.account == (3, {"header": 2}, 1)


def test_d6_d7_d8_s23_names() -> None:
    names = (
        "ApI.OpEnAi.CoM.",
        "192.6.18.104.in-addr.arpa.",
        "openai.com.evil.example",
        "x.example",
    )
    text = b"".join(_lookup(QueryName=name) + _rule(Fqdn=name) for name in names)
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert reading.observations == [_ASKED, _seen(line=2)]
    assert reading.account == (8, {}, 0)


def test_fields_of_the_wrong_type_are_lost_alone() -> None:
    text = _rule(SourceIp=["x"], Action=7, TargetUrl={}) + _message(7) + _record("AZFWDnsQuery", 7)  # type: ignore[arg-type]
    reading = read(FORMAT, text)
    assert reading.observations == [_seen(client=None, action=Action.UNKNOWN)]
    assert reading.account == (1, {"record without a host": 2}, 0)


@pytest.mark.parametrize(
    "line",
    [
        b'{"category":"AZFWApplicationRule","properties":',
        b'{"category":"DnsResponse","properties":{"query_name":"api.openai.com."}}',
        b'{"category":"web","msg":"GET https://api.openai.com/"}',
        b'{"TimeGenerated":"2026-11-20T08:01:02Z","QueryName":"api.openai.com."}',
        b'{"category":"AZFWApplicationRule","properties":"{"}',
        b"2026-11-20T08:01:02Z,api.openai.com,10.0.0.7",
        b"HTTPS request from 10.0.0.7:50000 to api.openai.com:443. Action: Allow.",
        b"{}",
    ],
)
def test_f4_f5_damaged_lines_and_those_of_others_are_rejected(line: bytes) -> None:
    reading = read(FORMAT, _rule() + line + b"\n" + _rule())
    assert [one.line for one in reading.observations] == [1, 3]
    assert reading.account == (2, {}, 1)


@pytest.mark.parametrize("written", ["11/2/2026 8:01:02 AM", "11/02/2026 09:01:02 AM +01:00"])
def test_d11_dates_are_american(written: str) -> None:
    record = {"category": "AZFWApplicationRule", "properties": _RULE, "time": written}
    seen = read(FORMAT, json.dumps(record).encode() + b"\n").observations
    assert seen == [_seen(ts=at("2026-11-02T08:01:02Z"))]


def test_threat_intelligence_that_denies_is_an_attempt_and_an_alert_is_a_note() -> None:
    denial = {"Action": "Deny", "Fqdn": "api.openai.com", "SourceIp": "10.0.0.7", "Url": ""}
    reading = read(
        FORMAT,
        _record("AZFWThreatIntel", denial)
        + _record("AZFWThreatIntel", denial | {"Action": "Alert"}),
    )
    assert [(one.value, one.client, one.action) for one in reading.observations] == [
        ("api.openai.com", "10.0.0.7", Action.BLOCKED)
    ]
    assert reading.account == (1, {"other record of the firewall": 1}, 0)


def test_tables_of_other_services_are_ignored_below_a_record_of_the_firewall() -> None:
    other = b'{"TimeGenerated":"2026-11-20T08:01:02Z","Type":"SigninLogs"}\n'
    unknown = b'{"TimeGenerated":"2026-11-20T08:01:02Z","Type":"DNSQueryLogs"}\n'
    reading = read(FORMAT, other + _rule() + other + unknown)
    assert reading.account == (1, {"record of another service": 1}, 2)
