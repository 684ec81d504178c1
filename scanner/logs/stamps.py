"""Times as SIEM connectors write them: ``Nov 21 2026 01:58:16 GMT``, or after a Java pattern."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache

from scanner.logs.clock import NO_TIME, Clock, Time

_MONTH_DAY_YEAR = re.compile(
    r"([A-Z][a-z]{2}) +(\d{1,2}) (\d{4}) (\d\d:\d\d:\d\d(?:\.\d+)?)( (?:GMT|UTC|Z|[+-]\d\d:?\d\d))?.*"
)
_AT_GREENWICH = re.compile(r"(?: ?GMT| ?UTC|Z)$")
_LONGEST = 64
# Letters of java.text.SimpleDateFormat, as strptime writes them.
_LETTERS = re.compile(r"'([^']*)'|yyyy|yy|y|MMM|MM|M|dd|d|HH|H|hh|h|mm|ss|S+|a|[zZX]+")
_WRITTEN = {
    "y": "%Y", "yy": "%y", "yyyy": "%Y", "M": "%m", "MM": "%m", "MMM": "%b", "d": "%d",
    "dd": "%d", "H": "%H", "HH": "%H", "h": "%I", "hh": "%I", "mm": "%M", "ss": "%S", "a": "%p",
}  # fmt: skip


def read(written: str | None, clock: Clock, pattern: str | None = None) -> Time:
    """Return the time; ``pattern`` is the Java date pattern that the record names, if any."""
    if not written or len(written) > _LONGEST:
        return NO_TIME
    if pattern and len(pattern) <= _LONGEST:
        time = _by_pattern(written, pattern, clock)
        if time[0] is not None:
            return time
    if found := _MONTH_DAY_YEAR.fullmatch(written):
        return clock.day_first(f"{found[2]}-{found[1]}-{found[3]} {found[4]}{found[5] or ''}")
    return clock.any(written)


def _by_pattern(written: str, pattern: str, clock: Clock) -> Time:
    try:
        plain = _AT_GREENWICH.sub("+0000", written)
        when = datetime.strptime(plain, _as_strptime(pattern))  # noqa: DTZ007 - the clock adds it
    except (ValueError, re.error):
        return NO_TIME
    return clock.iso(when.isoformat())


@lru_cache(maxsize=64)
def _as_strptime(pattern: str) -> str:
    def letter(found: re.Match[str]) -> str:
        if found[1] is not None:
            return found[1] or "'"
        return _WRITTEN.get(found[0]) or ("%f" if found[0][0] == "S" else "%z")

    return re.sub(r"\s+%z$", "%z", _LETTERS.sub(letter, pattern.replace("%", "%%")))
