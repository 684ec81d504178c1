"""dnstap, as JSON lines or as text: what a name server's clients asked, and what they were answered.

    {"type":"CLIENT_QUERY","client":"10.0.0.7","port":57042,"time":"1795226310.136000000","id":14219,"name":"api.openai.com","qtype":"A"}
    {"dnstap":{"operation":"CLIENT_QUERY","timestamp-rfc3339ns":"2026-11-21T01:58:30.136Z"},"network":{"query-ip":"10.0.0.7","query-port":"57042"},"dns":{"id":14219,"qname":"api.openai.com","qtype":"A","rcode":"NOERROR"}}
    21-Nov-2026 01:58:30.136 CQ 10.0.0.7:57042 -> 10.0.0.1:53 UDP 43b api.openai.com/IN/A

The first is what frames become here, the second DNS-collector's (from documentation), the third
what ``dnstap-read`` prints, which leaves out the outcome and numbers no message. A query and its response are one use; servers that log responses alone (BIND often does) are
read by these. A policy that answers in place of the name, or an answer of 0.0.0.0, is a block.
Reference: https://github.com/dnstap/dnstap.pb/blob/master/dnstap.proto
"""

from __future__ import annotations

import re
from typing import Any

from scanner.hosts import HostTable
from scanner.logs import OF_DNS, Format
from scanner.logs.answers import Answer, Outcome, Question, by_line
from scanner.logs.clock import NO_TIME, Clock
from scanner.logs.lines import Refused, Skipped, of_json
from scanner.logs.values import dig, text
from scanner.model import Action, Channel, Observation, Sighting

_KINDS = ("AUTH", "RESOLVER", "FORWARDER", "STUB", "TOOL", "UPDATE")
_OF_SERVERS = frozenset(f"{kind}_{end}" for kind in _KINDS for end in ("QUERY", "RESPONSE"))
_PRINTED = re.compile(
    rb"(\d{1,2}-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d(?:\.\d+)?) ([A-Z])([QR]) "
    rb"(\S{1,60}):(\d{1,5}) (?:->|<-) \S{1,60}:\d{1,5} [A-Z]\w{2,4} \d{1,6}b (\S{1,1100})/\w+/(\w+)"
)
_SIDES = {"Q": "CLIENT_QUERY", "R": "CLIENT_RESPONSE"}
_LETS_PASS = ("PASS", "TRUNCATE")
_NOWHERE = ("0.0.0.0", "::")  # noqa: S104 - no address to listen on, but a block's answer
_OUTCOMES = {
    "NOERROR": Action.ALLOWED,
    "NXDOMAIN": Action.NXDOMAIN,
    "REFUSED": Action.BLOCKED,
}


def parse_line(line: bytes, hosts: HostTable, clock: Clock) -> Outcome:
    """Return the question or the answer that a line shows."""
    if line.startswith(b"{"):
        return _parse_json(line, hosts, clock)
    found = _PRINTED.fullmatch(line.rstrip())
    if found is None:
        return Refused("neither a dnstap message in JSON nor one as dnstap-read prints it")
    time, who, side, client, port, name, qtype = (
        part.decode("ascii", "backslashreplace") for part in found.groups()
    )
    if who != "C":
        return Skipped("message between servers")
    message = {"type": _SIDES[side], "client": client, "port": port, "name": name, "qtype": qtype}
    return parse(message | {"time": time}, hosts, clock)


def _collected(record: dict[str, Any]) -> dict[str, Any]:
    """Return a message of DNS-collector under the names of this format."""
    named = {
        "type": "dnstap.operation",
        "time": "dnstap.timestamp-rfc3339ns",
        "client": "network.query-ip",
        "port": "network.query-port",
        "id": "dns.id",
        "name": "dns.qname",
        "qtype": "dns.qtype",
        "rcode": "dns.rcode",
    }
    return {name: dig(record, path) for name, path in named.items()}


def parse(record: dict[str, Any], hosts: HostTable, clock: Clock) -> Outcome:
    """Return the question or the answer that a record shows."""
    if "dnstap" in record or "dnstap.operation" in record:
        record = _collected(record)
    kind = record.get("type")
    if kind not in ("CLIENT_QUERY", "CLIENT_RESPONSE"):
        if isinstance(kind, str) and kind in _OF_SERVERS:
            return Skipped("message between servers")
        return Refused("no dnstap message")
    name = record.get("name")
    host = hosts[name] if isinstance(name, str) else ""
    if host is None:
        return ()
    if not host:
        return Skipped("message without a question")
    key = (*(text(record.get(part)) for part in ("client", "port", "id", "qtype")), host)
    seen = _observe(record, host, clock)
    if kind == "CLIENT_QUERY":
        return Question(key, seen)
    return Answer(key, seen._replace(action=_action(record)))


def _observe(record: dict[str, Any], host: str, clock: Clock) -> Observation:
    when = text(record.get("time"))
    time, quality = clock.any(when) if when else NO_TIME
    return Observation(
        channel=Channel.DNS,
        value=host,
        ts=time,
        kind=Sighting.DNS_QUERY,
        client=text(record.get("client")),
        qtype=text(record.get("qtype")),
        time_quality=quality,
    )


def _action(record: dict[str, Any]) -> Action:
    policy = text(record.get("policy"))
    if (policy and policy not in _LETS_PASS) or text(record.get("address")) in _NOWHERE:
        return Action.BLOCKED
    rcode = text(record.get("rcode"))
    return _OUTCOMES.get(rcode, Action.ERROR) if rcode else Action.UNKNOWN


_parse_json = of_json(dict[str, Any], parse)

FORMAT = Format(
    name="dnstap",
    title="dnstap (BIND, Unbound, Knot, dnsdist)",
    read=by_line(parse_line),
    specificity=75,
    proves=OF_DNS,
    reference="https://github.com/dnstap/dnstap.pb/blob/master/dnstap.proto",
    sample=(
        b'{"type":"CLIENT_QUERY","client":"10.0.0.7","port":57042,"time":"1795226310.136000000",'
        b'"id":14219,"name":"api.openai.com","qtype":"A"}\n'
        b'{"type":"CLIENT_RESPONSE","client":"10.0.0.7","port":57042,"time":"1795226310.149000000",'
        b'"id":14219,"name":"api.openai.com","qtype":"A","rcode":"NOERROR","address":"203.0.113.7"}\n'
        b'{"type":"RESOLVER_QUERY"}\n'
        b'{"type":"CLIENT_RESPONSE","client":"2001:db8::7","port":40110,"time":"1795226311.201464480",'
        b'"id":5632,"name":"claude.ai","qtype":"HTTPS","rcode":"NXDOMAIN","policy":"NXDOMAIN"}\n'
    ),
    window=2000,
)
