"""Sophos records, read."""

import pytest

from scanner.hosts import HostTable
from scanner.logs.formats.sophos import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
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


_SITE = 'url="https://api.openai.com" domain=api.openai.com'


def _line(
    rest: str = _SITE,
    kind: str = "Content Filtering",
    component: str = "HTTP",
    subtype: str = "Allowed",
    zone: str = "CET",
    user: str = 'user_name="ana"',
) -> bytes:
    return (
        f'device="SFW" date=2026-11-20 time=09:01:02 timezone="{zone}" device_name="XG1" log_id=050901616001 '
        f'log_type="{kind}" log_component="{component}" log_subtype="{subtype}" priority=Information '
        f"{user} {rest} src_ip=10.0.0.7 dst_ip=203.0.113.7\n"
    ).encode()


def _utm(
    method: str = "GET",
    url: str = "https://api.openai.com/v1/models?key=secret",
    action: str = "pass",
    status: int = 200,
    sys: str = "SecureWeb",
) -> bytes:
    return (
        f'2026:11:20-08:01:02 utm1 httpproxy[6267]: id="0001" severity="info" sys="{sys}" sub="http" '
        f'name="http access" action="{action}" method="{method}" srcip="10.0.0.7" user="ana" '
        f'statuscode="{status}" size="311" url="{url}" referer="https://claude.ai/" ua=""\n'
    ).encode()


_OF_UTM = {
    "kind": Sighting.HTTP_URL,
    "path": "/v1/models",
    "method": "GET",
    "bytes_down": 311,
    "time_quality": TimeQuality.ASSUMED_ZONE,
}


def test_a_site_without_decryption() -> None:
    assert read(FORMAT, _line()).observations == [_seen()]


def test_a_request_has_a_path_and_never_a_query() -> None:
    rest = 'url="http://api.openai.com/v1/models?key=secret" sent_bytes=3545 recv_bytes=6812'
    assert read(FORMAT, _line(rest)).observations == [
        _seen(kind=Sighting.HTTP_URL, path="/v1/models", bytes_up=3545, bytes_down=6812)
    ]


def test_the_newer_form_has_a_time_with_its_zone() -> None:
    text = (
        b'Nov 20 08:01:03 xg1 device_name="SFW" timestamp="2026-11-20T09:01:02+0100" device_model="SFVH" '
        b'log_type="Content Filtering" log_component="HTTP" log_subtype="Allowed" url="https://api.openai.com" '
        b'src_ip="10.0.0.7" bytes_sent=19591 bytes_received=285 http_status="0" user="ana"\n'
    )
    assert read(FORMAT, text).observations == [_seen(bytes_up=19591, bytes_down=285)]


@pytest.mark.parametrize(
    ("zone", "when", "quality"),
    [
        ("GMT", "2026-11-20T09:01:02Z", TimeQuality.EXACT),
        ("CEST", "2026-11-20T07:01:02Z", TimeQuality.EXACT),
        ("+11", "2026-11-19T22:01:02Z", TimeQuality.EXACT),
        ("+0530", "2026-11-20T03:31:02Z", TimeQuality.EXACT),
        ("-06:00", "2026-11-20T15:01:02Z", TimeQuality.EXACT),
        ("IST", "2026-11-20T09:01:02Z", TimeQuality.ASSUMED_ZONE),
        ("", "2026-11-20T09:01:02Z", TimeQuality.ASSUMED_ZONE),
    ],
)
def test_time_zones(zone: str, when: str, quality: TimeQuality) -> None:
    assert read(FORMAT, _line(zone=zone)).observations == [_seen(ts=at(when), time_quality=quality)]


@pytest.mark.parametrize(
    ("word", "action"),
    [
        ("Allowed", Action.ALLOWED),
        ("Denied", Action.BLOCKED),
        ("Drop", Action.BLOCKED),
        ("Warned", Action.CHALLENGED),
        ("Something", Action.UNKNOWN),
    ],
)
def test_s4_what_became_of_it(word: str, action: Action) -> None:
    assert read(FORMAT, _line(subtype=word)).observations == [_seen(action=action)]


@pytest.mark.parametrize(
    ("written", "user"),
    [
        ('user_name=""', None),
        ('user_name="carol smith@corp.example"', "carol smith@corp.example"),
        (r'user_name="corp\bob"', "corp\\bob"),
        ('user_name="Zoë"', "Zoë"),
    ],
)
def test_s6_users(written: str, user: str | None) -> None:
    assert read(FORMAT, _line(user=written)).observations == [_seen(user=user)]


def test_s13_the_url_wins_over_the_domain() -> None:
    text = _line('url="https://api.openai.com" domain=www. google.ca')
    assert read(FORMAT, text).observations == [_seen()]


def test_s11_a_referer_and_a_parameter_are_not_the_host() -> None:
    text = _line('url="http://example.org/?u=http://chatgpt.com/" referer="https://claude.ai/"')
    assert [one.value for one in read(FORMAT, text).observations] == ["example.org"]


