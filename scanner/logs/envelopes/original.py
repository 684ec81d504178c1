r"""The line that a shipper read, in the document that it made of it: Beats, Elastic Agent, Logstash.

    {"@timestamp":"2026-11-21T01:58:31Z","agent":{"type":"filebeat"},"event":{"original":"1795226310.136     15 10.0.0.7 TCP_TUNNEL/200 ..."}}
    {"@timestamp":"2026-11-21T01:58:31Z","log":{"file":{"path":"/var/log/squid/access.log"}},"message":"1795226310.136     15 10.0.0.7 ..."}

Reference: https://www.elastic.co/docs/reference/ecs/ecs-event#field-event-original
"""

from __future__ import annotations

from typing import Any

import msgspec

from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.envelopes import Envelope
from scanner.logs.envelopes.messages import lines_in, reader, stateless


class Document(msgspec.Struct):
    """Where the line stands, and what tells a shipper's document."""

    event: Any = None
    dotted: Any = msgspec.field(name="event.original", default=None)
    message: Any = None
    stamp: Any = msgspec.field(name="@timestamp", default=None)
    agent: Any = None
    log: Any = None
    input: Any = None
    host: Any = None
    agent_type: Any = msgspec.field(name="agent.type", default=None)
    log_path: Any = msgspec.field(name="log.file.path", default=None)

    @property
    def text(self) -> str | None:
        """The line; None if nothing says that a shipper read one."""
        nested = self.event.get("original") if isinstance(self.event, dict) else None
        for original in (nested, self.dotted):
            if isinstance(original, str):
                return original
        marks = (self.agent, self.log, self.input, self.host, self.agent_type, self.log_path)
        is_shipped = self.stamp is not None and any(mark is not None for mark in marks)
        return self.message if is_shipped and isinstance(self.message, str) else None


_read = reader(Document)


def peel(line: bytes) -> list[bytes] | None:
    """Return the line that was shipped."""
    if not line.startswith(b"{") or not (b'original"' in line or b'"message"' in line):
        return None
    document = _read(line)
    text = document.text if document else None
    return None if text is None else lines_in(text)


def time(line: bytes, clock: Clock) -> Time:
    """Return the time that the document has."""
    document = _read(line)
    stamp = document.stamp if document else None
    return clock.any(stamp) if isinstance(stamp, str | int | float) else NO_TIME


ENVELOPE = Envelope(
    name="original",
    title="Beats, Elastic Agent and Logstash (event.original, message)",
    open=stateless(peel),
    time=time,
    sample=(
        b'{"@timestamp":"2026-11-21T01:58:31.000Z","agent":{"type":"filebeat"},"event":{"original":"1795226310.136     15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT api.openai.com:443 - HIER_DIRECT/203.0.113.7 -"}}\n'
        b'{"@timestamp":"2026-11-21T01:58:32.000Z","log":{"file":{"path":"/var/log/squid/access.log"}},"message":"1795226311.136     15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT claude.ai:443 - HIER_DIRECT/203.0.113.7 -"}\n'
    ),
    reference="https://www.elastic.co/docs/reference/ecs/ecs-event#field-event-original",
)
