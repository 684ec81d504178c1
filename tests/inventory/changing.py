"""A database with a history: scans, snapshots, sources and decisions, as many as a test needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from scanner.inventory.change_kinds import Change
from scanner.inventory.snapshots import SUPPLIER, Notes, Snapshot, _row
from scanner.model import Decision, SourceState, SourceStatus
from scanner.privacy import Privacy
from scanner.store import Sight, SnapshotStore
from scanner.store.database import micros

DAY = timedelta(days=1)


def told(found: Iterable[Change]) -> list[str]:
    """Return changes as one line each."""
    return [f"{one.grade} {one.name}: {one.text}" for one in found]


class History:
    """A database that scans have filled, one a day."""

    def __init__(self, path: Path, begin: datetime) -> None:
        self.store = SnapshotStore(path, may_create=True)
        self._run = self.store._db.conn.execute
        self._run("PRAGMA foreign_keys = OFF")  # systems are there before their scan
        self.now = begin - DAY
        self._numbers = count(1)
        self._ids: dict[str, str] = {}
        self._signs: list[str] = []

    def system(self, name: str) -> str:
        """Return the id of a system of that name; it has its place in the inventory."""
        if name not in self._ids:
            number = next(self._numbers)
            self._ids[name] = f"ais-{number:03}"
            with self.store._counting() as sums:
                self._run(
                    "INSERT INTO product VALUES (?, ?, ?, 'v', 'V', NULL, 'assistant', 'pure')",
                    [number, f"v/{number}", name],
                )
                self._run(
                    "INSERT INTO detection VALUES (?, ?, ?, 'host', 'use', 1, 90)",
                    [number, f"v.{number}", number],
                )
                self._run(
                    "INSERT INTO system VALUES (?, 'used', ?, NULL, 1)", [self._ids[name], number]
                )
                sums.rearrange()
        return self._ids[name]

    def scan(
        self,
        systems: Mapping[str, Snapshot],
        notes: Mapping[str, Notes] | None = None,
        suppliers: Mapping[str, Mapping[str, str]] | None = None,
        sources: Iterable[SourceStatus] = (),
        seen: Iterable[Sight] = (),
    ) -> int:
        """Add a scan that left these snapshots, a day after the one before."""
        self.now += DAY
        number = self.store.begin_scan(self.now, "0", "pack", Privacy.PSEUDONYMOUS)
        for position, status in enumerate(sources):
            self.store.write_status(number, position, status)
        self._write_signs(number)
        rows = [
            _row(system, number, one, (notes or {}).get(system, Notes()))
            for system, one in systems.items()
        ]
        rows += [
            _row(f"{SUPPLIER}{one}", number, facts, Notes())
            for one, facts in (suppliers or {}).items()
        ]
        self.store.write_snapshots(number, rows, seen)
        self.store.finish_scan(number, self.now)
        return number

    def decide(
        self, system: str, verdict: str, when: datetime, review_due: datetime | None = None
    ) -> None:
        self.store.decide(Decision(system, verdict, "why", "Ana Reyes", when, review_due))

    def used(self, system: str, when: datetime, action: str) -> None:
        """Add evidence of use."""
        number = int(system.removeprefix("ais-"))
        with self.store._writing():
            self._run(
                "INSERT INTO tally VALUES (?, ?, 'proxy', ?, 4, 1, 1, 1, 1, 0, 0, ?, ?, 1)",
                [number, self._source(), action, micros(when), micros(when)],
            )

    def sign(self, host: str) -> None:
        """Have the next scan show a candidate."""
        self._signs.append(host)

    def _write_signs(self, scan: int) -> None:
        for position, host in enumerate(self._signs, 100):
            with self.store._writing():
                source = self._source()
                self._run("INSERT INTO sign VALUES (?, 'host', ?, 1, ?, 1, 2, NULL, NULL, 1)",
                          [source, host, host])  # fmt: skip
            self.store.write_status(scan, position, listing("n.log"), source)

    def _source(self) -> int:
        return (
            self._run(
                "INSERT INTO source (fingerprint, length, digest, size, reading, name, format, "
                "first_scan) VALUES ('f', 1, 'd', 1, 'r', 'n.log', 'squid', 1)"
            ).lastrowid
            or 0
        )


def log(name: str, first: datetime, last: datetime, state: str = "complete") -> SourceStatus:
    """Return what became of a log that covers a time."""
    reason = None if state == "complete" else "the disk was full"
    return SourceStatus(name, SourceState(state), reason=reason, first=first, last=last)


def listing(name: str, state: str = "complete") -> SourceStatus:
    """Return what became of a listing of a state."""
    return SourceStatus(name, SourceState(state))
