"""The database file: opened, brought up to date, and every fault explained in one sentence."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from scanner.errors import StoreError
from scanner.store.lean import load_sqlite_utils
from scanner.store.plain import STAMP, PlainDatabase, is_stamped, stamp

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PATIENCE = 60.0  # seconds that a write waits for another process to end its own
_TRIES = 10


class Connection:
    """The database, open. Use as a context manager."""

    def __init__(self, path: Path, *, may_create: bool = False, read_only: bool = False) -> None:
        """Open the database of ``path``. Raises StoreError; what it holds is not touched then."""
        self.path = path
        if not may_create and not path.exists():
            raise StoreError(f"{path}: no such database; `gnomon scan PATH --db {path}` makes one")
        with explained(path):
            self._db = _open(path, read_only)
            if not is_stamped(self._db.conn):
                self._migrate(read_only)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._db.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction that no other process can write beside, from its first look on."""
        with explained(self.path):
            if self._db.conn.in_transaction:  # a Ctrl-C came before the body of another began
                self._db.rollback()
            try:
                self._db.conn.execute("BEGIN IMMEDIATE")
                yield
            except BaseException:
                self._db.rollback()
                raise
            self._db.conn.execute("COMMIT")

    def _migrate(self, read_only: bool) -> None:
        load_sqlite_utils()
        from sqlite_utils import Database

        from scanner.store.migrations import MIGRATIONS
        from scanner.store.summaries import rebuild

        db = Database(self._db.conn, execute_plugins=False)
        known = {migration.name for migration in MIGRATIONS._migrations}
        newer = {migration.name for migration in MIGRATIONS.applied(db)} - known
        if newer:
            raise StoreError(
                f"{self.path}: made by a newer gnomon (it holds {', '.join(sorted(newer))}); "
                "update gnomon, or use another database"
            )
        if MIGRATIONS.pending(db):
            if read_only:
                raise StoreError(
                    f"{self.path}: made by an older gnomon; run `gnomon scan` on it once"
                )
            with self._writing():  # of two processes the second finds nothing pending
                MIGRATIONS.apply(db)
                rebuild(db.conn)
        if not read_only:
            with self._writing():
                db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [STAMP, stamp(db.conn)])

    def _all(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        with explained(self.path):
            return list(self._db.query(sql, list(values)))

    def _each(self, sql: str, *values: Any) -> Iterator[dict[str, Any]]:
        """Yield the rows as they are read: many of them are never there at once."""
        with explained(self.path):
            yield from self._db.query(sql, list(values))

    def _one(self, sql: str, *values: Any) -> dict[str, Any] | None:
        return next(iter(self._all(sql, *values)), None)


def _open(path: Path, read_only: bool) -> PlainDatabase:
    if read_only:
        return PlainDatabase(_open_for_reading(path))
    if not path.exists():  # evidence is nobody else's business
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    connection = sqlite3.connect(path, timeout=_PATIENCE)
    connection.execute("PRAGMA foreign_keys = ON")
    _use_write_ahead_log(connection)
    connection.execute("PRAGMA synchronous = NORMAL")
    return PlainDatabase(connection)


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch to the write-ahead log. SQLite does not wait for others there, so we do."""
    for _ in range(_TRIES):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            connection.execute("BEGIN IMMEDIATE")  # returns when the other has written
            connection.rollback()
    connection.execute("PRAGMA journal_mode = WAL")


def _open_for_reading(path: Path) -> sqlite3.Connection:
    """Open a database that will not be written to, also on a medium that cannot be."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True)
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT COUNT(*) FROM sqlite_master")
    except sqlite3.OperationalError:  # its folder cannot be written: no room for SQLite's notes
        connection.close()
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True)
    return connection


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn a database error into one sentence that says what to do."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path}: {_advice(error)}") from error
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be written: {error.strerror}; choose another --db"
        ) from error


def _advice(error: sqlite3.DatabaseError) -> str:
    text = str(error)
    if "not a database" in text or "malformed" in text:
        return f"not a usable database ({text}); restore it from a backup, or choose another --db"
    if "readonly" in text or "unable to open" in text:
        return f"cannot be written ({text}); check its permissions, or choose another --db"
    if "locked" in text:
        return f"in use by another process ({text}); wait for it to end"
    return f"the database refused: {text}"


def micros(when: datetime | None) -> int | None:
    return None if when is None else (when - _EPOCH) // timedelta(microseconds=1)


def time(micros: int | None) -> datetime | None:
    return None if micros is None else _EPOCH + timedelta(microseconds=micros)


def required_time(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
