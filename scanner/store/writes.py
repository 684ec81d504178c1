"""What a scan writes: sources with their evidence, one transaction each, and the inventory's places.

A scan never writes a decision.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple

from scanner.hosts import known_domain
from scanner.model import (
    Action,
    Application,
    Built,
    Channel,
    Component,
    Decision,
    Evidence,
    EvidenceKey,
    Findings,
    Holding,
    Level,
    Reject,
    Shape,
    Signature,
    SourceStatus,
    SystemKind,
)
from scanner.privacy import Privacy
from scanner.store.arrangement import IDENTITY_ACTS
from scanner.store.chain import HEAD, head_of, link
from scanner.store.database import micros
from scanner.store.digest import packed
from scanner.store.reads import Reader, StoredSource
from scanner.store.summaries import Summaries

_NO_DAY = -1
_ROWS = 5_000
_FORGOTTEN = (
    "UPDATE scan_source SET state = 'skipped', reason = ?, read = 0, parsed = 0, rejected = 0, "
    "screened = 0, ignored = '{}', rejects = '[]', notes = '[]', first = NULL, last = NULL, "
    "bytes = 0 WHERE source = ?"
)
_ACTORS = 400  # SQLite takes 999 values in one statement, wherever it was built

Judge = Callable[[Signature, Component], bool]


class NewSource(NamedTuple):
    """A log whose evidence is to be stored, the stored ones that it replaces, and all like it."""

    fingerprint: str
    length: int
    digest: str
    size: int
    reading: str
    name: str
    format: str
    marks: bytes
    beginning: bytes
    replaces: tuple[StoredSource, ...]
    alike: tuple[StoredSource, ...]


class NewSystem(NamedTuple):
    """A place in the inventory: of a product that is used, or of an application that is built."""

    id: str
    kind: SystemKind
    product: int | None
    application: int | None
    first_scan: int


class Store(Reader):
    """The database, open for a scan. Every write is one transaction."""

    _sums: Summaries

    @contextmanager
    def _counting(self) -> Iterator[Summaries]:
        """One transaction that changes evidence or identity, with the summaries in step."""
        with self._writing():
            self._sums = Summaries(self._db.conn)
            yield self._sums
            self._sums.renew()

    def set_meta(self, key: str, value: str) -> None:
        with self._writing():
            self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [key, value])

    def begin_scan(
        self, started: datetime, tool_version: str, pack_version: str, privacy: Privacy
    ) -> int:
        """Record that a scan began; returns its number."""
        with self._writing():
            cursor = self._db.execute(
                "INSERT INTO scan (started, tool_version, pack_version, privacy) VALUES (?, ?, ?, ?)",
                [micros(started), tool_version, pack_version, privacy.value],
            )
            return int(cursor.lastrowid or 0)

    def finish_scan(self, scan: int, finished: datetime) -> None:
        with self._writing():
            self._db.execute("UPDATE scan SET finished = ? WHERE id = ?", [micros(finished), scan])

    def write_source(
        self,
        scan: int,
        position: int,
        status: SourceStatus,
        source: NewSource,
        found: Findings,
        evidence: Iterable[tuple[EvidenceKey, Evidence]],
    ) -> bool:
        """Store a log's evidence and what became of it, in one transaction.

        ``evidence`` is all that was found, each key once, in any order; it may be large.

        Logs that this one repeats or continues are replaced by it, so nothing counts twice. If
        another scan stored a log like it meanwhile, nothing is written and False is returned:
        look at the log again.
        """
        with self._counting() as sums:
            alike = self.sources_like(source.fingerprint, source.beginning)
            if tuple(alike) != source.alike:
                return False
            number = self._insert_source(scan, source)
            detections = self._detection_rows(found.signatures)
            for some in _some(evidence):
                self._insert_evidence(number, detections, some)
            self._db.conn.executemany(
                "INSERT INTO sighted_host VALUES (?, ?, ?, ?)",
                [
                    (detections[detection], number, host, records)
                    for (detection, host), records in sorted(found.hosts.items())
                ],
            )
            self._insert_signs(number, found)
            self._insert_digest(number, found.unknown)
            self._insert_status(scan, position, status, number)
            sums.count(number)
        return True

    def write_tree(
        self,
        scan: int,
        position: int,
        status: SourceStatus,
        source: NewSource,
        built: Built,
        judges: tuple[Judge, Judge],
    ) -> None:
        """Store what a source tree shows, and what became of it, in one transaction.

        ``judges`` say whether a component is built, and whether it ships. A tree that was stored
        before and that this one replaces, such as another checkout, goes.
        """
        with self._counting() as sums:
            number = self._insert_source(scan, source)
            detections = self._detection_rows(built.signatures)
            self._insert_evidence(number, detections, _tools_in_use(built.tools))
            self._insert_signs(number, built)
            for application in built.applications:
                self._insert_application(number, detections, application, built, judges)
            self._insert_status(scan, position, status, number)
            sums.count(number)

    def write_status(
        self, scan: int, position: int, status: SourceStatus, source: int | None = None
    ) -> None:
        """Record what became of a log that brought no new evidence.

        ``source`` is the stored log that has its content; another scan may have replaced it since.
        """
        with self._counting() as sums:
            if source is not None and not self._one("SELECT id FROM source WHERE id = ?", source):
                source = None
            self._insert_status(scan, position, status, source)
            if source is not None:
                sums.look_again(source)

    def decide(self, decision: Decision) -> Decision:
        """Record what a person decided; returns it with its place. Nothing before it is changed."""
        return self.decide_all([decision])[0]

    def decide_all(self, decisions: Iterable[Decision]) -> list[Decision]:
        """Record several decisions, all or none."""
        with self._counting() as sums:
            made = [self._decide(one) for one in decisions]
            if any(one.act in IDENTITY_ACTS for one in made):
                sums.rearrange()
            return made

    def forget(self, name: str, decision: Decision) -> int:
        """Remove the sources of a name with all that they showed, and record who decided it.

        Returns how many there were; with none nothing is recorded. What was read stays on the
        record of the scans, as skipped.
        """
        with self._counting() as sums:
            rows = self._all("SELECT id, fingerprint FROM source WHERE name = ? ORDER BY id", name)
            for row in rows:
                sums.leave(row["id"])
                self._db.execute(_FORGOTTEN, [f"forgotten: {decision.reason}", row["id"]])
                self._db.execute(
                    "DELETE FROM watermark WHERE fingerprint = ?", [row["fingerprint"]]
                )
                self._db.execute("DELETE FROM source WHERE id = ?", [row["id"]])
            if rows:
                self._decide(decision)
            return len(rows)

    def _decide(self, decision: Decision) -> Decision:
        last = self._one("SELECT id, hash FROM decision ORDER BY id DESC LIMIT 1")
        number = int(last["id"]) + 1 if last else 1
        row: dict[str, Any] = {
            "id": number,
            "act": decision.act.value,
            "subject": decision.subject,
            "verdict": decision.verdict,
            "reason": decision.reason,
            "by": decision.by,
            "at": micros(decision.at),
            "review_due": micros(decision.review_due),
            "conditions": decision.conditions,
            "value": json.dumps(decision.value, sort_keys=True),
        }
        row["hash"] = digest = link(last["hash"] if last else "", row)
        names = ", ".join(row)
        places = ", ".join("?" * len(row))
        self._db.execute(
            f"INSERT INTO decision ({names}) VALUES ({places})",  # noqa: S608 - names of ours
            list(row.values()),
        )
        self._db.execute(
            "INSERT OR REPLACE INTO meta VALUES (?, ?)", [HEAD, head_of(number, digest)]
        )
        return replace(decision, number=number, hash=digest)

    def add_systems(self, systems: Iterable[NewSystem]) -> None:
        """Add systems to the inventory."""
        if new := list(systems):
            with self._counting() as sums:
                self._db.conn.executemany("INSERT INTO system VALUES (?, ?, ?, ?, ?)", new)
                sums.rearrange()

    def _insert_application(
        self,
        number: int,
        detections: dict[str, int],
        application: Application,
        built: Built,
        judges: tuple[Judge, Judge],
    ) -> None:
        is_built, is_shipped = judges
        row = self._application_row(application, built.origin)
        self._db.conn.executemany(
            "INSERT OR IGNORE INTO component VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    row,
                    number,
                    detections[one.detection],
                    one.channel.value,
                    one.value,
                    one.version,
                    one.tie.value,
                    one.group.value,
                    one.is_direct,
                    json.dumps(one.via),
                    one.file,
                    one.line,
                    one.speaks_to,
                    is_built(built.signatures[one.detection], one),
                    is_shipped(built.signatures[one.detection], one),
                )
                for one in application.components
            ],
        )
        self._db.conn.executemany(
            "INSERT INTO owner_claim VALUES (?, ?, ?, ?, ?)",
            [(row, number, one.owner, one.reason, one.confidence) for one in application.owners],
        )
        self._db.conn.executemany(
            "INSERT INTO application_hint VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (row, number, one.kind.value, one.label, one.reason, one.file, one.line, one.places)
                for one in application.hints
            ],
        )

    def _application_row(self, application: Application, origin: str) -> int:
        self._db.execute(
            "INSERT INTO application (key, name, origin, folder, version, description, is_deployable) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET name = excluded.name, "
            "folder = excluded.folder, version = excluded.version, "
            "description = excluded.description, is_deployable = excluded.is_deployable",
            [
                application.key,
                application.name,
                origin,
                application.folder,
                application.version,
                application.description,
                int(application.is_deployable),
            ],
        )
        row = self._one("SELECT id FROM application WHERE key = ?", application.key)
        return row["id"] if row else 0

    def _insert_source(self, scan: int, source: NewSource) -> int:
        """Insert a source in the place of those that it replaces; returns its row."""
        first_scan = min([scan, *(old.first_scan for old in source.replaces)])
        cursor = self._db.execute(
            "INSERT INTO source (fingerprint, length, digest, size, reading, name, format, marks, "
            "beginning, first_scan) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [*source[:9], first_scan],
        )
        number = int(cursor.lastrowid or 0)
        for old in source.replaces:
            self._sums.leave(old.id)
            self._db.execute("UPDATE scan_source SET source = ? WHERE source = ?", [number, old.id])
            self._db.execute("DELETE FROM source WHERE id = ?", [old.id])
        return number

    def _insert_evidence(
        self,
        source: int,
        detections: dict[str, int],
        evidence: list[tuple[EvidenceKey, Evidence]],
    ) -> None:
        actors = self._actor_rows({(key.actor_kind, key.actor) for key, _ in evidence})
        rows = (
            (
                detections[key.detection],
                source,
                actors[key.actor_kind, key.actor],
                _NO_DAY if key.day is None else key.day,
                key.channel.value,
                key.action.value,
                int(added.level),
                added.plain,
                added.ipv6,
                added.service,
                added.bytes_up,
                added.bytes_down,
                micros(added.first),
                micros(added.last),
                added.line,
            )
            for key, added in evidence
        )
        self._db.conn.executemany(
            "INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            sorted(rows, key=itemgetter(slice(6))),
        )

    def _insert_signs(self, source: int, found: Findings | Built | Holding) -> None:
        shapes = {key: self._shape_row(shape) for key, shape in sorted(found.shapes.items())}
        self._db.conn.executemany(
            "INSERT OR REPLACE INTO sign VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    source,
                    key.channel.value,
                    key.subject,
                    shapes[key.shape],
                    key.detail,
                    sign.records,
                    int(sign.level),
                    micros(sign.first),
                    micros(sign.last),
                    sign.line,
                )
                for key, sign in sorted(found.signs.items(), key=itemgetter(0))
            ],
        )

    def _insert_digest(self, source: int, unknown: set[bytes] | None) -> None:
        """Keep the domains that nobody knew. No person is part of them, and no name of a device."""
        domains = None if unknown is None else packed(known_domain(one) for one in unknown)
        self._db.execute("INSERT INTO digest VALUES (?, ?)", [source, domains])

    def _shape_row(self, shape: Shape) -> int:
        self._db.execute(
            "INSERT INTO shape (key, signal, meaning, confidence) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (key) DO UPDATE SET signal = excluded.signal, "
            "meaning = excluded.meaning, confidence = excluded.confidence",
            [shape.id, shape.signal.value, shape.meaning, shape.confidence],
        )
        row = self._one("SELECT id FROM shape WHERE key = ?", shape.id)
        return row["id"] if row else 0

    def _actor_rows(self, actors: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
        self._db.conn.executemany(
            "INSERT OR IGNORE INTO actor (kind, code) VALUES (?, ?)", sorted(actors)
        )
        rows: dict[tuple[str, str], int] = {}
        waiting = iter(sorted(actors))
        while some := list(islice(waiting, _ACTORS)):  # one by one they took half of the writing
            places = ", ".join(["(?, ?)"] * len(some))
            found = self._db.execute(
                f"SELECT kind, code, id FROM actor WHERE (kind, code) IN (VALUES {places})",  # noqa: S608
                [value for actor in some for value in actor],
            )
            rows.update(((kind, code), number) for kind, code, number in found)
        return rows

    def _detection_rows(self, signatures: Mapping[str, Signature]) -> dict[str, int]:
        before = {key: self._meaning(key) for key in signatures}
        rows = {
            key: self._detection_row(signature) for key, signature in sorted(signatures.items())
        }
        if moved := [rows[key] for key in signatures if self._meaning(key) != before[key]]:
            self._sums.move(moved)
        return rows

    def _meaning(self, detection: str) -> tuple[Any, ...] | None:
        """Return what a detection speaks for, and whether that makes a system."""
        found: tuple[Any, ...] | None = self._db.execute(
            "SELECT product, creates_system FROM detection WHERE key = ?", [detection]
        ).fetchone()
        return found

    def _detection_row(self, signature: Signature) -> int:
        vendor, product, detection = signature
        self._db.execute(
            "INSERT INTO product (key, name, vendor, vendor_name, vendor_country, category, ai_nature) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET name = excluded.name, "
            "vendor_name = excluded.vendor_name, vendor_country = excluded.vendor_country, "
            "category = excluded.category, ai_nature = excluded.ai_nature",
            [
                signature.product_key,
                product.name,
                vendor.id,
                vendor.name,
                vendor.supplier.hq_country,
                product.category.value,
                product.ai_nature.value,
            ],
        )
        self._db.execute(
            "INSERT INTO detection (key, product, identifier, kind, creates_system, confidence) "
            "SELECT ?, id, ?, ?, ?, ? FROM product WHERE key = ? "
            "ON CONFLICT (key) DO UPDATE SET product = excluded.product, kind = excluded.kind, "
            "creates_system = excluded.creates_system, confidence = excluded.confidence",
            [
                detection.id,
                detection.channel.value,
                detection.evidence.value,
                int(detection.evidence.creates_system),
                detection.confidence,
                signature.product_key,
            ],
        )
        row = self._one("SELECT id FROM detection WHERE key = ?", detection.id)
        return row["id"] if row else 0

    def _insert_status(
        self, scan: int, position: int, status: SourceStatus, source: int | None
    ) -> None:
        self._db.execute(
            "INSERT INTO scan_source VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                scan,
                position,
                status.name,
                source,
                status.state.value,
                status.reason,
                status.format,
                status.read,
                status.parsed,
                status.rejected,
                json.dumps(status.ignored, sort_keys=True),
                json.dumps([_without_text(reject) for reject in status.rejects]),
                micros(status.first),
                micros(status.last),
                status.time_quality.value,
                status.bytes_read,
                status.screened,
                json.dumps(status.notes),
            ],
        )


def _tools_in_use(tools: Iterable[Component]) -> list[tuple[EvidenceKey, Evidence]]:
    """Return tools that a tree is set up for as evidence: nobody in it says who uses them, or when."""
    files: dict[str, list[int]] = {}
    for one in tools:
        files.setdefault(one.detection, []).append(one.line)
    return [
        (
            EvidenceKey(detection, "", "unknown", None, Channel.CODE, Action.UNKNOWN),
            Evidence(Level.CONNECTED, plain=len(lines), line=min(lines)),
        )
        for detection, lines in sorted(files.items())
    ]


def _some(
    evidence: Iterable[tuple[EvidenceKey, Evidence]],
) -> Iterator[list[tuple[EvidenceKey, Evidence]]]:
    """Yield evidence some thousand rows at a time."""
    rows = iter(evidence)
    while some := list(islice(rows, _ROWS)):
        yield some


def _without_text(reject: Reject) -> dict[str, int | str]:
    """A rejected line may name people: its place and its reason are stored, its text is not."""
    return {"line": reject.line, "reason": reject.reason}
