"""Lines of pairs that no other format knows, read by their keys."""

import pytest

from scanner.logs.formats.key_value import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import at, read


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.PROXY,
        value="api.openai.com",
        ts=at("2026-11-20T08:01:02Z"),
        kind=Sighting.HTTP_URL,
        client="10.0.0.7",
        user="ana",
        action=Action.ALLOWED,
        path="/v1/models",
        line=1,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


_WHO = "time=2026-11-20T08:01:02Z src_ip=10.0.0.7 user=ana action=allowed "


def _line(rest: str = "url=https://api.openai.com/v1/models", who: str = _WHO) -> bytes:
    return f"{who}{rest}\n".encode()


@pytest.mark.parametrize("separator", [b" ", b"\t", b",", b"; ", b"|"])
def test_records_however_they_are_parted(separator: bytes) -> None:
    assert read(FORMAT, _line().replace(b" ", separator)).observations == [_seen()]


def test_s17_values_with_blanks() -> None:
    text = _line(
        "category=Business, Software/Hardware url=https://api.openai.com/v1/models"
    ).replace(b"user=ana", b"user=Ana B. Lee")
    assert read(FORMAT, text).observations == [_seen(user="Ana B. Lee")]


def test_a_dns_query() -> None:
    text = _line("query=api.openai.com qtype=A").replace(b"action=allowed ", b"")
    assert read(FORMAT, text).observations == [
        _seen(
            channel=Channel.DNS,
            kind=Sighting.DNS_QUERY,
            qtype="A",
            path=None,
            action=Action.UNKNOWN,
        )
    ]


def test_the_time_of_the_syslog_head_where_the_record_has_none() -> None:
    text = b"<13>2026-11-20T08:01:02Z gw fw: src_ip=10.0.0.7 user=ana action=allowed url=https://api.openai.com/v1/models\n"
    assert read(FORMAT, text).observations == [_seen()]


def test_date_and_time_apart() -> None:
    text = _line().replace(b"time=2026-11-20T08:01:02Z", b"date=2026-11-20 time=08:01:02")
    assert read(FORMAT, text).observations == [_seen(time_quality=TimeQuality.ASSUMED_ZONE)]


def test_keys_of_a_vendor_beside_known_ones() -> None:
    text = (
        b'user_id=-1 username="ana" source_ip=10.0.0.7 http_action=GET server_to_client_bytes=5120 '
        b"client_to_server_bytes=812 destination_host=api.openai.com time=2026-11-20T08:01:02Z result=OBSERVED\n"
    )
    seen = read(FORMAT, text).observations
    assert [(one.value, one.client, one.user) for one in seen] == [
        ("api.openai.com", "10.0.0.7", "ana")
    ]


def test_lines_that_are_no_records_are_accounted_for() -> None:
    text = (
        b"Dear diary, x=1 and y=2 were seen\n"
        b'{"url":"https://api.openai.com/?a=1 b=2 c=3"}\n'
        b"level=info msg=started port=8080\n"
        b"see url=https://chatgpt.com/ a=1 b=2\n"
        b"time=2026-11-20T08:01:02Z src_ip=10.0.0.7 url=- action=allowed\n"
    )
    reading = read(FORMAT, text)
    assert reading.observations == []
    assert reading.account == (
        0,
        {"record without a host field": 2, "record without a host": 1},
        2,
    )


def test_a_visit_as_stormshield_writes_it() -> None:
    text = (
        b'time="2026-11-20 09:19:44" fw="SN1" tz=+0100 pri=5 proto=http src=10.0.0.7 srcport=1025 '
        b"dst=203.0.113.7 dstport=80 dstname=claude.ai sent=98 rcvd=766 action=pass op=GET result=200 "
        b'arg="/chat" logtype="plugin"\n'
    )
    assert read(FORMAT, text).observations == [
        _seen(
            value="claude.ai",
            ts=at("2026-11-20T08:19:44Z"),
            user=None,
            path="/chat",
            method="GET",
            bytes_up=98,
            bytes_down=766,
        )
    ]


def test_a_site_that_sonicwall_refused() -> None:
    text = (
        b'id=firewall sn=C0EA time="2026-11-20 08:01:02 UTC" fw=203.0.113.1 pri=3 c=4 m=14 '
        b'msg="Web site access denied" n=8 src=10.0.0.7:54993:X0:pc7.example dst=203.0.113.7:443:X1 '
        b'proto=tcp/https dstname=claude.ai arg=/ code=27 Category="AI"\n'
    )
    seen = read(FORMAT, text).observations
    assert [(one.value, one.client, one.action, one.time_quality) for one in seen] == [
        ("claude.ai", "10.0.0.7", Action.BLOCKED, TimeQuality.EXACT)
    ]


@pytest.mark.parametrize(
    "line",
    [
        b'id=firewall time="2026-11-20 07:41:56" fw="F1" tz=+0200 user="ana" domain="corp.example" '
        b'src=10.0.0.7 msg="User authenticated in ASQ" logtype="xvpn"\n',
        b'time="2026-11-20 07:41:56" fw="F1" src=10.0.0.7 dst=203.0.113.7 dstname=host_203.0.113.7 '
        b'action=block logtype="alarm"\n',
        b"time=2026-11-20T08:01:02Z dhost=98:5A:EB:E1:81:2F src=203.0.113.7 dst=10.0.0.7\n",
    ],
)
def test_domains_of_accounts_and_addresses_are_no_sites(line: bytes) -> None:
    assert read(FORMAT, line).observations == []
