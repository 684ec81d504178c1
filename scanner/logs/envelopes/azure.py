r"""What Azure Monitor sends to an Event Hub or a storage account: several records in one object.

    {"records":[{"time":"2026-11-20T08:01:02.341Z","category":"DnsResponse","properties":{"query_name":"api.openai.com."}}]}

Reference: https://learn.microsoft.com/en-us/azure/azure-monitor/essentials/stream-monitoring-data-event-hubs
"""

from __future__ import annotations

import msgspec

from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.envelopes import Envelope
from scanner.logs.envelopes.messages import objects_in, reader, stateless


class Batch(msgspec.Struct):
    """The records of one message."""

    records: list[msgspec.Raw]


_read = reader(Batch)


def peel(line: bytes) -> list[bytes] | None:
    """Return the records of a line."""
    if not line.startswith(b"{") or b'"records"' not in line or (batch := _read(line)) is None:
        return None
    return objects_in(batch.records)


def time(_line: bytes, _clock: Clock) -> Time:
    """Return no time: a record has its own."""
    return NO_TIME


ENVELOPE = Envelope(
    name="azure",
    title="Azure Monitor records (Event Hub, storage account)",
    open=stateless(peel),
    time=time,
    sample=(
        b'{"records":[{"time":"2026-11-20T08:01:02.341Z","category":"DnsResponse","properties":{"query_name":"api.openai.com.","srcipaddr":"10.0.0.7"}},{"time":"2026-11-20T08:01:03.341Z","category":"DnsResponse","properties":{"query_name":"claude.ai.","srcipaddr":"10.0.0.7"}}]}\n'
    ),
    reference="https://learn.microsoft.com/en-us/azure/azure-monitor/essentials/stream-monitoring-data-event-hubs",
)
