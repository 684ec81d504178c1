"""JSON lines, one object a line, read by field names; nested objects by dotted names.

    {"time":"2026-11-20T08:01:02Z","client_ip":"10.0.0.7","url":"https://api.openai.com/v1/models","status":200}

Reference: https://jsonlines.org/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from scanner.hosts import HostTable
from scanner.logs import OF_A_PROXY, Batch, Format, Tally
from scanner.logs.clock import Clock
from scanner.logs.fields import Fields
from scanner.logs.lines import numbered
from scanner.logs.values import decoded
from scanner.model import Observation

_SHAPES_BOUND = 1000
_DEPTH = 4


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each record about a wanted host."""
    decode = msgspec.json.Decoder().decode
    shapes: dict[tuple[str, ...], Fields | None] = {}
    for number, line in numbered(batches):
        try:
            record = decoded(decode, line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            tally.reject(number, f"not a JSON record: {error}", line)
            continue
        if not isinstance(record, dict):
            tally.reject(number, "not a JSON object", line)
            continue
        if "event_type" in record and "flow_id" in record:
            tally.reject(number, "Suricata EVE, which is not read yet", line)
            continue
        flat = _flat(record)
        fields = _fields(tuple(flat), shapes)
        if fields is None:
            tally.ignored["record without a host field"] += 1
            continue
        host, meaning = fields.host(flat, hosts)
        if host:
            yield fields.observe(flat, host, meaning, clock, number)
        elif host == "":
            tally.ignored["record without a host"] += 1


def _fields(names: tuple[str, ...], shapes: dict[tuple[str, ...], Fields | None]) -> Fields | None:
    if names not in shapes:
        if len(shapes) >= _SHAPES_BOUND:
            shapes.clear()
        shapes[names] = Fields.of(names)
    return shapes[names]


def _flat(record: dict[str, Any], prefix: str = "", depth: int = 0) -> dict[str, Any]:
    """Return the record with nested objects as dotted names."""
    flat: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, dict) and depth < _DEPTH:
            flat.update(_flat(value, f"{prefix}{key}.", depth + 1))
        else:
            flat[prefix + key] = value
    return flat


FORMAT = Format(
    name="jsonl",
    title="JSON lines (by field names)",
    read=read,
    specificity=10,
    proves=OF_A_PROXY,
    reference="https://jsonlines.org/",
    sample=(
        b'{"time":"2026-11-20T08:01:02Z","client_ip":"10.0.0.7","user":"ana",'
        b'"url":"https://api.openai.com/v1/models?x=1","method":"GET","status":200}\n'
        b'{"time":"2026-11-20T08:01:09Z","client_ip":"10.0.0.8","url":"https://www.example.org/","status":200}\n'
    ),
)
