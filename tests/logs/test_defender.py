"""Defender's DeviceNetworkEvents, read."""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

import pytest

from scanner.hosts import HostTable
from scanner.logs.formats.defender import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import at, read

_ROW: Mapping[str, Any] = {
    "Timestamp": "2026-11-20T08:01:02.6664871Z",
    "DeviceId": "3f9a1c6e2b8d4f70a5e1c9b3d7f2a6e4c8b0d1f5",
    "DeviceName": "pc7.corp.example",
    "ActionType": "ConnectionSuccess",
    "RemoteIP": "203.0.113.7",
    "RemotePort": 443,
    "RemoteUrl": "api.openai.com",
    "LocalIP": "10.0.0.7",
    "InitiatingProcessFileName": "cursor.exe",
    "InitiatingProcessAccountDomain": "corp",
    "InitiatingProcessAccountName": "ana",
    "InitiatingProcessAccountUpn": "ana@corp.example",
    "AdditionalFields": None,
}
_SEEN = Observation(
    channel=Channel.FLOW,
    value="api.openai.com",
    ts=at("2026-11-20T08:01:02.666487Z"),
    kind=Sighting.HTTP_CONNECT,
    client="pc7.corp.example",
    user="corp\\ana",
    action=Action.ALLOWED,
    line=1,
    process="cursor.exe",
)


def _streamed(table: str = "DeviceNetworkEvents", **changes: object) -> bytes:
    record = {
        "time": "2026-11-20T08:02:00.7649349Z",
        "category": f"AdvancedHunting-{table}",
        "operationName": "Publish",
        "properties": {**_ROW, **changes},
    }
    return json.dumps(record).encode() + b"\n"


def _csv(*rows: Mapping[str, Any]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def test_a_connection_that_was_streamed() -> None:
    reading = read(FORMAT, _streamed())
    assert reading.observations == [_SEEN]
    assert reading.account == (1, {}, 0)


def test_the_same_as_csv_and_without_its_wrapping() -> None:
    assert read(FORMAT, _csv(_ROW)).observations == [_SEEN._replace(line=2)]
    assert read(FORMAT, json.dumps(_ROW).encode()).observations == [_SEEN]
    sentinel = {**_ROW, "TimeGenerated": _ROW["Timestamp"], "Timestamp": None}
    assert read(FORMAT, json.dumps(sentinel).encode()).observations == [_SEEN]


def test_csv_with_columns_in_another_order_and_files_joined_together() -> None:
    rows = _csv({name: _ROW[name] for name in reversed(_ROW)}) + _csv(_ROW)
    reading = read(FORMAT, rows)
    assert reading.observations == [_SEEN._replace(line=2), _SEEN._replace(line=4)]
    assert reading.account == (2, {"header": 2}, 0)


def test_csv_with_quotes_and_damage() -> None:
    row = {**_ROW, "InitiatingProcessFileName": 'a, "b".exe', "AdditionalFields": '{"x":"y"}'}
    text = _csv(row) + b"1,2,3\n" + b'"open\n' + b"\n"
    reading = read(FORMAT, text)
    assert reading.observations == [_SEEN._replace(line=2, process='a, "b".exe')]
    assert reading.account == (1, {"header": 1, "blank line": 1}, 2)


@pytest.mark.parametrize(
    ("action", "outcome"),
    [
        ("ConnectionFailed", Action.ERROR),
        ("ConnectionAttempt", Action.ERROR),
        ("ConnectionRequest", Action.UNKNOWN),
        ("ConnectionFound", Action.ALLOWED),
        ("ConnectionSuccessAggregatedReport", Action.ALLOWED),
        ("ExploitGuardNetworkProtectionBlocked", Action.BLOCKED),
        ("SomethingNew", Action.UNKNOWN),
    ],
)
def test_what_became_of_a_connection(action: str, outcome: Action) -> None:
    assert read(FORMAT, _streamed(ActionType=action)).observations == [
        _SEEN._replace(action=outcome)
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"RemoteUrl": "https://API.OpenAI.com:443/"}, {}),
        (
            {"RemoteUrl": "https://api.openai.com/v1/models?key=secret"},
            {"kind": Sighting.HTTP_URL, "path": "/v1/models"},
        ),
        ({"InitiatingProcessAccountDomain": None}, {"user": "ana"}),
        ({"InitiatingProcessAccountName": None}, {"user": "ana@corp.example"}),
        ({"InitiatingProcessAccountName": "local service"}, {"user": None}),
        ({"InitiatingProcessAccountName": "tom baker"}, {"user": "corp\\tom baker"}),
        (
            {"InitiatingProcessFileName": None, "DeviceName": None},
            {"process": None, "client": "10.0.0.7"},
        ),
        (
            {"Timestamp": "Nov 20, 2026 8:01:02 AM"},
            {"ts": at("2026-11-20T08:01:02Z"), "time_quality": TimeQuality.ASSUMED_ZONE},
        ),
        ({"Timestamp": "soon"}, {"ts": None, "time_quality": TimeQuality.NONE}),
        ({"AdditionalFields": "{broken"}, {}),
        ({"AdditionalFields": [1]}, {}),
    ],
)
def test_fields_that_are_odd_or_missing(
    changes: dict[str, object], expected: dict[str, Any]
) -> None:
    assert read(FORMAT, _streamed(**changes)).observations == [_SEEN._replace(**expected)]


