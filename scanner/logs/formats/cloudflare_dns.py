"""Cloudflare Gateway's DNS log, as Logpush delivers it: JSON lines.

    {"Datetime":"2026-11-20T08:01:02Z","DeviceName":"laptop-ana","Email":"ana@corp.example","QueryName":"api.openai.com","QueryTypeName":"A","RCode":0,"ResolverDecision":"allowedOnNoPolicyMatch","SrcIP":"10.0.0.7"}

The logs of a zone and of the DNS firewall name who asked the customer's own name servers, and
nobody's visit: their records are ignored, with that reason. Times are RFC 3339, seconds or
nanoseconds, as the job was told. Decisions written as numbers are from documentation.
Reference: https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/account/gateway_dns/
"""

from __future__ import annotations

from typing import Any

import msgspec

from scanner.hosts import HostTable
from scanner.logs import OF_DNS, Format, Proof
from scanner.logs.clock import Clock
from scanner.logs.lines import Parsed, Refused, Skipped, by_json
from scanner.logs.values import outcome, record_type, text
from scanner.model import Action, Channel, Observation, Sighting

_ACTION_OF_RCODE = {"2": Action.ERROR, "3": Action.NXDOMAIN, "5": Action.BLOCKED}
_DECISIONS = {
    "allowed": frozenset({"1", "4", "5", "10", "7", "overrideforsafesearch"}),
    "blocked": frozenset({"2", "3", "6", "9"}),
}


class Record(msgspec.Struct, gc=False, rename="pascal"):
    """The fields that are needed; the values may be of any type."""

    query_name: Any = None
    resolver_decision: Any = None
    query_name_reversed: Any = None
    datetime: Any = None
    device_name: Any = None
    email: Any = None
    r_code: Any = None
    query_type_name: Any = None
    query_type: Any = None
    src_ip: Any = msgspec.field(default=None, name="SrcIP")
    # of the logs that name servers write
    timestamp: Any = None
    source_ip: Any = msgspec.field(default=None, name="SourceIP")
    response_code: Any = None
    client_response_code: Any = None


def parse(record: Record, hosts: HostTable, clock: Clock) -> Parsed:
    """Return the question that a record shows."""
    if _is_of_a_name_server(record):
        return Skipped("record of a name server, not of a resolver")
    marks = (record.resolver_decision, record.query_name_reversed, record.src_ip)
    is_of_gateway = any(mark is not None for mark in marks) and record.datetime is not None
    if not is_of_gateway or not isinstance(record.query_name, str):
        return Refused("not a Gateway DNS record: no QueryName and Datetime, or nothing of Gateway")
    host = hosts[record.query_name]
    if host is None:
        return ()
    if not host:
        return Skipped("record without a host")
    when, quality = clock.any(record.datetime)
    seen = Observation(
        channel=Channel.DNS,
        value=host,
        ts=when,
        kind=Sighting.DNS_QUERY,
        client=text(record.src_ip) or text(record.device_name),
        user=person(record.email),
        action=_action(text(record.resolver_decision) or "", text(record.r_code) or ""),
        qtype=text(record.query_type_name) or record_type(record.query_type),
        time_quality=quality,
    )
    return (seen,)


def person(email: object) -> str | None:
    """Return the user that a Gateway record names; devices enrolled by a token have none."""
    named = text(email)
    return None if named is None or named.lower().startswith("non_identity@") else named


def _is_of_a_name_server(record: Record) -> bool:
    answers = record.response_code is not None or record.client_response_code is not None
    return (
        answers
        and record.resolver_decision is None
        and isinstance(record.query_name, str)
        and (isinstance(record.source_ip, str) or _has_codes(record))
        and (record.timestamp is not None or record.datetime is not None)
    )


def _has_codes(record: Record) -> bool:
    """Whether type and outcome are numbers, as they are in the log of a zone without its clients."""
    return isinstance(record.query_type, int) and isinstance(record.response_code, int)


def _action(decision: str, rcode: str) -> Action:
    word = decision.lower()
    if word in _DECISIONS["blocked"]:
        return Action.BLOCKED
    said = Action.ALLOWED if word in _DECISIONS["allowed"] else outcome(word)
    if said is Action.ALLOWED or not word:
        return _ACTION_OF_RCODE.get(rcode, Action.ALLOWED if word else Action.UNKNOWN)
    return said or Action.UNKNOWN  # an override answers with an address of the customer's choice


FORMAT = Format(
    name="cloudflare-dns",
    title="Cloudflare Gateway DNS (Logpush)",
    read=by_json(Record, parse),
    specificity=60,
    proves=OF_DNS | {Proof.USER},
    reference="https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/account/gateway_dns/",
    sample=(
        b'{"ColoCode":"FRA","Datetime":"2026-11-20T08:01:02Z","DeviceName":"laptop-ana",'
        b'"Email":"ana@corp.example","Policy":"","Protocol":"https","QueryName":"api.openai.com",'
        b'"QueryNameReversed":"com.openai.api","QueryType":1,"QueryTypeName":"A","RCode":0,'
        b'"ResolverDecision":"allowedOnNoPolicyMatch","SrcIP":"10.0.0.7","SrcPort":0}\n'
        b'{"ColoCode":"FRA","Datetime":"2026-11-20T08:01:09Z","DeviceName":"","Email":"",'
        b'"Policy":"7bdc7a9c","Protocol":"udp","QueryName":"chat.deepseek.com",'
        b'"QueryNameReversed":"com.deepseek.chat","QueryType":28,"QueryTypeName":"AAAA","RCode":0,'
        b'"ResolverDecision":"blockedByCategory","SrcIP":"10.0.0.8","SrcPort":0}\n'
    ),
)
