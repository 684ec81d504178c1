"""Scope: in by what it touches, by rules, or by a person with all that leaving out needs."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from scanner.config import Config, ScopeRuleSettings, ScopeSettings
from scanner.errors import UsageError
from scanner.inventory.recording import ConflictError
from scanner.inventory.scope import Place, Scoped, decide_scope, scope_of, scopes, touches
from scanner.model import (
    Act,
    Claimed,
    Consent,
    Decision,
    Hinted,
    Reached,
    SystemFacts,
    SystemKind,
    Way,
)
from scanner.store import Store
from tests.running import SQUID, gnomon
from tests.support import at

NOW = at("2026-11-21T12:00:00Z")
LATER = at("2027-06-01T00:00:00Z")


def facts(category: str = "assistant", **values: Any) -> SystemFacts:
    return SystemFacts(
        id="ais-1",
        name="Chatbot",
        kind=SystemKind.USED,
        product="deepseek/chat",
        suppliers={"deepseek": "DeepSeek"},
        category=category,
        ai_nature="pure",
        first_scan=1,
        **values,
    )


def reached(area: str) -> Reached:
    return Reached("g1", area, False, False, Way.DELEGATED, Consent.ADMIN, area, 3, False, "entra")


def out(**values: Any) -> ScopeRuleSettings:
    given = {
        "scope": "out",
        "code": "immaterial",
        "reason": "three people",
        "by": "board",
        "review_due": LATER.date(),
    }
    return ScopeRuleSettings(**{**given, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "why"),
    [
        (facts(reached=(reached("mail"), reached("files"))), "may reach files, mail"),
        (facts("hr-recruiting"), "is made to judge applicants and staff"),
        (facts("customer-service"), "is made to serve customers"),
        (
            facts(hints=(Hinted("customer_facing", "a web page", "app.py", 1),)),
            "customers may meet it (a web page)",
        ),
    ],
)
def test_what_touches_customers_or_judges_people_is_in(known: SystemFacts, why: str) -> None:
    everything_out = ScopeSettings(rules=(out(kind="used"),))
    found = scope_of(known, None, everything_out, NOW)
    assert found == Scoped("ais-1", Place.IN, f"in by default: {why}")


def test_what_touches_nobody() -> None:
    assert touches(facts(reached=(reached("identity"),))) == []
    assert scope_of(facts(), None, ScopeSettings(), NOW).place is Place.UNDECIDED
    assert scope_of(facts(), None, ScopeSettings(default="in"), NOW).place is Place.IN


def test_the_first_rule_that_is_about_it_counts_until_its_date() -> None:
    rules = (out(supplier="openai"), out(product="DeepSeek/chat"), out(kind="used", code="not_ai"))
    settings = ScopeSettings(rules=rules)
    found = scope_of(facts(), None, settings, NOW)
    assert (found.place, found.code, found.by, found.review_due) == (
        Place.OUT, "immaterial", "board", LATER,
    )  # fmt: skip
    assert found.why == "by the rule on product DeepSeek/chat"
    assert scope_of(facts(), None, settings, LATER).place is Place.UNDECIDED


def test_a_person_goes_before_all_until_the_date() -> None:
    decision = Decision(
        "ais-1", "out", "tests alone", "ana", NOW, LATER, act=Act.SCOPE,
        value={"code": "immaterial"}, number=4,
    )  # fmt: skip
    known = facts("hr-recruiting")
    found = scope_of(known, decision, ScopeSettings(), NOW)
    assert (found.place, found.is_decided, found.why) == (Place.OUT, True, "decided by ana")
    ended = scope_of(known, decision, ScopeSettings(), LATER)
    assert (ended.place, ended.is_decided, ended.number) == (Place.IN, False, 4)
    assert ended.why.endswith("; out until 2027-06-01, and that is past")


@pytest.mark.parametrize("lacking", ["code", "reason", "by", "review_due"])
def test_a_rule_that_leaves_out_says_all_of_it(lacking: str) -> None:
    with pytest.raises(
        ValueError, match="out of scope needs a code, a reason, by and a review_due"
    ):
        out(kind="used", **{lacking: None})


def test_a_rule_is_about_something_and_the_default_is_never_out() -> None:
    with pytest.raises(ValueError, match="names a product"):
        out()
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"default": "out"}, ScopeSettings)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "access.log").write_bytes(SQUID)
    gnomon("scan", tmp_path / "access.log", "--db", tmp_path / "x.db")
    with Store(tmp_path / "x.db") as opened:
        yield opened


def test_leaving_out_needs_a_code_and_a_date(store: Store) -> None:
    system = store.facts()[0].id
    with pytest.raises(UsageError, match="out of scope needs a code: not_ai"):
        decide_scope(store, system, Place.OUT, "small", "ana", NOW, "", LATER)
    with pytest.raises(UsageError, match="needs a review date"):
        decide_scope(store, system, Place.OUT, "small", "ana", NOW, "immaterial")
    with pytest.raises(UsageError, match="is past"):
        decide_scope(store, system, Place.OUT, "small", "ana", NOW, "immaterial", NOW)
    with pytest.raises(UsageError, match="a code is for what is out alone"):
        decide_scope(store, system, Place.IN, "small", "ana", NOW, "immaterial")
    assert store.decisions() == []
    decide_scope(store, system, Place.OUT, "small", "ana", NOW, "immaterial", LATER, seen=0)
    with pytest.raises(ConflictError, match="ana decided out"):
        decide_scope(store, system, Place.IN, "large", "ben", NOW, seen=0)


def test_scope_and_review_do_not_stand_in_each_others_way(store: Store) -> None:
    from scanner.inventory.review import decide
    from scanner.inventory.verdicts import State

    system = store.facts()[0].id
    decide(store, system, State.IN_REVIEW, "look", "ana", NOW, seen=0)
    decide_scope(store, system, Place.IN, "large", "ben", NOW, seen=0)
    decide(store, system, State.REJECTED, "no", "ana", NOW, seen=1)
    assert [one.act for one in store.decisions()] == ["review", "scope", "review"]


def test_what_is_undecided_has_an_owner_and_a_date(store: Store) -> None:
    settings = Config(scope=ScopeSettings(owner="AI board", decide_within_days=10))
    started = store.scans()[0].started
    found = scopes(store, settings, NOW)
    assert [(one.place, one.owner, one.decide_by) for one in found] == [
        (Place.UNDECIDED, "AI board", started + timedelta(days=10))
    ] * 2
    system = found[0].system
    store.decide(
        Decision(system, "confirmed", "y", "a", NOW, act=Act.OWNER, value={"owner": "Ana"})
    )
    assert {one.system: one.owner for one in scopes(store, settings, NOW)}[system] == "Ana"


def test_the_surest_owner_candidate_decides(store: Store) -> None:
    known = facts(owners=(Claimed("ben", "?", 0.4, "a"), Claimed("ana", "!", 0.9, "a")))
    (found,) = scopes(store, Config(scope=ScopeSettings(owner="board")), NOW, [known])
    assert found.owner == "ana"


def test_same_again_whenever_it_is_read(store: Store) -> None:
    when: datetime = NOW
    assert scopes(store, Config(), when) == scopes(store, Config(), when)
