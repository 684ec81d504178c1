"""What a scan writes of accounts: one listing at a time, each in its own place for ever.

A state that was read whole takes the place of the one before; events take that of the same days.
Of what was read in part only what is new is added: nothing that was seen before is called gone.
Of a reading that is older than what is stored, such as a recording of last year, a state counts no
more, and of events only those count that are new.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

from scanner.model import Evidence, EvidenceKey, Holding, SourceState, SourceStatus
from scanner.store.database import micros, time
from scanner.store.writes import NewSource, Store

_EPOCH_DAY = date(1970, 1, 1).toordinal()
_TABLES = (
    "evidence", "app", "access", "seat_plan", "asset", "service_setting", "spend",
    "register_entry", "counted", "product_owner_claim", "actor_unit", "sign", "by_rescan",
    "person", "unit_head",
)  # fmt: skip
# What becomes of numbers where a part, or a few days, are added to what is stored: a part is never
# more than the whole, so the larger one stays.
_LARGER = {
    "access": ("people", "is_for_all", "last"),
    "spend": ("amount", "lines", "people"),
    "counted": ("number",),
    "sign": ("records", "level", "last"),
}
_OLDER = "a newer reading of it is stored"


class NewListing(NamedTuple):
    """A listing to be stored. ``since`` is when its events begin; None of a state."""

    source: NewSource
    is_complete: bool
    since: datetime | None = None
    until: datetime | None = None
    account: str = ""  # what tells whose keys of people they are

    @property
    def is_added(self) -> bool:
        """Whether it stands beside what is stored, and does not take its place."""
        return not self.is_complete or self.since is not None


class ListingStore(Store):
    """The database, open for a scan that reads accounts."""

    def watermark(self, fingerprint: str) -> datetime | None:
        """Return up to when a listing's events were read whole."""
        row = self._one("SELECT until FROM watermark WHERE fingerprint = ?", fingerprint)
        return time(row["until"]) if row else None

    def copy_of(self, digest: str, fingerprint: str) -> int | None:
        """Return the stored file with that content under another name."""
        row = self._one(
            "SELECT id FROM source WHERE digest = ? AND fingerprint <> ? ORDER BY id",
            digest,
            fingerprint,
        )
        return row["id"] if row else None

    def write_listing(
        self, scan: int, position: int, status: SourceStatus, new: NewListing, held: Holding
    ) -> None:
        """Store what a listing shows and what became of it, in one transaction."""
        with self._counting() as sums:
            if self._is_older(scan, new):
                new = new._replace(is_complete=False)
                if new.since is None:
                    status.state, status.reason = SourceState.ALREADY_READ, _OLDER
                    self._insert_status(scan, position, status, self._place_of(scan, new))
                    return
            held = self._by_login(new.account, held)
            number = self._place_of(scan, new)
            sums.leave(number)
            if new.is_complete:
                self._clear(number, new.since)
            detections = self._detection_rows(held.signatures)
            signs = self._all("SELECT * FROM sign WHERE source = ?", number)
            self._add_evidence(number, detections, held)
            self._put("sign", (tuple(one.values()) for one in signs), new)
            self._add_details(number, detections, held, new)
            self._add_people(number, held)
            if new.is_complete and new.until is not None:
                self._db.execute(
                    "INSERT OR REPLACE INTO watermark VALUES (?, ?)",
                    [new.source.fingerprint, micros(new.until)],
                )
            self._insert_status(scan, position, status, number)
            sums.count(number)

    def _is_older(self, scan: int, new: NewListing) -> bool:
        """Whether a listing was read before what is stored of it was.

        What was read after this scan began was read by a clock that was wrong.
        """
        if new.until is None:
            return False
        row = self._one(
            "SELECT 1 FROM watermark WHERE fingerprint = ? AND until > ? "
            "AND until <= (SELECT started FROM scan WHERE id = ?)",
            new.source.fingerprint,
            micros(new.until),
            scan,
        )
        return row is not None

    def _place_of(self, scan: int, new: NewListing) -> int:
        """Return the row of a listing's source, the same in every scan."""
        known = self._one(
            "SELECT id FROM source WHERE fingerprint = ? ORDER BY id", new.source.fingerprint
        )
        if known is None:
            return self._insert_source(scan, new.source)
        if new.is_complete:
            self._db.execute(
                "UPDATE source SET digest = ?, length = ?, size = ?, reading = ?, name = ?, "
                "format = ? WHERE id = ?",
                [new.source.digest, new.source.length, new.source.size, new.source.reading,
                 new.source.name, new.source.format, known["id"]],
            )  # fmt: skip
        return int(known["id"])

    def _clear(self, number: int, since: datetime | None) -> None:
        if since is None:
            for table in _TABLES:
                self._db.execute(f"DELETE FROM {table} WHERE source = ?", [number])  # noqa: S608
            return
        day = since.toordinal() - _EPOCH_DAY
        self._db.execute("DELETE FROM evidence WHERE source = ? AND day >= ?", [number, day])

    def _add_evidence(self, number: int, detections: Mapping[str, int], held: Holding) -> None:
        known = dict(detections)
        stored = {
            (row["detection"], row["actor"], row["day"], row["channel"], row["action"])
            for row in self._all(
                "SELECT detection, actor, day, channel, action FROM evidence WHERE source = ?",
                number,
            )
        }
        actors = self._actor_rows({(key.actor_kind, key.actor) for key in held.evidence})
        fresh = [
            (key, evidence)
            for key, evidence in held.evidence.items()
            if (
                known[key.detection], actors[key.actor_kind, key.actor],
                -1 if key.day is None else key.day, key.channel.value, key.action.value,
            ) not in stored
        ]  # fmt: skip
        self._insert_evidence(number, known, fresh)
        self._insert_signs(number, held)
        self._put(
            "actor_unit",
            (
                (actors[kind, code], number, held.units[code])
                for kind, code in sorted(actors)
                if code in held.units
            ),
        )

    def _by_login(self, account: str, held: Holding) -> Holding:
        """Return what a listing shows with everybody under their login, if it was ever told.

        An account that may not list its people this time has told it before.
        """
        self._db.conn.executemany(
            "INSERT OR REPLACE INTO person_key VALUES (?, ?, ?)",
            [(account, code, login) for code, login in sorted(held.logins.items())],
        )
        rows = self._all("SELECT code, login FROM person_key WHERE account = ?", account)
        logins = {row["code"]: row["login"] for row in rows}
        evidence: dict[EvidenceKey, Evidence] = {}
        for key, one in held.evidence.items():
            named = key._replace(actor=logins.get(key.actor, key.actor))
            if named in evidence:
                evidence[named].add(one)
            else:
                evidence[named] = one
        units = {logins.get(code, code): unit for code, unit in held.units.items()}
        return replace(held, evidence=evidence, units=units)

    def _add_details(
        self, number: int, rows: Mapping[str, int], held: Holding, new: NewListing
    ) -> None:
        self._put(
            "app",
            (
                (number, app.key, rows[detection], app.name, app.idp, app.client_id, app.publisher,
                 app.kind, app.is_enabled, app.is_own, app.is_wanted_only, micros(app.created))
                for app, detection in held.apps.values()
            ),
            new,
        )  # fmt: skip
        self._put(
            "access",
            (
                (number, key.app, rows[one.detection], key.scope, key.resource, key.way.value,
                 key.consent.value, one.reach.area, one.reach.can_write, one.reach.is_wide,
                 one.reach.rationale, max(len(one.people), one.counted), one.is_for_all, micros(one.first),
                 micros(one.last))
                for key, one in held.access.items()
            ),
            new,
        )  # fmt: skip
        self._put(
            "seat_plan",
            (
                (number, rows[key.detection], key.plan, use.bought, use.assigned or len(use.people),
                 len(use.people - use.used) if use.tells_use else None)
                for key, use in held.plans.items()
            ),
            new,
        )  # fmt: skip
        self._put(
            "asset",
            (
                (number, rows[detection], one.kind, one.key, one.name, one.owner,
                 micros(one.created), micros(one.last_used), one.detail)
                for one, detection in held.assets.values()
            ),
            new,
        )  # fmt: skip
        self._put(
            "service_setting",
            (
                (number, rows[detection], one.name, one.unit, one.is_on)
                for one, detection in held.settings.values()
            ),
            new,
        )
        self._put(
            "spend",
            (
                (number, rows[key.detection], key.month, key.currency, round(one.amount, 2),
                 one.lines, len(one.people), json.dumps(sorted(one.units)))
                for key, one in held.spends.items()
            ),
            new,
        )  # fmt: skip
        self._put(
            "register_entry",
            (
                (number, key, rows[detection], one.unit, one.status)
                for key, (one, detection) in held.entries.items()
            ),
            new,
        )
        self._put(
            "counted",
            (
                (number, rows[detection], what, count)
                for (detection, what), count in held.counts.items()
            ),
            new,
        )
        self._put(
            "product_owner_claim",
            (
                (number, rows[one.detection], one.claim.owner, one.claim.reason,
                 one.claim.confidence, one.is_here)
                for one in held.claims
            ),
            new,
        )  # fmt: skip
        self._put("unit_head", ((number, *one) for one in held.heads), new)

    def _add_people(self, number: int, held: Holding) -> None:
        """Store whom a directory lists; of two rows on somebody the one of a person who is there counts."""
        self._db.conn.executemany(
            "INSERT INTO person VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            "unit = max(unit, excluded.unit), "
            "is_active = max(coalesce(is_active, excluded.is_active), "
            "coalesce(excluded.is_active, is_active))",
            ((number, code, one.unit, one.is_active) for code, one in held.people),
        )

    def _put(
        self, table: str, rows: Iterable[tuple[Any, ...]], new: NewListing | None = None
    ) -> None:
        """Insert rows in their order; where one stands already, ``new`` says what becomes of it."""
        listed = sorted(rows, key=repr)
        if listed:
            places = ", ".join("?" * len(listed[0]))
            self._db.conn.executemany(_insert(table, new, places), listed)


def _insert(table: str, new: NewListing | None, places: str) -> str:
    """Return how rows are inserted; all names are ours."""
    if new is None or not new.is_added:
        return f"INSERT OR REPLACE INTO {table} VALUES ({places})"  # noqa: S608
    if larger := _LARGER.get(table):
        kept = ", ".join(
            f"{one} = max(coalesce({one}, excluded.{one}), coalesce(excluded.{one}, {one}))"
            for one in larger
        )
        return f"INSERT INTO {table} VALUES ({places}) ON CONFLICT DO UPDATE SET {kept}"  # noqa: S608
    how = "REPLACE" if new.is_complete else "IGNORE"
    return f"INSERT OR {how} INTO {table} VALUES ({places})"  # noqa: S608
