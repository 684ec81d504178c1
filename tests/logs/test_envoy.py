"""Envoy's and Istio's access logs, read."""

import json

import pytest

from scanner.logs.formats.envoy import FORMAT
from scanner.model import Action, Channel, Observation, Sighting
from tests.support import at, read

_SEEN = Observation(
    channel=Channel.PROXY,
    value="api.openai.com",
    ts=at("2026-11-21T01:58:30.136Z"),
    kind=Sighting.HTTP_URL,
    client="10.0.0.7",
    action=Action.ALLOWED,
    bytes_up=512,
    bytes_down=2048,
    path="/v1/responses",
    method="POST",
    line=1,
)
_TUNNEL = _SEEN._replace(channel=Channel.TLS, kind=Sighting.TLS_SNI, path=None, method=None)


def _text(
    request: str = "POST /v1/responses?k=1 HTTP/2",
    code: str = "200 -",
    istio: str = "",
    authority: str = "api.openai.com",
    forwarded: str = "10.0.0.7",
    more: str = "",
) -> bytes:
    return (
        f'[2026-11-21T01:58:30.136Z] "{request}" {code} {istio}512 2048 154 152 "{forwarded}" '
        f'"python-requests/2.31" "6f1c" "{authority}" "203.0.113.7:443"{more}\n'
    ).encode()


def _json(**changed: object) -> bytes:
    record: dict[str, object] = {
        "start_time": "2026-11-21T01:58:30.136Z",
        "authority": "api.openai.com",
        "method": "POST",
        "path": "/v1/responses?k=1",
        "response_code": 200,
        "response_flags": "-",
        "bytes_received": 512,
        "bytes_sent": 2048,
        "downstream_remote_address": "10.0.0.7:41260",
        "upstream_cluster": "outbound|443||api.openai.com",
        "upstream_host": "203.0.113.7:443",
        "requested_server_name": "-",
    }
    merged = {**record, **changed}
    return json.dumps({key: value for key, value in merged.items() if value != "gone"}).encode()


_ISTIO = 'via_upstream - "-" '
_AFTER = " outbound|443||api.openai.com 10.0.0.9:50000 203.0.113.7:443 10.0.0.7:44444 {} -"


def test_envoys_default_and_istios() -> None:
    text = _text() + _text(istio=_ISTIO, forwarded="-", more=_AFTER.format("-"))
    assert read(FORMAT, text).observations == [_SEEN, _SEEN._replace(line=2)]


def test_a_connection_passed_through_is_told_by_its_name() -> None:
    text = _text("- - -", "0 -", '- - "-" ', "-", "-", _AFTER.format("api.openai.com"))
    assert read(FORMAT, text).observations == [_TUNNEL]


def test_json_as_istio_and_as_envoy_gateway_name_it() -> None:
    gateways = _json(
        authority="gone", path="gone", downstream_remote_address="gone", **{
            ":authority": "api.openai.com:443",
            "x-envoy-origin-path": "/v1/responses",
            "x-forwarded-for": "10.0.0.7, 10.0.0.1",
        },
    )  # fmt: skip
    text = _json() + b"\n" + gateways + b"\n"
    assert read(FORMAT, text).observations == [_SEEN, _SEEN._replace(line=2)]


def test_json_of_a_connection_passed_through() -> None:
    text = _json(
        authority="-", method="-", path="-", requested_server_name="api.openai.com",
        response_code="0", bytes_received="512", downstream_remote_address="[2001:db8::7]:41260",
    )  # fmt: skip
    assert read(FORMAT, text).observations == [_TUNNEL._replace(client="2001:db8::7")]


@pytest.mark.parametrize(
    ("changed", "action"),
    [
        ({"upstream_cluster": "BlackHoleCluster"}, Action.BLOCKED),
        ({"response_code": 403, "response_flags": "UAEX"}, Action.BLOCKED),
        ({"response_code": 403, "response_code_details": "rbac_access_denied"}, Action.BLOCKED),
        ({"response_code": 403}, Action.ALLOWED),
        ({"response_code": 503, "response_flags": "UF,URX"}, Action.ERROR),
        ({"response_code": [1]}, Action.UNKNOWN),
    ],
)
def test_what_became_of_it(changed: dict[str, object], action: Action) -> None:
    assert [one.action for one in read(FORMAT, _json(**changed)).observations] == [action]


def test_bad_fields_cost_no_more_than_themselves() -> None:
    text = _json(bytes_sent=-1, bytes_received=1e300, start_time={"a": 1}, path=7)
    assert [(one.value, one.ts, one.bytes_up, one.bytes_down) for one in read(FORMAT, text).observations] == [
        ("api.openai.com", None, None, None)
    ]  # fmt: skip


def test_s20_visits_to_the_service_itself_are_ignored() -> None:
    text = (
        _json(upstream_cluster="inbound|8080||")
        + b"\n"
        + _text(istio=_ISTIO, more=_AFTER.format("-").replace("outbound", "inbound"))
        + _json(authority="203.0.113.7:443")
    )
    assert read(FORMAT, text).account == (
        0,
        {"record of a web server, not of a proxy": 2, "record without a host": 1},
        0,
    )


@pytest.mark.parametrize(
    "line",
    [
        _json(response_flags="gone"),
        _json(response_code="gone"),
        _json(upstream_cluster="gone", upstream_host="gone"),
        b'{"authority":"api.openai.com"}',
        b"[]",
        _text()[:70],
        b"[2026-11-21T01:58:30.136Z] listener added",
    ],
)
def test_what_is_not_envoys_is_refused(line: bytes) -> None:
    assert read(FORMAT, line).account == (0, {}, 1)
