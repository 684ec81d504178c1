"""Microsoft Sentinel (Log Analytics) exports: ASIM, CommonSecurityLog and DnsEvents, CSV or JSON.

    TimeGenerated [UTC],DeviceVendor,DeviceAction,SentBytes,ReceivedBytes,RequestURL,SourceIP,SourceUserName,Type
    {"TimeGenerated":"2026-11-21T01:58:16Z","Type":"ASimDnsActivityLogs","DnsQuery":"claude.ai","SrcIpAddr":"10.0.0.7","EventResult":"Success"}

The portal writes times as its user's browser does, in UTC: with AM or PM the month comes first. A
dot after a DNS name, ``-`` for unset cells and other tables' columns are usual. An export of
several tables says in ``Type`` whose a record is; those of Defender and of Azure Firewall are read
as their own formats do.
Reference: https://learn.microsoft.com/azure/sentinel/normalization-schema-dns
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from scanner.hosts import HostTable, host_of_url, path_of_url
from scanner.logs import OF_A_PROXY, Batch, Format, Proof, Tally
from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.formats import azure_firewall, defender
from scanner.logs.lines import Parsed, Refused, Skipped, numbered
from scanner.logs.values import count, decoded, outcome, program, text
from scanner.logs.web import answered, sighting
from scanner.model import Action, Channel, Observation, Sighting

_TIME_COLUMN = "TimeGenerated"
# Columns that tell a table, each with one of those that can name a site.
_TABLES = (
    ({"EventSchema", "EventVendor", "EventProduct", "EventResult"}, {"DnsQuery"}),
    (
        {"EventSchema", "EventVendor", "EventProduct", "EventResult"},
        {"Url", "DstHostname", "DstFQDN"},
    ),
    (
        {"DeviceVendor", "DeviceProduct"},
        {"RequestURL", "DestinationHostName", "DestinationDnsDomain"},
    ),
    ({"SubType", "QueryType"}, {"Name"}),
)
_ENDPOINT = "RemoteUrl"  # of Defender's tables
_TYPES = re.compile(
    r"(?:_?ASim|_Im_)?(?:Dns|WebSession|NetworkSession)|CommonSecurityLog|DnsEvents"
)
# Tables that other formats know, and the usual ones that name no site.
_ENDPOINTS = re.compile(r"Device(?:Network)?Events")
_FIREWALLS = re.compile(r"AZFW(?:ApplicationRule|DnsQuery|NetworkRule|Threat)")
_WITHOUT_SITES = re.compile(
    r"Security(?:Event|Alert|Incident)|Syslog|Heartbeat|Usage|Perf|Event|WindowsEvent|Operation"
    r"|SigninLogs|AAD\w+|AuditLogs|AzureActivity|OfficeActivity|BehaviorAnalytics|IdentityInfo"
    r"|Device(?!Network)\w+|Email\w+|ThreatIntel\w+|ASim(?:Audit|Auth|Process|File|Registry|Dhcp)\w*"
)
_US = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4}),? (\d{1,2}):(\d\d):(\d\d)(\.\d+)?\s(AM|PM)", re.IGNORECASE
)
_ZONED = re.compile(r"(?:Z|[+-]\d\d:?\d\d)$")
_QUESTIONS = ("DnsQuery",)
_HOSTS = ("DestinationHostName", "DstFQDN", "DstHostname", "HttpHost", "DstDomain")
_CLIENTS = ("SrcIpAddr", "SourceIP", "ClientIP", "SrcHostname", "SourceHostName")
_USERS = ("SrcUsername", "SourceUserName", "ActorUsername")
_ACTIONS = ("DvcAction", "DeviceAction", "SimplifiedDeviceAction")
_RCODES = ("DnsResponseCodeName", "EventResultDetails", "Result")
_RCODE_NUMBERS = ("DnsResponseCode", "ResultCode")
_NUMBERED = {"0": Action.ALLOWED, "2": Action.ERROR, "3": Action.NXDOMAIN, "5": Action.BLOCKED}
_QTYPES = ("DnsQueryTypeName", "QueryType", "DnsQueryType")
_STATUS = ("HttpStatusCode", "EventOutcome", "EventResultDetails")
_METHODS = ("HttpRequestMethod", "RequestMethod")
_SENT, _RECEIVED = ("SentBytes", "SrcBytes"), ("ReceivedBytes", "DstBytes")
_PROGRAMS = ("SrcProcessName", "SourceProcessName")
_INBOUND = frozenset({"inbound", "0"})

Record = Mapping[str, Any]


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each record about a wanted host."""
    rows = _Rows()
    for number, line in numbered(batches):
        record = rows.record(line)
        found = record if isinstance(record, Skipped | Refused) else parse(record, hosts, clock)
        if isinstance(found, Skipped):
            tally.ignored[found.kind] += 1
        elif isinstance(found, Refused):
            tally.reject(number, found.reason, line)
        else:
            for seen in found:
                yield seen._replace(line=number)


