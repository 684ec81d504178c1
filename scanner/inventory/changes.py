"""What changed between two scans or two times: new systems, wider reach, silence, and the rest.

Told by snapshots, step by step, so that each change has the time of the scan that showed it. Use
and people are compared with what they were at the beginning.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from scanner.inventory import absence, overdue
from scanner.inventory.change_kinds import GRADES, Change, Grade, Kind, change
from scanner.inventory.differences import Step, again, beginning, differences, grown
from scanner.inventory.merged import decided
from scanner.inventory.snapshots import (
    AWAY_DAYS,
    SUPPLIER,
    Notes,
    Snapshot,
    decoded,
    facts_of,
    notes_of,
)
from scanner.model import Scan
from scanner.store import Reader, SnapshotRow

__all__ = ["GRADES", "Change", "Grade", "Kind", "changes", "scan_at"]

_ORDER = list(Grade)
_MOST_FACTS = 3
_LOOK_BACK = timedelta(days=3 * AWAY_DAYS)
_NO_POLICY: Mapping[str, datetime] = {}
_OF_SOURCES = frozenset({Kind.NOT_SEEN, Kind.CANNOT_TELL, Kind.SOURCE_MISSING})
Moment = datetime | int | None


@dataclass(frozen=True, slots=True)
class _Span:
    """What is compared: after one scan, up to another; and the times between which things fell due."""

    scans: Mapping[int, Scan]
    since: int
    until: int
    window: tuple[datetime, datetime]


def changes(
    store: Reader,
    since: Moment,
    until: Moment,
    now: datetime,
    days: int = AWAY_DAYS,
    prohibited: Mapping[str, datetime] = _NO_POLICY,
    kinds: Collection[Kind] = frozenset(Kind),
) -> list[Change]:
    """Return what changed, the systems with the gravest change first, and each system's together.

    ``since`` and ``until`` are times, or numbers of scans; None is the beginning, and now. A
    system that nothing showed for ``days`` counts as not seen. ``prohibited`` are systems that a
    policy rejects, and since when. Only ``kinds`` are looked for.
    """
    span = _span(store, since, until, now)
    if span is None:
        return []
    names = store.system_names()
    found = [
        *_from_snapshots(store, span, names),
        *_from_decisions(store, span, names, prohibited),
        *(_from_sources(store, span, names, days) if _OF_SOURCES & set(kinds) else ()),
        *_candidates(store, span),
    ]
    return _ordered(one for one in found if one.kind in kinds)


def scan_at(scans: Iterable[Scan], when: datetime) -> int:
    """Return the newest scan that had begun by then; 0 if there was none."""
    return max((one.id for one in scans if one.started <= when), default=0)


def _span(store: Reader, since: Moment, until: Moment, now: datetime) -> _Span | None:
    scans = store.scans()
    if not scans:
        return None
    by_id = {one.id: one for one in scans}
    last = scans[0].id
    begin = since if isinstance(since, int) else scan_at(scans, since) if since else 0
    end = until if isinstance(until, int) else scan_at(scans, until) if until else last
    start = since if isinstance(since, datetime) else _started(by_id, begin, scans[-1])
    stop = until if isinstance(until, datetime) else now
    if isinstance(until, int) and until in by_id and until != last:
        stop = by_id[until].finished or by_id[until].started
    return _Span(by_id, begin, min(end, last), (start, min(stop, now)))


def _started(scans: Mapping[int, Scan], number: int, first: Scan) -> datetime:
    """Return when a scan began; before the first of all there was nothing for years."""
    return scans[number].started if number in scans else first.started - timedelta(days=36_500)


def _from_snapshots(store: Reader, span: _Span, names: Mapping[str, str]) -> Iterator[Change]:
    rows = store.snapshots(span.since, span.until)
    supplied: list[list[SnapshotRow]] = []
    supplies: dict[str, Snapshot] = {}
    firsts: list[tuple[Step, Snapshot]] = []
    known: set[str] = set()
    for subject, group in groupby(rows, key=lambda row: row.subject):
        history = list(group)
        if subject.startswith(SUPPLIER):
            supplied.append(history)
        elif subject in names:
            steps = [
                (_step(row, names[subject], span), decoded(row), notes_of(row)) for row in history
            ]
            yield from _of_system(steps, span)
            supplies[subject] = steps[-1][1]
            firsts.extend(_supplied(steps, span, known))
    yield from _new_suppliers(firsts, known)
    for history in supplied:
        yield from _fact_changes(history, supplies, names, span)


def _step(row: SnapshotRow, name: str, span: _Span) -> Step:
    return Step(row.subject, name, row.scan, span.scans[row.scan].started)


def _of_system(steps: Sequence[tuple[Step, Snapshot, Notes]], span: _Span) -> Iterator[Change]:
    first, base, notes = steps[0]
    if first.scan > span.since:
        yield beginning(first, notes, base)
    for (_, before, _), (step, after, said) in pairwise(steps):
        yield from differences(step, before, after)
        yield from again(step, said)
    yield from grown(((step, after) for step, after, _ in steps[1:]), base)


def _supplied(
    steps: Sequence[tuple[Step, Snapshot, Notes]], span: _Span, known: set[str]
) -> Iterator[tuple[Step, Snapshot]]:
    """Yield where a system came to other suppliers; those it began with are ``known`` then."""
    had: set[str] = set()
    for step, snapshot, _ in steps:
        if step.scan <= span.since:
            known.update(snapshot.suppliers)
        elif not had.issuperset(snapshot.suppliers):
            yield step, snapshot
        had.update(snapshot.suppliers)


def _new_suppliers(firsts: Iterable[tuple[Step, Snapshot]], known: set[str]) -> Iterator[Change]:
    """Yield the suppliers of whom nothing was known before, with the system that brought each."""
    for step, snapshot in sorted(firsts, key=lambda one: (one[0].scan, one[0].system)):
        for supplier, name in snapshot.suppliers.items():
            if supplier not in known:
                known.add(supplier)
                text = f"{name} is a new supplier."
                yield step.tell(Kind.NEW_SUPPLIER, text, None, supplier)


def _fact_changes(
    history: Sequence[SnapshotRow],
    supplies: Mapping[str, Snapshot],
    names: Mapping[str, str],
    span: _Span,
) -> Iterator[Change]:
    """Yield for each system of a supplier what the catalogue says otherwise than before."""
    supplier = history[0].subject.removeprefix(SUPPLIER)
    concerned = [system for system, one in supplies.items() if supplier in one.suppliers]
    for old, new in pairwise(history):
        before, after = facts_of(old), facts_of(new)
        moved = sorted(key for key in after if before.get(key) != after[key])
        if not moved:  # what is no longer told is no other fact
            continue
        said = "; ".join(_fact(key, before.get(key), after[key]) for key in moved[:_MOST_FACTS])
        more = f"; and {len(moved) - _MOST_FACTS} more" if len(moved) > _MOST_FACTS else ""
        for system in concerned:
            step = _step(new._replace(subject=system), names[system], span)
            text = f"What is known of {supplies[system].suppliers[supplier]} changed: {said}{more}."
            changed = {key: before.get(key) for key in moved}, {key: after[key] for key in moved}
            yield step.tell(Kind.FACT_CHANGED, text, *changed)


def _fact(key: str, before: str | None, after: str) -> str:
    about, *plans = key.replace("_", " ").split("|")
    where = f" ({', '.join(plans)})" if plans else ""
    return f"{about}{where}: {'unknown' if before is None else before}, now {after}"


def _from_decisions(
    store: Reader, span: _Span, names: Mapping[str, str], prohibited: Mapping[str, datetime]
) -> Iterator[Change]:
    known = decided(store)
    yield from overdue.expired(known, names, span.window)
    refused = overdue.rejected(known, names, prohibited)
    last_use = store.last_use(refused, span.window[1])
    yield from overdue.used_though_rejected(refused, last_use, names, span.window)


def _from_sources(
    store: Reader, span: _Span, names: Mapping[str, str], days: int
) -> Iterator[Change]:
    begin = scan_at(span.scans.values(), span.window[0] - _LOOK_BACK - timedelta(days=days))
    states = store.source_states(max(0, begin - 1), span.until)
    kinds = absence.by_kind(states)
    yield from absence.not_seen(store.sights(), kinds, span.scans, names, span.window, days)
    yield from absence.missing_sources(states, span.scans, span.since)


def _candidates(store: Reader, span: _Span) -> Iterator[Change]:
    for one in store.first_signs(span.since, span.until):
        at = span.scans[one.scan].started
        text = f"{one.subject} looks like AI, and no signature knows it."
        yield change("", one.subject, Kind.CANDIDATE_NEW, text, at, evidence=(f"scan {one.scan}",))


def _ordered(found: Iterable[Change]) -> list[Change]:
    listed = sorted(found, key=_place)
    gravest: dict[tuple[str, str], int] = {}
    for one in listed:
        gravest.setdefault(_whose(one), _ORDER.index(one.grade))
    return sorted(listed, key=lambda one: (gravest[_whose(one)], not one.system, *_whose(one)))


def _whose(one: Change) -> tuple[str, str]:
    return one.name.casefold(), one.system


def _place(one: Change) -> tuple[int, datetime, str, str, str]:
    return _ORDER.index(one.grade), one.at, one.kind, one.name, one.text
