"""Periods of time as vendors want them: seconds, milliseconds, days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from integrations.fields import time_of

_MILLISECOND = 0.001


def seconds(text: str) -> str:
    """Return a time in ISO 8601 as seconds since 1970."""
    return str(int(time_of(text).timestamp()))


def milliseconds(text: str, days: int = 0) -> str:
    """Return a time in ISO 8601, some days later, as milliseconds since 1970."""
    return str(int((time_of(text) + timedelta(days=days)).timestamp() / _MILLISECOND))


def day(text: str, days: int = 0) -> str:
    """Return the day of a time in ISO 8601, or one some days later: YYYY-MM-DD."""
    return (time_of(text) + timedelta(days=days)).strftime("%Y-%m-%d")


def days(first: str, last: str) -> Iterator[str]:
    """Yield each day from that of one time to that of another, both with them."""
    here = day(first)
    while here <= day(last):
        yield here
        here = day(here, 1)
