"""A database is read without importing what only migrations need, and never taken for what it is not."""

import subprocess
import sys
from pathlib import Path

import pytest

from scanner.errors import StoreError
from scanner.store import Reader, Store
from scanner.store.plain import STAMP

_READ = """
import sys
from pathlib import Path
from scanner.store import Reader
with Reader(Path(sys.argv[1]), read_only=True) as store:
    print(len(store.systems()), "sqlite_utils" in sys.modules)
"""


@pytest.fixture
def db(tmp_path: Path) -> Path:
    with Store(tmp_path / "x.db", may_create=True):
        pass
    return tmp_path / "x.db"


def _read(db: Path) -> str:
    command = [sys.executable, "-c", _READ, str(db)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _run(db: Path, sql: str) -> None:
    with Store(db) as store:
        store._db.execute(sql)
        store._db.conn.commit()


def test_reading_imports_no_more_than_it_needs(db: Path) -> None:
    assert _read(db) == "0 False"


def test_without_the_note_each_migration_is_looked_at(db: Path) -> None:
    _run(db, f"DELETE FROM meta WHERE key = '{STAMP}'")
    assert _read(db) == "0 True"
    with Store(db):  # who may write notes it again
        pass
    assert _read(db) == "0 False"


def test_a_note_is_worth_nothing_where_a_migration_is_missing(db: Path) -> None:
    _run(db, "DELETE FROM _sqlite_migrations WHERE name = '0016_merged'")
    with pytest.raises(StoreError, match="made by an older gnomon"):
        Reader(db, read_only=True)
