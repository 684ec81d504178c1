r"""Azure Firewall's application rules and DNS proxy: diagnostic JSON, and exports of Log Analytics.

    {"category":"AZFWApplicationRule","properties":{"Action":"Allow","Fqdn":"api.openai.com","Protocol":"HTTPS","SourceIp":"10.0.0.7","TargetUrl":""},"time":"2026-11-20T08:01:02.8494370Z"}
    {"category":"AzureFirewallApplicationRule","properties":{"msg":"HTTPS request from 10.0.0.7:56029 to claude.ai:443. Action: Deny. No rule matched. Proceeding with default action"},"time":"2026-11-20T08:01:02.2140990Z"}
    {"category":"AzureFirewallDnsProxy","properties":{"msg":"DNS Request: 10.0.0.7:61248 - 6513 A IN claude.ai. udp 43 false 512 NOERROR qr,rd,ra 145 0.002846368s"},"time":"2026-11-20T08:01:02.0527790Z"}

Exports (from documentation) are CSV with a header or JSON, the properties as columns, in the table
AzureDiagnostics with ``_s`` behind their names. An HTTPS rule sees the name alone, unless it
inspects TLS. A failed lookup may name its type ``A:``; one without a client is about the
firewall's own question upstream. Threat intelligence denies before any rule is asked. Times are UTC.
Reference: https://learn.microsoft.com/azure/firewall/monitor-firewall-reference
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

import msgspec

from scanner.hosts import HostTable, host_of_url, path_of_url
from scanner.logs import OF_DNS, Batch, Format, Proof, Tally
from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.lines import Parsed, Refused, Skipped, numbered
from scanner.logs.values import decoded, outcome, text
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality

_RULES = frozenset({"azfwapplicationrule", "azurefirewallapplicationrule"})
_LOOKUPS = frozenset({"azfwdnsquery", "azurefirewalldnsproxy"})
_THREATS = "azfwthreatintel"
_FAMILIES = ("azfw", "azurefirewall")
# Tables of other services, which lie beside these in one export and name no site.
_OTHERS = frozenset(
    {"signinlogs", "noninteractiveusersigninlogs", "serviceprincipalsigninlogs", "auditlogs"}
    | {"azureactivity", "azuremetrics", "heartbeat", "perf", "usage", "securityevent", "event"}
    | {"administrative", "policy", "servicehealth", "recommendation", "autoscale", "allmetrics"}
    | {
        "networksecuritygroupevent",
        "networksecuritygrouprulecounter",
        "kube-audit",
        "kube-apiserver",
    }
    | {"kube-audit-admin", "kube-controller-manager", "kube-scheduler", "guard", "auditevent"}
)
_SUFFIX = re.compile(r"(?:_[sdgbt]|\s*\[utc\])$")
_LONGEST_MESSAGE = 8000
_LONGEST_NAME = 100
_REQUEST = re.compile(
    r"\w+ +request from (\S+?):\d+(?: to (\S+?):\d+)?\.(?: Url: (\S+)\.)? (?:.*? )?Action: (\w+)"
)
_REQUEST_NAMES = ("sourceip", "fqdn", "targeturl", "action")
_QUESTION = re.compile(r"DNS Request: (\S+):\d+ - \d+ (\S+) \w+ (\S+) \w+ \d+ \w+ \d+ (\w+) ")
_QUESTION_NAMES = ("sourceip", "querytype", "queryname", "responsecode")
_UNRESOLVED = "failed to resolve"
_BY_RCODE = {
    "NOERROR": Action.ALLOWED,
    "NXDOMAIN": Action.NXDOMAIN,
    "REFUSED": Action.BLOCKED,
}
# What tells a header, and a record whose table is not named.
_OF_RULES = frozenset({"fqdn", "targeturl"})
_OF_LOOKUPS = frozenset({"queryname", "edns0buffersize"})
_HEADERS = (_OF_RULES, _OF_LOOKUPS, frozenset({"msg", "category"}))
Fields = dict[str, Any]


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each record about a wanted host."""
    rows = _Rows()
    for number, line in numbered(batches):
        fields = rows.fields(line)
        found = rows.parse(fields, hosts, clock) if isinstance(fields, dict) else fields
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
        self._decode = msgspec.json.Decoder(Fields).decode
        self._header: list[str] = []
        self._is_of_firewall = False

    def parse(self, fields: Fields, hosts: HostTable, clock: Clock) -> Parsed:
        """Return what a record shows; those of other services count below one of the firewall."""
        found = parse(fields, hosts, clock)
        if not isinstance(found, Refused):
            self._is_of_firewall = True
        elif self._is_of_firewall and _name_of_table(fields) in _OTHERS:
            return Skipped("record of another service")
        return found

    def fields(self, line: bytes) -> Fields | Skipped | Refused:
        """Return the fields of a record by their plain names."""
        if line[:1] == b"{":
            try:
                return flat(decoded(self._decode, line))
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                return Refused(f"not a JSON record: {error}")
        cells = _cells(line)
        names = [_plain(cell) for cell in cells]
        if "timegenerated" in names and any(some <= {*names} for some in _HEADERS):
            self._header = names
            return Skipped("header")
        if not cells or len(cells) != len(self._header):
            return Refused("neither JSON nor a row below a header of Azure Firewall")
        return dict(zip(self._header, cells, strict=True))


