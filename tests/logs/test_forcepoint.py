"""Forcepoint's (Websense's) lines of pairs, read."""

import pytest

from scanner.logs.formats.forcepoint import FORMAT
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
        time_quality=TimeQuality.ASSUMED_YEAR,
        method="POST",
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def _line(
    user: str = "WinNT://CORP/ana",
    action: str = "permitted",
    host: str = "api.openai.com",
    url: str = "https://api.openai.com/v1/responses?key=secret",
    method: str = "POST",
    status: str = "200",
    head: str = "Nov 20 08:01:02 10.0.0.1 ",
    client: str = "10.0.0.7",
) -> bytes:
    return (
        f"{head}vendor=Websense product=Security product_version=7.7.0 action={action} severity=1 "
        f"category=76 user={user} src_host={client} src_port=55863 dst_host={host} "
        f"dst_ip=203.0.113.7 dst_port=443 bytes_out=18120 bytes_in=5120 http_response={status} "
        f"http_method={method} http_content_type=text/html;_charset=UTF-8 "
        f"http_user_agent=Mozilla/5.0_(X11;_U;_Linux) http_proxy_status_code={status} reason=- "
        f"disposition=1026 policy=role-8**Default role=8 duration=0 url={url}\n"
    ).encode()


@pytest.mark.parametrize(
    "head", ["Nov 20 08:01:02 10.0.0.1 ", "<159>Nov 20 08:01:02 EST 10.0.0.1 "]
)
def test_a_request(head: str) -> None:
    assert read(FORMAT, _line(head=head)).observations == [_seen()]


def test_without_a_head_there_is_no_time() -> None:
    assert read(FORMAT, _line(head="")).observations == [
        _seen(ts=None, time_quality=TimeQuality.NONE)
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"method": "CONNECT", "url": "https://api.openai.com"},
        {"method": "CONNECT", "url": "https://api.openai.com:443/"},
        {"method": "CONNECT", "url": "-"},
    ],
)
def test_s1_a_tunnel(changed: dict[str, str]) -> None:
    assert read(FORMAT, _line(**changed)).observations == [
        _seen(kind=Sighting.HTTP_CONNECT, path=None, method=None)
    ]


@pytest.mark.parametrize(
    ("url", "host", "path"),
    [
        ("http://[::1]:8080/v1", "::1", "/v1"),  # S2
        ("http://example.org/?u=http://chatgpt.com/", "example.org", "/"),  # S11
        ("api.openai.com/v1", "api.openai.com", "/v1"),  # S12
        ("https://claude.ai/chats", "claude.ai", "/chats"),  # S13: dst_host says otherwise
        ("http://ana:pw@api.openai.com/v1", "api.openai.com", "/v1"),  # S22
        ("http://b%C3%BCcher.example/", "xn--bcher-kva.example", "/"),  # S24
    ],
)
def test_s2_s11_s12_s13_s22_s24_urls(url: str, host: str, path: str) -> None:
    assert read(FORMAT, _line(url=url)).observations == [_seen(value=host, path=path)]


@pytest.mark.parametrize(
    ("action", "status", "expected"),
    [
        ("permitted", "200", Action.ALLOWED),
        ("blocked", "403", Action.BLOCKED),
        ("blocked", "503", Action.BLOCKED),
        ("permitted", "407", Action.CHALLENGED),
        ("permitted", "503", Action.ERROR),
        ("permitted", "0", Action.ALLOWED),
        ("-", "-", Action.UNKNOWN),
    ],
)
def test_s3_s4_what_became_of_a_request(action: str, status: str, expected: Action) -> None:
    seen = read(FORMAT, _line(action=action, status=status)).observations
    assert seen == [_seen(action=expected)]


@pytest.mark.parametrize(
    ("written", "user"),
    [
        ("LDAP://10.0.0.2 OU=Users,OU=R AND D,DC=corp,DC=example/Ana Lee", "Ana Lee"),
        ("LDAP://dc.corp.example/OU=Users,DC=corp/ana", "ana"),
        ("LDAP://10.0.0.2 OU\\=Users,DC\\=corp/Ana Lee", "Ana Lee"),
        ("CORP\\ana", "CORP\\ana"),
        ("ana@corp.example", "ana@corp.example"),
        ("-", None),
    ],
)
def test_s6_s18_users_are_distinguished_names(written: str, user: str | None) -> None:
    assert read(FORMAT, _line(user=written)).observations == [_seen(user=user)]


def test_an_address_of_ipv6() -> None:
    assert read(FORMAT, _line(client="2001:db8::7")).observations == [_seen(client="2001:db8::7")]


def test_records_without_a_host_are_ignored_and_counted() -> None:
    text = _line(host="-", url="-") + b"vendor=Forcepoint product=Security action=permitted\n"
    reading = read(FORMAT, text)
    assert reading.observations == []
    assert reading.account == (0, {"record without a host": 2}, 0)


def test_s23_look_alikes_meet_no_signature() -> None:
    hosts = ("notopenai.com", "openai.com.evil.example", "api-openai.com", "OPENAI.COM.")
    text = b"".join(_line(url=f"https://{host}/x") for host in hosts)
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert reading.observations == [_seen(value="openai.com", path="/x", line=4)]
    assert reading.account == (4, {}, 0)


@pytest.mark.parametrize(
    "line",
    [
        b"CEF:0|Forcepoint|Security|8.5.4|9|Transaction blocked|7| act=blocked dhost=claude.ai\n",
        b"vendor=Zscaler product=NSS url=api.openai.com\n",
        b"dst_host=api.openai.com url=https://api.openai.com/\n",
        b"Dear diary\n",
    ],
)
def test_f5_lines_of_other_logs_are_rejected(line: bytes) -> None:
    assert read(FORMAT, line).account == (0, {}, 1)


def _exported(url: str, method: str, action: str = "Allowed", source: str = "10.0.0.7") -> bytes:
    return (
        f'"05/11/2026","08:01:02","ana","Not available","AI,News","{action}","None","Default","{url}",'
        f'"198.51.100.7","203.0.113.9","{source}","None","None","Mozilla/5.0","200","{method}"\n'
    ).encode()


def test_the_csv_of_the_cloud_has_no_header() -> None:
    text = (
        _exported("claude.ai/chat?q=1", "Get")
        + _exported("chatgpt.com:443/", "Connect", "Blocked", "Not available")
        + b'"05/11/2026","08:01:02","ana"\n'
    )
    found = read(FORMAT, text)
    first, second = found.observations
    assert first == Observation(
        channel=Channel.PROXY,
        value="claude.ai",
        ts=at("2026-11-05T08:01:02Z"),
        kind=Sighting.HTTP_URL,
        client="10.0.0.7",
        user="ana",
        action=Action.ALLOWED,
        path="/chat",
        line=1,
        time_quality=TimeQuality.ASSUMED_ZONE,
        method="GET",
    )
    assert (second.value, second.kind) == ("chatgpt.com", Sighting.HTTP_CONNECT)
    assert (second.client, second.action) == ("198.51.100.7", Action.BLOCKED)
    assert found.account == (2, {}, 1)
