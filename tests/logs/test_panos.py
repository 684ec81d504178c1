"""PAN-OS records, read."""

import pytest

from scanner.hosts import HostTable
from scanner.logs.formats.panos import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import at, read


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.PROXY,
        value="api.openai.com",
        ts=at("2026-11-20T08:01:01Z"),
        kind=Sighting.HTTP_CONNECT,
        client="10.0.0.7",
        user="corp\\ana",
        action=Action.ALLOWED,
        line=1,
        time_quality=TimeQuality.ASSUMED_ZONE,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def _line(
    misc: str = '"api.openai.com/"',
    kind: str = "THREAT,url",
    user: str = "corp\\ana",
    app: str = "ssl",
    port: int = 443,
    action: str = "alert",
    method: str = "",
    tail: str = "",
    rule: str = "out",
) -> bytes:
    front = (
        f"1,2026/11/20 08:01:02,012801000001,{kind},2561,2026/11/20 08:01:01,10.0.0.7,203.0.113.9,"
        f"0.0.0.0,0.0.0.0,{rule},{user},,{app},vsys1,trust,untrust,ae1,ae2,fwd,2026/11/20 08:01:02,"
        f"28191,1,52984,{port},0,0,0x403000,tcp,{action},"
    )
    after = (
        f"{misc},(9999),any,informational,client-to-server,7726,0x0,10.0.0.0-10.255.255.255,US,0,,0,,,"
        f"0,,,,,,,,0,0,0,0,0,,fw1,,,,{method},0,,0,,N/A{tail}\n"
    )
    return (front + after).encode()


def _session(kind: str = "end", app: str = "openai-chatgpt", action: str = "allow") -> bytes:
    numbers = "26492,20642,5850,36,2026/11/20 08:00:04,65"
    return _line(numbers, kind=f"TRAFFIC,{kind}", app=app, action=action)


def test_a_site_without_decryption() -> None:
    assert read(FORMAT, _line()).observations == [_seen()]


@pytest.mark.parametrize("envelope", [b"Nov 20 08:01:02 fw1 ", b"<14>1 2026-11-20T08:01:02Z fw1 - - - - ", b"<14>"])  # fmt: skip
def test_after_a_syslog_head(envelope: bytes) -> None:
    assert read(FORMAT, envelope + _line()).observations == [_seen()]


def test_s12_s14_a_url_without_a_scheme_and_with_quotes() -> None:
    text = _line('"api.openai.com:443/v1/""x""/models?key=secret"', method="get")
    assert read(FORMAT, text).observations == [
        _seen(kind=Sighting.HTTP_URL, path='/v1/"x"/models', method="GET")
    ]


def test_s11_a_host_in_a_parameter_is_not_the_host() -> None:
    text = _line('"example.org/?u=http://chatgpt.com/"', port=80)
    assert read(FORMAT, text).observations == [
        _seen(value="example.org", kind=Sighting.HTTP_URL, path="/")
    ]


def test_s1_a_connect_to_a_proxy_behind_the_firewall() -> None:
    text = _line('"api.openai.com:443/"', port=8080, method="connect", app="http-proxy")
    assert read(FORMAT, text).observations == [_seen()]


@pytest.mark.parametrize("user", ["x-fwd-for: 10.34.32.4", '"x-fwd-for: 10.34.32.4, 10.1.1.1"'])
def test_what_a_header_says_of_the_client_is_neither_client_nor_user(user: str) -> None:
    assert read(FORMAT, _line(user=user)).observations == [_seen(user=None)]


@pytest.mark.parametrize(
    ("written", "user"),
    [
        ("", None),
        ("corp\\\\bob", "corp\\bob"),
        ("carol smith@corp.example", "carol smith@corp.example"),
        ('"Bell, Ana"', "Bell, Ana"),
    ],
)
def test_s6_users(written: str, user: str | None) -> None:
    assert read(FORMAT, _line(user=written)).observations == [_seen(user=user)]


def test_a_comma_in_the_name_of_a_rule() -> None:
    assert read(FORMAT, _line(rule='"out, web"')).observations == [_seen()]


@pytest.mark.parametrize(
    ("word", "action"),
    [
        ("alert", Action.ALLOWED),
        ("allow", Action.ALLOWED),
        ("continue", Action.ALLOWED),
        ("block-url", Action.BLOCKED),
        ("deny", Action.BLOCKED),
        ("drop", Action.BLOCKED),
        ("reset-both", Action.BLOCKED),
        ("reset-server", Action.BLOCKED),
        ("sinkhole", Action.BLOCKED),
        ("block-continue", Action.CHALLENGED),
        ("block-override", Action.CHALLENGED),
        ("override", Action.ALLOWED),
        ("", Action.UNKNOWN),
    ],
)
def test_s4_what_became_of_it(word: str, action: Action) -> None:
    assert read(FORMAT, _line(action=word)).observations == [_seen(action=action)]


