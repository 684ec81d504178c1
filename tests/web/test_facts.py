"""Facts are read once: decisions leave them, and a scan has them read beside the pages."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import NoReturn

import pytest

from benchmarks.inventory import signatures, write_day
from scanner.errors import StoreError
from scanner.inventory import supplier_record
from scanner.inventory.conditions import NETWORK, shows
from scanner.inventory.origin import computed
from scanner.inventory.review import decide
from scanner.inventory.review_lists import Standpoint, standpoints
from scanner.inventory.roles import claims, notes
from scanner.inventory.verdicts import State
from scanner.model import Act, Channel, Decision, SystemFacts
from scanner.store import Reader, SnapshotStore, Store
from scanner.web import facts as module
from scanner.web.facts import FactKeeper
from scanner.web.holding import Holding
from tests.running import SQUID, gnomon
from tests.support import NOW
from tests.web.visiting import House


@pytest.fixture
def db(tmp_path: Path) -> Path:
    (tmp_path / "first.log").write_bytes(SQUID)
    assert gnomon("scan", tmp_path / "first.log", "--db", tmp_path / "g.db").code == 0
    return tmp_path / "g.db"


@pytest.fixture
def keeper(db: Path):
    made = FactKeeper(db, lambda reader: reader.facts())
    yield made
    made.close()


def scan_again(db: Path) -> None:
    log = db.parent / "second.log"
    log.write_bytes(SQUID.replace(b"api.openai.com", b"claude.ai"))
    assert gnomon("scan", log, "--db", db).code == 0


def names(keeper: FactKeeper) -> list[str]:
    return [one.name for one in keeper.facts()]


def wait(keeper: FactKeeper) -> None:
    """Wait for what stands in the line: what is read beside is done then."""
    keeper._beside.submit(lambda: None).result()


def raises(error: Exception) -> NoReturn:
    raise error


def used_at(one: Standpoint) -> tuple[datetime | None, datetime | None]:
    return one.first_used, one.last_used


def test_a_decision_leaves_the_facts_as_they_are(db: Path, keeper: FactKeeper) -> None:
    before, state = keeper.facts(), keeper.state()
    with Store(db) as store:
        decide(store, before[0].id, State.REJECTED, "no", "ana", NOW)
    assert keeper.state() != state
    assert keeper.facts() is before


def test_a_merge_has_them_read_at_once(db: Path, keeper: FactKeeper) -> None:
    first, second = keeper.facts()
    with Store(db) as store:
        said = Decision(
            first.id, "merge", "one", "ana", NOW, act=Act.MERGE, value={"other": second.id}
        )
        store.decide(said)
    assert [one.id for one in keeper.facts()] == [first.id]


def test_after_a_scan_few_facts_are_waited_for(db: Path, keeper: FactKeeper) -> None:
    before = names(keeper)
    scan_again(db)
    assert set(names(keeper)) - set(before) == {"Claude"}


def test_many_are_read_beside_and_taken_over(
    db: Path, keeper: FactKeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_QUICK", 0.0)  # everything takes long
    before = names(keeper)
    state = keeper.state()
    scan_again(db)
    assert names(keeper) == before
    wait(keeper)
    assert keeper.state() != state
    assert "Claude" in names(keeper)


def test_what_failed_beside_is_read_anew(
    db: Path, keeper: FactKeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_QUICK", 0.0)
    keeper.facts()
    scan_again(db)
    with monkeypatch.context() as failing:
        failing.setattr(module, "_read", lambda _: raises(StoreError("in use")))
        keeper.facts()
        wait(keeper)
    with pytest.raises(StoreError, match="in use"):
        keeper.state()
    keeper.facts()
    wait(keeper)
    keeper.state()
    assert "Claude" in names(keeper)


def test_where_nobody_else_waits_new_facts_are_waited_for(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_QUICK", 0.0)
    keeper = FactKeeper(db)
    names(keeper)
    scan_again(db)
    assert "Claude" in names(keeper)
    keeper.close()


def test_a_page_says_what_it_is_of_while_a_later_scan_is_read(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_QUICK", 0.0)
    go = Event()
    work_out = Holding._work_out
    monkeypatch.setattr(
        Holding, "_work_out", lambda self, reader: go.wait(60) and work_out(self, reader)
    )
    house = House(db)
    with house.browser() as browser:
        assert browser.get(house.link()).status_code == 303
        assert "As of the scan of" not in browser.get("/").text
        scan_again(db)
        behind = browser.get("/inventory").text
        assert "As of the scan of" in behind
        assert "Claude" not in behind
        go.set()
        for _ in range(1000):
            if "As of the scan of" not in (page := browser.get("/inventory").text):
                break
        assert "Claude" in page


@pytest.fixture
def year(tmp_path: Path) -> Path:
    """Some days of evidence of any level, with and without bytes, each from a log of its own."""
    known = dict(list(signatures().items())[:12])
    with SnapshotStore(tmp_path / "year.db", may_create=True) as store:
        for number in range(6):
            write_day(store, number, 60, known)
    return tmp_path / "year.db"


def told(facts: SystemFacts) -> list[object]:
    """Return what is worked out from facts, without the ids of evidence."""
    found: list[object] = [replace(one, evidence=()) for one in claims(facts)]
    found += [one._replace(evidence=()) for one in computed(facts)]
    found += [replace(one, evidence=()) for one in notes(facts)]
    return [*found, facts.level, facts.first, facts.last, facts.events, facts.blocked,
            facts.bytes_up, facts.channels, facts.most_people, shows(facts)]  # fmt: skip


def test_facts_that_rules_do_not_tell_apart_say_the_same(year: Path) -> None:
    with Reader(year) as store:
        whole, alike = store.facts(), store.facts_alike(NETWORK)
        assert sum(len(one.seen) for one in alike) < sum(len(one.seen) for one in whole) / 2
        assert [told(one) for one in alike] == [told(one) for one in whole]
        keeper = FactKeeper(year)
        assert [used_at(one) for one in standpoints(keeper, (), NOW)] == [
            used_at(one) for one in standpoints(store, (), NOW)
        ]
        keeper.close()


def test_what_is_not_of_the_network_stays_apart_by_its_source(year: Path) -> None:
    with Reader(year) as store:
        assert store.facts_alike(NETWORK - {Channel.PROXY, Channel.DNS}) == store.facts()


def test_a_page_about_one_system_names_the_rows_of_every_source(db: Path) -> None:
    again = db.parent / "third.log"
    again.write_bytes(SQUID.replace(b"17952263", b"17953263"))
    assert gnomon("scan", again, "--db", db).code == 0
    browser = House(db).signed_in()
    with Reader(db) as store:
        (openai,) = (one for one in store.facts() if one.name == "OpenAI API")
    assert len(openai.seen) == 2
    page = browser.get(f"/systems/{openai.id}").text
    assert all(f"evidence?row={one.id}" in page for one in openai.seen)
    asked = browser.get("/suppliers/openai/questions/Q02").text
    assert all(one.source in asked for one in openai.seen)
    document = browser.get("/documents/supplier/json?about=openai").json()
    assert openai.seen[0].id in str(document)
    assert openai.seen[1].id in str(document)


def test_the_document_of_the_scope_has_the_hash_that_the_command_line_gives(db: Path) -> None:
    browser = House(db).signed_in()
    made = gnomon("report", "scope", "--as", "json", "--db", db).json()
    digest = made["data"]["evidence_sha256"]
    assert browser.get("/documents/scope/json").json()["data"]["evidence_sha256"] == digest


def test_a_decision_has_no_record_made_anew_but_those_that_it_touches(
    year: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(year)
    browser = house.signed_in()
    before = browser.get("/suppliers").text
    made: list[str] = []
    record_of = supplier_record.record_of
    monkeypatch.setattr(
        supplier_record, "record_of",
        lambda given, *rest: made.append(given.use.id) or record_of(given, *rest),
    )  # fmt: skip
    house.clock.passes(minutes=2)  # pages are made anew, and nothing else has changed
    assert browser.get("/suppliers").text == before
    assert made == []
    with Store(year) as store:
        (one,) = (one for one in store.systems() if one.name == "Product 3")
        decide(store, one.id, State.REJECTED, "no", "ana", NOW)
    assert browser.get("/suppliers").status_code == 200
    assert made == ["v3"]


def test_a_review_that_ends_within_the_day_is_seen_to_have_ended(db: Path) -> None:
    house = House(db)
    browser = house.signed_in()
    with Store(db) as store:
        store.decide(Decision(
            "supplier:openai", "approved", "yes", "ana", NOW - timedelta(days=1),
            review_due=NOW + timedelta(minutes=10),
        ))  # fmt: skip
    assert "/suppliers/openai" not in browser.get("/suppliers?state=expired").text
    house.clock.passes(minutes=11)
    assert "/suppliers/openai" in browser.get("/suppliers?state=expired").text
