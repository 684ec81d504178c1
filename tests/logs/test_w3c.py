"""W3C extended log files of proxies, read."""

from zoneinfo import ZoneInfo

import pytest

from scanner.logs.formats.w3c import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import a_matcher, at, read

_FIELDS = (
    b"#Fields: date time c-ip cs-username cs-method cs-host cs-uri-path sc-status s-action "
    b"cs-bytes sc-bytes\n"
)
_ROW = (
    b"2026-11-20 08:01:02 10.0.0.7 ana POST api.openai.com /v1/responses 200 TCP_MISS 18120 5120\n"
)


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
        line=2,
        method="POST",
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def test_a_record() -> None:
    reading = read(FORMAT, _FIELDS + _ROW)
    assert reading.observations == [_seen()]
    assert reading.account == (1, {"header": 1}, 0)


def test_times_are_utc_whatever_zone_is_given() -> None:
    seen = read(FORMAT, _FIELDS + _ROW, zone=ZoneInfo("Asia/Tokyo")).observations
    assert seen == [_seen()]


@pytest.mark.parametrize(
    ("uri", "host", "path"),
    [
        (b"https://api.openai.com:443/v1", "api.openai.com", "/v1"),
        (b"ssl://api.openai.com:443/", "api.openai.com", None),
        (b"tcp://api.openai.com:443/", "api.openai.com", None),
        (b"tunnel://api.openai.com:443/", "api.openai.com", None),
        (b"api.openai.com:443", "api.openai.com", None),
        (b"[::1]:443", "::1", None),  # S2
        (b"http://example.org/?u=http://chatgpt.com/", "example.org", "/"),  # S11
        (b"example.org/?u=http://chatgpt.com/", "example.org", "/"),
        (b"api.openai.com/v1", "api.openai.com", "/v1"),  # S12
        (b"http://ana:pw@api.openai.com/v1", "api.openai.com", "/v1"),  # S22
        (b"http://b%C3%BCcher.example/", "xn--bcher-kva.example", "/"),  # S24
    ],
)
def test_s1_s2_s11_s12_s22_s24_urls(uri: bytes, host: str, path: str | None) -> None:
    text = b"#Fields: date time c-ip cs-uri\n2026-11-20 08:01:02 10.0.0.7 " + uri + b"\n"
    seen = read(FORMAT, text).observations
    assert [(one.value, one.path) for one in seen] == [(host, path)]


@pytest.mark.parametrize(
    ("status", "served", "action"),
    [
        (b"200", b"TCP_NC_MISS", Action.ALLOWED),
        (b"407", b"TCP_DENIED", Action.CHALLENGED),
        (b"12209", b"-", Action.CHALLENGED),
        (b"403", b"TCP_DENIED", Action.BLOCKED),
        (b"503", b"TCP_ERR_MISS", Action.ERROR),
        (b"-", b"-", Action.UNKNOWN),
    ],
)
def test_s3_s4_what_became_of_a_request(status: bytes, served: bytes, action: Action) -> None:
    row = _ROW.replace(b" 200 TCP_MISS ", b" " + status + b" " + served + b" ")
    assert read(FORMAT, _FIELDS + row).observations == [_seen(action=action)]


@pytest.mark.parametrize(
    ("verdict", "action"),
    [(b"DENIED", Action.BLOCKED), (b"OBSERVED", Action.ALLOWED), (b"PROXIED", Action.ALLOWED)],
)
def test_s4_the_filters_verdict(verdict: bytes, action: Action) -> None:
    text = (
        b"#Fields: date time c-ip cs-host sc-status sc-filter-result\n"
        b"2026-11-20 08:01:02 10.0.0.7 api.openai.com 200 " + verdict + b"\n"
    )
    assert [one.action for one in read(FORMAT, text).observations] == [action]


def test_a_tunnel() -> None:
    text = _FIELDS + _ROW.replace(b"POST", b"CONNECT").replace(b"/v1/responses", b"-")
    assert read(FORMAT, text).observations == [
        _seen(kind=Sighting.HTTP_CONNECT, path=None, method=None)
    ]


