"""What the database keeps of listings: each event once, whatever came late, broke off or was killed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.collecting import Collection
from integrations.shelf import Shelf
from scanner.accounts import Listing
from scanner.courses.accounts import fingerprint_of_listing
from scanner.engine import Engine
from scanner.model import (
    Activity,
    App,
    Consent,
    Grant,
    Person,
    Plan,
    Record,
    Seat,
    SourceState,
    Spend,
    Tenant,
)
from scanner.privacy import Privacy, Pseudonyms
from scanner.reading import Tools
from scanner.store import ListingStore
from tests.integrations.bay import CHATGPT, GRANTS, Bay, Clock, account, served
from tests.integrations.bay import CONNECTOR as BAY
from tests.support import the_base

BEGIN = datetime(2026, 3, 20, 9, tzinfo=UTC)
TENANT = Tenant("bay", "bay-0001")
WRITER = App("a0", "Writer", "entra", CHATGPT)


@dataclass(frozen=True)
class Told:
    """An account that says what a test lets it say."""

    listed: Sequence[Listing]
    tenant: Tenant = TENANT
    name: str = "bay"
    size: int = 0

    @contextmanager
    def open(self, _recognise: object) -> Iterator[Told]:
        yield self

    def listings(self) -> list[Listing]:
        return list(self.listed)

    def trees(self) -> Iterator[Any]:
        yield from ()

    def stored(self) -> None:
        pass


def listing(
    *records: Record,
    state: SourceState = SourceState.COMPLETE,
    since: datetime | None = None,
    until: datetime | None = None,
    key: str = "one",
) -> Listing:
    return Listing(
        key, key, key, state, lambda: iter((WRITER, *records)), is_state=since is None,
        since=since, until=until, pages=1, size=1,
    )  # fmt: skip


class Scans:
    """Scans of one database, one after the other, at times that a test says."""

    def __init__(self, path: Path) -> None:
        base = the_base()
        self.store = ListingStore(path, may_create=True)
        self.now = BEGIN
        tools = Tools(
            (), (), (), base.matcher, base.shapes, Pseudonyms(b"k" * 32, Privacy.IDENTIFIED),
            path.parent, BEGIN,
        )  # fmt: skip
        self.engine = Engine(tools, "signatures", "0", lambda: self.now)

    def scan(self, *inputs: Any) -> list[SourceState]:
        return [one.state for one in self.engine.scan(inputs, self.store).sources]

    def read(self, *listings: Listing) -> list[SourceState]:
        """Scan an account that says this, a minute after it was asked."""
        asked = max((one.until for one in listings if one.until), default=BEGIN)
        self.now = max(self.now, asked + timedelta(minutes=1))
        return self.scan(Told(listings))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for row in self.store._all(query)]

    def days(self) -> Counter[str]:
        """Return how many events are stored of each day."""
        rows = self.rows("SELECT day, plain FROM evidence WHERE channel = 'activity'")
        found: Counter[str] = Counter()
        for day, plain in rows:
            found[(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(day)).strftime("%m-%d")] += plain
        return found


@pytest.fixture
def scans(tmp_path: Path) -> Iterator[Scans]:
    found = Scans(tmp_path / "x.db")
    with found.store:
        yield found


class Event(NamedTuple):
    """Something that happened, and how many hours later the account knows of it."""

    hour: int
    person: str
    late: int


class Asked(NamedTuple):
    """A scan, so many hours after the one before, and how much of its list came."""

    hours: int
    share: float


EVENTS = st.lists(
    st.builds(Event, st.integers(0, 24 * 12), st.sampled_from("ab"), st.integers(0, 23)),
    max_size=30,
)
RUNS = st.lists(
    st.builds(Asked, st.integers(1, 60), st.sampled_from([0.0, 0.5, 1.0])), min_size=1, max_size=6
)


def _since(scans: Scans, now: datetime) -> datetime:
    def known(tenant: Tenant, operation: Any) -> float | None:
        found = scans.store.watermark(fingerprint_of_listing(tenant, operation.id))
        return found.timestamp() if found else None

    with Shelf() as shelf:
        clock = Clock(now.timestamp())
        nothing: Any = None
        run = Collection(BAY, (), {}, nothing, shelf, clock, lambda _: None, known)
        run.tenant = TENANT
        return datetime.fromisoformat(run.since(GRANTS, 30))


def _ask(scans: Scans, events: Sequence[Event], now: datetime, share: float) -> None:
    """Scan an account that knows some events by now, and shows a share of them."""
    since = _since(scans, now)
    known = [
        (BEGIN + timedelta(hours=one.hour), one.person)
        for one in events
        if BEGIN + timedelta(hours=one.hour + one.late) <= now
    ]
    listed = [Activity("a0", who, when) for when, who in known if when >= since]
    state = SourceState.COMPLETE if share == 1 else SourceState.PARTIAL
    some = listed[: int(len(listed) * share)]
    scans.read(listing(*some, state=state, since=since, until=now, key=GRANTS.id))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(events=EVENTS, runs=RUNS)
def test_every_event_counts_once_however_often_and_however_far_it_is_asked_for(
    tmp_path: Path, events: list[Event], runs: list[Asked]
) -> None:
    for left in tmp_path.iterdir():
        left.unlink()
    scans = Scans(tmp_path / "x.db")
    with scans.store:
        now = BEGIN
        for hours, share in [*runs, Asked(1, 1.0)]:
            now += timedelta(hours=hours)
            before = scans.days()
            _ask(scans, events, now, share)
            after = scans.days()
            assert all(after[day] >= count for day, count in before.items())
        expected = Counter(
            f"{BEGIN + timedelta(hours=one.hour):%m-%d}"
            for one in events
            if BEGIN + timedelta(hours=one.hour + one.late) <= now
        )
        assert scans.days() == expected


def test_f11_what_a_clock_that_was_wrong_noted_is_not_gone_on_from(scans: Scans) -> None:
    ahead = BEGIN + timedelta(days=400)
    scans.read(listing(since=BEGIN, until=ahead, key=GRANTS.id))
    now = BEGIN + timedelta(days=3)
    assert _since(scans, now) == datetime(2026, 2, 21, tzinfo=UTC)


def test_f2_a_part_takes_nothing_away_and_makes_no_number_smaller(scans: Scans) -> None:
    seats = [Seat("a0", "Team", f"p{n}") for n in range(9)]
    grants = [Grant("a0", ("Mail.Read",), consent=Consent.USER, person=f"p{n}") for n in range(9)]
    money = [Spend("a0", 10.0, "EUR", when=BEGIN) for _ in range(9)]
    scans.read(listing(Plan("a0", "Team", 20), *seats, *grants, *money))
    state = scans.rows("SELECT bought, assigned FROM seat_plan")
    access = scans.rows("SELECT scope, people FROM access")
    spend = scans.rows("SELECT amount, lines FROM spend")
    assert (state, access, spend) == ([(20, 9)], [("Mail.Read", 9)], [(90.0, 9)])
    part = listing(seats[0], grants[0], money[0], state=SourceState.PARTIAL)
    scans.read(part)
    assert scans.rows("SELECT bought, assigned FROM seat_plan") == state
    assert scans.rows("SELECT scope, people FROM access") == access
    assert scans.rows("SELECT amount, lines FROM spend") == spend
    scans.read(listing(seats[0]))
    assert scans.rows("SELECT bought, assigned FROM seat_plan") == [(None, 1)]
    assert scans.rows("SELECT 1 FROM access") == []


def test_events_of_a_day_do_not_shrink_what_those_of_a_month_showed(scans: Scans) -> None:
    def grant(person: str, day: int) -> Grant:
        when = BEGIN + timedelta(days=day)
        return Grant("a0", ("Mail.Read",), consent=Consent.USER, person=person, granted=when)

    month = BEGIN + timedelta(days=30)
    scans.read(listing(*[grant(f"p{n}", n) for n in range(30)], since=BEGIN, until=month))
    later = month + timedelta(days=1)
    scans.read(listing(grant("p30", 30), since=month - timedelta(days=1), until=later))
    assert scans.rows("SELECT people FROM access") == [(30,)]


def test_what_only_looks_like_ai_is_counted_alike(scans: Scans) -> None:
    helper = App("h", "AI Notes", "google", "1234.apps.googleusercontent.com")
    uses = [Activity("h", "ana", BEGIN + timedelta(hours=n), 3) for n in range(4)]
    scans.read(listing(helper, *uses, since=BEGIN, until=BEGIN + timedelta(days=1)))
    ((records,),) = scans.rows("SELECT records FROM sign")
    later = BEGIN + timedelta(days=2)
    scans.read(listing(helper, uses[0], since=BEGIN, until=later, state=SourceState.PARTIAL))
    assert scans.rows("SELECT records FROM sign") == [(records,)]


def test_f2_denied_and_then_whole_with_less(scans: Scans) -> None:
    scans.read(listing(Seat("a0", "Team", "ana"), Seat("a0", "Team", "ben")))
    denied = listing(state=SourceState.DENIED)
    scans.scan(Told([Listing("one", "one", "one", denied.state, lambda: iter(()))]))
    assert scans.rows("SELECT assigned FROM seat_plan") == [(2,)]
    scans.read(listing(Seat("a0", "Team", "ben")))
    assert scans.rows("SELECT assigned FROM seat_plan") == [(1,)]


def test_a_whole_listing_without_a_page_takes_away_what_it_once_showed(scans: Scans) -> None:
    scans.read(listing(Seat("a0", "Team", "ana")))
    scans.scan(Told([Listing("one", "one", "one", SourceState.PARTIAL, lambda: iter(()))]))
    assert scans.rows("SELECT assigned FROM seat_plan") == [(1,)]
    scans.scan(Told([Listing("one", "one", "one", SourceState.COMPLETE, lambda: iter(()))]))
    assert scans.rows("SELECT assigned FROM seat_plan") == []


def test_a_recording_of_last_year_takes_the_place_of_nothing(scans: Scans) -> None:
    now = BEGIN + timedelta(days=40)
    state = listing(Seat("a0", "Team", "ana"), until=now, key="seats")
    events = listing(
        Activity("a0", "ana", now - timedelta(days=1)),
        since=now - timedelta(days=9),
        until=now,
        key="uses",
    )
    scans.read(state, events)
    old = listing(Seat("a0", "Team", "ben"), until=BEGIN, key="seats")
    older = listing(
        Activity("a0", "ben", BEGIN - timedelta(days=1)),
        since=BEGIN - timedelta(days=9),
        until=BEGIN,
        key="uses",
    )
    assert scans.read(old, older) == [SourceState.ALREADY_READ, SourceState.COMPLETE]
    assert scans.rows(
        "SELECT code FROM evidence JOIN actor ON actor.id = evidence.actor "
        "WHERE channel = 'seat' ORDER BY 1"
    ) == [("ana",)]
    assert scans.days() == {"03-19": 1, "04-28": 1}
    assert scans.store.watermark(fingerprint_of_listing(TENANT, "uses")) == now


# Killed between two listings


def _kept(scans: Scans) -> list[tuple[Any, ...]]:
    return scans.rows(
        "SELECT source.name, actor.code, day, channel, level, plain FROM evidence "
        "JOIN source ON source.id = evidence.source JOIN actor ON actor.id = evidence.actor "
        "ORDER BY 1, 2, 3, 4"
    )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing to be killed without fork")
@pytest.mark.parametrize("dies_at", range(1, 6))
def test_f13_killed_between_two_listings_the_next_scan_stores_the_same(
    tmp_path: Path, dies_at: int
) -> None:
    bay = Bay.of(60)
    with served(bay) as certificates:
        child = os.fork()
        if child == 0:
            _die_at(dies_at, bay, certificates, tmp_path)
        assert os.waitpid(child, 0)[1] == 9
        assert (tmp_path / "shelf.pages").exists()
        asked = len(bay.asked)
        scans = Scans(tmp_path / "x.db")
        with scans.store:
            scans.scan(account(bay, certificates, tmp_path))
            killed = _kept(scans)
        # Whose account it is, and what is not of the profile any more or yet: nothing else is asked.
        assert len(bay.asked) == asked + 1
        assert not (tmp_path / "shelf.pages").exists()
        (tmp_path / "other").mkdir()
        scans = Scans(tmp_path / "other" / "x.db")
        with scans.store:
            scans.scan(account(bay, certificates, tmp_path))
            assert killed == _kept(scans) != []


def _die_at(number: int, bay: Bay, certificates: Path, folder: Path) -> None:
    scans = Scans(folder / "x.db")
    stores = scans.store._insert_status
    count = 0

    def dies(*arguments: Any) -> None:
        nonlocal count
        count += 1
        stores(*arguments)
        if count == number:
            os.kill(os.getpid(), 9)

    scans.store._insert_status = dies  # type: ignore[method-assign,assignment]
    scans.scan(account(bay, certificates, folder))
    os._exit(1)


def test_who_was_known_by_login_is_one_person_when_an_id_alone_is_told(scans: Scans) -> None:
    day, next_day = BEGIN, BEGIN + timedelta(days=1)
    ana = Person("u1", "ana@harbour.example", "Sales")
    scans.read(listing(Activity("a0", "u1", day), since=day, until=day), listing(ana, key="people"))
    refused = listing(state=SourceState.DENIED, key="people")
    scans.read(listing(Activity("a0", "u1", next_day), since=next_day, until=next_day), refused)
    assert (scans.store.actor_count(), scans.days().total()) == (1, 2)
    another = Told(
        [listing(Activity("a0", "u1", next_day), since=next_day, until=next_day)],
        Tenant("bay", "bay-0002"),
    )
    scans.scan(another)
    assert scans.store.actor_count() == 2  # the u1 of another account is somebody else
