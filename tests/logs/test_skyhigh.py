"""The logs of Skyhigh's (McAfee's) web gateway, read."""

import pytest

from scanner.logs.formats.skyhigh import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import a_matcher, at, read


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.PROXY,
        value="api.openai.com",
        ts=at("2026-11-20T08:01:02Z"),
        kind=Sighting.HTTP_URL,
        client="10.0.0.7",
        user="ana",
        action=Action.ALLOWED,
        bytes_up=18120,
        bytes_down=5120,
        path="/v1/responses",
        line=1,
        method="POST",
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


_TUNNEL = {"kind": Sighting.HTTP_CONNECT, "path": None, "method": None}


def _access(
    request: str = "POST https://api.openai.com/v1/responses?key=secret HTTP/2.0",
    user: str = "ana",
    client: str = "10.0.0.7",
    status: str = "200",
    block: str = "0",
) -> bytes:
    return (
        f'[20/Nov/2026:09:01:02 +0100] "{user}" {client} {status} "{request}" "Web Ads" '
        f'"Minimal Risk" "" 5120 18120 "Mozilla/5.0 (X11; "Linux")" "" "{block}" "OpenAI"\n'
    ).encode()


def test_the_access_log() -> None:
    header = b'#time_stamp "auth_user" src_ip status_code "req_line" "categories" "rep_level"\n'
    reading = read(FORMAT, header + _access())
    assert reading.observations == [_seen(line=2)]
    assert reading.account == (1, {"header": 1}, 0)


@pytest.mark.parametrize(
    ("line", "up"),
    [
        (
            b'[20/Nov/2026:08:01:02 +0000] "ana" 10.0.0.7 200 "POST http://api.openai.com/v1/responses '
            b'HTTP/1.1" "Web Ads" "Minimal Risk" "" 5120 "Mozilla/5.0" "" "0"\n',
            None,
        ),
        (
            b'[20/Nov/2026:08:01:02 +0000] "ana" 10.0.0.7 "POST http://api.openai.com/v1/responses '
            b'HTTP/1.1" 200 5120 "http://claude.ai/" "Mozilla/5.0" "" 0\n',
            None,
        ),
        (b"<30>Nov 20 08:01:02 gw mwg[77]: " + _access(), 18120),
    ],
)
def test_older_and_relayed_access_logs(line: bytes, up: int | None) -> None:
    assert read(FORMAT, line).observations == [_seen(bytes_up=up)]


def _quoted(**changed: str) -> bytes:
    usual = {
        "status": "200/0",
        "srcip": "10.0.0.7",
        "user": "ana",
        "dhost": "api.openai.com",
        "urlp": "443",
        "proto": "HTTPS/https",
        "mtd": "POST",
        "urlc": "Business, Software/Hardware",
        "bytes": "18120/18155/5100/5120",
        "ua": "Chrome87-10.0",
        "http_referrer": "https://claude.ai/",
        "url": "https://api.openai.com/v1/responses?static=1&rand=2",
    }
    return " ".join(f'{name}="{value}"' for name, value in {**usual, **changed}.items()).encode()


@pytest.mark.parametrize(
    "head", [b"[20/Nov/2026:08:01:02 +0000] ", b"[20/Nov/2026:08:01:02 +0000]"]
)
def test_pairs_after_a_time(head: bytes) -> None:
    assert read(FORMAT, head + _quoted() + b"\n").observations == [_seen()]


def test_pairs_after_the_head_of_a_syslog_line() -> None:
    text = b"<30>Nov 20 08:01:02 gw mwg: " + _quoted() + b"\n" + _quoted() + b"\n"
    assert read(FORMAT, text).observations == [
        _seen(time_quality=TimeQuality.ASSUMED_YEAR),
        _seen(ts=None, time_quality=TimeQuality.NONE, line=2),
    ]


_FIRST_LINE = (
    'date="2026-11-20T08:01:02.000Z" hostname="mwgproxy" username="{user}" source_ip=10.0.0.7 '
    'destination_ip=203.0.113.7 destination_host="{host}" http_status_code={status} media_type="" '
    'source_bytes=18120 destination_bytes=5120 http_request_first_line="{request} HTTP/1.1" '
    'url_categories="Business, Software/Hardware" block_id={block} block_reason="" user_agent=""\n'
)


def _first_line(
    request: str = "CONNECT api.openai.com:443",
    host: str = "api.openai.com",
    user: str = "ana",
    status: str = "200",
    block: str = "0",
) -> bytes:
    return _FIRST_LINE.format(**locals()).encode()


def test_pairs_with_the_first_line_of_the_request() -> None:
    assert read(FORMAT, _first_line()).observations == [_seen(**_TUNNEL)]


def test_s8_an_empty_host_before_the_port_is_no_host() -> None:
    reading = read(FORMAT, _first_line("CONNECT :80", host="", status="400", block="10"))
    assert reading.observations == []
    assert reading.account == (0, {"record without a host": 1}, 0)


