"""The store in Datasette, for people who like SQL: read alone, by who opened the printed link alone."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scanner.errors import UsageError
from scanner.store import Reader
from scanner.store.descriptions import ASKED, VIEWS
from scanner.web.serving import listen

if TYPE_CHECKING:
    from datasette.app import Datasette

LOOPBACK = "127.0.0.1"
_SETTINGS = {
    "allow_download": False,  # the file holds codes of people; whoever has it has it already
    "default_page_size": 50,
    "max_returned_rows": 2_000,
    "sql_time_limit_ms": 10_000,
    "facet_time_limit_ms": 500,
    "suggest_facets": False,  # they cost a query a column
    "allow_csv_stream": True,
}
_NOT_IN_PATHS = "?#%"  # Datasette makes an address of the path as it is


def explore(
    database: Path, organisation: str, port: int, is_frozen: bool, say: Callable[[str], None]
) -> None:
    """Serve the database until it is stopped. Raises UsageError or StoreError."""
    import uvicorn

    made = application(database, organisation, is_frozen)
    listening = listen(LOOPBACK, port)
    origin = f"http://{LOOPBACK}:{listening.getsockname()[1]}"
    say(f"The database in Datasette: {origin}/-/auth-token?token={made._root_token}")
    say("The link works once, in one browser. Stop it with Ctrl-C.")
    options = uvicorn.Config(
        made.app(), log_level="warning", access_log=False, server_header=False, proxy_headers=False
    )
    uvicorn.Server(options).run(sockets=[listening])


def application(database: Path, organisation: str, is_frozen: bool = False) -> Datasette:
    """Return Datasette over the database. Nothing else that is installed beside it is let in.

    A frozen database is read as a file that nobody changes: an auditor's copy, or one on a medium
    that cannot be written to, where SQLite has no room for its notes.
    """
    try:
        from datasette.app import Datasette
        from datasette.plugins import pm
    except ImportError as error:
        raise UsageError("this needs Datasette: install gnomon[explore]") from error
    for plugin, _ in pm.list_plugin_distinfo():
        pm.unregister(plugin)
    is_frozen = is_frozen or not os.access(database.parent, os.W_OK)
    _check(database, is_frozen)
    path = str(database.resolve())
    return Datasette(
        files=[] if is_frozen else [path],
        immutables=[path] if is_frozen else [],
        metadata=described(database, organisation),
        settings=_SETTINGS,
    )


def _check(database: Path, is_frozen: bool) -> None:
    """Raise StoreError for what is no database of ours, or of another version."""
    notes = Path(f"{database}-wal")
    if is_frozen and notes.is_file() and notes.stat().st_size:
        raise UsageError(
            f"{notes}: holds what is not in {database.name} yet and would not be seen; "
            "run any gnomon command on the original, and copy it again"
        )
    if set(_NOT_IN_PATHS) & set(str(database.resolve())):
        raise UsageError(f"{database}: Datasette opens no path with one of {_NOT_IN_PATHS} in it")
    with Reader(database, read_only=True):
        pass


def described(database: Path, organisation: str) -> dict[str, Any]:
    """Return what Datasette shows of the database: views with their words, questions, no tables first."""
    with Reader(database, read_only=True) as store:
        tables = {name: {"hidden": True} for name in store.table_names()}
    views = {
        name: {
            "description": one.row,
            "columns": dict(one.columns),
            "facets": list(one.facets),
        }
        for name, one in VIEWS.items()
    }
    return {
        "title": f"{organisation}: AI that was seen" if organisation else "AI that was seen",
        "description": "Read only. The tables may change between versions; the views are for reading.",
        "allow": {"id": "root"},  # who opened the link
        "databases": {
            database.stem: {
                "tables": {**tables, **views},
                "queries": {
                    one.name: {"title": one.title, "description": one.note, "sql": one.sql}
                    for one in ASKED
                },
            }
        },
    }
