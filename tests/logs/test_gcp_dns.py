"""Google Cloud DNS query logs, read."""

import json
from typing import Any

import pytest

from scanner.logs.formats.gcp_dns import FORMAT
from scanner.model import Action, Channel, Observation, Sighting
from tests.support import a_matcher, at, read

_PAYLOAD = {
    "authAnswer": False,
    "protocol": "UDP",
    "queryName": "api.openai.com.",
    "queryType": "A",
    "rdata": "api.openai.com.\t300\tIN\ta\t203.0.113.9",
    "responseCode": "NOERROR",
    "serverLatency": 14,
    "sourceIP": "10.0.0.7",
    "sourceNetwork": "default",
    "vmInstanceId": 8340998530665147,
    "vmInstanceName": "694119234537.build-1",
}
_ENTRY = {
    "insertId": "a1",
    "logName": "projects/lab/logs/dns.googleapis.com%2Fdns_queries",
    "receiveTimestamp": "2026-11-20T08:01:05.502805637Z",
    "resource": {"labels": {"target_type": "external"}, "type": "dns_query"},
    "severity": "INFO",
    "timestamp": "2026-11-20T08:01:02.341873447Z",
}


def _line(**changed: Any) -> bytes:
    """Return an entry; a change of None leaves the field out."""
    payload = {name: value for name, value in (_PAYLOAD | changed).items() if value is not None}
    return json.dumps(_ENTRY | {"jsonPayload": payload}).encode() + b"\n"


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.DNS,
        value="api.openai.com",
        ts=at("2026-11-20T08:01:02.341873Z"),
        kind=Sighting.DNS_QUERY,
        client="10.0.0.7",
        action=Action.ALLOWED,
        qtype="A",
        line=1,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def test_an_entry() -> None:
    assert read(FORMAT, _line()).observations == [_seen()]


@pytest.mark.parametrize(
    ("changed", "action"),
    [
        ({"responseCode": "NXDOMAIN"}, Action.NXDOMAIN),
        ({"responseCode": "SERVFAIL"}, Action.ERROR),
        ({"responseCode": "REFUSED"}, Action.BLOCKED),
        ({"responseCode": None}, Action.UNKNOWN),
        ({"rdata": "api.openai.com.\t300\tIN\ta\t0.0.0.0"}, Action.BLOCKED),  # D5
        ({"rdata": ["203.0.113.9"]}, Action.ALLOWED),
    ],
)
def test_what_became_of_a_query(changed: dict[str, Any], action: Action) -> None:
    assert read(FORMAT, _line(**changed)).observations == [_seen(action=action)]


@pytest.mark.parametrize(
    ("changed", "client"),
    [
        ({"sourceIP": "2001:db8::7"}, "2001:db8::7"),
        ({"sourceIP": None}, "694119234537.build-1"),
        ({"sourceIP": "", "vmInstanceName": None}, None),
        ({"sourceIP": ["10.0.0.7"], "vmInstanceName": 7}, "7"),
    ],
)
def test_d21_the_client_is_the_address_or_the_machine(
    changed: dict[str, Any], client: str | None
) -> None:
    assert read(FORMAT, _line(**changed)).observations == [_seen(client=client)]


def test_without_its_time_the_entry_was_when_it_was_received() -> None:
    entry = json.loads(_line())
    del entry["timestamp"]
    text = json.dumps(entry).encode()
    assert read(FORMAT, text).observations == [_seen(ts=at("2026-11-20T08:01:05.502805Z"))]


def test_d6_d7_d8_d14_names() -> None:
    names = (
        "ApI.OpEnAi.CoM.",
        "192.6.18.104.in-addr.arpa.",
        "api.openai.com.cluster.local.",
        "www.example.org.",
    )
    text = b"".join(_line(queryName=name) for name in names)
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert reading.observations == [_seen()]
    assert reading.account == (4, {}, 0)


@pytest.mark.parametrize("changed", [{"queryName": ""}, {"queryName": None}, {"queryName": 7}])
def test_an_entry_without_a_name_is_ignored(changed: dict[str, Any]) -> None:
    assert read(FORMAT, _line(**changed)).account == (0, {"record without a host": 1}, 0)


@pytest.mark.parametrize(
    "line",
    [
        b'{"jsonPayload":{"queryName":"api.openai.com."},"timestamp":',
        b'{"jsonPayload":"text","logName":"projects/lab/logs/stdout"}',
        b'{"jsonPayload":{"message":"up"},"logName":"projects/lab/logs/stdout"}',
        b'{"textPayload":"api.openai.com","logName":"projects/lab/logs/stdout"}',
        b'{"queryName":"api.openai.com.","clientIp":"10.0.0.7"}',
        _line(queryName="api.openai.com.\t300\tIN").strip(),
        b'["jsonPayload"]',
        b"api.openai.com",
    ],
)
def test_f4_f5_damaged_lines_and_those_of_others_are_rejected(line: bytes) -> None:
    reading = read(FORMAT, _line() + line + b"\n" + _line())
    assert [one.line for one in reading.observations] == [1, 3]
    assert reading.account == (2, {}, 1)


def test_bigquery_writes_names_in_lower_case() -> None:
    payload = {name.lower(): value for name, value in _PAYLOAD.items()}
    text = json.dumps(_ENTRY | {"jsonPayload": payload}).encode() + b"\n"
    assert read(FORMAT, text).observations == [_seen()]


def test_structured_records_may_lead_nowhere() -> None:
    answers = [{"rvalue": "0.0.0.0", "type": "A"}]
    text = _line(rdata=None, structuredRdata=answers)
    assert read(FORMAT, text).observations == [_seen(action=Action.BLOCKED)]
