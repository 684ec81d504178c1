"""Log Event Extended Format, read."""

import pytest

from scanner.logs.formats.leef import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import a_matcher, at, read

_HEADER = "LEEF:1.0|Forcepoint|Security|8.5.0|transaction:permitted|"
_ATTRIBUTES = (
    "sev=1", "cat=1512", "usrName=ana", "src=10.0.0.7", "srcBytes=18120", "dstBytes=5120",
    "devTime=1795226296000", "proxyStatus-code=200", "method=POST",
    "url=https://api.openai.com/v1/responses?key\\=secret",
)  # fmt: skip


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.PROXY,
        value="api.openai.com",
        ts=at("2026-11-21T01:58:16Z"),
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


def _event(header: str = _HEADER, mark: str = "\t", attributes: object = _ATTRIBUTES) -> bytes:
    return (header + mark.join(attributes) + "\n").encode()  # type: ignore[arg-type]


def _without(*keys: str) -> tuple[str, ...]:
    return tuple(one for one in _ATTRIBUTES if one.partition("=")[0] not in keys)


@pytest.mark.parametrize("head", ["", "<159>Nov 21 01:58:29 10.0.0.1 "])
def test_version_1(head: str) -> None:
    reading = read(FORMAT, head.encode() + _event())
    assert reading.observations == [_seen()]
    assert reading.account == (1, {}, 0)


@pytest.mark.parametrize(
    ("named", "mark"),
    [
        ("^|", "^"),
        ("0x5e|", "^"),
        ("x5E|", "^"),
        ("x09|", "\t"),
        ("0x09|", "\t"),
        ("||", "|"),
        ("x7c|", "|"),
        ("|", "\t"),
        ("", "\t"),
        ("~|", "~"),
    ],
)
def test_s19_version_2_names_its_separator(named: str, mark: str) -> None:
    header = f"LEEF:2.0|Forcepoint|Security|8.5.0|transaction:permitted|{named}"
    assert read(FORMAT, _event(header, mark)).observations == [_seen()]


@pytest.mark.parametrize("mark", ["#011", " ", "   "])
def test_s19_tabs_that_a_relay_rewrote(mark: str) -> None:
    assert read(FORMAT, _event(mark=mark)).observations == [_seen()]


def test_a_user_may_hold_blanks_and_signs() -> None:
    user = "usrName=LDAP://dc OU=Users,DC=corp/Lee, Ana"
    text = _event(attributes=(*_without("usrName"), user))
    assert read(FORMAT, text).observations == [_seen(user="Lee, Ana")]


