"""Where pages wait until all are there: a file beside the database, for its owner alone.

Each page is kept in one transaction with the place where the list goes on, so that a collection
that was killed goes on from its last page. Memory does not grow with the account.
"""

from __future__ import annotations

import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import msgspec
from xxhash import xxh3_64_intdigest

_SCHEMA = """
CREATE TABLE IF NOT EXISTS head (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS progress (
    operation TEXT NOT NULL, parameters TEXT NOT NULL, number INTEGER NOT NULL,
    state TEXT NOT NULL, following TEXT NOT NULL, reason TEXT NOT NULL,
    pages INTEGER NOT NULL, items INTEGER NOT NULL, doubles INTEGER NOT NULL,
    restarts INTEGER NOT NULL, total INTEGER,
    PRIMARY KEY (operation, parameters)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS page (
    operation TEXT NOT NULL, number INTEGER NOT NULL, page INTEGER NOT NULL, items BLOB NOT NULL,
    PRIMARY KEY (operation, number, page)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen (
    operation TEXT NOT NULL, number INTEGER NOT NULL, item INTEGER NOT NULL,
    PRIMARY KEY (operation, number, item)
) WITHOUT ROWID;
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
        """Open the shelf in a file, made with mode 0600; without one it is in memory."""
        if path is not None and not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._path = path
        self._db = sqlite3.connect(path or ":memory:", isolation_level=None)
        self._db.executescript(_SCHEMA)

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
            for ending in ("", "-wal", "-shm", "-journal"):
                Path(f"{self._path}{ending}").unlink(missing_ok=True)

    def head(self, key: str) -> str:
        """Return what was noted of the whole collection; "" if nothing was."""
        row = self._db.execute("SELECT value FROM head WHERE key = ?", [key]).fetchone()
        return row[0] if row else ""

    def note(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO head VALUES (?, ?)", [key, value])

    def clear(self) -> None:
        """Forget everything: it belongs to another collection."""
        for table in ("head", "progress", "page", "seen"):
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours

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
        raw: Iterable[Any],
        kept: list[Any],
        progress: Progress,
    ) -> Progress:
        """Keep a page and how far the operation is with it, in one transaction.

        ``raw`` are its items as they came, by which doubles are known; ``kept`` what is read of
        them, in the same order.
        """
        self._db.execute("BEGIN IMMEDIATE")
        try:
            number = self._number(operation, parameters)
            new = [
                item
                for whole, item in zip(raw, kept, strict=True)
                if self._is_new(operation, number, whole)
            ]
            said = progress._replace(
                items=progress.items + len(new),
                doubles=progress.doubles + len(kept) - len(new),
                pages=progress.pages + 1,
            )
            self._db.execute(
                "INSERT INTO page VALUES (?, ?, ?, ?)",
                [operation, number, said.pages, zlib.compress(msgspec.json.encode(new), 1)],
            )
            self._write(operation, parameters, number, said)
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")
        return said

    def write(self, operation: str, parameters: Mapping[str, str], progress: Progress) -> None:
        """Note how far an operation is."""
        self._write(operation, parameters, self._number(operation, parameters), progress)

    def restart(
        self, operation: str, parameters: Mapping[str, str], progress: Progress
    ) -> Progress:
        """Forget the pages of an operation: its list is read from the beginning."""
        number = self._number(operation, parameters)
        for table in ("page", "seen"):
            self._db.execute(
                f"DELETE FROM {table} WHERE operation = ? AND number = ?",  # noqa: S608
                [operation, number],
            )
        again = Progress(OpState.READING, restarts=progress.restarts + 1)
        self._write(operation, parameters, number, again)
        return again

    def items(self, operation: str) -> Iterator[tuple[dict[str, str], list[Any]]]:
        """Yield the pages of an operation with the parameters they were asked with, in their order."""
        rows = self._db.execute(
            "SELECT progress.parameters, page.items FROM page JOIN progress "
            "ON progress.operation = page.operation AND progress.number = page.number "
            "WHERE page.operation = ? ORDER BY page.number, page.page",
            [operation],
        )
        for parameters, items in rows:
            yield msgspec.json.decode(parameters), msgspec.json.decode(zlib.decompress(items))

    def operations(self) -> list[str]:
        """Return the operations that were begun, in that order."""
        rows = self._db.execute(
            "SELECT operation FROM progress GROUP BY operation ORDER BY MIN(number), operation"
        )
        return [row[0] for row in rows]

    def _number(self, operation: str, parameters: Mapping[str, str]) -> int:
        row = self._db.execute(
            "SELECT number FROM progress WHERE operation = ? AND parameters = ?",
            [operation, _spelled(parameters)],
        ).fetchone()
        if row:
            return int(row[0])
        return int(self._db.execute("SELECT COUNT(*) FROM progress").fetchone()[0])

    def _is_new(self, operation: str, number: int, item: Any) -> bool:
        digest = xxh3_64_intdigest(msgspec.json.encode(item, order="sorted")) - _SIGNED
        found = self._db.execute(
            "INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", [operation, number, digest]
        )
        return found.rowcount == 1

    def _write(
        self, operation: str, parameters: Mapping[str, str], number: int, progress: Progress
    ) -> None:
        state, following, reason, pages, items, doubles, restarts, total = progress
        self._db.execute(
            "INSERT OR REPLACE INTO progress VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [operation, _spelled(parameters), number, state.value, following, reason, pages, items,
             doubles, restarts, total],
        )  # fmt: skip


def _spelled(parameters: Mapping[str, str]) -> str:
    return msgspec.json.encode(dict(parameters), order="sorted").decode()
