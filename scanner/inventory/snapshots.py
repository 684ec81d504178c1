"""Snapshots: the few things of each system by which changes are told, kept after each scan.

One is kept only where it differs from the last, so that a year of daily scans stays small; numbers
that moved by little are no difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from scanner.inventory.origin import UNKNOWN, account_mode
from scanner.inventory.roles import claims
from scanner.matching import Matcher
from scanner.model import (
    HANDSHAKE_BYTES,
    Identifier,
    Level,
    Reached,
    Scan,
    Seen,
    Signature,
    SystemFacts,
)
from scanner.store import Shown, Sight, SnapshotRow, SnapshotStore, Week

AWAY_DAYS = 30  # who comes back after so long is told
SUPPLIER = "supplier:"
_FAR = 2.0  # numbers that differ by less are the same
_SEATS_FAR = 1.25
_LEAST_CONFIDENCE = 0.5  # of a role that evidence suggests
_NUMBER = re.compile(r"([^\W\d_]*)(\d+)")
_OF_A_SERIES = re.compile(
    r".?|(?:mon|tues|wednes|thurs|fri|satur|sun)?day|week|wk|month|quarter|hour|jan|feb|mar|apr|may|"
    r"jun|jul|aug|sep|oct|nov|dec|log|part|chunk|page|batch|export|report|download|copy",
    re.IGNORECASE,
)
_LONGEST_OF_A_HOST = 3  # digits: fw1 and node123 are devices, ex261121 is a day
_encode = msgspec.json.Encoder(order="sorted").encode


class Seated(NamedTuple):
    """Licences of one plan; None where the account does not say."""

    bought: int | None
    assigned: int | None


class Snapshot(msgspec.Struct, frozen=True, omit_defaults=True):
    """What changes of a system are told by. Reach is ``area``, ``r`` or ``w``, ``own`` or ``all``."""

    suppliers: dict[str, str] = {}  # names by id
    level: int = 0
    reach: tuple[str, ...] = ()
    uploads: bool = False
    units: tuple[str, ...] = ()
    plans: dict[str, Seated] = {}
    mode: str = ""
    people: int = 0
    week: int = 0  # events in the seven days before
    models: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


class Notes(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is to say of one scan alone."""

    away: int = 0  # days for which it was not seen, before it was seen again
    known_before: bool = False  # it was in what earlier scans read, and nobody knew its name
    by_rescan: bool = False


def source_kind(name: str) -> str:
    """Return what stands for all sources of one kind: ``fw1-2026-11-21.log`` is ``fw1-#-#-#.log``.

    The number of a device stays: where one falls silent, the other does not show what it would.
    """
    return _NUMBER.sub(_without_date, name)


def _without_date(found: re.Match[str]) -> str:
    word, digits = found.groups()
    is_of_a_series = _OF_A_SERIES.fullmatch(word) or len(digits) > _LONGEST_OF_A_HOST
    return f"{word}#" if is_of_a_series else found[0]


def take(
    facts: SystemFacts,
    week: Week | None = None,
    before: Snapshot | None = None,
) -> Snapshot:
    """Return the snapshot of a system by all that is known of it, and what the last one held."""
    old = before or Snapshot()
    people = max(week.people if week else old.people, *facts.counts.values(), 0)
    return Snapshot(
        suppliers=dict(sorted(facts.suppliers.items())),
        level=int(facts.level),
        reach=tuple(sorted({_reach(one) for one in facts.reached if one.area})),
        uploads=old.uploads or any(map(_is_upload, facts.seen)),
        units=tuple(sorted(facts.units)),
        plans=_plans(facts),
        mode=_mode(facts),
        people=people,
        week=week.events if week else old.week,
        models=tuple(sorted(_models(facts))),
        parts=tuple(sorted({one.product for one in facts.parts if one.is_shipped})),
        roles=tuple(sorted(_roles(facts))),
        channels=tuple(sorted(facts.channels)),
    )


def is_same(before: Snapshot, after: Snapshot) -> bool:
    """Whether nothing differs, but numbers by little."""
    if before.plans.keys() != after.plans.keys():
        return False
    quiet = msgspec.structs.replace(
        after, people=before.people, week=before.week, plans=before.plans
    )
    return (
        quiet == before
        and not _is_far(before.people, after.people, _FAR)
        and not _is_far(before.week, after.week, _FAR)
        and not any(differs(before.plans[name], after.plans[name]) for name in after.plans)
    )


def differs(before: Seated, after: Seated) -> bool:
    """Whether other licences were bought, or far more or fewer handed out."""
    far = _is_far(before.assigned or 0, after.assigned or 0, _SEATS_FAR)
    return before.bought != after.bought or far


def keep(store: SnapshotStore, matcher: Matcher) -> int:
    """Keep snapshots of what differs after the newest scan; returns how many there are."""
    scans = {one.id: one for one in store.scans()}
    if not scans:
        return 0
    scan = max(scans)
    newest = store.newest_snapshots()
    shown = _by_system(store.shown_in(scan))
    sights = _last_sights(store.sights())
    end = store.newest_time(scan)
    weeks = store.week_before(end) if end else None
    rows: list[SnapshotRow] = []
    for facts in store.facts(is_summed=True):
        week = None if weeks is None else weeks.get(facts.id, Week(0, 0))
        known = newest.get(facts.id)
        before = decoded(known) if known else None
        here = shown.get(facts.id, [])
        after = take(facts, week, before)
        notes = _notes(facts, here, sights.get(facts.id), scans, scan)
        if before is None or notes != Notes() or not is_same(before, after):
            rows.append(_row(facts.id, scan, after, notes))
    rows.extend(_of_suppliers(store, matcher, scan, newest))
    started = scans[scan].started
    store.write_snapshots(scan, rows, _sights(shown, started))
    return len(rows)


