"""nginx's stream log with ssl_preread, read."""

import pytest

from scanner.logs.formats.nginx_stream import FORMAT
from scanner.model import Action, Channel, Observation, Sighting
from tests.support import at, read

_SEEN = Observation(
    channel=Channel.TLS,
    value="api.openai.com",
    ts=at("2026-11-21T01:58:30Z"),
    kind=Sighting.TLS_SNI,
    client="10.0.0.7",
    action=Action.ALLOWED,
    bytes_up=251,
    bytes_down=1793,
    line=1,
)


@pytest.mark.parametrize(
    "line",
    [
        b'10.0.0.7 [2026-11-21T01:58:30+00:00] TCP "api.openai.com" 200 1793 251 0.015\n',
        b"10.0.0.7 [21/Nov/2026:01:58:30 +0000] TCP API.OpenAI.com 200 1793 251 0.015\n",
        b'10.0.0.7 [21/Nov/2026:01:58:30 +0000] TCP 200 1793 251 0.015 "203.0.113.7:443" "251" "api.openai.com"\n',
        b'10.0.0.7 [21/Nov/2026:02:58:30 +0100] TCP 200 1793 251 0.015 api.openai.com "unix:/run/s"\n',
    ],
)
def test_the_name_may_stand_anywhere(line: bytes) -> None:
    assert read(FORMAT, line).observations == [_SEEN]


def test_a_client_of_ipv6() -> None:
    text = b'2001:db8::7 [2026-11-21T01:58:30+00:00] TCP "api.openai.com" 200 1793 251 0.015\n'
    assert read(FORMAT, text).observations == [_SEEN._replace(client="2001:db8::7")]


@pytest.mark.parametrize(
    ("status", "action"),
    [(200, Action.ALLOWED), (403, Action.BLOCKED), (502, Action.ERROR), (400, Action.ERROR)],
)
def test_what_became_of_a_session(status: int, action: Action) -> None:
    text = f'10.0.0.7 [2026-11-21T01:58:30+00:00] TCP "claude.ai" {status} 0 0 0.1\n'.encode()
    assert read(FORMAT, text).observations == [
        _SEEN._replace(value="claude.ai", action=action, bytes_up=0, bytes_down=0)
    ]


def test_counts_that_the_log_does_not_have_are_unknown() -> None:
    text = b'10.0.0.7 [2026-11-21T01:58:30+00:00] TCP "api.openai.com" 200\n'
    assert read(FORMAT, text).observations == [_SEEN._replace(bytes_up=None, bytes_down=None)]


def test_a_handshake_without_a_name_is_ignored() -> None:
    text = (
        b'10.0.0.7 [2026-11-21T01:58:30+00:00] TCP "" 200 1516 0 0.302\n'
        b"10.0.0.7 [2026-11-21T01:58:30+00:00] UDP 200 1516 0 0.302\n"
    )
    assert read(FORMAT, text).account == (0, {"record without a host": 2}, 0)


@pytest.mark.parametrize(
    "line",
    [
        b'10.0.0.7 - - [21/Nov/2026:01:58:30 +0000] "GET / HTTP/1.1" 200 3 "-" "x"\n',
        b'10.0.0.7 [2026-11-21T01:58:30+00:00] "GET / HTTP/1.1" 200 3\n',
        b'10.0.0.7 [2026-11-21T01:58:30+00:00] TCP "api.openai.com"\n',
        b"10.0.0.7:4000 [21/Nov/2026:01:58:33.632] tls o/s1 2/0/4 1793 -- 1/1/0/0/0 0/0\n",
        b"TCP api.openai.com 200\n",
    ],
)
def test_what_is_not_a_streams_is_refused(line: bytes) -> None:
    assert read(FORMAT, line).account == (0, {}, 1)
