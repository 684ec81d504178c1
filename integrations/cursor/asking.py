"""In which order Cursor is asked, whose account it is, and how often each operation is sent."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from integrations.connector import Run, Size
from integrations.cursor.operations import DAILY_USE, EVENTS, MEMBERS, SPENDING, TEAM
from integrations.operations import Operation
from integrations.periods import milliseconds
from scanner.model import Tenant

_DAYS = 29  # with today 30, which is the most that one request may ask for
_MOST_PAGES = 10_000
_EVENTS_A_DAY = 50  # of a person, for the plan


def identify(run: Run) -> Tenant | None:
    """Return whose account it is. The audit log's answers name the team that was asked for."""
    run.read(TEAM)
    for _, item in run.items(TEAM):
        if key := item.at("params").text("teamId"):
            return Tenant("cursor", key)
    named = run.settings.get("tenant", "")
    return Tenant("cursor", named) if named else None


def collect(run: Run) -> None:
    """Read members, spending and use: event by event where that is wanted, else day by day."""
    run.read(MEMBERS)
    _read_pages(run, SPENDING)
    if not _read_use(run, EVENTS):
        _read_use(run, DAILY_USE)


def requests(size: Size) -> dict[str, int]:
    """Return how often each operation is sent."""
    events = size.people * _EVENTS_A_DAY * (_DAYS + 1)
    return {
        TEAM.id: 1,
        MEMBERS.id: 1,
        SPENDING.id: _pages(size.people, SPENDING),
        DAILY_USE.id: _pages(size.people, DAILY_USE),
        EVENTS.id: _pages(events, EVENTS),
    }


def consent(_settings: Mapping[str, str], _scopes: Iterable[str]) -> str:
    """Return where an administrator makes the key."""
    return (
        "https://cursor.com/dashboard/api?section=team-keys : create a key with the scope Read-only"
    )


def _read_use(run: Run, operation: Operation) -> bool:
    start, today = run.since(operation, _DAYS), run.since(MEMBERS, 0)
    last = str(int(milliseconds(today, days=1)) - 1)  # both bounds are inclusive
    return _read_pages(run, operation, start=milliseconds(start), end=last)


def _read_pages(run: Run, operation: Operation, **parameters: str) -> bool:
    """Read all pages. Pages are numbered; the first says how many there are."""
    is_complete = run.read(operation, page="1", **parameters)
    wanted = {"page": "1", **parameters}
    for page in range(2, _pages_of(run, operation, wanted) + 1):
        is_complete = run.read(operation, page=str(page), **parameters) and is_complete
    return is_complete


def _pages_of(run: Run, operation: Operation, wanted: Mapping[str, str]) -> int:
    for parameters, item in run.items(operation):
        if dict(parameters) == dict(wanted):
            paging = item.at("pagination")
            found = max(
                item.number("totalPages"), paging.number("totalPages"), paging.number("numPages")
            )
            return min(found, _MOST_PAGES)
    return 1


def _pages(items: int, operation: Operation) -> int:
    return max(1, math.ceil(items / operation.page_size))
