"""Taking back a verdict: a new decision that says again what stood before it. Nothing is erased."""

from __future__ import annotations

from collections.abc import Callable, Container
from datetime import datetime

from scanner.inventory.merged import decided
from scanner.inventory.recording import ConflictError, Draft, Outcome, RefusedError, record_one
from scanner.inventory.review import of_itself
from scanner.inventory.verdicts import State, state_of
from scanner.model import Act, Decision
from scanner.store import Store

# Words the reason: the decision that is taken back, what stands again, and what stood before it.
Wording = Callable[[Decision, State, Decision | None], str]


def undo(
    store: Store,
    number: int,
    by: str,
    at: datetime,
    may_say: Container[State],
    wording: Wording,
) -> Outcome:
    """Record that the verdict of that number is taken back by whoever gave it.

    What stood before it stands again with its conditions, exceptions, code and review date. Where
    that cannot be (nobody had decided; what stood has run out since; ``may_say`` does not hold it),
    the system is in review. Raises ConflictError if somebody decided since, RefusedError if it is
    no verdict of theirs.
    """
    undone = next((one for one in store.decisions(Act.REVIEW) if one.number == number), None)
    if undone is None or undone.by != by:
        raise RefusedError(f"decision {number} is no verdict of {by}")
    made = decided(store).made(undone.subject, Act.REVIEW)
    newest = decided(store).newest(undone.subject, Act.REVIEW) or undone
    if number not in (newest.number, newest.value.get("restores")):
        text = f"{newest.by} decided {newest.verdict} since (decision {newest.number})"
        raise ConflictError(f"{text}; nothing was taken back", newest)
    before = max(
        (one for one in made if one.number < number), key=lambda one: one.number, default=None
    )
    drafted = _restored(undone, before, by, at, may_say, wording)
    return record_one(store, Draft(drafted, newest.number), _judge)


def _restored(
    undone: Decision,
    before: Decision | None,
    by: str,
    at: datetime,
    may_say: Container[State],
    wording: Wording,
) -> Decision:
    """Return what stands again; where that cannot be, that the system is in review."""
    if before is not None and (state := state_of(before.verdict)) in may_say:
        again = Decision(
            undone.subject, state.value, wording(undone, state, before), by, at,
            before.review_due, before.conditions,
            value={**_kept(before), "undoes": undone.number, "restores": before.number},
        )  # fmt: skip
        if not any(of_itself(again)):
            return again
    reason = wording(undone, State.IN_REVIEW, before)
    value = {"undoes": undone.number, **({"restores": before.number} if before else {})}
    return Decision(undone.subject, State.IN_REVIEW.value, reason, by, at, value=value)


def _kept(before: Decision) -> dict[str, object]:
    return {name: before.value[name] for name in ("exceptions", "code") if name in before.value}


def _judge(decision: Decision, _: Decision | None) -> str:
    """Return what is wrong with it of itself: what stood before needs no way back through review."""
    return next((one.text for one in of_itself(decision)), "")
