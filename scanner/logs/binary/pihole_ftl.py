"""Pi-hole's long-term database, pihole-FTL.db: the queries of every version of its schema.

    {"id":7,"time":1795226310.136,"type":"A","status":"FORWARDED","domain":"api.openai.com","client":{"ip":"10.0.0.7","name":"laptop.lan"},"reply":{"type":"IP"}}

Records have the shape that Pi-hole's own API gives them. Up to version 9 the queries are a table
of text; since then a table of numbers that stand for text in others, with text in the rows that
are older than the upgrade. A client has the name it had then, or else the one it has now.
Reference: https://docs.pi-hole.net/database/query-database/
"""

from __future__ import annotations

import math
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path

import msgspec

from scanner.errors import SourceError
from scanner.logs.binary import Binary

_MAGIC = b"SQLite format 3\0"
_NOT_PIHOLES = (
    "a SQLite database, but not Pi-hole's query database (pihole-FTL.db); of SQLite databases "
    "only that one is read"
)
# FTL counts types and states by itself. https://github.com/pi-hole/FTL/blob/master/src/enums.h
_TYPES = [
    "A",
    "AAAA",
    "ANY",
    "SRV",
    "SOA",
    "PTR",
    "TXT",
    "NAPTR",
    "MX",
    "DS",
    "RRSIG",
    "DNSKEY",
    "NS",
    "OTHER",
    "SVCB",
    "HTTPS",
]  # from 1; from 100 on, 100 and the number that the type has everywhere
_OWN_TYPE = 100
_STATES = [
    "UNKNOWN",
    "GRAVITY",
    "FORWARDED",
    "CACHE",
    "REGEX",
    "DENYLIST",
    "EXTERNAL_BLOCKED_IP",
    "EXTERNAL_BLOCKED_NULL",
    "EXTERNAL_BLOCKED_NXRA",
    "GRAVITY_CNAME",
    "REGEX_CNAME",
    "DENYLIST_CNAME",
    "RETRIED",
    "RETRIED_DNSSEC",
    "IN_PROGRESS",
    "DBBUSY",
    "SPECIAL_DOMAIN",
    "CACHE_STALE",
    "EXTERNAL_BLOCKED_EDE15",
]
_REPLIES = [
    "UNKNOWN",
    "NODATA",
    "NXDOMAIN",
    "CNAME",
    "IP",
    "DOMAIN",
    "RRNAME",
    "SERVFAIL",
    "REFUSED",
    "NOTIMP",
    "OTHER",
    "DNSSEC",
    "NONE",
    "BLOB",
]

_Row = tuple[object, ...]
_NameOf = Callable[[object], object]

_COLUMNS = ("id", "timestamp", "type", "status", "domain", "client")
_LINKED = (
    "SELECT id, timestamp, type, status, "
    "CASE typeof(domain) WHEN 'integer' THEN (SELECT d.domain FROM domain_by_id d WHERE d.id = q.domain) ELSE domain END, "
    "CASE typeof(client) WHEN 'integer' THEN (SELECT c.ip FROM client_by_id c WHERE c.id = q.client) ELSE client END, "
    "(SELECT c.name FROM client_by_id c WHERE c.id = q.client), "
    "{reply} FROM query_storage q WHERE id > ? ORDER BY id"
)
_PLAIN = (
    "SELECT id, timestamp, type, status, domain, client, NULL, {reply} FROM queries "
    "WHERE id > ? ORDER BY id"
)
# Behind a damaged page the search for the next whole one goes on by ever longer steps.
_FIRST_STEP, _LONGER = 16, 4
_LAST_ID = 1 << 62


def is_it(head: bytes) -> bool:
    """Whether a file begins as SQLite databases do; whose it is, its tables tell."""
    return head.startswith(_MAGIC)


