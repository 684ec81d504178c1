"""Records of the Elastic Common Schema, read."""

import json
from typing import Any

import pytest

from scanner.logs.formats.ecs import FORMAT
from scanner.model import Action, Channel, Observation, Sighting
from tests.support import a_matcher, at, read

_DNS: dict[str, Any] = {
    "@timestamp": "2026-11-21T01:58:16.000Z",
    "agent": {"type": "packetbeat"},
    "host": {"name": "sensor.example"},
    "source": {"ip": "10.0.0.7", "port": 65020, "bytes": 36},
    "destination": {"ip": "10.0.0.1", "port": 53},
    "dns": {
        "id": 681,
        "question": {"name": "claude.ai", "type": "A"},
        "response_code": "NOERROR",
        "type": "answer",
    },
}
_HTTP: dict[str, Any] = {
    "@timestamp": "2026-11-21T01:58:16.000Z",
    "event": {"action": "allowed", "type": ["allowed"]},
    "http": {
        "request": {"method": "post", "bytes": 18120, "referrer": "https://chatgpt.com/"},
        "response": {"bytes": 5120, "status_code": 200},
    },
    "source": {"ip": "10.0.0.7"},
    "url": {"domain": "claude.ai", "full": "https://claude.ai/chat?key=secret"},
    "user": {"name": "ana"},
}


def _log(*records: object) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def _asked(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.DNS,
        value="claude.ai",
        ts=at("2026-11-21T01:58:16Z"),
        kind=Sighting.DNS_QUERY,
        client="10.0.0.7",
        action=Action.ALLOWED,
        qtype="A",
        line=1,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


_PAGE = _asked(
    channel=Channel.PROXY,
    kind=Sighting.HTTP_URL,
    user="ana",
    bytes_up=18120,
    bytes_down=5120,
    path="/chat",
    qtype=None,
    method="POST",
)
_HANDSHAKE = _asked(channel=Channel.TLS, kind=Sighting.TLS_SNI, action=Action.UNKNOWN, qtype=None)


def test_one_record_of_a_transaction_counts() -> None:
    reading = read(FORMAT, _log(_DNS, {**_DNS, "dns": {**_DNS["dns"], "id": 682}}))
    assert reading.observations == [_asked(), _asked(line=2)]
    assert reading.account == (2, {}, 0)


def test_a_question_and_its_answer_are_one_use() -> None:
    question = {**_DNS, "dns": {**_DNS["dns"], "type": "query", "response_code": None}}
    answer = {
        **_DNS,
        "source": {"ip": "10.0.0.1", "port": 53},
        "destination": {"ip": "10.0.0.7"},
        "dns": {**_DNS["dns"], "response_code": "NXDOMAIN"},
    }
    reading = read(FORMAT, _log(question, answer))
    assert reading.observations == [_asked(action=Action.NXDOMAIN)]
    assert reading.account == (1, {"answer to a question above": 1}, 0)


def test_a_request() -> None:
    assert read(FORMAT, _log(_HTTP)).observations == [_PAGE]


def test_fields_may_be_flat_or_partly_each() -> None:
    flat = {
        "@timestamp": "2026-11-21T01:58:16Z",
        "ecs.version": "8.11.0",
        "source.ip": "10.0.0.7",
        "user": {"name": "ana"},
        "http.request": {"method": "POST", "bytes": 18120},
        "http.response.status_code": 200,
        "http.response.bytes": 5120,
        "url.domain": "claude.ai",
        "url.path": "/chat",
    }
    assert read(FORMAT, _log(flat)).observations == [_PAGE]


def test_a_handshake_and_a_quic_one_and_a_bare_connection() -> None:
    base = {"@timestamp": "2026-11-21T01:58:16Z", "source": {"ip": "10.0.0.7"}}
    text = _log(
        {
            **base,
            "tls": {"client": {"server_name": "claude.ai"}},
            "destination": {"domain": "x.example"},
        },
        {**base, "tls": {"client": {"server_name": "claude.ai"}}, "network": {"protocol": "quic"}},
        {**base, "destination": {"domain": "claude.ai"}, "process": {"name": "python"}},
    )
    assert read(FORMAT, text).observations == [
        _HANDSHAKE,
        _HANDSHAKE._replace(kind=Sighting.QUIC_SNI, line=2),
        _HANDSHAKE._replace(channel=Channel.FLOW, kind=Sighting.NAME, process="python", line=3),
    ]


def test_s10_the_name_in_tls_beats_an_address_in_the_url() -> None:
    record = {
        **_HTTP,
        "url": {"full": "https://203.0.113.7:443", "domain": "203.0.113.7"},
        "tls": {"client": {"server_name": "claude.ai"}},
    }
    assert [one.value for one in read(FORMAT, _log(record)).observations] == ["claude.ai"]


def test_the_host_is_the_client_only_where_the_agent_watches_its_own_machine() -> None:
    record = {key: value for key, value in _DNS.items() if key != "source"}
    text = _log(record, {**record, "agent": {"type": "endpoint"}})
    assert [one.client for one in read(FORMAT, text).observations] == [None, "sensor.example"]


@pytest.mark.parametrize(
    ("changed", "action"),
    [
        ({"event": {"action": "blocked"}}, Action.BLOCKED),
        ({"event": {"type": ["connection", "denied"]}}, Action.BLOCKED),
        ({"event": None, "event.type": "denied"}, Action.BLOCKED),
        ({"http": {"response": {"status_code": 407}}}, Action.CHALLENGED),
        ({"http": {"response": {"status_code": 503}}}, Action.ERROR),
        ({"http": None, "event": {"outcome": "success"}}, Action.ALLOWED),
        ({"http": None, "event": {"action": {}}}, Action.UNKNOWN),
    ],
)
def test_what_became_of_a_request(changed: dict[str, Any], action: Action) -> None:
    assert [one.action for one in read(FORMAT, _log({**_HTTP, **changed})).observations] == [action]


def test_inbound_connections_and_records_without_a_host_are_ignored() -> None:
    text = _log(
        {**_HTTP, "network": {"direction": "inbound"}},
        {
            "@timestamp": "2026-11-21T01:58:16Z",
            "event": {"action": "login"},
            "host": {"name": "claude.ai"},
        },
        {"@timestamp": "2026-11-21T01:58:16Z", "url": {"original": "/chat"}},
    )
    assert read(FORMAT, text).account == (
        0,
        {"inbound connection": 1, "record without a host": 2},
        0,
    )


@pytest.mark.parametrize("time", [None, [], {}, "soon", 10**30, True])
def test_a_bad_time_costs_the_time_alone(time: object) -> None:
    seen = read(FORMAT, _log({**_HTTP, "@timestamp": time})).observations
    assert [(one.value, one.ts) for one in seen] == [("claude.ai", None)]


def test_s23_look_alikes_meet_no_signature() -> None:
    names = ("notopenai.com", "openai.com.evil.example", "example.org/?u=https://openai.com/")
    text = _log(*({**_HTTP, "url": {"full": f"https://{name}"}} for name in names))
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert (reading.observations, reading.account) == ([], (3, {}, 0))


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"@timestamp": "2026-11-21T01:58:16Z", "message": "up and running"},
        {"url": {"domain": "claude.ai"}},
        {"@timestamp": "2026-11-21T01:58:16Z", "event": {}, "winlog": {"event_id": 22}},
        {"@timestamp": "2026-11-21T01:58:16Z", "dns": {}, "flow_id": 7},
        [1],
    ],
)
def test_what_is_not_of_the_schema_is_rejected(record: object) -> None:
    assert read(FORMAT, _log(record)).account == (0, {}, 1)


