"""What accounts list of AI, read from the database: by system."""

from __future__ import annotations

import json
from typing import Any

from scanner.store.database import time
from scanner.store.identity_reads import IdentityReader


class AccountReader(IdentityReader):
    """The read side of what accounts say."""

    def apps_of(self, system: str) -> list[dict[str, Any]]:
        """Return the applications of a system that accounts list."""
        rows = self._all(
            "SELECT source, name, idp, client_id, publisher, kind, is_enabled, is_own, "
            "is_wanted_only, created FROM app_detail WHERE detection_id IN (SELECT value FROM json_each(?)) ORDER BY source, name, app",
            self._detections_of(system),
        )
        return [{**row, "created": time(row["created"])} for row in rows]

    def access_of(self, system: str) -> list[dict[str, Any]]:
        """Return what applications of a system may reach, the widest first."""
        rows = self._all(
            "SELECT area, can_write, is_wide, way, consent, scope, resource, rationale, people, "
            "is_for_all, first, last, app, source FROM access_detail WHERE detection_id IN (SELECT value FROM json_each(?)) "
            "ORDER BY is_wide DESC, can_write DESC, area, scope, source, app, way, consent",
            self._detections_of(system),
        )
        return [{**row, "first": time(row["first"]), "last": time(row["last"])} for row in rows]

    def plans_of(self, system: str) -> list[dict[str, Any]]:
        """Return the plans of a system: licences bought, handed out, and never used (None: unknown)."""
        return self._all(
            "SELECT plan, bought, assigned, never_used, source FROM plan_detail "
            "WHERE detection_id IN (SELECT value FROM json_each(?)) ORDER BY source, plan",
            self._detections_of(system),
        )

    def assets_of(self, system: str) -> list[dict[str, Any]]:
        """Return what people keep in a system: projects, keys, agents, models."""
        rows = self._all(
            "SELECT kind, name, asset, owner, created, last_used, detail, source FROM asset_detail "
            "WHERE detection_id IN (SELECT value FROM json_each(?)) ORDER BY kind, name, asset, source",
            self._detections_of(system),
        )
        return [
            {**row, "created": time(row["created"]), "last_used": time(row["last_used"])}
            for row in rows
        ]

    def settings_of(self, system: str) -> list[dict[str, Any]]:
        """Return whether a system is switched on, and for whom."""
        return self._all(
            "SELECT name, unit, is_on, source FROM setting_detail WHERE detection_id IN (SELECT value FROM json_each(?)) "
            "ORDER BY source, name, unit",
            self._detections_of(system),
        )

    def spends_of(self, system: str) -> list[dict[str, Any]]:
        """Return the money that went to a system, by month and currency."""
        rows = self._all(
            "SELECT month, currency, amount, lines, people, units, source FROM spend_detail "
            "WHERE detection_id IN (SELECT value FROM json_each(?)) ORDER BY month, currency, source",
            self._detections_of(system),
        )
        return [{**row, "units": json.loads(row["units"])} for row in rows]

    def counts_of(self, system: str) -> list[dict[str, Any]]:
        """Return what accounts count of a system without names: people, devices."""
        return self._all(
            "SELECT counted.what AS what, MAX(counted.number) AS number, source.name AS source "
            "FROM counted JOIN detection ON detection.id = counted.detection "
            "JOIN source ON source.id = counted.source "
            "WHERE detection.id IN (SELECT value FROM json_each(?)) "
            "GROUP BY counted.what, source.name ORDER BY number DESC, what, source",
            self._detections_of(system),
        )

    def units_of(self, system: str) -> list[dict[str, Any]]:
        """Return the units of the people whom a system's evidence is about, the largest first."""
        return self._all(
            "SELECT unit_of_actor.unit AS unit, COUNT(DISTINCT met.actor) AS people FROM met "
            "JOIN detection ON detection.id = met.detection AND detection.creates_system "
            "JOIN unit_of_actor ON unit_of_actor.actor = met.actor "
            "WHERE met.detection IN (SELECT value FROM json_each(?)) "
            "GROUP BY unit_of_actor.unit ORDER BY people DESC, unit",
            self._detections_of(system),
        )

    def owner_candidates_of(self, system: str) -> list[dict[str, Any]]:
        """Return who may own a system, the likeliest first."""
        return self._all(
            "SELECT owner, reason, MAX(confidence) AS confidence FROM owner_candidate "
            "WHERE system = ? GROUP BY owner, reason ORDER BY confidence DESC, owner, reason",
            system,
        )
