"""Windows events about names that were asked for, read from JSON."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from scanner.logs.formats.sysmon import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import a_matcher, at, read

_DATA = {
    "UtcTime": "2026-11-20 08:01:02.123",
    "ProcessId": "356",
    "QueryName": "api.openai.com",
    "QueryStatus": "0",
    "QueryResults": "type:  5 edge.example;::ffff:203.0.113.7;",
    "Image": "C:\\Users\\ana\\AppData\\Local\\Cursor\\Cursor.exe",
    "User": "CORP\\ana",
}
_CHANNEL = "Microsoft-Windows-Sysmon/Operational"
_SEEN = Observation(
    channel=Channel.DNS,
    value="api.openai.com",
    ts=at("2026-11-20T08:01:02.123Z"),
    kind=Sighting.DNS_QUERY,
    client="pc7.corp.example",
    user="CORP\\ana",
    action=Action.ALLOWED,
    line=1,
    process="Cursor.exe",
)


def _line(record: object) -> bytes:
    return json.dumps(record).encode() + b"\n"


def _winlogbeat(data: Mapping[str, Any], number: object = "22", **more: object) -> bytes:
    log = {
        "channel": _CHANNEL,
        "provider_name": "Microsoft-Windows-Sysmon",
        "computer_name": "pc7.corp.example",
        "event_id": number,
        "event_data": data,
        "user": {"domain": "NT AUTHORITY", "name": "SYSTEM"},
    }
    return _line({"@timestamp": "2026-11-20T09:09:09.025Z", "winlog": log, **more})


def _nxlog(data: Mapping[str, Any], number: object = 22, **more: object) -> bytes:
    head = {
        "EventTime": "2026-11-20 09:01:02",
        "Hostname": "pc7.corp.example",
        "EventID": number,
        "SourceName": "Microsoft-Windows-Sysmon",
        "Channel": _CHANNEL,
        "AccountName": "SYSTEM",
    }
    return _line({**head, **data, **more})


def _evtx(data: object, number: object, channel: str = _CHANNEL, provider: object = None) -> bytes:
    system = {
        "Provider": provider or {"#attributes": {"Name": "Microsoft-Windows-Sysmon"}},
        "EventID": number,
        "TimeCreated": {"#attributes": {"SystemTime": "2026-11-20T08:01:02.1230000Z"}},
        "Computer": "pc7.corp.example",
        "Channel": channel,
    }
    return _line({"Event": {"System": system, "EventData": data}})


@pytest.mark.parametrize(
    "line",
    [
        _winlogbeat(_DATA),
        _winlogbeat(_DATA, 22),
        _nxlog(_DATA),
        _evtx(_DATA, 22),
        _evtx(_DATA, {"#text": 22, "#attributes": {"Qualifiers": 0}}),
        _evtx(_DATA, "22", provider={"@Name": "Microsoft-Windows-Sysmon"}),
        _evtx({"Data": [{"@Name": name, "#text": text} for name, text in _DATA.items()]}, "22"),
    ],
)
def test_the_shapes_say_the_same(line: bytes) -> None:
    reading = read(FORMAT, line)
    assert reading.observations == [_SEEN]
    assert reading.account == (1, {}, 0)


def test_the_text_of_a_message_will_do() -> None:
    message = "Dns query:\r\nRuleName: -\r\n" + "\r\n".join(
        f"{name}: {text}" for name, text in _DATA.items()
    )
    assert read(FORMAT, _nxlog({}, Message=message)).observations == [_SEEN]


def test_what_an_ingest_pipeline_moved_to_ecs_is_found() -> None:
    line = _winlogbeat(
        {},
        dns={"question": {"name": "api.openai.com"}},
        process={"executable": "C:\\Program Files\\Cursor\\Cursor.exe"},
        user={"name": "ana"},
    )
    assert read(FORMAT, line).observations == [
        _SEEN._replace(ts=at("2026-11-20T09:09:09.025Z"), user="ana", action=Action.UNKNOWN)
    ]


@pytest.mark.parametrize(
    ("status", "results", "action"),
    [
        ("9003", "-", Action.NXDOMAIN),
        ("9501", "-", Action.ALLOWED),
        ("1460", "-", Action.ERROR),
        (9003, None, Action.NXDOMAIN),
        ("-", "-", Action.UNKNOWN),
        (None, None, Action.UNKNOWN),
        ("0", "::ffff:0.0.0.0;", Action.BLOCKED),
        ("0", "0.0.0.0;", Action.BLOCKED),
        ("0", "::;", Action.BLOCKED),
    ],
)
def test_what_a_status_says(status: object, results: object, action: Action) -> None:
    line = _winlogbeat({**_DATA, "QueryStatus": status, "QueryResults": results})
    assert read(FORMAT, line).observations == [_SEEN._replace(action=action)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"Image": "/usr/bin/curl"}, {"process": "curl"}),
        ({"Image": "<unknown process>"}, {"process": None}),
        ({"Image": None, "User": None}, {"process": None, "user": None}),
        ({"User": "NT AUTHORITY\\SYSTEM"}, {"user": None}),
        ({"User": "CORP\\Tom Baker"}, {"user": "CORP\\Tom Baker"}),
        ({"User": ["x"], "Image": {"a": 1}}, {"process": None, "user": None}),
        ({"UtcTime": "soon"}, {"ts": at("2026-11-20T09:09:09.025Z")}),
        ({"QueryName": "ApI.OpEnAi.CoM."}, {}),
    ],
)
def test_fields_that_are_odd_or_missing(
    changes: dict[str, object], expected: dict[str, Any]
) -> None:
    assert read(FORMAT, _winlogbeat({**_DATA, **changes})).observations == [
        _SEEN._replace(**expected)
    ]


def test_a_local_time_without_zone_counts_only_where_no_other_is() -> None:
    data = {name: text for name, text in _DATA.items() if name != "UtcTime"}
    assert read(FORMAT, _nxlog(data)).observations == [
        _SEEN._replace(ts=at("2026-11-20T09:01:02Z"), time_quality=TimeQuality.ASSUMED_ZONE)
    ]


def test_a_query_that_the_dns_client_completed() -> None:
    data = {"QueryName": "api.openai.com", "QueryType": "28", "QueryStatus": "0"}
    channel = "Microsoft-Windows-DNS-Client/Operational"
    line = _evtx(data, 3008, channel, {"Name": "Microsoft-Windows-DNS-Client"})
    reading = read(FORMAT, line + _evtx(data, 3006, channel) + _evtx(data, 3020, channel))
    assert reading.observations == [_SEEN._replace(user=None, process=None, qtype="AAAA")]
    assert reading.account == (1, {"other event": 2}, 0)


def test_a_query_that_the_dns_server_received() -> None:
    data = {
        "Source": "10.0.0.7",
        "QNAME": "api.openai.com.",
        "QTYPE": "1",
        "InterfaceIP": "10.0.0.1",
    }
    channel = "Microsoft-Windows-DNSServer/Analytical"
    sent = {"Destination": "10.0.0.7", "QNAME": "api.openai.com.", "QTYPE": "1"}
    provider = {"Name": "Microsoft-Windows-DNSServer"}
    text = _evtx(data, 256, channel, provider) + _evtx(sent, 257, channel, provider)
    reading = read(FORMAT, text)
    assert reading.observations == [
        _SEEN._replace(client="10.0.0.7", user=None, process=None, qtype="A", action=Action.UNKNOWN)
    ]
    assert reading.account == (1, {"other event": 1}, 0)


def test_other_events_are_ignored_and_the_host_of_a_connection_is_not_used() -> None:
    connection = {"DestinationHostname": "api.openai.com", "DestinationIp": "203.0.113.7"}
    text = (
        _nxlog(connection, 3)
        + _winlogbeat(connection, "3")
        + _evtx({"TargetUserName": "ana"}, 4624, "Security")
        + _winlogbeat({**_DATA, "QueryName": None})
        + _winlogbeat({**_DATA, "QueryName": {"x": 1}})
    )
    assert read(FORMAT, text).account == (0, {"other event": 3, "query without a name": 2}, 0)


def test_d13_search_suffixes_meet_no_signature() -> None:
    text = _winlogbeat({**_DATA, "QueryName": "chatgpt.com.corp.example"})
    reading = read(FORMAT, text + _winlogbeat(_DATA), hosts=a_matcher().host_table())
    assert [one.line for one in reading.observations] == [2]
    assert reading.account == (2, {}, 0)


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[]",
        b'"text"',
        b"{}",
        b'{"winlog":7,"EventID":22}',
        b'{"EventID":22,"QueryName":"api.openai.com"}',
        b'{"Event":{"System":[]},"x":1}',
        b'{"ts":1795226310.1,"uid":"C1","query":"api.openai.com"}',
        b'{"event_simpleName":"DnsRequest","aid":"1","DomainName":"api.openai.com"}',
        b"Dear diary,",
    ],
)
def test_what_is_not_its_own_is_refused(line: bytes) -> None:
    assert read(FORMAT, line + b"\n").account == (0, {}, 1)


def test_a_dns_servers_trace_as_filebeat_ships_it() -> None:
    data = {"QNAME": "api.openai.com.", "Source": "10.0.0.7", "QTYPE": "1", "Port": "59559"}
    record = {
        "@timestamp": "2026-11-20T08:01:02.123Z",
        "winlog": {"channel": "16", "event_data": data, "session": "DNSServer-Analytical"},
        "host": {"name": "dc1"},
        "event": {"code": "256", "provider": "Microsoft-Windows-DNSServer"},
    }
    answer = record | {"event": {"code": "257", "provider": "Microsoft-Windows-DNSServer"}}
    reading = read(FORMAT, _line(record) + _line(answer))
    assert reading.observations == [
        _SEEN._replace(client="10.0.0.7", user=None, action=Action.UNKNOWN, qtype="A", process=None)
    ]
    assert reading.account == (1, {"other event": 1}, 0)


@pytest.mark.parametrize(
    ("domain", "name", "user"),
    [("CORP", "ana", "CORP\\ana"), ("NT AUTHORITY", "SYSTEM", None), (None, "ana", "ana")],
)
def test_the_account_that_a_pipeline_has_moved(
    domain: str | None, name: str, user: str | None
) -> None:
    moved: dict[str, Any] = {
        "dns": {"question": {"name": "api.openai.com"}},
        "process": {"executable": "C:\\x\\Cursor.exe"},
        "user": {"domain": domain, "name": name},
    }
    data = {"UtcTime": _DATA["UtcTime"], "QueryStatus": "0"}
    assert read(FORMAT, _winlogbeat(data, **moved)).observations == [_SEEN._replace(user=user)]


def test_a_server_s_answer_tells_what_became_of_the_question_or_stands_for_it() -> None:
    channel, provider = (
        "Microsoft-Windows-DNSServer/Analytical",
        {"Name": "Microsoft-Windows-DNSServer"},
    )
    asked = {"QNAME": "api.openai.com.", "QTYPE": "65", "XID": "7", "Source": "10.0.0.7"}
    sent = {
        "QNAME": "api.openai.com.",
        "QTYPE": "65",
        "XID": "7",
        "Destination": "10.0.0.7",
        "RCODE": "3",
    }
    answer = _evtx(sent, 257, channel, provider)
    reading = read(FORMAT, _evtx(asked, 256, channel, provider) + answer)
    expected = [("10.0.0.7", "HTTPS", Action.NXDOMAIN)]
    assert [(one.client, one.qtype, one.action) for one in reading.observations] == expected
    assert reading.account == (1, {"answer to a question above": 1}, 0)
    alone = read(FORMAT, answer).observations
    assert [(one.client, one.qtype, one.action) for one in alone] == expected


def test_an_event_in_xml() -> None:
    data = "".join(f"<Data Name='{name}'>{value}</Data>" for name, value in _DATA.items())
    text = (
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
        "<Provider Name='Microsoft-Windows-Sysmon' Guid='{5770385F}'/><EventID>22</EventID>"
        "<TimeCreated SystemTime='2026-11-20T08:01:03.1Z'/>"
        f"<Channel>{_CHANNEL}</Channel><Computer>pc7.corp.example</Computer></System>"
        f"<EventData>{data}</EventData></Event>\n"
    )
    reading = read(FORMAT, (text + text.replace(">22<", ">3<")).encode())
    assert reading.observations == [_SEEN]
    assert reading.account == (1, {"other event": 1}, 0)


def test_an_event_that_wazuh_took_apart() -> None:
    data = {
        name[0].lower() + name[1:]: value.replace("\\", "\\\\") for name, value in _DATA.items()
    }
    system = {
        "providerName": "Microsoft-Windows-Sysmon",
        "eventID": "22",
        "channel": _CHANNEL,
        "computer": "pc7.corp.example",
    }
    text = _line({"agent": {"id": "001"}, "data": {"win": {"system": system, "eventdata": data}}})
    assert read(FORMAT, text).observations == [_SEEN]


def test_an_event_that_powershell_converted() -> None:
    message = "Dns query:\r\n" + "".join(f"{name}: {value}\r\n" for name, value in _DATA.items())
    text = _line(
        {
            "TimeCreated": "2026-11-20T08:01:03Z",
            "Id": 22,
            "ProviderName": "Microsoft-Windows-Sysmon",
            "LogName": _CHANNEL,
            "MachineName": "pc7.corp.example",
            "Message": message,
        }
    )
    assert read(FORMAT, text).observations == [_SEEN]


@pytest.mark.parametrize(
    ("status", "addresses", "action"),
    [
        ("SUCCESS", ["203.0.113.7"], Action.ALLOWED),
        ("SUCCESS", ["0.0.0.0"], Action.BLOCKED),
        ("DNS_ERROR_RCODE_NAME_ERROR", [], Action.NXDOMAIN),
        ("ERROR_TIMEOUT", [], Action.ERROR),
        (None, [], Action.UNKNOWN),
    ],
)
def test_the_status_that_a_pipeline_has_put_into_words(
    status: str | None, addresses: list[str], action: Action
) -> None:
    moved = {
        "dns": {"question": {"name": "api.openai.com"}, "resolved_ip": addresses},
        "sysmon": {"dns": {"status": status}},
    }
    assert [one.action for one in read(FORMAT, _winlogbeat({}, **moved)).observations] == [action]
