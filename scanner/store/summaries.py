"""The summaries of systems: kept in step with the evidence, in the transaction that changes it.

``tally`` adds up the evidence of one source and detection, ``sight`` of all sources; ``met`` counts the sources in which a
person met a detection, by how far that got. What a new source brings is added to ``summary``; of
what is replaced, removed or moved the systems concerned are summed anew. So the inventory is
read without looking at evidence.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from scanner.store.arrangement import Arrangement, arranged


class Identity(NamedTuple):
    """A system as people see it: the place it stands on, the name given to it, if any."""

    id: str
    place: str
    name: str
    first_scan: int


class Summaries:
    """The summaries, inside one transaction. Call ``renew`` at its end."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._stale: set[str] = set()
        self._unsighted: set[int] = set()

    def leave(self, source: int) -> None:
        """Take a source's evidence out, before it is changed or removed."""
        self._stale.update(self._ids(_SYSTEMS_OF_SOURCE, source, source))
        found = self._connection.execute(_DETECTIONS_OF_SOURCE, [source])
        self._unsighted.update(row[0] for row in found)
        self._run(_UNMEET, source)
        self._run(_UNMEET_LAST, source)
        self._run("DELETE FROM tally WHERE source = ?", source)

    def count(self, source: int) -> None:
        """Put a source's evidence in, when all of it is written."""
        self._run(_TALLY, source)
        self._run(_SIGHT, source)
        self._stale.update(self._ids(_BUILT_OF_SOURCE, source))
        if self._stale:
            self._stale.update(self._ids(_SYSTEMS_OF_SOURCE, source, source))
        else:
            self._run(_ADD, source)
            self._run(_ADD_CHANNELS, source)
            newcomers = self._connection.execute(_NEWCOMERS, [source]).fetchall()
            self._connection.executemany(
                "UPDATE summary SET users = users + ?2 WHERE system = ?1", newcomers
            )
        self._run(_MEET, source)

    def look_again(self, source: int) -> None:
        """Note that a source was read again and had nothing new."""
        self._stale.update(self._ids(_BUILT_OF_SOURCE, source))

    def move(self, detections: Iterable[int]) -> None:
        """Note that these detections speak for something else than before, or are new."""
        for one in detections:
            self._stale.update(self._ids(_SYSTEM_OF_DETECTION, one))
        self.rearrange()

    def rearrange(self) -> None:
        """Give every detection and application to the system that it belongs to now."""
        rows = self._connection.execute(DECISIONS).fetchall()
        places = self._connection.execute(_PLACES).fetchall()
        wanted, detections, applications = _arranged(
            arranged(rows), places, self._connection.execute(_DETECTIONS).fetchall()
        )
        self._replace_identities(wanted)
        self._replace("system_detection", "detection", detections)
        self._replace("system_application", "application", applications)

    def renew(self) -> None:
        """Sum up anew what was changed."""
        for detection in sorted(self._unsighted):
            self._run("DELETE FROM sight WHERE detection = ?", detection)
            self._run(_SIGHT_AGAIN, detection)
        self._unsighted.clear()
        for system in sorted(self._stale):
            self._run("DELETE FROM summary WHERE system = ?", system)
            self._run("DELETE FROM system_channel WHERE system = ?", system)
            self._run(_SUM, system)
            self._run(_SUM_BUILT, system)
            self._run(_SUM_CHANNELS, system)
        self._stale.clear()

    def _replace_identities(self, wanted: dict[str, Identity]) -> None:
        rows = self._connection.execute("SELECT id, place, name, first_scan FROM identity")
        known = {one.id: one for one in map(Identity._make, rows.fetchall())}
        self._stale.update(known.keys() ^ wanted.keys())
        self._connection.executemany(
            "DELETE FROM identity WHERE id = ?", [[one] for one in sorted(known.keys() - wanted)]
        )
        self._connection.executemany(
            "INSERT OR REPLACE INTO identity VALUES (?, ?, ?, ?)",
            [one for key, one in sorted(wanted.items()) if known.get(key) != one],
        )

    def _replace(self, table: str, column: str, wanted: dict[int, str]) -> None:
        known = dict(self._connection.execute(f"SELECT {column}, system FROM {table}").fetchall())  # noqa: S608
        changed = {one for one in known.keys() | wanted.keys() if known.get(one) != wanted.get(one)}
        for one in changed:
            self._stale.update(filter(None, (known.get(one), wanted.get(one))))
        self._connection.executemany(
            f"DELETE FROM {table} WHERE {column} = ?",  # noqa: S608 - names of ours
            [[one] for one in sorted(changed & known.keys())],
        )
        self._connection.executemany(
            f"INSERT INTO {table} VALUES (?, ?)",  # noqa: S608 - names of ours
            [(one, wanted[one]) for one in sorted(changed & wanted.keys())],
        )

    def _run(self, sql: str, value: int | str) -> None:
        self._connection.execute(sql, [value])

    def _ids(self, sql: str, *values: int) -> set[str]:
        return {row[0] for row in self._connection.execute(sql, values)}


