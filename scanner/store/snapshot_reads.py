"""What changes are told by, read: snapshots of systems, when they were last seen, first signs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from scanner.store.database import Connection, micros, required_time, time


class SnapshotRow(NamedTuple):
    """What is known of a system, or of a supplier, after a scan: two JSON documents."""

    subject: str
    scan: int
    facts: str
    notes: str


class Sight(NamedTuple):
    """When a source last showed a system; ``source`` stands for all of its kind."""

    system: str
    source: str
    at: datetime


class SourceSeen(NamedTuple):
    """What became of a source in a scan, and the time that it covers."""

    scan: int
    name: str
    state: str
    reason: str | None
    first: datetime | None
    last: datetime | None


class FirstSign(NamedTuple):
    """A candidate, and the scan that was the first to show it."""

    channel: str
    subject: str
    scan: int


class SnapshotReader(Connection):
    """The read side of what changes are told by."""

    def snapshots(self, since: int, until: int) -> list[SnapshotRow]:
        """Return the snapshots after one scan, up to another, and the last one before, by subject."""
        rows = self._db.conn.execute(_SNAPSHOTS, {"since": since, "until": until})
        return [SnapshotRow(*row) for row in rows]

    def newest_snapshots(self) -> dict[str, SnapshotRow]:
        """Return the newest snapshot of each subject."""
        return {one.subject: one for one in self.snapshots(_NEVER, _NEVER)}

    def sights(self) -> list[Sight]:
        """Return when each system was last seen, by each kind of source."""
        rows = self._all("SELECT * FROM last_sight ORDER BY system, source")
        return [Sight(row["system"], row["source"], required_time(row["at"])) for row in rows]

    def source_states(self, since: int, until: int) -> list[SourceSeen]:
        """Return what became of each source in each scan after one, up to another.

        Of content that was read before, the time is that of when it was read.
        """
        rows = self._all(_STATES, since, until)
        return [
            SourceSeen(
                row["scan"],
                row["name"],
                row["state"],
                row["reason"],
                time(row["first"]),
                time(row["last"]),
            )
            for row in rows
        ]

    def first_signs(self, since: int, until: int) -> list[FirstSign]:
        """Return the candidates that scans after one, up to another, were the first to show."""
        rows = self._all(
            "SELECT channel, subject, scan FROM first_sign WHERE scan > ? AND scan <= ? "
            "ORDER BY scan, channel, subject",
            since,
            until,
        )
        return [FirstSign(**row) for row in rows]

    def last_use(self, systems: Iterable[str], until: datetime) -> dict[str, datetime]:
        """Return when systems were last used by then, not only tried, as far as records have a time."""
        rows = [self._one(_LAST_USE, system, micros(until)) for system in systems]
        return {row["system"]: required_time(row["last"]) for row in rows if row and row["last"]}

    def rescanned(self, scan: int) -> list[dict[str, Any]]:
        """Return what a rescan found in stored evidence, by product and value."""
        return self._all(_RESCANNED, scan)


_NEVER = 1 << 62  # no scan has that number
_SNAPSHOTS = """
    SELECT snapshot.subject, snapshot.scan, snapshot.facts, snapshot.notes
    FROM (SELECT DISTINCT subject FROM snapshot) AS known
    JOIN snapshot ON snapshot.subject = known.subject
     AND snapshot.scan >= COALESCE(
         (SELECT MAX(scan) FROM snapshot AS earlier
          WHERE earlier.subject = known.subject AND earlier.scan <= :since), 0)
     AND snapshot.scan <= :until
    ORDER BY snapshot.subject, snapshot.scan
"""
_STATES = """
    SELECT scan_source.scan, scan_source.name, scan_source.state, scan_source.reason,
           COALESCE(scan_source.first, known.first) AS first,
           COALESCE(scan_source.last, known.last) AS last
    FROM scan_source
    LEFT JOIN (SELECT source, MIN(first) AS first, MAX(last) AS last FROM scan_source
               WHERE source IS NOT NULL AND last IS NOT NULL GROUP BY source) AS known
           ON known.source = scan_source.source AND scan_source.state = 'already_read'
    WHERE scan_source.scan > ? AND scan_source.scan <= ?
    ORDER BY scan_source.scan, scan_source.position
"""
_LAST_USE = """
    SELECT system_detection.system AS system, MAX(tally.last) AS last FROM system_detection
    JOIN detection ON detection.id = system_detection.detection AND detection.creates_system
    JOIN tally ON tally.detection = detection.id
    WHERE system_detection.system = ? AND tally.action IN ('allowed', 'unknown')
      AND tally.last <= ?
    GROUP BY system_detection.system
"""
_RESCANNED = """
    SELECT product.name AS product, product.vendor_name AS supplier, detection.key AS detection,
           by_rescan.basis AS basis, by_rescan.value AS value,
           COUNT(DISTINCT by_rescan.source) AS sources,
           detection.creates_system AS creates_system
    FROM by_rescan
    JOIN detection ON detection.id = by_rescan.detection
    JOIN product ON product.id = detection.product
    WHERE by_rescan.scan = ?
    GROUP BY detection.id, by_rescan.basis, by_rescan.value
    ORDER BY product.name COLLATE NOCASE, product.key, by_rescan.basis, by_rescan.value
"""