@pytest.mark.parametrize(
    ("action", "more", "expected"),
    [
        (
            "SslConnectionInspected",
            {"direction": "Out", "server_name": "claude.ai", "established": "true"},
            {"channel": Channel.TLS, "kind": Sighting.TLS_SNI, "value": "claude.ai", "action": Action.UNKNOWN},
        ),
        (
            "HttpConnectionInspected",
            {"direction": "Out", "host": "claude.ai", "method": "POST", "uri": "/v1/x?key=secret"},
            {"channel": Channel.HTTP, "kind": Sighting.HTTP_URL, "value": "claude.ai", "path": "/v1/x", "method": "POST", "action": Action.UNKNOWN},
        ),
        (
            "DnsConnectionInspected",
            {"direction": "Out", "query": "claude.ai", "qtype_name": "A", "rcode_name": "NXDOMAIN"},
            {"channel": Channel.DNS, "kind": Sighting.DNS_QUERY, "value": "claude.ai", "qtype": "A", "action": Action.NXDOMAIN},
        ),
    ],
)  # fmt: skip
def test_connections_that_the_sensor_looked_into(
    action: str, more: dict[str, str], expected: dict[str, Any]
) -> None:
    for fields in (more, json.dumps(more)):
        line = _streamed(ActionType=action, RemoteUrl=None, AdditionalFields=fields)
        assert read(FORMAT, line).observations == [_SEEN._replace(**expected)]


def test_inbound_connections_and_those_without_a_name_are_ignored() -> None:
    text = (
        _streamed(ActionType="InboundConnectionAccepted")
        + _streamed(ActionType="ListeningConnectionCreated", RemoteUrl=None)
        + _streamed(
            ActionType="SslConnectionInspected",
            AdditionalFields='{"direction":"In","server_name":"claude.ai"}',
        )
        + _streamed(RemoteUrl=None)
        + _streamed(RemoteUrl="")
        + _streamed(RemoteUrl=["api.openai.com"])
    )
    assert read(FORMAT, text).account == (
        0,
        {"inbound connection": 3, "connection without a name": 3},
        0,
    )


def test_other_tables_are_ignored() -> None:
    text = _streamed("DeviceProcessEvents") + _streamed("EmailUrlInfo")
    assert read(FORMAT, text).account == (0, {"record of another table": 2}, 0)


def test_a_request_to_a_model_api_of_an_unknown_host_is_known_by_its_path() -> None:
    hosts = HostTable("api.openai.com".__eq__, is_api_url=lambda url: b"/chat/completions" in url)
    text = (
        _streamed(RemoteUrl="https://llm.corp.example/v1/chat/completions")
        + _streamed(RemoteUrl="https://www.example.org/")
        + _streamed(RemoteUrl="llm.corp.example")
    )
    reading = read(FORMAT, text, hosts=hosts)
    assert [(one.value, one.path) for one in reading.observations] == [
        ("llm.corp.example", "/v1/chat/completions")
    ]
    assert reading.account == (3, {}, 0)


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[1]",
        b"{}",
        b'{"ActionType":"ConnectionSuccess","RemoteUrl":"api.openai.com"}',
        b'{"category":"AuditLogs","properties":{"RemoteUrl":"api.openai.com"}}',
        b'{"category":7,"ActionType":null,"DeviceName":"pc7"}',
        b"timestamp,client_ip,domain,ActionType",
        b"Dear diary,",
    ],
)
def test_what_is_not_its_own_is_refused(line: bytes) -> None:
    assert read(FORMAT, line + b"\n").account == (0, {}, 1)
