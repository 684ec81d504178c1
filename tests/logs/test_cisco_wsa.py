"""Cisco Secure Web Appliance access logs, read."""

import pytest

from scanner.logs.formats.cisco_wsa import FORMAT
from scanner.model import Action, Channel, Observation, Sighting
from tests.support import at, read

_SEEN = Observation(
    channel=Channel.PROXY,
    value="api.openai.com",
    ts=at("2026-11-21T01:58:30.352Z"),
    kind=Sighting.HTTP_CONNECT,
    client="10.0.0.7",
    action=Action.ALLOWED,
    bytes_down=3004,
    line=1,
)
_VERDICTS = '<"IW_comp",7.1,1,"-",-,-,-,-,"-",-,-,-,"-",-,-,"-","-",-,-,"IW_comp",-,"-"> - -'


def _line(
    request: str = "CONNECT tunnel://api.openai.com:443/",
    user: str = "-",
    server: str = "DIRECT/api.openai.com",
    tag: str = "PASSTHRU_WBRS_7",
    result: str = "TCP_MISS/200",
    before: str = "",
    verdicts: str = _VERDICTS,
    client: str = "10.0.0.7",
) -> bytes:
    return (
        f"{before}1795226310.352 35 {client} {result} 3004 {request} {user} {server} - "
        f"{tag}-DefaultGroup-Staff-NONE-NONE-NONE-DefaultGroup-NONE {verdicts}\n"
    ).encode()


@pytest.mark.parametrize(
    "request_line",
    [
        "CONNECT tunnel://api.openai.com:443/",
        "CONNECT api.openai.com:443",
        "TCP_CONNECT tunnel://api.openai.com:443/",
        "TCP_CONNECT 203.0.113.7:443",
        "TCP_CONNECT tunnel://203.0.113.7:443/",
        "CONNECT tunnel://[2001:db8::1]:443/",
    ],
)
def test_s1_s10_a_tunnel(request_line: str) -> None:
    assert read(FORMAT, _line(request_line)).observations == [_SEEN]


def test_a_redirected_tunnel_through_a_parent_has_only_an_address() -> None:
    text = _line("TCP_CONNECT 203.0.113.7:443", server="DEFAULT_PARENT/proxy.example")
    assert read(FORMAT, text).observations == [_SEEN._replace(value="203.0.113.7")]


def test_a_decrypted_request() -> None:
    text = _line("POST https://api.openai.com:443/v1/responses?k=1", result="TCP_MISS_SSL/200")
    assert read(FORMAT, text).observations == [
        _SEEN._replace(kind=Sighting.HTTP_URL, path="/v1/responses", method="POST")
    ]


@pytest.mark.parametrize(
    "before",
    ["Info: ", "<13>Nov 21 01:58:30 wsa1 ", "Nov 21 01:58:30 wsa1 accesslogs: Info: "],
)
def test_a_head_before_the_record(before: str) -> None:
    assert read(FORMAT, _line(before=before)).observations == [_SEEN]


@pytest.mark.parametrize(
    ("written", "user"),
    [
        ("-", None),
        ('"-"', None),
        ("ana_bell", "ana_bell"),
        ('"CORP\\ana@realm"', "CORP\\ana@realm"),
        ('"CORP\\\\ana bell@realm"', "CORP\\ana bell@realm"),
        ("carol smith", "carol smith"),
    ],
)
def test_s6_users(written: str, user: str | None) -> None:
    assert read(FORMAT, _line(user=written)).observations == [_SEEN._replace(user=user)]


@pytest.mark.parametrize(
    ("result", "tag", "action"),
    [
        ("TCP_DENIED/407", "OTHER-NONE", Action.CHALLENGED),
        ("TCP_DENIED/401", "OTHER-NONE", Action.CHALLENGED),
        ("TCP_DENIED/403", "BLOCK_WEBCAT_12", Action.BLOCKED),
        ("TCP_MISS/200", "BLOCK_AMW_RESP_URL_258", Action.BLOCKED),
        ("TCP_MISS_SSL/200", "DROP_WEBCAT_7", Action.BLOCKED),
        ("NONE/504", "DEFAULT_CASE_12", Action.ERROR),
        ("TCP_MISS_SSL/200", "DECRYPT_WBRS_7", Action.ALLOWED),
        ("TCP_CLIENT_REFRESH_MISS/404", "ALLOW_CUSTOMCAT_11", Action.ALLOWED),
    ],
)
def test_s3_s4_what_became_of_it(result: str, tag: str, action: Action) -> None:
    assert read(FORMAT, _line(result=result, tag=tag)).observations == [
        _SEEN._replace(action=action)
    ]


def test_verdicts_escaped_by_a_relay_and_an_address_of_ipv6() -> None:
    text = _line(verdicts="&lt;nc,5.0,-&gt; -", client="2001:db8::7")
    assert read(FORMAT, text).observations == [_SEEN._replace(client="2001:db8::7")]


def test_the_appliance_talking_of_its_log_is_ignored() -> None:
    text = (
        b"#Fields: %t %e %a %w/%h %s %2r %A %H/%d %c %D %Xr\n"
        b"Fri Nov 20 08:00:00 2026 Info: Begin Logfile\n"
        b"Fri Nov 20 08:00:00 2026 Info: Version: 14.5.0\n"
    )
    assert read(FORMAT, text).account == (0, {"comment": 1, "notice": 2}, 0)


@pytest.mark.parametrize(
    "line",
    [
        b"1795226310.136     15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT api.openai.com:443 - HIER_DIRECT/203.0.113.7 -\n",
        _line()[:150] + b"\n",
        b"Nov 21 01:58:30 wsa1 coeuslogd: Info: nothing to see\n",
    ],
)
def test_what_is_not_the_appliances_is_refused(line: bytes) -> None:
    assert read(FORMAT, line).account == (0, {}, 1)


def test_codes_before_the_acl_tag() -> None:
    text = _line(tag="CMF:44 DCF:200020 ERR:15 PASSTHRU_CUSTOMCAT_7")
    assert read(FORMAT, text).observations == [_SEEN]


def test_the_w3c_log_as_syslog_brings_it() -> None:
    text = (
        b'<13>Nov 20 08:01:02 wsa1 1795161662.352 374.156 - 10.0.0.8 TCP_DENIED/403 298 CONNECT '
        b'tunnel://chat.deepseek.com:443/ "CORP\\bob@corp" wsa1 - - '
        b'BLOCK_CONTINUE_WEBCAT_12-DefaultGroup-Staff-NONE-NONE-NONE-NONE-NONE "10.0.0.2" 52734 x 443\n'
    )  # fmt: skip
    (seen,) = read(FORMAT, text).observations
    assert (seen.value, seen.client, seen.user) == ("chat.deepseek.com", "10.0.0.8", "CORP\\bob@corp")  # fmt: skip
    assert (seen.action, seen.bytes_down) == (Action.BLOCKED, 298)
