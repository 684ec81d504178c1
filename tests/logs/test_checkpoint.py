"""Check Point records, read."""

import pytest

from scanner.hosts import HostTable
from scanner.logs.formats.checkpoint import FORMAT
from scanner.model import Action, Channel, Observation, Sighting
from tests.support import at, read


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.PROXY,
        value="api.openai.com",
        ts=at("2026-11-20T08:01:02Z"),
        kind=Sighting.HTTP_CONNECT,
        client="10.0.0.7",
        user="ana",
        action=Action.ALLOWED,
        line=1,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


_SITE = 'product:"URL Filtering"; resource:"https://api.openai.com"; service:"443"'
_TIME = 'time:"1795161662"'


def _line(rest: str = _SITE, user: str = 'src_user_name:"ana"', action: str = "Accept", time: str = _TIME) -> bytes:  # fmt: skip
    return (
        f'<134>1 2026-11-20T08:01:02Z gw1 CheckPoint 1930 - [action:"{action}"; ifdir:"outbound"; '
        f'loguid:"{{0x6abca8af,0x1c,0x100014ac,0x3c8a91d2}}"; origin:"10.0.0.1"; {time}; '
        f'version:"5"; __policy_id_tag:"product=VPN-1 & FireWall-1[db_tag={{6A1E}};mgmt=m\\]"; '
        f'dst:"203.0.113.7"; {rest}; src:"10.0.0.7"; {user}]\n'
    ).encode()


def test_a_site_without_inspection() -> None:
    assert read(FORMAT, _line()).observations == [_seen()]


def test_a_request_has_a_path_and_never_a_query() -> None:
    rest = (
        'product:"URL Filtering"; resource:"https://api.openai.com/v1/models?key=secret"; '
        'method:"GET"; sent_bytes:"3545"; received_bytes:"6812"'
    )
    assert read(FORMAT, _line(rest)).observations == [
        _seen(
            kind=Sighting.HTTP_URL,
            path="/v1/models",
            method="GET",
            bytes_up=3545,
            bytes_down=6812,
        )
    ]


def test_the_inner_record_without_its_envelope() -> None:
    text = _line().partition(b" - ")[2]
    assert read(FORMAT, text).observations == [_seen()]


@pytest.mark.parametrize(
    "time",
    ['time:"1795161662"', 'time:"1795161662000"', 'time:"2026-11-20T08:01:02Z"', 'logid:"0"'],
)
def test_s15_times_and_the_one_of_the_envelope(time: str) -> None:
    assert read(FORMAT, _line(time=time)).observations == [_seen()]


def test_pairs_with_equal_signs() -> None:
    text = (
        b"time=1795161662|hostname=gw1|severity=Low|product=URL Filtering|action=Accept|ifdir=inbound|"
        b"loguid={0x6abca8af,0x1c,0x100014ac,0x3c8a91d2}|origin=10.0.0.1|"
        b"resource=https://api.openai.com/|src=10.0.0.7|src_user_name=ana\n"
    )
    assert read(FORMAT, text).observations == [_seen()]


def test_the_form_of_older_gateways() -> None:
    text = (
        b"<85>1 2026-11-20T08:01:02-00:00 10.0.0.1 CP-GW - Log [Fields@1.3.6.1.4.1.2620 "
        b'action="Accept" service_id="https" src="10.0.0.7" resource="https://api.openai.com/" user="ana" '
        b'ProductName="URL Filtering" svc="443" ]\n'
    )
    assert read(FORMAT, text).observations == [_seen()]


@pytest.mark.parametrize(
    ("word", "action"),
    [
        ("Accept", Action.ALLOWED),
        ("HTTPS Inspect", Action.ALLOWED),
        ("Bypass", Action.ALLOWED),
        ("Detect", Action.ALLOWED),
        ("Drop", Action.BLOCKED),
        ("Reject", Action.BLOCKED),
        ("Block", Action.BLOCKED),
        ("Prevent", Action.BLOCKED),
        ("Redirect", Action.BLOCKED),
        ("Ask User", Action.CHALLENGED),
        ("Update", Action.UNKNOWN),
    ],
)
def test_s4_what_became_of_it(word: str, action: Action) -> None:
    assert read(FORMAT, _line(action=word)).observations == [_seen(action=action)]


