"""What opens a review again: changes that a system was not allowed with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby

from scanner.inventory.change_kinds import Change, Kind
from scanner.store import Reader

REOPENS: Mapping[Kind, str] = {
    Kind.REACH_WIDENED: "it reaches more data than when it was allowed",
    Kind.NEW_UNIT: "a unit uses it that was not asked",
    Kind.NEW_PLAN: "another plan has other terms",
    Kind.ACCOUNT_MODE: "company and personal accounts have other terms",
    Kind.TENFOLD_USE: "ten times the use is another risk",
    Kind.ROLE_CHANGED: "another role has other duties",
    Kind.SUPPLIER_CHANGED: "its supplier is what was looked at",
    Kind.FACT_CHANGED: "its supplier changed what it promises",
    Kind.PROHIBITED_SEEN: "something prohibited was seen in it",
}


def material_changes(
    store: Reader, allowed: Mapping[str, datetime], now: datetime
) -> dict[str, list[Change]]:
    """Return what opens again the systems that were allowed, each after the time it was, by system.

    Nothing is looked up where nothing is allowed.
    """
    if not allowed:
        return {}
    from scanner.inventory.changes import changes

    kinds = REOPENS.keys() - {Kind.TENFOLD_USE}
    told = changes(store, min(allowed.values()), now, now, kinds=kinds)
    found: dict[str, list[Change]] = {}
    for one in sorted([*told, *_tenfold(store, allowed)], key=lambda one: (one.at, one.kind)):
        if one.system in allowed and one.at > allowed[one.system]:
            found.setdefault(one.system, []).append(one)
    return found


def _tenfold(store: Reader, allowed: Mapping[str, datetime]) -> Iterator[Change]:
    """Yield where use grew tenfold, against what it was when each system was allowed."""
    from scanner.inventory.changes import scan_at
    from scanner.inventory.differences import Step, grown
    from scanner.inventory.snapshots import decoded

    scans = {one.id: one for one in store.scans()}
    names = store.system_names()
    rows = store.snapshots(scan_at(scans.values(), min(allowed.values())), max(scans, default=0))
    for system, group in groupby(rows, key=lambda row: row.subject):
        if system not in allowed or system not in names:
            continue
        history = list(group)
        until = scan_at(scans.values(), allowed[system])
        base = [row for row in history if row.scan <= until] or history[:1]
        steps = (
            (Step(system, names[system], row.scan, scans[row.scan].started), decoded(row))
            for row in history
            if row.scan > base[-1].scan
        )
        yield from _of_kind(Kind.TENFOLD_USE, grown(steps, decoded(base[-1])))


def _of_kind(kind: Kind, changes: Iterable[Change]) -> Iterator[Change]:
    return (one for one in changes if one.kind is kind)
