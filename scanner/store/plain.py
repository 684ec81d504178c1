"""What reading needs of sqlite-utils, without importing it: that takes as long as a whole command."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

# The note that says which migrations a database has had, as the stamp of their file.
STAMP = "migrated_by"


class PlainDatabase:
    """A connection with the part of ``sqlite_utils.Database`` that readers use."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.conn = connection

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> sqlite3.Cursor:
        return self.conn.execute(sql, parameters)

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[dict[str, Any]]:
        cursor = self.conn.execute(sql, parameters)
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))

    def rollback(self) -> None:
        self.conn.rollback()

    def close(self) -> None:
        self.conn.close()


def stamp(connection: sqlite3.Connection) -> str:
    """Return what a database is noted by that has had these migrations; "" if they cannot be read.

    It tells this file of migrations from any other, and how many the database has had. Who finds
    it need not import them; where it is another, or none, each is looked at by its name.
    """
    try:
        text = Path(__file__).with_name("migrations.py").read_bytes()
    except OSError:
        return ""
    (had,) = connection.execute("SELECT COUNT(*) FROM _sqlite_migrations").fetchone()
    return f"{len(text)}.{zlib.crc32(text):08x}.{had}"


def is_stamped(connection: sqlite3.Connection) -> bool:
    """Whether a database has had exactly these migrations, as its note says."""
    (notes,) = connection.execute(
        "SELECT COUNT(*) FROM sqlite_master WHERE name IN ('meta', '_sqlite_migrations')"
    ).fetchone()
    if notes < 2:
        return False
    row = connection.execute("SELECT value FROM meta WHERE key = ?", [STAMP]).fetchone()
    return row is not None and row[0] == stamp(connection) != ""
