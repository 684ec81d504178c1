"""How decisions are recorded: looked at and written in one transaction, so that nobody overrules unseen.

Whoever decides says the number of the newest decision that they had before them. If there is a newer
one by then, nothing is written and it is told who made it, and when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from scanner.errors import GnomonError, UsageError
from scanner.model import Decision
from scanner.store import Store

LONGEST = 10_000  # characters of a reason or of conditions

# What is wrong with a decision, given the one before it on the same subject; nothing if it may stand.
Judge = Callable[[Decision, Decision | None], str]


class ConflictError(GnomonError):
    """Somebody decided meanwhile. Nothing was recorded."""


class RefusedError(UsageError):
    """A decision that may not be made so. Nothing was recorded."""


class Draft(NamedTuple):
    """A decision to be recorded, and the newest one on its subject that its maker had seen.

    ``seen`` is 0 if there was none, and None if its maker does not care.
    """

    decision: Decision
    seen: int | None = None


class Outcome(NamedTuple):
    """What became of a draft: recorded as ``decision``, or not, and why."""

    draft: Draft
    decision: Decision | None = None
    flaw: str = ""
    conflict: str = ""
    is_same: bool = False  # it was recorded meanwhile, word for word
    note: str = ""


class _RolledBackError(Exception):
    """Nothing is written; the outcomes say why."""


def record_one(store: Store, draft: Draft, judge: Judge) -> Outcome:
    """Record a decision. Raises RefusedError or ConflictError."""
    (outcome,) = record(store, [draft], judge)
    if outcome.conflict:
        raise ConflictError(outcome.conflict)
    if outcome.flaw:
        raise RefusedError(outcome.flaw)
    return outcome


def record(
    store: Store,
    drafts: Sequence[Draft],
    judge: Judge,
    is_partly: bool = False,
    may_record: bool = True,
) -> list[Outcome]:
    """Record decisions of one kind; returns what became of each, in their order.

    One with a flaw stops all, unless ``is_partly``. A conflict stops only itself.
    With ``may_record`` false the same is said, and nothing is written.
    """
    names = store.system_names()
    outcomes: list[Outcome] = []

    def accepted() -> Iterator[Decision]:
        """Runs within the transaction: what it reads nobody changes before it is written."""
        outcomes.extend(_judged(store, drafts, judge, names))
        has_flaw = any(one.flaw for one in outcomes)
        if not may_record or (has_flaw and not is_partly):
            raise _RolledBackError
        yield from (one.decision for one in outcomes if one.decision is not None)

    try:
        stored = iter(store.decide_all(accepted()))
    except _RolledBackError:
        return [one._replace(decision=None) for one in outcomes]
    return [one._replace(decision=next(stored)) if one.decision else one for one in outcomes]


def _judged(
    store: Store, drafts: Sequence[Draft], judge: Judge, names: Mapping[str, str]
) -> Iterator[Outcome]:
    newest = _newest(store, drafts)
    last = store.last_decision()
    decided: set[str] = set()
    for draft in drafts:
        subject = draft.decision.subject
        if subject not in names:
            yield Outcome(draft, flaw=_gone(subject, newest.get(subject)))
        elif subject in decided:
            yield Outcome(draft, flaw=f"{subject} stands here twice; one decision for each system")
        else:
            decided.add(subject)
            yield _outcome(draft, newest.get(subject), judge, last)


def _outcome(draft: Draft, before: Decision | None, judge: Judge, last: Decision | None) -> Outcome:
    if before is not None and draft.seen is not None and before.number > draft.seen:
        if _said(draft.decision) == _said(before):
            return Outcome(draft, is_same=True)
        return Outcome(draft, conflict=_conflict(before))
    if flaw := _unsaid(draft.decision) or judge(draft.decision, before):
        return Outcome(draft, flaw=flaw)
    if last is None or draft.decision.at >= last.at:
        return Outcome(draft, draft.decision)
    value = {**draft.decision.value, "last_decision_at": _iso(last.at)}
    note = (
        f"the clock went back: this decision is of {_iso(draft.decision.at)}, and the one before it, "
        f"number {last.number}, of {_iso(last.at)}; both times are recorded"
    )
    return Outcome(draft, replace(draft.decision, value=value), note=note)


def _newest(store: Store, drafts: Sequence[Draft]) -> dict[str, Decision]:
    """Return the newest decision on each subject, of the kind of the drafts."""
    if not drafts:
        return {}
    act = drafts[0].decision.act
    if len(drafts) == 1:
        on_it = store.decisions_on(drafts[0].decision.subject)
        found: Iterable[Decision] = reversed([one for one in on_it if one.act is act])
    else:
        found = store.decisions(act)
    return {one.subject: one for one in found}


def _said(decision: Decision) -> tuple[object, ...]:
    """Return what a decision says: two that say the same are no conflict, such as a file read twice."""
    value = {k: v for k, v in decision.value.items() if k not in ("file", "last_decision_at")}
    return (
        decision.verdict,
        decision.reason,
        decision.by,
        decision.review_due,
        decision.conditions,
        value,
    )


def _unsaid(decision: Decision) -> str:
    if not decision.by:
        return "a decision needs a name: who decides"
    if not decision.reason:
        return "a decision needs a reason"
    texts = (decision.reason, decision.conditions or "", decision.by)
    return f"a text of more than {LONGEST:,} characters" if max(map(len, texts)) > LONGEST else ""


def _gone(subject: str, before: Decision | None) -> str:
    if before is None:
        return f"no AI system is known as {subject!r}; see `gnomon inventory list`"
    return (
        f"the AI system {subject!r} is gone from the inventory; what was decided on it stays in "
        f"`gnomon review history {subject}`"
    )


def _conflict(newer: Decision) -> str:
    return (
        f"{newer.by} decided {newer.verdict} at {_iso(newer.at)} (decision {newer.number}), "
        "after what you had seen; look at it, and decide again"
    )


def _iso(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
