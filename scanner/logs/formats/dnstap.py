"""dnstap, as JSON lines: what a name server's clients asked, and what they were answered.

    {"type":"CLIENT_QUERY","client":"10.0.0.7","port":57042,"time":"1795226310.136000000","id":14219,"name":"api.openai.com","qtype":"A"}

A query and its response are one use; servers that log responses alone (BIND often does) are
read by these. A policy that answers in place of the name, or an answer of 0.0.0.0, is a block.
Reference: https://github.com/dnstap/dnstap.pb/blob/master/dnstap.proto
"""

from __future__ import annotations

from typing import Any

from scanner.hosts import HostTable
from scanner.logs import OF_DNS, Format
from scanner.logs.answers import Answer, Outcome, Question, by_json
from scanner.logs.clock import NO_TIME, Clock
from scanner.logs.lines import Refused, Skipped
from scanner.logs.values import text
from scanner.model import Action, Channel, Observation, Sighting

_KINDS = ("AUTH", "RESOLVER", "FORWARDER", "STUB", "TOOL", "UPDATE")
_OF_SERVERS = frozenset(f"{kind}_{end}" for kind in _KINDS for end in ("QUERY", "RESPONSE"))
_LETS_PASS = ("PASS", "TRUNCATE")
_NOWHERE = ("0.0.0.0", "::")  # noqa: S104 - no address to listen on, but a block's answer
_OUTCOMES = {
    "NOERROR": Action.ALLOWED,
    "NXDOMAIN": Action.NXDOMAIN,
    "REFUSED": Action.BLOCKED,
}


def parse(record: dict[str, Any], hosts: HostTable, clock: Clock) -> Outcome:
    """Return the question or the answer that a record shows."""
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
    time, quality = clock.epoch(when) if when else NO_TIME
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


FORMAT = Format(
    name="dnstap",
    title="dnstap (BIND, Unbound, Knot, dnsdist)",
    read=by_json(parse),
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