def decoded(row: SnapshotRow) -> Snapshot:
    """Return a snapshot of a system as it was kept."""
    return _DECODER.decode(row.facts)


def notes_of(row: SnapshotRow) -> Notes:
    """Return what was to say of the scan."""
    return _NOTES.decode(row.notes)


def facts_of(row: SnapshotRow) -> dict[str, str]:
    """Return the facts of a supplier as they were kept, by key and plan."""
    return _FACTS.decode(row.facts)


_DECODER = msgspec.json.Decoder(Snapshot)
_NOTES = msgspec.json.Decoder(Notes)
_FACTS = msgspec.json.Decoder(dict[str, str])


def _row(subject: str, scan: int, facts: object, notes: Notes) -> SnapshotRow:
    return SnapshotRow(subject, scan, _encode(facts).decode(), _encode(notes).decode())


def _reach(one: Reached) -> str:
    write = "w" if one.can_write else "r"
    return f"{one.area} {write} {'all' if one.is_wide or one.is_for_all else 'own'}"


def _is_upload(one: Seen) -> bool:
    return one.level is Level.USED and one.bytes_up > HANDSHAKE_BYTES


def _plans(facts: SystemFacts) -> dict[str, Seated]:
    """Return the licences of each plan; of two sources the larger number of each."""
    found: dict[str, Seated] = {}
    for one in facts.seats:
        known = found.get(one.plan, Seated(None, None))
        found[one.plan] = Seated(
            _larger(known.bought, one.bought), _larger(known.assigned, one.assigned)
        )
    return dict(sorted(found.items()))


def _larger(one: int | None, other: int | None) -> int | None:
    return max(one, other) if one is not None and other is not None else one or other


def _mode(facts: SystemFacts) -> str:
    """Return whose accounts use it, as far as evidence tells; "" if it does not."""
    return " and ".join(one for one in account_mode(facts).value if one != UNKNOWN)


def _models(facts: SystemFacts) -> set[str]:
    kept = {one.name for one in facts.kept if one.kind == "model" and one.name}
    return kept | {one.value for one in facts.parts if one.channel is Identifier.MODEL}


def _roles(facts: SystemFacts) -> set[str]:
    return {one.role for one in claims(facts) if one.confidence >= _LEAST_CONFIDENCE}


def _is_far(one: int, other: int, factor: float) -> bool:
    return max(one, other) >= factor * max(1, min(one, other))


def _by_system(shown: Iterable[Shown]) -> dict[str, list[Shown]]:
    found: dict[str, list[Shown]] = {}
    for one in shown:
        found.setdefault(one.system, []).append(one)
    return found


def _last_sights(sights: Iterable[Sight]) -> dict[str, datetime]:
    last: dict[str, datetime] = {}
    for one in sights:
        last[one.system] = max(one.at, last.get(one.system, one.at))
    return last


def _sights(shown: Mapping[str, list[Shown]], started: datetime) -> list[Sight]:
    """Return when systems were seen: of a state that is when it was listed."""
    return [
        Sight(system, source_kind(one.source), min(one.last or started, started))
        for system, all_of_it in sorted(shown.items())
        for one in all_of_it
        if not one.is_by_rescan
    ]


def _notes(
    facts: SystemFacts,
    shown: Iterable[Shown],
    last: datetime | None,
    scans: Mapping[int, Scan],
    scan: int,
) -> Notes:
    shown = list(shown)
    is_new = facts.first_scan == scan
    return Notes(
        away=0 if last is None else _away(shown, last, scans[scan].started),
        known_before=is_new and any(_was_read(one, scans, scan) for one in shown),
        by_rescan=is_new and bool(shown) and all(one.is_by_rescan for one in shown),
    )


def _away(shown: Iterable[Shown], last: datetime, started: datetime) -> int:
    """Return for how many days a system was not seen before this scan; 0 if for a few."""
    begins = [
        max(one.first or started, last)
        for one in shown
        if not one.is_by_rescan and (one.last or started) > last
    ]
    days = (min(begins) - last).days if begins else 0
    return days if days >= AWAY_DAYS else 0


def _was_read(one: Shown, scans: Mapping[int, Scan], scan: int) -> bool:
    """Whether an earlier scan with other signatures read the source when it showed this already."""
    if one.is_by_rescan:
        return True
    earlier = scans.get(one.first_scan)
    if earlier is None or one.first_scan >= scan or one.first is None:
        return False
    return earlier.pack_version != scans[scan].pack_version and one.first < earlier.started


def _of_suppliers(
    store: SnapshotStore, matcher: Matcher, scan: int, newest: Mapping[str, SnapshotRow]
) -> Iterable[SnapshotRow]:
    """Yield the catalogue's facts of the inventory's suppliers, where they differ from the last."""
    for supplier, product in store.supplied().items():
        signature = matcher.product(product)
        if signature is None:  # its signatures were taken away: nothing is known to have changed
            continue
        subject = f"{SUPPLIER}{supplier}"
        row = _row(subject, scan, _facts_of(signature), Notes())
        if subject not in newest or newest[subject].facts != row.facts:
            yield row


def _facts_of(signature: Signature) -> dict[str, str]:
    found: dict[str, str] = {}
    for fact in signature.vendor.supplier.facts:
        found["|".join((fact.key, *sorted(fact.applies_to)))] = str(fact.value)
    return found
