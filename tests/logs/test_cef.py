"""Common Event Format, read."""

import pytest

from scanner.logs.formats.cef import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import a_matcher, at, read

_HEADER = "CEF:0|Forcepoint|Security|8.5.4|9|Transaction permitted|1|"
_EXTENSION = (
    "act=permitted app=https dst=203.0.113.7 dhost=api.openai.com src=10.0.0.7 suser=ana "
    "rt=1795226296000 in=5120 out=18120 requestMethod=POST "
    "request=https://api.openai.com/v1/responses?key\\=secret"
)


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


def _event(extension: str = _EXTENSION, header: str = _HEADER) -> bytes:
    return (header + extension + "\n").encode()


@pytest.mark.parametrize(
    "head",
    ["", "<134>Nov 21 01:58:16 gw ", "<134>1 2026-11-21T01:58:16Z gw app - - - "],
)
def test_an_event_after_whatever_head(head: str) -> None:
    reading = read(FORMAT, head.encode() + _event())
    assert reading.observations == [_seen()]
    assert reading.account == (1, {}, 0)


def test_a_blank_may_stand_before_the_version() -> None:
    text = _event(header=_HEADER.replace("CEF:0", "Nov 21 01:58:16 gw CEF: 0"))
    assert read(FORMAT, text).observations == [_seen()]


def test_s18_without_its_prefix() -> None:
    text = _event(header=" 0|Forcepoint|Security|8.5.4|9|Transaction blocked|7| ").replace(
        b"act=permitted", b"act=blocked"
    )
    assert read(FORMAT, text).observations == [_seen(action=Action.BLOCKED)]


def test_s18_escapes_in_header_and_extension() -> None:
    header = "CEF:0|A\\|B|C\\\\|1|9|said \\| so|Low|"
    text = _event(
        header=header,
        extension=_EXTENSION.replace("suser=ana", "suser=LDAP://dc OU\\=Users,DC\\=corp/Ana Lee"),
    )
    assert read(FORMAT, text).observations == [_seen(user="Ana Lee")]


def test_s18_of_a_key_that_comes_twice_the_first_counts() -> None:
    text = _event(_EXTENSION + " suser=tom request=https://example.org/")
    assert read(FORMAT, text).observations == [_seen()]


def test_s18_labels_name_custom_fields() -> None:
    text = _event(
        "src=10.0.0.7 rt=1795226296000 cs1Label=Policy cs1=api.example cs2Label=Query cs2=claude.ai",
        "CEF:0|Example|DNS|1|7|lookup|1|",
    )
    assert read(FORMAT, text).observations == [
        _seen(
            channel=Channel.DNS,
            kind=Sighting.DNS_QUERY,
            value="claude.ai",
            user=None,
            action=Action.UNKNOWN,
            bytes_up=None,
            bytes_down=None,
            path=None,
            method=None,
        )
    ]


@pytest.mark.parametrize(
    ("written", "ts", "quality"),
    [
        ("rt=Nov 21 2026 01:58:16", "2026-11-21T01:58:16Z", TimeQuality.ASSUMED_ZONE),
        ("rt=Nov 21 2026 01:58:16 GMT", "2026-11-21T01:58:16Z", TimeQuality.EXACT),
        ("rt=Nov 21 2026 01:58:16.250 UTC", "2026-11-21T01:58:16.25Z", TimeQuality.EXACT),
        ("start=1795226296000", "2026-11-21T01:58:16Z", TimeQuality.EXACT),
        ("FTNTFGTeventtime=1795226296", "2026-11-21T01:58:16Z", TimeQuality.EXACT),
        ("rt=2026-11-21T02:58:16+01:00", "2026-11-21T01:58:16Z", TimeQuality.EXACT),
    ],
)
def test_s15_times(written: str, ts: str, quality: TimeQuality) -> None:
    text = _event(_EXTENSION.replace("rt=1795226296000", written))
    assert read(FORMAT, text).observations == [_seen(ts=at(ts), time_quality=quality)]


def test_the_time_of_the_head_counts_where_the_event_has_none() -> None:
    text = b"2026-11-21T01:58:16Z gw " + _event(_EXTENSION.replace("rt=1795226296000 ", ""))
    assert read(FORMAT, text).observations == [_seen()]


