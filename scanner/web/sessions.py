"""Sessions: kept in memory, known to a browser by a random name, and over when the server ends."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scanner.web.people import Person

_MOST = 10_000


@dataclass(slots=True)
class Session:
    """One person in one browser. ``decisions`` are the numbers of those made here, for undoing.

    It is over at ``ends``, and before that at ``idle_at`` if nothing is asked for until then.
    """

    person: Person
    ends: datetime
    idle_at: datetime | None = None
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    decisions: list[int] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)  # to be told on the next page

    def is_from_here(self, token: str) -> bool:
        """Whether a form was made for this session."""
        return hmac.compare_digest(token.encode(), self.csrf.encode())

    def is_over(self, now: datetime) -> bool:
        return self.ends <= now or (self.idle_at is not None and self.idle_at <= now)


class Sessions:
    """All sessions there are. A name is never used again, and tells nothing."""

    def __init__(self, hours: float, idle_minutes: float = 60.0) -> None:
        self._length = timedelta(hours=hours)
        self._idle = timedelta(minutes=idle_minutes)
        self._known: dict[str, Session] = {}

    def begin(self, person: Person, now: datetime) -> str:
        """Begin a session; returns its name."""
        self._forget(now)
        name = secrets.token_urlsafe(32)
        self._known[name] = Session(person, now + self._length, now + self._idle)
        return name

    def find(self, name: str | None, now: datetime) -> Session | None:
        """Return the session of that name, if it is not over; it lasts on from now."""
        session = self._known.get(name or "")
        if session is None or session.is_over(now):
            self.end(name)
            return None
        session.idle_at = now + self._idle
        return session

    def end(self, name: str | None) -> Session | None:
        """End a session for good; returns it, if there was one."""
        return self._known.pop(name or "", None)

    def _forget(self, now: datetime) -> None:
        self._known = {name: one for name, one in self._known.items() if not one.is_over(now)}
        while len(self._known) >= _MOST:  # the oldest first
            self._known.pop(next(iter(self._known)))
