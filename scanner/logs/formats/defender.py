r"""Microsoft Defender for Endpoint: DeviceNetworkEvents, as CSV from Advanced Hunting or as JSON.

    {"time":"2026-11-20T08:02:00Z","category":"AdvancedHunting-DeviceNetworkEvents","properties":{"Timestamp":"2026-11-20T08:01:02.12Z","DeviceName":"pc7.corp.example","ActionType":"ConnectionSuccess","RemoteUrl":"api.openai.com","LocalIP":"10.0.0.7","InitiatingProcessFileName":"cursor.exe","InitiatingProcessAccountName":"ana"}}

The streaming JSON was seen in real samples; the CSV, the same record without its wrapping, and the
fields of the inspected connections (``AdditionalFields`` with direction, server_name, host, query)
are from documentation. Inbound connections and those without a name are ignored.
Reference: https://learn.microsoft.com/en-us/defender-xdr/advanced-hunting-devicenetworkevents-table
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from scanner.hosts import HostTable, host_of_url, is_absolute_url, path_of_url
from scanner.logs import Batch, Format, Proof, Tally
from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.formats.sysmon import person
from scanner.logs.lines import Parsed, Refused, Skipped, numbered
from scanner.logs.values import decoded, outcome, program, text
from scanner.model import Action, Channel, Observation, Sighting

_TABLE = "AdvancedHunting-"
_OURS = ("DeviceNetworkEvents", "DeviceEvents")
_TIMES = ("Timestamp", "TimeGenerated", "TimeGenerated [UTC]", "Timestamp [UTC]")
_NEEDED = frozenset({"ActionType", "RemoteUrl"})
_TELLING = frozenset({"DeviceName", "DeviceId", "InitiatingProcessFileName"})
_OUTCOMES = {
    "ConnectionSuccess": Action.ALLOWED,
    "ConnectionSuccessAggregatedReport": Action.ALLOWED,
    "ConnectionAcknowledged": Action.ALLOWED,
    "ConnectionFound": Action.ALLOWED,
    "ConnectionFailed": Action.ERROR,
    "ConnectionFailedAggregatedReport": Action.ERROR,
    "ConnectionAttempt": Action.ERROR,
}
_INBOUND = ("Inbound", "Listening")
# How much of a line is looked at to find a header.
_HEADER_BOUND = 20_000
_PERSONLESS = frozenset({"system", "local service", "network service", "root"})
_PORTAL = re.compile(r"([A-Z][a-z]{2}) (\d{1,2}), (\d{4}),? (\d{1,2}:\d\d:\d\d(?:\.\d+)? ?[AP]M)")


class _Kind(NamedTuple):
    """What an inspected connection shows: the field with the host, and how that was sensed."""

    field: str
    channel: Channel
    sighting: Sighting


_INSPECTED = {
    "DnsConnectionInspected": _Kind("query", Channel.DNS, Sighting.DNS_QUERY),
    "DnsQueryResponse": _Kind("DnsQueryString", Channel.DNS, Sighting.DNS_QUERY),
    "SslConnectionInspected": _Kind("server_name", Channel.TLS, Sighting.TLS_SNI),
    "HttpConnectionInspected": _Kind("host", Channel.HTTP, Sighting.HTTP_URL),
}


class _Envelope(msgspec.Struct, gc=False):
    """A record of the streaming API, or one row of Advanced Hunting without it."""

    category: Any = None
    properties: Any = None
    action: Any = msgspec.field(default=None, name="ActionType")


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each outbound connection to a wanted host."""
    names: list[str] = []
    for number, line in numbered(batches):
        if not line.strip():
            tally.ignored["blank line"] += 1
            continue
        if b"ActionType" in line[:_HEADER_BOUND] and (header := _header(line)):
            names = header
            tally.ignored["header"] += 1
            continue
        found = _parse(line, names, hosts, clock)
        if isinstance(found, Skipped):
            tally.ignored[found.kind] += 1
        elif isinstance(found, Refused):
            tally.reject(number, found.reason, line)
        else:
            for seen in found:
                yield seen._replace(line=number)


def _header(line: bytes) -> list[str] | None:
    names = None if line.startswith(b"{") else _cells(line[:_HEADER_BOUND])
    return names if names and set(names) >= _NEEDED and not _TELLING.isdisjoint(names) else None


def _cells(line: bytes) -> list[str] | None:
    try:
        rows = list(csv.reader([line.decode("utf-8", "backslashreplace")], strict=True))
    except csv.Error:
        return None
    return rows[0] if rows else None


def _parse(line: bytes, names: list[str], hosts: HostTable, clock: Clock) -> Parsed:
    if line.startswith(b"{"):
        return _of_json(line, hosts, clock)
    if not names:
        return Refused("no header of DeviceNetworkEvents above it")
    cells = _cells(line)
    if cells is None or len(cells) != len(names):
        return Refused("other columns than the header names")
    return event_of(dict(zip(names, cells, strict=True)), hosts, clock)