def test_zscalers_tunnels_have_a_host_alone() -> None:
    text = _event(
        "act=Blocked app=HTTP_PROXY dhost=claude.ai src=10.0.0.7 in=0 out=310 outcome=403 "
        "request=claude.ai:443 rt=1795226296000 requestMethod=CONNECT suser=ana",
        "CEF:0|Zscaler|NSSWeblog|5.7|Blocked|Not allowed|3|",
    ) + _event(
        "act=Allowed app=SSL dhost=claude.ai src=10.0.0.7 outcome=407 rt=1795226296000 suser=NA",
        "CEF:0|Zscaler|NSSWeblog|5.7|Allowed|Allowed|3|",
    )
    tunnel = _seen(kind=Sighting.HTTP_CONNECT, value="claude.ai", path=None, method=None)
    assert read(FORMAT, text).observations == [
        tunnel._replace(action=Action.BLOCKED, bytes_up=310, bytes_down=0),
        tunnel._replace(
            action=Action.CHALLENGED, bytes_up=None, bytes_down=None, user=None, line=2
        ),
    ]


def test_fortigates_host_and_path_stand_apart_and_its_user_is_the_destinations() -> None:
    extension = (
        "FTNTFGTeventtime=1795226296 duser=ana src=10.0.0.7 app={} dhost=claude.ai act=passthrough "
        "request={} out=96 in=7"
    )
    header = "CEF:0|Fortinet|Fortigate|v6.0.3|13056|utm:webfilter ftgd_allow passthrough|4|"
    text = _event(extension.format("HTTP", "/chat?x\\=1"), header) + _event(
        extension.format("HTTPS", "/"), header
    )
    page = _seen(value="claude.ai", path="/chat", method=None, bytes_up=96, bytes_down=7)
    assert read(FORMAT, text).observations == [
        page,
        page._replace(kind=Sighting.HTTP_CONNECT, path=None, line=2),
    ]


def _lookup(kind: str, rest: str = "act=pass", port: int = 54621) -> bytes:
    return _event(
        f"FTNTFGTeventtime=1795226296 src=10.0.0.7 spt={port} dst=10.0.0.1 FTNTFGTxid=42 "
        f"FTNTFGTqname=claude.ai FTNTFGTqtype=A {rest}",
        f"CEF:0|Fortinet|Fortigate|v7.4.3|54803|dns:{kind} pass|3|",
    )


_QUESTION = _seen(
    channel=Channel.DNS,
    kind=Sighting.DNS_QUERY,
    value="claude.ai",
    user=None,
    bytes_up=None,
    bytes_down=None,
    path=None,
    method=None,
    qtype="A",
)


def test_a_question_and_its_answer_are_one_use() -> None:
    text = _lookup("dns-query") + _lookup("dns-response", "FTNTFGTrcode=NXDOMAIN act=pass")
    reading = read(FORMAT, text)
    assert reading.observations == [_QUESTION._replace(action=Action.NXDOMAIN)]
    assert reading.account == (1, {"answer to a question above": 1}, 0)


def test_an_answer_alone_and_a_question_alone_count() -> None:
    text = _lookup("dns-response", "act=blocked") + _lookup("dns-query", port=7)
    assert read(FORMAT, text).observations == [
        _QUESTION._replace(action=Action.BLOCKED),
        _QUESTION._replace(line=2),
    ]


@pytest.mark.parametrize(
    ("policy", "action"),
    [
        ("NXDOMAIN", Action.BLOCKED),
        ("Local-Data", Action.BLOCKED),
        ("PASSTHRU", Action.ALLOWED),
    ],
)
def test_d5_infobloxs_policy_zones(policy: str, action: Action) -> None:
    text = _event(
        f"app=DNS dst=10.0.0.1 src=10.0.0.7 spt=39503 view=_default qtype=A "
        f'msg="rpz QNAME {policy} rewrite claude.ai [A] via claude.ai.rpz.example" CAT=RPZ',
        f"2026-11-21T01:58:16+00:00 ns named[7]: CEF:0|Infoblox|NIOS|8.6|RPZ-QNAME|{policy}|7|",
    )
    assert read(FORMAT, text).observations == [_QUESTION._replace(action=action)]


def test_infobloxs_answers() -> None:
    text = _event(
        "rt=1795226296000 src=10.0.0.7 app=DNS destinationDnsDomain=claude.ai. InfobloxDNSQType=A",
        "CEF:0|Infoblox|Data Connector|2.1.3|DNS Response|DNS Response IN A SERVFAIL|1|",
    )
    assert read(FORMAT, text).observations == [_QUESTION._replace(action=Action.ERROR)]


def test_pan_os_turns_the_directions_round() -> None:
    text = _event(
        "rt=Nov 21 2026 01:58:16 GMT src=10.0.0.7 suser=ana app=openai-chatgpt act=allow in=96 out=7",
        "CEF:0|Palo Alto Networks|PAN-OS|10.2|end|TRAFFIC|1|",
    )
    assert read(FORMAT, text).observations == [
        _seen(
            channel=Channel.FLOW,
            kind=Sighting.APP,
            value="openai-chatgpt",
            bytes_up=96,
            bytes_down=7,
            path=None,
            method=None,
        )
    ]


