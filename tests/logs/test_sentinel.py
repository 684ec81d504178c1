"""Exports of Microsoft Sentinel, read."""

import json
from typing import Any

import pytest

from scanner.logs.formats.sentinel import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import a_matcher, at, read

_HEADER = (
    "TenantId,TimeGenerated [UTC],DeviceVendor,DeviceProduct,Activity,DeviceAction,ApplicationProtocol,"
    "DestinationDnsDomain,DestinationHostName,DestinationUserName,SentBytes,ReceivedBytes,RequestURL,"
    "RequestContext,RequestMethod,SourceIP,SourceUserName,Computer,Type\n"
)
_DNS: dict[str, Any] = {
    "TimeGenerated": "2026-11-21T01:58:16Z",
    "Type": "ASimDnsActivityLogs",
    "EventVendor": "Infoblox",
    "EventResult": "Success",
    "DnsQuery": "claude.ai.",
    "DnsQueryTypeName": "A",
    "SrcIpAddr": "10.0.0.7",
}


def _row(
    vendor: str = "Zscaler",
    time: str = '"11/21/2026, 1:58:16 AM"',
    action: str = "Allowed",
    host: str = "claude.ai",
    url: str = "https://claude.ai/chat?x=1",
    users: tuple[str, str] = ("-", "ana"),
) -> str:
    return (
        f"t,{time},{vendor},P,x,{action},HTTPS,-,{host},{users[0]},18120,5120,{url},"
        f"https://chatgpt.com/,POST,10.0.0.7,{users[1]},collector,CommonSecurityLog\n"
    )


def _read(*rows: str) -> list[Observation]:
    return read(FORMAT, (_HEADER + "".join(rows)).encode()).observations


def _log(*records: object) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


_PAGE = Observation(
    channel=Channel.PROXY,
    value="claude.ai",
    ts=at("2026-11-21T01:58:16Z"),
    kind=Sighting.HTTP_URL,
    client="10.0.0.7",
    user="ana",
    action=Action.ALLOWED,
    bytes_up=18120,
    bytes_down=5120,
    path="/chat",
    line=2,
    method="POST",
)
_ASKED = Observation(
    channel=Channel.DNS,
    value="claude.ai",
    ts=at("2026-11-21T01:58:16Z"),
    kind=Sighting.DNS_QUERY,
    client="10.0.0.7",
    action=Action.ALLOWED,
    qtype="A",
    line=1,
)


def test_a_row_of_common_security_log() -> None:
    assert _read(_row()) == [_PAGE]


def test_vendors_differ() -> None:
    assert _read(
        _row("Fortinet", action="blocked", users=("ana", "-")), _row("Palo Alto Networks")
    ) == [
        _PAGE._replace(action=Action.BLOCKED),
        _PAGE._replace(bytes_up=5120, bytes_down=18120, line=3),
    ]


@pytest.mark.parametrize(
    ("time", "ts", "quality"),
    [
        ('"11/5/2026, 1:58:16 PM"', at("2026-11-05T13:58:16Z"), TimeQuality.EXACT),
        ("11/5/2026 12:00:00 AM", at("2026-11-05T00:00:00Z"), TimeQuality.EXACT),
        ("2026-11-05T13:58:16.123Z", at("2026-11-05T13:58:16.123Z"), TimeQuality.EXACT),
        ("2026-11-05 13:58:16", at("2026-11-05T13:58:16Z"), TimeQuality.EXACT),
        ('"21/11/2026, 13:58:16"', at("2026-11-21T13:58:16Z"), TimeQuality.EXACT),
        ('"05/11/2026, 13:58:16"', None, TimeQuality.NONE),
        ('"99/99/2026, 1:58:16 PM"', None, TimeQuality.NONE),
    ],
)
def test_d11_times_as_a_browser_writes_them(time: str, ts: object, quality: TimeQuality) -> None:
    assert _read(_row(time=time)) == [_PAGE._replace(ts=ts, time_quality=quality)]


def test_a_host_without_a_url() -> None:
    assert _read(_row(url="-")) == [
        _PAGE._replace(kind=Sighting.HTTP_CONNECT, path=None, method=None)
    ]


def test_infobloxs_answers_say_in_their_activity_what_became_of_them() -> None:
    row = (
        't,"11/21/2026, 1:58:16 AM",Infoblox,P,DNS Response IN A NXDOMAIN,,DNS,claude.ai.,,,,,,,,'
        "10.0.0.7,,collector,CommonSecurityLog\n"
    )
    assert _read(row) == [_ASKED._replace(action=Action.NXDOMAIN, qtype=None, line=2)]


def test_asim_dns_web_and_dns_events() -> None:
    web = {
        "TimeGenerated": "2026-11-21T01:58:16Z",
        "Type": "ASimWebSessionLogs",
        "EventSchema": "WebSession",
        "Url": "https://claude.ai/chat",
        "HttpRequestMethod": "POST",
        "SrcIpAddr": "10.0.0.7",
        "SrcUsername": "ana",
        "DvcAction": "Allow",
        "EventResultDetails": "200",
        "SrcBytes": 18120,
        "DstBytes": 5120,
    }
    events = {
        "TimeGenerated": "2026-11-21T01:58:16Z",
        "Type": "DnsEvents",
        "SubType": "LookupQuery",
        "Name": "claude.ai",
        "ClientIP": "10.0.0.7",
        "QueryType": "A",
        "Result": "Success",
        "Computer": "dc1.corp.example",
    }
    failed = {**_DNS, "EventResult": "Failure", "EventResultDetails": "NXDOMAIN"}
    text = _log(_DNS, web, events, failed, {**_DNS, "DvcAction": "Deny"})
    assert read(FORMAT, text).observations == [
        _ASKED,
        _PAGE,
        _ASKED._replace(line=3),
        _ASKED._replace(action=Action.NXDOMAIN, line=4),
        _ASKED._replace(action=Action.BLOCKED, line=5),
    ]


