"""Why a system stands where it does: the frame in the reader's words, what was met as it is."""

from __future__ import annotations

from collections.abc import Iterable

from reports.texts import Texts
from scanner.inventory.grounds import Ground, Value
from scanner.inventory.scope import BY_DEFAULT, BY_PERSON, BY_RULE, NO_RULE

_FRAMES = {BY_DEFAULT: "default", BY_PERSON: "person", BY_RULE: "rule"}


def grounds_in_words(grounds: Iterable[Ground], texts: Texts) -> str:
    """Return why a review stands where it does, in the language of a report or a page."""
    return "; ".join(_ground(one, texts) for one in grounds)


def _ground(ground: Ground, texts: Texts) -> str:
    values = {name: _value(name, one, texts) for name, one in ground.values.items()}
    return texts(f"common.ground.{ground.code}", **values)


def _value(name: str, value: Value, texts: Texts) -> str:
    if isinstance(value, tuple):
        told = (_ground(one, texts) if isinstance(one, Ground) else one for one in value)
        return "; ".join(told)
    if name == "verdict":
        return texts.of("status", value)
    return texts.word(value)


def scope_reason(why: str, texts: Texts) -> str:
    """Return a reason of the inventory in the language of a report."""
    if why == NO_RULE:
        return texts("common.reason.none")
    for begins, name in _FRAMES.items():
        if why.startswith(begins):
            return texts(f"common.reason.{name}", what=why.removeprefix(begins))
    return why
