r"""Names that Windows resolved: Sysmon event 22, DNS-Client 3008 and DNS-Server 256, as JSON.

    {"EventID":22,"Channel":"Microsoft-Windows-Sysmon/Operational","Hostname":"pc7.corp.example","UtcTime":"2026-11-20 08:01:02.123","QueryName":"api.openai.com","QueryStatus":"0","Image":"C:\\Users\\ana\\Cursor.exe","User":"CORP\\ana"}

Shapes: Winlogbeat and Elastic Agent (``winlog.event_data``, or ECS once an ingest pipeline has
moved the fields), NXLog (flat, or only the text of ``Message``), converted EVTX (``Event.System``
and ``Event.EventData``; this one from documentation, like the two DNS providers). Every other
event is ignored, network connections too: the host in event 3 is looked up from the address.
Reference: https://learn.microsoft.com/en-us/sysinternals/downloads/sysmon#event-id-22-dnsevent-dns-query
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from scanner.hosts import HostTable
from scanner.logs import OF_DNS, Format, Proof
from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.lines import Parsed, Refused, Skipped, by_json
from scanner.logs.values import program, text
from scanner.model import Action, Channel, Observation, Sighting


class _Record(msgspec.Struct, gc=False):
    """The fields of all shapes that are needed; the values may be of any type."""

    winlog: Any = None
    dns: Any = None
    process: Any = None
    user: Any = None
    stamp: Any = msgspec.field(default=None, name="@timestamp")
    shipped: Any = msgspec.field(default=None, name="event")
    event: Any = msgspec.field(default=None, name="Event")
    event_id: Any = msgspec.field(default=None, name="EventID")
    channel: Any = msgspec.field(default=None, name="Channel")
    source_name: Any = msgspec.field(default=None, name="SourceName")
    provider_name: Any = msgspec.field(default=None, name="ProviderName")
    hostname: Any = msgspec.field(default=None, name="Hostname")
    host_name: Any = msgspec.field(default=None, name="HostName")
    computer: Any = msgspec.field(default=None, name="Computer")
    event_time: Any = msgspec.field(default=None, name="EventTime")
    message: Any = msgspec.field(default=None, name="Message")
    data: Any = msgspec.field(default=None, name="EventData")
    query_name: Any = msgspec.field(default=None, name="QueryName")
    query_status: Any = msgspec.field(default=None, name="QueryStatus")
    query_results: Any = msgspec.field(default=None, name="QueryResults")
    query_type: Any = msgspec.field(default=None, name="QueryType")
    image: Any = msgspec.field(default=None, name="Image")
    person: Any = msgspec.field(default=None, name="User")
    utc_time: Any = msgspec.field(default=None, name="UtcTime")
    qname: Any = msgspec.field(default=None, name="QNAME")
    qtype: Any = msgspec.field(default=None, name="QTYPE")
    source: Any = msgspec.field(default=None, name="Source")


class _Event(NamedTuple):
    """A Windows event, in whichever shape it was written."""

    number: str | None
    origin: str  # the channel and the provider
    computer: str | None
    time: object
    data: Mapping[str, object]


_SYSMON, _CLIENT, _SERVER = "Sysmon", "DNS-Client", "DNSServer"
_NUMBERS = {_SYSMON: "22", _CLIENT: "3008", _SERVER: "256"}
_NO_RECORDS = ("9501", "9701")  # the name is there, without records of the type asked for
_NOWHERE = re.compile(r"(?:^|;)\s*(?:::ffff:)?(?:0\.0\.0\.0|::);?\s*$")
_IN_MESSAGE = re.compile(
    r"^(UtcTime|QueryName|QueryStatus|QueryResults|Image|User): (.*?)\r?$", re.M
)
# The accounts of Windows itself, under whose name services ask.
_OF_NOBODY = ("NT AUTHORITY", "NT-AUTORITÄT", "AUTORITE NT", "WINDOW MANAGER", "FONT DRIVER HOST")
_LONGEST_MESSAGE = 20_000
_UNKNOWN = "<unknown process>"


def parse(record: _Record, hosts: HostTable, clock: Clock) -> Parsed:
    """Return the name that an event says was asked for, if it is one about a wanted host."""
    event = _of_winlogbeat(record) or _of_evtx(record) or _flat(record)
    if event is None:
        return Refused("not a Windows event")
    kind = next((name for name in _NUMBERS if name in event.origin), None)
    if kind is None or event.number != _NUMBERS[kind]:
        return Skipped("other event")
    raw = text(event.data.get("QNAME" if kind == _SERVER else "QueryName"))
    host = hosts[raw.encode("utf-8", "surrogatepass")] if raw else ""
    if not host:
        return Skipped("query without a name") if host == "" else ()
    return (_observe(event, kind, host, clock),)


def _observe(event: _Event, kind: str, host: str, clock: Clock) -> Observation:
    data = event.data
    when, quality = _time(event, clock)
    is_server = kind == _SERVER
    image = text(data.get("Image"))
    return Observation(
        channel=Channel.DNS,
        value=host,
        ts=when,
        kind=Sighting.DNS_QUERY,
        client=text(data.get("Source")) if is_server else event.computer,
        user=None if is_server else person(data.get("User")),
        action=outcome_of_status(data.get("QueryStatus"), data.get("QueryResults")),
        qtype=text(data.get("QTYPE" if is_server else "QueryType")),
        time_quality=quality,
        process=None if is_server or image == _UNKNOWN else program(image),
    )


def outcome_of_status(status: object, results: object = None) -> Action:
    """Return what a Windows status of a DNS query and its answers say."""
    number = text(status)
    if number is None:
        return Action.UNKNOWN
    if number == "9003":
        return Action.NXDOMAIN
    if number == "0":
        return Action.BLOCKED if _NOWHERE.search(text(results) or "") else Action.ALLOWED
    return Action.ALLOWED if number in _NO_RECORDS else Action.ERROR


def person(account: object) -> str | None:
    """Return an account as it is written; None for the accounts of Windows itself."""
    name = text(account)
    if name is None or name.rpartition("\\")[0].upper() in _OF_NOBODY or name.startswith("%"):
        return None
    return name


def _time(event: _Event, clock: Clock) -> Time:
    written = text(event.data.get("UtcTime"))
    if written:
        when = clock.iso(written if written.endswith("Z") else f"{written}Z")
        if when[0] is not None:
            return when
    when = clock.any(text(event.time))
    return when if when[0] is not None else NO_TIME


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _of_winlogbeat(record: _Record) -> _Event | None:
    log = _mapping(record.winlog)
    if not log:
        return None
    shipped = _mapping(record.shipped)  # by the input for traces, which has no winlog.event_id
    provider = text(log.get("provider_name")) or text(shipped.get("provider"))
    origin = f"{text(log.get('channel'))} {provider}"
    data = _mapping(log.get("event_data"))
    if "QueryName" not in data and (asked := _mapping(_mapping(record.dns).get("question"))):
        process, user = _mapping(record.process), _mapping(record.user)
        moved = {
            "QueryName": asked.get("name"),
            "Image": process.get("executable") or process.get("name"),
            "User": _account(text(user.get("domain")), text(user.get("name"))),
        }
        data = {**moved, **data}
    computer = text(log.get("computer_name"))
    number = text(log.get("event_id")) or text(shipped.get("code"))
    return _Event(number, origin, computer, record.stamp, data)


def _account(domain: str | None, name: str | None) -> str | None:
    return f"{domain}\\{name}" if domain and name else name


def _of_evtx(record: _Record) -> _Event | None:
    event = _mapping(record.event)
    system = _mapping(event.get("System"))
    if not system:
        return None
    provider = _attribute(system.get("Provider"), "Name")
    origin = f"{text(system.get('Channel'))} {text(provider)}"
    number = system.get("EventID")
    if isinstance(number, dict):
        number = number.get("#text", number.get("Value"))
    time = _attribute(system.get("TimeCreated"), "SystemTime")
    data = _named(_mapping(event.get("EventData")))
    return _Event(text(number), origin, text(system.get("Computer")), time, data)


def _attribute(element: object, name: str) -> object:
    """Return an attribute of an XML element, as any of the converters writes it."""
    inner = _mapping(element)
    return inner.get(name) or inner.get(f"@{name}") or _mapping(inner.get("#attributes")).get(name)


def _named(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the data by name, also where it came as a list of named elements."""
    elements = data.get("Data")
    if not isinstance(elements, list):
        return data
    return {
        str(_attribute(one, "Name")): _mapping(one).get("#text") or _mapping(one).get("content")
        for one in elements
    }


