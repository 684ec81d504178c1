"""The chain of decisions: whatever is changed, removed or put in afterwards is found."""

import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model import Act, Decision
from scanner.store import Store
from scanner.store.chain import Break, first_break, head_of, link
from tests.running import SQUID, gnomon
from tests.support import at

NOW = at("2026-11-21T12:00:00Z")
_WORDS = st.text(max_size=8)
_FIELDS = (
    "id", "act", "subject", "verdict", "reason", "by", "at", "review_due", "conditions", "value",
    "hash",
)  # fmt: skip
_DECISIONS = st.lists(
    st.fixed_dictionaries(
        {
            "act": st.sampled_from([one.value for one in Act]),
            "subject": _WORDS,
            "verdict": _WORDS,
            "reason": _WORDS,
            "by": _WORDS,
            "at": st.integers(0, 9),
            "review_due": st.none() | st.integers(0, 9),
            "conditions": st.none() | _WORDS,
            "value": _WORDS,
        }
    ),
    min_size=1,
    max_size=6,
)


def chained(said: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], str]:
    """Return decisions as they would be stored, and the note of the last."""
    rows, before = [], ""
    for number, one in enumerate(said, 1):
        row = {"id": number, **one}
        before = row["hash"] = link(before, row)
        rows.append(row)
    return rows, head_of(len(rows), before)


@given(_DECISIONS)
def test_what_is_as_it_was_made_holds(said: list[dict[str, Any]]) -> None:
    rows, head = chained(said)
    assert first_break(rows, head) is None


@given(_DECISIONS, st.data())
def test_any_changed_value_is_found_where_it_is(said: list[dict[str, Any]], data: Any) -> None:
    rows, head = chained(said)
    place = data.draw(st.integers(0, len(rows) - 1))
    name = data.draw(st.sampled_from(_FIELDS))
    other = data.draw(
        (_WORDS | st.integers(0, 9) | st.none()).filter(lambda x: x != rows[place][name])
    )
    rows[place][name] = other
    found = first_break(rows, head)
    assert found is not None
    assert found.number == place + 1


@given(_DECISIONS, st.data())
def test_any_removed_decision_is_found_also_the_last(said: list[dict[str, Any]], data: Any) -> None:
    rows, head = chained(said)
    place = data.draw(st.integers(0, len(rows) - 1))
    del rows[place]
    assert first_break(rows, head) == Break(place + 1, f"decision {place + 1} is missing")


@given(_DECISIONS, st.data(), st.booleans())
def test_any_decision_that_is_put_in_is_found(
    said: list[dict[str, Any]], data: Any, is_numbered_anew: bool
) -> None:
    rows, head = chained(said)
    place = data.draw(st.integers(0, len(rows)))
    before = rows[place - 1]["hash"] if place else ""
    forged = {**said[0], "id": place + 1, "reason": "forged"}
    forged["hash"] = link(before, forged)  # as sound as anybody can make it
    rows.insert(place, forged)
    if is_numbered_anew:
        for number, row in enumerate(rows, 1):
            row["id"] = number
    found = first_break(rows, head)
    assert found is not None
    assert found.number > place


@pytest.fixture
def db(tmp_path: Path) -> Path:
    with Store(tmp_path / "x.db", may_create=True) as store:
        store.decide_all(
            Decision(f"ais-{n}", "in_review", "why", "ana", NOW + timedelta(days=n))
            for n in range(1, 6)
        )
    return tmp_path / "x.db"


def forge(db: Path, statement: str) -> None:
    """Do to a database what its triggers would forbid."""
    connection = sqlite3.connect(db)
    for trigger in ("decision_is_never_changed", "decision_is_never_removed"):
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute(statement)
    connection.commit()
    connection.close()


def verified(db: Path) -> tuple[int, str]:
    ran = gnomon("doctor", "--verify", "--db", db, "--format", "json")
    (finding,) = ran.json()
    assert finding["what"] == "decisions"
    return ran.code, finding["detail"]


def test_doctor_proves_the_chain_and_tells_the_hash_to_compare(db: Path) -> None:
    with Store(db) as store:
        last = store.last_decision()
    assert last is not None
    assert verified(db) == (0, f"5 hold; the last, of 2026-11-26T12:00:00+00:00: {last.hash}")


def test_doctor_has_nothing_to_prove_where_nothing_was_decided(tmp_path: Path) -> None:
    Store(tmp_path / "x.db", may_create=True).__exit__(None, None, None)
    assert verified(tmp_path / "x.db") == (0, "none yet")
    assert gnomon("doctor", "--verify", "--db", tmp_path / "none.db").code == 1


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("UPDATE decision SET verdict = 'approved' WHERE id = 3", 3),
        ("UPDATE decision SET at = at + 1 WHERE id = 1", 1),
        ("UPDATE decision SET hash = '' WHERE id = 5", 5),
        ("DELETE FROM decision WHERE id = 2", 2),
        ("DELETE FROM decision WHERE id = 5", 5),
        ("DELETE FROM decision", 1),
        ("DELETE FROM meta WHERE key = 'decision_head'", 5),
        (
            "INSERT INTO decision (subject, verdict, reason, by, at) VALUES ('a', 'b', 'c', 'd', 1)",
            6,
        ),
        ("UPDATE decision SET id = 7 WHERE id = 5", 5),
    ],
)
def test_doctor_names_the_first_break(db: Path, statement: str, number: int) -> None:
    forge(db, statement)
    code, detail = verified(db)
    assert code == 1
    assert detail.startswith(f"the chain breaks at number {number}: ")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decision SET value = '{' WHERE id = 5",
        "UPDATE decision SET value = '[1]' WHERE id = 5",
        "UPDATE decision SET value = '{\"exceptions\": [{}]}' WHERE id = 5",
        "UPDATE decision SET act = 'forged' WHERE id = 5",
        "UPDATE decision SET at = 9223372036854775807 WHERE id = 5",
        "UPDATE decision SET review_due = -9223372036854775807 WHERE id = 5",
    ],
)
def test_a_decision_that_nobody_can_have_made_is_named_and_breaks_no_command(
    tmp_path: Path, statement: str
) -> None:
    (tmp_path / "access.log").write_bytes(SQUID)
    db = tmp_path / "x.db"
    gnomon("scan", tmp_path / "access.log", "--db", db)
    with Store(db) as store:
        system = store.systems()[0].id
        store.decide_all(Decision(system, "in_review", "why", "ana", NOW) for _ in range(5))
    forge(db, statement)
    ran = gnomon("review", "list", "--db", db)
    assert (ran.code, ran.out) == (1, "")
    assert "changed after it was made" in ran.err
    assert "see `gnomon doctor --verify`" in ran.err
    assert verified(db)[1].startswith("the chain breaks at number 5: decision 5 is not what it was")
