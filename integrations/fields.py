"""Items of answers, read field by field: a bad field loses that field, and is counted.

Vendors' own examples break their own contracts in a third of all cases; a reader that wants whole
items valid loses real records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from math import isfinite
from typing import Any, TypeVar

_Value = TypeVar("_Value")
_LONGEST_NUMBER = 20
_MILLISECONDS = 10_000_000_000  # a number of seconds above this would be after the year 2286


class Item:
    """An object of an answer. Every question has an answer of its type; ``bad`` counts the others."""

    __slots__ = ("_value", "bad")

    def __init__(self, value: object, bad: Counter[str] | None = None) -> None:
        self.bad: Counter[str] = Counter() if bad is None else bad
        if not isinstance(value, Mapping):
            self.bad["(item)"] += 1
            value = {}
        self._value: Mapping[str, Any] = value

    def text(self, name: str) -> str:
        """Return a text; "" if there is none. Numbers count as texts: ids are written both ways."""
        value = self._value.get(name)
        if value is None or isinstance(value, str):
            return (value or "").strip()
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        return self._lost(name, "")

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the texts of a list; a text by itself is a list of one."""
        value = self._value.get(name)
        if isinstance(value, str):
            return (value,) if value else ()
        if value is None:
            return ()
        if not isinstance(value, list):
            return self._lost(name, ())
        if any(not isinstance(one, str) for one in value):
            self.bad[name] += 1
        return tuple(one for one in value if isinstance(one, str) and one)

    def number(self, name: str) -> int:
        """Return a whole number, also one written as text; 0 if there is none."""
        value = self._value.get(name)
        if value is None or value == "":
            return 0
        try:
            return _whole(value)
        except (TypeError, ValueError, OverflowError):
            return self._lost(name, 0)

    def amount(self, name: str) -> float:
        """Return an amount, also one written as text; 0 if there is none."""
        value = self._value.get(name)
        if value is None or value == "":
            return 0.0
        try:
            amount = float(value)
        except (TypeError, ValueError, OverflowError):
            return self._lost(name, 0.0)
        return amount if isfinite(amount) and not isinstance(value, bool) else self._lost(name, 0.0)

    def flag(self, name: str) -> bool | None:
        """Return whether something is so; None if it is not said."""
        value = self._value.get(name)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        return self._lost(name, None)

    def time(self, name: str) -> datetime | None:
        """Return a time in UTC: ISO 8601, or seconds or milliseconds since 1970."""
        value = self._value.get(name)
        if value is None or value in ("", 0):
            return None
        try:
            return time_of(value)
        except (ValueError, OverflowError, OSError, TypeError):
            return self._lost(name, None)

    def at(self, name: str) -> Item:
        """Return an object in this one; an empty one if there is none."""
        value = self._value.get(name)
        return Item({} if value is None else value, self.bad)

    def items(self, name: str) -> Iterator[Item]:
        """Yield the objects of a list."""
        value = self._value.get(name)
        if value is None:
            return
        if not isinstance(value, list):
            self.bad[name] += 1
            return
        for one in value:
            yield Item(one, self.bad)

    def has(self, name: str) -> bool:
        """Whether a field is there at all."""
        return name in self._value

    def names(self) -> Iterable[str]:
        """Return the names of the fields that are there."""
        return self._value.keys()

    def _lost(self, name: str, instead: _Value) -> _Value:
        self.bad[name] += 1
        return instead


def _whole(value: object) -> int:
    """Return a value as a whole number. Raises ValueError and its like for what is none."""
    if isinstance(value, str) and len(value) < _LONGEST_NUMBER:
        return int(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return int(value)
    raise ValueError(value)


def time_of(value: object) -> datetime:
    """Return a time in UTC. Raises ValueError and its like for what is none."""
    if isinstance(value, str) and not value.isdecimal():
        text = value.strip().replace("Z", "+00:00").replace("z", "+00:00")
        found = datetime.fromisoformat(_shortened(text))
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    number = float(value)  # type: ignore[arg-type]
    return datetime.fromtimestamp(number / 1000 if number > _MILLISECONDS else number, UTC)


def _shortened(text: str) -> str:
    """Cut more digits of a second than Python takes: Microsoft writes seven."""
    head, dot, tail = text.partition(".")
    if not dot:
        return text
    digits = len(tail) - len(tail.lstrip("0123456789"))
    return f"{head}.{tail[: min(digits, 6)].ljust(6, '0')}{tail[digits:]}"


class Projection:
    """The fields that are read of an item, and nothing else of it."""

    def __init__(self, fields: Iterable[str]) -> None:
        self._tree: dict[str, Any] = {}
        for name in fields:
            here = self._tree
            for part in name.replace("[]", "").split("."):
                here = here.setdefault(part, {})

    def of(self, value: object) -> object:
        """Return an item with the fields that are read alone."""
        return _projected(value, self._tree)


def _projected(value: object, tree: Mapping[str, Any]) -> object:
    if not tree:
        return value
    if isinstance(value, list):
        return [_projected(one, tree) for one in value]
    if not isinstance(value, Mapping):
        return value
    return {name: _projected(value[name], tree[name]) for name in tree if name in value}
