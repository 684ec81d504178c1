"""Why a system is where it is in the scope: the frame in the reader's words, what was met as it is."""

from __future__ import annotations

from reports.texts import Texts
from scanner.inventory.scope import BY_DEFAULT, BY_PERSON, BY_RULE, NO_RULE

_FRAMES = {BY_DEFAULT: "default", BY_PERSON: "person", BY_RULE: "rule"}


def scope_reason(why: str, texts: Texts) -> str:
    """Return a reason of the inventory in the language of a report."""
    if why == NO_RULE:
        return texts("common.reason.none")
    for begins, name in _FRAMES.items():
        if why.startswith(begins):
            return texts(f"common.reason.{name}", what=why.removeprefix(begins))
    return why