def test_the_time_with_its_zone_is_taken_where_there_is_one() -> None:
    text = _line(tail=",unknown,0,2026-11-20T08:01:01.719+01:00,,,ai,no,no,,,NonProxyTraffic")
    assert read(FORMAT, text).observations == [
        _seen(ts=at("2026-11-20T07:01:01.719Z"), time_quality=TimeQuality.EXACT)
    ]


def test_a_sinkholed_query() -> None:
    text = _line('"api.openai.com"', kind="THREAT,spyware", app="dns-base", action="sinkhole")
    assert read(FORMAT, text).observations == [
        _seen(channel=Channel.DNS, kind=Sighting.DNS_QUERY, action=Action.BLOCKED)
    ]


def test_a_session_by_its_application() -> None:
    assert read(FORMAT, _session()).observations == [
        _seen(
            channel=Channel.FLOW,
            value="openai-chatgpt",
            kind=Sighting.APP,
            bytes_up=20642,
            bytes_down=5850,
        )
    ]


def test_a_denied_session() -> None:
    seen = read(FORMAT, _session("deny", action="reset-both")).observations
    assert [(one.value, one.action) for one in seen] == [("openai-chatgpt", Action.BLOCKED)]


def test_an_application_that_is_not_wanted() -> None:
    hosts = HostTable(lambda _: True, knows_app="openai-chatgpt".__eq__)
    reading = read(FORMAT, _session() + _session(app="dns"), hosts=hosts)
    assert [one.line for one in reading.observations] == [1]
    assert reading.account == (2, {}, 0)


def test_a_request_of_the_shape_of_a_model_api() -> None:
    hosts = HostTable("api.openai.com".__eq__, is_api_url=lambda url: b"/v1/chat" in url)
    text = _line('"llm.corp.example:8443/v1/chat"', method="post")
    assert [one.value for one in read(FORMAT, text, hosts=hosts).observations] == [
        "llm.corp.example"
    ]


def test_what_is_nobodys_visit() -> None:
    text = (
        b"Domain,Receive Time,Serial #,Type,Threat/Content Type,Config Version\n"
        + _session("start")
        + _line('"setup.exe"', kind="THREAT,file")
        + _line('"-/"')
        + _line(kind="THREAT,spyware", app="web-browsing")
        + b"1,2026/11/20 08:01:02,012801000001,SYSTEM,general,0,2026/11/20 08:01:02,,general,,0,0\n"
        + b"1,2026/11/20 08:01:02,012801000001,HIP-MATCH,,0,2026/11/20 08:01:02,ana\n"
    )
    assert read(FORMAT, text).account == (
        0,
        {
            "header": 1,
            "TRAFFIC start": 1,
            "THREAT file": 1,
            "record without a host": 1,
            "THREAT spyware": 1,
            "SYSTEM general": 1,
            "HIP-MATCH": 1,
        },
        0,
    )


@pytest.mark.parametrize(
    "line",
    [
        b"1,2026/11/20 08:01:02,012801000001,THREAT,url,2561,2026/11/20 08:01:02,10.0.0.7\n",
        b"1,2026/11/20 08:01:02,012801000001,TRAFFIC,end,2561\n",
        _line('"api.openai.com'),
        b"1,20.11.2026,012801000001,THREAT,url,2561\n",
        b"timestamp,client_ip,domain\n",
    ],
)
def test_f4_f5_damaged_lines_are_rejected(line: bytes) -> None:
    reading = read(FORMAT, _line() + line + _line())
    assert [one.line for one in reading.observations] == [1, 3]
    assert reading.account == (2, {}, 1)


@pytest.mark.parametrize("app", ["incomplete", "not-applicable", "insufficient-data"])
def test_a_session_without_an_application(app: str) -> None:
    assert read(FORMAT, _session(app=app)).account == (
        0,
        {"record without an application": 1},
        0,
    )


def test_a_kind_of_record_without_a_word_for_its_subtype() -> None:
    text = b"1,2026/11/20 08:01:02,007200001056,HIPMATCH,0,2049,2026/11/20 08:01:02,ana,vsys1,pc7\n"
    assert read(FORMAT, text).account == (0, {"HIPMATCH 0": 1}, 0)


def test_an_export_with_every_cell_in_quotes() -> None:
    cells = _line().decode().replace('"', "").rstrip().split(",")
    text = ",".join(f'"{cell}"' for cell in cells) + "\n"
    header = '"Domain","Receive Time","Serial #","Type","Threat/Content Type"\n'
    found = read(FORMAT, (header + text).encode())
    assert found.observations == [_seen(line=2)]
    assert found.account == (1, {"header": 1}, 0)
