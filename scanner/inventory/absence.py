"""What was not seen: a system for many days, a source that scans used to read.

Not seen is said only where each kind of source that ever showed a system was whole and covers
the days in question; otherwise nobody can tell, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from scanner.inventory.change_kinds import Change, Kind, change
from scanner.inventory.snapshots import source_kind
from scanner.model import Scan, SourceState
from scanner.store import Sight, SourceSeen

_WHOLE = frozenset({SourceState.COMPLETE, SourceState.ALREADY_READ})
_LACKING = frozenset(
    {
        SourceState.DENIED,
        SourceState.PARTIAL,
        SourceState.FAILED,
        SourceState.UNRECOGNISED,
        SourceState.NOT_LICENSED,
    }
)
_GAP = timedelta(days=2)  # a log may begin and end within a day
_LAST_SCANS, _FEWEST_SCANS = 3, 2

States = Mapping[str, Sequence[SourceSeen]]  # by kind of source


def by_kind(states: Iterable[SourceSeen]) -> dict[str, list[SourceSeen]]:
    """Return what became of sources, by their kind."""
    found: dict[str, list[SourceSeen]] = {}
    for one in states:
        found.setdefault(source_kind(one.name), []).append(one)
    return found


def not_seen(
    sights: Iterable[Sight],
    states: States,
    scans: Mapping[int, Scan],
    names: Mapping[str, str],
    window: tuple[datetime, datetime],
    days: int,
) -> Iterator[Change]:
    """Yield the systems that were missed for so many days at a time inside the window."""
    for system, group in groupby(sights, key=attrgetter("system")):
        shown = list(group)
        last = max(one.at for one in shown)
        when = last + timedelta(days=days)
        if system not in names or not window[0] < when <= window[1]:
            continue
        blind = [_blind(one.source, states, scans, last, when) for one in shown]
        reasons = "; ".join(filter(None, blind))
        since = f"{last:%Y-%m-%d}"
        if reasons:
            text = (
                f"It was last seen on {since}; whether it is still used nobody can tell: {reasons}."
            )
            yield change(system, names[system], Kind.CANNOT_TELL, text, when, since, None)
        else:
            text = f"It was not seen for {days} days, since {since}, where it would have been seen."
            yield change(system, names[system], Kind.NOT_SEEN, text, when, since, None)


def _blind(
    kind: str, states: States, scans: Mapping[int, Scan], last: datetime, when: datetime
) -> str:
    """Return why a kind of source does not show what was between two times; "" if it does."""
    later = [one for one in states.get(kind, ()) if _end(one, scans) > last]
    whole = [one for one in later if one.state in _WHOLE]
    if not whole:
        lacking = [f"{one.state}" for one in later if one.state in _LACKING]
        why = f"was {lacking[-1]}" if lacking else "was not read again"
        return f"{kind} {why}"
    listed = [_end(one, scans) for one in whole if one.last is None]
    if listed:  # a state, without it: it stays so as long as somebody looks
        return (
            ""
            if max(listed) + _GAP >= when
            else f"{kind} was not read after {max(listed):%Y-%m-%d}"
        )
    covered = last
    for one in sorted(whole, key=lambda one: one.first or last):
        if (one.first or last) > covered + _GAP:
            break
        covered = max(covered, one.last or last)
    return "" if covered + _GAP >= when else f"{kind} has nothing after {covered:%Y-%m-%d}"


def _end(one: SourceSeen, scans: Mapping[int, Scan]) -> datetime:
    return one.last or scans[one.scan].started


def missing_sources(
    states: Iterable[SourceSeen], scans: Mapping[int, Scan], since: int
) -> Iterator[Change]:
    """Yield the sources that the last scans had, and a scan after ``since`` lacks."""
    by_scan: dict[int, dict[str, SourceSeen]] = {}
    for one in states:
        known = by_scan.setdefault(one.scan, {})
        kind = source_kind(one.name)
        if kind not in known or known[kind].state in _WHOLE:  # of several the worst
            known[kind] = one
    numbers = sorted(by_scan)
    for at, number in enumerate(numbers):
        before = [by_scan[one] for one in numbers[max(0, at - _LAST_SCANS) : at]]
        if number > since and before:
            yield from _missing(before, by_scan[number], number, scans[number].started)


def _missing(
    before: Sequence[Mapping[str, SourceSeen]],
    now: Mapping[str, SourceSeen],
    scan: int,
    at: datetime,
) -> Iterator[Change]:
    evidence = (f"scan {scan}",)
    for kind, known in sorted(before[-1].items()):
        was_always = len(before) >= _FEWEST_SCANS and all(kind in one for one in before)
        seen = now.get(kind)
        if seen is None:
            if was_always:
                text = f"The last {len(before)} scans read it, and this one did not."
                yield change("", known.name, Kind.SOURCE_MISSING, text, at, evidence=evidence)
        elif seen.state in _LACKING and known.state in _WHOLE:
            why = f": {seen.reason}" if seen.reason else ""
            text = f"It was {known.state.replace('_', ' ')} before, and is {seen.state} now{why}."
            yield change(
                "", seen.name, Kind.SOURCE_MISSING, text, at, known.state, seen.state, evidence
            )