def rebuild(connection: sqlite3.Connection) -> None:
    """Make all summaries from the evidence and the decisions, as if there had been none."""
    for table in ("summary", "system_channel", "met", "tally", "sight", "system_detection",
                  "system_application", "identity"):  # fmt: skip
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
    sums = Summaries(connection)
    connection.execute(_TALLY.replace("evidence.source = ?1", "TRUE"))
    connection.execute(_SIGHT.replace("tally.source = ?1", "TRUE"))
    connection.execute(_MEET_ALL)
    sums.rearrange()
    sums.renew()


def homes_of(decided: Arrangement, places: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return for every system, merged ones too, the one that stands for it and its own place."""
    stands_on = {one: one for one in places}
    for new, base in decided.bases.items():  # in the order in which they were split off
        if base in stands_on:
            stands_on.setdefault(new, stands_on[base])
    return {one: (decided.home(one, stands_on), place) for one, place in stands_on.items()}


def _arranged(
    decided: Arrangement,
    places: list[tuple[str, int | None, int | None, int]],
    detections: list[tuple[int, str, int]],
) -> tuple[dict[str, Identity], dict[int, str], dict[int, str]]:
    """Return the systems that stand, and whose each detection and application is."""
    homes = homes_of(decided, (row[0] for row in places))
    scans = {row[0]: row[3] for row in places}
    first: dict[str, int] = {}
    for home, place in homes.values():
        scan = scans[place]
        first[home] = min(scan, first.get(home, scan))
    identities = {
        home: Identity(home, homes[home][1], decided.names.get(home, ""), scan)
        for home, scan in first.items()
    }
    of_product = {product: one for one, product, _, _ in places if product is not None}
    whose = {}
    for number, key, product in detections:
        moved = decided.moved.get(key, "")
        place = moved if moved in homes else of_product.get(product, "")
        if place:
            whose[number] = homes[place][0]
    built = {application: homes[one][0] for one, _, application, _ in places if application}
    return identities, whose, built


DECISIONS = (
    "SELECT act, subject, value FROM decision WHERE act IN ('merge', 'split', 'rename') ORDER BY id"
)
_PLACES = "SELECT id, product, application, first_scan FROM system ORDER BY id"
_DETECTIONS = "SELECT id, key, product FROM detection"
_BUILT_OF_SOURCE = """
    SELECT DISTINCT system_application.system FROM component
    JOIN system_application ON system_application.application = component.application
    WHERE component.source = ?
"""
_SYSTEMS_OF_SOURCE = f"""
    SELECT DISTINCT system_detection.system FROM tally
    JOIN system_detection ON system_detection.detection = tally.detection
    WHERE tally.source = ? UNION {_BUILT_OF_SOURCE}
"""  # noqa: S608 - texts of ours
_SYSTEM_OF_DETECTION = "SELECT system FROM system_detection WHERE detection = ?"
_TALLY = """
    INSERT INTO tally
    SELECT evidence.detection, evidence.source, evidence.channel, evidence.action,
           MAX(evidence.level), SUM(MAX(evidence.plain, evidence.ipv6, evidence.service)),
           COUNT(DISTINCT CASE WHEN actor.kind <> 'unknown' THEN actor.id END),
           COUNT(DISTINCT actor.id), COUNT(DISTINCT NULLIF(evidence.day, -1)),
           SUM(evidence.bytes_up), SUM(evidence.bytes_down), MIN(evidence.first),
           MAX(evidence.last), MIN(evidence.line)
    FROM evidence JOIN actor ON actor.id = evidence.actor WHERE evidence.source = ?1
    GROUP BY evidence.detection, evidence.source, evidence.channel, evidence.action
"""
_DETECTIONS_OF_SOURCE = "SELECT DISTINCT detection FROM tally WHERE source = ?"
_SIGHT = """
    INSERT INTO sight
    SELECT tally.detection, tally.channel, tally.action, MIN(tally.source), MAX(tally.level),
           SUM(tally.events), MAX(tally.people), SUM(tally.days), SUM(tally.bytes_up),
           MIN(tally.first), MAX(tally.last)
    FROM tally WHERE tally.source = ?1
    GROUP BY tally.detection, tally.channel, tally.action
    ON CONFLICT (detection, channel, action) DO UPDATE SET
        source = MIN(source, excluded.source), level = MAX(level, excluded.level),
        events = events + excluded.events, people = MAX(people, excluded.people),
        days = days + excluded.days, bytes_up = bytes_up + excluded.bytes_up,
        first = COALESCE(MIN(first, excluded.first), first, excluded.first),
        last = COALESCE(MAX(last, excluded.last), last, excluded.last)
"""
_SIGHT_AGAIN = _SIGHT.replace("tally.source = ?1", "tally.detection = ?1")
_MET = """
    SELECT evidence.detection, evidence.actor, MAX(evidence.level) AS level FROM evidence
    JOIN actor ON actor.id = evidence.actor AND actor.kind <> 'unknown'
    WHERE evidence.source = ?1 GROUP BY evidence.detection, evidence.actor
"""
_MEET = f"""
    INSERT INTO met SELECT detection, actor, level, 1 FROM ({_MET}) WHERE TRUE
    ON CONFLICT (detection, actor, level) DO UPDATE SET sources = sources + 1
"""  # noqa: S608 - texts of ours
_MEET_ALL = """
    INSERT INTO met SELECT detection, actor, level, COUNT(*) FROM (
        SELECT evidence.detection, evidence.actor, MAX(evidence.level) AS level FROM evidence
        JOIN actor ON actor.id = evidence.actor AND actor.kind <> 'unknown'
        GROUP BY evidence.source, evidence.detection, evidence.actor
    ) GROUP BY detection, actor, level
"""
_UNMEET = f"UPDATE met SET sources = sources - 1 WHERE (detection, actor, level) IN ({_MET})"  # noqa: S608
_UNMEET_LAST = f"DELETE FROM met WHERE sources = 0 AND (detection, actor, level) IN ({_MET})"  # noqa: S608
_NEWCOMERS = """
    SELECT fresh.system, COUNT(*) FROM (
        SELECT DISTINCT system_detection.system AS system, evidence.actor AS actor FROM evidence
        JOIN detection ON detection.id = evidence.detection AND detection.creates_system
        JOIN actor ON actor.id = evidence.actor AND actor.kind <> 'unknown'
        JOIN system_detection ON system_detection.detection = evidence.detection
        WHERE evidence.source = ?1
    ) AS fresh
    WHERE NOT EXISTS (
        SELECT 1 FROM system_detection AS other
        JOIN detection ON detection.id = other.detection AND detection.creates_system
        JOIN met ON met.detection = other.detection AND met.actor = fresh.actor
        WHERE other.system = fresh.system
    )
    GROUP BY fresh.system
"""
_SUMS = """
    MAX(tally.level), MIN(tally.first), MAX(tally.last),
    SUM(CASE WHEN tally.action = 'auth_challenge' THEN 0 ELSE tally.events END),
    SUM(CASE WHEN tally.action = 'blocked' THEN tally.events ELSE 0 END)
"""
_TALLIES = """
    FROM tally
    JOIN detection ON detection.id = tally.detection AND detection.creates_system
    JOIN system_detection ON system_detection.detection = tally.detection
"""
_ADD = f"""
    INSERT INTO summary (system, level, first, last, events, blocked, users, bytes_up, bytes_down)
    SELECT system_detection.system, {_SUMS}, 0, SUM(tally.bytes_up), SUM(tally.bytes_down)
    {_TALLIES} WHERE tally.source = ?1 GROUP BY system_detection.system
    ON CONFLICT (system) DO UPDATE SET
        level = COALESCE(MAX(level, excluded.level), level, excluded.level),
        first = COALESCE(MIN(first, excluded.first), first, excluded.first),
        last = COALESCE(MAX(last, excluded.last), last, excluded.last),
        events = events + excluded.events, blocked = blocked + excluded.blocked,
        bytes_up = bytes_up + excluded.bytes_up, bytes_down = bytes_down + excluded.bytes_down
"""
_ADD_CHANNELS = f"""
    INSERT OR IGNORE INTO system_channel
    SELECT DISTINCT system_detection.system, tally.channel {_TALLIES} WHERE tally.source = ?1
"""
_SUM = f"""
    INSERT INTO summary (system, level, first, last, events, blocked, users, bytes_up, bytes_down)
    SELECT ?1, {_SUMS},
           (SELECT COUNT(DISTINCT met.actor) FROM system_detection AS own
            JOIN detection ON detection.id = own.detection AND detection.creates_system
            JOIN met ON met.detection = own.detection WHERE own.system = ?1),
           SUM(tally.bytes_up), SUM(tally.bytes_down)
    {_TALLIES} WHERE system_detection.system = ?1 GROUP BY system_detection.system
"""  # noqa: S608 - texts of ours
_SUM_BUILT = """
    INSERT INTO summary (system, events, blocked, users, bytes_up, bytes_down, read_first, read_last)
    SELECT ?1, 0, 0, 0, 0, 0, MIN(scan.started), MAX(scan.started) FROM (
        SELECT DISTINCT system_application.system AS system, component.source AS source
        FROM system_application
        JOIN component ON component.application = system_application.application
        WHERE system_application.system = ?1 AND component.is_built
    ) AS shown
    JOIN scan_source ON scan_source.source = shown.source
    JOIN scan ON scan.id = scan_source.scan WHERE TRUE GROUP BY shown.system
    ON CONFLICT (system) DO UPDATE SET read_first = excluded.read_first, read_last = excluded.read_last
"""
_SUM_CHANNELS = f"""
    INSERT INTO system_channel
    SELECT DISTINCT ?1, tally.channel {_TALLIES} WHERE system_detection.system = ?1
    UNION SELECT summary.system, 'code' FROM summary
    WHERE summary.system = ?1 AND summary.read_first IS NOT NULL
"""  # noqa: S608 - texts of ours
