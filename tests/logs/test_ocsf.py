"""OCSF events, read."""

import json
from typing import Any

import pytest

from scanner.logs.formats.ocsf import FORMAT
from scanner.model import Action, Channel, Observation, Sighting
from tests.support import a_matcher, at, read

_DNS: dict[str, Any] = {
    "class_uid": 4003,
    "activity_id": 2,
    "time": 1795226296000,
    "query": {"hostname": "claude.ai.", "type": "A"},
    "rcode": "NoError",
    "rcode_id": 0,
    "src_endpoint": {"ip": "10.0.0.7", "port": 51234},
}
_HTTP: dict[str, Any] = {
    "class_uid": 4002,
    "activity_id": 6,
    "time": 1795226296000,
    "http_request": {"http_method": "POST", "url": {"hostname": "claude.ai", "path": "/chat"}},
    "http_response": {"code": 200},
    "src_endpoint": {"ip": "10.0.0.7"},
    "actor": {"user": {"name": "ana"}, "process": {"name": "C:\\x\\python.exe"}},
    "traffic": {"bytes_in": 5120, "bytes_out": 18120},
}
_NETWORK: dict[str, Any] = {
    "class_uid": 4001,
    "activity_id": 6,
    "time": 1795226296000,
    "tls": {"sni": "claude.ai"},
    "src_endpoint": {"ip": "10.0.0.7"},
    "dst_endpoint": {"ip": "203.0.113.7", "hostname": "edge.example"},
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
    process="python.exe",
)
_HANDSHAKE = _asked(channel=Channel.TLS, kind=Sighting.TLS_SNI, action=Action.UNKNOWN, qtype=None)


def test_a_file_of_several_classes() -> None:
    reading = read(FORMAT, _log(_DNS, _HTTP, _NETWORK, {"class_uid": 3002, "time": 1}))
    assert reading.observations == [_asked(), _PAGE._replace(line=2), _HANDSHAKE._replace(line=3)]
    assert reading.account == (3, {"event of another class": 1}, 0)


def test_fields_may_be_flat() -> None:
    flat = {
        "class_uid": 4003,
        "time": "2026-11-21 01:58:16+00:00",
        "query.hostname": "claude.ai",
        "query.type": "A",
        "src_endpoint.ip": "10.0.0.7",
        "rcode_id": 0,
    }
    assert read(FORMAT, _log(flat)).observations == [_asked()]


def test_a_question_and_its_answer_are_one_use() -> None:
    text = _log({**_DNS, "activity_id": 1, "rcode_id": None}, {**_DNS, "rcode_id": 3})
    reading = read(FORMAT, text)
    assert reading.observations == [_asked(action=Action.NXDOMAIN)]
    assert reading.account == (1, {"answer to a question above": 1}, 0)


def test_an_opening_and_its_closing_are_one_connection() -> None:
    one = {**_NETWORK, "connection_info": {"uid": "C1"}}
    text = _log(
        {**one, "activity_id": 1},
        {**one, "activity_id": 2, "traffic": {"bytes_out": 9, "bytes_in": 7}},
    )
    assert read(FORMAT, text).observations == [_HANDSHAKE._replace(bytes_up=9, bytes_down=7)]


@pytest.mark.parametrize(
    ("changed", "action"),
    [
        ({"disposition_id": 2}, Action.BLOCKED),
        ({"disposition_id": 6}, Action.BLOCKED),
        ({"disposition_id": 23}, Action.CHALLENGED),
        ({"action_id": 2}, Action.BLOCKED),
        ({"action_id": 1, "http_response": {"code": 502}}, Action.ERROR),
        ({"http_response": {"code": 407}}, Action.CHALLENGED),
        ({"http_response": None, "disposition": "Blocked"}, Action.BLOCKED),
        ({"http_response": None, "action_id": 1}, Action.ALLOWED),
        ({"http_response": None}, Action.UNKNOWN),
        ({"disposition_id": {}, "action_id": [[]], "http_response": {"code": "x"}}, Action.UNKNOWN),
    ],
)
def test_what_became_of_a_request(changed: dict[str, Any], action: Action) -> None:
    assert read(FORMAT, _log({**_HTTP, **changed})).observations == [_PAGE._replace(action=action)]