def _cells(line: bytes) -> list[str]:
    shown = line.decode("utf-8", "backslashreplace")
    try:
        return next(csv.reader([shown], skipinitialspace=True), [])
    except csv.Error:
        return []


@lru_cache(maxsize=1000)
def _plain(name: str) -> str:
    """Return a field's name in lower case, without what exports put behind it."""
    return _SUFFIX.sub("", name.strip().lower()) if len(name) < _LONGEST_NAME else name


def flat(record: Fields) -> Fields:
    """Return a record with its properties beside its own fields."""
    flat = {_plain(name): value for name, value in record.items()}
    properties = flat.get("properties")
    if isinstance(properties, str):
        properties = msgspec.json.decode(properties)
    if isinstance(properties, dict):
        flat |= {_plain(name): value for name, value in properties.items()}
    return flat


def _name_of_table(fields: Fields) -> str:
    return (text(fields.get("category")) or text(fields.get("type")) or "").lower()


def _table_of(fields: Fields) -> str:
    """Return which kind of record it is; "" if it is none of Azure Firewall's."""
    named = _name_of_table(fields)
    if named.startswith(_FAMILIES):
        return named
    if named:
        return ""
    if fields.keys() >= _OF_RULES:
        return "azfwapplicationrule"
    return "azfwdnsquery" if fields.keys() >= _OF_LOOKUPS else ""


def parse(fields: Fields, hosts: HostTable, clock: Clock) -> Parsed:
    """Return what one record shows; ``fields`` go by their names in lower case, without suffix."""
    table = _table_of(fields)
    if not table:
        return Refused("not a record of Azure Firewall")
    if table in _RULES or (table == _THREATS and _verdict(fields) is Action.BLOCKED):
        return _rule(_said(fields, _REQUEST, _REQUEST_NAMES), hosts, clock)
    if table in _LOOKUPS:
        return _lookup(_said(fields, _QUESTION, _QUESTION_NAMES), hosts, clock)
    return Skipped("other record of the firewall")


def _said(fields: Fields, pattern: re.Pattern[str], names: tuple[str, ...]) -> Fields:
    """Return the fields, with those that older records hold in one message."""
    message = fields.get("msg")
    if not isinstance(message, str):
        return fields
    found = pattern.match(message[:_LONGEST_MESSAGE])
    return fields | dict(zip(names, found.groups(), strict=True)) if found else fields


def _rule(fields: Fields, hosts: HostTable, clock: Clock) -> Parsed:
    url = _raw(fields, "targeturl") or _raw(fields, "url")
    named = _raw(fields, "fqdn")
    host = hosts[host_of_url(url) if url else named]
    if not host:
        return () if host is None else Skipped("record without a host")
    path = path_of_url(url) if url else None
    when, quality = _time(fields, clock)
    return (
        Observation(
            channel=Channel.PROXY,
            value=host,
            ts=when,
            kind=Sighting.HTTP_URL if path else Sighting.HTTP_CONNECT,
            client=text(fields.get("sourceip")),
            action=_verdict(fields),
            path=path,
            time_quality=quality,
        ),
    )


