"""Access logs of Apache and nginx: those of a forward proxy are read, a web server's refused."""

import pytest

from scanner.logs.detection import judge
from scanner.logs.formats.access_log import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import at, clock, lines_of, read

_SEEN = Observation(
    channel=Channel.PROXY,
    value="api.openai.com",
    ts=at("2026-11-21T01:58:30Z"),
    kind=Sighting.HTTP_CONNECT,
    client="10.0.0.7",
    user="ana",
    action=Action.ALLOWED,
    bytes_down=1832,
    line=1,
)
_URL = "POST https://api.openai.com/v1/responses?k=1 HTTP/1.1"


def _line(
    request: str = "CONNECT api.openai.com:443 HTTP/1.1",
    status: int = 200,
    before: str = "10.0.0.7 - ana",
    after: str = '1832 "-" "curl/7.88.1"',
    time: str = "21/Nov/2026:01:58:30 +0000",
) -> bytes:
    return f'{before} [{time}] "{request}" {status} {after}\n'.encode()


def test_a_tunnel_and_a_request_to_a_proxy() -> None:
    assert read(FORMAT, _line() + _line(_URL)).observations == [
        _SEEN,
        _SEEN._replace(kind=Sighting.HTTP_URL, path="/v1/responses", method="POST", line=2),
    ]


@pytest.mark.parametrize(
    ("before", "client", "user"),
    [
        ("10.0.0.7 - -", "10.0.0.7", None),
        ("proxy.example:3128 10.0.0.7 - ana", "10.0.0.7", "ana"),
        ("[2001:db8::1]:3128 2001:db8::7 - ana", "2001:db8::7", "ana"),
        ("2001:db8::7 - carol smith", "2001:db8::7", "carol smith"),
        ("::1 - carol smith", "::1", "carol smith"),
        ("desk-7.corp.example ana ana", "desk-7.corp.example", "ana"),
        ('10.0.0.7 - ""', "10.0.0.7", None),
        ("10.0.0.7 - CORP\\\\ana", "10.0.0.7", "CORP\\ana"),
    ],
)
def test_s6_who_asked(before: str, client: str, user: str | None) -> None:
    assert read(FORMAT, _line(before=before)).observations == [
        _SEEN._replace(client=client, user=user)
    ]


@pytest.mark.parametrize(
    ("request_line", "status", "action"),
    [
        ("CONNECT api.openai.com:443 HTTP/1.1", 407, Action.CHALLENGED),
        ("CONNECT api.openai.com:443 HTTP/1.1", 403, Action.BLOCKED),
        ("CONNECT api.openai.com:443 HTTP/1.1", 405, Action.BLOCKED),
        ("CONNECT api.openai.com:443 HTTP/1.1", 400, Action.ERROR),
        ("CONNECT api.openai.com:443 HTTP/1.1", 502, Action.ERROR),
        (_URL, 503, Action.ERROR),
        (_URL, 404, Action.ALLOWED),
        (_URL, 403, Action.UNKNOWN),
    ],
)
def test_s3_s4_what_became_of_it(request_line: str, status: int, action: Action) -> None:
    assert [one.action for one in read(FORMAT, _line(request_line, status)).observations] == [
        action
    ]


def test_s7_an_agent_with_quotes_in_it() -> None:
    text = _line(after=r'1832 "-" "Mozilla/5.0 \"quoted\" UA"') + _line(after='1832 "-" "a "b" c"')
    assert read(FORMAT, text).observations == [_SEEN, _SEEN._replace(line=2)]


@pytest.mark.parametrize(
    "line",
    [
        _line("GET /v1/models HTTP/1.1", before="api.openai.com:443 10.0.0.7 - -"),
        _line("GET /v1/models HTTP/1.1", after='3 "https://chatgpt.com/" "openai.com"'),
        _line("GET /?u=http://chatgpt.com/ HTTP/1.1"),
        _line("GET //chatgpt.com/ HTTP/1.1"),
        _line("OPTIONS * HTTP/1.1"),
    ],
)
def test_s11_s20_a_web_servers_log_names_no_host(line: bytes) -> None:
    reading = read(FORMAT, line)
    assert reading.observations == []
    assert [one.reason for one in reading.tally.rejects] == [
        "record of a web server, not of a proxy"
    ]


def test_s20_a_web_servers_log_that_somebody_probed_is_no_proxys() -> None:
    text = _line("GET / HTTP/1.1") * 9 + _line()
    best = judge([FORMAT], lines_of(text), clock())[0]
    assert best.why_refused == (
        "9 of 10 lines refused, first line 1: record of a web server, not of a proxy"
    )


def test_s8_what_was_no_request_is_ignored() -> None:
    text = _line("-", 400) + _line("\\x16\\x03\\x01", 400) + _line("CONNECT - HTTP/1.1", 400)
    assert read(FORMAT, text).account == (
        0,
        {"request that was no request": 2, "record without a host": 1},
        0,
    )


def test_figures_that_may_be_day_or_month_are_no_time() -> None:
    text = (
        b'10.0.0.7 - ana [05/02/2025 11:30:29] "GET https://api.openai.com/1.png HTTP/1.1" 200 - - '
        b"1000 Business Services\n"
    )
    assert read(FORMAT, text).observations == [
        _SEEN._replace(
            ts=None,
            time_quality=TimeQuality.NONE,
            kind=Sighting.HTTP_URL,
            path="/1.png",
            method="GET",
            bytes_down=None,
        )
    ]


@pytest.mark.parametrize(
    "line",
    [
        b"10.0.0.7 - ana [21/Nov/2026:01:58:30 +0000] CONNECT api.openai.com:443 200 1832\n",
        b'10.0.0.7 - ana [21/Nov/2026:01:58:30 +0000] "CONNECT api.openai.com:443 HTT\n',
        b'"CONNECT api.openai.com:443 HTTP/1.1" 200 1832\n',
    ],
)
def test_f4_f5_damaged_lines_are_rejected(line: bytes) -> None:
    reading = read(FORMAT, _line() + line + _line())
    assert [one.line for one in reading.observations] == [1, 3]
    assert reading.account == (2, {}, 1)