def records(path: Path) -> Iterator[bytes]:
    """Yield the queries in the order of their ids."""
    encode = msgspec.json.Encoder().encode
    try:
        with _opened(path) as database:
            query = _query_of(database)
            name_of = _names(database)
            for row in _rows(database, query):
                shown = {"damaged": row} if isinstance(row, str) else _record(row, name_of)
                yield encode(shown)
    except sqlite3.Error as error:
        raise SourceError(f"the SQLite database cannot be read: {error}") from error
    except OSError as error:
        raise SourceError(f"cannot be opened: {error.strerror or error}") from error


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database without writing to it or beside it: one with a write-ahead log, as a copy."""
    log = path.with_name(path.name + "-wal")
    if not (log.is_file() and log.stat().st_size):
        with closing(_connected(path, "mode=ro&immutable=1")) as database:
            yield database
        return
    with tempfile.TemporaryDirectory(prefix="gnomon-") as folder:
        copy = Path(folder, path.name)
        shutil.copyfile(path, copy)
        shutil.copyfile(log, copy.with_name(log.name))
        with closing(_connected(copy, "mode=rw")) as database:
            yield database


def _connected(path: Path, mode: str) -> sqlite3.Connection:
    database = sqlite3.connect(f"{path.resolve().as_uri()}?{mode}", uri=True)
    database.execute("PRAGMA trusted_schema = OFF")
    database.text_factory = lambda raw: raw.decode("utf-8", "backslashreplace")
    return database


def _query_of(database: sqlite3.Connection) -> str:
    """Return the question to ask of a version of the schema. Views are not trusted, only tables."""
    tables = {
        name
        for name, sql in database.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
        )
        if isinstance(sql, str) and not sql.upper().startswith("CREATE VIRTUAL")
    }
    if "ftl" in tables:
        for table, query, others in (
            ("query_storage", _LINKED, {"domain_by_id", "client_by_id"}),
            ("queries", _PLAIN, set[str]()),
        ):
            columns = _columns(database, table) if table in tables else set()
            if columns.issuperset(_COLUMNS) and others <= tables:
                return query.format(reply="reply_type" if "reply_type" in columns else "NULL")
    raise SourceError(_NOT_PIHOLES)


def _columns(database: sqlite3.Connection, table: str) -> set[str]:
    return {name for (name,) in database.execute("SELECT name FROM pragma_table_info(?)", (table,))}


def _rows(database: sqlite3.Connection, query: str) -> Iterator[_Row | str]:
    """Yield the rows, and for each damaged place that is passed over what SQLite says of it."""
    last, step, is_damaged = -1, _FIRST_STEP, False
    while last < _LAST_ID:
        try:
            for row in database.execute(query, (last,)):
                if not isinstance(row[0], int) or row[0] <= last:
                    yield "rows that are not in the order of their numbers; the rest is not read"
                    return
                last, step, is_damaged = row[0], _FIRST_STEP, False
                yield row
            return
        except sqlite3.DatabaseError as error:
            if not is_damaged:
                yield f"a part of the database cannot be read: {error}"
            last, step, is_damaged = last + step, step * _LONGER, True


def _names(database: sqlite3.Connection) -> _NameOf:
    """Return what finds the name that an address has now; by version it stands elsewhere."""
    addresses = _columns(database, "network_addresses")
    devices = _columns(database, "network")
    if {"ip", "name"} <= addresses:
        query = "SELECT name FROM network_addresses WHERE ip = ?"
    elif {"ip", "network_id"} <= addresses and {"id", "name"} <= devices:
        query = (
            "SELECT n.name FROM network_addresses a JOIN network n ON n.id = a.network_id "
            "WHERE a.ip = ? ORDER BY a.lastSeen DESC"
        )
    elif {"ip", "name"} <= devices:
        query = "SELECT name FROM network WHERE ip = ? ORDER BY lastQuery DESC"
    else:
        return lambda _: None

    @lru_cache(maxsize=4096)
    def name_of(address: object) -> object:
        try:
            found = database.execute(query + " LIMIT 1", (address,)).fetchone()
        except sqlite3.DatabaseError:  # the names alone are damaged
            return None
        return found[0] if found else None

    return name_of


def _record(row: _Row, name_of: _NameOf) -> dict[str, object]:
    number, time, kind, status, domain, client, name, reply = row
    address = _text(client)
    return {
        "id": number,
        "time": time if isinstance(time, int | float) and math.isfinite(time) else None,
        "type": _type(kind),
        "status": _word(_STATES, status),
        "domain": _text(domain),
        "client": {"ip": address, "name": _text(name) or _text(name_of(address))},
        "reply": {"type": _word(_REPLIES, reply)},
    }


def _type(kind: object) -> str | None:
    if isinstance(kind, int) and kind >= _OWN_TYPE:
        return f"TYPE{kind - _OWN_TYPE}"
    return _word(["", *_TYPES], kind) or None


def _word(words: list[str], number: object) -> str | None:
    """Return what a number stands for; itself, as text, if it is newer than the list."""
    if not isinstance(number, int):
        return None
    return words[number] if 0 <= number < len(words) else str(number)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


BINARY = Binary(
    name="pihole-ftl",
    title="Pi-hole long-term database (pihole-FTL.db)",
    is_it=is_it,
    records=records,
    reference="https://docs.pi-hole.net/database/query-database/",
)