@pytest.mark.parametrize("uri", [b"ssl://api.openai.com:443/", b"tcp://api.openai.com:443/"])
def test_s1_of_a_tunnel_only_the_host_is_known(uri: bytes) -> None:
    text = b"#Fields: date time c-ip cs-method cs-uri\n2026-11-20 08:01:02 10.0.0.7 unknown " + uri
    assert read(FORMAT, text).observations == [
        Observation(
            Channel.PROXY,
            "api.openai.com",
            at("2026-11-20T08:01:02Z"),
            Sighting.HTTP_CONNECT,
            client="10.0.0.7",
            line=2,
        )
    ]


def test_s1_the_scheme_may_have_a_column() -> None:
    text = (
        b"#Fields: date time c-ip cs-uri-scheme cs-host cs-uri-path\n"
        b"2026-11-20 08:01:02 10.0.0.7 ssl api.openai.com /\n"
    )
    seen = read(FORMAT, text).observations
    assert [(one.kind, one.path) for one in seen] == [(Sighting.HTTP_CONNECT, None)]


@pytest.mark.parametrize(
    ("written", "user"),
    [
        (b"carol+smith", "carol smith"),
        (b"CORP\\bob", "CORP\\bob"),
        (b"anonymous", None),
        (b"ana?", "ana"),
        (b"-", None),
        (b'"Baker, Tom"', "Baker, Tom"),
    ],
)
def test_s6_s16_users(written: bytes, user: str | None) -> None:
    text = _FIELDS + _ROW.replace(b" ana ", b" " + written + b" ")
    assert read(FORMAT, text).observations == [_seen(user=user)]


def test_s7_an_agent_with_doubled_quotes() -> None:
    text = (
        b"#Fields: date time c-ip cs-host cs(User-Agent)\n"
        b'2026-11-20 08:01:02 10.0.0.7 api.openai.com "Mozilla/5.0 ""quoted"" UA"\n'
    )
    assert [one.value for one in read(FORMAT, text).observations] == ["api.openai.com"]


def test_s16_times_alone_take_their_day_from_the_directive() -> None:
    text = (
        b"#Date: 2026-11-20 08:00:00\n#Fields: time c-ip cs-host\n08:01:02 10.0.0.7 api.openai.com\n"
        b"#Date: 2026-11-21 00:00:00\n00:00:01 10.0.0.7 api.openai.com\n"
    )
    assert [one.ts for one in read(FORMAT, text).observations] == [
        at("2026-11-20T08:01:02Z"),
        at("2026-11-21T00:00:01Z"),
    ]


def test_s16_times_without_any_day_are_no_times() -> None:
    text = b"#Fields: time c-ip cs-host\n08:01:02 10.0.0.7 api.openai.com\n"
    assert [(one.ts, one.time_quality) for one in read(FORMAT, text).observations] == [
        (None, TimeQuality.NONE)
    ]


@pytest.mark.parametrize(
    ("columns", "values", "quality"),
    [
        (b"date-local time-local", b"2026-11-20 09:01:02", TimeQuality.EXACT),
        (b"localtime", b"[20/Nov/2026:09:01:02]", TimeQuality.EXACT),
        (b"gmttime", b"[20/Nov/2026:08:01:02]", TimeQuality.EXACT),
        (b"x-timestamp-unix", b"1795161662", TimeQuality.EXACT),
        (b"timestamp", b"1795161662", TimeQuality.EXACT),
    ],
)
def test_s16_other_columns_of_time(columns: bytes, values: bytes, quality: TimeQuality) -> None:
    text = b"#Fields: " + columns + b" cs-host\n" + values + b" api.openai.com\n"
    seen = read(FORMAT, text, zone=ZoneInfo("Europe/Berlin")).observations
    assert [(one.ts, one.time_quality) for one in seen] == [(at("2026-11-20T08:01:02Z"), quality)]


def test_s16_tmg_writes_tabs_questions_and_blanks_within_columns() -> None:
    text = (
        b"#Software: Microsoft Forefront Threat Management Gateway\n#Date: 2026-11-20 08:00:00\n"
        b"#Fields: c-ip\tcs-username\tc-agent\tdate\ttime\ts-computername\tr-host\tr-port\t"
        b"sc-bytes\tcs-bytes\tcs-protocol\ts-operation\tcs-uri\tsc-status\taction\n"
        b"10.0.0.7\tCORP\\ana?\tMozilla/5.0 (X11; Linux)\t2026-11-20\t08:01:02\tTMG1\t"
        b"api.openai.com\t443\t5120\t18120\tSSL-tunnel\t-\tapi.openai.com:443\t200\tAllowed\n"
        b"10.0.0.7\tanonymous\tMozilla/5.0 (X11; Linux)\t2026-11-20\t08:01:02\tTMG1\t"
        b"-\t80\t5120\t18120\thttp\tGET\thttp://api.openai.com/v1\t12209\tDenied\n"
    )
    tunnel = _seen(kind=Sighting.HTTP_CONNECT, user="CORP\\ana", path=None, method=None, line=4)
    page = _seen(user=None, action=Action.CHALLENGED, path="/v1", method="GET", line=5)
    assert read(FORMAT, text).observations == [tunnel, page]


