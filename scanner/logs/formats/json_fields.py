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
from scanner.logs.fields import Fields, is_unwanted
from scanner.logs.lines import numbered
from scanner.logs.requests import NOT_A_PROXYS
from scanner.logs.values import decoded
from scanner.model import Observation

_SHAPES_BOUND = 1000
_DEPTH = 4
_Shape = tuple[Fields | None, str, str]


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each record about a wanted host."""
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    shapes: dict[tuple[str, ...], _Shape] = {}
    for number, line in numbered(batches):
        try:
            record = decoded(decode, line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            tally.reject(number, f"not a JSON record: {error}", line)
            continue
        flat = _flat(record)
        fields, first, meaning = _shape(tuple(flat), shapes)
        if fields is None:
            tally.ignored["record without a host field"] += 1
            continue
        value = flat[first]
        if isinstance(value, str) and is_unwanted(
            meaning, value.encode("utf-8", "surrogatepass"), hosts
        ):
            continue
        if fields.is_of_a_web_server(flat):
            tally.ignored[NOT_A_PROXYS] += 1
            continue
        host, meaning = fields.host(flat, hosts)
        if host:
            yield fields.observe(flat, host, meaning, clock, number)
        elif host == "":
            tally.ignored["record without a host"] += 1


def _shape(names: tuple[str, ...], shapes: dict[tuple[str, ...], _Shape]) -> _Shape:
    """Return what fields of these names mean, and which is looked at first for a host."""
    if names not in shapes:
        if len(shapes) >= _SHAPES_BOUND:
            shapes.clear()
        fields = Fields.of(names)
        shapes[names] = (fields, *fields.first()) if fields else (None, "", "")
    return shapes[names]


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    """Return the record with nested objects as dotted names."""
    flat: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, dict):
            _lift(value, key + ".", 1, flat)
        else:
            flat[key] = value
    return flat


def _lift(nested: dict[str, Any], prefix: str, depth: int, flat: dict[str, Any]) -> None:
    for key, value in nested.items():
        if isinstance(value, dict) and depth < _DEPTH:
            _lift(value, f"{prefix}{key}.", depth + 1, flat)
        else:
            flat[prefix + key] = value


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
