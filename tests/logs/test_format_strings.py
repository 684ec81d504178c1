"""Logs whose format somebody wrote themselves, read by its string."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.errors import UsageError
from scanner.logs import Format, Proof, Read
from scanner.logs.format_strings import (
    reader_of_apache_log_format,
    reader_of_nginx_log_format,
    reader_of_squid_logformat,
)
from scanner.logs.formats import squid, squid_common
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import Reading, at, read, within

_LAB = Path(__file__).parents[2].parent / "shared" / "samples" / "logs"
_CORP = (
    "logformat corp %{%Y-%m-%dT%H:%M:%S}tg.%03tuZ %>a %>p %un %rm %ru %ssl::>sni %ssl::bump_mode "
    '%>Hs %Ss:%Sh %>st %<st %<a "%{User-Agent}>h" %mt'
)
_JSON = (
    '{"ts":"%{%Y-%m-%dT%H:%M:%S%z}tl","client":"%>a","user":"%[un","method":"%rm","url":"%ru",'
    '"sni":"%ssl::>sni","status":%>Hs,"result":"%Ss","in":%>st,"out":%<st,"ua":"%{User-Agent}>h"}'
)
_SQUID = "%ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt"
_COMMON = '%>a %[ui %[un [%tl] "%rm %ru HTTP/%rv" %>Hs %<st %Ss:%Sh'
_COMBINED = _COMMON.replace(" %Ss:", ' "%{Referer}>h" "%{User-Agent}>h" %Ss:')
_STREAM = (
    "log_format sni '$remote_addr [$time_iso8601] $protocol '\n"
    "   '\"$ssl_preread_server_name\" $status $bytes_sent $bytes_received $session_time';"
)
_NGINX = '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$host"'

_SEEN = Observation(
    channel=Channel.PROXY,
    value="api.openai.com",
    ts=at("2026-11-21T01:58:30.136Z"),
    kind=Sighting.HTTP_CONNECT,
    client="10.0.0.7",
    user="ana",
    action=Action.ALLOWED,
    bytes_up=899,
    bytes_down=1832,
    line=1,
)


def _format(reader: Read) -> Format:
    return Format("x", "x", reader, 50, frozenset(Proof), "https://example.org/", b"")


def _by_squid(logformat: str, text: bytes) -> Reading:
    return read(_format(reader_of_squid_logformat(logformat)), text)


def _by_nginx(log_format: str, text: bytes) -> Reading:
    return read(_format(reader_of_nginx_log_format(log_format)), text)


def _corp(
    request: str = "CONNECT api.openai.com:443 -",
    user: str = "ana",
    result: str = "200 TCP_TUNNEL:HIER_DIRECT",
    agent: str = "curl/7.88.1",
) -> bytes:
    return (
        f"2026-11-21T01:58:30.136Z 10.0.0.7 53376 {user} {request} splice {result} 899 1832 "
        f'203.0.113.7 "{agent}" -\n'
    ).encode()


def test_a_tunnel() -> None:
    assert _by_squid(_CORP, _corp()).observations == [_SEEN]


@pytest.mark.parametrize("url", ["203.0.113.7:443", "[2001:db8::1]:443", "-"])
def test_s10_the_name_in_the_handshake_wins_over_an_address(url: str) -> None:
    assert _by_squid(_CORP, _corp(f"CONNECT {url} api.openai.com")).observations == [_SEEN]


def test_s10_a_decrypted_request_to_an_address() -> None:
    text = _corp("GET https://203.0.113.7/v1/models?k=1 api.openai.com")
    assert _by_squid(_CORP, text).observations == [
        _SEEN._replace(kind=Sighting.HTTP_URL, path="/v1/models", method="GET")
    ]


def test_s10_a_name_that_was_asked_for_wins_over_the_handshake() -> None:
    text = _corp("CONNECT api.openai.com:443 front.example")
    assert _by_squid(_CORP, text).observations == [_SEEN]


@pytest.mark.parametrize(
    ("written", "user"),
    [
        ("carol smith@corp.example", "carol smith@corp.example"),
        ("corp\\bob", "corp\\bob"),
        ("cn=Ana Bell,ou=R AND D,dc=corp", "cn=Ana Bell,ou=R AND D,dc=corp"),
        ("-", None),
    ],
)
def test_s6_users_with_blanks(written: str, user: str | None) -> None:
    assert _by_squid(_CORP, _corp(user=written)).observations == [_SEEN._replace(user=user)]


@pytest.mark.parametrize("agent", ['a "quoted" UA', r"a \"quoted\" UA", 'x" - "y', ""])
def test_s7_an_agent_with_quotes_in_it(agent: str) -> None:
    assert _by_squid(_CORP, _corp(agent=agent)).observations == [_SEEN]


@pytest.mark.parametrize(
    ("result", "action"),
    [
        ("407 TCP_DENIED:HIER_NONE", Action.CHALLENGED),
        ("403 TCP_DENIED:HIER_NONE", Action.BLOCKED),
        ("503 TCP_MISS:HIER_NONE", Action.ERROR),
        ("500 TCP_TUNNEL:HIER_DIRECT", Action.ALLOWED),
    ],
)
def test_s3_s4_what_became_of_it(result: str, action: Action) -> None:
    assert _by_squid(_CORP, _corp(result=result)).observations == [_SEEN._replace(action=action)]


def test_s8_requests_that_were_none() -> None:
    text = _corp("GARBAGE error:invalid-request -") + _corp("- - -")
    assert _by_squid(_CORP, text).account == (
        0,
        {"request that was no request": 1, "record without a host": 1},
        0,
    )


@pytest.mark.parametrize(
    ("logformat", "line"),
    [
        (_SQUID, b"1795226310.136     15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT api.openai.com:443 ana HIER_DIRECT/203.0.113.7 -"),
        ("%tS|%>a|%un|%ru|%Ss|%<st", b"1795226310.136|10.0.0.7|ana|api.openai.com:443|TCP_TUNNEL|1832"),
        ("%ts.%03tu %>a:%>p %ul %http::rm %http::>ru %>Hs %<st", b"1795226310.136 10.0.0.7:4000 ana CONNECT api.openai.com:443 200 1832"),
        ("%ts%%%tu %>A %'un %rm %>rd:%>rP %Hs %<st", b"1795226310%136 10.0.0.7 ana CONNECT api.openai.com:443 200 1832"),
        ('%ts.%03tu "%>ha{Host}" %>a %un %Ss %<st', b'1795226310.136 "api.openai.com:443" 10.0.0.7 ana TCP_TUNNEL 1832'),
        ("%ts.%03tu %-12>a %15un %rm %ru %Ss %<st", b"1795226310.136 10.0.0.7                 ana CONNECT api.openai.com:443 TCP_TUNNEL 1832"),
        ("%{%s}tl.%03tu %>a %un %rm %ru %Ss %<st", b"1795226310.136 10.0.0.7 ana CONNECT api.openai.com:443 TCP_TUNNEL 1832"),
    ],
)  # fmt: skip
def test_codes_and_their_modifiers(logformat: str, line: bytes) -> None:
    assert _by_squid(logformat, line).observations == [_SEEN._replace(bytes_up=None)]


@pytest.mark.parametrize(
    ("code", "written", "when", "quality"),
    [
        ("%tl", "21/Nov/2026:02:58:30 +0100", at("2026-11-21T01:58:30Z"), TimeQuality.EXACT),
        ("%tg", "21/Nov/2026:01:58:30 +0000", at("2026-11-21T01:58:30Z"), TimeQuality.EXACT),
        ("%{%d/%m/%Y %H:%M:%S}tg", "02/07/2024 11:30:29", at("2024-07-02T11:30:29Z"), TimeQuality.EXACT),
        ("%{%m/%d/%Y %H:%M:%S}tl", "02/07/2024 11:30:29", at("2024-02-07T11:30:29Z"), TimeQuality.ASSUMED_ZONE),
        ("%{%F}tl", "02/07/2024", None, TimeQuality.NONE),
    ],
)  # fmt: skip
def test_times_are_read_as_they_were_written(
    code: str, written: str, when: object, quality: TimeQuality
) -> None:
    seen = _by_squid(f"{code} %>a %ru", f"{written} 10.0.0.7 api.openai.com:443".encode())
    assert [(one.ts, one.time_quality) for one in seen.observations] == [(when, quality)]


def test_a_format_with_the_name_in_the_handshake_alone_shows_tls() -> None:
    assert _by_squid("%>a %ssl::>sni", b"10.0.0.7 api.openai.com").observations == [
        Observation(Channel.TLS, "api.openai.com", None, Sighting.TLS_SNI, "10.0.0.7",
                    time_quality=TimeQuality.NONE, line=1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("logformat", "log_format"), [(_SQUID, squid), (_COMMON, squid_common), (_COMBINED, squid_common)]
)  # fmt: skip
def test_the_built_in_formats_by_their_strings_and_by_their_readers_agree(
    logformat: str, log_format: object
) -> None:
    known: Format = log_format.FORMAT  # type: ignore[attr-defined]
    is_combined = logformat is _COMBINED
    lines = known.sample.split(b"\n")
    text = b"\n".join(line for line in lines if line and (b'"-"' in line) == is_combined)
    assert text
    assert _by_squid(logformat, text).observations == read(known, text).observations


@pytest.mark.parametrize(
    ("logformat", "words"),
    [
        ("%ts %>a %Ss %{Referer}>h", "no field of it names the site"),
        ("", "no field of it names the site"),
        ("%ts %>a %nonsense", "'%nonsense'"),
        ("%ts %ru %", "'%'"),
    ],
)
def test_a_string_that_cannot_be_used_is_refused_in_words(logformat: str, words: str) -> None:
    with pytest.raises(UsageError, match="Squid logformat: ") as raised:
        reader_of_squid_logformat(logformat)
    assert words in str(raised.value)


@pytest.mark.parametrize(
    "line",
    [
        b"10.0.0.7 [2026-11-21T01:58:30+00:00] TCP 200 1832 899 0.1",
        b"prose about api.openai.com",
        b"\xff\xfe\x00",
        b"",
    ],
)
def test_lines_of_another_format_are_refused(line: bytes) -> None:
    reading = _by_squid(_CORP, _corp() + line + b"\n" + _corp())
    assert [one.line for one in reading.observations] == [1, 3]


@pytest.mark.parametrize("filling", [b"a", b" ", b'"', b"\\", b"a ", b'" ', b":", b"a:", b"/"])
@pytest.mark.parametrize("logformat", [_CORP, _JSON, _SQUID, _COMBINED])
def test_enormous_lines_are_read_in_a_moment(logformat: str, filling: bytes) -> None:
    lines = [filling * (size // len(filling)) for size in (60_000, 1_000_000)]
    with within(10):
        reading = _by_squid(logformat, b"\n".join([*lines, _corp().strip() + lines[0]]))
    assert reading.tally.parsed == len(reading.observations) <= 1


def test_nginx_passing_tls_through() -> None:
    text = b'10.0.0.7 [2026-11-21T01:58:30+00:00] TCP "api.openai.com" 200 1832 899 0.015\n' + (
        b'10.0.0.7 [2026-11-21T01:58:30+00:00] TCP "" 200 1832 899 0.015\n'
    )
    reading = _by_nginx(_STREAM, text)
    assert reading.observations == [
        _SEEN._replace(
            channel=Channel.TLS, kind=Sighting.TLS_SNI, user=None, ts=at("2026-11-21T01:58:30Z")
        )
    ]
    assert reading.account == (1, {"record without a host": 1}, 0)


def test_nginx_as_a_forward_proxy() -> None:
    text = (
        b'10.0.0.7 - ana [21/Nov/2026:01:58:30 +0000] "CONNECT api.openai.com:443 HTTP/1.1" 200 1832 '
        b'"http://chatgpt.com/" "api.openai.com"\n'
    )
    assert _by_nginx(_NGINX, text).observations == [
        _SEEN._replace(ts=at("2026-11-21T01:58:30Z"), bytes_up=None)
    ]


def test_s11_s20_nginx_as_the_site_names_no_host() -> None:
    text = (
        b'10.0.0.7 - - [21/Nov/2026:01:58:30 +0000] "GET /?u=http://chatgpt.com/ HTTP/1.1" 200 3 '
        b'"https://claude.ai/" "api.openai.com"\n'
    )
    assert _by_nginx(_NGINX, text).account == (0, {"record of a web server, not of a proxy": 1}, 0)


def test_apache_by_the_string_of_its_configuration() -> None:
    directive = r'LogFormat "%h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\" %I" proxy'
    text = (
        b'10.0.0.7 - carol smith [21/Nov/2026:01:58:30 +0000] "CONNECT api.openai.com:443 HTTP/1.1" 200 1832 '
        b'"-" "a \\"b\\" c" 899\n'
    )
    reading = read(_format(reader_of_apache_log_format(directive)), text)
    assert reading.observations == [
        _SEEN._replace(ts=at("2026-11-21T01:58:30Z"), user="carol smith")
    ]


def test_a_string_of_nginx_without_a_host_is_refused_in_words() -> None:
    with pytest.raises(UsageError, match="nginx log_format: no field of it names the site"):
        reader_of_nginx_log_format("$remote_addr $host $status")


_ERRORS = {"request that was no request": 2}


@pytest.mark.skipif(not _LAB.is_dir(), reason="the laboratory's logs are not beside the project")
@pytest.mark.parametrize(
    ("reader", "file", "account", "hosts", "about_openai"),
    [
        (reader_of_squid_logformat(_CORP), "squid/lab-squid-corp.log", (31, _ERRORS, 0), 17, 6),
        (reader_of_squid_logformat(_JSON), "squid/lab-squid-jsonl.log", (31, _ERRORS, 0), 17, 6),
        (reader_of_squid_logformat(_SQUID), "squid/lab-squid-native.log", (31, _ERRORS, 0), 18, 6),
        (reader_of_squid_logformat(_COMMON), "squid/lab-squid-common.log", (31, _ERRORS, 0), 18, 6),
        (reader_of_squid_logformat(_COMBINED), "squid/lab-squid-combined.log", (31, _ERRORS, 0), 18, 6),
        (reader_of_nginx_log_format(_STREAM), "nginx/lab-nginx-stream-sni.log", (68, {"record without a host": 2}, 0), 15, 8),
    ],
)  # fmt: skip
def test_the_laboratorys_logs(
    reader: Read, file: str, account: object, hosts: int, about_openai: int
) -> None:
    reading = read(_format(reader), (_LAB / file).read_bytes())
    values = [one.value for one in reading.observations]
    assert reading.account == account
    assert (len(set(values)), values.count("api.openai.com")) == (hosts, about_openai)


@pytest.mark.skipif(not _LAB.is_dir(), reason="the laboratory's logs are not beside the project")
def test_s10_the_laboratorys_tunnels_to_an_address() -> None:
    reading = _by_squid(_CORP, (_LAB / "squid" / "lab-squid-corp.log").read_bytes())
    assert [
        (one.user, one.action)
        for one in reading.observations
        if one.value == "chatgpt.com" and one.user == "alice"
    ] == [("alice", Action.REPEAT), ("alice", Action.ALLOWED)]
