"""What was decided on systems that people merged and split again: nothing of it is ever lost."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scanner.config import Config, PolicySettings
from scanner.inventory import identity
from scanner.inventory.changes import changes
from scanner.inventory.identity import Judgement
from scanner.inventory.merged import decided
from scanner.inventory.owners import confirm, owners
from scanner.inventory.recording import ConflictError, RefusedError
from scanner.inventory.review import Review, decide, reviews
from scanner.inventory.review_lists import standpoints
from scanner.inventory.role_decisions import decide_role
from scanner.inventory.roles import claims_of
from scanner.inventory.scope import Place, Scoped, decide_scope, scopes
from scanner.inventory.verdicts import State, exemption
from scanner.model import Decision, RoleStatus
from scanner.store import Store
from tests.inventory.changing import History
from tests.running import SQUID, gnomon
from tests.support import at

NOW = at("2026-11-21T12:00:00Z")
DUE = at("2027-06-01T00:00:00Z")
WHO = Judgement("Mo", "one contract", NOW)
BY = ("--by", "Mo", "--reason", "one contract", "--db", "x.db")


class Board:
    """People who decide on the systems of a database, a minute after each other."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.ids = {name: one for one, name in store.system_names().items()}
        self.now = NOW

    def decide(self, name: str, verdict: str, by: str = "ana", **values: Any) -> Decision:
        self.now += timedelta(minutes=1)
        if verdict.startswith(("approved", "restricted")):
            values.setdefault("review_due", DUE)
        system = self.ids[name]
        made = decide(self.store, system, State(verdict), "why", by, self.now, **values).decision
        assert made is not None
        return made

    def merge(self, stays: str, other: str) -> None:
        made = identity.merge(self.store, self.ids[stays], self.ids[other], WHO)
        self.store.decide(made)

    def split(self, system: str, other: str) -> None:
        made = identity.unmerge(self.store, self.ids[system], self.ids[other], WHO)
        self.store.decide(made)

    def review(self, name: str, *policy: PolicySettings) -> Review:
        return reviews(self.store, self.store.systems(), policy, self.now)[self.ids[name]]

    def stands(self, name: str) -> tuple[str, str]:
        found = self.review(name)
        return found.state.value, found.why


@pytest.fixture
def board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Board]:
    monkeypatch.chdir(tmp_path)
    text = SQUID + SQUID.replace(b"api.openai.com", b"claude.ai")
    (tmp_path / "access.log").write_bytes(text)
    assert gnomon("scan", "access.log", "--db", "x.db").code == 0
    with Store(tmp_path / "x.db") as store:
        yield Board(store)


A, B, C = "Claude", "DeepSeek Chat", "OpenAI API"


def test_a_rejection_of_what_is_merged_in_holds(board: Board) -> None:
    board.decide(B, "rejected", "ben")
    board.merge(A, B)
    assert board.stands(A) == (
        "rejected",
        "decided by ben; nobody has decided on Claude; "
        "DeepSeek Chat was rejected by ben on 2026-11-21",
    )


@pytest.mark.parametrize(("one", "other"), [(A, B), (B, A)])
def test_an_approval_of_one_is_no_approval_of_both(board: Board, one: str, other: str) -> None:
    board.decide(one, "approved")
    board.merge(A, B)
    assert board.stands(A)[0] == "in_review"
    assert f"{one} was approved by ana on 2026-11-21" in board.stands(A)[1]
    assert f"nobody has decided on {other}" in board.stands(A)[1]


def test_verdicts_that_conflict_open_the_review_and_the_strictest_is_told(board: Board) -> None:
    board.decide(A, "approved")
    board.decide(B, "rejected", "ben")
    board.merge(A, B)
    found = board.review(A)
    assert (found.state, found.decided, found.by) == (State.IN_REVIEW, State.REJECTED, "ben")
    assert found.why == (
        "merged or split since: Claude was approved by ana on 2026-11-21; "
        "DeepSeek Chat was rejected by ben on 2026-11-21"
    )


def test_what_was_rejected_is_not_approved_by_way_of_a_merge(board: Board) -> None:
    board.decide(A, "approved")
    board.decide(B, "rejected", "ben")
    board.merge(A, B)
    with pytest.raises(RefusedError, match="what is rejected cannot become approved at once"):
        board.decide(A, "approved")
    board.decide(A, "in_review")
    board.decide(A, "approved", "zoe")
    assert board.stands(A) == ("approved", "decided by zoe")


