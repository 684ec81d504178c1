r"""Names that Windows resolved: Sysmon event 22, DNS-Client 3008 and DNS-Server 256, as JSON or XML.

    {"EventID":22,"Channel":"Microsoft-Windows-Sysmon/Operational","Hostname":"pc7.corp.example","UtcTime":"2026-11-20 08:01:02.123","QueryName":"api.openai.com","QueryStatus":"0","Image":"C:\\Users\\ana\\Cursor.exe","User":"CORP\\ana"}

Shapes: Winlogbeat and Elastic Agent (``winlog.event_data``, or ECS once an ingest pipeline has
moved the fields), NXLog (flat, or only the text of ``Message``), converted EVTX (``Event.System``
and ``Event.EventData``), the XML that these come from, Wazuh (``data.win``) and PowerShell's
``ConvertTo-Json``; from EVTX on from documentation, like the two DNS providers. Every other
event is ignored, network connections too: the host in event 3 is looked up from the address. The
DNS server's answers, 257 and 258, tell what became of its questions.
Reference: https://learn.microsoft.com/en-us/sysinternals/downloads/sysmon#event-id-22-dnsevent-dns-query
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from scanner.hosts import HostTable
from scanner.logs import OF_DNS, Format, Proof, windows_xml
from scanner.logs.answers import Answer, Outcome, Question, by_line
from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.lines import Refused, Skipped, of_json
from scanner.logs.pairing import WINDOW
from scanner.logs.values import dig, program, record_type, said, text
from scanner.model import Action, Channel, Observation, Sighting


class _Record(msgspec.Struct, gc=False):
    """The fields of all shapes that are needed; the values may be of any type."""

    winlog: Any = None
    dns: Any = None
    sysmon: Any = None
    process: Any = None
    user: Any = None
    wazuh: Any = msgspec.field(default=None, name="data")
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
    # by PowerShell
    number: Any = msgspec.field(default=None, name="Id")
    log_name: Any = msgspec.field(default=None, name="LogName")
    machine: Any = msgspec.field(default=None, name="MachineName")
    created: Any = msgspec.field(default=None, name="TimeCreated")


class _Event(NamedTuple):
    """A Windows event, in whichever shape it was written."""

    number: str | None
    origin: str  # the channel and the provider
    computer: str | None
    time: object
    data: Mapping[str, object]


_SYSMON, _CLIENT, _SERVER = "Sysmon", "DNS-Client", "DNSServer"
_NUMBERS = {_SYSMON: ("22",), _CLIENT: ("3008",), _SERVER: ("256", "257", "258")}
_ANSWERS = ("257", "258")  # of a DNS server: one that succeeded, one that failed
_BY_RCODE = {"0": Action.ALLOWED, "3": Action.NXDOMAIN, "5": Action.BLOCKED}
_STATUS_OF = {
    "SUCCESS": "0",
    "DNS_ERROR_RCODE_NAME_ERROR": "9003",
    "DNS_INFO_NO_RECORDS": "9501",
    "DNS_ERROR_RECORD_DOES_NOT_EXIST": "9701",
}
_NO_RECORDS = ("9501", "9701")  # the name is there, without records of the type asked for
_NOWHERE = re.compile(r"(?:^|;)\s*(?:::ffff:)?(?:0\.0\.0\.0|::);?\s*$")
_IN_MESSAGE = re.compile(
    r"^(UtcTime|QueryName|QueryStatus|QueryResults|Image|User): (.*?)\r?$", re.M
)
# The accounts of Windows itself, under whose name services ask.
_OF_NOBODY = ("NT AUTHORITY", "NT-AUTORITÄT", "AUTORITE NT", "WINDOW MANAGER", "FONT DRIVER HOST")
_LONGEST_MESSAGE = 20_000
_UNKNOWN = "<unknown process>"


def parse(record: _Record, hosts: HostTable, clock: Clock) -> Outcome:
    """Return the name that an event says was asked for, if it is one about a wanted host."""
    event = _of_winlogbeat(record) or _of_evtx(record) or _of_wazuh(record.wazuh) or _flat(record)
    if event is None:
        return Refused("not a Windows event")
    kind = next((name for name in _NUMBERS if name in event.origin), None)
    if kind is None or event.number not in _NUMBERS[kind]:
        return Skipped("other event")
    raw = text(event.data.get("QNAME" if kind == _SERVER else "QueryName"))
    host = hosts[raw.encode("utf-8", "surrogatepass")] if raw else ""
    if not host:
        return Skipped("query without a name") if host == "" else ()
    seen = _observe(event, kind, host, clock)
    return _of_server(event, seen) if kind == _SERVER else (seen,)


def _of_server(event: _Event, seen: Observation) -> Outcome:
    """Return a question to a DNS server, or its answer, which goes to the one who asked."""
    number = text(event.data.get("XID"))
    if event.number not in _ANSWERS:
        return Question((seen.client, number, seen.value, seen.qtype), seen) if number else (seen,)
    client = text(event.data.get("Destination"))
    if client is None or number is None:
        return Skipped("other event")
    rcode = text(event.data.get("RCODE")) or ""
    seen = seen._replace(client=client, action=_BY_RCODE.get(rcode, Action.ERROR))
    return Answer((client, number, seen.value, seen.qtype), seen)


_parse_json = of_json(_Record, parse)


def parse_line(line: bytes, hosts: HostTable, clock: Clock) -> Outcome:
    """Return what an event shows, in JSON or in XML."""
    if windows_xml.is_event(line):
        return parse(_Record(event=windows_xml.event(line)), hosts, clock)
    return _parse_json(line, hosts, clock)


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
        qtype=record_type(data.get("QTYPE" if is_server else "QueryType")),
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
            "QueryStatus": _status(said(record.sysmon, "dns.status")),
            "QueryResults": said(record.dns, "resolved_ip"),
            "Image": process.get("executable") or process.get("name"),
            "User": _account(text(user.get("domain")), text(user.get("name"))),
        }
        data = {**moved, **data}
    computer = text(log.get("computer_name"))
    number = text(log.get("event_id")) or text(shipped.get("code"))
    return _Event(number, origin, computer, record.stamp, data)


def _status(word: str | None) -> str | None:
    """Return the number of a status that Winlogbeat's module has put into words."""
    return _STATUS_OF.get(word, word) if word else None


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


