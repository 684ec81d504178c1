"""What is known of every system, read in one pass over each table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from scanner.model import (
    Action,
    Channel,
    Claimed,
    Consent,
    EvidenceKind,
    Hinted,
    Identifier,
    Kept,
    Level,
    Part,
    Reached,
    Seats,
    Seen,
    Spent,
    Switched,
    SystemFacts,
    SystemKind,
    Way,
)
from scanner.store.database import Connection, time

_Row = dict[str, Any]
# Looked up some thousand times for one listing: calling the class takes five times as long.
_OF_IDENTIFIER = {one.value: one for one in Identifier}
_OF_KIND = {one.value: one for one in EvidenceKind}
_OF_CHANNEL = {one.value: one for one in Channel}
_OF_ACTION = {one.value: one for one in Action}
_OF_LEVEL = {one.value: one for one in Level}
_Rows = defaultdict[str, list[Any]]
_FEW = 100


class FactReader(Connection):
    """The read side for rules, owners, scope and changes."""

    def facts(self, ids: Iterable[str] | None = None, is_summed: bool = False) -> list[SystemFacts]:
        """Return what is known of every system, or of some, by name and id.

        ``is_summed`` adds up ``seen`` over all sources, each of which may be one of a thousand logs;
        the source that it names is then one of them.
        """
        wanted = None if ids is None else frozenset(ids)
        return self._read_facts(wanted, _SEEN_SUMMED if is_summed else _SEEN)

    def facts_alike(self, channels: Iterable[Channel]) -> list[SystemFacts]:
        """Return what is known of every system; ``seen`` is told apart as far as rules can.

        What was seen through one of ``channels`` is one row for all sources where its level is the
        same, and whether bytes were sent: it has the id of one of these, sums of events and bytes,
        the most people and days of any, and the first and the last time of all.
        """
        named = ", ".join(f"'{one.value}'" for one in sorted(channels))
        return self._read_facts(None, _SEEN_ALIKE.format(named))

    def _read_facts(self, wanted: frozenset[str] | None, seen: str) -> list[SystemFacts]:
        systems = [row for row in self._all(_SYSTEMS) if wanted is None or row["id"] in wanted]
        tables = {
            name: self._by_system(sql, wanted, _MADE.get(name, _Row))
            for name, sql in {**_TABLES, "seen": seen}.items()
        }
        return [_facts(row, tables) for row in systems]

    def system_names(self) -> dict[str, str]:
        """Return the name of every system by its id, without looking at its evidence."""
        return {row["id"]: row["name"] for row in self._all(_SYSTEMS)}

    def _by_system(
        self, sql: str, wanted: frozenset[str] | None, make: Callable[[_Row], Any]
    ) -> _Rows:
        """Return what is made of each row, by system; no row is kept beside it."""
        found: _Rows = defaultdict(list)
        if wanted is not None and len(wanted) <= _FEW:  # each is found without reading the others
            of_one = f"SELECT * FROM ({sql}) WHERE system = ?"
            for one in wanted:
                found[one] = [make(row) for row in self._each(of_one, one)]
            return found
        for row in self._each(sql):
            found[row["system"]].append(make(row))
        return found


def _facts(row: dict[str, Any], tables: dict[str, _Rows]) -> SystemFacts:
    def of(name: str) -> list[Any]:
        return tables[name].get(row["id"], [])

    return SystemFacts(
        id=row["id"],
        name=row["name"],
        kind=SystemKind(row["kind"]),
        product=row["key"],
        suppliers={one["supplier_id"]: one["supplier"] for one in of("suppliers")},
        category=row["category"],
        ai_nature=row["ai_nature"],
        first_scan=row["first_scan"],
        seen=tuple(of("seen")),
        reached=tuple(of("reached")),
        parts=tuple(of("parts")),
        hints=tuple(Hinted(**_without(one)) for one in of("hints")),
        seats=tuple(Seats(**_without(one)) for one in of("seats")),
        kept=tuple(Kept(**_without(one)) for one in of("kept")),
        switched=tuple(
            Switched(one["name"], one["unit"], bool(one["is_on"]), one["source"])
            for one in of("switched")
        ),
        spent=tuple(Spent(**_without(one)) for one in of("spent")),
        owners=tuple(Claimed(**_without(one)) for one in of("owners")),
        units={one["unit"]: one["people"] for one in of("units")},
        counts={one["what"]: one["number"] for one in of("counts")},
        people=next((one["people"] for one in of("people")), 0),
        is_registered=bool(of("registered")),
    )


def _without(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "system"}


def _seen(row: dict[str, Any]) -> Seen:
    return Seen(
        id=f"e{row['source_id']}.{row['detection']}.{row['channel']}.{row['action']}",
        source=row["source"],
        detection=row["detection"],
        identifier=_OF_IDENTIFIER[row["identifier"]],
        kind=_OF_KIND[row["kind"]],
        channel=_OF_CHANNEL[row["channel"]],
        action=_OF_ACTION[row["action"]],
        level=_OF_LEVEL[row["level"]],
        events=row["events"],
        actors=row["actors"],
        days=row["days"],
        bytes_up=row["bytes_up"],
        first=time(row["first"]),
        last=time(row["last"]),
        confidence=row["confidence"],
    )


def _reached(row: dict[str, Any]) -> Reached:
    return Reached(
        id=f"g{row['source_id']}.{row['app']}.{row['scope']}",
        area=row["area"],
        can_write=None if row["can_write"] is None else bool(row["can_write"]),
        is_wide=bool(row["is_wide"]),
        way=Way(row["way"]),
        consent=Consent(row["consent"]),
        scope=row["scope"],
        people=row["people"],
        is_for_all=bool(row["is_for_all"]),
        source=row["source"],
    )


def _part(row: dict[str, Any]) -> Part:
    return Part(
        id=f"c{row['source_id']}.{row['file']}:{row['line']}",
        product=row["product"],
        supplier_id=row["supplier_id"],
        supplier=row["supplier"],
        category=row["category"],
        kind=_OF_KIND[row["kind"]],
        channel=_OF_IDENTIFIER[row["channel"]],
        value=row["value"],
        version=row["version"],
        tie=row["tie"],
        purpose=row["purpose"],
        is_direct=None if row["is_direct"] is None else bool(row["is_direct"]),
        is_shipped=bool(row["is_shipped"]),
        speaks_to=row["speaks_to"],
        file=row["file"],
        line=row["line"],
        source=row["source"],
    )


_MADE: Mapping[str, Callable[[_Row], Any]] = {"seen": _seen, "reached": _reached, "parts": _part}
_OF_SYSTEM = (
    "JOIN system_detection ON system_detection.detection = {0}.detection "
    "JOIN source ON source.id = {0}.source "
)
_SYSTEMS = """
    SELECT identity.id AS id,
           CASE WHEN identity.name <> '' THEN identity.name
                ELSE COALESCE(product.name, application.name) END AS name,
           place.kind AS kind, COALESCE(product.key, application.key) AS key,
           COALESCE(product.category, 'application') AS category,
           COALESCE(product.ai_nature, 'pure') AS ai_nature, identity.first_scan AS first_scan
    FROM identity
    JOIN system AS place ON place.id = identity.place
    LEFT JOIN product ON product.id = place.product
    LEFT JOIN application ON application.id = place.application
    ORDER BY name COLLATE NOCASE, identity.id