def test_use_of_what_was_rejected_is_told_while_the_merged_system_is_decided_again(
    board: Board,
) -> None:
    board.now = at("2026-01-01T00:00:00Z")
    board.decide(B, "rejected", "ben")
    board.decide(A, "in_review")
    board.merge(A, B)
    (told,) = [
        one for one in standpoints(board.store, (), board.now) if one.system.id == board.ids[A]
    ]
    assert told.review.state is State.IN_REVIEW
    assert told.is_used_though_rejected


def test_two_approvals_are_one_with_the_limits_of_both(board: Board) -> None:
    sales, hr = exemption("unit=Sales until=2027-01-01"), exemption("unit=HR until=2027-01-01")
    board.decide(A, "restricted", conditions="no names", exceptions=[sales, hr])
    early = DUE - timedelta(days=90)
    board.decide(B, "restricted", "ben", conditions="EU only", exceptions=[sales], review_due=early)
    board.merge(A, B)
    found = board.review(A)
    assert (found.state, found.review_due) == (State.RESTRICTED, early)
    assert (found.conditions, found.exceptions) == ("no names; EU only", (sales,))


def test_a_row_dismissed_because_another_stands_for_it_asks_nothing(board: Board) -> None:
    board.decide(B, "dismissed", code="duplicate")
    board.decide(A, "approved")
    board.merge(A, B)
    assert board.stands(A)[0] == "approved"


def test_a_split_gives_each_its_own_back(board: Board) -> None:
    board.decide(A, "approved")
    board.decide(B, "rejected", "ben")
    before = board.stands(A), board.stands(B)
    board.merge(A, B)
    board.split(A, B)
    assert (board.stands(A), board.stands(B)) == before


def test_what_was_decided_on_the_whole_stays_with_what_stays(board: Board) -> None:
    board.decide(B, "approved", "ben")
    board.merge(A, B)
    board.decide(A, "rejected", "zoe")
    board.split(A, B)
    assert board.stands(A) == ("rejected", "decided by zoe")
    assert board.stands(B) == (
        "in_review",
        "merged or split since: DeepSeek Chat was approved by ben on 2026-11-21; "
        "Claude, which DeepSeek Chat was a part of then, was rejected by zoe on 2026-11-21",
    )


def test_a_rejection_of_the_whole_holds_for_what_is_split_off(board: Board) -> None:
    board.merge(A, B)
    board.decide(A, "rejected", "zoe")
    board.split(A, B)
    assert board.stands(B)[0] == "rejected"


def test_an_approval_of_the_whole_is_none_of_what_is_split_off(board: Board) -> None:
    board.merge(A, B)
    board.decide(A, "approved", "zoe")
    assert board.stands(A) == ("approved", "decided by zoe")
    board.split(A, B)
    assert board.stands(A) == ("approved", "decided by zoe")
    assert board.stands(B)[0] == "in_review"


def test_through_a_chain_of_merges_nothing_is_lost(board: Board) -> None:
    board.decide(A, "rejected", "ben")
    board.merge(B, A)
    board.merge(C, B)
    assert board.stands(C)[0] == "rejected"
    assert "Claude was rejected by ben" in board.stands(C)[1]
    board.split(C, A)
    assert (board.stands(A)[0], board.stands(C)[0]) == ("rejected", "new")


def test_somebody_who_had_not_seen_the_merge_decides_on_nothing(board: Board) -> None:
    seen = board.decide(A, "in_review").number
    board.merge(A, B)
    with pytest.raises(ConflictError, match="Mo decided merged"):
        board.decide(A, "approved", seen=seen)
    assert board.decide(A, "approved", seen=board.review(A).number).verdict == "approved"


def test_nobody_decides_on_what_was_merged_away(board: Board) -> None:
    board.merge(A, B)
    with pytest.raises(RefusedError, match="was merged into Claude"):
        board.decide(B, "approved")


def test_a_role_of_any_part_is_held_and_one_is_not_held_only_by_all(board: Board) -> None:
    def say(name: str, role: str, status: RoleStatus) -> None:
        decide_role(board.store, board.ids[name], role, status, "why", "ana", NOW)

    say(A, "producer", RoleStatus.REJECTED)
    say(B, "producer", RoleStatus.CONFIRMED)
    say(A, "customer", RoleStatus.REJECTED)
    board.merge(A, B)
    found = {one.role: one.status for one in claims_of(board.store)[board.ids[A]]}
    assert found["producer"] is RoleStatus.CONFIRMED
    assert found["customer"] is RoleStatus.CANDIDATE
    say(A, "producer", RoleStatus.REJECTED)
    found = {one.role: one.status for one in claims_of(board.store)[board.ids[A]]}
    assert found["producer"] is RoleStatus.REJECTED


