"""UDM events of Google SecOps, read."""

import json
from typing import Any

import pytest

from scanner.logs.formats.udm import FORMAT
from scanner.model import Action, Channel, Observation, Sighting
from tests.support import a_matcher, at, read

_DNS: dict[str, Any] = {
    "metadata": {"eventTimestamp": "2026-11-21T01:58:16Z", "eventType": "NETWORK_DNS"},
    "principal": {"ip": ["10.0.0.7"]},
    "target": {"ip": ["10.0.0.1"]},
    "network": {"dns": {"id": 7, "questions": [{"name": "claude.ai", "type": 28}]}},
}
_HTTP: dict[str, Any] = {
    "metadata": {"event_timestamp": "2026-11-21T01:58:16Z", "event_type": "NETWORK_HTTP"},
    "network": {
        "http": {"method": "POST", "response_code": 200},
        "sent_bytes": "18120",
        "received_bytes": "5120",
    },
    "principal": {"hostname": "pc7", "ip": ["10.0.0.7"], "user": {"userid": "ana"}},
    "target": {"hostname": "claude.ai", "url": "https://claude.ai/chat?key=secret"},
}


def _log(*records: object) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


_ASKED = Observation(
    channel=Channel.DNS,
    value="claude.ai",
    ts=at("2026-11-21T01:58:16Z"),
    kind=Sighting.DNS_QUERY,
    client="10.0.0.7",
    qtype="AAAA",
    line=1,
)
_PAGE = _ASKED._replace(
    channel=Channel.PROXY,
    kind=Sighting.HTTP_URL,
    user="ana",
    action=Action.ALLOWED,
    bytes_up=18120,
    bytes_down=5120,
    path="/chat",
    qtype=None,
    method="POST",
)


@pytest.mark.parametrize("wrapper", [None, "event", "udm"])
def test_events_of_several_types(wrapper: str | None) -> None:
    login = {"metadata": {"event_type": "USER_LOGIN"}, "principal": {"ip": ["10.0.0.7"]}}
    records = [_DNS, _HTTP, login]
    text = _log(*({wrapper: one} if wrapper else one for one in records))
    reading = read(FORMAT, text)
    in_order = sorted(reading.observations, key=lambda one: one.line)
    assert in_order == [_ASKED, _PAGE._replace(line=2)]
    assert reading.account == (2, {"event of another type": 1}, 0)


def test_a_question_and_its_answer_are_one_use() -> None:
    dns = {**_DNS["network"]["dns"], "response": True, "responseCode": 3}
    reading = read(FORMAT, _log(_DNS, {**_DNS, "network": {"dns": dns}}))
    assert reading.observations == [_ASKED._replace(action=Action.NXDOMAIN)]
    assert reading.account == (1, {"answer to a question above": 1}, 0)


@pytest.mark.parametrize(
    ("result", "action"),
    [
        ([{"action": ["BLOCK"]}], Action.BLOCKED),
        ({"action": "QUARANTINE"}, Action.BLOCKED),
        ([{"action": ["CHALLENGE"]}], Action.CHALLENGED),
        ([{"action": ["UNKNOWN_ACTION"]}], Action.ALLOWED),
        ([], Action.ALLOWED),
    ],
)
def test_what_became_of_a_request(result: object, action: Action) -> None:
    assert read(FORMAT, _log({**_HTTP, "security_result": result})).observations == [
        _PAGE._replace(action=action)
    ]


def test_a_url_without_scheme_a_name_in_tls_and_a_bare_host() -> None:
    bare = {**_HTTP, "network": {"tls": {"client": {"server_name": "claude.ai"}}}, "target": {}}
    text = _log(
        {**_HTTP, "target": {"url": "claude.ai/chat"}},
        bare,
        {**bare, "network": {}, "target": {"hostname": "claude.ai"}},
    )
    plain = _PAGE._replace(
        action=Action.UNKNOWN, bytes_up=None, bytes_down=None, path=None, method=None
    )
    assert read(FORMAT, text).observations == [
        _PAGE,
        plain._replace(channel=Channel.TLS, kind=Sighting.TLS_SNI, line=2),
        plain._replace(channel=Channel.FLOW, kind=Sighting.NAME, line=3),
    ]


def test_times_as_protocol_buffers_write_them() -> None:
    record = {
        **_HTTP,
        "metadata": {"event_type": "NETWORK_HTTP", "event_timestamp": {"seconds": 1795226296}},
    }
    assert read(FORMAT, _log(record)).observations == [_PAGE]


def test_inbound_connections_and_events_without_a_host_are_ignored() -> None:
    text = _log(
        {**_HTTP, "network": {"direction": "INBOUND"}}, {**_HTTP, "target": {"ip": ["203.0.113.7"]}}
    )
    assert read(FORMAT, text).account == (
        0,
        {"inbound connection": 1, "event without a host": 1},
        0,
    )


def test_s11_s23_neither_parameters_nor_look_alikes() -> None:
    names = ("notopenai.com", "openai.com.evil.example", "example.org/?u=https://openai.com/")
    text = _log(*({**_HTTP, "target": {"url": f"https://{name}"}} for name in names))
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert (reading.observations, reading.account) == ([], (3, {}, 0))


@pytest.mark.parametrize(
    "record",
    [
        {},
        [1],
        {"metadata": {"event_type": "dns"}, "principal": {}},
        {"event_type": "dns", "flow_id": 7},
        {"eventType": "NETWORK_DNS"},
        {"metadata": []},
    ],
)
def test_what_is_no_event_is_rejected(record: object) -> None:
    assert read(FORMAT, _log(record)).account == (0, {}, 1)


def test_an_event_as_the_search_gives_it() -> None:
    text = (
        b'{"events":{"event":{"metadata":{"eventTimestamp":"2026-11-20T08:01:03Z","eventType":"NETWORK_HTTP"},'
        b'"principal":{"ip":["10.0.0.8"]},"target":{"hostname":"claude.ai"},'
        b'"securityResult":[{"action":["BLOCK"]}]}}}\n'
    )
    (seen,) = read(FORMAT, text).observations
    assert (seen.value, seen.client, seen.action) == ("claude.ai", "10.0.0.8", Action.BLOCKED)
