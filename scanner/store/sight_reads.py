"""One system's evidence, read for looking at: by channel, row by row, and by the days of a row.

What is asked for is summed as the store keeps it, so that a system of which a year of logs tells is
read without looking at each record: only a source that spans several days is looked into.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from scanner.store.database import time
from scanner.store.identity_reads import IdentityReader


class Wanted(NamedTuple):
    """Which rows of evidence; "" is all of them."""

    channel: str = ""
    detection: str = ""


class SightReader(IdentityReader):
    """The read side for the evidence of one system, by its id, or a product's key."""

    def days_by_channel(self, system: str) -> dict[str, dict[int, int]]:
        """Return the events of each channel for each day since 1970 on which it had any."""
        found: dict[str, dict[int, int]] = {}
        for row in self._all(_DAYS, self._detections_of(system)):
            found.setdefault(row["channel"], {})[row["day"]] = row["events"]
        return found

    def sums_of(self, system: str) -> list[dict[str, Any]]:
        """Return the evidence of each channel and detection, over all sources, the most first."""
        rows = self._all(_SUMS, self._detections_of(system))
        return [_timed(row) for row in rows]

    def rows_of(self, system: str, wanted: Wanted, skip: int, most: int) -> list[dict[str, Any]]:
        """Return some rows of evidence, the newest first: of one source, detection and outcome each.

        ``id`` is that by which roles and records name it; ``line`` is where it first stands.
        """
        rows = self._all(
            _ROWS,
            self._detections_of(system),
            wanted.channel,
            wanted.detection,
            most,
            skip,
        )
        return [_timed(row) for row in rows]

    def app_names(self, system: str) -> dict[str, str]:
        """Return what accounts call the applications of a system, by the ids that grants name."""
        rows = self._all(_APPS, self._detections_of(system))
        return {row["app"]: row["name"] for row in rows}

    def days_of_row(self, system: str, row: str, most: int) -> list[dict[str, Any]]:
        """Return the days of one row of evidence, each with where it first stands; [] if there is none."""
        numbers = self._detections_of(system)
        rows = self._all(_ROW_IDS, numbers)
        key = next((one for one in rows if one["id"] == row), None)
        if key is None:
            return []
        found = self._all(
            _ROW_DAYS, key["detection"], key["source"], key["channel"], key["action"], most
        )
        return [_timed(one) for one in found]


def _timed(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "first": time(row["first"]), "last": time(row["last"])}


_OF = "tally.detection IN (SELECT value FROM json_each(?1))"
_ID = "'e' || tally.source || '.' || detection.key || '.' || tally.channel || '.' || tally.action"
_DAYS = f"""
    SELECT channel, day, SUM(events) AS events FROM (
        SELECT tally.channel AS channel, tally.first / 86400000000 AS day, tally.events AS events
        FROM tally JOIN detection ON detection.id = tally.detection AND detection.creates_system
        WHERE {_OF} AND tally.days = 1 AND tally.action <> 'auth_challenge'
        UNION ALL
        SELECT tally.channel, evidence.day, MAX(evidence.plain, evidence.ipv6, evidence.service)
        FROM tally JOIN detection ON detection.id = tally.detection AND detection.creates_system
        JOIN evidence ON evidence.detection = tally.detection AND evidence.source = tally.source
        AND evidence.channel = tally.channel AND evidence.action = tally.action
        WHERE {_OF} AND tally.days > 1 AND tally.action <> 'auth_challenge' AND evidence.day <> -1
    ) GROUP BY channel, day HAVING SUM(events) > 0 ORDER BY channel, day
"""  # noqa: S608 - the text is ours
_SUMS = f"""
    SELECT tally.channel AS channel, detection.key AS detection, detection.kind AS kind,
           detection.confidence AS confidence, SUM(tally.events) AS events,
           MAX(tally.level) AS level, COUNT(DISTINCT tally.source) AS sources,
           MIN(tally.first) AS first, MAX(tally.last) AS last
    FROM tally JOIN detection ON detection.id = tally.detection WHERE {_OF}
    GROUP BY tally.channel, tally.detection ORDER BY events DESC, tally.channel, detection.key
"""  # noqa: S608 - the text is ours
_ROWS = f"""
    SELECT {_ID} AS id, source.name AS source, source.digest AS digest, source.format AS format,
           tally.line AS line, tally.channel AS channel, tally.action AS action,
           tally.level AS level, tally.events AS events, tally.actors AS people,
           tally.days AS days, tally.bytes_up AS bytes_up, tally.first AS first,
           tally.last AS last, detection.key AS detection, detection.confidence AS confidence
    FROM tally JOIN detection ON detection.id = tally.detection
    JOIN source ON source.id = tally.source
    WHERE {_OF} AND (?2 = '' OR tally.channel = ?2) AND (?3 = '' OR detection.key = ?3)
    ORDER BY tally.last DESC, source.name, detection.key, tally.channel, tally.action, source.id
    LIMIT ?4 OFFSET ?5
"""  # noqa: S608 - the text is ours
_ROW_IDS = f"""
    SELECT {_ID} AS id, tally.detection AS detection, tally.source AS source,
           tally.channel AS channel, tally.action AS action
    FROM tally JOIN detection ON detection.id = tally.detection WHERE {_OF}
"""  # noqa: S608 - the text is ours
_APPS = """
    SELECT app, name FROM app_detail
    WHERE detection_id IN (SELECT value FROM json_each(?1)) AND name <> '' ORDER BY app, source DESC
"""
_ROW_DAYS = """
    SELECT evidence.day AS day, MIN(evidence.line) AS line,
           SUM(MAX(evidence.plain, evidence.ipv6, evidence.service)) AS events,
           COUNT(DISTINCT evidence.actor) AS people, MAX(evidence.level) AS level,
           SUM(evidence.bytes_up) AS bytes_up, MIN(evidence.first) AS first,
           MAX(evidence.last) AS last
    FROM evidence WHERE evidence.detection = ?1 AND evidence.source = ?2
    AND evidence.channel = ?3 AND evidence.action = ?4
    GROUP BY evidence.day ORDER BY evidence.day DESC LIMIT ?5
"""
