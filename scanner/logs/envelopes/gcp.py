r"""An entry of Google Cloud Logging: its text, or the JSON that a program wrote.

    {"insertId":"a1","logName":"projects/lab/logs/stdout","resource":{"type":"k8s_container"},"textPayload":"[INFO] 10.0.0.7:42114 - ...","timestamp":"2026-11-21T01:58:27Z"}

What Google's own services write is read with its entry, which says what it is.
Reference: https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry
"""

from __future__ import annotations

from typing import Any

import msgspec

from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.envelopes import Envelope
from scanner.logs.envelopes.messages import lines_in, reader, stateless


class Entry(msgspec.Struct, rename={"log": "logName", "text": "textPayload"}):
    """What is read of an entry."""

    log: str
    text: str | None = None
    payload: msgspec.Raw = msgspec.field(name="jsonPayload", default=msgspec.Raw())
    timestamp: Any = None


class Payload(msgspec.Struct):
    """The JSON payload of an agent that did not know the line: the line itself."""

    message: str


_read, _payload = reader(Entry), reader(Payload)


def peel(line: bytes) -> list[bytes] | None:
    """Return the payload of an entry."""
    if not line.startswith(b"{") or b'"logName"' not in line or (entry := _read(line)) is None:
        return None
    if entry.text is not None:
        return lines_in(entry.text)
    payload = bytes(entry.payload)
    if not payload.startswith(b"{"):
        return None
    written = _payload(payload)
    return lines_in(written.message) if written else [payload]


def time(line: bytes, clock: Clock) -> Time:
    """Return the time of the entry."""
    entry = _read(line)
    return clock.any(entry.timestamp) if entry else NO_TIME


ENVELOPE = Envelope(
    name="gcp",
    title="Google Cloud Logging entries",
    open=stateless(peel),
    time=time,
    sample=(
        b'{"insertId":"a1","logName":"projects/lab/logs/stdout","resource":{"type":"k8s_container"},"textPayload":"[INFO] 10.0.0.7:42114 - 64821 \\"A IN api.openai.com. udp 57 false 1232\\" NOERROR qr,rd,ra 66 0.004215s","timestamp":"2026-11-21T01:58:27.489Z"}\n'
    ),
    reference="https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry",
)