def test_s16_netskope_quotes_some_columns_and_not_others() -> None:
    text = (
        b"#Fields: date time cs-bytes sc-bytes c-ip cs-username cs-method cs-uri-scheme cs-user-agent "
        b"sc-status cs-host cs-uri x-cs-app x-policy-action\n"
        b'2026-11-20 08:01:02 18120 5120 10.0.0.7 "ana" POST https "python-httpx/0.27 (X11; Linux)" '
        b'200 api.openai.com /v1/responses?key=secret "OpenAI" "block"\n'
    )
    assert read(FORMAT, text).observations == [_seen(action=Action.BLOCKED)]


def test_s16_columns_may_change_in_the_middle() -> None:
    text = (
        _FIELDS
        + _ROW
        + b"#Fields: cs-host c-ip date time\nclaude.ai 10.0.0.8 2026-11-20 08:01:09\n"
    )
    reading = read(FORMAT, text)
    assert reading.observations == [
        _seen(),
        Observation(
            Channel.PROXY,
            "claude.ai",
            at("2026-11-20T08:01:09Z"),
            Sighting.HTTP_URL,
            client="10.0.0.8",
            line=4,
        ),
    ]
    assert reading.account == (2, {"header": 2}, 0)


def test_s16_trailing_blanks_and_tabs() -> None:
    trailing = _FIELDS.replace(b"\n", b" \n") + _ROW.replace(b"\n", b" \n")
    tabbed = _FIELDS.replace(b" ", b"\t") + _ROW.replace(b" ", b"\t")
    assert read(FORMAT, trailing).observations == [_seen()]
    assert read(FORMAT, tabbed).observations == [_seen()]


def test_s20_a_web_servers_own_log_claims_no_host() -> None:
    text = (
        b"#Software: Microsoft Internet Information Services 10.0\n"
        b"#Fields: date time s-ip cs-method cs-uri-stem c-ip cs-host sc-status\n"
        b"2026-11-20 08:01:02 10.0.0.1 GET /x 10.0.0.7 www.corp.example 200\n"
    )
    reading = read(FORMAT, text)
    assert reading.observations == []
    assert reading.account == (0, {"header": 2, "record of a web server, not of a proxy": 1}, 0)


@pytest.mark.parametrize(
    ("columns", "values"),
    [
        (b"cs-host sc-status sc-substatus sc-win32-status", b"www.corp.example 200 0 0"),
        (b"x-edge-location cs-host sc-status", b"FRA56 d111.example 200"),
    ],
)
def test_s20_a_web_server_is_told_by_its_columns_too(columns: bytes, values: bytes) -> None:
    text = b"#Fields: date time c-ip " + columns + b"\n2026-11-20 08:01:02 10.0.0.7 " + values
    reading = read(FORMAT, text)
    assert reading.observations == []
    assert reading.account == (0, {"header": 1, "record of a web server, not of a proxy": 1}, 0)


def test_columns_with_commas_between_them_are_another_formats() -> None:
    text = b"#Fields: date,time,c-ip,cs-host\n2026-11-20,08:01:02,10.0.0.7,api.openai.com\n"
    assert read(FORMAT, text).account == (0, {"header": 1}, 1)


def test_s20_a_log_without_a_host_column_claims_no_host() -> None:
    text = b"#Fields: date time c-ip cs-uri-stem\n2026-11-20 08:01:02 10.0.0.7 /x\n"
    reading = read(FORMAT, text)
    assert reading.observations == []
    assert reading.account == (0, {"header": 1, "record without a host column": 1}, 0)


def test_s8_a_record_without_a_host_is_counted() -> None:
    reading = read(FORMAT, _FIELDS + _ROW.replace(b"api.openai.com", b"-"))
    assert reading.observations == []
    assert reading.account == (0, {"header": 1, "record without a host": 1}, 0)


