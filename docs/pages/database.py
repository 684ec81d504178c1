"""The tables and views of the database."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from pathlib import Path

from pages import NOTE
from scanner.store import Store
from scanner.store.descriptions import ASKED, VIEWS


def database_page() -> str:
    """The tables and views of the database."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "schema.db")
        with Store(path, may_create=True):
            pass
        rows = sqlite3.connect(path).execute(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL "
            "AND name NOT LIKE '\\_%' ESCAPE '\\' ORDER BY type, name"
        )
        kinds: dict[str, list[tuple[str, str]]] = {}
        for kind, name, sql in rows:
            kinds.setdefault(kind, []).append((name, sql))
    parts = ["# The database\n\n", NOTE]
    parts.append(
        "One SQLite file. Read the views; the tables may change between versions. Times are "
        "microseconds since 1970 in UTC, days are days since 1970.\n"
    )
    for kind in ("view", "table", "trigger"):
        for name, sql in kinds.get(kind, []):
            told = _described(name) if kind == "view" else ""
            parts.append(f"\n## {kind} {name}\n\n{told}```sql\n{_tidy(sql)}\n```\n")
    parts.append("\n## Questions\n\n`gnomon explore` asks these; so can any program.\n")
    parts.extend(
        f"\n### {one.title}\n\n{one.note and one.note + chr(10) * 2}```sql\n{one.sql}\n```\n"
        for one in ASKED
    )
    return "".join(parts)


def _described(view: str) -> str:
    """Return what a row of a view is, and what its columns hold."""
    one = VIEWS[view]
    rows = "".join(f"| `{name}` | {text} |\n" for name, text in one.columns.items())
    return f"{one.row}\n\n" + (f"| column | holds |\n|---|---|\n{rows}\n" if rows else "")


def _tidy(sql: str) -> str:
    lines = [line.rstrip() for line in sql.strip().splitlines()]
    return re.sub(r"\n {8}", "\n", "\n".join(line for line in lines if line))


PAGES = {"docs/database.md": database_page}
