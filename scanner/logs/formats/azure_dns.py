r"""Azure DNS security policies' query log (from documentation), as diagnostic JSON or from Log Analytics.

    {"time":"2026-11-20T08:01:02.341Z","category":"DnsResponse","operationName":"RESPONSE_SUCCESS","properties":{"query_name":"api.openai.com.","query_type":"A","srcipaddr":"10.0.0.7","response_code":"0","resolverpolicy_rule_action":"NoMatch"}}

A record is a query and its answer in one. The table DNSQueryLogs has the same fields with other
names, all on one level, and may be CSV with a header. A blocked query is answered by a name of
Azure's own, or not at all.
Reference: https://learn.microsoft.com/azure/azure-monitor/reference/tables/dnsquerylogs
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import msgspec

from scanner.hosts import HostTable
from scanner.logs import OF_DNS, Batch, Format, Tally
from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.lines import Parsed, Refused, Skipped, numbered, of_json
from scanner.logs.values import outcome, record_type, text
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality

_BY_RCODE = {
    "0": Action.ALLOWED,
    "NOERROR": Action.ALLOWED,
    "3": Action.NXDOMAIN,
    "NXDOMAIN": Action.NXDOMAIN,
    "5": Action.BLOCKED,
    "REFUSED": Action.BLOCKED,
}


_TABLE = "DNSQueryLogs"


class _Properties(msgspec.Struct, gc=False):
    """What a diagnostic record says of a query."""

    name: Any = msgspec.field(default=None, name="query_name")
    qtype: Any = msgspec.field(default=None, name="query_type")
    address: Any = msgspec.field(default=None, name="srcipaddr")
    rcode: Any = msgspec.field(default=None, name="response_code")
    verdict: Any = msgspec.field(default=None, name="resolverpolicy_rule_action")


class _Row(msgspec.Struct, gc=False):
    """A diagnostic record, or a row of the table DNSQueryLogs."""

    category: Any = None
    time: Any = None
    properties: _Properties | None = None
    table: Any = msgspec.field(default=None, name="Type")
    generated: Any = msgspec.field(default=None, name="TimeGenerated")
    name: Any = msgspec.field(default=None, name="QueryName")
    qtype: Any = msgspec.field(default=None, name="QueryType")
    address: Any = msgspec.field(default=None, name="SourceIpAddress")
    rcode: Any = msgspec.field(default=None, name="ResponseCode")
    verdict: Any = msgspec.field(default=None, name="ResolverPolicyRuleAction")
    policy: Any = msgspec.field(default=None, name="ResolverPolicyId")
    path: Any = msgspec.field(default=None, name="ResolutionPath")


# Columns that no other table has together.
_MARKS = frozenset({"QueryName", "SourceIpAddress", "ResponseCode"})


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each record about a wanted host."""
    names: list[str] = []
    for number, line in numbered(batches):
        cells = [] if line.startswith(b"{") else _cells(line)
        if cells and {*cells} >= _MARKS:
            names = cells
            tally.ignored["header"] += 1
            continue
        found = (
            _parse_cells(names, cells, hosts, clock) if cells else _parse_json(line, hosts, clock)
        )
        if isinstance(found, Skipped):
            tally.ignored[found.kind] += 1
        elif isinstance(found, Refused):
            tally.reject(number, found.reason, line)
        else:
            for seen in found:
                yield seen._replace(line=number)


def _cells(line: bytes) -> list[str]:
    """Return the cells of a row, names without the zone that exports put behind that of the time."""
    try:
        cells = next(csv.reader([line.decode("utf-8", "backslashreplace")]), [])
    except csv.Error:
        return []
    return [cell.removesuffix(" [UTC]") for cell in cells]


def _parse_cells(names: list[str], cells: list[str], hosts: HostTable, clock: Clock) -> Parsed:
    if len(cells) != len(names):
        return Refused("neither JSON nor a row below a header of DNSQueryLogs")
    fields = {name: cell for name, cell in zip(names, cells, strict=True) if cell}
    return parse(msgspec.convert(fields | {"Type": _TABLE}, _Row), hosts, clock)


def parse(row: _Row, hosts: HostTable, clock: Clock) -> Parsed:
    """Return what one record shows."""
    is_record = row.category == "DnsResponse" and row.properties is not None
    is_row = row.table == _TABLE or any((row.verdict, row.policy, row.path))
    if not is_record and not (is_row and row.name is not None):
        return Refused("neither a DnsResponse nor a row of DNSQueryLogs")
    asked = row.properties if is_record and row.properties is not None else row
    host = hosts[asked.name] if isinstance(asked.name, str) else ""
    if not host:
        return () if host is None else Skipped("record without a host")
    when, quality = _time(row, clock)
    return (
        Observation(
            channel=Channel.DNS,
            value=host,
            ts=when,
            kind=Sighting.DNS_QUERY,
            client=text(asked.address),
            action=_action(asked),
            qtype=record_type(asked.qtype),
            time_quality=quality,
        ),
    )


def _time(row: _Row, clock: Clock) -> Time:
    """Read the time of a record, which is UTC even where it does not say so."""
    written = text(row.time) or text(row.generated)
    if written is None:
        return NO_TIME
    azure = replace(clock, day_is_first=False)  # it writes 1/9/2026 9:41:00 AM, if slashes at all
    time = azure.any(written)
    return azure.any(f"{written}+00:00") if time[1] is TimeQuality.ASSUMED_ZONE else time


def _action(asked: _Properties | _Row) -> Action:
    if outcome(text(asked.verdict)) is Action.BLOCKED:
        return Action.BLOCKED
    rcode = (text(asked.rcode) or "").upper()
    return _BY_RCODE.get(rcode, Action.ERROR) if rcode else Action.UNKNOWN


_parse_json = of_json(_Row, parse)

FORMAT = Format(
    name="azure-dns",
    title="Azure DNS security policy (JSON, CSV)",
    read=read,
    specificity=65,
    proves=OF_DNS,
    reference="https://learn.microsoft.com/azure/azure-monitor/reference/tables/dnsquerylogs",
    sample=(
        b'{"time":"2026-11-20T08:01:02.341Z","resourceId":"/SUBSCRIPTIONS/X/PROVIDERS/MICROSOFT.NETWORK/DNSRESOLVERPOLICIES/P",'
        b'"category":"DnsResponse","operationName":"RESPONSE_SUCCESS","properties":{"version":"1.0",'
        b'"region":"westeurope","query_name":"api.openai.com.","query_type":"A","query_class":"IN",'
        b'"response_code":"0","srcipaddr":"10.0.0.7","srcport":"50000","transport":"UDP","answer":[],'
        b'"resolution_path":"PublicDnsResolution","resolverpolicy_rule_action":"NoMatch"}}\n'
        b'{"TimeGenerated":"2026-11-20T08:01:09.5Z","Type":"DNSQueryLogs","OperationName":"RESPONSE_SUCCESS",'
        b'"QueryName":"chat.deepseek.com.","QueryType":"A","ResponseCode":2,"SourceIpAddress":"10.0.0.8",'
        b'"ResolutionPath":"PolicyResolution","ResolverPolicyRuleAction":"Deny"}\n'
    ),
    window=None,
)
