"""Shelves: for their owner alone, for one scan at a time, and never half of what was kept."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from integrations.operations import Operation
from integrations.shelf import OpState, Progress, Shelf, remove_abandoned
from scanner.errors import SourceError
from scanner.model import SourceState
from tests.integrations.bay import Bay, Clock, Signed, account, fails, reply, served

READING = Progress(OpState.READING)


def _kept(shelf: Shelf, operation: str = "one") -> list[Any]:
    return [item for _, items in shelf.items(operation) for item in items]


def test_a_shelf_is_for_its_owner_alone_also_one_that_was_there(tmp_path: Path) -> None:
    path = tmp_path / "x.pages"
    path.touch(0o666)
    path.chmod(0o666)
    with Shelf(path) as shelf:
        shelf.keep("one", {}, [1], [1], READING)
        modes = {stat.S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()}
        assert modes == {0o600}
        shelf.discard()
    assert list(tmp_path.iterdir()) == []


def test_a_second_scan_does_not_get_the_shelf_of_the_first(tmp_path: Path) -> None:
    path = tmp_path / "x.pages"
    with Shelf(path), pytest.raises(SourceError, match="another scan is asking this account"):
        Shelf(path)
    with Shelf(path):
        pass


def test_a_scan_that_was_killed_holds_no_shelf_and_loses_no_page(tmp_path: Path) -> None:
    code = (
        "import os, pathlib, sys\n"
        "from integrations.shelf import OpState, Progress, Shelf\n"
        "shelf = Shelf(pathlib.Path(sys.argv[1]))\n"
        "shelf.keep('one', {}, [1, 2], [1, 2], Progress(OpState.READING))\n"
        "shelf._db.execute('BEGIN IMMEDIATE')\n"
        "shelf._db.execute('DELETE FROM page')\n"
        "os.kill(os.getpid(), 9)\n"
    )
    path = tmp_path / "x.pages"
    assert subprocess.run([sys.executable, "-c", code, str(path)], check=False).returncode == -9
    with Shelf(path) as shelf:
        assert _kept(shelf) == [1, 2]


@pytest.mark.parametrize(
    "content", [b"what is this?" * 100, b"SQLite format 3\0" + b"x" * 500], ids=["text", "broken"]
)
def test_a_shelf_that_is_none_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.pages"
    path.write_bytes(content)
    with Shelf(path) as shelf:
        shelf.keep("one", {}, [1], [1], READING)
        assert _kept(shelf) == [1]


def test_a_shelf_of_another_version_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "x.pages"
    with sqlite3.connect(path) as old:
        old.execute("CREATE TABLE progress (operation TEXT, state TEXT)")
        old.execute("CREATE TABLE head (key TEXT PRIMARY KEY, value TEXT)")
        old.execute("INSERT INTO head VALUES ('of', 'this')")
    old.close()
    with Shelf(path) as shelf:
        assert shelf.head("of") == ""
        shelf.keep("one", {}, [1], [1], READING)
        assert _kept(shelf) == [1]


def test_a_list_that_begins_again_is_forgotten_at_one_go(tmp_path: Path) -> None:
    path = tmp_path / "x.pages"
    with Shelf(path) as shelf:
        progress = shelf.keep("one", {}, [1, 2], [1, 2], READING._replace(following="there"))
        shelf._db.execute(
            "CREATE TRIGGER fails BEFORE UPDATE ON progress BEGIN SELECT RAISE(FAIL, 'killed'); END"
        )
        with pytest.raises(sqlite3.IntegrityError):
            shelf.restart("one", {}, progress)
        assert _kept(shelf) == [1, 2]


def test_pages_can_be_kept_while_others_are_looked_at() -> None:
    with Shelf() as shelf:
        for number in range(3):
            shelf.keep("one", {"n": str(number)}, [number], [number], READING)
        seen = []
        for parameters, items in shelf.items("one"):
            seen += items
            shelf.keep("two", parameters, items, items, READING)
        assert seen == _kept(shelf, "two") == [0, 1, 2]


# What became of an operation when a collection goes on


def _is_no_ai(_app: object) -> None:
    return None


def _killed_after(bay: Bay, certificates: Path, folder: Path, requests: int) -> None:
    """Read an account until it is killed, as a service fails for the first time."""
    clock = Clock()

    def dies(_seconds: float) -> None:
        raise KeyboardInterrupt

    clock.sleep = dies  # type: ignore[method-assign,assignment]
    bay.faults[requests] = fails(503)
    with (
        pytest.raises(KeyboardInterrupt),
        account(bay, certificates, folder, clock).open(_is_no_ai),
    ):
        pass


def _states(bay: Bay, certificates: Path, folder: Path, **more: Any) -> dict[str, tuple[Any, int]]:
    with account(bay, certificates, folder, **more).open(_is_no_ai) as found:
        return {one.title: (one.state, one.size) for one in found.listings()}


def test_f7_fewer_than_there_are_stay_fewer_when_they_are_read_again(tmp_path: Path) -> None:
    bay = Bay.of(20)
    bay.always = lambda bay, path, _query: (
        reply(200, {"value": bay.grants[:30], "count": 40}) if path == "/v1/grants" else None
    )
    with served(bay) as certificates:
        _killed_after(bay, certificates, tmp_path, 4)
        states = _states(bay, certificates, tmp_path)
    assert states["Harbour Bay: grants"] == (SourceState.PARTIAL, 30)


def test_f2_what_was_denied_is_asked_again_by_the_scan_that_goes_on(tmp_path: Path) -> None:
    bay = Bay.of(20)
    bay.faults = {3: fails(403)}
    with served(bay) as certificates:
        _killed_after(bay, certificates, tmp_path, 4)
        states = _states(bay, certificates, tmp_path)
    assert states["Harbour Bay: grants"] == (SourceState.COMPLETE, 40)


def test_f2_who_was_denied_at_first_is_not_denied_for_a_day(tmp_path: Path) -> None:
    bay = Bay.of(20)
    bay.faults = {1: fails(403)}
    with served(bay) as certificates:
        with pytest.raises(SourceError, match="not allowed"):
            _states(bay, certificates, tmp_path)
        assert not (tmp_path / "shelf.pages").exists()
        assert _states(bay, certificates, tmp_path)["Harbour Bay: people"][1] == 20


def test_f16_a_secret_of_another_account_does_not_go_on_with_the_shelf_of_the_first(
    tmp_path: Path,
) -> None:
    bay = Bay.of(20)
    with served(bay) as certificates:
        _killed_after(bay, certificates, tmp_path, 4)
        bay.always = lambda bay, path, _query: (
            reply(200, {"id": "bay-0002"}) if path == "/v1/owner" else None
        )
        bay.apps = bay.apps[:3]
        with account(bay, certificates, tmp_path).open(_is_no_ai) as found:
            assert found.tenant.id == "bay-0002"
            assert [one.size for one in found.listings()][:2] == [1, 3]


def test_f11_a_shelf_from_a_clock_that_was_wrong_is_not_gone_on_with(tmp_path: Path) -> None:
    bay = Bay.of(20)
    with served(bay) as certificates:
        _killed_after(bay, certificates, tmp_path, 4)
        _states(bay, certificates, tmp_path, clock=Clock(Clock().now - 90 * 86_400))
    paths = [path for _, path, _ in bay.asked]
    assert paths.count("/v1/apps") == 2


def test_a_fault_of_a_connector_ends_its_source_with_a_reason(tmp_path: Path) -> None:
    from dataclasses import replace

    def fails_on(_run: object) -> None:
        raise KeyError("good-canary")

    bay = Bay.of(3)
    with served(bay) as certificates:
        given = account(bay, certificates, tmp_path)
        given = replace(given, connector=replace(given.connector, collect=fails_on))
        with pytest.raises(SourceError, match="asking it failed: KeyError") as caught:
            given.open(_is_no_ai).__enter__()
    assert "canary" not in str(caught.value)


def test_f1_a_sign_in_that_fails_on_the_way_keeps_what_was_read(tmp_path: Path) -> None:
    from dataclasses import replace

    class Ending(Signed):
        asked = 0

        def headers(self, operation: Operation) -> Mapping[str, str]:
            self.asked += 1
            if 5 <= self.asked <= 20:
                raise SourceError("the certificate has expired")
            return super().headers(operation)

    bay, signs = Bay.of(250), Ending("good")
    with served(bay) as certificates:
        given = account(bay, certificates, tmp_path)
        given = replace(given, connector=replace(given.connector, sign_in=lambda _: signs))
        with given.open(_is_no_ai) as found:
            broken = found.listings()[2]
            records = len(list(broken.records()))
        assert (broken.state, broken.pages, records) == (SourceState.PARTIAL, 2, 200)
        assert broken.reason == "the certificate has expired"
        signs.asked = 21
        with given.open(_is_no_ai) as found:
            whole = found.listings()[2]
            assert (whole.state, len(list(whole.records()))) == (SourceState.COMPLETE, 500)


# What is asked for what another operation lists


def test_f2_parts_of_a_list_that_is_not_whole_are_not_whole(tmp_path: Path) -> None:
    """The assignments of an application that a broken list did not show are not gone."""
    bay = Bay.of(3)
    bay.apps = [*bay.apps, *({"id": f"b{n}"} for n in range(100))]
    bay.always = lambda _bay, path, query: (
        reply(500, {}) if path == "/v1/apps" and "$skip" in query else None
    )
    with served(bay) as certificates:
        given = account(bay, certificates, tmp_path)
        with given.open(lambda app: object() if app.key == "a0" else None) as found:  # type: ignore[arg-type,return-value]
            details = found.listings()[-1]
    assert details.key == "bay.apps/{app}/details"
    assert (details.state, details.reason) == (
        SourceState.PARTIAL,
        "asked for what apps lists, read in part",
    )


def test_a_shelf_that_nobody_goes_on_with_is_removed(tmp_path: Path) -> None:
    database = tmp_path / "gnomon[1].db"
    asked, new = tmp_path / "gnomon[1].db-asked.pages", tmp_path / "gnomon[1].db-new.pages"
    for name in ("gnomon[1].db-renamed", "gnomon[1].db-asked", "gnomon[1].db-new", "other.db-x"):
        with Shelf(tmp_path / f"{name}.pages"):
            pass
        os.utime(tmp_path / f"{name}.pages", (1000, 1000))
    os.utime(new, (90_000, 90_000))
    remove_abandoned(database, [asked], 100_000)
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "gnomon[1].db-asked.pages",
        "gnomon[1].db-new.pages",
        "other.db-x.pages",
    ]