def test_the_client_of_a_reply_from_a_service() -> None:
    ends = {"source": {"ip": "203.0.113.7", "port": 443}}
    ends |= {"destination": {"ip": "10.0.0.7", "port": 50123}}
    assert read(FORMAT, _log(_HTTP | ends)).observations == [_PAGE]


def test_names_as_security_onion_writes_them() -> None:
    asked = {"query": {"name": "claude.ai"}, "response_code": "NOERROR"}
    shaken = {"@timestamp": _HTTP["@timestamp"], "source": {"ip": "10.0.0.7"}}
    shaken |= {"ssl": {"server_name": "claude.ai"}}
    assert read(FORMAT, _log(_DNS | {"dns": asked})).observations == [_asked(qtype=None)]
    assert read(FORMAT, _log(shaken)).observations == [_HANDSHAKE]


def test_s20_the_record_of_a_web_server_of_ones_own() -> None:
    usual = {
        "@timestamp": "2026-11-20T08:01:06Z",
        "event": {"dataset": "nginx.access"},
        "source": {"ip": "203.0.113.6"},
        "http": {"request": {"method": "GET"}},
    }
    visit = {**usual, "url": {"original": "/x", "domain": "claude.ai"}}
    proxied = {**usual, "url": {"original": "http://claude.ai/x", "domain": "claude.ai"}}
    found = read(FORMAT, "".join(f"{json.dumps(one)}\n" for one in (visit, proxied)).encode())
    assert [(one.value, one.line) for one in found.observations] == [("claude.ai", 2)]
    assert found.account == (1, {"record of a web server, not of a proxy": 1}, 0)


def test_s3_a_challenge_is_one_whatever_the_word_beside_it() -> None:
    record = {
        "@timestamp": "2026-11-20T08:01:06Z",
        "event": {"action": "TCP_DENIED"},
        "http": {"request": {"method": "CONNECT"}, "response": {"status_code": 407}},
        "url": {"original": "claude.ai:443"},
    }
    (seen,) = read(FORMAT, json.dumps(record).encode()).observations
    assert seen.action is Action.CHALLENGED