def _scope(board: Board, name: str) -> Scoped:
    found = scopes(board.store, Config(), NOW)
    return next(one for one in found if one.system == board.ids[name])


def test_what_is_out_of_scope_in_part_is_not_out(board: Board) -> None:
    def leave_out(name: str, due: Any = DUE) -> None:
        decide_scope(board.store, board.ids[name], Place.OUT, "test", "ana", NOW,
                     "immaterial", due)  # fmt: skip

    leave_out(A)
    board.merge(A, B)
    assert _scope(board, A).place is Place.UNDECIDED
    assert "Claude was out by ana on 2026-11-21" in _scope(board, A).why
    board.split(A, B)
    early = DUE - timedelta(days=30)
    leave_out(B, early)
    board.merge(A, B)
    assert (_scope(board, A).place, _scope(board, A).review_due) == (Place.OUT, early)
    board.split(A, B)
    decide_scope(board.store, board.ids[B], Place.IN, "large", "ben", NOW)
    board.merge(A, B)
    assert (_scope(board, A).place, _scope(board, A).by) == (Place.IN, "ben")


def test_the_owner_of_what_is_merged_in_is_a_candidate(board: Board) -> None:
    config = Config(db="x.db")
    confirm(board.store, config, board.ids[B], "Zoe", "buys it", "ben", NOW)
    board.merge(A, B)
    found = owners(board.store, config)[board.ids[A]]
    assert found.confirmed is None
    assert found.claim is not None
    assert (found.claim.owner, found.claim.reason) == (
        "Zoe", "confirmed for DeepSeek Chat by ben on 2026-11-21",
    )  # fmt: skip
    confirm(board.store, config, board.ids[A], "Ana", "runs it", "ben", NOW)
    found = owners(board.store, config)[board.ids[A]]
    assert found.claim is not None
    assert (found.claim.owner, [one.owner for one in found.candidates]) == ("Ana", [])


def test_a_policy_on_a_part_is_not_left_behind(board: Board) -> None:
    def says(verdict: Any, **about: str) -> PolicySettings:
        due = None if verdict == "prohibited" else DUE.date()
        return PolicySettings(verdict=verdict, reason="law", by="board", at=NOW.date(),
                              review_due=due, **about)  # fmt: skip

    board.merge(A, B)
    (place,) = [one for one in board.store.places() if one.name == B]
    assert board.review(A, says("prohibited", product=place.product)).state is State.REJECTED
    assert board.review(A, says("prohibited", supplier="deepseek")).state is State.REJECTED
    assert board.review(A, says("approved", supplier="deepseek")).state is State.NEW
    assert board.review(A, says("approved", product=place.product)).state is State.NEW


def test_what_is_merged_is_shown_with_all_that_was_decided(board: Board) -> None:
    board.decide(B, "rejected", "ben")
    board.merge(A, B)
    shown = gnomon("review", "show", A, "--db", "x.db").out
    assert "DeepSeek Chat was rejected by ben" in shown
    history = gnomon("review", "history", A, "--db", "x.db", "--format", "json").json()
    assert [(one["act"], one["name"]) for one in history] == [("merge", A), ("review", B)]
    shown = gnomon("inventory", "show", A, "--db", "x.db", "--format", "json").json()
    assert [one["verdict"] for one in shown["decisions"]] == ["merged", "rejected"]


def test_an_approval_of_a_part_that_ends_is_told_of_the_system(tmp_path: Path) -> None:
    history = History(tmp_path / "x.db", NOW)
    one, other = history.system("One"), history.system("Other")
    history.scan({})
    history.decide(other, "approved", NOW, NOW + timedelta(days=5))
    history.store.decide(identity.merge(history.store, one, other, WHO))
    found = changes(history.store, NOW, None, NOW + timedelta(days=9))
    assert [(each.name, each.text) for each in found if each.kind == "approval_expired"] == [
        ("One", "The approval by Ana Reyes ended on 2026-11-26, and nobody has decided since.")
    ]


def test_without_a_merge_what_speaks_for_a_system_is_what_was_decided_on_it(board: Board) -> None:
    made = [board.decide(A, "in_review"), board.decide(A, "approved")]
    assert decided(board.store).about(board.ids[A]) == made
    assert decided(board.store).about(board.ids[B]) == []