@pytest.mark.parametrize(
    ("written", "user"),
    [
        ('src_user_name:" "; user:"Ana Bell (abell)(+)"', "Ana Bell (abell)"),
        ('user:"srcuser "', "srcuser"),
        (r'user:"corp\\bob"', "corp\\bob"),
        ('user:""', None),
        ('x:"y"', None),
    ],
)
def test_s6_users(written: str, user: str | None) -> None:
    assert read(FORMAT, _line(user=written)).observations == [_seen(user=user)]


def test_the_client_behind_a_proxy() -> None:
    text = _line(_SITE + '; proxy_src_ip:"10.34.32.4"')
    assert read(FORMAT, text).observations == [_seen(client="10.34.32.4")]


def test_an_application_without_a_host() -> None:
    rest = 'product:"Application Control"; appi_name:"ChatGPT"; service:"443"'
    assert read(FORMAT, _line(rest)).observations == [
        _seen(value="ChatGPT", channel=Channel.FLOW, kind=Sighting.APP)
    ]


def test_a_trapped_dns_query() -> None:
    rest = 'product:"Anti-Bot"; resource:"api.openai.com"; service:"53"'
    assert read(FORMAT, _line(rest, action="Prevent")).observations == [
        _seen(channel=Channel.DNS, kind=Sighting.DNS_QUERY, action=Action.BLOCKED)
    ]


def test_what_is_nobodys_visit() -> None:
    text = _line('product:"VPN-1 & FireWall-1"; service:"443"') + (
        b"<134>1 2026-11-20T08:01:02Z gw1 CheckPoint 1930 - "
        b'[flags:"133440"; sys_message::"eth0 is not protected; see https://chatgpt.com/"]\n'
    )
    assert read(FORMAT, text).account == (0, {"record without a host or an application": 2}, 0)


def test_s11_other_fields_are_not_the_host() -> None:
    rest = (
        _SITE
        + '; portal_message:"see https://chatgpt.com/"; user_agent:"claude.ai"; domain_name:"claude.ai"'
    )
    assert [one.value for one in read(FORMAT, _line(rest)).observations] == ["api.openai.com"]


def test_a_request_of_the_shape_of_a_model_api() -> None:
    hosts = HostTable("api.openai.com".__eq__, is_api_url=lambda url: b"/v1/chat" in url)
    rest = 'product:"URL Filtering"; resource:"https://llm.corp.example/v1/chat"; method:"POST"'
    assert [one.value for one in read(FORMAT, _line(rest), hosts=hosts).observations] == [
        "llm.corp.example"
    ]


@pytest.mark.parametrize(
    "line",
    [
        b"CEF:0|Check Point|URL Filtering|Check Point|Log|x|Unknown|act=Accept loguid={0x6abca8af,0x1c}\n",
        b'action:"Accept"; resource:"https://api.openai.com"\n',
        b"time=1795161662 action=Accept resource=https://api.openai.com/\n",
        b"Nov 20 08:01:02 gw1 CheckPoint says hello\n",
    ],
)
def test_what_is_not_of_check_point_is_rejected(line: bytes) -> None:
    assert read(FORMAT, line).account == (0, {}, 1)


def test_the_json_form() -> None:
    text = (
        b'{"action":"Block","loguid":"{0x6abca8b9,0x1d,0x100014ac,0x3c8a91d2}","origin":"10.0.0.1",'
        b'"time":"2026-11-20T08:01:12Z","dst":"203.0.113.10","product":"URL Filtering","proto":6,'
        b'"resource":"https://chat.deepseek.com/a","service":443,"src":"10.0.0.8","sent_bytes":310,'
        b'"src_user_name":"bob"}\n'
        b'{"action":"Accept","loguid":"0x6abca8ba,0x1d,0x100014ac,0x3c8a91d2","time":17951616'
    )
    found = read(FORMAT, text)
    (seen,) = found.observations
    assert (seen.value, seen.client, seen.user) == ("chat.deepseek.com", "10.0.0.8", "bob")
    assert (seen.action, seen.path, seen.bytes_up) == (Action.BLOCKED, "/a", 310)
    assert seen.ts == at("2026-11-20T08:01:12Z")
    assert found.account == (1, {}, 1)