def _raw(fields: Fields, name: str) -> bytes:
    return (text(fields.get(name)) or "").encode("utf-8", "surrogatepass")


def _verdict(fields: Fields) -> Action:
    why = f"{fields.get('actionreason')} {fields.get('msg')}"[:_LONGEST_MESSAGE].lower()
    action = outcome(text(fields.get("action"))) or Action.UNKNOWN
    return Action.ERROR if action is Action.BLOCKED and _UNRESOLVED in why else action


def _lookup(fields: Fields, hosts: HostTable, clock: Clock) -> Parsed:
    name, client = text(fields.get("queryname")), text(fields.get("sourceip"))
    host = hosts[(name or "").encode("utf-8", "surrogatepass")]
    if not host:
        return () if host is None else Skipped("record without a host")
    if client is None and text(fields.get("errormessage")):
        return Skipped("error of the firewall's own question")
    when, quality = _time(fields, clock)
    qtype = text(fields.get("querytype"))
    return (
        Observation(
            channel=Channel.DNS,
            value=host,
            ts=when,
            kind=Sighting.DNS_QUERY,
            client=client,
            action=_answer(fields),
            qtype=qtype and qtype.rstrip(":"),
            time_quality=quality,
        ),
    )


def _answer(fields: Fields) -> Action:
    rcode = (text(fields.get("responsecode")) or "").upper()
    if rcode in _BY_RCODE:
        return _BY_RCODE[rcode]
    return Action.ERROR if rcode or text(fields.get("errormessage")) else Action.UNKNOWN


def _time(fields: Fields, clock: Clock) -> Time:
    """Read the time of a record, which is UTC even where it does not say so."""
    written = text(fields.get("time")) or text(fields.get("timegenerated"))
    if written is None:
        return NO_TIME
    azure = replace(clock, day_is_first=False)  # it writes 1/9/2026 9:41:00 AM, if slashes at all
    time = azure.any(written)
    return azure.any(f"{written}+00:00") if time[1] is TimeQuality.ASSUMED_ZONE else time


FORMAT = Format(
    name="azure-firewall",
    title="Azure Firewall application rules and DNS proxy",
    read=read,
    specificity=65,
    proves=OF_DNS | {Proof.PATH},
    reference="https://learn.microsoft.com/azure/firewall/monitor-firewall-reference",
    sample=(
        b'{"category":"AZFWApplicationRule","properties":{"Action":"Allow","ActionReason":"","DestinationIp":"",'
        b'"DestinationPort":443,"Fqdn":"api.openai.com","IsExplicitProxyRequest":false,"IsTlsInspected":false,'
        b'"Policy":"p","Protocol":"HTTPS","Rule":"r","SourceIp":"10.0.0.7","SourcePort":50000,"TargetUrl":"",'
        b'"WebCategory":"ArtificialIntelligence"},"time":"2026-11-20T08:01:02.8494370Z"}\n'
        b'{"category":"AzureFirewallApplicationRule","operationName":"AzureFirewallApplicationRuleLog",'
        b'"properties":{"msg":"HTTPS request from 10.0.0.8:56029 to claude.ai:443. Action: Deny. '
        b'No rule matched. Proceeding with default action"},"time":"2026-11-20T08:01:03.2140990Z"}\n'
        b'{"category":"AZFWDnsQuery","properties":{"ErrorMessage":"","ErrorNumber":0,"Protocol":"udp",'
        b'"QueryClass":"IN","QueryId":35817,"QueryName":"chatgpt.com.","QueryType":"A","ResponseCode":"NOERROR",'
        b'"SourceIp":"10.0.0.9","SourcePort":47785},"time":"2026-11-20T08:01:04.8623870Z"}\n'
    ),
    window=None,
)
