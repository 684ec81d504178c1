"""Where pages wait until all are there: a file beside the database, for its owner alone.

Each page is kept in one transaction with the place where the list goes on, so that a collection
that was killed goes on from its last page. Memory does not grow with the account. One scan at a
time has a shelf; what another version of gnomon left on one, or a fault of the disk, is dropped.
"""

from __future__ import annotations

import os
import sqlite3
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from enum import StrEnum
from glob import escape
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import msgspec
from xxhash import xxh3_64_intdigest

from scanner.errors import SourceError

KEPT = 24 * 3600.0  # seconds for which a shelf is gone on with
_VERSION = 2
_AT_ONCE = 500  # values in one question to SQLite
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS head (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS progress (
    number INTEGER PRIMARY KEY,
    operation TEXT NOT NULL, parameters TEXT NOT NULL,
    state TEXT NOT NULL, following TEXT NOT NULL, reason TEXT NOT NULL,
    pages INTEGER NOT NULL, items INTEGER NOT NULL, doubles INTEGER NOT NULL,
    restarts INTEGER NOT NULL, total INTEGER,
    UNIQUE (operation, parameters)
);
CREATE INDEX IF NOT EXISTS progress_by_operation ON progress (operation, number);
CREATE TABLE IF NOT EXISTS page (
    number INTEGER NOT NULL, page INTEGER NOT NULL, items BLOB NOT NULL,
    PRIMARY KEY (number, page)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen (
    number INTEGER NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (number, item)
) WITHOUT ROWID;
PRAGMA user_version = {_VERSION};
"""
_SIGNED = 1 << 63


class OpState(StrEnum):
    """How the reading of one operation ended. Absence can be told of a complete one alone."""

    READING = "reading"
    COMPLETE = "complete"
    PARTIAL = "partial"
    DENIED = "denied"
    NOT_LICENSED = "not-licensed"
    SKIPPED = "skipped"
    ERROR = "error"


class Progress(NamedTuple):
    """How far an operation was read with some parameters; ``following`` is where it goes on."""

    state: OpState
    following: str = ""
    reason: str = ""
    pages: int = 0
    items: int = 0
    doubles: int = 0  # items that came twice
    restarts: int = 0
    total: int | None = None  # as many as the account says there are


class Shelf:
    """The pages of one collection."""

    def __init__(self, path: Path | None = None) -> None:
        """Open the shelf in a file of mode 0600; without one it is in a file that has no name.

        Raises SourceError where another scan has it.
        """
        self._path = path
        self._db = _opened(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._db.close()

    def discard(self) -> None:
        """Remove the shelf: what was on it is stored."""
        self._db.close()
        if self._path is not None:
            _remove(self._path)

    def head(self, key: str) -> str:
        """Return what was noted of the whole collection; "" if nothing was."""
        row = self._db.execute("SELECT value FROM head WHERE key = ?", [key]).fetchone()
        return row[0] if row else ""

    def note(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO head VALUES (?, ?)", [key, value])

    def clear(self) -> None:
        """Forget everything: it belongs to another collection."""
        with self._writing():
            for table in ("head", "progress", "page", "seen"):
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours

    def forget(self, *states: OpState) -> None:
        """Forget what was asked in vain: it is asked again."""
        places = ", ".join("?" * len(states))
        with self._writing():
            self._db.execute(
                f"DELETE FROM progress WHERE pages = 0 AND state IN ({places})",  # noqa: S608
                states,
            )
            self._db.execute(
                f"UPDATE progress SET state = ? WHERE state IN ({places})",  # noqa: S608
                [OpState.PARTIAL, *states],
            )

    def progress(self, operation: str, parameters: Mapping[str, str]) -> Progress | None:
        """Return how far an operation was read; None if it was not begun."""
        row = self._db.execute(
            "SELECT state, following, reason, pages, items, doubles, restarts, total FROM progress "
            "WHERE operation = ? AND parameters = ?",
            [operation, _spelled(parameters)],
        ).fetchone()
        return Progress(OpState(row[0]), *row[1:]) if row else None

    def of_operation(self, operation: str) -> list[tuple[dict[str, str], Progress]]:
        """Return how far an operation was read with each of its parameters, in their order."""
        rows = self._db.execute(
            "SELECT parameters, state, following, reason, pages, items, doubles, restarts, total "
            "FROM progress WHERE operation = ? ORDER BY number",
            [operation],
        )
        return [(msgspec.json.decode(row[0]), Progress(OpState(row[1]), *row[2:])) for row in rows]

    def keep(
        self,
        operation: str,
        parameters: Mapping[str, str],
        raw: Sequence[Any] | None,
        kept: list[Any],
        progress: Progress,
    ) -> Progress:
        """Keep a page and how far the operation is with it, in one transaction.

        ``raw`` are its items as they came, by which doubles are known; ``kept`` what is read of
        them, in the same order. Without ``raw`` doubles were left out before.
        """
        with self._writing():
            number = self._number(operation, parameters, progress)
            new = kept if raw is None else self._new(number, raw, kept)
            said = progress._replace(
                items=progress.items + len(new),
                doubles=progress.doubles + len(kept) - len(new),
                pages=progress.pages + 1,
            )
            self._db.execute(
                "INSERT INTO page VALUES (?, ?, ?)",
                [number, said.pages, zlib.compress(msgspec.json.encode(new), 1)],
            )
            self._write(number, said)
        return said

    def write(self, operation: str, parameters: Mapping[str, str], progress: Progress) -> None:
        """Note how far an operation is."""
        with self._writing():
            self._write(self._number(operation, parameters, progress), progress)

    def restart(
        self, operation: str, parameters: Mapping[str, str], progress: Progress
    ) -> Progress:
        """Forget the pages of an operation: its list is read from the beginning."""
        again = Progress(OpState.READING, restarts=progress.restarts + 1)
        with self._writing():
            number = self._number(operation, parameters, progress)
            for table in ("page", "seen"):
                self._db.execute(
                    f"DELETE FROM {table} WHERE number = ?",  # noqa: S608 - names of ours
                    [number],
                )
            self._write(number, again)
        return again

    def items(self, operation: str) -> Iterator[tuple[dict[str, str], list[Any]]]:
        """Yield the pages of an operation with the parameters they were asked with, in their order.

        Others may be kept meanwhile: no question to the file is open between two pages.
        """
        number = -1
        while part := self._db.execute(
            "SELECT number, parameters FROM progress WHERE operation = ? AND number > ? "
            "ORDER BY number LIMIT 1",
            [operation, number],
        ).fetchone():
            number = part[0]
            page = 0
            while row := self._db.execute(
                "SELECT page, items FROM page WHERE number = ? AND page > ? ORDER BY page LIMIT 1",
                [number, page],
            ).fetchone():
                page = row[0]
                yield (
                    msgspec.json.decode(part[1]),
                    msgspec.json.decode(zlib.decompress(row[1])),
                )

    def operations(self) -> list[str]:
        """Return the operations that were begun, in that order."""
        rows = self._db.execute(
            "SELECT operation FROM progress GROUP BY operation ORDER BY MIN(number), operation"
        )
        return [row[0] for row in rows]

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _number(self, operation: str, parameters: Mapping[str, str], progress: Progress) -> int:
        """Return the number of an operation with some parameters; it gets one if it has none."""
        spelled = _spelled(parameters)
        row = self._db.execute(
            "SELECT number FROM progress WHERE operation = ? AND parameters = ?",
            [operation, spelled],
        ).fetchone()
        if row:
            return int(row[0])
        added = self._db.execute(
            "INSERT INTO progress VALUES (NULL, ?, ?, ?, '', '', 0, 0, 0, 0, NULL)",
            [operation, spelled, progress.state.value],
        )
        return int(added.lastrowid or 0)

    def _new(self, number: int, raw: Sequence[Any], kept: list[Any]) -> list[Any]:
        """Return of a page what did not come before, and remember that it came."""
        digests = [_digest(item) for item in raw]
        known = self._known(number, digests)
        new = []
        for digest, item in zip(digests, kept, strict=True):
            if digest not in known:
                known.add(digest)
                new.append(item)
        self._db.executemany(
            "INSERT OR IGNORE INTO seen VALUES (?, ?)", ((number, one) for one in digests)
        )
        return new

    def _known(self, number: int, digests: list[int]) -> set[int]:
        known: set[int] = set()
        for at in range(0, len(digests), _AT_ONCE):
            some = digests[at : at + _AT_ONCE]
            places = ", ".join("?" * len(some))
            known.update(
                row[0]
                for row in self._db.execute(
                    f"SELECT item FROM seen WHERE number = ? AND item IN ({places})",  # noqa: S608
                    [number, *some],
                )
            )
        return known

    def _write(self, number: int, progress: Progress) -> None:
        state, *rest = progress
        self._db.execute(
            "UPDATE progress SET state = ?, following = ?, reason = ?, pages = ?, items = ?, "
            "doubles = ?, restarts = ?, total = ? WHERE number = ?",
            [state.value, *rest, number],
        )


def remove_abandoned(database: Path, known: Collection[Path], now: float) -> None:
    """Remove a database's shelves that no source goes on with: it was given another name, or is no
    more asked. Such a shelf holds an account's people in clear."""
    for path in database.parent.glob(f"{escape(database.name)}-*.pages"):
        parts = [one for ending in ("", "-wal") if (one := Path(f"{path}{ending}")).exists()]
        if path not in known and all(now - one.stat().st_mtime > KEPT for one in parts):
            _remove(path)


def _opened(path: Path | None) -> sqlite3.Connection:
    """Open the file of a shelf for this process alone."""
    if path is None:
        return _prepared("")
    try:
        return _prepared(_of_its_owner(path))
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY:
            raise SourceError(f"{path}: cannot be opened: {error}") from error
        raise SourceError(
            f"{path}: another scan is asking this account; wait until it is done"
        ) from error
    except sqlite3.DatabaseError:  # what is on it can be asked again
        _remove(path)
        return _prepared(_of_its_owner(path))


def _of_its_owner(path: Path) -> Path:
    """Return a file that is there, and that others can neither read nor write."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    path.chmod(0o600)
    return path


def _prepared(path: Path | str) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        # The lock lasts until the connection is closed, also by kill -9. No page waits for the disk:
        # one that a failure of power takes is asked again.
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("BEGIN EXCLUSIVE")
        db.execute("COMMIT")
        if db.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
            tables = db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
            for (name,) in tables.fetchall():
                db.execute('DROP TABLE "{}"'.format(name.replace('"', '""')))
        db.executescript(_SCHEMA)
    except BaseException:
        db.close()
        raise
    return db


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        Path(f"{path}{ending}").unlink(missing_ok=True)


def _digest(item: Any) -> int:
    return xxh3_64_intdigest(msgspec.json.encode(item, order="sorted")) - _SIGNED


def _spelled(parameters: Mapping[str, str]) -> str:
    return msgspec.json.encode(dict(parameters), order="sorted").decode()
