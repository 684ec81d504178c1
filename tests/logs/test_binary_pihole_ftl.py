"""Pi-hole's database, as JSON lines."""

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.errors import SourceError
from scanner.logs.binary.pihole_ftl import BINARY
from scanner.logs.formats.pihole_ftl import FORMAT
from scanner.model import Action
from tests.support import read, within

_FTL = "CREATE TABLE ftl (id INTEGER PRIMARY KEY NOT NULL, value BLOB NOT NULL);"
_V3 = """
CREATE TABLE queries (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp INTEGER NOT NULL,
  type INTEGER NOT NULL, status INTEGER NOT NULL, domain TEXT NOT NULL, client TEXT NOT NULL,
  forward TEXT);
CREATE TABLE network (id INTEGER PRIMARY KEY NOT NULL, ip TEXT NOT NULL, hwaddr TEXT NOT NULL,
  name TEXT, lastQuery INTEGER NOT NULL);
"""
_V5 = _V3.replace("ip TEXT NOT NULL, hwaddr", "hwaddr") + (
    "CREATE TABLE network_addresses (network_id INTEGER NOT NULL, ip TEXT NOT NULL,"
    " lastSeen INTEGER NOT NULL, UNIQUE(network_id,ip));"
)
_V21 = """
CREATE TABLE query_storage (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp INTEGER NOT NULL,
  type INTEGER NOT NULL, status INTEGER NOT NULL, domain INTEGER NOT NULL,
  client INTEGER NOT NULL, forward INTEGER, additional_info INTEGER, reply_type INTEGER,
  reply_time REAL, dnssec INTEGER, list_id INTEGER, ede INTEGER);
CREATE TABLE domain_by_id (id INTEGER PRIMARY KEY, domain TEXT NOT NULL);
CREATE TABLE client_by_id (id INTEGER PRIMARY KEY, ip TEXT NOT NULL, name TEXT);
CREATE VIEW queries AS SELECT id FROM query_storage;
CREATE TABLE network (id INTEGER PRIMARY KEY NOT NULL, hwaddr TEXT NOT NULL);
CREATE TABLE network_addresses (network_id INTEGER NOT NULL, ip TEXT UNIQUE NOT NULL,
  lastSeen INTEGER NOT NULL, name TEXT);
INSERT INTO domain_by_id VALUES (1, 'api.openai.com'), (2, 'claude.ai');
INSERT INTO client_by_id VALUES (1, '10.0.0.7', 'laptop.lan'), (2, '10.0.0.8', NULL);
INSERT INTO network_addresses VALUES (1, '10.0.0.8', 0, 'tablet.lan'), (2, '10.0.0.7', 0, 'new');
"""
_STORE = (
    "INSERT INTO query_storage (id, timestamp, type, status, domain, client, reply_type)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_KEEP = "INSERT INTO queries VALUES (?, ?, ?, ?, ?, ?, NULL)"
_Row = tuple[object, ...]


def _database(path: Path, schema: str, insert: str = _KEEP, rows: Iterable[_Row] = ()) -> Path:
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(schema)
        for row in rows:
            database.execute(insert, row)
    return path


def _records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in BINARY.records(path)]


def _record(**changed: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "id": 1,
        "time": 1795226310,
        "type": "A",
        "status": "FORWARDED",
        "domain": "api.openai.com",
        "client": {"ip": "10.0.0.7", "name": None},
        "reply": {"type": None},
    }
    return {**usual, **changed}


def test_a_schema_of_text(tmp_path: Path) -> None:
    rows = [(1, 1795226310, 1, 2, "api.openai.com", "10.0.0.7")]
    path = _database(tmp_path / "db", _FTL + _V3, _KEEP, rows)
    assert _records(path) == [_record()]


@pytest.mark.parametrize("schema", [_V3, _V5])
def test_names_of_clients_in_older_schemas(schema: str, tmp_path: Path) -> None:
    rows = [(1, 1795226310, 1, 2, "api.openai.com", "10.0.0.7")]
    path = _database(tmp_path / "db", _FTL + schema, _KEEP, rows)
    with closing(sqlite3.connect(path)) as database, database:
        if schema == _V3:
            database.execute("INSERT INTO network VALUES (4, '10.0.0.7', 'x', 'laptop.lan', 1)")
        else:
            database.execute("INSERT INTO network VALUES (4, 'x', 'laptop.lan', 1)")
            database.execute("INSERT INTO network_addresses VALUES (4, '10.0.0.7', 1)")
    assert _records(path) == [_record(client={"ip": "10.0.0.7", "name": "laptop.lan"})]


def test_d15_numbers_and_text_mixed_and_types_of_its_own(tmp_path: Path) -> None:
    rows = [
        (1, 1795226310.136, 16, 1, 1, 1, 3),
        (2, 1795226311, 2, 3, "claude.ai", "10.0.0.9", 4),
        (3, 1795226312, 128, 18, 2, 2, 2),
        (4, 1795226313, 99, 99, 9, 9, None),
    ]
    path = _database(tmp_path / "db", _FTL + _V21, _STORE, rows)
    assert _records(path) == [
        _record(
            time=1795226310.136,
            type="HTTPS",
            status="GRAVITY",
            client={"ip": "10.0.0.7", "name": "laptop.lan"},
            reply={"type": "CNAME"},
        ),
        _record(
            id=2,
            time=1795226311,
            type="AAAA",
            status="CACHE",
            domain="claude.ai",
            client={"ip": "10.0.0.9", "name": None},
            reply={"type": "IP"},
        ),
        _record(
            id=3,
            time=1795226312,
            type="TYPE28",
            status="EXTERNAL_BLOCKED_EDE15",
            domain="claude.ai",
            client={"ip": "10.0.0.8", "name": "tablet.lan"},
            reply={"type": "NXDOMAIN"},
        ),
        _record(
            id=4,
            time=1795226313,
            type="99",
            status="99",
            domain=None,
            client={"ip": None, "name": None},
        ),
    ]


