"""What changed: every kind of change from two snapshots, from sources and from decisions."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from scanner.inventory.change_kinds import GRADES, Change, Kind
from scanner.inventory.changes import changes
from scanner.inventory.snapshots import Notes, Seated, Snapshot
from scanner.model import Decision
from tests.inventory.changing import History, told
from tests.running import ROOT
from tests.support import at

DAY = timedelta(days=1)
BEGIN = at("2026-01-01T06:00:00Z")
PLAIN = Snapshot(suppliers={"openai": "OpenAI"}, level=3, channels=("dns",), people=4, week=40)


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "x.db", BEGIN)


def after(snapshot: Snapshot, **values: object) -> Snapshot:
    import msgspec

    return msgspec.structs.replace(snapshot, **values)


def of(
    history: History, before: Snapshot, now: Snapshot, notes: Notes | None = None
) -> list[Change]:
    """Return what changed from one scan to the next."""
    chat = history.system("Chat")
    history.scan({chat: before})
    history.scan({chat: now}, notes={chat: notes or Notes()})
    return changes(history.store, 1, None, history.now)


@pytest.mark.parametrize(
    ("values", "kinds"),
    [
        ({"suppliers": {"azure": "Azure"}}, [Kind.NEW_SUPPLIER, Kind.SUPPLIER_CHANGED]),
        ({"reach": ("mail r own",)}, [Kind.REACH_WIDENED]),
        ({"uploads": True}, [Kind.FIRST_UPLOAD]),
        ({"units": ("Sales",)}, [Kind.NEW_UNIT]),
        ({"plans": {"Team": Seated(5, 3)}}, [Kind.NEW_PLAN]),
        ({"models": ("gpt-5",)}, [Kind.MODEL_CHANGED]),
        ({"parts": ("qdrant/qdrant",)}, [Kind.COMPONENT_CHANGED]),
        ({"roles": ("provider",)}, [Kind.ROLE_CHANGED]),
        ({"week": 400}, [Kind.TENFOLD_USE]),
        ({"people": 30}, [Kind.PEOPLE_GROWN]),
        ({"week": 399}, []),
        ({"people": 5}, []),
        ({"channels": ("dns", "proxy")}, []),
    ],
)
def test_a_difference_is_told_by_its_kind(
    history: History, values: dict[str, object], kinds: list[Kind]
) -> None:
    assert sorted(one.kind for one in of(history, PLAIN, after(PLAIN, **values))) == kinds


@pytest.mark.parametrize(
    ("before", "now", "kinds"),
    [
        ("mail r own", "mail w own", [Kind.REACH_WIDENED]),
        ("mail r own", "mail r all", [Kind.REACH_WIDENED]),
        ("mail w all", "mail r own", [Kind.REACH_NARROWED]),
        ("mail w own", "files w own", [Kind.REACH_NARROWED, Kind.REACH_WIDENED]),
    ],
)
def test_reach_is_wider_where_nothing_before_includes_it(
    history: History, before: str, now: str, kinds: list[Kind]
) -> None:
    found = of(history, after(PLAIN, reach=(before,)), after(PLAIN, reach=(now,)))
    assert sorted(one.kind for one in found) == kinds


def test_a_change_says_what_when_and_by_which_scan(history: History) -> None:
    (found,) = of(history, after(PLAIN, mode="company"), after(PLAIN, mode="company and personal"))
    assert found == Change(
        history.system("Chat"),
        "Chat",
        Kind.ACCOUNT_MODE,
        GRADES[Kind.ACCOUNT_MODE].grade,
        "Its accounts were company, and are company and personal.",
        BEGIN + DAY,
        "company",
        "company and personal",
        ("scan 2",),
    )


def test_seats_are_told_where_they_were_bought_or_handed_out_by_many(history: History) -> None:
    seats = after(PLAIN, plans={"Team": Seated(10, 8)})
    assert told(of(history, seats, after(PLAIN, plans={"Team": Seated(12, 8)}))) == [
        "routine Chat: The seats of Team changed: 10 bought, 8 handed out, now 12 bought, 8 handed out."
    ]


def test_what_comes_first_is_new_and_its_supplier_too(history: History) -> None:
    history.scan({history.system("Chat"): PLAIN})
    assert told(changes(history.store, None, None, history.now)) == [
        "important Chat: OpenAI is a new supplier.",
        "important Chat: Chat of OpenAI was seen for the first time.",
    ]


def test_a_system_that_only_new_signatures_know_is_told_apart(history: History) -> None:
    chat = history.system("Chat")
    history.scan({chat: PLAIN}, notes={chat: Notes(known_before=True)})
    kinds = [one.kind for one in changes(history.store, None, None, history.now)]
    assert kinds == [Kind.NEW_BECAUSE_WE_KNOW_MORE, Kind.NEW_SUPPLIER]


def test_who_comes_back_is_told(history: History) -> None:
    (found,) = of(history, PLAIN, PLAIN, Notes(away=45))
    assert (found.kind, found.after) == (Kind.SEEN_AGAIN, 45)


def test_the_facts_of_a_supplier_are_told_for_each_of_its_systems(history: History) -> None:
    chat = history.system("Chat")
    history.scan({chat: PLAIN}, suppliers={"openai": {"trains_on_data|api": "False"}})
    history.scan({chat: PLAIN}, suppliers={"openai": {"trains_on_data|api": "True"}})
    assert told(changes(history.store, 1, 2, history.now)) == [
        "important Chat: What is known of OpenAI changed: trains on data (api): False, now True."
    ]


@pytest.mark.parametrize(("when", "expected"), [(1, 2), (BEGIN + DAY / 2, 2), (2, 1), (3, 0)])
def test_since_is_a_scan_or_a_time(history: History, when: int | datetime, expected: int) -> None:
    chat = history.system("Chat")
    for units in ((), ("Sales",), ("Legal", "Sales")):
        history.scan({chat: after(PLAIN, units=units)})
    assert len(changes(history.store, when, None, history.now)) == expected
    assert changes(history.store, 1, 1, history.now) == []


def test_the_gravest_system_comes_first_with_all_of_its_changes(history: History) -> None:
    one, other = history.system("A"), history.system("B")
    history.scan({one: PLAIN, other: PLAIN})
    history.scan(
        {one: after(PLAIN, units=("Sales",)), other: after(PLAIN, uploads=True, units=("HR",))}
    )
    assert told(changes(history.store, 1, None, history.now)) == [
        "critical B: Content was sent to it for the first time.",
        "important B: The unit HR uses it.",
        "important A: The unit Sales uses it.",
    ]


def test_an_approval_that_ran_out_is_told_and_one_renewed_in_time_is_not(history: History) -> None:
    one, other = history.system("A"), history.system("B")
    history.scan({one: PLAIN, other: PLAIN})
    for system in (one, other):
        history.decide(system, "approved", BEGIN, review_due=BEGIN + 10 * DAY)
    history.decide(other, "approved", BEGIN + 9 * DAY, review_due=BEGIN + 99 * DAY)
    assert told(changes(history.store, 1, None, BEGIN + 20 * DAY)) == [
        "important A: The approval by Ana Reyes ended on 2026-01-11, and nobody has decided since."
    ]
    assert changes(history.store, 1, None, BEGIN + 9 * DAY) == []


def test_an_approval_that_was_renewed_too_late_is_told_with_who_did(history: History) -> None:
    one = history.system("A")
    history.scan({one: PLAIN})
    history.decide(one, "approved", BEGIN, review_due=BEGIN + 10 * DAY)
    history.decide(one, "approved", BEGIN + 12 * DAY, review_due=BEGIN + 99 * DAY)
    ended = "important A: The approval by Ana Reyes ended on 2026-01-11"
    assert told(changes(history.store, 1, None, BEGIN + 20 * DAY)) == [
        f"{ended}; Ana Reyes decided again on 2026-01-13."
    ]
    assert told(changes(history.store, 1, BEGIN + 11 * DAY, BEGIN + 20 * DAY)) == [
        f"{ended}, and nobody has decided since."
    ]


def test_use_inside_a_window_is_told_also_if_it_went_on_behind_it(history: History) -> None:
    one = history.system("A")
    history.scan({one: PLAIN})
    history.decide(one, "rejected", BEGIN)
    history.used(one, BEGIN + DAY, "allowed")
    history.used(one, BEGIN + 9 * DAY, "allowed")
    assert told(changes(history.store, 1, BEGIN + 2 * DAY, BEGIN + 20 * DAY)) == [
        "critical A: It was used on 2026-01-02, though Ana Reyes rejected it on 2026-01-01."
    ]


def test_use_after_a_refusal_is_critical_and_a_blocked_try_is_none(history: History) -> None:
    one, other = history.system("A"), history.system("B")
    history.scan({one: PLAIN, other: PLAIN})
    for system in (one, other):
        history.decide(system, "rejected", BEGIN)
    history.used(one, BEGIN + DAY, "allowed")
    history.used(other, BEGIN + DAY, "blocked")
    assert told(changes(history.store, 1, None, BEGIN + 2 * DAY)) == [
        "critical A: It was used on 2026-01-02, though Ana Reyes rejected it on 2026-01-01."
    ]


def test_the_policy_rejects_until_a_person_decides(history: History) -> None:
    chat = history.system("Chat")
    history.scan({chat: PLAIN})
    history.used(chat, BEGIN + DAY, "allowed")
    now, policy = BEGIN + 2 * DAY, {chat: BEGIN - DAY}
    (found,) = changes(history.store, 1, None, now, prohibited=policy)
    assert found.kind is Kind.PROHIBITED_SEEN
    history.decide(chat, "approved", BEGIN, review_due=BEGIN + 99 * DAY)
    assert changes(history.store, 1, None, now, prohibited=policy) == []


def test_a_new_candidate_is_told_once(history: History) -> None:
    history.scan({})
    history.sign("gw.harbour.example")
    history.scan({})
    assert told(changes(history.store, 1, None, history.now)) == [
        "routine gw.harbour.example: gw.harbour.example looks like AI, and no signature knows it."
    ]
    history.scan({})
    assert changes(history.store, 2, None, history.now) == []


def test_every_kind_has_a_grade_and_a_reason() -> None:
    assert set(GRADES) == set(Kind)
    assert all(one.reason for one in GRADES.values())


def test_an_empty_database_has_no_changes(history: History) -> None:
    assert changes(history.store, None, None, history.now) == []


def test_a_decision_is_no_reason_to_fail_where_its_system_is_gone(history: History) -> None:
    history.scan({})
    history.store.decide(
        Decision("ais-gone", "approved", "why", "ana", BEGIN, review_due=BEGIN + DAY)
    )
    assert changes(history.store, None, None, BEGIN + 3 * DAY) == []


def test_the_documentation_has_the_table_of_kinds() -> None:
    text = (ROOT / "docs" / "changes.md").read_text()
    rows = [f"| `{kind}` | {one.grade} | {one.reason} |" for kind, one in GRADES.items()]
    assert [line for line in text.splitlines() if line.startswith("| `")] == rows