def test_the_client_of_a_reply_from_the_server() -> None:
    record = {**_DNS, "src_endpoint": {"ip": "10.0.0.1", "port": 53}, "dst_endpoint": {"ip": "::7"}}
    assert read(FORMAT, _log(record)).observations == [_asked(client="::7")]


def test_a_session_with_an_application_and_no_host() -> None:
    record = {
        **_NETWORK,
        "tls": None,
        "dst_endpoint": {"ip": "203.0.113.7"},
        "app_name": "claude-base",
    }
    assert read(FORMAT, _log(record)).observations == [
        _HANDSHAKE._replace(channel=Channel.FLOW, kind=Sighting.APP, value="claude-base")
    ]


def test_a_url_string_and_a_tunnel() -> None:
    urls = (
        {"url_string": "https://claude.ai/chat?x=https://chatgpt.com/"},
        {"url_string": "claude.ai:443"},
    )
    methods = "POST", "CONNECT"
    text = _log(
        *(
            {**_HTTP, "http_request": {"http_method": method, "url": url}}
            for method, url in zip(methods, urls, strict=True)
        )
    )
    assert read(FORMAT, text).observations == [
        _PAGE,
        _PAGE._replace(kind=Sighting.HTTP_CONNECT, path=None, method=None, line=2),
    ]


def test_inbound_connections_and_events_without_a_host_are_ignored() -> None:
    inbound = {**_HTTP, "connection_info": {"direction_id": 1}}
    text = _log(inbound, {**_NETWORK, "tls": {}, "dst_endpoint": []}, {**_DNS, "query": None})
    assert read(FORMAT, text).account == (
        0,
        {"inbound connection": 1, "event without a host": 2},
        0,
    )


@pytest.mark.parametrize("bad", [{"time": "soon"}, {"time": 10**30}, {"time": True}, {"time": {}}])
def test_a_bad_field_loses_that_field(bad: dict[str, Any]) -> None:
    seen = read(FORMAT, _log({**_HTTP, **bad})).observations
    assert [(one.value, one.ts, one.path) for one in seen] == [("claude.ai", None, "/chat")]


def test_s23_look_alikes_meet_no_signature() -> None:
    names = ("notopenai.com", "openai.com.evil.example", "OPENAI.COM.")
    text = _log(*({**_DNS, "query": {"hostname": name}} for name in names))
    seen = read(FORMAT, text, hosts=a_matcher().host_table()).observations
    assert [(one.value, one.line) for one in seen] == [("openai.com", 3)]


@pytest.mark.parametrize("line", [b"{}", b"[1]", b'{"class_uid":"x"}', b'{"class_uid":4003', b"x"])
def test_what_is_no_event_is_rejected(line: bytes) -> None:
    assert read(FORMAT, line).account == (0, {}, 1)


def test_a_path_where_the_host_should_be_names_none() -> None:
    url = {"http_method": "GET", "url": {"path": "/CanaryTest"}}
    record = _HTTP | {"http_request": url, "dst_endpoint": {"domain": "/CanaryTest"}}
    reading = read(FORMAT, _log(record))
    assert reading.observations == []
    assert reading.account == (0, {"event without a host": 1}, 0)


def test_a_protocol_is_no_application() -> None:
    flow = {key: value for key, value in _NETWORK.items() if key != "tls"}
    flow |= {"dst_endpoint": {"ip": "203.0.113.7", "port": 80}, "app_name": "http"}
    reading = read(FORMAT, _log(flow))
    assert reading.observations == []
    assert reading.account == (0, {"event without a host": 1}, 0)


def test_the_lengths_of_request_and_answer_where_no_traffic_is_counted() -> None:
    text = (
        b'{"class_uid":4002,"activity_id":3,"time":1795161662000,"src_endpoint":{"ip":"10.0.0.7"},'
        b'"http_request":{"http_method":"GET","length":812,"url":{"hostname":"claude.ai","path":"/"}},'
        b'"http_response":{"code":200,"length":5120}}\n'
    )
    assert [(one.bytes_up, one.bytes_down) for one in read(FORMAT, text).observations] == [
        (812, 5120)
    ]
