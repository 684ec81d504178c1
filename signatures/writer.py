"""A vendor as the text of its signature file: one layout, so that every change is a short diff."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import Any

import yaml

from scanner.model import Vendor

_WIDTH = 100
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
# What a reader looks for first stands first; the rest follows in the order of the model.
_FIRST = {
    "Vendor": ("schema", "id", "name", "aliases"),
    "Product": ("id", "name", "aliases"),
    "Detection": ("id", "channel"),
}
_LAST = {
    "Vendor": ("supplier", "not_this", "products"),
    "Product": ("detections",),
    "Detection": (
        "evidence",
        "confidence",
        "implies",
        "since",
        "until",
        "note",
        "sources",
        "tests",
    ),
}
_BREAKS = frozenset("\n\r\x85\u2028\u2029")
_ALWAYS_LONG = frozenset({"products", "detections", "facts", "supplier"})


def write(vendor: Vendor) -> str:
    """Return the vendor's file; what has its default value is left out."""
    return "\n".join(_mapping(_plain(vendor), "")) + "\n"


def _plain(value: Any) -> Any:
    """Return dataclasses as mappings in the order of the file, enums as their values."""
    if dataclasses.is_dataclass(value):
        kind = type(value).__name__
        fields = {field.name: field for field in dataclasses.fields(value)}
        first, last = _FIRST.get(kind, ()), _LAST.get(kind, ())
        names = [*first, *(name for name in fields if name not in (*first, *last)), *last]
        return {
            name: _plain(getattr(value, name))
            for name in names
            if getattr(value, name) != _default(fields[name])
        }
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    return value


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


def _mapping(content: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, value in content.items():
        short = f"{indent}{_scalar(key)}: {_flow(value)}"
        is_long = isinstance(value, dict | list) and bool(value)
        if not is_long or (key not in _ALWAYS_LONG and len(short) <= _WIDTH):
            yield short
        elif isinstance(value, dict):
            yield f"{indent}{_scalar(key)}:"
            yield from _mapping(value, indent + "  ")
        else:
            yield f"{indent}{_scalar(key)}:"
            yield from _sequence(key, value, indent + "  ")


def _sequence(key: str, values: list[Any], indent: str) -> Iterator[str]:
    for value in values:
        short = f"{indent}- {_flow(value)}"
        if not isinstance(value, dict) or (key not in _ALWAYS_LONG and len(short) <= _WIDTH):
            yield short
            continue
        lines = list(_mapping(value, indent + "  "))
        yield f"{indent}- {lines[0].lstrip()}"
        yield from lines[1:]


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        inner = ", ".join(f"{_scalar(key)}: {_flow(one)}" for key, one in value.items())
        return "{" + inner + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(one) for one in value) + "]"
    return value.isoformat() if isinstance(value, date) else _scalar(value)


@lru_cache(maxsize=10_000)
def _scalar(value: Any) -> str:
    """Return a scalar so that it reads the same in a line of its own and inside brackets."""
    breaks = isinstance(value, str) and not _BREAKS.isdisjoint(value)
    text = yaml.dump(
        [value],
        Dumper=_Dumper,
        default_flow_style=True,
        default_style='"' if breaks else None,  # escaped: a key may not run over a line's end
        width=1e9,
        allow_unicode=True,
    )
    return str(text).strip()[1:-1]
