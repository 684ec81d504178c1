"""Snapshots: what is kept of a scan, and that a year of daily scans stays small and quick."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from scanner.inventory.change_kinds import Kind
from scanner.inventory.changes import changes
from scanner.inventory.snapshots import Seated, Snapshot, is_same, source_kind, take
from scanner.model import (
    Action,
    Channel,
    Consent,
    EvidenceKind,
    Identifier,
    Kept,
    Level,
    Reached,
    Seats,
    Seen,
    SystemFacts,
    SystemKind,
    Way,
)
from scanner.store import Reader, Sight, Week
from tests.inventory.changing import DAY, History, log
from tests.running import SQUID, gnomon
from tests.support import at

BEGIN = at("2026-01-01T06:00:00Z")
SEEN = Seen(
    "e1", "proxy.log", "openai.web", Identifier.HOST, EvidenceKind.USE, Channel.PROXY,
    Action.ALLOWED, Level.USED, 40, 4, 3, 20_000, BEGIN, BEGIN, 90,
)  # fmt: skip
FACTS = SystemFacts(
    id="ais-1", name="ChatGPT", kind=SystemKind.USED, product="openai/chatgpt",
    suppliers={"openai": "OpenAI"}, category="assistant", ai_nature="pure", first_scan=1,
    seen=(SEEN,),
    reached=(
        Reached("g1", "mail", True, False, Way.DELEGATED, Consent.USER, "Mail.ReadWrite", 3, False,
                "entra"),
        Reached("g2", "files", False, True, Way.APPLICATION, Consent.ADMIN, "Files.Read.All", 0,
                True, "entra"),
    ),
    seats=(Seats("Team", 10, 8, None, "a"), Seats("Team", None, 9, None, "b")),
    kept=(Kept("model", "gpt-5", "", "", "a"), Kept("project", "quotes", "", "", "a")),
    units={"Sales": 3}, counts={"people": 12},
)  # fmt: skip


def test_a_snapshot_holds_what_changes_are_told_by() -> None:
    found = take(FACTS, Week(events=70, people=4))
    assert msgspec.structs.replace(found, mode="", roles=()) == Snapshot(
        suppliers={"openai": "OpenAI"},
        level=4,
        reach=("files r all", "mail w own"),
        uploads=True,
        units=("Sales",),
        plans={"Team": Seated(10, 9)},
        people=12,
        week=70,
        models=("gpt-5",),
        channels=("proxy",),
    )


def test_an_upload_once_seen_stays_seen_and_a_week_without_logs_keeps_its_numbers() -> None:
    before = take(FACTS, Week(70, 4))
    after = take(replace(FACTS, seen=(), counts={}), None, before)
    assert (after.uploads, after.week, after.people) == (True, 70, 12)


@pytest.mark.parametrize(
    ("values", "is_the_same"),
    [
        ({"week": 139}, True),
        ({"week": 140}, False),
        ({"people": 23}, True),
        ({"people": 24}, False),
        ({"plans": {"Team": Seated(10, 11)}}, True),
        ({"plans": {"Team": Seated(10, 12)}}, False),
        ({"plans": {"Team": Seated(11, 9)}}, False),
        ({"plans": {}}, False),
        ({"units": ("Legal",)}, False),
    ],
)
def test_numbers_differ_when_they_have_moved_far(values: dict[str, Any], is_the_same: bool) -> None:
    before = take(FACTS, Week(70, 4))
    assert is_same(before, msgspec.structs.replace(before, **values)) is is_the_same


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("logs/proxy-2026-11-21.log.12.gz", "logs/proxy-#-#-#.log.#.gz"),
        ("u_ex261121.log", "u_ex#.log"),
        ("2026-W46-20261121T0600Z.csv", "#-W#-#T#Z.csv"),
        ("week46/part3.json", "week#/part#.json"),
        ("fw1-20261121.log", "fw1-#.log"),
        ("squid02/access.log.1", "squid02/access.log.#"),
        ("", ""),
    ],
)
def test_sources_of_one_kind_have_no_date_in_them_and_devices_keep_their_numbers(
    name: str, kind: str
) -> None:
    assert source_kind(name) == kind


def test_a_scan_that_shows_nothing_else_keeps_nothing(tmp_path: Path) -> None:
    logfile, db = tmp_path / "access.log", tmp_path / "x.db"
    logfile.write_bytes(SQUID)
    gnomon("scan", logfile, "--db", db)
    with Reader(db, read_only=True) as store:
        first = store.snapshots(0, 99)
    gnomon("scan", logfile, "--db", db)
    with Reader(db, read_only=True) as store:
        assert store.snapshots(0, 99) == first
    assert len([one for one in first if one.subject.startswith("ais-")]) == 2


def test_the_command_groups_by_system_and_leaves_lower_grades_out(tmp_path: Path) -> None:
    logfile, db = tmp_path / "access.log", tmp_path / "x.db"
    logfile.write_bytes(SQUID)
    gnomon("scan", logfile, "--db", db)
    ran = gnomon("changes", "--db", db)
    lines = [line.split("  ")[-1] for line in ran.out.splitlines()]
    assert (ran.code, lines) == (
        0,
        [
            "DeepSeek Chat",
            "DeepSeek is a new supplier.",
            "DeepSeek Chat of DeepSeek was seen for the first time.",
            "",
            "OpenAI API",
            "OpenAI is a new supplier.",
            "OpenAI API of OpenAI was seen for the first time.",
        ],
    )
    assert gnomon("changes", "--db", db, "--grade", "critical", "--format", "json").json() == []
    assert gnomon("changes", "--db", db, "--since", "1").err.startswith("gnomon: nothing changed")


@pytest.mark.parametrize("since", ["yesterday", "99", "2026-13-01"])
def test_what_is_neither_a_day_nor_a_scan_is_refused(tmp_path: Path, since: str) -> None:
    logfile, db = tmp_path / "access.log", tmp_path / "x.db"
    logfile.write_bytes(SQUID)
    gnomon("scan", logfile, "--db", db)
    assert gnomon("changes", "--db", db, "--since", since).code == 2


def test_hostile_names_stay_text_in_a_terminal(tmp_path: Path) -> None:
    history = History(tmp_path / "x.db", BEGIN)
    bad = history.system("Chat\x1b[2J")
    history.scan({bad: Snapshot(suppliers={"v": "V\x1b[2J"}, units=("\x1b]0;x\x07",))})
    out = gnomon("changes", "--db", tmp_path / "x.db").out
    assert "\x1b" not in out
    assert "Chat\\x1b[2J" in out


def test_a_year_of_daily_scans_is_told_within_a_second(tmp_path: Path) -> None:
    history = a_year(tmp_path / "x.db", systems=300, days=365)
    began = time.perf_counter()
    found = changes(history.store, None, None, history.now)
    taken = time.perf_counter() - began
    kinds = [one.kind for one in found]
    assert (kinds.count(Kind.NEW_SYSTEM), kinds.count(Kind.NOT_SEEN)) == (300, 30)
    assert kinds.count(Kind.NEW_UNIT) == sum(
        day % 60 == at % 60 for at in range(300) for day in DAYS
    )
    assert kinds.count(Kind.SOURCE_MISSING) == 0
    assert taken < 5  # it takes an eighth of a second; other work may share the machine


DAYS = range(1, 365)


def a_year(path: Path, systems: int, days: int, every: int = 60) -> History:
    """Return a database of daily scans: of each system something changes every two months.

    A tenth of the systems is seen for a hundred days.
    """
    history = History(path, BEGIN)
    ids = [history.system(f"System {number}") for number in range(systems)]
    units: dict[str, tuple[str, ...]] = dict.fromkeys(ids, ())
    for day in range(days):
        when = history.now + DAY
        moved = [one for at, one in enumerate(ids) if day and day % every == at % every]
        units.update({one: (*units[one], f"Unit {day:03}") for one in moved})
        alive = ids[systems // 10 :] if day >= 100 else ids
        history.scan(
            {
                one: _snapshot(at, units[one])
                for at, one in enumerate(ids)
                if one in moved or not day
            },
            sources=[
                log(f"{name}-{when:%Y-%m-%d}.log", when - DAY, when)
                for name in ("proxy", "dns", "zeek", "squid")
            ],
            seen=[Sight(one, "proxy-#-#-#.log", when) for one in alive],
        )
    return history


def _snapshot(number: int, units: tuple[str, ...]) -> Snapshot:
    maker = number % 60
    return Snapshot(
        suppliers={f"s{maker}": f"Supplier {maker}"},
        level=4,
        units=units,
        channels=("dns", "proxy"),
        people=20,
        week=200,
    )
