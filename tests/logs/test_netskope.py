"""Netskope's events and alerts, read."""

import json

import pytest

from scanner.hosts import HostTable
from scanner.logs.formats.netskope import FORMAT
from scanner.model import Action, Channel, Level, Observation, Sighting, TimeQuality
from tests.support import a_matcher, at, read

_PAGE = {
    "_id": "a1",
    "access_method": "Client",
    "app": "ChatGPT",
    "ccl": "medium",
    "client_bytes": 18120,
    "domain": "api.openai.com",
    "hostname": "LAPTOP7",
    "numbytes": 23240,
    "organization_unit": "",
    "page": "api.openai.com",
    "server_bytes": 5120,
    "site": "claude.ai",
    "srcip": "10.0.0.7",
    "timestamp": 1795161662,
    "traffic_type": "CloudApp",
    "type": "page",
    "ur_normalized": "ana@corp.example",
    "url": "api.openai.com/v1/responses?key=secret",
    "user": "ana@corp.example",
    "userip": "192.0.2.7",
}


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.PROXY,
        value="api.openai.com",
        ts=at("2026-11-20T08:01:02Z"),
        kind=Sighting.HTTP_URL,
        client="10.0.0.7",
        user="ana@corp.example",
        action=Action.ALLOWED,
        bytes_up=18120,
        bytes_down=5120,
        path="/v1/responses",
        line=1,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def _json(**changed: object) -> bytes:
    return json.dumps({**_PAGE, **changed}).encode() + b"\n"


def test_a_page_is_a_visit_to_its_url_and_never_to_its_site() -> None:
    assert read(FORMAT, _json()).observations == [_seen()]


@pytest.mark.parametrize(
    ("url", "host", "path"),
    [
        ("https://api.openai.com/v1", "api.openai.com", "/v1"),
        ("api.openai.com:8443/v1", "api.openai.com", "/v1"),  # S12
        ("http://[::1]:8080/v1", "::1", "/v1"),  # S2
        ("example.org/?u=http://chatgpt.com/", "example.org", "/"),  # S11
        ("https://ana:pw@api.openai.com/v1", "api.openai.com", "/v1"),  # S22
        ("https://b%C3%BCcher.example/", "xn--bcher-kva.example", "/"),  # S24
    ],
)
def test_s2_s11_s12_s22_s24_urls(url: str, host: str, path: str) -> None:
    assert read(FORMAT, _json(url=url)).observations == [_seen(value=host, path=path)]


def test_of_an_unopened_connection_only_the_host_is_known() -> None:
    text = _json(type="connection", url="api.openai.com", bypass_traffic="yes")
    seen = read(FORMAT, text).observations
    assert seen == [_seen(kind=Sighting.HTTP_CONNECT, path=None)]
    assert seen[0].level is Level.USED


@pytest.mark.parametrize("unset", [{"url": ""}, {"url": None}, {"url": "n/a"}])
def test_the_domain_stands_for_a_url_that_is_not_there(unset: dict[str, object]) -> None:
    assert read(FORMAT, _json(**unset)).observations == [
        _seen(kind=Sighting.HTTP_CONNECT, path=None)
    ]


def test_a_network_event_is_a_flow() -> None:
    text = _json(type="network", url=None, domain="", dsthost="api.openai.com", action="allow")
    assert read(FORMAT, text).observations == [
        _seen(channel=Channel.FLOW, kind=Sighting.HTTP_CONNECT, path=None)
    ]


def test_an_event_without_a_host_may_name_the_application() -> None:
    text = _json(type="network", url=None, domain="", action="allow")
    assert read(FORMAT, text).observations == [
        _seen(channel=Channel.FLOW, value="ChatGPT", kind=Sighting.APP, path=None)
    ]


