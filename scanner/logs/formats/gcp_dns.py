r"""Google Cloud DNS query logs, one log entry a line in JSON.

    {"jsonPayload":{"queryName":"api.openai.com.","queryType":"A","responseCode":"NOERROR","sourceIP":"10.0.0.7"},"logName":"projects/p/logs/dns.googleapis.com%2Fdns_queries","resource":{"type":"dns_query"},"timestamp":"2026-11-20T08:01:02.341873447Z"}

An entry is a query and its answer in one. A shipper may have left the payload alone; BigQuery writes
the names of its fields in lower case.
Reference: https://cloud.google.com/dns/docs/monitoring#dns-log-record-format
"""

from __future__ import annotations

from typing import Any

import msgspec

from scanner.hosts import HostTable
from scanner.logs import OF_DNS, Format
from scanner.logs.clock import NO_TIME, Clock
from scanner.logs.lines import Parsed, Refused, Skipped, by_json
from scanner.logs.values import dig, record_type, text
from scanner.model import Action, Channel, Observation, Sighting

_LOG = "dns.googleapis.com"
_BY_RCODE = {
    "NOERROR": Action.ALLOWED,
    "NXDOMAIN": Action.NXDOMAIN,
    "REFUSED": Action.BLOCKED,
}
_NOWHERE = frozenset({"0.0.0.0", "::", "0:0:0:0:0:0:0:0"})  # noqa: S104 - an answer, not a socket


class _Payload(msgspec.Struct, gc=False):
    """What Cloud DNS says of a query."""

    name: Any = msgspec.field(default=None, name="queryName")
    qtype: Any = msgspec.field(default=None, name="queryType")
    rcode: Any = msgspec.field(default=None, name="responseCode")
    address: Any = msgspec.field(default=None, name="sourceIP")
    network: Any = msgspec.field(default=None, name="sourceNetwork")
    machine: Any = msgspec.field(default=None, name="vmInstanceName")
    answers: Any = msgspec.field(default=None, name="rdata")
    structured: Any = msgspec.field(default=None, name="structuredRdata")
    # as exported from BigQuery
    lower_name: Any = msgspec.field(default=None, name="queryname")
    lower_qtype: Any = msgspec.field(default=None, name="querytype")
    lower_rcode: Any = msgspec.field(default=None, name="responsecode")
    lower_address: Any = msgspec.field(default=None, name="sourceip")
    lower_network: Any = msgspec.field(default=None, name="sourcenetwork")
    lower_machine: Any = msgspec.field(default=None, name="vminstancename")

    def take_lower_names(self) -> None:
        """Take the values of names in lower case for those of the usual ones."""
        self.name, self.qtype, self.rcode = self.lower_name, self.lower_qtype, self.lower_rcode
        self.address, self.network = self.lower_address, self.lower_network
        self.machine = self.lower_machine


class _Entry(_Payload, gc=False):
    """A log entry, or the payload of one."""

    payload: _Payload | None = msgspec.field(default=None, name="jsonPayload")
    log: Any = msgspec.field(default=None, name="logName")
    timestamp: Any = None
    received: Any = msgspec.field(default=None, name="receiveTimestamp")


def parse(entry: _Entry, hosts: HostTable, clock: Clock) -> Parsed:
    """Return what one entry shows."""
    asked = entry.payload or entry
    if asked.name is None:
        asked.take_lower_names()
    if asked.name is None:
        if isinstance(entry.log, str) and _LOG in entry.log:
            return Skipped("record without a host")
        return Refused("not an entry of Cloud DNS: no queryName")
    if entry.payload is None and not (asked.network or asked.machine):
        return Refused("not a payload of Cloud DNS: no sourceNetwork and no vmInstanceName")
    host = hosts[asked.name] if isinstance(asked.name, str) else ""
    if not host:
        return () if host is None else Skipped("record without a host")
    if not host.isprintable():
        return Refused("a control character in the name")
    when, quality = clock.any(text(entry.timestamp) or text(entry.received))
    if when is None:
        when, quality = NO_TIME
    return (
        Observation(
            channel=Channel.DNS,
            value=host,
            ts=when,
            kind=Sighting.DNS_QUERY,
            client=text(asked.address) or text(asked.machine),
            action=_action(asked),
            qtype=record_type(asked.qtype),
            time_quality=quality,
        ),
    )


def _action(asked: _Payload) -> Action:
    """What became of a query: a response policy may have answered with an address of nowhere."""
    rcode = (text(asked.rcode) or "").upper()
    answers = asked.answers.split() if isinstance(asked.answers, str) else []
    if isinstance(asked.structured, list):
        answers += [str(dig(one, "rvalue")) for one in asked.structured]
    if not _NOWHERE.isdisjoint(answers):
        return Action.BLOCKED
    return _BY_RCODE.get(rcode, Action.ERROR) if rcode else Action.UNKNOWN


FORMAT = Format(
    name="gcp-dns",
    title="Google Cloud DNS queries (JSON)",
    read=by_json(_Entry, parse),
    specificity=65,
    proves=OF_DNS,
    reference="https://cloud.google.com/dns/docs/monitoring",
    sample=(
        b'{"insertId":"a1","jsonPayload":{"authAnswer":false,"protocol":"UDP","queryName":"api.openai.com.",'
        b'"queryType":"A","rdata":"api.openai.com.\\t300\\tIN\\ta\\t203.0.113.9","responseCode":"NOERROR",'
        b'"serverLatency":14,"sourceIP":"10.0.0.7","sourceNetwork":"default","vmInstanceId":8340998530665147,'
        b'"vmInstanceName":"694119234537.build-1","vmProjectId":"lab"},'
        b'"logName":"projects/lab/logs/dns.googleapis.com%2Fdns_queries",'
        b'"receiveTimestamp":"2026-11-20T08:01:03.502805637Z","resource":{"labels":{"project_id":"lab",'
        b'"source_type":"gce-vm","target_type":"external"},"type":"dns_query"},"severity":"INFO",'
        b'"timestamp":"2026-11-20T08:01:02.341873447Z"}\n'
        b'{"insertId":"a2","jsonPayload":{"protocol":"UDP","queryName":"www.example.org.","queryType":"AAAA",'
        b'"responseCode":"NXDOMAIN","sourceIP":"10.0.0.8","sourceNetwork":"default"},'
        b'"logName":"projects/lab/logs/dns.googleapis.com%2Fdns_queries",'
        b'"resource":{"type":"dns_query"},"timestamp":"2026-11-20T08:01:09.5Z"}\n'
    ),
)
