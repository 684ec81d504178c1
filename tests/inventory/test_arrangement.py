"""Decisions about identity, played in order."""

from typing import Any

from scanner.model import Act
from scanner.store.arrangement import Arrangement

_KNOWN = dict.fromkeys(("a", "b", "c"))


def _played(*decisions: tuple[Act, str, dict[str, Any]]) -> Arrangement:
    result = Arrangement()
    for act, subject, value in decisions:
        result.add(act, subject, value)
    return result


def _merged(stays: str, other: str) -> tuple[Act, str, dict[str, Any]]:
    return Act.MERGE, stays, {"other": other}


def _homes(*decisions: tuple[Act, str, dict[str, Any]]) -> dict[str, str]:
    played = _played(*decisions)
    return {one: played.home(one, _KNOWN) for one in _KNOWN}


def test_what_is_merged_stands_as_the_one_that_stays() -> None:
    assert _homes(_merged("a", "b")) == {"a": "a", "b": "a", "c": "c"}


def test_what_was_merged_before_comes_along() -> None:
    assert _homes(_merged("b", "c"), _merged("a", "b")) == {"a": "a", "b": "a", "c": "a"}


def test_of_two_merges_against_each_other_the_later_holds() -> None:
    assert _homes(_merged("a", "b"), _merged("b", "a")) == {"a": "b", "b": "b", "c": "c"}
    both = (_merged("a", "b"), _merged("b", "c"), _merged("c", "a"))
    assert set(_homes(*both).values()) == {"c"}


def test_a_split_takes_one_merge_back_and_no_other() -> None:
    split = (Act.SPLIT, "a", {"other": "b"})
    assert _homes(_merged("a", "b"), _merged("a", "c"), split) == {"a": "a", "b": "b", "c": "a"}


def test_a_merge_into_what_nobody_knows_counts_nothing() -> None:
    assert _homes(_merged("gone", "b")) == {"a": "a", "b": "b", "c": "c"}


def test_detections_are_split_off_and_merged_back() -> None:
    off = (Act.SPLIT, "a", {"detections": ["d1"], "name": "Pilot", "system": "n"})
    played = _played(off)
    assert (played.moved, played.bases, played.names) == ({"d1": "n"}, {"n": "a"}, {"n": "Pilot"})
    back = _played(off, _merged("a", "n"))
    assert back.home("n", {**_KNOWN, "n": None}) == "a"
    again = _played(off, _merged("a", "n"), off)
    assert again.home("n", {**_KNOWN, "n": None}) == "n"


def test_a_name_is_taken_back_by_an_empty_one() -> None:
    named = (Act.RENAME, "a", {"name": "Ours"})
    assert _played(named).names == {"a": "Ours"}
    assert _played(named, (Act.RENAME, "a", {"name": ""})).names == {"a": ""}


def test_a_decision_without_what_it_needs_changes_nothing() -> None:
    empty: list[tuple[Act, str, dict[str, Any]]] = [
        (Act.MERGE, "a", {}), (Act.MERGE, "a", {"other": "a"}), (Act.SPLIT, "a", {}),
    ]  # fmt: skip
    assert _homes(*empty) == {"a": "a", "b": "b", "c": "c"}
