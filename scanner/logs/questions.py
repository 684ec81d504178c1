"""A DNS question in a daemon's log line, as an observation."""

from __future__ import annotations

from scanner.logs.clock import Clock
from scanner.logs.syslog import time_of
from scanner.model import Channel, Observation, Sighting


def question(
    host: str, client: bytes, qtype: bytes, head: bytes, clock: Clock, line: int
) -> Observation:
    """Return the question for a wanted host; ``head`` is what stands before it, with the time."""
    when, quality = time_of(head, clock)
    return Observation(
        channel=Channel.DNS,
        value=host,
        ts=when,
        kind=Sighting.DNS_QUERY,
        client=client.decode("ascii", "backslashreplace"),
        qtype=qtype.decode("ascii", "replace"),
        line=line,
        time_quality=quality,
    )
