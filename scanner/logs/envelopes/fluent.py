r"""What Fluentd and Fluent Bit write: JSON with ``log`` or ``message``, or time, tag and JSON.

    {"log":"10.0.0.7 - ana [21/Nov/2026:01:58:30 +0000] \"CONNECT ...","stream":"stdout","kubernetes":{"pod_name":"proxy-0"}}
    2026-11-21 01:58:27 +0000 kube.proxy: {"log":"...","stream":"stdout"}
    {"host":"gw","ident":"dnsmasq","pid":"10863","message":"query[A] api.openai.com from 10.0.0.7"}

A ``message`` alone may be anyone's: it counts beside a field that these two add.
Reference: https://docs.fluentd.org/output/file
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.envelopes import Envelope, docker
from scanner.logs.envelopes.messages import reader, stateless, tagged

_HEAD = re.compile(
    rb"(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z| ?[+-]\d\d:?\d\d))[ \t]([\w.*/-]{1,255})(?:: |\t)(?=\{)"
)


class Event(msgspec.Struct):
    """A record, and what tells that one of the two made it."""

    log: str | None = None
    message: str | None = None
    kubernetes: dict[str, Any] | None = None
    container_id: str | None = None
    container_name: str | None = None
    stream: str | None = None
    source: Any = None
    ident: str | None = None
    pid: str | int | None = None
    time: Any = None
    date: Any = None
    stamp: Any = msgspec.field(name="@timestamp", default=None)

    @property
    def text(self) -> str | None:
        """The message; None if nothing says that this is an envelope."""
        if self.log is not None:
            return self.log
        marks = (self.kubernetes, self.container_id, self.container_name, self.ident, self.stream)
        is_theirs = any(marks) or self.source in ("stdout", "stderr")
        return self.message if is_theirs else None


_read = reader(Event)


def peel(line: bytes) -> list[bytes] | None:
    """Return the message, or the JSON object behind time and tag."""
    head = _HEAD.match(line)
    event = _event(line[head.end() :] if head else line)
    if event is None or event.text is None:
        return [line[head.end() :]] if head else None
    return tagged(event.ident, event.pid, event.text)


def time(line: bytes, clock: Clock) -> Time:
    """Return the time of the event."""
    head = _HEAD.match(line)
    event = _event(line[head.end() :] if head else line)
    written = (event.time, event.date, event.stamp) if event else ()
    for one in (*written, head[1].decode() if head else None):
        when = clock.any(one) if isinstance(one, str | int | float) else NO_TIME
        if when[0] is not None:
            return when
    return NO_TIME


def _event(line: bytes) -> Event | None:
    if not line.startswith(b"{") or (b'"log"' not in line and b'"message"' not in line):
        return None
    event = _read(line)
    return None if event is None or docker.read(line) else event


ENVELOPE = Envelope(
    name="fluent",
    title="Fluentd and Fluent Bit",
    open=stateless(peel),
    time=time,
    sample=(
        b'{"log":"10.0.0.7 - ana [21/Nov/2026:01:58:30 +0000] \\"CONNECT api.openai.com:443 HTTP/1.1\\" 200 1832 \\"-\\" \\"curl/7.88.1\\"\\n","stream":"stdout","time":"2026-11-21T01:58:30.2Z","kubernetes":{"pod_name":"proxy-0"}}\n'
        b'2026-11-21 01:58:31 +0000 kube.proxy: {"log":"10.0.0.7 - ana [21/Nov/2026:01:58:31 +0000] \\"CONNECT claude.ai:443 HTTP/1.1\\" 200 1832 \\"-\\" \\"curl/7.88.1\\"\\n","stream":"stdout"}\n'
    ),
    reference="https://docs.fluentd.org/output/file",
)
