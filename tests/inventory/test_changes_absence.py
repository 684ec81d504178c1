"""Not seen, or nobody can tell; sources that scans used to read."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from scanner.inventory.change_kinds import Kind
from scanner.inventory.changes import changes
from scanner.inventory.snapshots import Snapshot
from scanner.model import SourceStatus
from scanner.store import Sight
from tests.inventory.changing import DAY, History, listing, log, told
from tests.support import at

BEGIN = at("2026-01-01T06:00:00Z")
PLAIN = Snapshot(suppliers={"openai": "OpenAI"}, level=3)


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "x.db", BEGIN)


def of_day(history: History, name: str, state: str = "complete") -> SourceStatus:
    """Return the log of the day before the next scan."""
    end = history.now + DAY
    return log(f"{name}-{end:%Y-%m-%d}.log", end - DAY, end, state)


def silent(history: History, days: int, sources: dict[str, str], last: str = "complete") -> str:
    """Let a system be seen once, scan for days, and return its id."""
    chat = history.system("Chat")
    sight = Sight(chat, "proxy-#-#-#.log", BEGIN)
    history.scan({chat: PLAIN}, sources=[of_day(history, "proxy")], seen=[sight])
    for day in range(days):
        found = [of_day(history, one, state) for one, state in sources.items()]
        if day >= days - 10:
            found = [of_day(history, one, last) for one in sources]
        history.scan({}, sources=found)
    return chat


def absences(history: History, until: datetime | None = None) -> list[str]:
    found = changes(history.store, 1, until, history.now)
    return told(one for one in found if one.kind in (Kind.NOT_SEEN, Kind.CANNOT_TELL))


def test_a_system_that_nothing_shows_for_days_was_not_seen(history: History) -> None:
    silent(history, 40, {"proxy": "complete"})
    assert absences(history) == [
        "routine Chat: It was not seen for 30 days, since 2026-01-01, where it would have been seen."
    ]


def test_it_is_told_on_the_day_that_makes_it_so_and_not_before(history: History) -> None:
    silent(history, 40, {"proxy": "complete"})
    assert absences(history, BEGIN + 29 * DAY) == []
    found = changes(history.store, 1, None, history.now)
    assert [one.at for one in found if one.kind is Kind.NOT_SEEN] == [BEGIN + 30 * DAY]
    assert not [one for one in changes(history.store, 35, None, history.now) if one.system]


def test_nobody_can_tell_where_a_source_stopped(history: History) -> None:
    silent(history, 40, {"dns": "complete"})
    assert absences(history) == [
        "routine Chat: It was last seen on 2026-01-01; whether it is still used nobody can tell: "
        "proxy-#-#-#.log was not read again."
    ]


def test_nobody_can_tell_where_a_source_was_read_in_part(history: History) -> None:
    silent(history, 40, {"proxy": "partial"}, last="partial")
    (found,) = absences(history)
    assert found.endswith("nobody can tell: proxy-#-#-#.log was partial.")


def test_nobody_can_tell_where_days_are_missing(history: History) -> None:
    silent(history, 33, {"proxy": "complete"}, last="failed")
    (found,) = absences(history)
    assert found.endswith("nobody can tell: proxy-#-#-#.log has nothing after 2026-01-24.")


def test_every_source_that_showed_it_must_cover_the_days(history: History) -> None:
    chat = silent(history, 40, {"proxy": "complete"})
    with history.store._writing():
        history.store._db.execute("INSERT INTO last_sight VALUES (?, 'dns.log', 1)", [chat])
    (found,) = absences(history)
    assert found.endswith("nobody can tell: dns.log was not read again.")


def test_a_listing_without_it_shows_that_it_is_gone(history: History) -> None:
    chat = history.system("Chat")
    seen = [Sight(chat, "entra apps", BEGIN)]
    history.scan({chat: PLAIN}, sources=[listing("entra apps")], seen=seen)
    history.now += 29 * DAY
    history.scan({}, sources=[listing("entra apps")])
    history.now += DAY
    assert [one.split(":")[1] for one in absences(history)] == [
        " It was not seen for 30 days, since 2026-01-01, where it would have been seen."
    ]


def test_a_listing_that_nobody_read_again_shows_nothing_of_the_days_after(history: History) -> None:
    chat = history.system("Chat")
    seen = [Sight(chat, "entra apps", BEGIN)]
    history.scan({chat: PLAIN}, sources=[listing("entra apps")], seen=seen)
    history.scan({}, sources=[listing("entra apps")])
    history.now += 31 * DAY
    (found,) = absences(history)
    assert found.endswith("nobody can tell: entra apps was not read after 2026-01-02.")
    history.scan({}, sources=[listing("entra apps")])
    (found,) = absences(history)
    assert found.endswith(
        "It was not seen for 30 days, since 2026-01-01, where it would have been seen."
    )


def test_one_of_two_devices_that_falls_silent_is_not_covered_by_the_other(history: History) -> None:
    """Chat was seen by fw1, which was switched off; fw2 never showed it, and goes on."""
    chat = history.system("Chat")
    sight = Sight(chat, "fw1-#-#-#.log", BEGIN)
    history.scan(
        {chat: PLAIN}, sources=[of_day(history, "fw1"), of_day(history, "fw2")], seen=[sight]
    )
    for _ in range(3):
        history.scan({}, sources=[of_day(history, "fw1"), of_day(history, "fw2")])
    for _ in range(40):
        history.scan({}, sources=[of_day(history, "fw2")])
    (found,) = absences(history)
    assert found.endswith("nobody can tell: fw1-#-#-#.log has nothing after 2026-01-04.")
    assert missing(history) == [
        "important fw1-2026-01-04.log: The last 3 scans read it, and this one did not."
    ]


def test_a_source_under_another_name_is_another_source(history: History) -> None:
    silent(history, 40, {"squid": "complete"})
    (found,) = absences(history)
    assert found.endswith("nobody can tell: proxy-#-#-#.log was not read again.")


def test_a_clock_that_was_years_ahead_once_brings_no_absence_and_no_return(
    history: History,
) -> None:
    chat = history.system("Chat")
    history.scan({chat: PLAIN}, sources=[of_day(history, "proxy")])
    now, history.now = history.now, at("2036-01-01T06:00:00Z")
    history.scan({}, sources=[listing("entra apps")])
    history.now = now
    seen = [Sight(chat, "proxy-#-#-#.log", now + DAY)]
    history.scan({}, sources=[of_day(history, "proxy")], seen=seen)
    assert absences(history) == []
    kinds = {one.kind for one in changes(history.store, None, None, history.now)}
    assert kinds == {Kind.NEW_SYSTEM, Kind.NEW_SUPPLIER}


def test_a_listing_that_was_denied_shows_nothing(history: History) -> None:
    chat = history.system("Chat")
    seen = [Sight(chat, "entra apps", BEGIN)]
    history.scan({chat: PLAIN}, sources=[listing("entra apps")], seen=seen)
    history.now += 29 * DAY
    history.scan({}, sources=[listing("entra apps", "denied")])
    history.now += DAY
    (found,) = absences(history)
    assert found.endswith("nobody can tell: entra apps was denied.")


def missing(history: History, since: int = 0) -> list[str]:
    found = changes(history.store, since, None, history.now)
    return told(one for one in found if one.kind is Kind.SOURCE_MISSING)


def test_a_source_that_the_last_scans_had_is_missed_once(history: History) -> None:
    for _ in range(3):
        history.scan({}, sources=[of_day(history, "proxy"), of_day(history, "dns")])
    for _ in range(3):
        history.scan({}, sources=[of_day(history, "dns")])
    assert missing(history) == [
        "important proxy-2026-01-03.log: The last 3 scans read it, and this one did not."
    ]
    assert missing(history, 4) == []


def test_a_source_that_was_read_once_is_not_missed(history: History) -> None:
    history.scan({}, sources=[log("once.log", BEGIN, BEGIN), of_day(history, "dns")])
    history.scan({}, sources=[of_day(history, "dns")])
    assert missing(history) == []


def test_a_rescan_misses_nothing(history: History) -> None:
    for _ in range(3):
        history.scan({}, sources=[of_day(history, "proxy")])
    history.scan({})
    assert missing(history) == []


def test_a_source_that_is_denied_now_is_told(history: History) -> None:
    history.scan({}, sources=[listing("entra apps")])
    history.scan({}, sources=[listing("entra apps", "denied")])
    history.scan({}, sources=[listing("entra apps", "denied")])
    assert missing(history) == ["important entra apps: It was complete before, and is denied now."]


def test_of_two_logs_of_one_kind_the_worse_counts(history: History) -> None:
    both = [log("a-1.log", BEGIN, BEGIN), log("a-2.log", BEGIN, BEGIN)]
    history.scan({}, sources=both)
    history.scan({}, sources=[both[0], log("a-2.log", BEGIN, BEGIN + timedelta(1), "partial")])
    assert missing(history) == [
        "important a-2.log: It was complete before, and is partial now: the disk was full."
    ]
