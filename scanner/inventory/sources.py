"""Sources that are to be forgotten: with their evidence, by a decision of a person."""

from __future__ import annotations

import difflib
from datetime import datetime

from scanner.errors import UsageError
from scanner.model import Act, Decision
from scanner.store import Store

_SUBJECT = "source:"


def forget(store: Store, name: str, by: str, reason: str, at: datetime) -> int:
    """Remove what the sources of that name showed; returns how many there were.

    Raises UsageError if there is none, or nobody says who decides it and why.
    """
    if not by.strip() or not reason.strip():
        raise UsageError("say who decides and why: --by NAME --reason WHY")
    decision = Decision(
        f"{_SUBJECT}{name}", "forgotten", reason.strip(), by.strip(), at, act=Act.FORGET
    )
    number = store.forget(name, decision)
    if not number:
        near = difflib.get_close_matches(name, store.source_names(), n=3, cutoff=0.3)
        hint = f"; did you mean {', '.join(near)}" if near else ""
        raise UsageError(f"no source of that name is stored: {name}{hint}")
    return number
