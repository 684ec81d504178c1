"""Tinyproxy's log, read."""

import pytest

from scanner.logs.formats.tinyproxy import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import a_matcher, at, read

_CONNECT = b"CONNECT   Nov 21 01:58:34.605 [10933]: Connect (file descriptor 5): 10.0.0.7\n"
_REQUEST = b"CONNECT   Nov 21 01:58:34.607 [10933]: Request (file descriptor 5): CONNECT api.openai.com:443 HTTP/1.1\n"
_THROUGH = b'CONNECT   Nov 21 01:58:34.610 [10933]: Established connection to host "api.openai.com" using file descriptor 6.\n'


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.PROXY,
        value="api.openai.com",
        ts=at("2026-11-21T01:58:34.607Z"),
        kind=Sighting.HTTP_CONNECT,
        client="10.0.0.7",
        line=2,
        time_quality=TimeQuality.ASSUMED_YEAR,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def test_three_lines_are_one_request() -> None:
    reading = read(FORMAT, _CONNECT + _REQUEST + _THROUGH)
    assert reading.observations == [_seen(action=Action.ALLOWED)]
    assert reading.account == (1, {"connection of a client": 1, "notice": 1}, 0)


def test_a_request_with_a_url_has_a_path_and_no_query() -> None:
    text = _CONNECT + _REQUEST.replace(
        b"CONNECT api.openai.com:443", b"POST http://api.openai.com/v1/chat?key=secret"
    )
    assert read(FORMAT, text).observations == [
        _seen(kind=Sighting.HTTP_URL, path="/v1/chat", method="POST")
    ]


@pytest.mark.parametrize(
    ("message", "action"),
    [
        (b'Proxying refused on filtered domain "api.openai.com"', Action.BLOCKED),
        (b'Proxying refused on filtered url "api.openai.com:443"', Action.BLOCKED),
        (b"opensock: Could not establish a connection to api.openai.com:443", Action.ERROR),
        (b"opensock: Could not retrieve address info for api.openai.com:443: no", Action.ERROR),
        (b"Failed auth attempt (file descriptor: 5), ip 10.0.0.7", Action.CHALLENGED),
        (
            b'Established connection to http proxy "10.0.0.1" using file descriptor 6.',
            Action.UNKNOWN,
        ),
        (b'Established connection to host "chatgpt.com" using file descriptor 6.', Action.UNKNOWN),
    ],
)
def test_what_became_of_a_request(message: bytes, action: Action) -> None:
    text = _CONNECT + _REQUEST + b"NOTICE    Nov 21 01:58:34.610 [10933]: " + message + b"\n"
    assert read(FORMAT, text).observations == [_seen(action=action)]


def test_descriptors_and_processes_tell_clients_apart() -> None:
    text = (
        _CONNECT
        + _CONNECT.replace(b"10.0.0.7", b"10.0.0.8").replace(b"descriptor 5", b"descriptor 7")
        + _CONNECT.replace(b"10.0.0.7", b"10.0.0.9").replace(b"[10933]", b"[10934]")
        + _REQUEST
        + _REQUEST.replace(b"descriptor 5", b"descriptor 7")
        + _REQUEST.replace(b"[10933]", b"[10934]")
        + _REQUEST.replace(b"[10933]", b"[10935]")
    )
    assert [one.client for one in read(FORMAT, text).observations] == [
        "10.0.0.7",
        "10.0.0.8",
        "10.0.0.9",
        None,
    ]


@pytest.mark.parametrize(
    ("written", "client"),
    [
        (b"10.0.0.7 at [10.0.0.1]", "10.0.0.7"),
        (b"pc7.corp.example [10.0.0.7]", "10.0.0.7"),
        (b"2001:db8::7", "2001:db8::7"),
        (b"fe80::1 at [fe80::2]", "fe80::1"),
    ],
)
def test_spellings_of_a_client(written: bytes, client: str) -> None:
    text = _CONNECT.replace(b"10.0.0.7", written) + _REQUEST
    assert [one.client for one in read(FORMAT, text).observations] == [client]


def test_through_syslog() -> None:
    text = (
        b"Nov 21 01:58:34 gw tinyproxy[77]: Connect (file descriptor 5): 10.0.0.7\n"
        b"Nov 21 01:58:34 gw tinyproxy[77]: Request (file descriptor 5): CONNECT api.openai.com:443 HTTP/1.1\n"
    )
    assert read(FORMAT, text).observations == [_seen(ts=at("2026-11-21T01:58:34Z"))]


def test_s1_s2_s8_s22_spellings_of_a_target() -> None:
    text = b"".join(
        b"CONNECT   Nov 21 01:58:34.607 [1]: Request (file descriptor 5): %b HTTP/1.1\n" % one
        for one in (
            b"CONNECT [::1]:443",
            b"CONNECT API.OPENAI.COM.:443",
            b"GET http://user:pw@claude.ai:8080/x",
            b"GET /index.html",
            b"GARBAGE -",
        )
    )
    reading = read(FORMAT, text)
    assert [(one.value, one.path) for one in reading.observations] == [
        ("::1", None),
        ("api.openai.com", None),
        ("claude.ai", "/x"),
    ]
    assert reading.account == (3, {"request without a host": 2}, 0)


def test_s11_a_host_in_a_parameter_is_no_visit() -> None:
    text = _REQUEST.replace(
        b"CONNECT api.openai.com:443", b"GET http://www.example.org/?u=http://chatgpt.com/"
    )
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert reading.observations == []
    assert reading.account == (1, {}, 0)


def test_notices_are_ignored_and_other_lines_refused() -> None:
    text = (
        b"NOTICE    Nov 21 01:58:18.486 [10933]: Initializing tinyproxy ...\n"
        b"WARNING   Nov 21 01:58:18.489 [10933]: You SHOULD set a UserName in the config file.\n"
        b'NOTICE    Nov 21 01:58:18.489 [10933]: Unauthorized connection from "10.0.0.9".\n'
        b"CONNECT   Nov 21 01:58:34.607 [10933]: Request (file descriptor 5): one two three four\n"
        b"Nov 21 01:58:18 gw sshd[7]: Connect (file descriptor 5): 10.0.0.7\n"
        b"Dear diary,\n"
    )
    assert read(FORMAT, text).account == (0, {"notice": 3}, 3)