def test_an_application_by_the_web_filter_and_by_the_firewall() -> None:
    denied = _line('app_name="ChatGPT"', component="Application", subtype="Denied")
    session = _line('con_event="Stop" app_name="ChatGPT" sent_bytes=30000 recv_bytes=7', "Firewall")
    usual = _seen(channel=Channel.FLOW, value="ChatGPT", kind=Sighting.APP)
    assert read(FORMAT, denied + session).observations == [
        usual._replace(action=Action.BLOCKED),
        usual._replace(bytes_up=30000, bytes_down=7, line=2),
    ]


def test_a_tls_record() -> None:
    text = _line('sni="api.openai.com"', kind="SSL", component="SSL", subtype="Do not decrypt")
    assert read(FORMAT, text).observations == [_seen(channel=Channel.TLS, kind=Sighting.TLS_SNI)]


def test_a_request_through_the_utm() -> None:
    assert read(FORMAT, _utm()).observations == [_seen(**_OF_UTM)]


def test_s1_a_tunnel_through_the_utm() -> None:
    text = _utm("CONNECT", "https://api.openai.com/")
    assert read(FORMAT, text).observations == [
        _seen(bytes_down=311, time_quality=TimeQuality.ASSUMED_ZONE)
    ]


@pytest.mark.parametrize(
    ("word", "status", "action"),
    [
        ("pass", 200, Action.ALLOWED),
        ("block", 403, Action.BLOCKED),
        ("warn", 403, Action.CHALLENGED),
        ("pass", 407, Action.CHALLENGED),
        ("pass", 502, Action.ERROR),
    ],
)
def test_s3_s4_what_the_utm_made_of_it(word: str, status: int, action: Action) -> None:
    assert read(FORMAT, _utm(action=word, status=status)).observations == [
        _seen(**{**_OF_UTM, "action": action})
    ]


def test_a_request_of_the_shape_of_a_model_api() -> None:
    hosts = HostTable("api.openai.com".__eq__, is_api_url=lambda url: b"/v1/chat" in url)
    text = _utm("POST", "https://llm.corp.example/v1/chat") + _utm(
        "GET", "https://llm.corp.example/v1/chat"
    )
    assert [(one.value, one.line) for one in read(FORMAT, text, hosts=hosts).observations] == [
        ("llm.corp.example", 1)
    ]


def test_what_is_nobodys_visit() -> None:
    text = (
        _line('status="" mailid="x"', kind="Anti-Spam", component="SMTP")
        + _line('con_event="Start" app_name="ChatGPT"', "Firewall")
        + _line("", "Firewall")
        + b'2026:11:20-08:01:02 utm1 httpproxy[6267]: id="0003" severity="info" sys="SecureWeb" sub="http" '
        b'request="0x7f" function="ssl_raw_read" message="SSL_ERROR_SYSCALL: ret=-1 error=Broken pipe"\n'
        + b'2026:11:20-08:01:02 utm1 ulogd[12511]: id="2021" severity="info" sys="SecureNet" sub="packetfilter" '
        b'name="Packet dropped" action="drop" srcip="10.0.0.7" dstip="203.0.113.7"\n'
    )
    assert read(FORMAT, text).account == (
        0,
        {
            "record without a host or an application": 3,
            "session that goes on": 1,
            "notice": 1,
        },
        0,
    )


@pytest.mark.parametrize(
    "line",
    [
        b'date=2026-11-20 time=08:01:02 logid="1" type="utm" subtype="webfilter" url="https://a.example/"\n',
        b'id="1" severity="info" url="https://api.openai.com/"\n',
        b"log_type and log_component\n",
    ],
)
def test_what_is_not_of_sophos_is_rejected(line: bytes) -> None:
    assert read(FORMAT, line).account == (0, {}, 1)


def test_s20_the_reverse_proxy_of_a_utm_is_no_browsing() -> None:
    text = (
        b'2026:11:20-10:42:59 utm1 httpd: id="0299" srcip="203.0.113.4" localip="10.0.0.5" size="112" '
        b'user="-" host="203.0.113.4" method="POST" statuscode="200" url="/mapi/" server="mail.corp.example"\n'
    )
    assert read(FORMAT, text).account == (0, {"record of a web server, not of a proxy": 1}, 0)


def test_an_application_that_was_refused_and_a_server_of_ones_own() -> None:
    text = (
        b'device_name="SFW" timestamp="2026-11-20T09:01:04+0100" log_type="Application Filter" '
        b'log_component="Application" log_subtype="Denied" user="ana" app_name="DeepSeek" src_ip="10.0.0.7"\n'
        b'device_name="SFW" timestamp="2026-11-20T09:01:09+0100" log_type="WAF" '
        b'log_component="Web Application Firewall" log_subtype="Allowed" src_ip="203.0.113.66" url="/x" '
        b'method="GET" http_status="200" server="www.corp.example" domain="chatgpt.com"\n'
        b'device_name="SFW" timestamp="2026-11-20T09:01:10+0100" log_type="Anti-Virus" log_component="HTTP" '
        b'log_subtype="Virus" url="http://claude.ai/x.exe" src_ip="10.0.0.8" status_code=403\n'
    )
    found = read(FORMAT, text)
    assert [(one.value, one.kind, one.action) for one in found.observations] == [
        ("DeepSeek", Sighting.APP, Action.BLOCKED),
        ("claude.ai", Sighting.HTTP_URL, Action.BLOCKED),
    ]
    assert found.account == (2, {"record of a web server, not of a proxy": 1}, 0)
