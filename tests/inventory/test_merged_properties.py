"""Whatever people merge and split, what they decided comes back, and no rejection is ever lost."""

from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.config import Config
from scanner.errors import UsageError
from scanner.inventory import identity
from scanner.inventory.identity import Judgement
from scanner.inventory.merged import decided
from scanner.inventory.owners import owners
from scanner.inventory.review import reviews
from scanner.inventory.roles import claims_of
from scanner.inventory.scope import scopes
from scanner.inventory.verdicts import State
from scanner.inventory.weighing import weigh
from scanner.model import Act, Decision
from scanner.store import Store
from tests.inventory.changing import History
from tests.support import at

NOW = at("2026-11-21T12:00:00Z")
DUE = at("2027-06-01T00:00:00Z")
WHO = Judgement("Mo", "why", NOW)
NAMES = ("One", "Two", "Three", "Four")
_SAID: tuple[tuple[Act, str, dict[str, Any]], ...] = (
    (Act.REVIEW, "approved", {}),
    (Act.REVIEW, "restricted", {}),
    (Act.REVIEW, "rejected", {}),
    (Act.REVIEW, "in_review", {}),
    (Act.REVIEW, "retired", {}),
    (Act.REVIEW, "dismissed", {"code": "duplicate"}),
    (Act.SCOPE, "in", {}),
    (Act.SCOPE, "out", {"code": "immaterial"}),
    (Act.ROLE, "confirmed", {"role": "producer"}),
    (Act.ROLE, "rejected", {"role": "producer"}),
    (Act.OWNER, "confirmed", {"owner": "Zoe"}),
    (Act.FIELD, "said", {"field": "purpose", "value": "quotes"}),
)
_PLACE = st.integers(0, len(NAMES) - 1)
_ACTS = st.lists(st.tuples(_PLACE, st.integers(0, len(_SAID) - 1)), max_size=12)
_MERGES = st.lists(st.tuples(_PLACE, _PLACE), min_size=1, max_size=6)


def _decide(store: Store, system: str, what: int, when: datetime) -> None:
    act, verdict, value = _SAID[what]
    allows = verdict in ("approved", "restricted", "out")
    store.decide(
        Decision(system, verdict, "why", "ana", when, DUE if allows else None, act=act, value=value)
    )


def _merge(store: Store, ids: list[str], merges: list[tuple[int, int]]) -> list[tuple[str, str]]:
    """Merge what can be; returns who was merged into whom."""
    made = []
    for stays, other in merges:
        try:
            decision = identity.merge(store, ids[stays], ids[other], WHO)
        except UsageError:  # they are one already
            continue
        store.decide(decision)
        made.append((decision.subject, str(decision.value["other"])))
    return made


def _picture(store: Store) -> object:
    """Return all that decisions say of every system, but which is the newest thing to have seen."""
    systems = store.system_names()
    known = decided(store)
    config = Config(db=str(store.path))
    found = {one.system: one for one in scopes(store, config, NOW)}
    return {
        one: (
            weigh(known, one)._replace(seen=0),
            known.said(one),
            claims_of(store, [one])[one],
            (found[one].place, found[one].why, found[one].by),
            owners(store, config)[one].claim,
        )
        for one in systems
    }


def _history(folder: str) -> tuple[History, list[str]]:
    history = History(Path(folder, "x.db"), NOW)
    ids = [history.system(name) for name in NAMES]
    for one in ids:
        history.used(one, NOW, "allowed")
    history.scan({})
    return history, ids


@settings(max_examples=40)
@given(_ACTS, _MERGES)
def test_splitting_what_was_merged_gives_everything_back(
    said: list[tuple[int, int]], merges: list[tuple[int, int]]
) -> None:
    with TemporaryDirectory() as folder:
        history, ids = _history(folder)
        store = history.store
        for number, (system, what) in enumerate(said):
            _decide(store, ids[system], what, NOW + timedelta(minutes=number))
        before = _picture(store)
        for stays, other in reversed(_merge(store, ids, merges)):
            store.decide(identity.unmerge(store, stays, other, WHO))
        assert _picture(store) == before
        assert store.first_break() is None


_STEP = st.one_of(
    st.tuples(st.just("decide"), _PLACE, st.integers(0, len(_SAID) - 1)),
    st.tuples(st.just("merge"), _PLACE, _PLACE),
    st.tuples(st.just("split"), _PLACE, _PLACE),
)


@settings(max_examples=60)
@given(st.lists(_STEP, max_size=14))
def test_no_merge_and_no_split_takes_a_rejection_or_gives_an_approval(
    steps: list[tuple[str, int, int]],
) -> None:
    with TemporaryDirectory() as folder:
        history, ids = _history(folder)
        store = history.store
        for number, (what, one, other) in enumerate(steps):
            if what == "decide":
                if ids[one] in store.system_names():
                    _decide(store, ids[one], other, NOW + timedelta(minutes=number))
                continue
            before = _stands(store)
            try:
                change = identity.merge if what == "merge" else identity.unmerge
                store.decide(change(store, ids[one], ids[other], WHO))
            except UsageError:
                continue
            after = _stands(store)
            homes = decided(store).homes
            for system, (state, verdict) in before.items():
                home = homes.get(system, system)
                if verdict is State.REJECTED:
                    assert after[home][1] is State.REJECTED, (system, home)
                if after.get(system, (None,))[0] is State.APPROVED:
                    assert state is State.APPROVED or what == "split"


def _stands(store: Store) -> dict[str, tuple[State, State | None]]:
    found = reviews(store, store.systems(), (), NOW)
    return {system: (one.state, one.decided) for system, one in found.items()}
