"""What changes are told by, kept after a scan: see snapshot_reads.py."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from scanner.store.database import micros, time
from scanner.store.listings import ListingStore
from scanner.store.snapshot_reads import Sight, SnapshotRow

_DAY = 86_400_000_000  # microseconds


class Shown(NamedTuple):
    """What one source of a scan shows of a system, and since which scan that source is known."""

    system: str
    source: str
    first_scan: int
    first: datetime | None
    last: datetime | None  # both None of what is a state: it is there as long as it is listed
    is_by_rescan: bool


class Week(NamedTuple):
    """The use of a system in seven days."""

    events: int
    people: int


class SnapshotStore(ListingStore):
    """The database, open for a scan that keeps what changes are told by."""

    def shown_in(self, scan: int) -> list[Shown]:
        """Return which systems the sources of a scan show, each source by itself."""
        rows = self._all(_SHOWN, scan)
        return [
            Shown(
                system=row["system"],
                source=row["source"],
                first_scan=row["first_scan"],
                first=None if row["is_state"] else time(row["first"]),
                last=None if row["is_state"] else time(row["last"]),
                is_by_rescan=bool(row["is_by_rescan"]),
            )
            for row in rows
        ]

    def newest_time(self, scan: int) -> datetime | None:
        """Return the newest time that a log covers, of all scans up to one."""
        row = self._one("SELECT MAX(last) AS last FROM scan_source WHERE scan <= ?", scan)
        return time(row["last"]) if row else None

    def week_before(self, end: datetime) -> dict[str, Week]:
        """Return how each system was used on the seven days that end with the day of ``end``."""
        last = (micros(end) or 0) // _DAY
        rows = self._all(_WEEK, (last - 6) * _DAY, last - 6, last)
        return {row["system"]: Week(row["events"], row["people"]) for row in rows}

    def supplied(self) -> dict[str, str]:
        """Return a product of each supplier of the inventory, by the supplier's id."""
        rows = self._all(_SUPPLIED)
        return {row["supplier"]: row["product"] for row in rows}

    def write_snapshots(
        self, scan: int, snapshots: Iterable[SnapshotRow], sights: Iterable[Sight]
    ) -> None:
        """Keep snapshots, when systems were last seen, and which scan showed a candidate first."""
        with self._writing():
            self._db.conn.executemany(
                "INSERT OR REPLACE INTO snapshot VALUES (?, ?, ?, ?)", list(snapshots)
            )
            self._db.conn.executemany(
                "INSERT INTO last_sight VALUES (?, ?, ?) ON CONFLICT (system, source) "
                "DO UPDATE SET at = MAX(at, excluded.at)",
                [(one.system, one.source, micros(one.at)) for one in sights],
            )
            self._db.execute(_FIRST_SIGNS, [scan, scan])


# What logs and counts of use show has its time; everything else is a state.
_SHOWN = """
    SELECT system_detection.system AS system, source.name AS source,
           source.first_scan AS first_scan,
           MAX(tally.channel NOT IN
               ('dns', 'tls', 'http', 'proxy', 'flow', 'log', 'activity', 'expense')) AS is_state,
           MIN(tally.first) AS first, MAX(tally.last) AS last,
           MIN(EXISTS (SELECT 1 FROM by_rescan WHERE by_rescan.source = tally.source
                       AND by_rescan.detection = tally.detection)) AS is_by_rescan
    FROM tally
    JOIN detection ON detection.id = tally.detection AND detection.creates_system
    JOIN system_detection ON system_detection.detection = tally.detection
    JOIN source ON source.id = tally.source
    WHERE tally.source IN (SELECT source FROM scan_source WHERE scan = ?1
                           UNION SELECT source FROM by_rescan WHERE scan = ?1)
    GROUP BY system_detection.system, source.id
    UNION ALL
    SELECT system_application.system, source.name, source.first_scan, 1, NULL, NULL, 0
    FROM component
    JOIN system_application ON system_application.application = component.application
    JOIN source ON source.id = component.source
    WHERE component.is_shipped
      AND component.source IN (SELECT source FROM scan_source WHERE scan = ?1)
    GROUP BY system_application.system, source.id
    ORDER BY 1, 2, 3
"""
_WEEK = """
    SELECT system_detection.system AS system,
           SUM(CASE WHEN evidence.action = 'auth_challenge' THEN 0
                    ELSE MAX(evidence.plain, evidence.ipv6, evidence.service) END) AS events,
           COUNT(DISTINCT CASE WHEN actor.kind <> 'unknown' THEN actor.id END) AS people
    FROM evidence INDEXED BY evidence_by_source
    JOIN actor ON actor.id = evidence.actor
    JOIN detection ON detection.id = evidence.detection AND detection.creates_system
    JOIN system_detection ON system_detection.detection = evidence.detection
    WHERE evidence.source IN (SELECT source FROM scan_source WHERE last >= ?)
      AND evidence.day BETWEEN ? AND ?
    GROUP BY system_detection.system
"""
_FIRST_SIGNS = """
    INSERT OR IGNORE INTO first_sign
    SELECT DISTINCT sign.channel, sign.subject, ? FROM sign
    WHERE sign.source IN (SELECT source FROM scan_source WHERE scan = ?)
"""
_SUPPLIED = """
    SELECT product.vendor AS supplier, MIN(product.key) AS product FROM product
    WHERE product.vendor IN (SELECT supplier_id FROM system_supplier)
    GROUP BY product.vendor ORDER BY product.vendor
"""
