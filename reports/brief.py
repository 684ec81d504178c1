"""The brief: one page for a CISO. What is new, what needs a decision, what are we blind to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from reports import Output, Report
from reports.accounts import Account, Candidate, account_of, listed_by, owners_of
from reports.html import page
from reports.material import Material
from reports.sources import blind_spots, in_rows, not_looked_at
from scanner.inventory.candidates import candidates
from scanner.inventory.verdicts import UNDECIDED
from scanner.model import (
    AISystem,
    CandidateStatus,
    Level,
)
from scanner.store import Reader

_MOST_BARS = 31
_MOST_LISTED = 12  # questions and candidates on the page itself; the evidence holds all of them
_BAR_HEIGHT = 20
_EPOCH = date(1970, 1, 1)


class Bar(NamedTuple):
    """One day of a system's activity, in pixels of its small chart."""

    x: int
    y: int
    height: int
    label: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A system as the page shows it: its record, why it matters, and its evidence."""

    system: AISystem
    country: str | None
    is_new: bool
    why: str
    bars: tuple[Bar, ...]
    evidence: list[dict[str, Any]]
    hosts: list[dict[str, Any]]
    components: list[dict[str, Any]]
    owners: list[Candidate]
    account: Account
    hints: list[dict[str, Any]]


class Group(NamedTuple):
    """Systems that call for the same kind of decision."""

    title: str
    question: str
    entries: list[Entry]

    @property
    def tells_bytes(self) -> bool:
        return any(entry.system.bytes_up for entry in self.entries)


def render(material: Material) -> str:
    """Return the page as HTML. The same store gives the same bytes."""
    store = material.store
    scans, sources = material.scans, material.sources
    suppliers = store.suppliers()
    countries = {one.id: one.country for one in suppliers}
    entries = _entries(material, countries)
    undecided = [entry for entry in entries if entry.system.status in UNDECIDED]
    return page(
        "brief.html",
        "brief.css",
        {
            "organisation": material.organisation,
            "since": material.since,
            "scan": scans[0] if scans else None,
            "scan_count": len(scans),
            "privacy": store.privacy(),
            "entries": entries,
            "new": [entry for entry in entries if entry.is_new],
            "undecided": undecided,
            "groups": _groups(undecided),
            "questions": _questions(store),
            "questions_shown": _MOST_LISTED,
            "candidates": _candidates(store),
            "candidates_shown": _MOST_LISTED,
            "suppliers": len(suppliers),
            "actors": store.actor_count(),
            "sources": in_rows(sources),
            "period": material.period,
            "blind": blind_spots(sources),
            "not_looked_at": not_looked_at(sources),
            "levels": list(Level),
        },
    )


def _entries(material: Material, countries: Mapping[str, str | None]) -> list[Entry]:
    """Return every system, the ones that matter most first."""
    store = material.store
    systems = sorted(material.systems.values(), key=_weight)
    days = {one.id: store.days_of(one.id) for one in systems}
    first = min((min(counts) for counts in days.values() if counts), default=0)
    last = max((max(counts) for counts in days.values() if counts), default=0)
    return [
        Entry(
            system=one,
            country=countries.get(one.supplier_id),
            is_new=material.is_new(one),
            why=_why(one, store),
            bars=_bars(days[one.id], first, last),
            evidence=store.evidence_of(one.id),
            hosts=store.hosts_of(one.id),
            components=store.components_of(one.id),
            owners=owners_of(store.owner_candidates_of(one.id)),
            account=account_of(store, one.id),
            hints=store.hints_of(one.id),
        )
        for one in systems
    ]


def _questions(store: Reader) -> list[dict[str, Any]]:
    """Return the software that may embed AI, each with its evidence."""
    return [
        {
            **one,
            "evidence": store.evidence_of(one["product"]),
            "hosts": store.hosts_of(one["product"]),
        }
        for one in store.questions()
    ]


def _candidates(store: Reader) -> list[dict[str, Any]]:
    """Return what looks like AI and is known to no signature, each with where it was seen."""
    signs: dict[str, list[dict[str, Any]]] = {}
    for sign in store.candidate_signs():
        signs.setdefault(sign["subject"], []).append(sign)
    return [
        {"candidate": one, "signs": signs[one.subject], "called": _called(one.seen_as)}
        for one in candidates(store)
        if one.status is CandidateStatus.OPEN
    ]


def _called(seen_as: Iterable[str]) -> str:
    """Return what an application calls itself that is known by an id; "" for what has a name."""
    parts = (part for seen in seen_as for part in seen.split(";"))
    return next((one.partition("=")[2] for one in parts if one.startswith("app_name=")), "")


def _weight(system: AISystem) -> tuple[int, int, int, int, str]:
    level = (
        Level.USED if system.level is None else system.level
    )  # what is built is meant to be used
    return -level, -system.bytes_up, -system.users, -system.events, system.name.lower()


def _why(system: AISystem, store: Reader) -> str:
    """Say in one clause what makes a decision on this system pressing."""
    if system.level is None:
        return f"runs on {system.supplier}"
    if system.level is Level.LISTED:
        return _why_listed(system)
    actors = store.actors_by_level(system.id)
    verb = {
        Level.USED: "sent content" if system.bytes_up else "used it",
        Level.CONNECTED: "connected",
        Level.RESOLVED: "looked it up and got an answer",
        Level.ATTEMPT: "tried",
    }[system.level]
    there, everybody = actors[system.level], system.users
    if not there:
        return f"somebody {verb}, and nobody is named"
    users = f"{there:,} of {everybody:,} users" if there != everybody else f"{everybody:,} users"
    return f"{users.replace('1 users', '1 user') if everybody == 1 else users} {verb}"


def _why_listed(system: AISystem) -> str:
    what = listed_by(system.channels)
    if not system.users:
        return what
    return f"{what}; {system.users:,} {'person' if system.users == 1 else 'people'}"


def _groups(entries: Iterable[Entry]) -> list[Group]:
    by_level: dict[Level | None, list[Entry]] = {level: [] for level in (*Level, None)}
    for entry in entries:
        by_level[entry.system.level].append(entry)
    groups = [
        Group(
            "Built here", "Who answers for it, and what may go to its suppliers?", by_level[None]
        ),
        Group("In use", "May it be used, by whom, with which data?", by_level[Level.USED]),
        Group(
            "Connected",
            "Who uses it, and for what? What was sent cannot be told.",
            by_level[Level.CONNECTED],
        ),
        Group(
            "Let in or paid for",
            "Who wanted it, and what for? Nobody was seen using it.",
            by_level[Level.LISTED],
        ),
        Group(
            "Looked up", "Is it used at all? A name in DNS is not use.", by_level[Level.RESOLVED]
        ),
        Group(
            "Kept out",
            "Nothing went through. Does the block stand, and what did people need?",
            by_level[Level.ATTEMPT],
        ),
    ]
    return [group for group in groups if group.entries]


def _bars(counts: Mapping[int, int], first: int, last: int) -> tuple[Bar, ...]:
    """Return the small chart of a system: one bar for each day or, over a long time, span of days."""
    if not counts:
        return ()
    span = -(-(last - first + 1) // _MOST_BARS)
    sums: dict[int, int] = {}
    for day, count in counts.items():
        sums[(day - first) // span] = sums.get((day - first) // span, 0) + count
    highest = max(sums.values())
    return tuple(_bar(slot, sums[slot], highest, first + slot * span) for slot in sorted(sums))


def _bar(slot: int, count: int, highest: int, day: int) -> Bar:
    height = max(2, round(_BAR_HEIGHT * count / highest))
    label = f"{(_EPOCH + timedelta(days=day)).isoformat()}: {count:,}"
    return Bar(x=slot * 6, y=_BAR_HEIGHT - height, height=height, label=label)


REPORT = Report("brief", "CISO brief", {"html": Output(".html", render)})
