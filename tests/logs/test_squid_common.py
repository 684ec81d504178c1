"""Squid's common and combined formats, read."""

import pytest

from scanner.logs.formats.squid_common import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import a_matcher, at, read

_SEEN = Observation(
    channel=Channel.PROXY,
    value="api.openai.com",
    ts=at("2026-11-21T01:58:30Z"),
    kind=Sighting.HTTP_CONNECT,
    client="10.0.0.7",
    action=Action.ALLOWED,
    bytes_down=1832,
    line=1,
)


def _line(
    request: str = "CONNECT api.openai.com:443 HTTP/1.1",
    status: int = 200,
    size: int = 1832,
    rest: str = "TCP_TUNNEL:HIER_DIRECT",
    user: str = "-",
    time: str = "21/Nov/2026:01:58:30 +0000",
    client: str = "10.0.0.7",
) -> bytes:
    return f'{client} - {user} [{time}] "{request}" {status} {size} {rest}\n'.encode()


def test_s1_a_tunnel() -> None:
    text = (
        b'10.0.0.7 - - [21/Nov/2026:01:58:30 +0000] "CONNECT api.openai.com:443 HTTP/1.1" 200 1832 '
        b"TCP_TUNNEL:HIER_DIRECT\n"
    )
    assert read(FORMAT, text).observations == [_SEEN]


def test_a_request_has_a_path_and_never_a_query() -> None:
    request = "GET http://ana:pw@api.openai.com:80/v1/models?key=secret HTTP/1.1"
    assert read(FORMAT, _line(request, rest="TCP_MISS:HIER_DIRECT")).observations == [
        _SEEN._replace(kind=Sighting.HTTP_URL, path="/v1/models", method="GET")
    ]


def test_s2_addresses_of_ipv6() -> None:
    text = _line("CONNECT [::1]:443 HTTP/1.1") + _line(client="2001:db8::7")
    assert read(FORMAT, text).observations == [
        _SEEN._replace(value="::1"),
        _SEEN._replace(client="2001:db8::7", line=2),
    ]


@pytest.mark.parametrize(
    ("status", "size", "codes", "action"),
    [
        (407, 3559, "TCP_DENIED:HIER_NONE", Action.CHALLENGED),  # S3
        (403, 3494, "TCP_DENIED:HIER_NONE", Action.BLOCKED),  # S4
        (200, 0, "NONE_NONE:HIER_NONE", Action.REPEAT),  # S5
        (500, 0, "NONE_NONE:HIER_NONE", Action.ERROR),
        (200, 39, "TCP_TUNNEL_ABORTED:FIRSTUP_PARENT", Action.ALLOWED),
    ],
)
def test_s3_s4_s5_what_became_of_a_tunnel(
    status: int, size: int, codes: str, action: Action
) -> None:
    text = _line(status=status, size=size, rest=codes)
    assert read(FORMAT, text).observations == [_SEEN._replace(action=action, bytes_down=size)]


@pytest.mark.parametrize(
    ("written", "user"),
    [
        ("carol smith@corp.example", "carol smith@corp.example"),
        ("corp\\\\bob", "corp\\bob"),
        ("cn=Ana Bell,ou=R [D],dc=corp", "cn=Ana Bell,ou=R [D],dc=corp"),
        ("-", None),
    ],
)
def test_s6_users_with_blanks_domains_and_dns(written: str, user: str | None) -> None:
    assert read(FORMAT, _line(user=written)).observations == [_SEEN._replace(user=user)]


@pytest.mark.parametrize(
    "agent",
    [
        'Mozilla/5.0 "quoted" UA',
        'a" 403 7 "b',
        'x" TCP_DENIED:HIER_NONE',
        "[in] [brackets]",
    ],
)
def test_s7_an_agent_with_quotes_in_it(agent: str) -> None:
    text = _line(rest=f'"-" "{agent}" TCP_TUNNEL:HIER_DIRECT')
    assert read(FORMAT, text).observations == [_SEEN]


def test_headers_in_brackets_may_follow() -> None:
    headers = r"[User-Agent: curl%0D%0AHost: chatgpt.com:443%0D%0A] [HTTP/1.1 200 OK%0D%0A%0D%0A]"
    text = _line(rest=f"TCP_TUNNEL:HIER_DIRECT {headers}")
    assert read(FORMAT, text).observations == [_SEEN]


def test_s8_requests_that_were_none_are_ignored_and_counted() -> None:
    codes = "NONE_NONE:HIER_NONE"
    text = (
        _line("GARBAGE error:invalid-request HTTP/1.1", 400, 3447, codes)
        + _line("- error:transaction-end-before-headers HTTP/0.0", 400, 0, codes)
        + _line("-", 400, 0, codes)
        + _line("GET - HTTP/1.1", 400, 0, codes)
    )
    reading = read(FORMAT, text)
    assert reading.observations == []
    assert reading.account == (0, {"request that was no request": 3, "record without a host": 1}, 0)


def test_s11_a_referer_and_a_parameter_are_not_the_host() -> None:
    text = _line(
        "GET http://example.org/?u=http://chatgpt.com/ HTTP/1.1",
        rest='"http://chatgpt.com/" "curl" TCP_MISS:HIER_DIRECT',
    )
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert (reading.observations, reading.account) == ([], (1, {}, 0))


@pytest.mark.parametrize(
    ("written", "when", "quality"),
    [
        ("21/Nov/2026:02:58:30 +0100", at("2026-11-21T01:58:30Z"), TimeQuality.EXACT),
        ("02/07/2024 11:30:29", None, TimeQuality.NONE),
        ("22/07/2024 11:30:29", at("2024-07-22T11:30:29Z"), TimeQuality.ASSUMED_ZONE),
    ],
)
def test_a_day_and_month_that_cannot_be_told_apart_are_no_time(
    written: str, when: object, quality: TimeQuality
) -> None:
    text = _line(time=written)
    assert read(FORMAT, text).observations == [_SEEN._replace(ts=when, time_quality=quality)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "line",
    [
        _line(rest='"-" "curl/7.88.1"'),
        _line(rest="TCP_TUNNEL/HIER_DIRECT"),
        _line(rest="TCP_TUNNEL:HIER_DIRECT [half"),
        b"10.0.0.7 - - [21/Nov/2026:01:58:30 +0000] TCP_TUNNEL:HIER_DIRECT\n",
        b"It was TCP_TUNNEL:HIER_DIRECT\n",
    ],
)
def test_what_is_not_squids_is_refused(line: bytes) -> None:
    assert read(FORMAT, line).account == (0, {}, 1)