class _Rows:
    """Lines as records: JSON objects, or rows of CSV below the last header."""

    def __init__(self) -> None:
        self._decode = msgspec.json.Decoder(dict[str, Any]).decode
        self._header: list[str] = []
        self._is_mixed = False  # rows say whose they are
        self._line = b""  # the header, which files joined together repeat

    def record(self, line: bytes) -> Record | Skipped | Refused:
        if line[:1] == b"{":
            try:
                record = decoded(self._decode, line)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                return Refused(f"not a JSON record: {error}")
            return _of_table(record)
        cells = _cells(line)
        if cells and len(cells) == len(self._header) and line != self._line:
            row = zip(self._header, cells, strict=True)
            return _of_table({name: cell for name, cell in row if cell}, self._is_mixed)
        names = [_plain(cell) for cell in cells]
        if _is_table(names):
            self._header, self._line = names, line
            self._is_mixed = "Type" in names
            return Skipped("header")
        return Refused("neither JSON nor a row below a header of such a table")


def _of_table(record: Record, is_row: bool = False) -> Record | Skipped | Refused:
    """Return a record of a table that is read; another's is left out, or another format's."""
    table = record.get("Type")
    if table is None:
        return record if is_row or _is_table(record) else Refused("not of such a table")
    if _TIME_COLUMN in record and isinstance(table, str):
        if _TYPES.match(table) or _ENDPOINTS.fullmatch(table) or _FIREWALLS.match(table):
            return record
        if _WITHOUT_SITES.fullmatch(table):
            return Skipped("record of another table")
    return Refused("not of such a table")


def _is_table(names: Iterable[str]) -> bool:
    known = set(names)
    if _TIME_COLUMN not in known or (_ENDPOINT in known and "Type" not in known):
        return False
    return any(told & known and sites & known for told, sites in _TABLES)


def _plain(name: str) -> str:
    return name.strip().removesuffix(" [UTC]")


def _cells(line: bytes) -> list[str]:
    shown = line.decode("utf-8", "backslashreplace").removeprefix("\ufeff")
    if '"' not in shown:
        return shown.split(",")
    try:
        return next(csv.reader([shown]), [])
    except csv.Error:
        return []


def parse(record: Record, hosts: HostTable, clock: Clock) -> Parsed:
    """Return what a record shows about a wanted host."""
    table = _said(record, "Type") or ""
    if _ENDPOINTS.fullmatch(table):
        return defender.event_of(record, hosts, clock)
    if _FIREWALLS.match(table):
        return azure_firewall.parse(azure_firewall.flat(dict(record)), hosts, clock)
    if (_said(record, "SubType") or "LookupQuery") != "LookupQuery":  # of DnsEvents
        return Skipped("no query of a client")
    asked = _asked(record)
    host = hosts[asked] if asked else _site(record, hosts)
    if host is None:
        return ()
    if not host:
        return Skipped("record without a host")
    direction = _said(record, "NetworkDirection", "CommunicationDirection") or ""
    if direction.lower() in _INBOUND:
        return Skipped("inbound connection")
    return (_ask(record, host, clock) if asked else _observe(record, host, clock),)


def _said(record: Record, *names: str) -> str | None:
    return next((said for name in names if (said := text(record.get(name)))), None)


def _asked(record: Record) -> str | None:
    """Return the name that a DNS record asks for."""
    if "QueryType" in record or "SubType" in record:
        return _said(record, "Name", *_QUESTIONS)
    is_dns = (_said(record, "ApplicationProtocol") or "").upper() == "DNS"
    return _said(record, *_QUESTIONS, *(("DestinationDnsDomain",) if is_dns else ()))


def _url(record: Record) -> str | None:
    return _said(record, "RequestURL", "Url")


def _raw(words: str | None) -> bytes:
    return (words or "").encode("utf-8", "surrogatepass")


def _site(record: Record, hosts: HostTable) -> str | None:
    url = _url(record)
    site = host_of_url(_raw(_said(record, *_HOSTS) if not url or url.startswith("/") else url))
    host = hosts[site]
    if host is None and url:
        return hosts.of_api(_raw(url), _method(record), site)
    return host


def _method(record: Record) -> str | None:
    return (_said(record, *_METHODS) or "").upper() or None


