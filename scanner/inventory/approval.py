"""How a document is approved: kept whole, with its hash in the chain of decisions, as a new version."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from scanner.inventory.recording import LONGEST, ConflictError, RefusedError
from scanner.model import Act, Decision
from scanner.store import PaperStore, Reader

_APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """What speaks against approving; with one that is final no reason helps. Reports word it."""

    key: str
    n: int = 0
    names: tuple[str, ...] = ()
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Approval:
    """A version of a report that a person approves. ``reason`` is why, although points are open."""

    version: int
    by: str
    at: datetime
    reason: str = ""
    open_points: tuple[OpenPoint, ...] = ()


def approval_of(
    store: Reader,
    report: str,
    by: str,
    at: datetime,
    reason: str,
    points: Sequence[OpenPoint],
    worded: Callable[[OpenPoint], str],
) -> Approval:
    """Return the approval that a person may give. Raises RefusedError with what speaks against it."""
    by, reason = by.strip(), reason.strip()
    if not by:
        raise RefusedError("an approval needs a name: who approves")
    if max(len(by), len(reason)) > LONGEST:
        raise RefusedError(f"a text of more than {LONGEST:,} characters")
    if final := [worded(one) for one in points if one.is_final]:
        raise RefusedError(f"{report} cannot be approved as it is: {'; '.join(final)}")
    if points and not reason:
        said = "; ".join(map(worded, points))
        raise RefusedError(
            f"{report} has open points: {said}. Settle them, or say with --reason why it is "
            "approved all the same; the document will say so"
        )
    kept = store.kept_papers(report)
    version = kept[0].version + 1 if kept else 1
    return Approval(version, by, at, reason, tuple(points))


def approve(
    store: PaperStore, report: str, approval: Approval, content: str, seen: int
) -> Decision:
    """Keep a paper as a person approved it. Raises ConflictError if somebody decided meanwhile."""
    decision = Decision(
        subject=report,
        verdict=_APPROVED,
        reason=approval.reason,
        by=approval.by,
        at=approval.at,
        act=Act.APPROVE,
        value={"open_points": [one.key for one in approval.open_points]},
    )
    made = store.keep_paper(report, approval.version, content, decision, seen)
    if made is None:
        raise ConflictError(
            f"somebody decided something while {report} was being approved, which it does not "
            "hold; look at it again, and approve it again"
        )
    return made
