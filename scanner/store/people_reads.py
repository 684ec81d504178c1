"""What directories say of people, who stands behind a system, and what it is known by."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from scanner.store.database import Connection


class StoredColleague(NamedTuple):
    """What all directories together say of somebody: who is there by one of them is there.

    ``is_disputed`` if another says that they have left.
    """

    unit: str
    is_active: bool | None
    is_disputed: bool = False


class StoredHead(NamedTuple):
    """Who leads a unit, by one directory."""

    name: str
    people: int
    is_active: bool | None
    source: str


class PeopleReader(Connection):
    """The read side of people, and of the keys by which systems are told."""

    def colleagues(self, codes: Iterable[str]) -> dict[str, StoredColleague]:
        """Return what directories say of people, by code; those whom none knows are left out."""
        rows = self._all(
            "SELECT code, MAX(unit) AS unit, MAX(is_active) AS is_active, "
            "MIN(is_active) < MAX(is_active) AS is_disputed FROM person "
            "WHERE code IN (SELECT value FROM json_each(?)) GROUP BY code",
            json.dumps(sorted(set(codes))),
        )
        return {
            row["code"]: StoredColleague(
                row["unit"], _flag(row["is_active"]), bool(row["is_disputed"])
            )
            for row in rows
        }

    def has_directory(self) -> bool:
        """Whether any source says who works here."""
        return self._one("SELECT 1 FROM person LIMIT 1") is not None

    def unit_heads(self) -> dict[str, list[StoredHead]]:
        """Return who leads each unit, whom most answer to first."""
        found: defaultdict[str, list[StoredHead]] = defaultdict(list)
        for row in self._all(
            "SELECT unit_head.*, source.name AS source_name FROM unit_head "
            "JOIN source ON source.id = unit_head.source "
            "ORDER BY unit_head.unit, unit_head.people DESC, unit_head.head, source.name"
        ):
            head = StoredHead(
                row["head"], row["people"], _flag(row["is_active"]), row["source_name"]
            )
            found[row["unit"]].append(head)
        return dict(found)

    def codes_of(self, system: str, most: int) -> list[str]:
        """Return the people whom a system's evidence is about, as they are stored, so many at most."""
        rows = self._all(
            "SELECT DISTINCT actor.code AS code FROM system_detection "
            "JOIN detection ON detection.id = system_detection.detection "
            "AND detection.creates_system "
            "JOIN met ON met.detection = system_detection.detection "
            "JOIN actor ON actor.id = met.actor "
            "WHERE system_detection.system = ? AND actor.code <> '' ORDER BY actor.code LIMIT ?",
            system,
            most,
        )
        return [row["code"] for row in rows]

    def has_code(self, code: str) -> bool:
        """Whether evidence or a directory is about somebody of that code."""
        row = self._one(
            "SELECT 1 FROM actor WHERE code = ?1 UNION ALL SELECT 1 FROM person WHERE code = ?1 "
            "UNION ALL SELECT 1 FROM person_key WHERE code = ?1 OR login = ?1 LIMIT 1",
            code,
        )
        return row is not None

    def people_in_clear(self) -> list[str]:
        """Return everybody whom evidence names: heads of units, owners of assets, users not coded."""
        rows = self._all(
            "SELECT head AS name FROM unit_head UNION SELECT owner FROM asset "
            "UNION SELECT code FROM actor WHERE kind = 'user' "
            "AND NOT (length(code) = 22 AND code GLOB 'u-*') ORDER BY 1"
        )
        return [row["name"] for row in rows if row["name"]]

    def scans_of(self, system: str) -> list[int]:
        """Return the scans whose sources show a system."""
        rows = self._all(
            "SELECT scan_source.scan AS scan FROM system_detection "
            "JOIN tally ON tally.detection = system_detection.detection "
            "JOIN scan_source ON scan_source.source = tally.source "
            "WHERE system_detection.system = ?1 "
            "UNION SELECT scan_source.scan FROM system_application "
            "JOIN component ON component.application = system_application.application "
            "JOIN scan_source ON scan_source.source = component.source "
            "WHERE system_application.system = ?1 ORDER BY 1",
            system,
        )
        return [row["scan"] for row in rows]

    def systems_by_product(self) -> dict[str, tuple[str, ...]]:
        """Return the systems that each product with evidence is part of, by the product's key."""
        return self._grouped(
            "SELECT DISTINCT product.key AS key, system_detection.system AS system "
            "FROM system_detection "
            "JOIN detection ON detection.id = system_detection.detection "
            "AND detection.creates_system "
            "JOIN product ON product.id = detection.product "
            "JOIN summary ON summary.system = system_detection.system "
            "WHERE EXISTS (SELECT 1 FROM tally WHERE tally.detection = detection.id) "
            "ORDER BY 1, 2"
        )

    def systems_by_client(self) -> dict[str, tuple[str, ...]]:
        """Return the systems of each application that accounts list, by its client id in lower case."""
        return self._grouped(
            "SELECT DISTINCT lower(app.client_id) AS key, system_detection.system AS system FROM app "
            "JOIN system_detection ON system_detection.detection = app.detection "
            "WHERE app.client_id <> '' ORDER BY 1, 2"
        )

    def systems_by_repository(self) -> dict[str, tuple[str, ...]]:
        """Return the systems that are built in each repository or folder of one, in lower case."""
        return self._grouped(
            "SELECT DISTINCT lower(value) AS key, system FROM ("
            "SELECT application.origin AS value, system_application.system FROM application "
            "JOIN system_application ON system_application.application = application.id "
            "UNION SELECT application.key, system_application.system FROM application "
            "JOIN system_application ON system_application.application = application.id"
            ") WHERE value <> '' ORDER BY 1, 2"
        )

    def _grouped(self, sql: str) -> dict[str, tuple[str, ...]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for row in self._all(sql):
            found[row["key"]].append(row["system"])
        return {key: tuple(systems) for key, systems in found.items()}


def _flag(value: int | None) -> bool | None:
    return None if value is None else bool(value)
