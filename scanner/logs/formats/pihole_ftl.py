"""Pi-hole's queries with their outcome, from its database or its API, as JSON lines.

    {"id":7,"time":1795226310.136,"type":"A","status":"FORWARDED","domain":"api.openai.com","client":{"ip":"10.0.0.7","name":"laptop.lan"},"reply":{"type":"IP"}}

The shape is that of the API (from documentation). A client is told by its name where Pi-hole
knows one. The privacy level may hide domains and clients.
Reference: https://docs.pi-hole.net/database/query-database/
"""

from __future__ import annotations

from typing import Any

import msgspec

from scanner.hosts import HostTable
from scanner.logs import OF_DNS, Format
from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.lines import Parsed, Refused, Skipped, by_json
from scanner.logs.values import text
from scanner.model import Action, Channel, Observation, Sighting

_BLOCKED = frozenset(
    {"GRAVITY", "REGEX", "DENYLIST", "BLACKLIST", "DBBUSY", "SPECIAL_DOMAIN"}
    | {"GRAVITY_CNAME", "REGEX_CNAME", "DENYLIST_CNAME", "BLACKLIST_CNAME"}
    | {f"EXTERNAL_BLOCKED_{how}" for how in ("IP", "NULL", "NXRA", "EDE15")}
)
_ALLOWED = frozenset(
    {"FORWARDED", "CACHE", "CACHE_STALE", "RETRIED", "RETRIED_DNSSEC", "IN_PROGRESS"}
)
_ACTION_OF_REPLY = {
    "NXDOMAIN": Action.NXDOMAIN,
    "SERVFAIL": Action.ERROR,
    "NOTIMP": Action.ERROR,
    "REFUSED": Action.BLOCKED,
}
# What FTL writes in place of what its privacy level hides, and as whom it asks for itself.
_HIDDEN_DOMAIN = "hidden"
_HIDDEN_CLIENT = "0.0.0.0"  # noqa: S104 - no address to listen on
_FTL_ITSELF = "::"


class _Record(msgspec.Struct, gc=False):
    time: Any = None
    type: Any = None
    status: Any = None
    domain: Any = None
    client: Any = None
    reply: Any = None


def parse(record: _Record, hosts: HostTable, clock: Clock) -> Parsed:
    """Return the query that a record shows."""
    if (
        not isinstance(record.domain, str)
        or not isinstance(record.status, str)
        or not isinstance(record.client, dict)
        or not isinstance(record.reply, dict)
        or not _is_status(record.status)
    ):
        return Refused("no query of Pi-hole: no domain, status, client and reply")
    if record.domain == _HIDDEN_DOMAIN:
        return Skipped("domain hidden by the privacy level")
    host = hosts[record.domain]
    if host is None:
        return ()
    if not host:
        return Skipped("record without a host")
    if record.client.get("ip") == _FTL_ITSELF:
        return Skipped("query of Pi-hole itself")
    when, quality = _time(record.time, clock)
    seen = Observation(
        channel=Channel.DNS,
        value=host,
        ts=when,
        kind=Sighting.DNS_QUERY,
        client=_client(record.client),
        action=_action(record.status, record.reply.get("type")),
        qtype=text(record.type),
        time_quality=quality,
    )
    return (seen,)


def _is_status(status: str) -> bool:
    """Whether a word is a state of FTL's; a number is one that is newer than the words."""
    plain = status.removeprefix("QUERY_")
    return plain == "UNKNOWN" or plain in _BLOCKED or plain in _ALLOWED or plain.isdigit()


def _time(value: object, clock: Clock) -> Time:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return clock.epoch(str(value)) if is_number else NO_TIME


def _client(client: dict[str, Any]) -> str | None:
    address = text(client.get("ip"))
    is_hidden = address in (None, _HIDDEN_CLIENT)
    return text(client.get("name")) if is_hidden else address


def _action(status: str, reply: object) -> Action:
    plain = status.removeprefix("QUERY_")
    if plain in _BLOCKED:
        return Action.BLOCKED
    if plain not in _ALLOWED:
        return Action.UNKNOWN
    return _ACTION_OF_REPLY.get(reply, Action.ALLOWED) if isinstance(reply, str) else Action.ALLOWED


FORMAT = Format(
    name="pihole-ftl",
    title="Pi-hole queries (pihole-FTL.db, API)",
    read=by_json(_Record, parse),
    specificity=65,
    proves=OF_DNS,
    reference="https://docs.pi-hole.net/database/query-database/",
    sample=(
        b'{"id":7,"time":1795226310.136,"type":"A","status":"FORWARDED","domain":"api.openai.com",'
        b'"client":{"ip":"10.0.0.7","name":"laptop.lan"},"reply":{"type":"IP"}}\n'
        b'{"id":8,"time":1795226312,"type":"HTTPS","status":"GRAVITY","domain":"chat.deepseek.com",'
        b'"client":{"ip":"10.0.0.8","name":null},"reply":{"type":null}}\n'
    ),
)
