"""The chain of decisions: each carries a hash of itself and of the one before it.

Whoever changes, removes or puts in a decision afterwards breaks the chain at that place; a note of
the last one tells when it was removed, or another was put behind it. The hash of the last one,
printed on an approved document, proves all before it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

_FIELDS = (
    "id", "act", "subject", "verdict", "reason", "by", "at", "review_due", "conditions", "value",
)  # fmt: skip


HEAD = "decision_head"  # the name of the note of the last decision


class Break(NamedTuple):
    """The first decision that does not follow from those before it, and why."""

    number: int
    reason: str


def link(before: str, row: Mapping[str, Any]) -> str:
    """Return the hash of a decision, as it is stored, that follows one with the hash ``before``."""
    said = json.dumps([before, *(row[name] for name in _FIELDS)], ensure_ascii=True)
    return hashlib.sha256(said.encode()).hexdigest()


def head_of(number: int, digest: str) -> str:
    """Return the note of the last decision."""
    return f"{number} {digest}"


def first_break(rows: Iterable[Mapping[str, Any]], head: str | None = None) -> Break | None:
    """Return where the chain is broken; None if it holds.

    ``rows`` are all decisions in their order; ``head`` is the note of the last one.
    """
    before, number = "", 0
    for row in rows:
        if row["id"] != number + 1:
            return Break(number + 1, f"decision {number + 1} is missing")
        number = row["id"]
        if row["hash"] != link(before, row):
            return Break(number, f"decision {number} is not what it was when it was made")
        before = row["hash"]
    return None if head == (head_of(number, before) if number else None) else _off(head, number)


def _off(head: str | None, number: int) -> Break:
    """Return the break between the last decision and the note of it."""
    noted, _, _ = (head or "").partition(" ")
    if not noted.isdecimal():
        return Break(number, f"the note that decision {number} is the last one is missing")
    if int(noted) > number:
        return Break(number + 1, f"decision {number + 1} is missing")
    return Break(
        int(noted) + 1, "it was not recorded by gnomon, or the note of the last was changed"
    )