def test_headers_repeated_and_changed_and_rows_without_a_host() -> None:
    asim = (
        "TimeGenerated,EventVendor,DnsQuery,SrcIpAddr\n2026-11-21T01:58:16Z,X,claude.ai,10.0.0.7\n"
    )
    text = _HEADER + _row(host="-", url="-") + _HEADER + asim
    reading = read(FORMAT, text.encode())
    assert reading.observations == [_ASKED._replace(action=Action.UNKNOWN, qtype=None, line=5)]
    assert reading.account == (1, {"header": 3, "record without a host": 1}, 0)


def test_s23_look_alikes_meet_no_signature() -> None:
    rows = [_row(url=f"https://{name}") for name in ("notopenai.com", "openai.com.evil.example")]
    text = (_HEADER + "".join(rows)).encode()
    assert read(FORMAT, text, hosts=a_matcher().host_table()).account == (2, {"header": 1}, 0)


@pytest.mark.parametrize(
    "text",
    [
        b"TimeGenerated,DeviceName,RemoteUrl,ActionType\n2026-11-21T01:58:16Z,pc7,claude.ai,x\n",
        b"TimeGenerated,Fqdn,SourceIp,Action\n2026-11-21T01:58:16Z,claude.ai,10.0.0.7,Allow\n",
        b"timestamp,domain\n2026-11-21T01:58:16Z,claude.ai\n",
        b'{"TimeGenerated":"x","Type":"Mine_CL","QueryName":"claude.ai"}\n{"DnsQuery":"x"}\n',
        b'{"TimeGenerated":"x","Type":"W3CIISLog","RemoteUrl":"claude.ai"}\n[1]\n',
    ],
)
def test_other_tables_are_rejected(text: bytes) -> None:
    assert read(FORMAT, text).account == (0, {}, 2)


def test_dns_events_that_are_no_queries_are_ignored() -> None:
    event = {"TimeGenerated": "2026-11-21T01:58:16Z", "Type": "DnsEvents", "QueryType": "A"}
    event |= {"Computer": "dc1.corp.example", "Name": "claude.ai"}
    reading = read(FORMAT, _log(event | {"SubType": "DynamicRegistration"}))
    assert reading.observations == []
    assert reading.account == (0, {"no query of a client": 1}, 0)


def test_the_server_is_not_the_client() -> None:
    event = {"TimeGenerated": "2026-11-21T01:58:16Z", "Type": "DnsEvents", "QueryType": "A"}
    event |= {"Computer": "dc1.corp.example", "Name": "claude.ai", "SubType": "LookupQuery"}
    seen = read(FORMAT, _log(event)).observations
    assert seen == [_ASKED._replace(client=None, action=Action.UNKNOWN)]


def _tables(*records: dict[str, object]) -> list[dict[str, object]]:
    return [{"TimeGenerated": "2026-11-20T08:01:02Z", **one} for one in records]


_MIXED = _tables(
    {"Type": "CommonSecurityLog", "DeviceVendor": "Zscaler", "DeviceProduct": "NSSWeblog",
     "RequestURL": "claude.ai/chat", "SourceIP": "10.0.0.7", "DeviceAction": "Allowed"},
    {"Type": "DeviceNetworkEvents", "ActionType": "ConnectionSuccess", "DeviceName": "pc7",
     "RemoteUrl": "chatgpt.com", "LocalIP": "10.0.0.8"},
    {"Type": "DnsEvents", "SubType": "LookupQuery", "Name": "gemini.google.com", "QueryType": "A",
     "ClientIP": "10.0.0.9", "ResultCode": 3},
    {"Type": "AZFWApplicationRule", "Action": "Deny", "Fqdn": "chat.deepseek.com",
     "SourceIp": "10.0.0.10", "Protocol": "HTTPS", "TargetUrl": ""},
    {"Type": "SecurityEvent", "Account": "CORP\\ana", "Computer": "pc7.corp.example"},
    {"Type": "Mine_CL", "Url_s": "https://claude.ai/"},
)  # fmt: skip
_SEEN = [
    ("claude.ai", "10.0.0.7", Action.ALLOWED),
    ("chatgpt.com", "pc7", Action.ALLOWED),
    ("gemini.google.com", "10.0.0.9", Action.NXDOMAIN),
    ("chat.deepseek.com", "10.0.0.10", Action.BLOCKED),
]


def test_an_export_of_several_tables_as_json() -> None:
    found = read(FORMAT, "".join(f"{json.dumps(one)}\n" for one in _MIXED).encode())
    assert [(one.value, one.client, one.action) for one in found.observations] == _SEEN
    assert found.account == (4, {"record of another table": 1}, 1)


def test_an_export_of_several_tables_as_csv() -> None:
    names = sorted({name for one in _MIXED for name in one})
    rows = [",".join(str(one.get(name, "")) for name in names) for one in _MIXED]
    found = read(FORMAT, "\n".join([",".join(names), *rows]).encode())
    assert [(one.value, one.client, one.action) for one in found.observations] == _SEEN
    assert found.account == (4, {"header": 1, "record of another table": 1}, 1)