"""
_TABLES = {
    "suppliers": "SELECT system, supplier_id, supplier FROM system_supplier "
    "ORDER BY system, supplier_id",
    "people": "SELECT system, users AS people FROM summary WHERE users > 0",
    "reached": "SELECT system_detection.system AS system, source.id AS source_id, source.name AS source, "
    "access.app, access.area, access.can_write, access.is_wide, access.way, access.consent, "
    "access.scope, access.people, access.is_for_all FROM access "
    + _OF_SYSTEM.format("access")
    + "ORDER BY system_detection.system, access.area, access.scope, access.app, source.name",
    "parts": "SELECT component_detail.* FROM component_detail WHERE system IS NOT NULL "
    "ORDER BY system, supplier COLLATE NOCASE, product, file, line, value",
    "hints": "SELECT system_application.system AS system, application_hint.kind, application_hint.label, "
    "application_hint.file, application_hint.line FROM application_hint "
    "JOIN system_application "
    "ON system_application.application = application_hint.application "
    "ORDER BY system_application.system, application_hint.kind, application_hint.label",
    "seats": "SELECT system_detection.system AS system, seat_plan.plan, seat_plan.bought, seat_plan.assigned, "
    "seat_plan.never_used, source.name AS source FROM seat_plan "
    + _OF_SYSTEM.format("seat_plan")
    + "ORDER BY system_detection.system, seat_plan.plan, source.name",
    "kept": "SELECT system_detection.system AS system, asset.kind, asset.name, asset.detail, asset.owner, "
    "source.name AS source FROM asset "
    + _OF_SYSTEM.format("asset")
    + "ORDER BY system_detection.system, asset.kind, asset.name, asset.key",
    "switched": "SELECT system_detection.system AS system, service_setting.name, service_setting.unit, "
    "service_setting.is_on, source.name AS source FROM service_setting "
    + _OF_SYSTEM.format("service_setting")
    + "ORDER BY system_detection.system, service_setting.name, service_setting.unit",
    "spent": "SELECT system_detection.system AS system, spend.month, spend.currency, spend.amount, "
    "spend.people, source.name AS source FROM spend "
    + _OF_SYSTEM.format("spend")
    + "ORDER BY system_detection.system, spend.month, spend.currency, source.name",
    "owners": "SELECT system, owner, reason, confidence, source, is_here FROM owner_candidate "
    "ORDER BY system, confidence DESC, owner, reason, source",
    "units": "SELECT system_detection.system AS system, unit_of_actor.unit, "
    "COUNT(DISTINCT unit_of_actor.actor) AS people FROM unit_of_actor "
    "CROSS JOIN met ON met.actor = unit_of_actor.actor "
    "JOIN detection ON detection.id = met.detection AND detection.creates_system "
    "JOIN system_detection ON system_detection.detection = met.detection "
    "GROUP BY system_detection.system, unit_of_actor.unit "
    "ORDER BY system_detection.system, people DESC, unit_of_actor.unit",
    "counts": "SELECT system_detection.system AS system, counted.what, MAX(counted.number) AS number FROM counted "
    + _OF_SYSTEM.format("counted")
    + "GROUP BY system_detection.system, counted.what ORDER BY system_detection.system, counted.what",
    "registered": "SELECT DISTINCT system_detection.system AS system FROM register_entry "
    + _OF_SYSTEM.format("register_entry"),
}
_SEEN_OF = """
    SELECT system_detection.system AS system, source.id AS source_id, source.name AS source,
           detection.key AS detection, detection.identifier AS identifier, detection.kind AS kind,
           detection.confidence AS confidence, tally.channel AS channel, tally.action AS action,
           tally.level AS level, tally.events AS events, tally.people AS actors,
           tally.days AS days, tally.bytes_up AS bytes_up, tally.first AS first, tally.last AS last
    FROM {0}
    JOIN detection ON detection.id = tally.detection AND detection.creates_system
    JOIN system_detection ON system_detection.detection = tally.detection
    JOIN source ON source.id = tally.source
    ORDER BY system_detection.system, source.name, detection.key, tally.channel, tally.action,
             source.id