def test_s17_values_without_quotes_may_hold_blanks_and_commas() -> None:
    text = (
        b"user_id=-1 username=Ana Lee source_ip=203.0.113.1 http_action=POST "
        b"server_to_client_bytes=5120 client_to_server_bytes=18120 requested_host=api.openai.com "
        b"requested_path=/v1/responses result=OBSERVED virus= request_timestamp_epoch=1795161662 "
        b"request_timestamp=2026-11-20 08:01:02 uri_scheme=https category=Business, "
        b"Software/Hardware media_type=text/html http_status_code=200 client_ip=10.0.0.7\n"
    )
    denied = text.replace(b"OBSERVED", b"DENIED")
    assert read(FORMAT, text + denied).observations == [
        _seen(user="Ana Lee"),
        _seen(user="Ana Lee", action=Action.BLOCKED, line=2),
    ]


@pytest.mark.parametrize(
    ("status", "block", "action"),
    [
        ("200", "0", Action.ALLOWED),
        ("403", "0", Action.ALLOWED),  # the site's own refusal
        ("403", "10", Action.BLOCKED),
        ("407", "81", Action.CHALLENGED),
        ("502", "20", Action.ERROR),
    ],
)
def test_s3_s4_what_became_of_a_request(status: str, block: str, action: Action) -> None:
    text = (
        _access(status=status, block=block)
        + _quoted(status=f"{status}/{block}")
        + b"\n"
        + _first_line(status=status, block=block)
    )
    assert [one.action for one in read(FORMAT, text).observations] == [action] * 3


@pytest.mark.parametrize(
    ("request_line", "expected"),
    [
        ("CONNECT api.openai.com:443 HTTP/1.1", _TUNNEL),  # S1
        ("CONNECT [::1]:443 HTTP/1.1", {"value": "::1", **_TUNNEL}),  # S2
        ("GET http://[::1]/x HTTP/1.1", {"value": "::1", "path": "/x", "method": "GET"}),
        (
            "GET http://example.org/?u=http://chatgpt.com/ HTTP/1.1",  # S11
            {"value": "example.org", "path": "/", "method": "GET"},
        ),
        ("POST api.openai.com/v1/responses", {}),  # S12
        ("POST ftp://ana:pw@api.openai.com:2121/v1/responses HTTP/1.0", {}),  # S22
        (
            "GET https://b%C3%BCcher.example/ HTTP/2.0",  # S24
            {"value": "xn--bcher-kva.example", "path": "/", "method": "GET"},
        ),
    ],
)
def test_s1_s2_s11_s12_s22_s24_requests(request_line: str, expected: dict[str, object]) -> None:
    assert read(FORMAT, _access(request_line)).observations == [_seen(**expected)]


@pytest.mark.parametrize(
    ("written", "user"),
    [
        ("Carol Smith", "Carol Smith"),
        ("CORP\\bob", "CORP\\bob"),
        ("cn=Ana Bell,ou=R AND D,dc=corp", "cn=Ana Bell,ou=R AND D,dc=corp"),
        ("-", None),
        ("", None),
    ],
)
def test_s6_users(written: str, user: str | None) -> None:
    text = _access(user=written) + _first_line(user=written)
    assert [one.user for one in read(FORMAT, text).observations] == [user] * 2


def test_an_address_of_ipv6() -> None:
    assert read(FORMAT, _access(client="2001:db8::7")).observations == [_seen(client="2001:db8::7")]


def test_s23_look_alikes_meet_no_signature() -> None:
    hosts = ("notopenai.com", "openai.com.evil.example", "api-openai.com", "OPENAI.COM.")
    text = b"".join(_access(f"CONNECT {host}:443 HTTP/1.1") for host in hosts)
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert reading.observations == [_seen(value="openai.com", line=4, **_TUNNEL)]
    assert reading.account == (4, {}, 0)


@pytest.mark.parametrize(
    "line",
    [
        b'10.0.0.7 - ana [20/Nov/2026:08:01:02 +0000] "GET http://api.openai.com/ HTTP/1.1" 200 5 "-" "x"\n',
        b'[2026-11-20T08:01:02.000Z] "GET / HTTP/1.1" 200 - 0 5 1 - "-" "curl" "1" "api.openai.com"\n',
        b'date=2026-11-20 time=08:01:02 devname="fw" type="utm" hostname="api.openai.com"\n',
        b"requested_host=api.openai.com\n",
        b'[20/Nov/2026:08:01:02 +0000] "ana" 10.0.0.7 200 "POST https://api.op\n',
        b"Dear diary\n",
    ],
)
def test_f4_f5_lines_of_other_logs_are_rejected(line: bytes) -> None:
    assert read(FORMAT, line).account == (0, {}, 1)


def test_columns_that_somebody_chose_are_read_by_the_header() -> None:
    text = (
        b'#time_stamp "auth_user" src_ip host status_code bytes_from_client bytes_to_client "method" "url"\n'
        b'[20/Nov/2026:08:01:02 +0000] "ana" 10.0.0.7 claude.ai 200 812 5120 "POST" "https://claude.ai/chat"\n'
    )
    found = read(FORMAT, text)
    (seen,) = found.observations
    assert (seen.value, seen.client, seen.user, seen.path) == (
        "claude.ai",
        "10.0.0.7",
        "ana",
        "/chat",
    )
    assert (seen.bytes_up, seen.bytes_down, seen.action) == (812, 5120, Action.ALLOWED)
    assert found.account == (1, {"header": 1}, 0)
