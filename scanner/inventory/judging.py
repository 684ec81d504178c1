"""What people decide about a candidate: that it is AI, and how it is known from now on, or that it is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from scanner.errors import UsageError
from scanner.inventory.candidates import candidates
from scanner.inventory.promotion import promote
from scanner.inventory.recording import ConflictError, RefusedError, unsaid
from scanner.model import OTHERS, Candidate, CandidateStatus, Category, Decision
from scanner.shapes import Shapes
from scanner.store import Reader, Store


def find(store: Reader, key: str) -> Candidate | None:
    """Return the candidate under which decisions are recorded so, whatever was decided on it."""
    return next((one for one in candidates(store) if one.key == key), None)


def dismiss(store: Store, decision: Decision) -> Decision:
    """Record that a candidate is no AI, or none of ours. Raises as ``open_one`` does."""
    open_one(store, decision)
    return store.decide(decision)


def accept(
    store: Store,
    decision: Decision,
    shapes: Shapes,
    name: str,
    category: Category,
    today: date,
    folder: Path,
) -> tuple[Decision, Path]:
    """Make a candidate a signature of the user's own, and record it; returns the signature's file.

    Raises as ``open_one`` does, and UsageError if no signature can name it.
    """
    return enlist(store, open_one(store, decision), decision, shapes, name, category, today, folder)


def enlist(
    store: Store,
    candidate: Candidate,
    decision: Decision,
    shapes: Shapes,
    name: str,
    category: Category,
    today: date,
    folder: Path,
) -> tuple[Decision, Path]:
    """Make a candidate a signature, whatever was decided on it before, and record the decision.

    Returns the decision and the signature's file. Raises UsageError if no signature can name it.
    """
    file, values = promote(candidate, shapes, name or candidate.subject, category, today, folder)
    return store.decide(replace(decision, conditions=" ".join(values))), file


def open_one(store: Reader, decision: Decision) -> Candidate:
    """Return the candidate of a decision that may be made: it has a reason, and nobody decided yet.

    Raises UsageError, RefusedError, or ConflictError if somebody did.
    """
    found = find(store, decision.subject)
    if found is None:
        raise UsageError(f"no candidate is {decision.subject}; see `gnomon candidates list`")
    if found.subject == OTHERS:
        raise RefusedError(f"{OTHERS} stands for names that were too many to list")
    if flaw := next((one.text for one in unsaid(decision)), ""):
        raise RefusedError(flaw)
    if found.status is not CandidateStatus.OPEN:
        newer = next(iter(store.decisions_on(decision.subject)))
        raise ConflictError(f"{newer.by} decided {newer.verdict} on it already", newer)
    return found