def _ask(record: Record, host: str, clock: Clock) -> Observation:
    when, quality = _time(record, clock)
    blocked = outcome(_said(record, *_ACTIONS)) is Action.BLOCKED
    words = [_said(record, name) for name in (*_RCODES, "EventResult")]
    words += [_code_in(record)]
    said = next((action for word in words if (action := outcome(word))), None)
    said = said or _NUMBERED.get(_said(record, *_RCODE_NUMBERS) or "", Action.UNKNOWN)
    return Observation(
        channel=Channel.DNS,
        value=host,
        ts=when,
        kind=Sighting.DNS_QUERY,
        client=_said(record, *_CLIENTS),
        user=_said(record, *_USERS),
        action=Action.BLOCKED if blocked else said,
        qtype=_said(record, *_QTYPES),
        time_quality=quality,
        process=program(_said(record, *_PROGRAMS)),
    )


def _code_in(record: Record) -> str | None:
    """Return the code at the end of an activity: DNS Response IN A NXDOMAIN."""
    return (_said(record, "Activity") or "").rpartition(" ")[2] or None


def _observe(record: Record, host: str, clock: Clock) -> Observation:
    when, quality = _time(record, clock)
    url, method = _url(record), _method(record)
    path = path_of_url(_raw(url)) if url else None
    kind, channel = Sighting.NAME, Channel.FLOW
    if url or method:
        kind, channel = sighting(url, path, method)
    is_page = kind is Sighting.HTTP_URL
    # PAN-OS fills its CEF fields the other way round.
    is_turned = _said(record, "DeviceVendor") == "Palo Alto Networks"
    sent, received = (_RECEIVED, _SENT) if is_turned else (_SENT, _RECEIVED)
    users = ("DestinationUserName",) if _said(record, "DeviceVendor") == "Fortinet" else ()
    return Observation(
        channel=channel,
        value=host,
        ts=when,
        kind=kind,
        client=_said(record, *_CLIENTS),
        user=_said(record, *_USERS, *users),
        action=_action(record),
        bytes_up=count(_said(record, *sent)),
        bytes_down=count(_said(record, *received)),
        path=path if is_page else None,
        time_quality=quality,
        method=method if is_page else None,
        process=program(_said(record, *_PROGRAMS)),
    )


def _action(record: Record) -> Action:
    decided = next((action for name in _ACTIONS if (action := outcome(_said(record, name)))), None)
    if decided is Action.BLOCKED:
        return decided
    for name in _STATUS:
        if status := answered(_said(record, name)):
            return status
    result = outcome(_said(record, "EventResult", "EventOutcome"))
    return decided or result or Action.UNKNOWN


def _time(record: Record, clock: Clock) -> Time:
    """Read a time, which is UTC even where it does not say so."""
    written = _said(record, _TIME_COLUMN)
    if written is None:
        return NO_TIME
    if found := _US.fullmatch(written):
        month, day, year, hour, minute, second, part, half = found.groups()
        hours = int(hour) % 12 + (12 if half.upper() == "PM" else 0)
        return clock.iso(
            f"{year}-{int(month):02d}-{int(day):02d}T{hours:02d}:{minute}:{second}{part or ''}+00:00"
        )
    plain = written.replace(", ", " ")
    return clock.any(plain if _ZONED.search(plain) else f"{plain} UTC")


FORMAT = Format(
    name="sentinel",
    title="Microsoft Sentinel exports (ASIM, CommonSecurityLog, DnsEvents)",
    read=read,
    specificity=60,
    proves=OF_A_PROXY | {Proof.PROCESS},
    reference="https://learn.microsoft.com/azure/sentinel/normalization-schema-dns",
    sample=(
        b"TimeGenerated [UTC],DeviceVendor,DeviceProduct,DeviceAction,DestinationHostName,SentBytes,ReceivedBytes,"
        b"RequestURL,RequestMethod,SourceIP,SourceUserName,Type\n"
        b'"11/21/2026, 1:58:16 AM",Zscaler,NSSWeblog,Allowed,api.openai.com,18120,5120,'
        b"https://api.openai.com/v1/responses,POST,10.0.0.7,ana@corp.example,CommonSecurityLog\n"
        b'"11/21/2026, 1:58:17 AM",Fortinet,Fortigate,blocked,chat.deepseek.com,310,0,-,-,10.0.0.8,-,CommonSecurityLog\n'
        b'{"TimeGenerated":"2026-11-21T01:58:18Z","Type":"ASimDnsActivityLogs","EventVendor":"Infoblox",'
        b'"DnsQuery":"claude.ai","DnsQueryTypeName":"A","SrcIpAddr":"10.0.0.9","EventResult":"Success"}\n'
    ),
    window=None,
)
