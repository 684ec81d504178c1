"""What the views are, in words, and what is often asked of them: for docs/database.md and Datasette."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class View(NamedTuple):
    """A view: what a row of it is, what is told by what (facets), and what columns hold."""

    row: str
    facets: tuple[str, ...] = ()
    columns: Mapping[str, str] = {}


class Asked(NamedTuple):
    """A question with the query that answers it. ``:name`` in it is filled in by who asks."""

    name: str
    title: str
    sql: str
    note: str = ""


_TIME = "microseconds since 1970, UTC"
VIEWS: Mapping[str, View] = {
    "access_detail": View(
        "A scope that an application of an AI product may use in an account, and of how many people.",
        ("area", "consent", "is_wide", "product_name"),
        {
            "area": "what the scope opens, such as mail or files",
            "can_write": "whether it changes data too; empty if nobody knows",
            "is_wide": "whether it opens everybody's data, and not only of those who use it",
            "is_for_all": "whether everybody agreed, by an administrator's consent",
            "people": "how many people agreed to it",
        },
    ),
    "app_detail": View(
        "An application in an account that belongs to an AI product.",
        ("idp", "kind", "is_enabled", "product_name"),
        {"is_own": "whether the organisation made it", "created": _TIME},
    ),
    "asset_detail": View(
        "Something that is kept in an AI service: a key, a project, an assistant.",
        ("kind", "product_name"),
        {"created": _TIME, "last_used": _TIME},
    ),
    "candidate_sign": View(
        "A sign that something that no signature names may be AI.",
        ("signal", "shape", "channel"),
        {
            "confidence": "how often such a sign is right, of 100",
            "records": "how often it was seen",
        },
    ),
    "component_detail": View(
        "A component of an application of the organisation's own, where its code names it.",
        ("supplier", "category", "tie", "is_shipped"),
        {
            "file": "where it stands",
            "line": "where it stands",
            "via": "what brought it in, as JSON",
        },
    ),
    "evidence_detail": View(
        "What one source shows of one detection, actor and day: the ground of everything else.",
        ("channel", "action", "level", "kind"),
        {
            "day": "days since 1970; empty where the record has no time",
            "level": "0 listed, 1 attempt, 2 resolved, 3 connected, 4 used",
            "actor": "a code for a person or an address, unless people are stored in clear",
            "line": "the first line in the source that shows it",
        },
    ),
    "inventory": View(
        "An AI system: one row, whatever the sources.",
        ("status", "kind", "category", "supplier", "level"),
        {
            "status": "the newest decision in the database; one that has run out still stands here",
            "level": "how far its use got: 0 listed to 4 used; empty of what is built",
            "first_seen": _TIME,
            "last_seen": _TIME,
            "blocked": "events that were blocked",
            "users": "people and addresses that could be told apart",
        },
    ),
    "latest_decision": View(
        "The newest decision on each system, supplier or candidate.",
        ("verdict", "by"),
        {"at": _TIME, "review_due": _TIME, "hash": "of it and of all decisions before it"},
    ),
    "owner_candidate": View(
        "Who may own a system, by one source; nobody has confirmed that.",
        ("source",),
        {"confidence": "0 to 1", "is_here": "whether that source says that they work here still"},
    ),
    "plan_detail": View(
        "The licences of a plan of an AI product, by one source.",
        ("product_name", "plan"),
        {"never_used": "seats that nobody has used"},
    ),
    "question": View(
        "Software that may hold AI and was seen: no AI system, and a question.",
        ("ai_nature", "supplier"),
        {"last_seen": _TIME},
    ),
    "setting_detail": View(
        "An AI feature of a service that is switched on or off.",
        ("product_name", "is_on"),
    ),
    "spend_detail": View(
        "What was paid for an AI product in a month, by one source.",
        ("product_name", "currency", "month"),
        {"lines": "of a statement or an expense list"},
    ),
    "system_supplier": View(
        "A supplier that a system comes from, or that one of its components comes from.",
        ("supplier", "supplier_country"),
    ),
    "unit_of_actor": View(
        "The unit that a person or an address belongs to, by a source.", ("unit",)
    ),
}

_DAY = "date({} / 1000000, 'unixepoch')"
_SEEN = f"{_DAY.format('first_seen')} AS first_seen, {_DAY.format('last_seen')} AS last_seen"
_LEVEL = (
    "CASE level WHEN 4 THEN 'used' WHEN 3 THEN 'connected' WHEN 2 THEN 'looked up' "
    "WHEN 1 THEN 'tried' WHEN 0 THEN 'known to an account' ELSE 'built' END AS how_far"
)

ASKED: tuple[Asked, ...] = (
    Asked(
        "undecided",
        "Which AI do people use that nobody has decided on?",
        f"""SELECT name, supplier, category, kind, users, {_LEVEL}, {_SEEN}
