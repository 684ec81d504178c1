"""Cloudflare Gateway's network log, read."""

import json
from typing import Any

import pytest

from scanner.logs.formats.cloudflare_network import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import at, read

_RECORD: dict[str, Any] = {
    "AccountID": "e1836771179f98aa",
    "Action": "forward",
    "Datetime": "2026-11-20T08:01:02Z",
    "DestinationIP": "203.0.113.9",
    "DestinationPort": 443,
    "DeviceName": "laptop-ana",
    "Email": "ana@corp.example",
    "PolicyName": "",
    "SNI": "claude.ai",
    "SessionID": "5f2d04be",
    "SourceIP": "203.0.113.7",
    "SourceInternalIP": "10.0.0.7",
    "Transport": "tcp",
}


def _log(**changed: Any) -> bytes:
    return json.dumps(_RECORD | changed, separators=(",", ":")).encode() + b"\n"


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.TLS,
        value="claude.ai",
        ts=at("2026-11-20T08:01:02Z"),
        kind=Sighting.TLS_SNI,
        client="10.0.0.7",
        user="ana@corp.example",
        action=Action.ALLOWED,
        line=1,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def test_a_session() -> None:
    reading = read(FORMAT, _log())
    assert reading.observations == [_seen()]
    assert reading.account == (1, {}, 0)


@pytest.mark.parametrize(
    "written", [1795161662, "1795161662", 1795161662000000000, "1795161662000000000"]
)
def test_s15_seconds_and_nanoseconds(written: object) -> None:
    assert read(FORMAT, _log(Datetime=written)).observations == [_seen()]


def test_a_session_over_udp_is_quic() -> None:
    text = _log(Transport="udp") + _log(Transport=None, TransportProtocol="quic")
    quic = _seen(kind=Sighting.QUIC_SNI)
    assert read(FORMAT, text).observations == [quic, quic._replace(line=2)]


@pytest.mark.parametrize(
    ("word", "action"),
    [
        ("allow", Action.ALLOWED),
        ("allowedOnNoRuleMatch", Action.ALLOWED),
        ("block", Action.BLOCKED),
        ("blockedByRule", Action.BLOCKED),
        ("override", Action.UNKNOWN),
        ("", Action.UNKNOWN),
        ({}, Action.UNKNOWN),
    ],
)
def test_the_action(word: object, action: Action) -> None:
    assert read(FORMAT, _log(Action=word)).observations == [_seen(action=action)]


def test_the_client_is_the_device_or_else_an_address_inside() -> None:
    text = _log(DeviceName="", Email="") + _log(DeviceName="", SourceInternalIP="")
    assert read(FORMAT, text).observations == [
        _seen(client="10.0.0.7", user=None),
        _seen(client="203.0.113.7", line=2),
    ]


@pytest.mark.parametrize("name", ["", None, 7, []])
def test_a_session_without_a_name(name: object) -> None:
    assert read(FORMAT, _log(SNI=name)).account == (0, {"session without a name": 1}, 0)


def test_bad_fields_cost_those_fields_alone() -> None:
    assert read(FORMAT, _log(Datetime={}, DeviceName=[], Transport=7)).observations == [
        _seen(ts=None, time_quality=TimeQuality.NONE, client="10.0.0.7")
    ]


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b'{"SNI":"claude.ai","Action":"forward","Datetime":"2026-11-20T08:01:02Z"}',
        b'{"Action":"forward","Datetime":1,"DestinationIP":"203.0.113.9"}',
        b'{"sni":"claude.ai","action":"forward","dest_ip":"203.0.113.9"}',
        b'{"SNI":"claude.ai","Action":"for',
    ],
)
def test_what_is_no_record_of_it_is_rejected(line: bytes) -> None:
    assert read(FORMAT, line + b"\n").account == (0, {}, 1)
