"""Days in equal spans: what charts show over time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reports.paper import Point, Trend
from reports.texts import Texts

_EPOCH = date(1970, 1, 1)
_MOST = 26  # bars that a reader can tell apart in a row of a table


@dataclass(frozen=True, slots=True)
class Spans:
    """A time cut into at most 26 equal spans; days are counted since 1970."""

    first: int
    last: int

    @classmethod
    def of(cls, several: Iterable[Mapping[int, int]]) -> Spans:
        """Return the spans that hold every day of several counts."""
        days = [day for counts in several for day in counts]
        return cls(min(days, default=0), max(days, default=0))

    @property
    def days(self) -> int:
        """How long a span is."""
        return -(-(self.last - self.first + 1) // _MOST)

    def sums(self, counts: Mapping[int, int]) -> tuple[int, ...]:
        """Return the sum of each span, the oldest first."""
        sums = [0] * -(-(self.last - self.first + 1) // self.days)
        for day, count in counts.items():
            sums[(day - self.first) // self.days] += count
        return tuple(sums)

    def trend(self, counts: Mapping[int, int], texts: Texts) -> Trend | None:
        """Return the chart for a cell of a table; None where nothing has a day."""
        if not counts:
            return None
        label = texts("common.trend", first=_day(min(counts)), last=_day(max(counts)))
        return Trend(self.sums(counts), label)

    def points(self, counts: Mapping[int, int], texts: Texts) -> Sequence[Point]:
        """Return the bars of a chart, each with the day that its span begins with."""
        return [
            Point(texts.day(_day(self.first + at * self.days)), value)
            for at, value in enumerate(self.sums(counts))
        ]


def _day(number: int) -> date:
    return _EPOCH + timedelta(days=number)
