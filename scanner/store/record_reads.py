"""What stands behind every system: its scans, days and hosts, each in one pass over a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from scanner.model import Action, Level, Usage
from scanner.store.database import Connection, micros, required_time

_NETWORK = "detection.identifier IN ('host', 'host_path')"


class Behind(NamedTuple):
    """What stands behind systems, by their ids."""

    scans: Mapping[str, Sequence[int]]
    days: Mapping[str, int]  # on which each had events


class RecordReader(Connection):
    """The read side for records of all systems at once."""

    def behind_all(self) -> Behind:
        """Return what stands behind every system."""
        scans: defaultdict[str, list[int]] = defaultdict(list)
        for row in self._all(_SCANS):
            scans[row["system"]].append(row["scan"])
        return Behind(scans, {row["system"]: row["days"] for row in self._all(_DAYS)})

    def hosts_of_all(self, most: int) -> dict[str, tuple[str, ...]]:
        """Return the hosts that each system was seen under, what was seen most first."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for row in self._all(_HOSTS):
            if len(found[row["system"]]) < most:
                found[row["system"]].append(row["host"])
        return {system: tuple(hosts) for system, hosts in found.items()}

    def usages(self, since: datetime | None = None) -> Iterator[Usage]:
        """Yield who used what on which day, by day; only people who are told apart, and real use.

        A name in DNS is no use. What was blocked is there, and said to be.
        """
        hosts = {row["detection"]: row["host"] for row in self._all(_MAIN_HOSTS)}
        after = micros(since) if since else -(2**62)
        for row in self._each(_USAGES, int(Level.CONNECTED), Action.BLOCKED.value, after):
            yield Usage(
                system=row["system"],
                person=row["code"],
                unit=row["unit"] or "",
                host=hosts[row["detection"]],
                at=required_time(row["first"]),
                is_blocked=bool(row["is_blocked"]),
                events=row["events"],
            )


_SCANS = """
    SELECT system_detection.system AS system, scan_source.scan AS scan FROM system_detection
    JOIN tally ON tally.detection = system_detection.detection
    JOIN scan_source ON scan_source.source = tally.source
    UNION
    SELECT system_application.system, scan_source.scan FROM system_application
    JOIN component ON component.application = system_application.application
    JOIN scan_source ON scan_source.source = component.source
    ORDER BY 1, 2
"""
# The same days as `days_of` counts.
_DAYS = """
    SELECT system, COUNT(*) AS days FROM (
        SELECT DISTINCT system_detection.system AS system, evidence.day AS day FROM evidence
        JOIN detection ON detection.id = evidence.detection AND detection.creates_system
        JOIN system_detection ON system_detection.detection = evidence.detection
        WHERE evidence.day <> -1 AND evidence.action <> 'auth_challenge'
        AND MAX(evidence.plain, evidence.ipv6, evidence.service) > 0
    ) GROUP BY system
"""
_HOSTS = """
    SELECT system_detection.system AS system, sighted_host.host AS host FROM sighted_host
    JOIN system_detection ON system_detection.detection = sighted_host.detection
    GROUP BY system_detection.system, sighted_host.host
    ORDER BY system_detection.system, SUM(sighted_host.records) DESC, sighted_host.host
"""
_MAIN_HOSTS = """
    SELECT detection, host FROM (
        SELECT detection, host, ROW_NUMBER() OVER (
            PARTITION BY detection ORDER BY SUM(records) DESC, host) AS place
        FROM sighted_host GROUP BY detection, host
    ) WHERE place = 1
"""
_USAGES = f"""
    SELECT system_detection.system AS system, evidence.detection AS detection, actor.code AS code,
           (SELECT MAX(unit) FROM unit_of_actor WHERE unit_of_actor.actor = evidence.actor) AS unit,
           MIN(evidence.first) AS first, evidence.action = ?2 AS is_blocked,
           SUM(MAX(evidence.plain, evidence.ipv6, evidence.service)) AS events
    FROM evidence
    JOIN detection ON detection.id = evidence.detection AND detection.creates_system AND {_NETWORK}
    JOIN system_detection ON system_detection.detection = evidence.detection
    JOIN actor ON actor.id = evidence.actor AND actor.kind = 'user' AND actor.code <> ''
    WHERE (evidence.level >= ?1 OR evidence.action = ?2)
    AND evidence.action NOT IN ('auth_challenge', 'nxdomain')
    AND evidence.first >= ?3
    AND EXISTS (SELECT 1 FROM sighted_host WHERE sighted_host.detection = evidence.detection)
    GROUP BY evidence.day, evidence.detection, evidence.actor, is_blocked
    ORDER BY first, system, code, detection.key, is_blocked
"""  # noqa: S608 - the text is ours
