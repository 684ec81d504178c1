"""Locks and catalogs at the top of a repository: whose the packages in them are."""

from scanner.model import Component, Group, Identifier, Tie
from scanner.trees.shared import shared_out


def package(
    name: str,
    tie: Tie,
    group: Group = Group.RUNTIME,
    is_direct: bool | None = True,
    via: tuple[str, ...] = (),
) -> Component:
    return Component("d", Identifier.PACKAGE, name, "", tie, group, is_direct, via, "f", 1)


_ASKED = package("openai", Tie.DECLARED)
_LOCKED = package("openai", Tie.LOCKED)


def test_a_lock_at_the_top_is_of_those_that_asked() -> None:
    pulled = package("tiktoken", Tie.LOCKED, is_direct=False, via=("openai",))
    found = {"": [_LOCKED, pulled], "a": [_ASKED], "b": [package("cohere", Tie.DECLARED)]}
    assert shared_out(found, {}) == {"a": [_LOCKED, pulled, _ASKED], "b": found["b"]}


def test_what_the_top_asked_for_and_what_nobody_did_stays_there() -> None:
    for top in ([_LOCKED, _ASKED], [_LOCKED]):
        below = [_ASKED] if len(top) > 1 else [package("cohere", Tie.DECLARED)]
        assert shared_out({"": top, "a": below}, {}) == {"": top, "a": below}


def test_a_lock_says_for_each_what_it_asked_for() -> None:
    tested = package("openai", Tie.DECLARED, Group.DEV)
    assert shared_out({"": [_LOCKED], "a": [tested]}, {})["a"] == [
        _LOCKED._replace(group=Group.DEV),
        tested,
    ]


def test_a_catalog_of_versions_is_no_wish() -> None:
    offered = package("openai", Tie.DECLARED, is_direct=None)
    found = {"top": [offered], "top/a": [_ASKED, _LOCKED], "other": [_ASKED]}
    assert shared_out(found, {}) == {"top/a": [offered, _ASKED, _LOCKED], "other": [_ASKED]}


def test_who_is_no_member_or_has_a_lock_of_its_own_shares_none() -> None:
    found = {"": [_LOCKED], "apps/a": [_ASKED], "old/b": [_ASKED], "apps/c": [_ASKED, _LOCKED]}
    shared = shared_out(found, {"": ["./apps/*"]})
    assert shared == {"apps/a": [_LOCKED, _ASKED], "old/b": [_ASKED], "apps/c": [_ASKED, _LOCKED]}
