"""Times as logs write them, as aware UTC with a word on how sure that is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from scanner.model import TimeQuality

Time = tuple[datetime | None, TimeQuality]
NO_TIME: Time = (None, TimeQuality.NONE)

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        start=1,
    )
}
_SYSLOG = re.compile(r"([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d)(\.\d+)?")
_DAY_FIRST = re.compile(
    r"(\d{1,2})[-/]([A-Za-z]{3})[-/](\d{4})[ :T](\d\d):(\d\d):(\d\d)(\.\d+)?(?: ([+-]\d{4}))?"
)
_SLASHED = re.compile(
    r"(\d{1,4})[/.](\d{1,2})[/.](\d{1,4})[ ,T:]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?( ?[AaPp][Mm])?( GMT| UTC)?"
)
# Seconds, milliseconds, microseconds, nanoseconds: divisor and what the number stays below.
_EPOCH_UNITS = ((1, 1e11), (1e3, 1e14), (1e6, 1e17), (1e9, 1e20))
_EPOCH = re.compile(r"-?\d{9,}(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Clock:
    """Reads times. ``zone`` is for those that name none; ``latest`` dates those without a year.

    A log is not from the future: a month and day after ``latest`` belong to the year before,
    unless ``year`` says otherwise.
    """

    latest: datetime
    zone: tzinfo = UTC
    zone_is_given: bool = False
    year: int | None = None

    def epoch(self, text: str | bytes | float) -> Time:
        """Read seconds, milliseconds, microseconds or nanoseconds since 1970, told by size."""
        try:
            value = float(text)
            unit = next((unit for unit, limit in _EPOCH_UNITS if abs(value) < limit), None)
            if unit is None:
                return NO_TIME
            return datetime.fromtimestamp(value / unit, UTC), TimeQuality.EXACT
        except (ValueError, OverflowError, OSError):
            return NO_TIME

    def iso(self, text: str) -> Time:
        """Read ISO 8601, with a blank or a T, with or without a zone."""
        try:
            return self._zoned(datetime.fromisoformat(_six_digits(text)))
        except (ValueError, OverflowError):
            return NO_TIME

    def syslog(self, text: str) -> Time:
        """Read ``Nov 21 01:58:16``: no year, no zone."""
        found = _SYSLOG.match(text)
        if not found or not (month := _MONTHS.get(found[1].lower())):
            return NO_TIME
        day, clock = int(found[2]), [int(part) for part in found.group(3, 4, 5)]
        micro = _microseconds(found[6])
        try:
            when = self._dated(month, day, clock[0], clock[1], clock[2], micro)
        except (ValueError, OverflowError):  # 29 February in a year that has none
            return NO_TIME
        return when, TimeQuality.ASSUMED_YEAR

    def day_first(self, text: str) -> Time:
        """Read ``21-Nov-2026 01:58:17.869`` or ``21/Nov/2026:01:58:30 +0000``."""
        found = _DAY_FIRST.match(text)
        if not found or not (month := _MONTHS.get(found[2].lower())):
            return NO_TIME
        date = f"{found[3]}-{month:02d}-{int(found[1]):02d}"
        return self.iso(f"{date}T{found[4]}:{found[5]}:{found[6]}{found[7] or ''}{found[8] or ''}")

    def any(self, value: object) -> Time:
        """Read a time of unknown spelling; a day-or-month that cannot be told apart is no time."""
        if isinstance(value, bool) or value is None:
            return NO_TIME
        if isinstance(value, int | float):
            return self.epoch(value)
        text = str(value).strip().strip("[]")
        if _EPOCH.fullmatch(text):
            return self.epoch(text)
        for read in (self.iso, self.day_first, self.syslog, self._slashed):
            time = read(text)
            if time[0] is not None:
                return time
        return NO_TIME

    def _slashed(self, text: str) -> Time:
        found = _SLASHED.match(text)
        if not found:
            return NO_TIME
        a, b, c = (int(part) for part in found.group(1, 2, 3))
        if len(found[1]) == 4:
            year, month, day = a, b, c
        elif a > 12:
            year, month, day = c, b, a
        elif b > 12:
            year, month, day = c, a, b
        else:
            return NO_TIME
        hour = int(found[4])
        if half := (found[7] or "").strip().lower():
            hour = hour % 12 + (12 if half == "pm" else 0)
        try:
            naive = datetime(year, month, day, hour, int(found[5]), int(found[6] or 0))  # noqa: DTZ001
            return self._zoned(naive.replace(tzinfo=UTC) if found[8] else naive)
        except (ValueError, OverflowError):
            return NO_TIME

    def _zoned(self, when: datetime) -> Time:
        if when.tzinfo is not None:
            return when.astimezone(UTC), TimeQuality.EXACT
        quality = TimeQuality.EXACT if self.zone_is_given else TimeQuality.ASSUMED_ZONE
        return when.replace(tzinfo=self.zone).astimezone(UTC), quality

    def _dated(
        self, month: int, day: int, hour: int, minute: int, second: int, micro: int
    ) -> datetime:
        def in_year(year: int) -> datetime:
            return datetime(year, month, day, hour, minute, second, micro, tzinfo=self.zone)

        if self.year is not None:
            return in_year(self.year).astimezone(UTC)
        year = self.latest.year
        try:
            when = in_year(year)
        except ValueError:  # 29 February: the latest year that had one, if it is the one before
            return in_year(year - 1).astimezone(UTC)
        is_ahead = when > self.latest + timedelta(days=1)
        return (in_year(year - 1) if is_ahead else when).astimezone(UTC)


def _microseconds(fraction: str | None) -> int:
    return int(((fraction or "")[1:] + "000000")[:6])


def _six_digits(text: str) -> str:
    """Cut a fraction of a second to six digits: Python reads no more."""
    return re.sub(r"(\.\d{6})\d+", r"\1", text.strip())
