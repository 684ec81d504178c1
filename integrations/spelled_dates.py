"""Dates as people and spreadsheets spell them: 31/12/2026, 31.12.26, 12/31/2026 4:05 PM, 3 Mar 2026."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

DATE = re.compile(r"\s*(?P<first>\d{1,4})(?P<mark>[/.-])(?P<second>\d{1,2})(?P=mark)(?P<third>\d{1,4})(?!\d)")  # fmt: skip
_WORD = r"(?P<month>[^\W\d_]{3,10})\.?"
_DAY = r"(?P<day>\d{1,2})(?:\.|st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4}|\d\d)(?!\d|:)"
_NAMED = (
    re.compile(rf"(?:[^\W\d_]{{2,9}},? )?{_WORD} {_DAY},? {_YEAR}"),
    re.compile(rf"(?:[^\W\d_]{{2,9}},? )?{_DAY}[ -](?:de )?{_WORD}(?:[ -]|, | de ){_YEAR}"),
)
_CLOCK = re.compile(
    r"[T, ]*(\d{1,2})[:.h](\d\d)(?:[:.](\d\d)(?:[.,]\d+)?)?\s*([AaPp]\.?\s?[Mm]\.?)?"
    r"\s*(Z|[+-]\d\d:?\d\d)?"
)
# Beginnings of months in English, German, French and Spanish, the longer before the shorter.
_MONTHS = {
    "jan": 1, "ene": 1, "jän": 1, "feb": 2, "fév": 2, "fev": 2, "mar": 3, "mär": 3, "mrz": 3,
    "apr": 4, "avr": 4, "abr": 4, "may": 5, "mai": 5, "juin": 6, "jun": 6, "juil": 7, "jul": 7,
    "aug": 8, "aoû": 8, "aou": 8, "ago": 8, "sep": 9, "oct": 10, "okt": 10, "nov": 11,
    "dec": 12, "dez": 12, "déc": 12, "dic": 12,
}  # fmt: skip
_NOON = 12


def spelled_date(cell: str, day_is_first: bool | None) -> datetime:
    """Return the time that a cell says, without a zone if it names none but by a word.

    Raises ValueError for what is no date, and for 1/5/2026 as long as nothing tells which of the
    two is the day. Dates with points begin with the day.
    """
    if found := DATE.match(cell):
        year, month, day = _numbers(found, day_is_first)
    elif found := next((hit for one in _NAMED if (hit := one.match(cell))), None):
        year, month, day = int(found["year"]), _month(found["month"]), int(found["day"])
    else:
        raise ValueError(f"no date: {cell!r}")
    hour, minute, second, zone = _time_of_day(cell[found.end() :])
    year += 2000 if year < 100 else 0
    return datetime(year, month, day, hour, minute, second, tzinfo=zone)


def _numbers(found: re.Match[str], day_is_first: bool | None) -> tuple[int, int, int]:
    first, second, third = int(found["first"]), int(found["second"]), int(found["third"])
    if len(found["first"]) > 2:
        return first, second, third
    if found["mark"] == ".":
        day_is_first = True
    if day_is_first is None and first != second:
        raise ValueError("nothing tells whether the day or the month comes first")
    return (third, second, first) if day_is_first else (third, first, second)


def _month(word: str) -> int:
    lowered = word.lower()
    month = next((number for name, number in _MONTHS.items() if lowered.startswith(name)), None)
    if month is None:
        raise ValueError(f"no month: {word!r}")
    return month


def _time_of_day(text: str) -> tuple[int, int, int, tzinfo | None]:
    found = _CLOCK.match(text)
    if found is None:
        return 0, 0, 0, None
    hour, half = int(found[1]), (found[4] or "").lower()
    if half:
        hour = hour % _NOON + (_NOON if half.startswith("p") else 0)
    return hour, int(found[2]), int(found[3] or 0), _zone(found[5])


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text == "Z":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
