"""How fast and how often an account is asked: quotas, what servers say, and when to give up."""

from __future__ import annotations

import math
import random
import time
from collections import defaultdict, deque
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol

from integrations.connector import Quota

_LONGEST = 900.0  # seconds that one answer may make us wait
_FIRST = 1.0
_SLOWEST = 60.0
_EPOCH = 1_000_000_000  # a number above is a time, below it seconds to wait
_RESETS = ("x-ratelimit-reset", "x-rate-limit-reset", "ratelimit-reset")


class Clock(Protocol):
    """Time, given from outside: tests wait for nothing."""

    def time(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...


class SystemClock:
    """The clock of the machine."""

    def time(self) -> float:
        return time.time()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class Pace:
    """Waits before requests so that no quota is overrun. One quota is one rolling window."""

    def __init__(self, quotas: Mapping[str, Quota], clock: Clock) -> None:
        self._quotas = quotas
        self._clock = clock
        self._sent: defaultdict[str, deque[float]] = defaultdict(deque)
        self.waited = 0.0

    def wait_for(self, quota: str) -> None:
        """Wait until a request of that quota may be sent, and count it."""
        allowed = self._quotas.get(quota)
        if allowed is None:
            return
        sent, now = self._sent[quota], self._clock.time()
        while sent and sent[0] <= now - allowed.seconds:
            sent.popleft()
        if len(sent) >= allowed.requests:
            # At most one window, also where the clock was set back meanwhile.
            self.wait(min(sent[0] + allowed.seconds - now, allowed.seconds))
            sent.popleft()
        sent.append(self._clock.time())

    def wait(self, seconds: float) -> None:
        """Wait, and remember how long."""
        if seconds > 0:
            self.waited += seconds
            self._clock.sleep(seconds)


def delay_asked(headers: Mapping[str, str], now: float, is_too_fast: bool = True) -> float | None:
    """Return the seconds a server asks us to wait, at most a quarter of an hour; None if it does not say.

    Retry-After in seconds or as a date; else a reset time, as seconds since 1970 or from now. That
    counts where we were too fast alone: some services send it with every answer.
    """
    if value := headers.get("retry-after"):
        seconds = _seconds(value, now)
        if seconds is not None:
            return min(max(seconds, 0.0), _LONGEST)
    for name in _RESETS if is_too_fast else ():
        if (value := headers.get(name)) and (seconds := _number(value)) is not None:
            left = seconds - now if seconds > _EPOCH else seconds
            return min(max(left, 0.0), _LONGEST)
    return None


def backoff(tries: int, dice: random.Random) -> float:
    """Return the seconds to wait after some tries where nobody says: doubled each time, with jitter."""
    longest = min(_SLOWEST, _FIRST * 2.0**tries)
    return longest / 2 + dice.random() * longest / 2


def _seconds(value: str, now: float) -> float | None:
    if (number := _number(value)) is not None:
        return number
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return float(aware.timestamp()) - now


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def skew(headers: Mapping[str, str], now: float) -> float | None:
    """Return by how many seconds our clock is ahead of a server's; None if it does not say."""
    try:
        return float(now - parsedate_to_datetime(headers["date"]).timestamp())
    except (KeyError, ValueError, TypeError, OverflowError):
        return None


def stamp(seconds: float) -> datetime:
    """Return seconds since 1970 as an aware time."""
    return datetime.fromtimestamp(seconds, UTC)
