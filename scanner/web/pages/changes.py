"""What changed since a day: typed and graded, the gravest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from reports.changes import found_since, since_of
from scanner.inventory.change_kinds import Change, Grade
from scanner.web.addresses import Address, day_of, slice_of
from scanner.web.documents import links
from scanner.web.visit import Answer, Page, Shown, Visit

PATH = "/changes"
_ROWS = 100


def show(visit: Visit) -> Answer:
    """Show what changed since the day that is asked for, or the scan before the last one."""
    day = visit.query.get("since", "")
    asked = day_of(day)
    since = asked or since_of(visit.material)
    every = found_since(visit.material, since)
    grade, kind = visit.query.get("grade", ""), visit.query.get("kind", "")
    word = visit.query.get("q", "").strip()
    rows = _chosen(every, grade, kind, word, visit.hide)
    said = {"since": day if asked else "", "grade": grade, "kind": kind, "q": word}
    return Shown(
        "changes.html",
        {
            "address": Address(PATH, {name: value for name, value in said.items() if value}),
            "said": said,
            "since": since,
            "flaw": day if day and asked is None else "",
            "scans": _days(visit),
            "grades": [(one, sum(each.grade is one for each in every)) for one in Grade],
            "kinds": sorted({one.kind for one in every}),
            "page": slice_of(rows, visit.query.get("page", ""), _ROWS),
            "systems": visit.material.systems,
            "files": links(visit, "changes", since=said["since"]),
        },
    )


def _chosen(
    every: Sequence[Change], grade: str, kind: str, word: str, hide: Callable[[str], str]
) -> list[Change]:
    """Return what answers: words are looked for in what the visitor may see, and nowhere else."""
    key = word.casefold()
    return [
        one
        for one in every
        if grade in ("", one.grade)
        and kind in ("", one.kind)
        and (not key or key in hide(f"{one.name} {one.text}").casefold())
    ]


def _days(visit: Visit) -> list[datetime]:
    """Return the days of the last scans, to choose from."""
    days: dict[str, datetime] = {}
    for one in visit.material.scans:
        days.setdefault(f"{one.started:%Y-%m-%d}", one.started)
    return list(days.values())[:8]


PAGES = (Page(PATH, show, title="web_pages.navigation.changes", order=5),)
