r"""What CloudWatch Logs gives out, and ``Records`` of other AWS services.

    {"messageType":"DATA_MESSAGE","logGroup":"dns","logEvents":[{"id":"1","timestamp":1795226301489,"message":"..."}]}
    {"events":[{"timestamp":1795226301489,"message":"...","ingestionTime":1795226302000}]}
    {"timestamp":1795226301489,"message":"...","ingestionTime":1795226302000}
    2026-11-21T01:58:27.489Z {"version":"1.100000","query_name":"api.openai.com."}
    {"Records":[{...}]}

A message with nothing but its time and names of its stream is CloudWatch's; so is, in an export to
S3, a time before a JSON object. A control message of a subscription holds no record.
Reference: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
"""

from __future__ import annotations

import re

import msgspec

from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.envelopes import Envelope
from scanner.logs.envelopes.messages import lines_in, objects_in, reader, stateless

_NAMES = (b'"Records"', b'"logEvents"', b'"events"', b'"message"', b'"messageType"')
_EXPORTED = re.compile(rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (?=\{)")


class Event(msgspec.Struct):
    """A message with its time, in milliseconds."""

    timestamp: int
    message: str


class Alone(
    Event,
    forbid_unknown_fields=True,
    rename={"event": "eventId", "stream": "logStreamName", "ingested": "ingestionTime"},
):
    """A message on a line of its own, with all that it may have beside it."""

    id: str | None = None
    event: str | None = None
    stream: str | None = None
    ingested: int | None = None


class Several(msgspec.Struct, rename={"sent": "logEvents", "kind": "messageType"}):
    """Messages or records, under one of the names that AWS has for them."""

    records: list[msgspec.Raw] | None = msgspec.field(name="Records", default=None)
    sent: list[Event] | None = None
    events: list[Event] | None = None
    kind: str | None = None


_alone, _several = reader(Alone), reader(Several)


def peel(line: bytes) -> list[bytes] | None:
    """Return the messages or records of a line."""
    if head := _EXPORTED.match(line):
        return [line[head.end() :]]
    if not line.startswith(b"{") or not any(name in line for name in _NAMES):
        return None
    several = _several(line)
    if several is not None and several.records is not None:
        return objects_in(several.records)
    if several is not None and several.kind == "CONTROL_MESSAGE":
        return []
    events = _events(line)
    return [one for event in events for one in lines_in(event.message)] if events else None


def time(line: bytes, clock: Clock) -> Time:
    """Return the time of the first message."""
    if head := _EXPORTED.match(line):
        return clock.iso(head[1].decode("ascii"))
    events = _events(line)
    return clock.epoch(events[0].timestamp) if events else NO_TIME


def _events(line: bytes) -> list[Event]:
    several = _several(line)
    events = (several.sent or several.events) if several else None
    if events:
        return events
    alone = _alone(line)
    return [alone] if alone else []


ENVELOPE = Envelope(
    name="aws",
    title="AWS CloudWatch Logs, and Records",
    open=stateless(peel),
    time=time,
    sample=(
        b'{"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":"proxy","logStream":"squid","subscriptionFilters":["all"],"logEvents":[{"id":"1","timestamp":1795226301489,"message":"1795226310.136     15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT api.openai.com:443 - HIER_DIRECT/203.0.113.7 -"}]}\n'
        b'{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logGroup":"","logStream":"","subscriptionFilters":[],"logEvents":[{"id":"","timestamp":1795226301489,"message":"CWL CONTROL MESSAGE: Checking health of destination Firehose."}]}\n'
    ),
    reference="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html",
)