FROM inventory WHERE status IN ('new', 'in_review')
ORDER BY level DESC, users DESC, name""",
        "A decision that has run out is not here; `gnomon review list` knows those too.",
    ),
    Asked(
        "new",
        "What is new since a day?",
        f"""SELECT inventory.name, supplier, category, users, {_LEVEL}, {_SEEN},
       {_DAY.format("scan.started")} AS found_on
FROM inventory JOIN scan ON scan.id = inventory.first_scan
WHERE :since = '' OR {_DAY.format("scan.started")} >= :since
ORDER BY scan.started DESC, inventory.name""",
        "Fill in a day such as 2026-11-01.",
    ),
    Asked(
        "sent",
        "Where did most of our data go?",
        f"""SELECT name, supplier, supplier_country, ROUND(bytes_up / 1e6, 1) AS megabytes_sent,
       users, status, {_SEEN}
FROM inventory WHERE bytes_up > 0 ORDER BY bytes_up DESC, name""",
        "Bytes are known only where the logs count them.",
    ),
    Asked(
        "reach",
        "Which AI may read mail, files or everybody's data?",
        """SELECT product_name, area, MAX(can_write) AS can_change, MAX(is_wide) AS everybodys,
       MAX(people) AS people, GROUP_CONCAT(DISTINCT scope) AS scopes
FROM access_detail WHERE area IN ('mail', 'files', 'sites', 'chat', 'calendar', 'contacts',
     'meetings', 'directory', 'admin') OR is_wide
GROUP BY product_name, area ORDER BY everybodys DESC, can_change DESC, product_name, area""",
    ),
    Asked(
        "rejected",
        "What is used although it was rejected?",
        f"""SELECT inventory.name, supplier, latest_decision.by AS rejected_by,
       {_DAY.format("latest_decision.at")} AS rejected_on,
       {_DAY.format("inventory.last_seen")} AS last_seen, inventory.users, blocked, events
FROM inventory JOIN latest_decision ON latest_decision.subject = inventory.id
WHERE verdict = 'rejected' AND inventory.last_seen > latest_decision.at
      AND events > blocked
ORDER BY inventory.last_seen DESC, inventory.name""",
        "What was seen since may have been blocked in part; evidence_detail tells each act.",
    ),
    Asked(
        "units",
        "Which units use what?",
        """SELECT unit_of_actor.unit, inventory.name, COUNT(DISTINCT met.actor) AS people
FROM unit_of_actor JOIN met ON met.actor = unit_of_actor.actor
JOIN system_detection ON system_detection.detection = met.detection
JOIN inventory ON inventory.id = system_detection.system
WHERE met.level >= 3 GROUP BY unit_of_actor.unit, inventory.id
ORDER BY unit_of_actor.unit, people DESC, inventory.name""",
    ),
    Asked(
        "suppliers",
        "On which suppliers do we depend, and in which countries are they?",
        """SELECT supplier, supplier_country AS country, COUNT(DISTINCT system) AS systems,
       ROUND(100.0 * COUNT(DISTINCT system) / (SELECT COUNT(*) FROM inventory), 1) AS percent
FROM system_supplier GROUP BY supplier_id ORDER BY systems DESC, supplier""",
        "Directly; `gnomon suppliers list` counts what rests on them through others too.",
    ),
    Asked(
        "money",
        "What do we pay, and for which seats that nobody uses?",
        """SELECT product_name, '' AS plan, currency, ROUND(SUM(amount), 2) AS paid,
       MIN(month) || ' to ' || MAX(month) AS months, NULL AS assigned, NULL AS never_used
FROM spend_detail GROUP BY product_name, currency
UNION ALL
SELECT product_name, plan, '', NULL, '', MAX(assigned), MAX(never_used)
FROM plan_detail GROUP BY product_name, plan
ORDER BY 1, 2, 3""",
    ),
    Asked(
        "built",
        "Which applications of our own hold AI, from whom, and where in the code?",
        """SELECT inventory.name AS application, component_detail.name AS component,
       component_detail.supplier, value, version, is_shipped, file || ':' || line AS stands_in
FROM component_detail JOIN inventory ON inventory.id = component_detail.system
WHERE component_detail.is_built
ORDER BY inventory.name, component_detail.supplier, value, file, line""",
    ),
    Asked(
        "not_looked_at",
        "What was not read, or not whole?",
        """SELECT name, state, reason, format, read, rejected, scan
FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY name ORDER BY scan DESC, position) AS newest
      FROM scan_source WHERE state <> 'already_read')
WHERE newest = 1 AND (state NOT IN ('complete', 'empty') OR rejected > 0)
ORDER BY state, name""",
        "Nothing found is not the same as nothing looked at.",
    ),
)
