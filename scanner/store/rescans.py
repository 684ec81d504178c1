"""What a rescan reads and writes: values that scans kept, and what new signatures make of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from scanner.model import (
    Action,
    Channel,
    Evidence,
    EvidenceKey,
    Identifier,
    Level,
    Signature,
)
from scanner.store.database import time
from scanner.store.digest import unpacked
from scanner.store.snapshots import SnapshotStore


class Basis(StrEnum):
    """Where a value was kept."""

    HOST = "host"
    SIGN = "sign"
    APP = "application"
    COMPONENT = "component"
    DOMAIN = "domain"


class KeptValue(NamedTuple):
    """A value that a source showed, and the product that it spoke for then; "" for none."""

    basis: Basis
    source: int
    channel: Identifier
    value: str
    product: str
    detection: int
    records: int
    level: Level
    seen_by: Channel


class NewHit(NamedTuple):
    """A kept value that a signature has come to name."""

    kept: KeptValue
    signature: Signature


class Unkept(NamedTuple):
    """How many logs there are, and of how many the unknown domains were not kept."""

    logs: int
    without_domains: int


class RescanStore(SnapshotStore):
    """The database, open for a rescan."""

    def kept_values(self) -> Iterator[KeptValue]:
        """Yield every value that scans kept, of logs, accounts and source trees."""
        for row in self._all(_KEPT):
            yield _kept(row)
        for row in self._all("SELECT source, domains FROM digest WHERE domains IS NOT NULL"):
            for domain in unpacked(row["domains"]):
                yield KeptValue(
                    Basis.DOMAIN, row["source"], Identifier.HOST, domain, "", 0, 1,
                    Level.RESOLVED, Channel.LOG,
                )  # fmt: skip

    def unkept(self) -> Unkept:
        """Return of how many logs nobody can say which domains they held."""
        row = self._one("SELECT COUNT(*) AS logs, COUNT(domains) AS kept FROM digest")
        return Unkept(row["logs"], row["logs"] - row["kept"]) if row else Unkept(0, 0)

    def write_hits(self, scan: int, hits: Iterable[NewHit]) -> None:
        """Store what was found, source by source, marked as found by a rescan; all or nothing.

        Who it was is not known any more, nor when exactly: the day is that of the log, if it is one.
        """
        by_source: dict[int, list[NewHit]] = {}
        for hit in hits:
            by_source.setdefault(hit.kept.source, []).append(hit)
        with self._counting() as sums:
            for source, found in sorted(by_source.items()):
                sums.leave(source)
                self._write_hits_of(scan, source, found)
                sums.count(source)

    def _write_hits_of(self, scan: int, source: int, found: list[NewHit]) -> None:
        rows = self._detection_rows({one.signature.detection.id: one.signature for one in found})
        added: dict[EvidenceKey, Evidence] = {}
        period = self._period(source)
        known = {key for key, row in rows.items() if self._one(_STANDS, row, source)}
        for kept, signature in found:
            if signature.detection.id in known:  # the scan itself has it, or an earlier rescan
                continue
            number = rows[signature.detection.id]
            self._db.execute(
                "INSERT OR IGNORE INTO by_rescan VALUES (?, ?, ?, ?, ?)",
                [source, number, kept.basis.value, kept.value, scan],
            )
            if kept.basis is Basis.COMPONENT:
                self._db.execute(_COPY, [number, source, kept.detection, kept.value])
                continue
            key = EvidenceKey(
                signature.detection.id, "", "unknown", _day(period), kept.seen_by, Action.UNKNOWN
            )
            sum_of = added.setdefault(key, Evidence(kept.level, first=period[0], last=period[1]))
            sum_of.plain += kept.records
            sum_of.level = max(sum_of.level, kept.level)
        self._insert_evidence(source, rows, list(added.items()))

    def _period(self, source: int) -> tuple[datetime | None, datetime | None]:
        row = self._one(
            "SELECT MIN(first) AS first, MAX(last) AS last FROM scan_source WHERE source = ?",
            source,
        )
        return (time(row["first"]), time(row["last"])) if row else (None, None)


def _day(period: tuple[datetime | None, datetime | None]) -> int | None:
    first, last = period
    if first is None or last is None or first.date() != last.date():
        return None
    return first.toordinal() - datetime(1970, 1, 1).toordinal()  # noqa: DTZ001 - a number of days


def _kept(row: dict[str, Any]) -> KeptValue:
    return KeptValue(
        basis=Basis(row["basis"]),
        source=row["source"],
        channel=Identifier(row["channel"]),
        value=row["value"],
        product=row["product"],
        detection=row["detection"],
        records=row["records"],
        level=min(Level(row["level"]), Level.RESOLVED),
        seen_by=Channel(row["seen_by"]),
    )


_KEPT = """
    SELECT 'host' AS basis, sighted_host.source AS source, detection.identifier AS channel,
           sighted_host.host AS value, product.key AS product, detection.id AS detection,
           sighted_host.records AS records, 2 AS level,
           COALESCE((SELECT MIN(tally.channel) FROM tally
                     WHERE tally.source = sighted_host.source
                       AND tally.detection = sighted_host.detection), 'log') AS seen_by
    FROM sighted_host
    JOIN detection ON detection.id = sighted_host.detection AND detection.identifier = 'host'
    JOIN product ON product.id = detection.product
    UNION ALL
    SELECT 'sign', sign.source, sign.channel,
           CASE WHEN sign.channel IN ('host', 'oauth') THEN sign.detail ELSE sign.subject END,
           '', 0, MAX(sign.records), MAX(sign.level),
           CASE sign.channel WHEN 'host' THEN 'log' WHEN 'oauth' THEN 'app' ELSE 'code' END
    FROM sign GROUP BY sign.source, sign.channel, 4
    UNION ALL
    SELECT 'application', app.source, 'oauth', 'client_id=' || app.client_id, product.key,
           detection.id, 1, 0, 'app'
    FROM app
    JOIN detection ON detection.id = app.detection
    JOIN product ON product.id = detection.product
    WHERE app.client_id <> '' AND NOT app.is_wanted_only
    UNION ALL
    SELECT DISTINCT 'component', component.source, component.channel, component.value, product.key,
           detection.id, 1, 0, 'code'
    FROM component
    JOIN detection ON detection.id = component.detection
    JOIN product ON product.id = detection.product
    ORDER BY 1, 2, 3, 4, 6
"""
_COPY = """
    INSERT OR IGNORE INTO component
    SELECT application, source, ?, channel, value, version, tie, purpose, is_direct, via, file,
           line, speaks_to, is_built, is_shipped
    FROM component WHERE source = ? AND detection = ? AND value = ?
"""
_STANDS = "SELECT 1 FROM evidence WHERE detection = ? AND source = ? LIMIT 1"