def _flat(record: _Record) -> _Event | None:
    origin = " ".join(
        one
        for one in (record.channel, record.source_name, record.provider_name)
        if isinstance(one, str)
    )
    if record.event_id is None or not origin:
        return None
    data = dict(_mapping(record.data)) or {
        field.encode_name: value
        for field in _FIELDS
        if (value := getattr(record, field.name)) is not None
    }
    if "QueryName" not in data and isinstance(record.message, str):
        data.update(_IN_MESSAGE.findall(record.message[:_LONGEST_MESSAGE]))
    computer = text(record.hostname) or text(record.host_name) or text(record.computer)
    time = record.event_time if record.event_time is not None else record.stamp
    return _Event(text(record.event_id), origin, computer, time, data)


_FIELDS = msgspec.structs.fields(_Record)

FORMAT = Format(
    name="sysmon",
    title="Windows DNS events: Sysmon 22, DNS client and server (JSON)",
    read=by_json(_Record, parse),
    specificity=65,
    proves=OF_DNS | {Proof.USER, Proof.PROCESS},
    reference="https://learn.microsoft.com/en-us/sysinternals/downloads/sysmon",
    sample=(
        b'{"@timestamp":"2026-11-20T08:01:03.025Z","event":{"code":"22","kind":"event","provider":"Microsoft-Windows-Sysmon"},'
        b'"winlog":{"channel":"Microsoft-Windows-Sysmon/Operational","computer_name":"pc7.corp.example","event_data":'
        b'{"Image":"C:\\\\Program Files\\\\Cursor\\\\Cursor.exe","ProcessId":"356","QueryName":"api.openai.com",'
        b'"QueryResults":"type:  5 edge.example;::ffff:203.0.113.7;","QueryStatus":"0","User":"CORP\\\\ana",'
        b'"UtcTime":"2026-11-20 08:01:02.123"},"event_id":"22","provider_name":"Microsoft-Windows-Sysmon",'
        b'"user":{"domain":"NT AUTHORITY","name":"SYSTEM"}}}\n'
        b'{"EventTime":"2026-11-20 09:01:09","Hostname":"pc8.corp.example","EventID":22,"SourceName":"Microsoft-Windows-Sysmon",'
        b'"Channel":"Microsoft-Windows-Sysmon/Operational","AccountName":"SYSTEM","QueryName":"www.example.org",'
        b'"QueryStatus":"9003","UtcTime":"2026-11-20 08:01:09.500","Image":"C:\\\\Windows\\\\System32\\\\curl.exe"}\n'
        b'{"EventTime":"2026-11-20 09:01:10","Hostname":"pc8.corp.example","EventID":3,"SourceName":"Microsoft-Windows-Sysmon",'
        b'"Channel":"Microsoft-Windows-Sysmon/Operational","DestinationHostname":"api.openai.com","DestinationIp":"203.0.113.7"}\n'
    ),
)
