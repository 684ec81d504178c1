"""A DNS question in a daemon's log line, as an observation."""

from __future__ import annotations

from scanner.logs.clock import Clock
from scanner.logs.syslog import time_of
from scanner.model import Action, Channel, Observation, Sighting

_DNS, _QUERY, _UNKNOWN = Channel.DNS, Sighting.DNS_QUERY, Action.UNKNOWN


def question(
    host: str, client: bytes, qtype: bytes, head: bytes, clock: Clock, line: int
) -> Observation:
    """Return the question for a wanted host; ``head`` is what stands before it, with the time."""
    when, quality = time_of(head, clock)
    return Observation(  # the fields by place: half the time, and DNS logs are the largest
        _DNS,
        host,
        when,
        _QUERY,
        client.decode("ascii", "backslashreplace"),
        None,
        _UNKNOWN,
        None,
        None,
        None,
        qtype.decode("ascii", "replace"),
        line,
        quality,
    )