def _of_json(line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
    try:
        envelope = decoded(_decode, line)
        category = text(envelope.category) or ""
        if category.startswith(_TABLE):
            if category.removeprefix(_TABLE) not in _OURS:
                return Skipped("record of another table")
            if not isinstance(envelope.properties, dict):
                return Skipped("record without properties")
            return event_of(envelope.properties, hosts, clock)
        record = decoded(msgspec.json.decode, line) if envelope.action is not None else {}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Refused(f"not such a JSON record: {error}")
    if not isinstance(record, dict) or not set(record) >= _NEEDED or _TELLING.isdisjoint(record):
        return Refused("not a record of Advanced Hunting")
    return event_of(record, hosts, clock)


_decode = msgspec.json.Decoder(_Envelope).decode


def event_of(record: Mapping[str, Any], hosts: HostTable, clock: Clock) -> Parsed:
    """Return what one row of the table shows."""
    action = text(record.get("ActionType")) or ""
    more = _additional(record.get("AdditionalFields"))
    if action.startswith(_INBOUND) or text(more.get("direction")) == "In":
        return Skipped("inbound connection")
    kind = _INSPECTED.get(action)
    raw = (text(more.get(kind.field)) if kind else None) or text(record.get("RemoteUrl"))
    if raw is None:
        return Skipped("connection without a name")
    url = raw.encode("utf-8", "surrogatepass")
    has_path = is_absolute_url(url) and (path_of_url(url) or "/") != "/"
    host = hosts[host_of_url(url)]
    if host is None and has_path:
        host = hosts.of_api(url, None)
    if not host:
        return Skipped("connection without a name") if host == "" else ()
    seen = _observe(record, host, action, clock)
    if kind:
        return (_inspected(seen, kind, more),)
    if has_path:
        return (seen._replace(kind=Sighting.HTTP_URL, path=path_of_url(url)),)
    return (seen,)


def _additional(value: object) -> Mapping[str, Any]:
    """Return the fields that the table keeps as JSON in a string, or as an object."""
    if isinstance(value, str) and value.startswith("{"):
        try:
            value = msgspec.json.decode(value.encode("utf-8", "replace"))
        except (msgspec.DecodeError, RecursionError):
            return {}
    return value if isinstance(value, dict) else {}


def _observe(record: Mapping[str, Any], host: str, action: str, clock: Clock) -> Observation:
    when, quality = _time(record, clock)
    return Observation(
        channel=Channel.FLOW,
        value=host,
        ts=when,
        kind=Sighting.HTTP_CONNECT,
        client=text(record.get("DeviceName")) or text(record.get("LocalIP")),
        user=_user(record),
        action=_OUTCOMES.get(action) or _blocked(action),
        time_quality=quality,
        process=program(text(record.get("InitiatingProcessFileName"))),
    )


def _blocked(action: str) -> Action:
    """Network protection names its blocks: ExploitGuardNetworkProtectionBlocked."""
    return Action.BLOCKED if action.endswith("Blocked") else Action.UNKNOWN


def _inspected(seen: Observation, kind: _Kind, more: Mapping[str, Any]) -> Observation:
    """Return what the sensor read in the connection itself."""
    seen = seen._replace(channel=kind.channel, kind=kind.sighting)
    if kind.channel is Channel.DNS:
        rcode = outcome(text(more.get("rcode_name")))
        return seen._replace(qtype=text(more.get("qtype_name")), action=rcode or seen.action)
    if kind.channel is Channel.HTTP:
        uri = (text(more.get("uri")) or "").encode("utf-8", "surrogatepass")
        return seen._replace(path=path_of_url(uri), method=text(more.get("method")))
    return seen


def _user(record: Mapping[str, Any]) -> str | None:
    """Return the account as domain\\name; its address where the table has no name."""
    name = person(record.get("InitiatingProcessAccountName"))
    domain = text(record.get("InitiatingProcessAccountDomain"))
    if name is None:
        return text(record.get("InitiatingProcessAccountUpn"))
    if name.lower() in _PERSONLESS:
        return None
    return f"{domain}\\{name}" if domain else name


def _time(record: Mapping[str, Any], clock: Clock) -> Time:
    written = next((one for name in _TIMES if (one := text(record.get(name)))), None)
    if written and (found := _PORTAL.fullmatch(written)):
        return clock.day_first(f"{found[2]}-{found[1]}-{found[3]} {found[4]}")
    when = clock.any(written)
    return when if when[0] is not None else NO_TIME


FORMAT = Format(
    name="defender",
    title="Microsoft Defender DeviceNetworkEvents (CSV, JSON)",
    read=read,
    specificity=70,
    proves=frozenset(
        {Proof.TIME, Proof.CLIENT, Proof.USER, Proof.HOST, Proof.PATH, Proof.ACTION, Proof.PROCESS}
    ),
    reference="https://learn.microsoft.com/en-us/defender-xdr/advanced-hunting-devicenetworkevents-table",
    sample=(
        b'{"time":"2026-11-20T08:02:00.7649349Z","tenantId":"00000000-0000-0000-0000-000000000000","operationName":"Publish",'
        b'"category":"AdvancedHunting-DeviceNetworkEvents","properties":{"DeviceName":"pc7.corp.example","RemoteIP":"203.0.113.7",'
        b'"RemotePort":443,"LocalIP":"10.0.0.7","Protocol":"Tcp","RemoteUrl":"api.openai.com","InitiatingProcessAccountName":"ana",'
        b'"InitiatingProcessAccountDomain":"corp","InitiatingProcessFileName":"cursor.exe","ActionType":"ConnectionSuccess",'
        b'"AdditionalFields":null,"Timestamp":"2026-11-20T08:01:02.666487Z"},"Tenant":"DefaultTenant"}\n'
        b'{"time":"2026-11-20T08:02:00.7649349Z","category":"AdvancedHunting-DeviceNetworkEvents","properties":{"DeviceName":"pc8.corp.example",'
        b'"RemoteIP":"203.0.113.8","RemoteUrl":null,"LocalIP":"10.0.0.8","ActionType":"ConnectionRequest","Timestamp":"2026-11-20T08:01:03Z"}}\n'
    ),
    window=None,
)
