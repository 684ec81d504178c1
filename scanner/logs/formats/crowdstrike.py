r"""CrowdStrike Falcon Data Replicator: the ``DnsRequest`` events of its JSON lines.

    {"event_simpleName":"DnsRequest","ContextTimeStamp":"1790669663.051","DomainName":"api.openai.com","RequestType":"1","QueryStatus":"0","aid":"4d92d2adf9009775a446ce0fe2689915","ContextBaseFileName":"cursor.exe","timestamp":"1790669663188"}

A sensor is known by its ``aid`` unless the export was joined with the names of the computers. Its
``aip`` is the address it comes from on the internet, which many share. Falcon's search writes the
same fields (from documentation), the event's name with a hash before it. The inventories of
computers, neighbours and accounts that the replicator delivers beside the events name no event.
Reference: https://developer.crowdstrike.com/data-replicator/
"""

from __future__ import annotations

from typing import Any

import msgspec

from scanner.hosts import HostTable
from scanner.logs import OF_DNS, Format, Proof
from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.formats.sysmon import outcome_of_status, person
from scanner.logs.lines import Parsed, Refused, Skipped, by_json
from scanner.logs.values import program, record_type, text
from scanner.model import Channel, Observation, Sighting


class _Record(msgspec.Struct, gc=False):
    """The fields that are needed; FDR writes every value as text."""

    event: Any = msgspec.field(default=None, name="event_simpleName")
    event_hashed: Any = msgspec.field(default=None, name="#event_simpleName")
    aid: Any = None
    cid: Any = None
    domain: Any = msgspec.field(default=None, name="DomainName")
    computer: Any = msgspec.field(default=None, name="ComputerName")
    account: Any = msgspec.field(default=None, name="UserName")
    image: Any = msgspec.field(default=None, name="ContextBaseFileName")
    began: Any = msgspec.field(default=None, name="ContextTimeStamp")
    received: Any = msgspec.field(default=None, name="timestamp")
    stamp: Any = msgspec.field(default=None, name="@timestamp")
    time: Any = msgspec.field(default=None, name="_time")
    qtype: Any = msgspec.field(default=None, name="RequestType")
    status: Any = msgspec.field(default=None, name="QueryStatus")
    answers: Any = msgspec.field(default=None, name="IP4Records")


def parse(record: _Record, hosts: HostTable, clock: Clock) -> Parsed:
    """Return the name that a sensor saw being asked for."""
    event = text(record.event) or text(record.event_hashed)
    is_inventory = event is None and record.domain is None and text(record.cid)
    if is_inventory and (text(record.aid) or text(record.time)):
        return Skipped("record of an inventory")
    if event is None or not (text(record.aid) or text(record.cid)):
        return Refused("not an event of CrowdStrike: no event_simpleName, or neither aid nor cid")
    if event != "DnsRequest":
        return Skipped("other event")
    raw = text(record.domain)
    host = hosts[raw.encode("utf-8", "surrogatepass")] if raw else ""
    if not host:
        return Skipped("query without a name") if host == "" else ()
    when, quality = _time(record, clock)
    return (
        Observation(
            channel=Channel.DNS,
            value=host,
            ts=when,
            kind=Sighting.DNS_QUERY,
            client=text(record.computer) or text(record.aid),
            user=person(record.account),
            action=outcome_of_status(record.status, record.answers),
            qtype=record_type(record.qtype),
            time_quality=quality,
            process=program(text(record.image)),
        ),
    )


def _time(record: _Record, clock: Clock) -> Time:
    """Return when the name was asked for; else when the cloud heard of it."""
    for written in (record.began, record.received, record.stamp):
        when = clock.any(text(written))
        if when[0] is not None:
            return when
    return NO_TIME


FORMAT = Format(
    name="crowdstrike-fdr",
    title="CrowdStrike Falcon Data Replicator (DnsRequest)",
    read=by_json(_Record, parse),
    specificity=65,
    proves=OF_DNS | {Proof.PROCESS, Proof.USER},
    reference="https://developer.crowdstrike.com/data-replicator/",
    sample=(
        b'{"ContextBaseFileName":"cursor.exe","ContextProcessId":"289741187433","ContextTimeStamp":"1790669663.051",'
        b'"DomainName":"api.openai.com","DualRequest":"0","IP4Records":"203.0.113.7;","QueryStatus":"0","RequestType":"1",'
        b'"aid":"4d92d2adf9009775a446ce0fe2689915","aip":"203.0.113.9","cid":"c4e1f8a2b7d94e0f9a6b3c2d1e0f4a5b",'
        b'"event_platform":"Win","event_simpleName":"DnsRequest","name":"DnsRequestV4","timestamp":"1790669663188"}\n'
        b'{"ContextTimeStamp":"1790669664.212","RemoteAddressIP4":"203.0.113.7","RemotePort":"443",'
        b'"aid":"4d92d2adf9009775a446ce0fe2689915","cid":"c4e1f8a2b7d94e0f9a6b3c2d1e0f4a5b",'
        b'"event_simpleName":"NetworkConnectIP4","timestamp":"1790669664341"}\n'
    ),
)