@pytest.mark.parametrize(
    ("written", "pattern", "ts", "quality"),
    [
        ("Nov 21 2026 01:58:16 GMT", "MMM dd yyyy HH:mm:ss z", 1, TimeQuality.EXACT),
        ("Nov 21 2026 01:58:16", None, 1, TimeQuality.ASSUMED_ZONE),
        ("2026-11-21T02:58:16.000+01:00", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX", 1, TimeQuality.EXACT),
        ("05/11/2026 01:58:16", "dd/MM/yyyy HH:mm:ss", 2, TimeQuality.ASSUMED_ZONE),
        ("11/05/2026 01:58:16 AM", "MM/dd/yyyy hh:mm:ss a", 2, TimeQuality.ASSUMED_ZONE),
        ("05/11/2026 01:58:16", None, None, TimeQuality.NONE),
        ("05/11/2026 01:58:16", "dd/dd/(yyyy", None, TimeQuality.NONE),
        ("x" * 9000, "MMM", None, TimeQuality.NONE),
    ],
)
def test_times_after_the_pattern_that_the_event_names(
    written: str, pattern: str | None, ts: int | None, quality: TimeQuality
) -> None:
    extra = [f"devTime={written}"] + ([f"devTimeFormat={pattern}"] if pattern else [])
    text = _event(attributes=(*_without("devTime"), *extra))
    days = {1: at("2026-11-21T01:58:16Z"), 2: at("2026-11-05T01:58:16Z"), None: None}
    assert read(FORMAT, text).observations == [_seen(ts=days[ts], time_quality=quality)]


def test_a_transaction_that_was_blocked() -> None:
    text = _event(_HEADER.replace("permitted", "blocked"))
    assert read(FORMAT, text).observations == [_seen(action=Action.BLOCKED)]


def test_s3_a_challenge() -> None:
    text = _event(attributes=(*_without("proxyStatus-code"), "proxyStatus-code=407"))
    assert read(FORMAT, text).observations == [_seen(action=Action.CHALLENGED)]


def test_zscaler_says_in_its_category_what_it_did() -> None:
    text = _event(
        "LEEF:1.0|Zscaler|NSS|4.1|Not allowed to browse|",
        attributes=("cat=Blocked", "src=10.0.0.7", "usrName=ana", "url=claude.ai:443",
                    "devTime=Nov 21 2026 01:58:16 GMT", "srcBytes=310", "dstBytes=0"),
    )  # fmt: skip
    assert read(FORMAT, text).observations == [
        _seen(
            kind=Sighting.HTTP_CONNECT,
            value="claude.ai",
            action=Action.BLOCKED,
            bytes_up=310,
            bytes_down=0,
            path=None,
            method=None,
        )
    ]


def test_watchguards_proxies() -> None:
    header = "Nov 21 01:58:16 edge LEEF:1.0|WatchGuard|XTM|12.10|2CFF0000|"
    common = ("src=10.0.0.7", "src_user=ana", "sent_bytes=96", "rcvd_bytes=7")
    text = (
        _event(header, attributes=("disp=Deny", "sni=claude.ai", *common))
        + _event(
            header, attributes=("disp=Allow", "op=GET", "dstname=claude.ai", "arg=/x", *common)
        )
        + _event(header, attributes=("disp=Allow", "query_type=A", "question=claude.ai", *common))
    )
    one = _seen(value="claude.ai", bytes_up=96, bytes_down=7, time_quality=TimeQuality.ASSUMED_YEAR)
    assert read(FORMAT, text).observations == [
        one._replace(
            channel=Channel.TLS,
            kind=Sighting.TLS_SNI,
            action=Action.BLOCKED,
            path=None,
            method=None,
        ),
        one._replace(path="/x", method="GET", line=2),
        one._replace(
            channel=Channel.DNS,
            kind=Sighting.DNS_QUERY,
            bytes_up=None,
            bytes_down=None,
            path=None,
            method=None,
            qtype="A",
            line=3,
        ),
    ]


def test_an_application_without_a_host() -> None:
    text = _event(attributes=(*_without("url", "method"), "appi_name=ChatGPT"))
    assert read(FORMAT, text).observations == [
        _seen(channel=Channel.FLOW, kind=Sighting.APP, value="ChatGPT", path=None, method=None)
    ]


def test_s11_s23_neither_referer_nor_look_alikes() -> None:
    names = ("notopenai.com", "openai.com.evil.example", "example.org/?u=https://openai.com/")
    urls = [
        _event(attributes=(f"url=https://{name}", "referer=https://openai.com/")) for name in names
    ]
    reading = read(FORMAT, b"".join(urls), hosts=a_matcher().host_table())
    assert reading.observations == []
    assert reading.account == (3, {}, 0)


def test_events_without_a_host_are_ignored() -> None:
    text = _event(attributes=("usrName=ana", "src=10.0.0.7"))
    assert read(FORMAT, text).account == (0, {"event without a host": 1}, 0)


@pytest.mark.parametrize(
    "line",
    [
        b"LEEF:1.0|a|b|c\n",
        b"LEEF:7.0|a|b|c|d|url=https://claude.ai/\n",
        b"CEF:0|a|b|c|d|e|5|dhost=claude.ai\n",
        b"every LEEF: has a header\n",
        b"x" * 400 + _event(),
    ],
)
def test_what_is_no_event_is_rejected(line: bytes) -> None:
    assert read(FORMAT, line).account == (0, {}, 1)


def test_a_header_that_a_relay_cut_and_tabs_that_it_escaped() -> None:
    text = (
        b"1.0|WatchGuard|XTM|12.10.1.B689694|1DFF000F|policy=DNS-proxy-00#011disp=Allow#011src=10.0.0.7"
        b"#011dst=10.0.0.1#011dstPort=53#011query_type=A#011question=claude.ai#011msg=DNS request\n"
    )
    seen = read(FORMAT, text).observations
    assert [(one.value, one.client, one.kind, one.action) for one in seen] == [
        ("claude.ai", "10.0.0.7", Sighting.DNS_QUERY, Action.ALLOWED)
    ]


def test_bars_between_the_attributes_as_pan_os_writes_them() -> None:
    text = (
        b"LEEF:1.0|Palo Alto Networks|PAN-OS Syslog Integration|8.1.8|allow|cat=TRAFFIC|Type=TRAFFIC|"
        b"devTime=Nov 21 2026 01:58:16 GMT|src=10.0.0.7|dst=203.0.113.7|Application=openai-chatgpt|"
        b"srcBytes=120|dstBytes=60\n"
    )
    seen = read(FORMAT, text).observations
    assert [(one.value, one.kind, one.bytes_up) for one in seen] == [
        ("openai-chatgpt", Sighting.APP, 120)
    ]


def test_the_computer_that_an_event_is_about_is_no_site() -> None:
    text = b"LEEF:1.0|CB|CB|5.1.0|watchlist.hit.process|hostname=pc7.corp.example\tcomms_ip=1\n"
    assert read(FORMAT, text).account == (0, {"event without a host": 1}, 0)


def test_a_url_that_pan_os_saw() -> None:
    text = (
        b"LEEF:2.0|Palo Alto Networks|PAN-OS Syslog Integration|10.2|url|x7C|cat=THREAT|Subtype=url|"
        b"devTime=Nov 20 2026 08:01:02 GMT|src=10.0.0.7|usrName=corp\\ana|Application=ssl|dstPort=443|"
        b'action=alert|Miscellaneous="claude.ai/"\n'
    )
    (seen,) = read(FORMAT, text).observations
    assert (seen.value, seen.kind, seen.action) == (
        "claude.ai",
        Sighting.HTTP_CONNECT,
        Action.ALLOWED,
    )


def test_a_user_whom_forcepoint_names_by_the_directory() -> None:
    text = (
        b"LEEF:1.0|Forcepoint|Security|8.5.6|transaction:permitted|src=10.0.0.7\t"
        b"usrName=LDAP://10.0.0.2 OU=Users,DC=corp/Ana Lee\turl=https://claude.ai/chat\n"
    )
    assert [one.user for one in read(FORMAT, text).observations] == ["Ana Lee"]
