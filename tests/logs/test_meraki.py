"""Lines of Meraki appliances, read."""

import pytest

from scanner.hosts import HostTable
from scanner.logs.formats.meraki import FORMAT
from scanner.model import Action, Channel, Observation, Sighting
from tests.support import at, read


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.PROXY,
        value="api.openai.com",
        ts=at("2026-11-20T08:01:02.5Z"),
        kind=Sighting.HTTP_CONNECT,
        client="10.0.0.7",
        action=Action.ALLOWED,
        line=1,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def _line(
    request: str = "UNKNOWN https://api.openai.com/...",
    src: str = "10.0.0.7:60336",
    more: str = "mac=78:7B:8A:CC:05:18",
) -> bytes:
    return f"1795161662.500000000 MX84 urls src={src} dst=203.0.113.7:443 {more} request: {request}\n".encode()


@pytest.mark.parametrize("envelope", [b"", b"<134>1 ", b"Nov 20 08:01:03 10.0.0.1 1 ", b"<134>"])
def test_a_site_behind_tls(envelope: bytes) -> None:
    assert read(FORMAT, envelope + _line()).observations == [_seen()]


@pytest.mark.parametrize("host", ["UNKNOWN https://API.openai.com:443/", "UNKNOWN https://api.openai.com"])  # fmt: skip
def test_s1_a_site_with_a_port_or_without_dots(host: str) -> None:
    assert read(FORMAT, _line(host)).observations == [_seen()]


def test_a_request_has_a_path_and_never_a_query() -> None:
    text = _line("GET http://api.openai.com/v1/models?key=secret")
    assert read(FORMAT, text).observations == [
        _seen(kind=Sighting.HTTP_URL, path="/v1/models", method="GET")
    ]


def test_s11_an_agent_and_a_parameter_are_not_the_host() -> None:
    text = _line("GET http://example.org/?u=http://chatgpt.com/", more="agent='https://claude.ai'")
    assert [one.value for one in read(FORMAT, text).observations] == ["example.org"]


@pytest.mark.parametrize(
    ("src", "client"),
    [("[2001:db8::7]:60336", "2001:db8::7"), ("2001:db8::7", "2001:db8::7"), ("10.0.0.7", "10.0.0.7")],
)  # fmt: skip
def test_s2_clients(src: str, client: str) -> None:
    assert read(FORMAT, _line(src=src)).observations == [_seen(client=client)]


def test_a_blocked_page() -> None:
    text = (
        b"<134>1 1795161662.500000000 MX84 events content_filtering_block url='https://chatgpt.com/...' "
        b"category0='Artificial Intelligence' server='203.0.113.7:443' client_mac='78:7B:8A:CC:05:18'\n"
    )
    assert read(FORMAT, text).observations == [
        _seen(value="chatgpt.com", client="78:7B:8A:CC:05:18", action=Action.BLOCKED)
    ]


def test_a_request_of_the_shape_of_a_model_api() -> None:
    hosts = HostTable("api.openai.com".__eq__, is_api_url=lambda url: b"/v1/chat" in url)
    text = _line("POST http://llm.corp.example/v1/chat")
    assert [one.value for one in read(FORMAT, text, hosts=hosts).observations] == [
        "llm.corp.example"
    ]


def test_what_is_nobodys_visit() -> None:
    text = b"".join(
        b"<134>1 1795161662.500000000 MX84 %b\n" % rest
        for rest in (
            b"flows src=10.0.0.7 dst=203.0.113.7 protocol=tcp sport=1 dport=443 pattern: 1 all",
            b"firewall src=10.0.0.7 dst=203.0.113.7 protocol=udp pattern: allow all",
            b"vpn_firewall src=10.0.0.7 dst=203.0.113.7 protocol=udp pattern: allow all",
            b"events dhcp lease of ip 10.0.0.7 from server mac 00:18:0A:00:00:01",
            b"security_event ids_alerted signature=1:28423:1 direction=ingress",
            b"urls src=10.0.0.7:1 dst=203.0.113.7:80 mac=78:7B:8A:CC:05:18 request: GET http://-/",
        )
    )
    assert read(FORMAT, text).account == (
        0,
        {
            "flows": 1,
            "firewall": 1,
            "vpn_firewall": 1,
            "events": 1,
            "security_event": 1,
            "record without a host": 1,
        },
        0,
    )


@pytest.mark.parametrize(
    "line",
    [
        b"1795161662.5 MX84 urls src=10.0.0.7:1 dst=203.0.113.7:80 request: GET\n",
        b"1795161662.5 MX84 urls src=10.0.0.7:1 dst=203.0.113.7:80\n",
        b"1795161662.5 15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT api.openai.com:443 - HIER_NONE/- -\n",
        b"the urls of events are here\n",
    ],
)
def test_f4_damaged_lines_and_others_are_rejected(line: bytes) -> None:
    assert read(FORMAT, line).account == (0, {}, 1)


def test_an_address_of_ipv6_in_full_with_a_port_and_no_brackets() -> None:
    text = (
        b"<134>1 1795161662.348215340 MX84 urls src=2001:db8:0:0:9202:b3ff:fe1e:8329:64194 "
        b"dst=2001:db8:0:0:9202:b3ff:fe1e:8330:443 mac=78:7B:8A:CC:05:18 "
        b"request: UNKNOWN https://api.openai.com/...\n"
    )
    assert [one.client for one in read(FORMAT, text).observations] == [
        "2001:db8:0:0:9202:b3ff:fe1e:8329"
    ]


@pytest.mark.parametrize(
    ("line", "client", "action"),
    [
        (
            "events type=content_filtering_block url='https://claude.ai/...' client_mac='00:00:5E:00:53:01'",
            "00:00:5E:00:53:01",
            Action.BLOCKED,
        ),
        (
            "security_event security_filtering_file_scanned url=http://claude.ai/x src=10.0.0.7:5 action=block",
            "10.0.0.7",
            Action.BLOCKED,
        ),
        (
            "security_event security_filtering_file_scanned url=http://claude.ai/x src=10.0.0.7:5 action=allow",
            "10.0.0.7",
            Action.ALLOWED,
        ),
    ],
)
def test_pages_and_files_that_were_stopped(line: str, client: str, action: Action) -> None:
    (seen,) = read(FORMAT, f"1795161662.5 MX84 {line}\n".encode()).observations
    assert (seen.value, seen.client, seen.action) == ("claude.ai", client, action)