def test_its_format_reads_what_it_yields(tmp_path: Path) -> None:
    rows = [(1, 1795226310, 1, 2, 1, 1, 4), (2, 1795226311, 1, 4, 2, 2, 4)]
    path = _database(tmp_path / "db", _FTL + _V21, _STORE, rows)
    reading = read(FORMAT, b"\n".join(BINARY.records(path)) + b"\n")
    assert [(one.value, one.client, one.action) for one in reading.observations] == [
        ("api.openai.com", "10.0.0.7", Action.ALLOWED),
        ("claude.ai", "10.0.0.8", Action.BLOCKED),
    ]
    assert reading.account == (2, {}, 0)


def test_what_is_still_in_the_write_ahead_log_is_read_and_nothing_is_written(
    tmp_path: Path,
) -> None:
    path = tmp_path / "pihole FTL#1.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.executescript(_FTL + _V3)
        database.execute(_KEEP, (1, 1795226310, 1, 2, "api.openai.com", "10.0.0.7"))
        database.commit()
        before = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
        assert _records(path) == [_record()]
        assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    "schema",
    [
        "CREATE TABLE urls (id INTEGER PRIMARY KEY, url TEXT);",
        "CREATE TABLE queries (id INTEGER PRIMARY KEY, sql TEXT);",
        _FTL,
        _FTL + "CREATE TABLE queries (id INTEGER PRIMARY KEY, domain TEXT);",
        _FTL
        + "CREATE VIEW queries AS SELECT 1 id, 1 timestamp, 1 type, 1 status, 'x' domain, 'y' client;",
        _FTL + "CREATE VIEW query_storage AS SELECT 1 id;",
    ],
)
def test_other_databases_are_refused(schema: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="a SQLite database, but not Pi-hole's"):
        _records(_database(tmp_path / "db", schema))


def test_an_empty_database_of_pihole_shows_nothing(tmp_path: Path) -> None:
    assert _records(_database(tmp_path / "db", _FTL + _V21)) == []


def test_values_of_other_kinds_lose_themselves_alone(tmp_path: Path) -> None:
    rows = [(1, "soon", b"\0", "x", b"\xff\xfe", 1.5, b""), (2, 9e999, 1, 2, "b\ud7ff", "", 4)]
    path = _database(tmp_path / "db", _FTL + _V21, _STORE, rows)
    nobody = {"ip": None, "name": None}
    assert _records(path) == [
        _record(time=None, type=None, status=None, domain=None, client=nobody),
        _record(id=2, time=None, domain="b\ud7ff", client=nobody, reply={"type": "IP"}),
    ]


def test_f5_what_lies_behind_a_damaged_page_is_read(tmp_path: Path) -> None:
    rows = [(at, 1795226310, 1, 2, f"{'x' * 60}.example", "10.0.0.7") for at in range(1, 2001)]
    path = _database(tmp_path / "db", _FTL + _V3, _KEEP, rows)
    image = bytearray(path.read_bytes())
    image[4096 * 20 : 4096 * 21] = b"\xff" * 4096
    path.write_bytes(image)
    records = _records(path)
    damaged = [one for one in records if "damaged" in one]
    ids = [one["id"] for one in records if "id" in one]
    assert len(damaged) == 1
    assert ids == sorted(set(ids))
    assert ids[0] == 1
    assert ids[-1] == 2000
    assert 1800 < len(ids) < 2000


def test_is_it_tells_sqlite_by_its_head() -> None:
    assert BINARY.is_it(b"SQLite format 3\0" + bytes(84))
    assert not BINARY.is_it(b"SQLite format 3 is what this line speaks of\n")
    assert not BINARY.is_it(b"")


@cache
def _image() -> bytes:
    with closing(sqlite3.connect(":memory:")) as database, database:
        database.executescript(_FTL + _V21)
        rows = [(at, 1795226310, 1, 2, 1 + at % 2, 1, 4) for at in range(1, 500)]
        database.executemany(_STORE, rows)
        database.commit()
        return database.serialize()


@settings(max_examples=120)
@given(
    cut=st.none() | st.integers(16, 40_000),
    places=st.lists(
        st.tuples(st.integers(16, 40_000), st.binary(min_size=1, max_size=40)), max_size=8
    ),
)
def test_no_damage_is_more_than_an_error_or_a_damaged_record(
    cut: int | None, places: list[tuple[int, bytes]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    image = bytearray(_image())
    for place, noise in places:
        image[place % len(image) : place % len(image) + len(noise)] = noise
    path = tmp_path_factory.mktemp("ftl") / "damaged"
    path.write_bytes(image[:cut])
    with within(10):
        try:
            found = list(BINARY.records(path))
        except SourceError:
            return
    assert [one for one in found if b"\n" in one or not isinstance(json.loads(one), dict)] == []
    assert found == list(BINARY.records(path))
