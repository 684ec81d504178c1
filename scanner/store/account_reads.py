"""What accounts list of AI, read from the database: by product."""

from __future__ import annotations

import json
from typing import Any

from scanner.store.database import Connection, time


class AccountReader(Connection):
    """The read side of what accounts say."""

    def apps_of(self, product: str) -> list[dict[str, Any]]:
        """Return the applications of a product that accounts list."""
        rows = self._all(
            "SELECT source, name, idp, client_id, publisher, kind, is_enabled, is_own, "
            "is_wanted_only, created FROM app_detail WHERE product = ? ORDER BY source, name, app",
            product,
        )
        return [{**row, "created": time(row["created"])} for row in rows]

    def access_of(self, product: str) -> list[dict[str, Any]]:
        """Return what applications of a product may reach, the widest first."""
        rows = self._all(
            "SELECT area, can_write, is_wide, way, consent, scope, resource, rationale, people, "
            "is_for_all, first, last, app, source FROM access_detail WHERE product = ? "
            "ORDER BY is_wide DESC, can_write DESC, area, scope, source, app, way, consent",
            product,
        )
        return [{**row, "first": time(row["first"]), "last": time(row["last"])} for row in rows]

    def plans_of(self, product: str) -> list[dict[str, Any]]:
        """Return the plans of a product: licences bought, handed out, and never used (None: unknown)."""
        return self._all(
            "SELECT plan, bought, assigned, never_used, source FROM plan_detail "
            "WHERE product = ? ORDER BY source, plan",
            product,
        )

    def assets_of(self, product: str) -> list[dict[str, Any]]:
        """Return what people keep in a product: projects, keys, agents, models."""
        rows = self._all(
            "SELECT kind, name, asset, owner, created, last_used, detail, source FROM asset_detail "
            "WHERE product = ? ORDER BY kind, name, asset, source",
            product,
        )
        return [
            {**row, "created": time(row["created"]), "last_used": time(row["last_used"])}
            for row in rows
        ]

    def settings_of(self, product: str) -> list[dict[str, Any]]:
        """Return whether a product is switched on, and for whom."""
        return self._all(
            "SELECT name, unit, is_on, source FROM setting_detail WHERE product = ? "
            "ORDER BY source, name, unit",
            product,
        )

    def spends_of(self, product: str) -> list[dict[str, Any]]:
        """Return the money that went to a product, by month and currency."""
        rows = self._all(
            "SELECT month, currency, amount, lines, people, units, source FROM spend_detail "
            "WHERE product = ? ORDER BY month, currency, source",
            product,
        )
        return [{**row, "units": json.loads(row["units"])} for row in rows]

    def counts_of(self, product: str) -> list[dict[str, Any]]:
        """Return what accounts count of a product without names: people, devices."""
        return self._all(
            "SELECT counted.what AS what, MAX(counted.number) AS number, source.name AS source "
            "FROM counted JOIN detection ON detection.id = counted.detection "
            "JOIN product ON product.id = detection.product "
            "JOIN source ON source.id = counted.source WHERE product.key = ? "
            "GROUP BY counted.what, source.name ORDER BY number DESC, what, source",
            product,
        )

    def units_of(self, product: str) -> list[dict[str, Any]]:
        """Return the units of the people whom a product's evidence is about, the largest first."""
        return self._all(
            "SELECT actor_unit.unit AS unit, COUNT(DISTINCT actor_unit.actor) AS people "
            "FROM actor_unit JOIN evidence_detail ON evidence_detail.actor_id = actor_unit.actor "
            "WHERE evidence_detail.product = ? AND evidence_detail.creates_system "
            "GROUP BY actor_unit.unit ORDER BY people DESC, unit",
            product,
        )

    def owner_candidates_of(self, system: str) -> list[dict[str, Any]]:
        """Return who may own a system, the likeliest first."""
        return self._all(
            "SELECT owner, reason, MAX(confidence) AS confidence FROM owner_candidate "
            "WHERE system = ? GROUP BY owner, reason ORDER BY confidence DESC, owner, reason",
            system,
        )
