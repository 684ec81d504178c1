"""The database: what is decided stays decided, and what is newer than we are is refused."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scanner.errors import StoreError
from scanner.privacy import Privacy
from scanner.store import Reader, Store
from tests.running import SQUID, gnomon

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


@pytest.fixture
def scanned(tmp_path: Path) -> Path:
    (tmp_path / "access.log").write_bytes(SQUID)
    gnomon("scan", tmp_path / "access.log", "--db", tmp_path / "x.db")
    return tmp_path / "x.db"


def decide(db: Path, subject: str, verdict: str) -> None:
    with sqlite3.connect(db) as connection:
        connection.execute(
            "INSERT INTO decision (subject, verdict, reason, by, at) VALUES (?, ?, 'why', 'ana', 1)",
            [subject, verdict],
        )
    connection.close()


def statuses(db: Path) -> dict[str, str]:
    with Reader(db, read_only=True) as store:
        return {one.name: one.status for one in store.systems()}


def test_a_decision_shows_and_a_scan_leaves_it_alone(scanned: Path, tmp_path: Path) -> None:
    with Reader(scanned, read_only=True) as store:
        system = next(one.id for one in store.systems() if one.name == "OpenAI API")
    decide(scanned, system, "in_review")
    decide(scanned, system, "approved")
    (tmp_path / "access.log").write_bytes(SQUID * 3)
    gnomon("scan", tmp_path / "access.log", "--db", scanned)
    assert statuses(scanned) == {"OpenAI API": "approved", "DeepSeek Chat": "new"}


@pytest.mark.parametrize("statement", ["UPDATE decision SET by = 'eve'", "DELETE FROM decision"])
def test_decisions_are_added_to_and_never_changed(scanned: Path, statement: str) -> None:
    decide(scanned, "ais-1", "approved")
    connection = sqlite3.connect(scanned)
    with pytest.raises(sqlite3.IntegrityError, match="record a new one"):
        connection.execute(statement)
    connection.close()


def test_a_database_of_a_newer_gnomon_is_refused(scanned: Path) -> None:
    with sqlite3.connect(scanned) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "VALUES ('gnomon', '9999_future', '2030-01-01')"
        )
    connection.close()
    with pytest.raises(StoreError, match="made by a newer gnomon"):
        Store(scanned)


def test_a_scan_that_dies_half_way_stores_whole_sources_only(tmp_path: Path) -> None:
    with Store(tmp_path / "x.db", may_create=True) as store:
        scan = store.begin_scan(NOW, "0", "1", Privacy.PSEUDONYMOUS)
    with Reader(tmp_path / "x.db", read_only=True) as store:
        assert [(one.id, one.finished) for one in store.scans()] == [(scan, None)]
        assert store.systems() == []


def test_the_evidence_tables_are_strict_and_keyed_by_numbers(scanned: Path) -> None:
    connection = sqlite3.connect(scanned)
    (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'evidence'").fetchone()
    assert "STRICT, WITHOUT ROWID" in sql
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("INSERT INTO scan VALUES (1, 'noon', 1, '', '', '')")
    connection.close()


def test_coverage_counts_every_content_of_a_name_once(tmp_path: Path) -> None:
    log, db = tmp_path / "access.log", tmp_path / "x.db"
    first, second, third = SQUID.splitlines(keepends=True)
    for content in (first, first + second, first + second, third):  # new, grown, again, rotated
        log.write_bytes(content)
        gnomon("scan", log, "--db", db)
    with Reader(db, read_only=True) as store:
        (source,) = store.coverage()
    assert (source["state"], source["read"], source["parsed"]) == ("complete", 3, 3)
    assert source["first"] == datetime(2026, 11, 21, 1, 58, 30, 136000, tzinfo=UTC)
    assert source["last"] == datetime(2026, 11, 21, 1, 58, 31, tzinfo=UTC)


def test_coverage_tells_the_newest_state(tmp_path: Path) -> None:
    log, db = tmp_path / "access.log", tmp_path / "x.db"
    for content in (SQUID, b"something else altogether\n"):
        log.write_bytes(content)
        gnomon("scan", log, "--db", db)
    with Reader(db, read_only=True) as store:
        (source,) = store.coverage()
    assert (source["state"], source["format"], source["read"]) == ("unrecognised", "squid", 3)


def test_a_system_shows_what_was_decided_and_its_supplier(scanned: Path) -> None:
    with Reader(scanned, read_only=True) as store:
        system = next(one.id for one in store.systems() if one.name == "OpenAI API")
        assert [(one.name, one.country) for one in store.suppliers()] == [
            ("DeepSeek", "CN"),
            ("OpenAI", "US"),
        ]
    decide(scanned, system, "in_review")
    decide(scanned, system, "restricted")
    shown = gnomon("inventory", "show", system, "--db", scanned, "--format", "json").json()
    assert [one["verdict"] for one in shown["decisions"]] == ["restricted", "in_review"]
    assert "restricted" in gnomon("inventory", "show", system, "--db", scanned).out
