"""HAProxy's logs, read."""

import pytest

from scanner.logs.formats.haproxy import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import at, read

_TLS = Observation(
    channel=Channel.TLS,
    value="api.openai.com",
    ts=at("2026-11-21T01:58:33.632Z"),
    kind=Sighting.TLS_SNI,
    client="10.0.0.7",
    action=Action.ALLOWED,
    bytes_up=748,
    bytes_down=1793,
    line=1,
    time_quality=TimeQuality.ASSUMED_ZONE,
)
_HTTP = _TLS._replace(
    channel=Channel.PROXY,
    kind=Sighting.HTTP_URL,
    bytes_up=None,
    bytes_down=125,
    path="/v1/x",
    method="GET",
)


def _tcp(captured: str = " {api.openai.com}", counts: str = "1793 748", ended: str = "--") -> bytes:
    return (
        "haproxy[931]: 10.0.0.7:56188 [21/Nov/2026:01:58:33.632] tls_sni openai/s1 2/0/4 "
        f"{counts} {ended} 1/1/0/0/0 0/0{captured}\n"
    ).encode()


def _http(
    rest: str = ' {api.openai.com|curl/7.88.1} "GET /v1/x?k=1 HTTP/1.1"',
    status: int = 200,
    ended: str = "----",
    route: str = "web openai/s1",
) -> bytes:
    return (
        f"10.0.0.7:43774 [21/Nov/2026:01:58:33.632] {route} 0/0/0/0/0 {status} 125 - - {ended} "
        f"1/1/0/0/0 0/0{rest}\n"
    ).encode()


def test_s21_a_captured_sni() -> None:
    assert read(FORMAT, _tcp()).observations == [_TLS]


def test_a_session_without_the_bytes_sent() -> None:
    assert read(FORMAT, _tcp(counts="1793")).observations == [_TLS._replace(bytes_up=None)]


@pytest.mark.parametrize(
    "rest",
    [
        ' {api.openai.com|curl/7.88.1} "GET /v1/x HTTP/1.1"',
        ' {API.OpenAI.com:443||} {|||} "GET /v1/x?k=1 HTTP/1.1"',
        ' {203.0.113.9|en-GB|https://chatgpt.com/|api.openai.com} "GET /v1/x HTTP/1.1"',
        ' "GET https://api.openai.com/v1/x HTTP/2.0"',
        ' "GET /v1/x HTTP/2.0" 0/0/0/0/1 api.openai.com/TLSv1.3/TLS_AES_256_GCM_SHA384',
        ' {api.openai.com} "GET /v1/x',
    ],
)
def test_s21_where_the_host_of_a_request_may_stand(rest: str) -> None:
    assert read(FORMAT, _http(rest)).observations == [_HTTP]


def test_a_host_captured_before_the_timers() -> None:
    text = _http(' "GET /v1/x HTTP/1.1"', route="www-https~ myapp/node2 api.openai.com")
    assert read(FORMAT, text).observations == [_HTTP]


def test_a_tunnel() -> None:
    text = _http(' "CONNECT api.openai.com:443 HTTP/1.1"')
    assert read(FORMAT, text).observations == [
        _HTTP._replace(kind=Sighting.HTTP_CONNECT, path=None, method=None)
    ]


@pytest.mark.parametrize(
    ("line", "action"),
    [
        (_tcp(ended="SC"), Action.ERROR),
        (_tcp(ended="cD"), Action.ALLOWED),
        (_tcp(ended="PR"), Action.BLOCKED),
        (_http(status=403, ended="PR--"), Action.BLOCKED),
        (_http(status=407, ended="PR--"), Action.CHALLENGED),
        (_http(status=403), Action.ALLOWED),
        (_http(status=503, ended="SC--"), Action.ERROR),
        (_http(status=504, ended="sH--"), Action.ERROR),
    ],
)
def test_what_became_of_it(line: bytes, action: Action) -> None:
    assert [one.action for one in read(FORMAT, line).observations] == [action]


def test_a_client_of_ipv6_and_one_that_is_hidden() -> None:
    text = _tcp().replace(b"10.0.0.7:", b"2001:db8::7:") + _tcp().replace(b"10.0.0.7:", b"-:")
    assert read(FORMAT, text).observations == [
        _TLS._replace(client="2001:db8::7"),
        _TLS._replace(client=None, line=2),
    ]


def test_lines_that_name_no_site_are_ignored_and_counted() -> None:
    text = (
        _tcp("")
        + _http(' {Mozilla/5.0 (X11; chatgpt.com) Gecko} {} "GET /x HTTP/1.1"')
        + _http(' {} "<BADREQ>"', 400, "PR--")
        + b"Feb 25 16:19:38 gw haproxy[1]: Proxy web started.\n"
        + b"Feb 25 16:20:15 gw haproxy[7]: 10.0.0.7:56224 [25/Feb/2026:16:20:10.111] web/s2: SSL handshake failure\n"
        + _tcp("").replace(b"openai/s1", b"app/<NOSRV>").replace(b"2/0/4", b"-1/-1/+1")
    )
    assert read(FORMAT, text).account == (
        0,
        {
            "record without a host field": 3,
            "request that was no request": 1,
            "notice": 1,
            "connection that failed": 1,
        },
        0,
    )


@pytest.mark.parametrize(
    "line",
    [
        b"10.0.0.7:56188 [21/Nov/2026:01:58:33.632] tls_sni openai/s1 2/0/4\n",
        b'10.0.0.7 - - [21/Nov/2026:01:58:30 +0000] "GET / HTTP/1.1" 200 3\n',
        b"nothing of the kind {api.openai.com}\n",
    ],
)
def test_what_is_not_haproxys_is_refused(line: bytes) -> None:
    assert read(FORMAT, line).account == (0, {}, 1)


def test_a_client_of_ipv4_on_a_socket_of_ipv6() -> None:
    text = (
        b"haproxy[931]: ::ffff:10.0.0.7:56188 [21/Nov/2026:01:58:33.632] tls be/s1 2/0/4 1793 748 -- "
        b"1/1/0/0/0 0/0 {claude.ai}\n"
    )
    assert [one.client for one in read(FORMAT, text).observations] == ["10.0.0.7"]
