"""Lines of key=value pairs that no other format knows, read by their keys.

    time=2026-11-20T08:01:02Z src_ip=10.0.0.7 user=ana url=https://api.openai.com/v1/models action=allowed

Reference: https://brandur.org/logfmt
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scanner.hosts import HostTable
from scanner.logs import OF_A_PROXY, Batch, Format, Tally
from scanner.logs.clock import NO_TIME, Clock
from scanner.logs.fields import Fields
from scanner.logs.keyvalue import pairs
from scanner.logs.lines import numbered
from scanner.logs.requests import NOT_A_PROXYS
from scanner.logs.syslog import time_of
from scanner.model import Observation

_SHAPES_BOUND = 1000
_LONGEST_SHAPE = 200
_FEWEST = 3
# A record says when, or who; a line that only mentions a host does not.
_OF_A_RECORD = ("time", "date", "client")


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each record about a wanted host."""
    shapes: dict[tuple[str, ...], Fields | None] = {}
    for number, line in numbered(batches):
        record = {} if line.lstrip()[:1] in (b"{", b"[") else pairs(line)
        if len(record) < _FEWEST:
            tally.reject(number, "fewer than three key=value pairs", line)
            continue
        fields = _fields(tuple(record), shapes)
        if fields is None:
            tally.ignored["record without a host field"] += 1
            continue
        if fields.is_of_a_web_server(record):
            tally.ignored[NOT_A_PROXYS] += 1
            continue
        host, meaning = fields.host(record, hosts)
        if host:
            yield _timed(fields.observe(record, host, meaning, clock, number), line, clock)
        elif host == "":
            tally.ignored["record without a host"] += 1


def _fields(keys: tuple[str, ...], shapes: dict[tuple[str, ...], Fields | None]) -> Fields | None:
    """Return what the keys of a record mean; None if they do not make one with a host."""
    if keys in shapes:
        return shapes[keys]
    fields = Fields.of(keys)
    if fields and not any(meaning in fields.by_meaning for meaning in _OF_A_RECORD):
        fields = None
    if len(keys) <= _LONGEST_SHAPE:
        if len(shapes) >= _SHAPES_BOUND:
            shapes.clear()
        shapes[keys] = fields
    return fields


def _timed(seen: Observation, line: bytes, clock: Clock) -> Observation:
    """Give an observation the time of the line's head, or of its envelope, if it has none."""
    if seen.ts is not None:
        return seen
    when, quality = NO_TIME
    if when is None:
        when, quality = time_of(line, clock)
    return seen._replace(ts=when, time_quality=quality)


FORMAT = Format(
    name="key-value",
    title="Lines of key=value pairs (by their keys)",
    read=read,
    specificity=15,
    proves=OF_A_PROXY,
    reference="https://brandur.org/logfmt",
    sample=(
        b"time=2026-11-20T08:01:02Z src_ip=10.0.0.7 user=ana method=GET url=https://api.openai.com/v1/models?x=1 action=allowed\n"
        b'time=2026-11-20T08:01:09Z src_ip=10.0.0.8 user="Tom Baker" method=CONNECT url=chat.deepseek.com:443 action=blocked\n'
    ),
)
