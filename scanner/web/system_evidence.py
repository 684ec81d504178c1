"""The evidence of one system as a page shows it: each channel over time, and the rows behind a figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from reports.material import Material
from reports.paper import Trend
from reports.texts import Texts
from scanner.model import Level

_BARS = 52  # of a small chart at most
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Known:
    """What one detection saw through a channel."""

    detection: str
    confidence: int
    events: int
    level: str
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Channel:
    """What was seen through one channel, over all sources."""

    name: str
    events: int
    level: str
    first: datetime | None
    last: datetime | None
    trend: Trend | None  # None of what has no days
    detections: tuple[Known, ...]


def channels(material: Material, system: str) -> list[Channel]:
    """Return what each channel saw of a system, the most first; charts have one and the same span."""
    texts = material.texts
    days = material.store.days_by_channel(system)
    span = _span(days)
    by_name: dict[str, list[dict[str, Any]]] = {}
    for row in material.store.sums_of(system):
        by_name.setdefault(row["channel"], []).append(row)
    found = [_channel(name, rows, days.get(name), span, texts) for name, rows in by_name.items()]
    return sorted(found, key=lambda one: (-one.events, one.name))


def _span(days: Mapping[str, Mapping[int, int]]) -> tuple[int, int, int] | None:
    """Return the first and the last day of all channels, and how many days make a bar."""
    every = [day for several in days.values() for day in several]
    if not every:
        return None
    first, last = min(every), max(every)
    return first, last, -(-(last - first + 1) // _BARS)


def _channel(
    name: str,
    rows: list[dict[str, Any]],
    days: Mapping[int, int] | None,
    span: tuple[int, int, int] | None,
    texts: Texts,
) -> Channel:
    firsts = [one["first"] for one in rows if one["first"]]
    lasts = [one["last"] for one in rows if one["last"]]
    return Channel(
        name=name,
        events=sum(one["events"] for one in rows),
        level=_level(max(one["level"] for one in rows), texts),
        first=min(firsts, default=None),
        last=max(lasts, default=None),
        trend=_trend(days, span, texts) if days and span else None,
        detections=tuple(
            Known(
                one["detection"], one["confidence"], one["events"], _level(one["level"], texts),
                one["first"], one["last"],
            )
            for one in rows
        ),
    )  # fmt: skip


def _trend(days: Mapping[int, int], span: tuple[int, int, int], texts: Texts) -> Trend:
    first, last, width = span
    values = [0] * ((last - first) // width + 1)
    for day, events in days.items():
        values[(day - first) // width] += events
    begin, end = (_EPOCH + timedelta(days=one) for one in (min(days), max(days)))
    label = texts("web_system.trend", n=sum(days.values()), first=begin, last=end)
    return Trend(tuple(values), label)


def _level(level: int, texts: Texts) -> str:
    return texts.of("level", Level(level).label)


def day_of(number: int) -> datetime | None:
    """Return a day since 1970 as a time; None of what has no day."""
    return None if number < 0 else datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=number)
