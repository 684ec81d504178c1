"""What is read from the database: by commands, reports and the engine. Nothing here writes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from operator import itemgetter
from typing import Any, NamedTuple

from scanner.errors import StoreError
from scanner.model import Act, AISystem, Decision, HintKind, Level, Scan, Supplier, SystemKind, Tie
from scanner.privacy import Privacy
from scanner.store.account_reads import AccountReader
from scanner.store.chain import HEAD, Break, first_break
from scanner.store.database import required_time, time
from scanner.store.fact_reads import FactReader
from scanner.store.paper_reads import PaperReader
from scanner.store.people_reads import PeopleReader
from scanner.store.record_reads import RecordReader
from scanner.store.sight_reads import SightReader
from scanner.store.snapshot_reads import SnapshotReader

# How long the marks of a log's first 4 KiB are, if it has so much.
BEGINNING = 512
_HINT = ("kind", "label", "reason", "file", "line", "places")


class StoredSource(NamedTuple):
    """A log whose evidence is stored, known by its content."""

    id: int
    length: int
    marks: bytes
    size: int
    reading: str
    first_scan: int


class ProductWithoutSystem(NamedTuple):
    """A product with evidence that makes it a system, and no place in the inventory yet."""

    row: int
    key: str


class ApplicationWithoutSystem(NamedTuple):
    """An application that ships AI, and no place in the inventory yet."""

    row: int
    key: str


class Reader(
    SnapshotReader,
    AccountReader,
    FactReader,
    PeopleReader,
    PaperReader,
    RecordReader,
    SightReader,
):
    """The read side of the database."""

    def meta(self, key: str) -> str | None:
        row = self._one("SELECT value FROM meta WHERE key = ?", key)
        return row["value"] if row else None

    def state(self) -> tuple[int, int]:
        """Return what changes when there is something new to read: a scan has ended, or a decision."""
        row = self._one(
            "SELECT (SELECT COALESCE(MAX(id), 0) FROM scan WHERE finished IS NOT NULL) AS scan, "
            "(SELECT COALESCE(MAX(id), 0) FROM decision) AS decision"
        )
        return (row["scan"], row["decision"]) if row else (0, 0)

    def facts_rest_on(self) -> tuple[int, int]:
        """Return what changes when facts may: a scan has ended, or people said what a system is."""
        row = self._one(
            "SELECT (SELECT COALESCE(MAX(id), 0) FROM scan WHERE finished IS NOT NULL) AS scan, "
            "(SELECT COALESCE(MAX(id), 0) FROM decision "
            "WHERE act IN ('merge', 'split', 'rename', 'forget')) AS decision"
        )
        return (row["scan"], row["decision"]) if row else (0, 0)

    def table_names(self) -> list[str]:
        """Return the names of the tables, by name."""
        rows = self._all("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        return [row["name"] for row in rows]

    def scans(self) -> list[Scan]:
        """Return every scan, the newest first."""
        return [
            Scan(
                id=row["id"],
                started=required_time(row["started"]),
                finished=time(row["finished"]),
                tool_version=row["tool_version"],
                pack_version=row["pack_version"],
            )
            for row in self._all("SELECT * FROM scan ORDER BY id DESC")
        ]

    def sources_like(self, fingerprint: str, beginning: bytes) -> list[StoredSource]:
        """Return the stored logs that begin as this one does, as far as both go."""
        return [
            StoredSource(**row)
            for row in self._all(
                "SELECT id, length, marks, size, reading, first_scan FROM source "
                "WHERE fingerprint = ? AND (length(beginning) < ? OR ? < ? OR beginning = ?) "
                "ORDER BY id",
                fingerprint,
                BEGINNING,
                len(beginning),
                BEGINNING,
                beginning,
            )
        ]

    def products_without_system(self) -> list[ProductWithoutSystem]:
        return [
            ProductWithoutSystem(**row)
            for row in self._all(
                "SELECT product.id AS row, product.key AS key FROM product "
                "WHERE product.id NOT IN (SELECT product FROM system WHERE product IS NOT NULL) "
                "AND EXISTS (SELECT 1 FROM detection "
                "JOIN tally ON tally.detection = detection.id "
                "WHERE detection.product = product.id AND detection.creates_system) "
                "ORDER BY product.key"
            )
        ]

    def applications_without_system(self) -> list[ApplicationWithoutSystem]:
        return [
            ApplicationWithoutSystem(**row)
            for row in self._all(
                "SELECT application.id AS row, application.key AS key FROM application "
                "JOIN component ON component.application = application.id AND component.is_shipped "
                "WHERE application.id NOT IN "
                "(SELECT application FROM system WHERE application IS NOT NULL) "
                "GROUP BY application.id ORDER BY application.key"
            )
        ]

    def components_of(self, system: str) -> list[dict[str, Any]]:
        """Return what a system is made of, by product, file and line.

        ``is_undeclared`` is what a program imports and no manifest or lockfile of it names.
        """
        rows = self._all(
            "SELECT * FROM component_detail WHERE application IN "
            "(SELECT key FROM application WHERE id IN (SELECT value FROM json_each(?))) "
            "ORDER BY NOT is_built, supplier COLLATE NOCASE, product, file, line, value",
            self._applications_of(system),
        )
        declared = {row["product"] for row in rows if row["tie"] in (Tie.DECLARED, Tie.LOCKED)}
        return [
            {
                **row,
                "is_undeclared": row["tie"] == Tie.IMPORTED and row["product"] not in declared,
            }
            for row in rows
        ]

    def hints_of(self, system: str) -> list[dict[str, Any]]:
        """Return what files suggest of a system, by kind and label, each with its first place.

        Of several sources with the same the one that was read last is told.
        """
        rows = self._all(
            "SELECT application_hint.* FROM application_hint WHERE application_hint.application "
            "IN (SELECT value FROM json_each(?)) ORDER BY application_hint.source",
            self._applications_of(system),
        )
        found = {(row["kind"], row["label"]): row for row in rows}
        order = [kind.value for kind in HintKind]
        return [
            {name: found[about][name] for name in _HINT}
            for about in sorted(found, key=lambda one: (order.index(one[0]), one[1]))
        ]

    def systems(self) -> list[AISystem]:
        """Return the inventory, by name."""
        rows = self._all("SELECT * FROM inventory ORDER BY name COLLATE NOCASE, id")
        return [_system(row) for row in rows]

    def systems_in_scan(self, scan: int) -> set[str]:
        """Return the ids of the systems that the sources of a scan show."""
        rows = self._all(
            "SELECT DISTINCT system_detection.system AS id FROM scan_source "
            "JOIN tally ON tally.source = scan_source.source "
            "JOIN detection ON detection.id = tally.detection AND detection.creates_system "
            "JOIN system_detection ON system_detection.detection = tally.detection "
            "WHERE scan_source.scan = ? "
            "UNION SELECT system_application.system FROM scan_source "
            "JOIN component ON component.source = scan_source.source "
            "JOIN system_application ON system_application.application = component.application "
            "WHERE scan_source.scan = ?",
            scan,
            scan,
        )
        return {row["id"] for row in rows}

    def evidence_of(self, system: str) -> list[dict[str, Any]]:
        """Return a system's evidence, summed for each source, detection, channel and action."""
        rows = self._all(
            "SELECT detection.key AS detection, detection.kind AS kind, "
            "detection.confidence AS confidence, source.name AS source, "
            "source.digest AS source_digest, source.format AS format, tally.channel AS channel, "
            "tally.action AS action, tally.level AS level, tally.events AS events, "
            "tally.actors AS actors, tally.people AS people, tally.bytes_up AS bytes_up, tally.bytes_down AS bytes_down, "
            "tally.first AS first, tally.last AS last, tally.line AS line FROM tally "
            "JOIN detection ON detection.id = tally.detection "
            "JOIN source ON source.id = tally.source "
            "WHERE tally.detection IN (SELECT value FROM json_each(?)) "
            "ORDER BY source.name, detection.key, tally.channel, tally.action, source.id",
            self._detections_of(system),
        )
        return [{**row, "first": time(row["first"]), "last": time(row["last"])} for row in rows]

    def hosts_of(self, system: str) -> list[dict[str, Any]]:
        """Return the hosts that a system was seen under, with their records, the most first."""
        return self._all(
            "SELECT sighted_host.host AS host, SUM(sighted_host.records) AS records "
            "FROM sighted_host WHERE sighted_host.detection IN (SELECT value FROM json_each(?)) "
            "GROUP BY sighted_host.host ORDER BY records DESC, host",
            self._detections_of(system),
        )

    def days_of(self, system: str) -> dict[int, int]:
        """Return a system's events for each day since 1970 on which it had any."""
        rows = self._all(
            "SELECT evidence.day AS day, "
            "SUM(MAX(evidence.plain, evidence.ipv6, evidence.service)) AS events FROM evidence "
            "JOIN detection ON detection.id = evidence.detection AND detection.creates_system "
            "WHERE evidence.detection IN (SELECT value FROM json_each(?)) "
            "AND evidence.day <> -1 AND evidence.action <> 'auth_challenge' "
            "GROUP BY evidence.day HAVING events > 0 ORDER BY evidence.day",
            self._detections_of(system),
        )
        return {row["day"]: row["events"] for row in rows}

    def days_by_system(self) -> dict[str, dict[int, int]]:
        """Return the events of every system for each day since 1970; one without a day is left out."""
        rows = self._all(
            "SELECT system_detection.system AS what, evidence.day AS day, "
            "SUM(MAX(evidence.plain, evidence.ipv6, evidence.service)) AS events FROM evidence "
            "JOIN system_detection ON system_detection.detection = evidence.detection "
            "JOIN detection ON detection.id = evidence.detection AND detection.creates_system "
            "WHERE evidence.day <> -1 AND evidence.action <> 'auth_challenge' "
            "GROUP BY what, evidence.day HAVING events > 0 ORDER BY what, evidence.day"
        )
        return _by_day(rows)

    def days_by_unit(self) -> dict[str, dict[int, int]]:
        """Return the events of the people of every unit, with any AI system, for each day."""
        if self._one("SELECT 1 FROM unit_of_actor LIMIT 1") is None:
            return {}  # nothing tells units: the evidence need not be looked through
        rows = self._all(
            "SELECT unit_of_actor.unit AS what, evidence.day AS day, "
            "SUM(MAX(evidence.plain, evidence.ipv6, evidence.service)) AS events FROM evidence "
            "JOIN detection ON detection.id = evidence.detection AND detection.creates_system "
            "JOIN unit_of_actor ON unit_of_actor.actor = evidence.actor "
            "WHERE evidence.day <> -1 AND evidence.action <> 'auth_challenge' "
            "GROUP BY what, evidence.day HAVING events > 0 ORDER BY what, evidence.day"
        )
        return _by_day(rows)

    def suppliers(self) -> list[Supplier]:
        """Return the suppliers of the inventory's systems, by id."""
        rows = self._all(
            "SELECT supplier_id, supplier, supplier_country, GROUP_CONCAT(system) AS systems "
            "FROM system_supplier GROUP BY supplier_id ORDER BY supplier_id"
        )
        return [
            Supplier(
                id=row["supplier_id"],
                name=row["supplier"],
                country=row["supplier_country"],
                systems=tuple(sorted(row["systems"].split(","))),
            )
            for row in rows
        ]

    def decisions_on(self, subject: str) -> list[Decision]:
        """Return what people decided about a subject, the newest first."""
        rows = self._all("SELECT * FROM decision WHERE subject = ? ORDER BY id DESC", subject)
        return [_decision(row) for row in rows]

    def decisions(self, *acts: Act, since: int = 0) -> list[Decision]:
        """Return all decisions of some kinds, or of every kind, in their order, after a number."""
        rows = self._all("SELECT * FROM decision WHERE id > ? ORDER BY id", since)
        return [_decision(row) for row in rows if not acts or row["act"] in acts]

    def first_break(self) -> Break | None:
        """Return where the chain of decisions is broken; None if it holds."""
        rows = self._all("SELECT * FROM decision ORDER BY id")
        return first_break(rows, self.meta(HEAD))

    def last_decision(self) -> Decision | None:
        """Return the newest decision of all: its hash proves all before it."""
        row = self._one("SELECT * FROM decision ORDER BY id DESC LIMIT 1")
        return _decision(row) if row else None

    def candidate_signs(self) -> list[dict[str, Any]]:
        """Return the signs of unknown AI, summed for each source, by subject."""
        rows = self._all(
            "SELECT * FROM candidate_sign ORDER BY channel, subject, signal, shape, detail, source_id"
        )
        return [{**row, "first": time(row["first"]), "last": time(row["last"])} for row in rows]

    def latest_decisions(self, prefix: str) -> dict[str, Decision]:
        """Return the latest decision on each subject whose key begins so."""
        rows = self._all(
            "SELECT * FROM latest_decision WHERE substr(subject, 1, ?) = ?", len(prefix), prefix
        )
        return {row["subject"]: _decision(row) for row in rows}

    def actor_count(self) -> int:
        """Return how many users or addresses met an AI system."""
        row = self._one(
            "SELECT COUNT(DISTINCT met.actor) AS actors FROM met "
            "JOIN detection ON detection.id = met.detection AND detection.creates_system"
        )
        return row["actors"] if row else 0

    def privacy(self) -> str:
        """Return how people are stored: identified if any scan stored them so."""
        rows = self._all("SELECT DISTINCT privacy FROM scan ORDER BY privacy")
        return rows[0]["privacy"] if rows else Privacy.PSEUDONYMOUS.value

    def actors_by_level(self, system: str) -> dict[Level, int]:
        """Return how many users or addresses got that far with a system, or further."""
        rows = self._all(
            "SELECT furthest, COUNT(*) AS actors FROM (SELECT MAX(met.level) AS furthest "
            "FROM met JOIN detection ON detection.id = met.detection AND detection.creates_system "
            "WHERE met.detection IN (SELECT value FROM json_each(?)) "
            "GROUP BY met.actor) GROUP BY furthest",
            self._detections_of(system),
        )
        exactly = {Level(row["furthest"]): row["actors"] for row in rows}
        return {
            level: sum(count for reached, count in exactly.items() if reached >= level)
            for level in Level
        }

    def questions(self) -> list[dict[str, Any]]:
        """Return the products that may embed AI and are not in the inventory."""
        rows = self._all("SELECT * FROM question ORDER BY users DESC, events DESC, product")
        return [{**row, "last_seen": time(row["last_seen"])} for row in rows]

    def coverage(self) -> list[dict[str, Any]]:
        """Return what is known of each source over all scans, by name.

        Lines and periods are those of all contents that a name has had; state and reason are the
        newest. Content that was read again, or has grown since, counts once.
        """
        rows = self._all(
            "SELECT scan_source.*, (SELECT domains IS NOT NULL FROM digest "
            "WHERE digest.source = scan_source.source) AS keeps_domains FROM scan_source "
            "WHERE state <> 'already_read' ORDER BY scan, position"
        )
        newest = {row["source"] or row["name"]: row for row in rows}
        by_name: dict[str, dict[str, Any]] = {}
        for row in sorted(newest.values(), key=itemgetter("scan", "position")):
            known = by_name.get(row["name"])
            by_name[row["name"]] = _joined(known, _status(row)) if known else _status(row)
        return [by_name[name] for name in sorted(by_name)]


