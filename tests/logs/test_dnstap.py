"""dnstap's messages, as the binary reader gives them."""

import json

import pytest

from scanner.hosts import HostTable
from scanner.logs.formats.dnstap import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import at, read


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.DNS,
        value="api.openai.com",
        ts=at("2026-11-21T01:58:30.136Z"),
        kind=Sighting.DNS_QUERY,
        client="10.0.0.7",
        qtype="A",
        line=1,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def _message(kind: str = "CLIENT_QUERY", **changed: object) -> bytes:
    usual: dict[str, object] = {
        "type": kind,
        "client": "10.0.0.7",
        "port": 57042,
        "time": "1795226310.136000000",
        "id": 14219,
        "name": "api.openai.com",
        "qtype": "A",
    }
    return json.dumps({**usual, **changed}).encode() + b"\n"


def _response(**changed: object) -> bytes:
    return _message("CLIENT_RESPONSE", **{"rcode": "NOERROR", **changed})


def test_d20_a_query_and_its_response_are_one_use() -> None:
    reading = read(FORMAT, _message() + _response())
    assert reading.observations == [_seen(action=Action.ALLOWED)]
    assert reading.account == (1, {"answer to a question above": 1}, 0)


def test_d20_responses_alone_are_uses() -> None:
    reading = read(FORMAT, _response() + _response(id=1))
    assert reading.observations == [
        _seen(action=Action.ALLOWED),
        _seen(action=Action.ALLOWED, line=2),
    ]
    assert reading.account == (2, {}, 0)


def test_queries_alone_are_uses_of_unknown_outcome() -> None:
    assert read(FORMAT, _message()).observations == [_seen()]


@pytest.mark.parametrize(
    "other", [{"id": 7}, {"port": 7}, {"client": "10.0.0.8"}, {"qtype": "AAAA"}]
)
def test_a_response_to_another_query_settles_none(other: dict[str, object]) -> None:
    seen = read(FORMAT, _message() + _response(**other)).observations
    assert sorted((one.line, one.action) for one in seen) == [
        (1, Action.UNKNOWN),
        (2, Action.ALLOWED),
    ]


def test_d6_d7_the_case_of_a_name_may_differ_between_query_and_response() -> None:
    text = _message(name="ApI.OpEnAi.CoM") + _response(name="api.openai.com.")
    assert read(FORMAT, text).observations == [_seen(action=Action.ALLOWED)]


@pytest.mark.parametrize(
    ("told", "action"),
    [
        ({"rcode": "NXDOMAIN"}, Action.NXDOMAIN),
        ({"rcode": "REFUSED"}, Action.BLOCKED),
        ({"rcode": "SERVFAIL"}, Action.ERROR),
        ({"rcode": None}, Action.UNKNOWN),
        ({"rcode": "NXDOMAIN", "policy": "NXDOMAIN"}, Action.BLOCKED),
        ({"policy": "LOCAL_DATA"}, Action.BLOCKED),
        ({"policy": "PASS"}, Action.ALLOWED),
        ({"address": "0.0.0.0"}, Action.BLOCKED),
        ({"address": "::"}, Action.BLOCKED),
        ({"address": "203.0.113.7"}, Action.ALLOWED),
    ],
)
def test_d5_what_a_response_says(told: dict[str, object], action: Action) -> None:
    assert read(FORMAT, _response(**told)).observations == [_seen(action=action)]


def test_d3_d21_escaped_names_and_ipv6_clients() -> None:
    text = _message(name="with\\032space.example", client="2001:db8::7")
    assert read(FORMAT, text).observations == [
        _seen(value="with space.example", client="2001:db8::7")
    ]


def test_what_passes_between_servers_is_nobodys_visit() -> None:
    text = b'{"type":"RESOLVER_QUERY"}\n{"type":"AUTH_RESPONSE"}\n{"type":"CLIENT_QUERY"}\n'
    assert read(FORMAT, text).account == (
        0,
        {"message between servers": 2, "message without a question": 1},
        0,
    )


def test_a_bad_field_loses_that_field() -> None:
    text = _message(client=["x"], time={"x": 1}, qtype=None)
    assert read(FORMAT, text).observations == [
        _seen(ts=None, client=None, qtype=None, time_quality=TimeQuality.NONE)
    ]


def test_a_response_to_a_host_that_is_not_wanted_shows_nothing() -> None:
    hosts = HostTable("api.openai.com".__eq__, ["openai.com"])
    text = _message(name="www.example.org") + _response(name="www.example.org")
    assert read(FORMAT, text, hosts=hosts).observations == []


@pytest.mark.parametrize(
    "line",
    [
        b'{"damaged":"the file is cut short in a frame"}\n',
        b'{"type":"A","name":"api.openai.com"}\n',
        b'{"type":["CLIENT_QUERY"],"name":"api.openai.com"}\n',
        b'{"event_type":"dns","dns":{"rrname":"api.openai.com"}}\n',
        b"[1]\n",
        b"api.openai.com\n",
    ],
)
def test_other_records_are_refused(line: bytes) -> None:
    assert read(FORMAT, line).account == (0, {}, 1)


def test_messages_as_dnstap_read_prints_them() -> None:
    head = b"21-Nov-2026 01:58:30.136 "
    text = (
        head
        + b"CQ 10.0.0.7:57042 -> 10.0.0.1:53 UDP 43b api.openai.com/IN/A\n"
        + head
        + b"RQ 10.0.0.1:4000 -> 203.0.113.53:53 UDP 43b api.openai.com/IN/A\n"
        + head
        + b"CR 10.0.0.7:57042 <- 10.0.0.1:53 UDP 143b api.openai.com/IN/A\n"
        + head
        + b"CQ 10.0.0.7:57042\n"
    )
    reading = read(FORMAT, text)
    assert reading.observations == [_seen(time_quality=TimeQuality.ASSUMED_ZONE)]
    ignored = {"message between servers": 1, "answer to a question above": 1}
    assert reading.account == (1, ignored, 1)


def test_messages_that_dns_collector_took_apart() -> None:
    def message(operation: str, rcode: str) -> bytes:
        record = {
            "dnstap": {"operation": operation, "timestamp-rfc3339ns": "2026-11-21T01:58:30.136Z"},
            "network": {"query-ip": "10.0.0.7", "query-port": "57042", "protocol": "UDP"},
            "dns": {"id": 14219, "qname": "api.openai.com", "qtype": "A", "rcode": rcode},
        }
        return json.dumps(record).encode() + b"\n"

    text = message("CLIENT_QUERY", "NOERROR") + message("CLIENT_RESPONSE", "NXDOMAIN")
    assert read(FORMAT, text).observations == [_seen(action=Action.NXDOMAIN)]