def test_s23_look_alikes_meet_no_signature() -> None:
    hosts = (b"notopenai.com", b"openai.com.evil.example", b"api-openai.com", b"OPENAI.COM.")
    text = _FIELDS + b"".join(_ROW.replace(b"api.openai.com", host) for host in hosts)
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert reading.observations == [_seen(value="openai.com", line=5)]
    assert reading.account == (4, {"header": 1}, 0)


def test_f4_f5_rows_that_do_not_fit_are_rejected() -> None:
    text = _ROW + _FIELDS + b"2026-11-20 08:01:02 10.0.0.7\n\n" + _ROW
    reading = read(FORMAT, text)
    assert reading.observations == [_seen(line=5)]
    assert reading.account == (1, {"header": 1, "blank line": 1}, 2)
    assert [one.reason for one in reading.tally.rejects] == [
        "no #Fields line before it",
        "other columns than #Fields names",
    ]


@pytest.mark.parametrize("count", ["²", "9" * 5000])
def test_a_count_that_is_none_costs_the_count_alone(count: str) -> None:
    text = _FIELDS + _ROW.replace(b"18120", count.encode())
    assert read(FORMAT, text).observations == [_seen(bytes_up=None)]


_BY_SYSLOG = (
    b'2026-11-20 08:01:02 64 10.0.0.7 CORP\\ana - - OBSERVED "Generative AI" - 200 TCP_TUNNELED CONNECT - '
    b'tcp api.openai.com 443 / - - "Mozilla/5.0 (X11)" 10.0.0.2 5120 18120 -'
)
_OF_OLD = (
    b"2026-11-20 08:01:03 64 10.0.0.8 403 TCP_DENIED 900 310 GET http chat.deepseek.com 80 /chat ?x bob - - "
    b'chat.deepseek.com text/html "Mozilla/5.0 (X11)" DENIED "Generative AI" - 10.0.0.2'
)


def test_the_layouts_of_a_proxysg_without_a_header() -> None:
    for line in (_BY_SYSLOG, _BY_SYSLOG + b' "OpenAI" "none"'):
        (seen,) = read(FORMAT, line + b"\n").observations
        assert (seen.value, seen.client, seen.user) == ("api.openai.com", "10.0.0.7", "CORP\\ana")
        assert (seen.action, seen.bytes_up, seen.bytes_down) == (Action.ALLOWED, 18120, 5120)
    (seen,) = read(FORMAT, _OF_OLD + b"\n").observations
    assert (seen.value, seen.user, seen.path) == ("chat.deepseek.com", "bob", "/chat")
    assert (seen.action, seen.bytes_up, seen.bytes_down) == (Action.BLOCKED, 310, 900)


def test_no_layout_is_guessed_from_a_number_of_columns() -> None:
    line = _BY_SYSLOG.replace(b"TCP_TUNNELED", b"hello") + b"\n"
    assert read(FORMAT, line).account == (0, {}, 1)


@pytest.mark.parametrize(
    ("result", "tag", "action"),
    [
        ("TCP_MISS/200", "PASSTHRU_WBRS_7-X", Action.ALLOWED),
        ("TCP_DENIED/407", "OTHER-NONE", Action.CHALLENGED),
        ("TCP_DENIED/403", "BLOCK_WEBCAT_12-X", Action.BLOCKED),
        ("NONE/503", "DEFAULT_CASE_12-X", Action.ERROR),
    ],
)
def test_the_words_of_a_cisco_appliance(result: str, tag: str, action: Action) -> None:
    text = (
        "#Fields: timestamp x-elapsed-time c-ip x-resultcode-httpstatus sc-bytes cs-method cs-url x-acltag\n"
        f"1795161662.352 35 10.0.0.7 {result} 0 CONNECT tunnel://claude.ai:443/ {tag}\n"
    )
    (seen,) = read(FORMAT, text.encode()).observations
    assert (seen.value, seen.action) == ("claude.ai", action)


def test_the_user_of_a_cloud_proxy_and_an_error_on_the_way() -> None:
    text = (
        b"#Fields: date time c-ip cs-userdn sc-status s-action cs-method cs-host cs-uri-path\n"
        b'2026-11-20 08:01:02 10.0.0.7 "CORP\\ana" 404 TCP_ERR_MISS GET claude.ai /\n'
    )
    (seen,) = read(FORMAT, text).observations
    assert (seen.user, seen.action) == ("CORP\\ana", Action.ERROR)
