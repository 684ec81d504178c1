"""Who is who, read from the database: what a system is put together from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

from scanner.store.arrangement import arranged
from scanner.store.database import Connection
from scanner.store.summaries import DECISIONS, homes_of


class Footing(NamedTuple):
    """A product that a system rests on, as evidence shows it, and how in words."""

    system: str
    product: str
    why: str


@dataclass(frozen=True, slots=True)
class Place:
    """What a strong key or a split makes a system, and the system that stands for it now.

    ``base`` is what it was split off from, "" of what a strong key makes.
    """

    id: str
    name: str
    product: str
    system: str
    category: str = ""
    base: str = ""

    @property
    def is_merged(self) -> bool:
        return self.id != self.system


class IdentityReader(Connection):
    """The read side of identity. Systems are named by their id, or by a product's key."""

    def places(self) -> list[Place]:
        """Return every system that was ever one, merged ones too, by name and id."""
        rows = {row["id"]: row for row in self._all(_PLACES)}
        decided = arranged(
            (row["act"], row["subject"], row["value"]) for row in self._all(DECISIONS)
        )
        found = [
            Place(
                id=one,
                name=decided.names.get(one) or rows[own]["name"],
                product=rows[own]["product"],
                system=home,
                category=rows[own]["category"],
                base="" if one in rows else decided.bases[one],
            )
            for one, (home, own) in homes_of(decided, rows).items()
        ]
        return sorted(found, key=lambda one: (one.name.casefold(), one.id))

    def detections_in(self, system: str) -> list[dict[str, Any]]:
        """Return what was detected of a system, with the product that each speaks for."""
        return self._all(
            "SELECT detection.key AS detection, product.key AS product FROM system_detection "
            "JOIN detection ON detection.id = system_detection.detection "
            "JOIN product ON product.id = detection.product "
            "WHERE system_detection.system = ? "
            "AND EXISTS (SELECT 1 FROM tally WHERE tally.detection = detection.id) "
            "ORDER BY detection.key",
            system,
        )

    def footings(self) -> list[Footing]:
        """Return the products that each system rests on: by use, by components, by what they call."""
        return [Footing(**row) for row in self._all(_FOOTINGS)]

    def source_names(self) -> list[str]:
        """Return the names of the sources whose evidence is stored."""
        return [row["name"] for row in self._all("SELECT DISTINCT name FROM source ORDER BY name")]

    def _detections_of(self, system: str) -> str:
        """Return the numbers of a system's detections, as a JSON list.

        Of a product that is no system of its own they are the product's.
        """
        own = self._numbers(_OF_SYSTEM.format("detection"), system)
        return json.dumps(own or self._numbers(_OF_PRODUCT, system))

    def _applications_of(self, system: str) -> str:
        return json.dumps(self._numbers(_OF_SYSTEM.format("application"), system))

    def _numbers(self, sql: str, value: str) -> list[int]:
        return [row["number"] for row in self._all(sql, value)]


_PLACES = """
    SELECT system.id AS id, COALESCE(product.name, application.name) AS name,
           COALESCE(product.key, application.key) AS product,
           COALESCE(product.category, 'application') AS category
    FROM system
    LEFT JOIN product ON product.id = system.product
    LEFT JOIN application ON application.id = system.application
    ORDER BY system.id
"""
_OF_SYSTEM = """
    SELECT system_{0}.{0} AS number FROM system_{0} WHERE system_{0}.system IN (
        SELECT ?1 UNION
        SELECT system.id FROM system
        JOIN identity ON identity.id = system.id
        LEFT JOIN product ON product.id = system.product
        LEFT JOIN application ON application.id = system.application
        WHERE COALESCE(product.key, application.key) = ?1
    ) ORDER BY number
"""
_FOOTINGS = """
    SELECT system_detection.system AS system, product.key AS product,
           product.name || ' is used' AS why
    FROM system_detection
    JOIN detection ON detection.id = system_detection.detection AND detection.creates_system
    JOIN product ON product.id = detection.product
    WHERE EXISTS (SELECT 1 FROM tally WHERE tally.detection = detection.id)
    UNION
    SELECT system, product, name || ' is a component' FROM component_detail
    WHERE system IS NOT NULL AND is_built
    UNION
    SELECT system, speaks_to, value || ' speaks to ' || speaks_to FROM component_detail
    WHERE system IS NOT NULL AND is_built AND speaks_to <> ''
    ORDER BY 1, 2, 3
"""
_OF_PRODUCT = """
    SELECT detection.id AS number FROM detection
    JOIN product ON product.id = detection.product WHERE product.key = ?1 ORDER BY number
"""
