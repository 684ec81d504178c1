"""Times as logs write them, as aware UTC with a word on how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime

from scanner.model import TimeQuality

Time = tuple[datetime | None, TimeQuality]
NO_TIME: Time = (None, TimeQuality.NONE)
_EXACT = TimeQuality.EXACT

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        start=1,
    )
}
_HALF = r"(?: ?(?P<half>[AaPp])[Mm])?"
_ZONE = r"(?: ?(?P<zone>Z|GMT|UTC|[+-]\d\d:?\d\d))?"
_SYSLOG = re.compile(r"([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d)(\.\d+)?(?: (\d{4}))?")
_DAY_FIRST = re.compile(
    r"(\d{1,2})[-/]([A-Za-z]{3})[-/](\d{4})[ :T](\d{1,2}):(\d\d):(\d\d)(\.\d+)?" + _HALF + _ZONE
)
_SLASHED = re.compile(
    r"(\d{1,4})[/.](\d{1,2})[/.](\d{1,4})[ ,T:]+(\d{1,2}):(\d\d)(?::(\d\d)(?P<fraction>\.\d+)?)?"
    + _HALF
    + _ZONE
)
_KIBANA = re.compile(r"([A-Z][a-z]{2}) (\d{1,2}), (\d{4}) @ (\d\d:\d\d:\d\d(?:\.\d+)?)")
_LONG_DATE = re.compile(  # as Zscaler's portal exports it
    r"(?:[A-Z][a-z]{5,8}, )?([A-Z][a-z]{2,8}) (\d{1,2}), (\d{4}),? (\d{1,2}):(\d\d):(\d\d)"
    + _HALF
    + _ZONE
)
_NAMED_ZONE = re.compile(r" (?:UTC|GMT)$")
_LONG_FRACTION = re.compile(r"(\.\d{6})\d+")
_WEEKDAY = re.compile(r"[A-Z][a-z]{2} (?=[A-Z][a-z]{2} )")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)")
# Seconds, milliseconds, microseconds, nanoseconds: divisor and what the number stays below.
_SECONDS = 1e11
_EPOCH_UNITS = ((1, 1e11), (1e3, 1e14), (1e6, 1e17), (1e9, 1e20))
_EPOCH = re.compile(r"-?\d{9,}(\.\d+)?")
_PLAIN_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{13}")
_DATE_WITH_SLASHES = re.compile(rb"(?<![\d/.])([0-3]?\d)/([0-3]?\d)/(?:\d{4}|\d\d)(?![\d/.])")
_DATES_WITHIN = 400
_DIGITS_READ = 6


def order_of_dates(lines: Iterable[bytes]) -> bool | None:
    """Tell from a sample of a log whether its dates with slashes begin with the day.

    A number over 12 is a day. None if no date tells, or if two contradict each other.
    """
    told = set()
    for line in lines:
        for found in _DATE_WITH_SLASHES.finditer(line[:_DATES_WITHIN]):
            first, second = int(found[1]), int(found[2])
            if (first > 12) != (second > 12):
                told.add(first > 12)
    return told.pop() if len(told) == 1 else None


@dataclass(slots=True)
class Clock:
    """Reads times. ``zone`` is for those that name none; ``latest`` dates those without a year.

    A log is not from the future: a month and day after ``latest`` belong to the year before,
    unless ``year`` says otherwise. ``day_is_first`` tells the order of ``1/5/2026``,
    as far as the log shows it.
    """

    latest: datetime
    zone: tzinfo = UTC
    zone_is_given: bool = False
    year: int | None = None
    day_is_first: bool | None = None

    def epoch(self, text: str | bytes | float) -> Time:
        """Read seconds, milliseconds, microseconds or nanoseconds since 1970, told by size."""
        try:
            value = float(text)
            if 0 <= value < _SECONDS:
                return datetime.fromtimestamp(value, UTC), _EXACT
            unit = next((unit for unit, limit in _EPOCH_UNITS if abs(value) < limit), None)
            if unit is None:
                return NO_TIME
            return datetime.fromtimestamp(value / unit, UTC), TimeQuality.EXACT
        except (ValueError, OverflowError, OSError):
            return NO_TIME

    def iso(self, text: str) -> Time:
        """Read ISO 8601, with a blank or a T, with or without a zone."""
        written = _six_digits(text)
        if not written[:4].isdigit():  # a quick no: ``any`` asks here first, whatever it is
            return NO_TIME
        try:
            return self._zoned(datetime.fromisoformat(written))
        except (ValueError, OverflowError):
            return NO_TIME

    def syslog(self, text: str) -> Time:
        """Read ``Nov 21 01:58:16``: no zone, and a year at most at its end.

        A day of the week may stand before it: ``Sat Nov 21 01:58:16 2026``.
        """
        found = _SYSLOG.fullmatch(text[4:] if _WEEKDAY.match(text) else text)
        if not found or not (month := _MONTHS.get(found[1].lower())):
            return NO_TIME
        if found[7]:
            clock = f"{found[3]}:{found[4]}:{found[5]}{found[6] or ''}"
            return self.iso(f"{found[7]}-{month:02d}-{int(found[2]):02d}T{clock}")
        hour, minute, second = (int(part) for part in found.group(3, 4, 5))
        micro = _microseconds(found[6])
        try:
            when = self._dated(month, int(found[2]), hour, minute, second, micro)
        except (ValueError, OverflowError):  # 29 February in a year that has none
            return NO_TIME
        return when, TimeQuality.ASSUMED_YEAR

    def day_first(self, text: str) -> Time:
        """Read ``21-Nov-2026 01:58:17.869`` or ``21/Nov/2026:01:58:30 +0000``."""
        found = _DAY_FIRST.fullmatch(text)
        if not found or not (month := _MONTHS.get(found[2].lower())):
            return NO_TIME
        date = f"{found[3]}-{month:02d}-{int(found[1]):02d}"
        clock = f"{_hour(found):02d}:{found[5]}:{found[6]}{found[7] or ''}"
        return self.iso(f"{date}T{clock}{_offset(found)}")

    def any(self, value: object) -> Time:
        """Read a time of unknown spelling; a day-or-month that cannot be told apart is no time."""
        if isinstance(value, str) and _PLAIN_EPOCH.fullmatch(value):
            return self.epoch(value)  # what most logs have
        if isinstance(value, bool) or value is None:
            return NO_TIME
        if isinstance(value, int | float):
            return self._compact(str(value)) or self.epoch(value)
        written = str(value).strip().strip("[]")
        text = _NAMED_ZONE.sub("+00:00", written)
        if _EPOCH.fullmatch(text):
            return self._compact(text) or self.epoch(text)
        for read in (self.iso, self.day_first, self.syslog, self._slashed):
            time = read(text)
            if time[0] is not None:
                return time
        return self._worded(written)

    def _compact(self, text: str) -> Time | None:
        """Read ``20261121015816``, which would else be an epoch in the far future."""
        found = _COMPACT.fullmatch(text)
        if not found:
            return None
        year, month, day, hour, minute, second = found.groups()
        time = self.iso(f"{year}-{month}-{day}T{hour}:{minute}:{second}")
        return time if time[0] is not None else None

    def _worded(self, text: str) -> Time:
        """Read ``Nov 20, 2026 @ 08:01:02.000`` and ``Fri, 20 Nov 2026 08:01:02 +0100``."""
        if found := _KIBANA.fullmatch(text):
            month = _MONTHS.get(found[1].lower(), 0)
            return self.iso(f"{found[3]}-{month:02d}-{int(found[2]):02d}T{found[4]}")
        if found := _LONG_DATE.fullmatch(text):
            month = _MONTHS.get(found[1][:3].lower(), 0)
            hours = f"{_hour(found):02d}:{found[5]}:{found[6]}"
            return self.iso(f"{found[3]}-{month:02d}-{int(found[2]):02d}T{hours}{_offset(found)}")
        if not text[:3].isalpha() or "," not in text[:5]:
            return NO_TIME
        try:
            return self._zoned(parsedate_to_datetime(text))
        except (ValueError, OverflowError, IndexError):
            return NO_TIME

    def _slashed(self, text: str) -> Time:
        found = _SLASHED.fullmatch(text)
        if not found:
            return NO_TIME
        a, b, c = (int(part) for part in found.group(1, 2, 3))
        if len(found[1]) == 4:
            year, month, day = a, b, c
        elif a > 12:
            year, month, day = c, b, a
        elif b > 12:
            year, month, day = c, a, b
        elif self.day_is_first is not None:
            year, (day, month) = c, (a, b) if self.day_is_first else (b, a)
        else:
            return NO_TIME
        clock = f"{_hour(found):02d}:{found[5]}:{found[6] or '00'}{found['fraction'] or ''}"
        return self.iso(f"{year:04d}-{month:02d}-{day:02d}T{clock}{_offset(found)}")

    def _zoned(self, when: datetime) -> Time:
        if when.tzinfo is not None:
            return when.astimezone(UTC), TimeQuality.EXACT
        quality = TimeQuality.EXACT if self.zone_is_given else TimeQuality.ASSUMED_ZONE
        there = when.replace(tzinfo=self.zone)
        return (there if self.zone is UTC else there.astimezone(UTC)), quality

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


def _hour(found: re.Match[str]) -> int:
    """The hour of the day, which AM and PM count twice to twelve."""
    hour, half = int(found[4]), (found["half"] or "").lower()
    return hour % 12 + (12 if half == "p" else 0) if half else hour


def _offset(found: re.Match[str]) -> str:
    zone = found["zone"] or ""
    return "+00:00" if zone in ("Z", "GMT", "UTC") else zone


def _microseconds(fraction: str | None) -> int:
    return int(((fraction or "")[1:] + "000000")[:6])


def _six_digits(text: str) -> str:
    """Cut a fraction of a second to six digits: Python reads no more."""
    text = text.strip()
    dot = text.find(".")
    if dot < 0 or len(text) - dot <= _DIGITS_READ + 1:
        return text
    return _LONG_FRACTION.sub(r"\1", text)