def _by_day(rows: Iterable[dict[str, Any]]) -> dict[str, dict[int, int]]:
    found: dict[str, dict[int, int]] = {}
    for row in rows:
        found.setdefault(row["what"], {})[row["day"]] = row["events"]
    return found


def _joined(earlier: dict[str, Any], later: dict[str, Any]) -> dict[str, Any]:
    firsts = [one["first"] for one in (earlier, later) if one["first"]]
    lasts = [one["last"] for one in (earlier, later) if one["last"]]
    return {
        **later,
        "format": later["format"] or earlier["format"],
        **{
            name: earlier[name] + later[name]
            for name in ("read", "parsed", "rejected", "screened", "bytes")
        },
        "first": min(firsts, default=None),
        "last": max(lasts, default=None),
    }


def _system(row: dict[str, Any]) -> AISystem:
    return AISystem(
        id=row["id"],
        name=row["name"],
        supplier_id=row["supplier_id"],
        supplier=row["supplier"],
        product=row["product"],
        category=row["category"],
        kind=SystemKind(row["kind"]),
        status=row["status"],
        channels=tuple(sorted(row["channels"].split(","))),
        level=None if row["level"] is None else Level(row["level"]),
        first_seen=time(row["first_seen"]),
        last_seen=time(row["last_seen"]),
        events=row["events"],
        blocked=row["blocked"],
        users=row["users"],
        bytes_up=row["bytes_up"],
        bytes_down=row["bytes_down"],
        first_scan=row["first_scan"],
    )


def _decision(row: dict[str, Any]) -> Decision:
    """Return a decision as it is stored. Raises StoreError for one that gnomon cannot have written."""
    try:
        return Decision(
            subject=row["subject"],
            verdict=row["verdict"],
            reason=row["reason"],
            by=row["by"],
            at=required_time(row["at"]),
            review_due=time(row["review_due"]),
            conditions=row["conditions"],
            act=Act(row["act"]),
            value=dict(json.loads(row["value"])),
            number=row["id"],
            hash=row["hash"],
        )
    except (ValueError, TypeError, OverflowError) as error:
        raise StoreError(
            f"decision {row['id']} was changed after it was made ({error}); "
            "see `gnomon doctor --verify`"
        ) from error


def _status(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "first": time(row["first"]),
        "last": time(row["last"]),
        "ignored": json.loads(row["ignored"]),
        "rejects": json.loads(row["rejects"]),
        "notes": json.loads(row["notes"]),
    }
