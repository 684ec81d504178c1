"""Where a system stands: what people decided, what the policy says, and what time and change make of it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scanner.config import Config, PolicySettings
from scanner.errors import UsageError
from scanner.inventory import changes as changing
from scanner.inventory.change_kinds import Change, Kind, change
from scanner.inventory.grounds import Ground
from scanner.inventory.policy import standing, unmet
from scanner.inventory.recording import ConflictError, RefusedError
from scanner.inventory.reopening import REOPENS
from scanner.inventory.review import Review, decide, review, reviewed, reviews
from scanner.inventory.review_lists import Standpoint, standpoints
from scanner.inventory.verdicts import (
    RULES,
    VERDICTS,
    Exemption,
    State,
    exemption,
    exemptions,
    flaws,
)
from scanner.model import AISystem, Decision, Level, SystemKind
from scanner.store import Store
from tests.running import SQUID, gnomon
from tests.support import at

NOW = at("2026-11-21T12:00:00Z")
LATER = at("2027-06-01T00:00:00Z")
CHATBOT = AISystem(
    id="ais-1",
    name="Chatbot",
    supplier_id="deepseek",
    supplier="DeepSeek",
    product="deepseek/chat",
    category="assistant",
    kind=SystemKind.USED,
    status="new",
    channels=("proxy",),
    level=Level.USED,
    first_seen=at("2026-11-01T00:00:00Z"),
    last_seen=at("2026-11-20T00:00:00Z"),
    events=3,
    blocked=0,
    users=1,
    bytes_up=0,
    bytes_down=0,
    first_scan=1,
)


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "access.log").write_bytes(SQUID)
    assert gnomon("scan", "access.log", "--db", "x.db").code == 0
    return tmp_path / "x.db"


@pytest.fixture
def store(db: Path) -> Iterator[Store]:
    with Store(db) as opened:
        yield opened


def the(store: Store, name: str) -> str:
    """Return the id of the system of that name."""
    return next(one for one, known in store.system_names().items() if known == name)


def decided(verdict: str, **values: Any) -> Decision:
    return Decision("ais-1", verdict, "why", "ana", NOW, number=1, **values)


def policy(verdict: str = "prohibited", **values: Any) -> PolicySettings:
    if verdict != "prohibited":
        values.setdefault("review_due", LATER.date())
        values.setdefault("conditions", "no customer data")
    return PolicySettings(verdict=verdict, reason="law", by="board", at=NOW.date(), **values)  # type: ignore[arg-type]


def changed(kind: str, text: str, when: datetime, system: str = "ais-1") -> Change:
    return change(system, "Chatbot", Kind(kind), text, when)


def state(decision: Decision | None, now: datetime = NOW, *changes: Change) -> str:
    return review(CHATBOT, decision, None, now, changes).state


# What the rules say


def test_every_state_can_be_reached_and_left() -> None:
    assert set(RULES) == set(State)
    for verdict in VERDICTS:
        assert State.NEW in RULES[verdict].follows
        assert State.IN_REVIEW in RULES[verdict].follows
        assert verdict in RULES[State.IN_REVIEW].follows
    assert RULES[State.NEW].follows == frozenset()


@pytest.mark.parametrize("verdict", ["approved", "approved_with_conditions", "restricted"])
def test_an_approval_without_a_review_date_is_refused(verdict: str) -> None:
    (said,) = flaws(State(verdict), None, "no customer data", (), "", NOW)
    assert said.about == "review_due"
    assert said.text == f"{verdict} needs a review date: how long does it hold"


def test_all_that_a_verdict_lacks_is_said_each_of_its_field() -> None:
    found = flaws(State.RESTRICTED, NOW, None, (), "noise", NOW)
    assert [(one.about, one.kind) for one in found] == [
        ("review_due", "review_past"),
        ("conditions", "no_limits"),
        ("code", "no_code_here"),
    ]


@pytest.mark.parametrize(
    ("verdict", "due", "conditions", "exceptions", "code", "said"),
    [
        (State.APPROVED, NOW, None, (), "", "the review date 2026-11-21 is past"),
        (State.RESTRICTED, LATER, None, (), "", "restricted needs conditions or an exception"),
        (State.DISMISSED, None, None, (), "", "dismissed needs a code: not_ai, duplicate"),
        (State.DISMISSED, None, None, (), "because", "dismissed needs a code"),
        (State.RETIRED, None, None, (), "not_ai", "a code is for dismissed alone"),
        (State.NEW, None, None, (), "", "it cannot be decided"),
        (State.RETIRED, None, None, ("unit=A until=2027-01-01",), "", "takes no exceptions"),
        (State.REJECTED, None, None, ("unit=A until=2026-01-01",), "", "has ended already"),
    ],
)
def test_what_a_verdict_lacks_is_said(
    verdict: State,
    due: datetime | None,
    conditions: str | None,
    exceptions: tuple[str, ...],
    code: str,
    said: str,
) -> None:
    found = flaws(verdict, due, conditions, tuple(map(exemption, exceptions)), code, NOW)
    assert said in next(found).text


def test_sound_verdicts() -> None:
    sales = (exemption("unit=Sales until=2027-01-01"),)
    assert not list(flaws(State.APPROVED, LATER, None, (), "", NOW))
    assert not list(flaws(State.RESTRICTED, LATER, None, sales, "", NOW))
    assert not list(flaws(State.REJECTED, None, None, sales, "", NOW))
    assert not list(flaws(State.DISMISSED, None, None, (), "not_ai", NOW))


def test_exceptions_have_a_scope_and_an_end() -> None:
    day = at("2027-01-01T00:00:00Z").date()
    assert exemption("unit=Human Resources until=2027-01-01") == Exemption(
        "Human Resources", (), day
    )
    assert exemptions("users=ana, ben until=2027-01-01; until=2027-01-01 unit=A=B") == (
        Exemption("", ("ana", "ben"), day),
        Exemption("A=B", (), day),
    )
    assert exemption(Exemption("Sales", ("ana",), day).text) == Exemption("Sales", ("ana",), day)
    assert exemptions("") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Sales", "write it as unit=Sales"),
        ("unit=Sales", "write it as unit=Sales"),
        ("until=2027-01-01", "it names no unit and no users"),
        ("unit=Sales until=tomorrow", "'tomorrow' is no day"),
        ("unit=A unit=B until=2027-01-01", "write it as"),
        ("everybody unit=A until=2027-01-01", "write it as"),
    ],
)
def test_exceptions_that_say_too_little(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        exemption(text)


# What is in force


def test_what_nobody_decided_is_new() -> None:
    assert review(CHATBOT, None, None, NOW) == Review("ais-1", State.NEW, (Ground("undecided"),))


def test_an_approval_ends_by_itself() -> None:
    approval = decided("approved", review_due=LATER)
    assert state(approval, LATER - timedelta(microseconds=1)) == "approved"
    found = review(CHATBOT, approval, None, LATER)
    assert (found.state, found.decided) == (State.IN_REVIEW, State.APPROVED)
    assert found.why == "approved until 2027-06-01; that is past"


def test_a_refusal_does_not_end() -> None:
    assert state(decided("rejected", review_due=LATER), LATER + timedelta(days=900)) == "rejected"


@pytest.mark.parametrize("kind", sorted(REOPENS))
def test_a_material_change_opens_it_again(kind: str) -> None:
    one = changed(kind, "it may read mail now", NOW + timedelta(days=1))
    found = review(CHATBOT, decided("approved", review_due=LATER), None, NOW, [one])
    assert (found.state, found.why) == (State.IN_REVIEW, "changed since: it may read mail now")
    assert found.changes == (one,)


def test_changes_that_were_known_or_do_not_matter_open_nothing() -> None:
    before = changed("new_unit", "HR uses it", NOW)
    other = changed("seats_changed", "4 seats", NOW + timedelta(days=1))
    assert state(decided("approved", review_due=LATER), NOW, before, other) == "approved"
    after = replace(before, at=NOW + timedelta(days=1))
    assert state(decided("rejected"), NOW, after) == "rejected"
    assert state(decided("dismissed"), NOW, after) == "dismissed"


def test_what_is_retired_and_seen_again_is_in_review() -> None:
    assert state(decided("retired")) == "retired"
    again = replace(CHATBOT, last_seen=NOW + timedelta(days=1))
    found = review(again, decided("retired"), None, NOW)
    assert (found.state, found.why) == (State.IN_REVIEW, "retired, and seen again since")


def test_words_of_older_databases() -> None:
    assert state(decided("prohibited")) == "rejected"
    assert state(decided("something else")) == "in_review"


# Policy


def test_the_policy_shows_as_such_and_a_person_goes_before_it() -> None:
    found = review(CHATBOT, None, standing(CHATBOT, [policy(supplier="deepseek")]), NOW)
    assert (found.state, found.is_standing) == (State.REJECTED, True)
    assert (found.why, found.by) == ("by the policy on the supplier deepseek", "board")
    law = standing(CHATBOT, [policy(supplier="deepseek")])
    assert review(CHATBOT, decided("approved", review_due=LATER), law, NOW).state == "approved"
    ended = review(CHATBOT, decided("approved", review_due=LATER), law, LATER)
    assert (ended.state, ended.is_standing, ended.number) == (State.REJECTED, True, 1)


def test_a_standing_approval_ends_too() -> None:
    law = standing(CHATBOT, [policy("approved", category="assistant")])
    assert review(CHATBOT, None, law, NOW).state == "approved"
    assert review(CHATBOT, None, law, LATER).state == "in_review"


def test_the_narrowest_policy_counts_and_of_equals_the_strictest() -> None:
    wide = policy(category="assistant")
    narrow = policy("approved", product="DeepSeek/Chat")
    assert standing(CHATBOT, [wide, narrow]).state is State.APPROVED  # type: ignore[union-attr]
    equals = [policy("approved", supplier="deepseek"), policy("restricted", supplier="deepseek")]
    assert standing(CHATBOT, equals).state is State.RESTRICTED  # type: ignore[union-attr]
    assert standing(CHATBOT, [policy(supplier="openai")]) is None
    assert unmet([CHATBOT], [wide, policy(supplier="openai")]) == [policy(supplier="openai")]


def test_of_what_is_built_one_prohibited_supplier_is_enough_and_one_approved_is_not() -> None:
    built = replace(CHATBOT, kind=SystemKind.BUILT, supplier_id="deepseek,openai")
    assert standing(built, [policy("approved", supplier="openai")]) is None
    assert standing(built, [policy(supplier="deepseek")]) is not None


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"supplier": "a", "product": "b"}, "one of them"),
        ({}, "one of them"),
        ({"supplier": "a", "verdict": "approved", "review_due": None}, "needs a review_due"),
        ({"supplier": "a", "verdict": "restricted", "conditions": None}, "needs conditions"),
    ],
)
def test_a_policy_that_says_too_little_or_too_much(values: Mapping[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        policy(**values)


# Deciding


def test_a_decision_is_recorded_with_all_it_says(store: Store) -> None:
    system = the(store, "OpenAI API")
    sales = exemption("unit=Sales until=2027-01-01")
    outcome = decide(
        store, system, State.RESTRICTED, " for tests ", " ana ", NOW, LATER, "no names", [sales]
    )
    assert outcome.decision is not None
    assert store.decisions_on(system) == [outcome.decision]
    found = reviews(store, store.systems(), (), NOW)[system]
    assert found == Review(
        system=system,
        state=State.RESTRICTED,
        grounds=(Ground("decided", {"by": "ana"}),),
        decided=State.RESTRICTED,
        by="ana",
        at=NOW,
        reason="for tests",
        review_due=LATER,
        conditions="no names",
        exceptions=(sales,),
        number=1,
        decision=1,
    )
    assert found.exceptions_in_force(NOW) == (sales,)
    assert found.exceptions_in_force(at("2027-01-01T00:00:00Z")) == ()
    statuses = {one.name: one.status for one in reviewed(store, (), NOW)}
    assert statuses == {"OpenAI API": "restricted", "DeepSeek Chat": "new"}


def test_what_may_not_be_decided_leaves_nothing_behind(store: Store) -> None:
    system = the(store, "OpenAI API")
    with pytest.raises(RefusedError, match="needs a review date"):
        decide(store, system, State.APPROVED, "why", "ana", NOW)
    with pytest.raises(RefusedError, match="needs a name"):
        decide(store, system, State.REJECTED, "why", "  ", NOW)
    with pytest.raises(RefusedError, match="needs a reason"):
        decide(store, system, State.REJECTED, "\n", "ana", NOW)
    with pytest.raises(RefusedError, match="more than 10,000 characters"):
        decide(store, system, State.REJECTED, "x" * 10_001, "ana", NOW)
    assert store.decisions() == []
    assert store.first_break() is None


def test_a_refusal_is_not_overruled_at_once(store: Store) -> None:
    system = the(store, "DeepSeek Chat")
    decide(store, system, State.REJECTED, "law", "ana", NOW)
    with pytest.raises(RefusedError, match="what is rejected cannot become approved at once"):
        decide(store, system, State.APPROVED, "why", "ben", NOW, LATER)
    decide(store, system, State.IN_REVIEW, "the law changed", "ben", NOW)
    decide(store, system, State.APPROVED, "why", "ben", NOW, LATER)
    assert [one.verdict for one in store.decisions()] == ["rejected", "in_review", "approved"]


def test_who_has_not_seen_the_newest_decision_is_told(store: Store) -> None:
    system = the(store, "OpenAI API")
    decide(store, system, State.IN_REVIEW, "look", "ana", NOW, seen=0)
    with pytest.raises(ConflictError, match=r"ana decided in_review at 2026-11-21T12:00:00Z .* 1"):
        decide(store, system, State.REJECTED, "no", "ben", NOW, seen=0)
    decide(store, system, State.REJECTED, "no", "ben", NOW, seen=1)
    assert decide(store, system, State.REJECTED, "no", "ben", NOW, seen=1).is_same
    assert [one.by for one in store.decisions()] == ["ana", "ben"]


def test_an_approval_can_be_renewed_in_the_same_words(store: Store) -> None:
    system = the(store, "OpenAI API")
    for seen in (0, 1):
        decide(store, system, State.APPROVED, "fine", "ana", NOW, LATER, seen=seen)
    assert len(store.decisions()) == 2


def test_a_clock_that_went_back_is_said_and_both_times_are_kept(store: Store) -> None:
    system = the(store, "OpenAI API")
    decide(store, system, State.IN_REVIEW, "look", "ana", NOW)
    outcome = decide(store, system, State.REJECTED, "no", "ben", NOW - timedelta(days=1))
    assert outcome.note.startswith("the clock went back: this decision is of 2026-11-20T12:00:00Z")
    last = store.decisions_on(system)[0]
    assert last.at == NOW - timedelta(days=1)
    assert last.value == {"last_decision_at": "2026-11-21T12:00:00Z"}
    assert reviews(store, store.systems(), (), NOW)[system].state == "rejected"


def test_a_system_that_is_not_there(store: Store) -> None:
    with pytest.raises(UsageError, match="no AI system is known as 'ais-nowhere'"):
        decide(store, "ais-nowhere", State.REJECTED, "no", "ben", NOW)
    store.decide(Decision("ais-nowhere", "approved", "why", "ana", NOW))
    with pytest.raises(
        UsageError, match="is gone from the inventory; what was decided on it stays"
    ):
        decide(store, "ais-nowhere", State.REJECTED, "no", "ben", NOW)


def test_changes_are_asked_for_only_where_something_is_allowed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[datetime] = []
    system = the(store, "OpenAI API")
    seen = changed("new_unit", "HR uses it", NOW + timedelta(hours=1), system)

    def changes(_: Store, since: datetime, *_until: datetime, kinds: Any) -> list[Change]:
        asked.append(since)
        return [seen] if seen.kind in kinds else []

    monkeypatch.setattr(changing, "changes", changes)
    tomorrow = NOW + timedelta(days=1)
    assert reviews(store, store.systems(), (), tomorrow)[system].state == "new"
    assert asked == []
    decide(store, system, State.APPROVED, "why", "ana", NOW, LATER)
    assert reviews(store, store.systems(), (), tomorrow)[system].changes == (seen,)
    assert asked == [NOW]


def test_tenfold_use_is_told_against_what_it_was_when_it_was_allowed(db: Path) -> None:
    with Store(db) as store:
        system = the(store, "OpenAI API")
        when = store.scans()[0].started
        decide(store, system, State.APPROVED, "why", "ana", when, LATER)
    line = SQUID.splitlines(keepends=True)[0]
    much = b"".join(line.replace(b"1795226310", b"%d" % (1795226310 + n)) for n in range(1, 500))
    (db.parent / "more.log").write_bytes(much)
    assert gnomon("scan", "more.log", "--db", db).code == 0
    with Store(db) as store:
        later = store.scans()[0].started
        found = reviews(store, store.systems(), (), later + timedelta(days=1))[system]
    assert found.state is State.IN_REVIEW
    assert "ten times as much" in found.why


# Lists


def listed(store: Store, now: datetime = NOW) -> dict[str, Standpoint]:
    return {one.system.name: one for one in standpoints(store, Config().policy, now)}


def test_used_before_approved_and_used_though_rejected(store: Store) -> None:
    seen = datetime(2026, 11, 21, 1, 58, 30, 136000, tzinfo=UTC)  # as the log has it
    system = the(store, "OpenAI API")
    assert listed(store)["OpenAI API"].first_used == seen
    assert not listed(store)["OpenAI API"].is_used_before_approved  # nobody approved it
    decide(store, system, State.APPROVED, "why", "ana", NOW, LATER)
    assert listed(store)["OpenAI API"].is_used_before_approved
    decide(store, system, State.REJECTED, "why", "ana", seen - timedelta(days=1))
    assert listed(store)["OpenAI API"].is_used_though_rejected


def test_what_was_kept_out_is_no_use(store: Store) -> None:
    blocked = listed(store)["DeepSeek Chat"]
    assert (blocked.first_used, blocked.last_used) == (None, None)
    decide(store, blocked.system.id, State.REJECTED, "law", "ana", at("2026-01-01T00:00:00Z"))
    assert not listed(store)["DeepSeek Chat"].is_used_though_rejected


def test_approvals_that_end_soon_and_what_is_undecided(store: Store) -> None:
    decide(store, the(store, "OpenAI API"), State.APPROVED, "why", "ana", NOW, LATER)
    found = listed(store)
    assert found["OpenAI API"].ends_within(400, NOW)
    assert not found["OpenAI API"].ends_within(30, NOW)
    assert [one.is_undecided for one in found.values()] == [True, False]
    assert [one.is_undecided for one in listed(store, LATER).values()] == [True, True]
    assert listed(store, LATER)["OpenAI API"].ends_within(0, LATER)