"""
_SEEN = _SEEN_OF.format("tally")
_SEEN_ALIKE = _SEEN_OF.format(
    """(
        SELECT detection, MIN(source) AS source, channel, action, level, SUM(events) AS events,
               MAX(people) AS people, MAX(days) AS days, SUM(bytes_up) AS bytes_up,
               MIN(first) AS first, MAX(last) AS last
        FROM tally WHERE channel IN ({0})
        GROUP BY detection, channel, action, level, bytes_up > 0
        UNION ALL
        SELECT detection, source, channel, action, level, events, people, days, bytes_up,
               first, last
        FROM tally WHERE channel NOT IN ({0})
    ) AS tally"""
)
_SEEN_SUMMED = """
    SELECT system_detection.system AS system, source.id AS source_id, source.name AS source,
           detection.key AS detection, detection.identifier AS identifier, detection.kind AS kind,
           detection.confidence AS confidence, sight.channel AS channel, sight.action AS action,
           sight.level AS level, sight.events AS events, sight.people AS actors,
           sight.days AS days, sight.bytes_up AS bytes_up, sight.first AS first, sight.last AS last
    FROM sight
    JOIN detection ON detection.id = sight.detection AND detection.creates_system
    JOIN system_detection ON system_detection.detection = sight.detection
    JOIN source ON source.id = sight.source
    ORDER BY system_detection.system, detection.key, sight.channel, sight.action
"""
