"""Cloudflare Gateway's network log, as Logpush delivers it: JSON lines, one session a line.

    {"Action":"forward","Datetime":"2026-11-20T08:01:02Z","DestinationIP":"203.0.113.9","DestinationPort":443,"DeviceName":"laptop-ana","Email":"ana@corp.example","SNI":"claude.ai","SourceIP":"10.0.0.7","Transport":"tcp"}

The words for the actions other than ``forward`` are from documentation.
Reference: https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/account/gateway_network/
"""

from __future__ import annotations

from typing import Any

import msgspec

from scanner.hosts import HostTable
from scanner.logs import Format, Proof
from scanner.logs.clock import Clock
from scanner.logs.formats.cloudflare_dns import person
from scanner.logs.lines import Parsed, Refused, Skipped, by_json
from scanner.logs.values import outcome, text
from scanner.model import Action, Channel, Observation, Sighting

_LETS_PASS = frozenset({"forward", "forwarded", "egress", "noegress", "off", "l4_off"})


class Record(msgspec.Struct, gc=False, rename="pascal"):
    """The fields that are needed; the values may be of any type."""

    sni: Any = msgspec.field(default=msgspec.UNSET, name="SNI")
    action: Any = None
    destination_ip: Any = msgspec.field(default=None, name="DestinationIP")
    session_id: Any = msgspec.field(default=None, name="SessionID")
    datetime: Any = None
    device_name: Any = None
    email: Any = None
    source_ip: Any = msgspec.field(default=None, name="SourceIP")
    internal_ip: Any = msgspec.field(default=None, name="SourceInternalIP")
    transport: Any = None
    transport_protocol: Any = None


def parse(record: Record, hosts: HostTable, clock: Clock) -> Parsed:
    """Return the session that a record shows, if it says for which site."""
    is_session = record.destination_ip is not None or record.session_id is not None
    if record.sni is msgspec.UNSET or record.action is None or record.datetime is None:
        return Refused("not a Gateway network record: no SNI, Action and Datetime")
    if not is_session:
        return Refused("not a Gateway network record: no DestinationIP and no SessionID")
    host = hosts[record.sni if isinstance(record.sni, str) else ""]
    if host is None:
        return ()
    if not host:
        return Skipped("session without a name")
    when, quality = clock.any(record.datetime)
    seen = Observation(
        channel=Channel.TLS,
        value=host,
        ts=when,
        kind=_kind(text(record.transport_protocol) or text(record.transport) or ""),
        client=text(record.internal_ip) or text(record.source_ip) or text(record.device_name),
        user=person(record.email),
        action=_action((text(record.action) or "").lower()),
        time_quality=quality,
    )
    return (seen,)


def _kind(transport: str) -> Sighting:
    """A name in a session over UDP can be QUIC's alone."""
    return Sighting.QUIC_SNI if transport.lower() in ("quic", "udp") else Sighting.TLS_SNI


def _action(word: str) -> Action:
    return Action.ALLOWED if word in _LETS_PASS else outcome(word) or Action.UNKNOWN


FORMAT = Format(
    name="cloudflare-network",
    title="Cloudflare Gateway network (Logpush)",
    read=by_json(Record, parse),
    specificity=60,
    proves=frozenset({Proof.TIME, Proof.CLIENT, Proof.USER, Proof.HOST, Proof.ACTION}),
    reference="https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/account/gateway_network/",
    sample=(
        b'{"AccountID":"e1836771179f98aa","Action":"forward","Datetime":"2026-11-20T08:01:02Z",'
        b'"DestinationIP":"203.0.113.9","DestinationPort":443,"DeviceName":"laptop-ana",'
        b'"Email":"ana@corp.example","PolicyName":"","SNI":"claude.ai","SessionID":"5f2d04be",'
        b'"SourceIP":"10.0.0.7","SourceInternalIP":"","SourcePort":47924,"Transport":"tcp"}\n'
        b'{"AccountID":"e1836771179f98aa","Action":"block","Datetime":"2026-11-20T08:01:09Z",'
        b'"DestinationIP":"203.0.113.10","DestinationPort":443,"DeviceName":"","Email":"",'
        b'"PolicyName":"No chat","SNI":"api.openai.com","SessionID":"5f2d04bf",'
        b'"SourceIP":"10.0.0.8","SourceInternalIP":"","SourcePort":47925,"Transport":"quic"}\n'
    ),
)