def _of_wazuh(record: object) -> _Event | None:
    """Read the event that Wazuh's agent took apart: names begin small, backslashes are doubled."""
    system = _mapping(dig(record, "win.system"))
    if not system:
        return None
    data = {
        name[:1].upper() + name[1:]: value.replace("\\\\", "\\")
        for name, value in _mapping(dig(record, "win.eventdata")).items()
        if isinstance(value, str)
    }
    origin = f"{text(system.get('channel'))} {text(system.get('providerName'))}"
    computer, time = text(system.get("computer")), system.get("systemTime")
    return _Event(text(system.get("eventID")), origin, computer, time, data)


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
        for one in (record.channel, record.log_name, record.source_name, record.provider_name)
        if isinstance(one, str)
    )
    number = text(record.event_id) or text(record.number)
    if number is None or not origin:
        return None
    data = dict(_mapping(record.data)) or {
        field.encode_name: value
        for field in _FIELDS
        if (value := getattr(record, field.name)) is not None
    }
    if "QueryName" not in data and isinstance(record.message, str):
        data.update(_IN_MESSAGE.findall(record.message[:_LONGEST_MESSAGE]))
    names = (record.hostname, record.host_name, record.computer, record.machine)
    computer = next((name for one in names if (name := text(one))), None)
    times = (record.event_time, record.created, record.stamp)
    time = next((one for one in times if one is not None), None)
    return _Event(number, origin, computer, time, data)


_FIELDS = msgspec.structs.fields(_Record)

FORMAT = Format(
    name="sysmon",
    title="Windows DNS events: Sysmon 22, DNS client and server (JSON, XML)",
    read=by_line(parse_line),
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
    window=WINDOW,
)