def test_pan_os_writes_urls_without_scheme() -> None:
    text = _event(
        'rt=1795226296000 src=10.0.0.7 suser=ana app=ssl act=alert request="claude.ai/chat" requestMethod=get',
        "CEF:0|Palo Alto Networks|PAN-OS|10.2|url|THREAT|1|",
    )
    assert read(FORMAT, text).observations == [
        _seen(value="claude.ai", path="/chat", method="GET", bytes_up=None, bytes_down=None)
    ]


def test_s11_neither_context_nor_parameter_is_the_host() -> None:
    text = _event(
        "src=10.0.0.7 rt=1795226296000 requestContext=https://claude.ai/ "
        "request=https://example.org/?u\\=https://chatgpt.com/ msg=see claude.ai"
    )
    assert [one.value for one in read(FORMAT, text).observations] == ["example.org"]


def test_s23_look_alikes_meet_no_signature() -> None:
    names = ("notopenai.com", "openai.com.evil.example", "api-openai.com", "OPENAI.COM.")
    text = b"".join(_event(f"dhost={name} src=10.0.0.7") for name in names)
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert [(one.value, one.line) for one in reading.observations] == [("openai.com", 4)]


def test_events_without_a_host_are_ignored() -> None:
    text = _event(
        "src=10.0.0.7 act=login duser=admin", "CEF:0|Check Point|VPN-1|R81|Log|x|Unknown|"
    )
    assert read(FORMAT, text + _event("", _HEADER.rstrip("|"))).account == (
        0,
        {"event without a host": 2},
        0,
    )


@pytest.mark.parametrize(
    "line",
    [
        b"CEF:0|Forcepoint|Security|8.5.4|9\n",
        b"0|a|b|c|d|e|f|g=h\n",
        b"10.0.0.7|b|c|d|e|f|5|dhost=claude.ai\n",
        b"LEEF:1.0|a|b|c|d|url=https://claude.ai/\n",
        b"the CEF: is a format for events\n",
        b"CEF:9|a|b|c|d|e|5|dhost=claude.ai\n",
        b"x" * 400 + _event(),
    ],
)
def test_what_is_no_event_is_rejected(line: bytes) -> None:
    assert read(FORMAT, line).account == (0, {}, 1)


@pytest.mark.parametrize("size", ["many", "9" * 5000, "-5", "²", ""])
def test_a_count_that_is_none_costs_the_count_alone(size: str) -> None:
    text = _event(_EXTENSION.replace("out=18120", f"out={size}"))
    assert read(FORMAT, text).observations == [_seen(bytes_up=None)]


def test_the_program_that_asked() -> None:
    text = _event(_EXTENSION + r" sproc=C:\\Program Files\\x\\python.exe")
    assert read(FORMAT, text).observations == [_seen(process="python.exe")]


@pytest.mark.parametrize(
    ("header", "extension"),
    [
        (
            "CEF:0|Trend Micro|Apex Central|2019|AV:File cleaned|Trojan|3|",
            "rt=1795226296000 dhost=pc7.corp.example duser=ana act=File cleaned fname=x.exe dst=10.0.0.7",
        ),
        (
            "CEF:0|Trend Micro|Apex Central|2019|MS:0|A policy|3|",
            "rt=1795226296000 dhost=ana@corp.example suser=tom@example.org src=10.0.0.7",
        ),
        (
            "CEF:0|Trend Micro|Apex Central|2019|800101|Pattern Update Status|3|",
            "rt=1795226296000 shost=pc7 cs4Label=Domain cs4=Default",
        ),
        (
            "CEF:0|Palo Alto Networks|LF|2.0|HIPMATCH||3|",
            "rt=1795226296000 shost=pc7.example dhost=pc7.example src=10.0.0.7 dst=10.0.0.7",
        ),
    ],
)
def test_a_computer_that_an_event_is_about_is_no_site(header: str, extension: str) -> None:
    assert read(FORMAT, _event(extension, header)).account == (0, {"event without a host": 1}, 0)


def test_s20_a_firewall_before_a_web_server_is_no_browsing() -> None:
    header = "CEF:0|Citrix|NetScaler|NS10.0|APPFW|APPFW_STARTURL|6|"
    text = _event("src=203.0.113.8 method=GET request=http://shop.example/login", header)
    assert read(FORMAT, text).account == (0, {"record of a web server, not of a proxy": 1}, 0)