@pytest.mark.parametrize(
    ("word", "action"),
    [
        ("block", Action.BLOCKED),
        ("blocked", Action.BLOCKED),
        ("quarantine", Action.BLOCKED),
        ("isolate", Action.ALLOWED),
        ("allow", Action.ALLOWED),
        ("alert", Action.ALLOWED),
        ("bypass", Action.ALLOWED),
        ("useralert", Action.UNKNOWN),
        ("something new", Action.UNKNOWN),
        (None, Action.UNKNOWN),
    ],
)
def test_s4_the_policys_verdict(word: str | None, action: Action) -> None:
    seen = read(FORMAT, _json(type="nspolicy", action=word)).observations
    assert seen == [_seen(action=action)]


@pytest.mark.parametrize(
    ("written", "user"),
    [
        ("Carol Smith", "Carol Smith"),
        ("CORP\\bob", "CORP\\bob"),
        ("10.0.0.7", None),  # nobody is known, and the address stands there
        ("192.0.2.7", None),
        ("unknown", None),
        ("", None),
        (None, None),
    ],
)
def test_s6_users(written: str | None, user: str | None) -> None:
    assert read(FORMAT, _json(user=written)).observations == [_seen(user=user)]


@pytest.mark.parametrize(
    ("addresses", "client"),
    [
        ({"srcip": "2001:db8::7"}, "2001:db8::7"),
        ({"srcip": ""}, "192.0.2.7"),
        ({"srcip": "", "userip": None}, "LAPTOP7"),
    ],
)
def test_clients(addresses: dict[str, object], client: str) -> None:
    assert read(FORMAT, _json(**addresses)).observations == [_seen(client=client)]


def test_what_an_application_reports_itself_is_seen_in_a_log() -> None:
    seen = read(FORMAT, _json(type="nspolicy", access_method="API Connector")).observations
    assert seen == [_seen(channel=Channel.LOG, action=Action.UNKNOWN)]


def test_records_of_nobodys_visit_are_ignored_and_counted() -> None:
    text = (
        _json(access_method="API Connector", type="nspolicy", scan_type="Ongoing")
        + b'{"type":"admin_audit_logs","user":"admin@corp.example","timestamp":1795161662}\n'
        + _json(url="", domain="", app="")
    )
    reading = read(FORMAT, text)
    assert reading.observations == []
    assert reading.account == (0, {"scan of what is stored": 1, "record without a host": 2}, 0)


def test_fields_of_wrong_types_cost_themselves_alone() -> None:
    text = _json(timestamp=[], user={}, srcip=[1], userip=5, client_bytes="many", server_bytes=-1)
    assert read(FORMAT, text).observations == [
        _seen(
            ts=None,
            time_quality=TimeQuality.NONE,
            client="5",
            user=None,
            bytes_up=None,
            bytes_down=None,
        )
    ]


def test_s23_look_alikes_meet_no_signature() -> None:
    urls = ("notopenai.com", "openai.com.evil.example/", "api-openai.com", "OPENAI.COM./x")
    text = b"".join(_json(url=url, app="Somebody") for url in urls)
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert reading.observations == [_seen(value="openai.com", path="/x", line=4)]
    assert reading.account == (4, {}, 0)


def test_an_application_is_not_asked_for_where_a_host_is_known() -> None:
    table = HostTable(lambda _: False, knows_app=lambda _: True)
    assert read(FORMAT, _json(), hosts=table).observations == []


@pytest.mark.parametrize(
    "line",
    [
        b'{"type":"page","url":"https://api.openai.com/","user":"ana"}\n',
        b'{"type":"dns","ccl":"x","ur_normalized":"ana","url":"api.openai.com"}\n',
        b'{"type":5,"record_type":[],"ccl":"x","ur_normalized":"ana"}\n',
        b'{"type":"page","ccl":"medium","url":"api.openai.com\n',
        b"[]\n",
        b"Dear diary\n",
    ],
)
def test_f5_lines_of_other_logs_are_rejected(line: bytes) -> None:
    assert read(FORMAT, line).account == (0, {}, 1)
