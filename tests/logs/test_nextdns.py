"""NextDNS's exported log, read."""

import json

import pytest

from scanner.hosts import HostTable
from scanner.logs.formats.nextdns import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import at, read

_HEADER = (
    b"timestamp,domain,query_type,dnssec,protocol,client_ip,status,reasons,destination_country,"
    b"root_domain,device_id,device_name,device_model,device_local_ip,matched_name,client_name\n"
)


def _row(
    domain: str = "api.openai.com",
    status: str = "",
    device: str = "laptop-ana",
    local: str = "10.0.0.7",
    reasons: str = "",
    time: str = "2026-11-20T08:01:02.123Z",
) -> bytes:
    return (
        f"{time},{domain},A,false,DNS-over-HTTPS,203.0.113.7,{status},{reasons},US,"
        f"openai.com,A1B2C,{device},,{local},chatgpt.com,nextdns-cli\n"
    ).encode()


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.DNS,
        value="api.openai.com",
        ts=at("2026-11-20T08:01:02.123Z"),
        kind=Sighting.DNS_QUERY,
        client="laptop-ana",
        action=Action.ALLOWED,
        qtype="A",
        line=2,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def test_a_question() -> None:
    reading = read(FORMAT, _HEADER + _row())
    assert reading.observations == [_seen()]
    assert reading.account == (1, {"header": 1}, 0)


@pytest.mark.parametrize(
    ("device", "local", "client"),
    [("", "10.0.0.7", "10.0.0.7"), ("", "", "203.0.113.7"), ('"Ana, home"', "", "Ana, home")],
)
def test_the_client_is_the_device_or_else_an_address(device: str, local: str, client: str) -> None:
    assert read(FORMAT, _HEADER + _row(device=device, local=local)).observations == [
        _seen(client=client)
    ]


@pytest.mark.parametrize(
    ("status", "action"),
    [
        ("blocked", Action.BLOCKED),
        ("allowed", Action.ALLOWED),
        ("default", Action.ALLOWED),
        ("error", Action.ERROR),
        ("relayed", Action.UNKNOWN),
    ],
)
def test_the_status(status: str, action: Action) -> None:
    reasons = '"blocklist:oisd,denylist"'
    assert read(FORMAT, _HEADER + _row(status=status, reasons=reasons)).observations == [
        _seen(action=action)
    ]


def test_columns_in_another_order_and_fewer_of_them() -> None:
    text = (
        b"timestamp,status,domain,query_type,dnssec,protocol,client_ip\n"
        b"2026-11-20T08:01:02.123Z,blocked,API.OpenAI.com.,AAAA,true,DNS-over-TLS,2001:db8::7\n"
    )
    assert read(FORMAT, text).observations == [
        _seen(client="2001:db8::7", qtype="AAAA", action=Action.BLOCKED)
    ]


def test_only_the_domain_names_the_site() -> None:
    table = HostTable({"chatgpt.com", "openai.com"}.__contains__)
    assert read(FORMAT, _HEADER + _row("www.example.org"), hosts=table).observations == []


def test_a_row_without_a_host_or_with_a_bad_time() -> None:
    reading = read(FORMAT, _HEADER + _row("") + _row(time="yesterday"))
    assert reading.observations == [_seen(ts=None, time_quality=TimeQuality.NONE, line=3)]
    assert reading.account == (1, {"header": 1, "record without a host": 1}, 0)


def test_files_joined_together_repeat_the_header() -> None:
    reading = read(FORMAT, _HEADER + _row() + _HEADER + _row())
    assert reading.observations == [_seen(), _seen(line=4)]
    assert reading.account == (2, {"header": 2}, 0)


@pytest.mark.parametrize(
    "line",
    [b"a,b\n", _row() + b"", b'2026-11-20T08:01:02Z,"api.openai.com\n', b"timestamp,domain\n"],
)
def test_what_stands_below_no_header_is_rejected(line: bytes) -> None:
    assert read(FORMAT, line).account == (0, {}, 1)


def test_f4_f5_damaged_rows_are_rejected_alone() -> None:
    text = _HEADER + _row() + _row()[:60] + b"\n" + _row(device='"open') + _row()
    reading = read(FORMAT, text)
    assert [one.line for one in reading.observations] == [2, 5]
    assert reading.account == (2, {"header": 1}, 2)


def test_columns_in_another_order() -> None:
    names = _HEADER.rstrip().split(b",")
    cells = _row().rstrip().split(b",")
    text = b",".join(reversed(names)) + b"\n" + b",".join(reversed(cells)) + b"\n"
    assert read(FORMAT, text).observations == [_seen()]


def test_the_api_writes_json() -> None:
    entry = {
        "timestamp": "2026-11-20T08:01:02.123Z",
        "domain": "api.openai.com",
        "root": "openai.com",
        "encrypted": True,
        "protocol": "DNS-over-HTTPS",
        "clientIp": "203.0.113.7",
        "device": {"id": "A1B2C", "name": "laptop-ana"},
        "status": "blocked",
        "reasons": [],
    }
    reading = read(FORMAT, json.dumps(entry).encode() + b'\n{"domain":"api.openai.com"}\n')
    assert reading.observations == [_seen(line=1, qtype=None, action=Action.BLOCKED)]
    assert reading.account == (1, {}, 1)