def test_the_client_of_an_event_about_what_a_server_sent() -> None:
    header = "CEF:0|Fortinet|Fortigate|v6.0.3|16384|utm:ips signature reset|7|"
    text = _event("src=203.0.113.9 spt=80 dst=10.0.0.7 dpt=44362 dhost=claude.ai act=reset", header)
    assert [one.client for one in read(FORMAT, text).observations] == ["10.0.0.7"]


def test_a_visit_as_sonicwall_writes_it() -> None:
    header = "CEF:0|SonicWall|NSa 4500|7.0.1|97|Syslog Website Accessed|4|"
    text = _event(
        'src=10.0.0.7 spt=60000 dst=203.0.113.7 dpt=443 susr="ana" proto=tcp/https out=12 in=45 '
        'request=claude.ai/ fw_action="drop"',
        header,
    )
    seen = read(FORMAT, text).observations
    assert [(one.value, one.user, one.action, one.bytes_up) for one in seen] == [
        ("claude.ai", "ana", Action.BLOCKED, 12)
    ]


def test_a_zone_in_a_field_of_its_own_and_doubled_backslashes() -> None:
    header = "CEF:0|Palo Alto Networks|LF|2.0|THREAT|url|1|"
    text = _event(
        "dtz=UTC rt=Nov 21 2026 01:58:16 src=10.0.0.7 suser=corp\\\\\\\\ana request=claude.ai/chat",
        header,
    )
    seen = read(FORMAT, text).observations
    assert [(one.ts, one.time_quality, one.user) for one in seen] == [
        (at("2026-11-21T01:58:16Z"), TimeQuality.EXACT, "corp\\ana")
    ]


def test_a_user_whom_forcepoint_names_by_the_directory() -> None:
    text = (
        b"CEF:0|Forcepoint|Security|8.5.6|9|Transaction permitted|1|act=permitted app=https "
        b"dhost=claude.ai dpt=443 src=10.0.0.7 suser=LDAP://10.0.0.2 OU\\=Users,DC\\=corp/Ana Lee "
        b"requestMethod=GET request=https://claude.ai/chat\n"
    )
    assert [one.user for one in read(FORMAT, text).observations] == ["Ana Lee"]


@pytest.mark.parametrize(
    ("rest", "kind"),
    [
        ("dpt=443 request=claude.ai/", Sighting.HTTP_CONNECT),
        ("dpt=80 request=claude.ai/", Sighting.HTTP_URL),
        ("dpt=443 request=claude.ai/ requestMethod=get", Sighting.HTTP_URL),
        ("dpt=443 request=claude.ai/chat", Sighting.HTTP_URL),
    ],
)
def test_a_session_that_pan_os_did_not_decrypt(rest: str, kind: Sighting) -> None:
    text = f"CEF:0|Palo Alto Networks|PAN-OS|10.2|url|THREAT|1|src=10.0.0.7 act=alert {rest}\n"
    (seen,) = read(FORMAT, text.encode()).observations
    assert (seen.kind, seen.action) == (kind, Action.ALLOWED)


@pytest.mark.parametrize(("reason", "action"), [("0", Action.ALLOWED), ("10", Action.BLOCKED)])
def test_a_web_gateway_says_why_it_blocked(reason: str, action: Action) -> None:
    text = (
        f"CEF:0|McAfee|Web Gateway|11.2|0|Proxy-|2|rt=Nov 20 2026 08:01:02 src=10.0.0.7 suser=ana "
        f"requestMethod=POST request=https://claude.ai/chat cn1={reason} cn1Label=Block Reason\n"
    )
    assert [one.action for one in read(FORMAT, text.encode()).observations] == [action]


def test_the_keys_of_menlo() -> None:
    text = (
        b"CEF:0|Menlo Security|MSIP|2.0|100|web|5|event_time=2026-11-20T08:01:02Z "
        b"url=https://claude.ai/chat userid=ana src=10.0.0.7 pe_action=block requestMethod=GET\n"
    )
    (seen,) = read(FORMAT, text).observations
    assert (seen.value, seen.user, seen.action) == ("claude.ai", "ana", Action.BLOCKED)
    assert seen.ts == at("2026-11-20T08:01:02Z")


def test_a_bar_too_many_before_check_point() -> None:
    text = (
        b"CEF:0||Check Point|Application Control|Check Point|Log|Log|Unknown|act=Drop src=10.0.0.7 "
        b"rt=1795161662000 requestMethod=CONNECT request=https://claude.ai:443\n"
    )
    (seen,) = read(FORMAT, text).observations
    assert (seen.value, seen.kind, seen.action) == (
        "claude.ai",
        Sighting.HTTP_CONNECT,
        Action.BLOCKED,
    )
