"""Cloudflare Gateway's HTTP log, read."""

import json
from typing import Any

import pytest

from scanner.hosts import HostTable
from scanner.logs.formats.cloudflare_http import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import at, read

_RECORD: dict[str, Any] = {
    "AccountID": "e1836771179f98aa",
    "Action": "allow",
    "Datetime": "2026-11-20T08:01:02Z",
    "DestinationIP": "203.0.113.9",
    "DeviceName": "laptop-ana",
    "Email": "ana@corp.example",
    "HTTPHost": "api.openai.com",
    "HTTPMethod": "POST",
    "HTTPStatusCode": 200,
    "Referer": "https://chatgpt.com/",
    "SourceInternalIP": "10.0.0.7",
    "SourceIP": "203.0.113.7",
    "UploadedFileNames": ["plan.docx"],
    "URL": "https://api.openai.com/v1/responses?key=secret",
    "UserAgent": "Mozilla/5.0",
}


def _log(**changed: Any) -> bytes:
    return json.dumps(_RECORD | changed, separators=(",", ":")).encode() + b"\n"


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.PROXY,
        value="api.openai.com",
        ts=at("2026-11-20T08:01:02Z"),
        kind=Sighting.HTTP_URL,
        client="10.0.0.7",
        user="ana@corp.example",
        action=Action.ALLOWED,
        path="/v1/responses",
        line=1,
        method="POST",
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def test_a_request_has_a_path_and_never_a_query() -> None:
    reading = read(FORMAT, _log())
    assert reading.observations == [_seen()]
    assert reading.account == (1, {}, 0)


@pytest.mark.parametrize(
    "written", [1795161662, "1795161662", 1795161662000000000, "1795161662000000000"]
)
def test_s15_seconds_and_nanoseconds(written: object) -> None:
    assert read(FORMAT, _log(Datetime=written)).observations == [_seen()]


def test_the_client_is_the_device_or_else_an_address_inside() -> None:
    text = _log(DeviceName="") + _log(DeviceName=None, SourceInternalIP="", Email="")
    assert read(FORMAT, text).observations == [
        _seen(client="10.0.0.7"),
        _seen(client="203.0.113.7", user=None, line=2),
    ]


def test_s13_the_url_beats_the_header() -> None:
    assert read(FORMAT, _log(HTTPHost="www.example.org")).observations == [_seen()]


def test_the_header_names_the_host_of_a_path_alone() -> None:
    assert read(FORMAT, _log(URL="/v1/responses")).observations == [_seen()]
    assert read(FORMAT, _log(URL=None)).observations == [_seen(path=None)]


def test_s1_what_is_not_inspected_is_a_tunnel() -> None:
    text = _log(Action="bypass", HTTPMethod="", HTTPStatusCode=0, URL="https://api.openai.com:443")
    text += _log(HTTPMethod="CONNECT", URL="api.openai.com:443")
    tunnel = _seen(kind=Sighting.HTTP_CONNECT, path=None, method=None)
    assert read(FORMAT, text).observations == [tunnel, tunnel._replace(line=2)]


@pytest.mark.parametrize(
    ("word", "status", "action"),
    [
        ("block", 403, Action.BLOCKED),
        ("block", 302, Action.BLOCKED),
        ("allow", 407, Action.CHALLENGED),
        ("allow", 502, Action.ERROR),
        ("off", 200, Action.ALLOWED),
        ("isolate", 200, Action.ALLOWED),
        ("noscan", 200, Action.ALLOWED),
        ("quarantine", 200, Action.BLOCKED),
        ("redirect", 302, Action.BLOCKED),
        ("", 200, Action.UNKNOWN),
        ([], {}, Action.UNKNOWN),
    ],
)
def test_the_action(word: object, status: object, action: Action) -> None:
    text = _log(Action=word, HTTPStatusCode=status)
    assert read(FORMAT, text).observations == [_seen(action=action)]


def test_s11_a_host_in_a_parameter_or_a_referer_is_not_the_host() -> None:
    table = HostTable("chatgpt.com".__eq__)
    text = _log(URL="https://example.org/?u=https://chatgpt.com/", HTTPHost="example.org")
    assert read(FORMAT, text, hosts=table).observations == []


def test_a_request_to_an_unknown_model_api() -> None:
    table = HostTable("claude.ai".__eq__, is_api_url=lambda url: b"/v1/messages" in url)
    text = _log(URL="https://llm.corp.example/v1/messages")
    assert [one.value for one in read(FORMAT, text, hosts=table).observations] == [
        "llm.corp.example"
    ]


def test_bad_fields_cost_those_fields_alone() -> None:
    text = _log(Datetime="soon", DeviceName={}, Email=[], SourceInternalIP=1.5, HTTPHost=7)
    assert read(FORMAT, text).observations == [
        _seen(ts=None, time_quality=TimeQuality.NONE, client="1.5", user=None)
    ]


def test_a_record_without_a_host() -> None:
    text = _log(URL="/", HTTPHost="-")
    assert read(FORMAT, text).account == (0, {"record without a host": 1}, 0)


@pytest.mark.parametrize("time", [1795161662000000000, "2026-11-20T08:01:02Z"])
def test_s20_the_log_of_the_edge_shows_nobodys_visit(time: object) -> None:
    record = {
        "ClientIP": "203.0.113.50",
        "ClientRequestHost": "api.openai.com",
        "ClientRequestMethod": "GET",
        "ClientRequestURI": "/",
        "EdgeEndTimestamp": time,
        "EdgeResponseStatus": 200,
        "EdgeStartTimestamp": time,
        "RayID": "87a1b2c3d4e5f001",
        "WAFAction": "allow",
    }
    reading = read(FORMAT, json.dumps(record).encode() + b"\n")
    assert reading.observations == []
    assert reading.account == (0, {"record of a web server, not of a proxy": 1}, 0)


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b'{"URL":"https://api.openai.com/","Action":"allow","Datetime":"2026-11-20T08:01:02Z"}',
        b'{"Action":"allow","Datetime":1,"HTTPMethod":"GET"}',
        b'{"HTTPHost":"api.openai.com","HTTPMethod":"GET"}',
        b'{"ClientRequestHost":"api.openai.com"}',
        b'{"HTTPHost":"api.openai.com","Action":"all',
    ],
)
def test_what_is_no_record_of_it_is_rejected(line: bytes) -> None:
    assert read(FORMAT, line + b"\n").account == (0, {}, 1)
