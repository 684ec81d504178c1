"""Addresses of ours that say all that a page shows, so that they can be kept and sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Generic, TypeVar
from urllib.parse import quote, urlencode

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Address:
    """A path and what is asked there. What is empty is not asked."""

    path: str
    asked: Mapping[str, str]

    def but(self, **changed: object) -> str:
        """Return the address where some of what is asked is another; "" and 0 ask nothing."""
        asked = {**self.asked, **{name: str(value or "") for name, value in changed.items()}}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{self.path}?{query}" if query else self.path

    def at(self, path: str, **changed: object) -> str:
        """Return the same at another path."""
        return Address(path, self.asked).but(**changed)


@dataclass(frozen=True, slots=True)
class Slice(Generic[_T]):
    """A page of a list: its rows, which page it is, and how many there are in all."""

    rows: Sequence[_T]
    page: int
    pages: int
    total: int


def slice_of(rows: Sequence[_T], asked: str, size: int) -> Slice[_T]:
    """Return the page that is asked for; the nearest there is, if there is none such."""
    pages = max(1, -(-len(rows) // size))
    number = int(asked) if asked.isdecimal() and len(asked) < 9 else 1
    number = min(max(number, 1), pages)
    return Slice(rows[(number - 1) * size : number * size], number, pages, len(rows))


def part(text: str) -> str:
    """Return a text as one part of a path."""
    return quote(text, safe="")


def day_of(text: str) -> datetime | None:
    """Return the beginning of a day such as 2026-11-21; None for anything else.

    Before 1970 is none: nothing was seen then, and no time can be reckoned back from the first year.
    """
    try:
        given = date.fromisoformat(text)
    except ValueError:
        return None
    if given.year < 1970:
        return None
    return datetime(given.year, given.month, given.day, tzinfo=UTC)
