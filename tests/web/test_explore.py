"""The database in Datasette: read by who has the link, described, and never written."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from scanner.errors import StoreError, UsageError
from scanner.store.descriptions import ASKED, VIEWS
from tests.running import gnomon

pytest.importorskip("datasette", reason="Datasette is not installed (gnomon[explore])")

from scanner.web.exploring import application


class Explorer:
    """Datasette as a browser meets it, with the link opened or not."""

    def __init__(self, db: Path, *, is_in: bool = True, is_frozen: bool = False) -> None:
        self.made = application(db, "Harbour & Pine", is_frozen)
        self.path = f"/{db.stem}"
        self.cookies: dict[str, str] = {}
        if is_in:
            opened = self.get(f"/-/auth-token?token={self.made._root_token}")
            self.cookies = {"ds_actor": opened.cookies["ds_actor"]}

    def get(self, address: str) -> Any:
        async def ask() -> Any:
            await self.made.invoke_startup()
            return await self.made.client.get(address, cookies=self.cookies)

        return asyncio.run(ask())

    def sql(self, text: str) -> Any:
        from urllib.parse import quote

        return self.get(f"{self.path}.json?_shape=array&sql={quote(text)}")


def test_nothing_is_shown_to_who_has_not_opened_the_link(db: Path) -> None:
    explorer = Explorer(db, is_in=False)
    pages = ["/", explorer.path, f"{explorer.path}/inventory", f"{explorer.path}.json?sql=select+1"]
    assert [explorer.get(one).status_code for one in pages] == [403] * 4


def test_the_link_works_once(db: Path) -> None:
    explorer = Explorer(db, is_in=False)
    link = f"/-/auth-token?token={explorer.made._root_token}"
    assert explorer.get(link).status_code == 302
    assert explorer.get(link).status_code == 403


def test_the_inventory_is_read(db: Path) -> None:
    rows = Explorer(db).sql("SELECT name, status FROM inventory ORDER BY name").json()
    assert {"name": "OpenAI API", "status": "new"} in rows


@pytest.mark.parametrize("name", list(VIEWS))
def test_every_view_is_shown_with_its_words(db: Path, name: str) -> None:
    explorer = Explorer(db)
    shown = explorer.get(f"{explorer.path}/{name}")
    assert shown.status_code == 200
    assert VIEWS[name].row in shown.text.replace("&#39;", "'")


@pytest.mark.parametrize("one", ASKED, ids=lambda one: one.name)
def test_every_question_is_answered(db: Path, one: Any) -> None:
    explorer = Explorer(db)
    found = explorer.get(f"{explorer.path}/{one.name}.json?_shape=array&since=")
    assert (found.status_code, isinstance(found.json(), list)) == (200, True)


def test_every_view_of_the_database_is_described_and_every_column_named_exists(db: Path) -> None:
    connection = sqlite3.connect(db)
    there = {
        name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'")
    }
    assert there == set(VIEWS)
    for name, view in VIEWS.items():
        columns = {
            one[0] for one in connection.execute(f'SELECT * FROM "{name}" LIMIT 0').description
        }
        assert {*view.facets, *view.columns} <= columns, name
    connection.close()


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM decision",
        "UPDATE identity SET name = 'x'",
        "INSERT INTO meta VALUES ('a', 'b')",
        "DROP VIEW inventory",
        "WITH x AS (SELECT 1) DELETE FROM decision",
        "ATTACH DATABASE '/etc/passwd' AS other",
        "PRAGMA writable_schema = 1",
        "PRAGMA journal_mode = DELETE",
        "VACUUM INTO '/tmp/gnomon-vacuumed.db'",
        "SELECT readfile('/etc/passwd')",
        "SELECT writefile('/tmp/gnomon-written', 'x')",
        "SELECT load_extension('x')",
        "SELECT * FROM pragma_database_list; DELETE FROM decision",
    ],
)
@pytest.mark.parametrize("is_frozen", [False, True])
def test_nothing_is_written_and_no_file_is_opened(db: Path, sql: str, is_frozen: bool) -> None:
    before = hashlib.sha256(db.read_bytes()).hexdigest()
    assert Explorer(db, is_frozen=is_frozen).sql(sql).status_code == 400
    assert hashlib.sha256(db.read_bytes()).hexdigest() == before


def test_the_file_itself_is_not_handed_out(db: Path) -> None:
    explorer = Explorer(db, is_frozen=True)
    assert explorer.get(f"{explorer.path}.db").status_code == 403


def test_a_decision_that_is_made_meanwhile_is_seen(db: Path) -> None:
    explorer = Explorer(db)
    ran = gnomon(
        "review", "decide", "OpenAI API", "rejected", "--by", "ana", "--reason", "no contract",
        "--db", db,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert explorer.sql("SELECT verdict FROM latest_decision").json() == [{"verdict": "rejected"}]


def test_only_views_are_offered_at_first(db: Path) -> None:
    explorer = Explorer(db)
    told = explorer.get(f"{explorer.path}.json").json()
    assert [one["name"] for one in told["tables"] if not one["hidden"]] == []
    assert {one["name"] for one in told["views"]} == set(VIEWS)


def test_pages_load_nothing_from_elsewhere(db: Path) -> None:
    explorer = Explorer(db)
    for address in ("/", explorer.path, f"{explorer.path}/inventory", f"{explorer.path}/undecided"):
        text = explorer.get(address).text
        assert 'src="http' not in text
        assert 'rel="stylesheet" href="http' not in text


@pytest.mark.parametrize("name", ["a?b.db", "a#b.db", "a%41.db"])
def test_a_path_that_would_open_another_file_is_refused(
    db: Path, tmp_path: Path, name: str
) -> None:
    other = tmp_path / name
    other.write_bytes(db.read_bytes())
    with pytest.raises(UsageError, match="opens no path"):
        application(other, "")


def test_a_copy_that_lacks_its_newest_part_is_refused(db: Path) -> None:
    Path(f"{db}-wal").write_bytes(b"what was written last")
    with pytest.raises(UsageError, match="would not be seen"):
        application(db, "", is_frozen=True)


def test_no_database_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such database"):
        application(tmp_path / "none.db", "")
