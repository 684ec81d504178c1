"""How decisions are recorded: looked at and written in one transaction, so that nobody overrules unseen.

Whoever decides says the number of the newest decision that they had before them. If there is a newer
one by then, nothing is written and it is told who made it, and when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from scanner.errors import GnomonError, UsageError
from scanner.inventory.merged import Decided, decided
from scanner.inventory.verdicts import Flaw
from scanner.inventory.weighing import weigh
from scanner.model import Act, Decision
from scanner.store import Reader, Store

LONGEST = 10_000  # characters of a reason or of conditions

# What is wrong with a decision, given the one before it on the same subject; nothing if it may stand.
Judge = Callable[[Decision, Decision | None], str]


class ConflictError(GnomonError):
    """Somebody decided meanwhile. Nothing was recorded. ``newer`` is what they decided."""

    def __init__(self, text: str, newer: Decision | None = None) -> None:
        super().__init__(text)
        self.newer = newer


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
    newer: Decision | None = None  # what the conflict is with


class _RolledBackError(Exception):
    """Nothing is written; the outcomes say why."""


def record_one(store: Store, draft: Draft, judge: Judge) -> Outcome:
    """Record a decision. Raises RefusedError or ConflictError."""
    (outcome,) = record(store, [draft], judge)
    if outcome.conflict:
        raise ConflictError(outcome.conflict, outcome.newer)
    if outcome.flaw:
        raise RefusedError(outcome.flaw)
    return outcome


def record(
    store: Store,
    drafts: Sequence[Draft],
    judge: Judge,
    is_partly: bool = False,
    may_record: bool = True,
    is_whole: bool = False,
) -> list[Outcome]:
    """Record decisions of one kind; returns what became of each, in their order.

    One with a flaw stops all, unless ``is_partly``. A conflict stops only itself, unless
    ``is_whole``: then it stops all. With ``may_record`` false the same is said, and nothing is
    written.
    """
    names = store.system_names()
    outcomes: list[Outcome] = []

    def accepted() -> Iterator[Decision]:
        """Runs within the transaction: what it reads nobody changes before it is written."""
        outcomes.extend(_judged(store, drafts, judge, names))
        has_flaw = any(one.flaw or (is_whole and one.conflict) for one in outcomes)
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
    known = decided(store)
    last = store.last_decision()
    taken: set[str] = set()
    for draft in drafts:
        subject = draft.decision.subject
        if subject not in names:
            yield Outcome(draft, flaw=_gone(known, subject, names))
        elif subject in taken:
            yield Outcome(draft, flaw=f"{subject} stands here twice; one decision for each system")
        else:
            taken.add(subject)
            yield _outcome(draft, known, judge, last)


def _outcome(draft: Draft, known: Decided, judge: Judge, last: Decision | None) -> Outcome:
    subject, act = draft.decision.subject, draft.decision.act
    newest = known.newest(subject, act)
    if newest is not None and draft.seen is not None and newest.number > draft.seen:
        if _said(draft.decision) == _said(newest):
            return Outcome(draft, is_same=True)
        return Outcome(draft, conflict=_conflict(newest), newer=newest)
    before = weigh(known, subject).decision if act is Act.REVIEW else newest
    said = next((one.text for one in unsaid(draft.decision)), "")
    if flaw := said or _unseen(draft, last) or judge(draft.decision, before):
        return Outcome(draft, flaw=flaw)
    if last is None or draft.decision.at >= last.at:
        return Outcome(draft, draft.decision)
    value = {**draft.decision.value, "last_decision_at": _iso(last.at)}
    note = (
        f"the clock went back: this decision is of {_iso(draft.decision.at)}, and the one before it, "
        f"number {last.number}, of {_iso(last.at)}; both times are recorded"
    )
    return Outcome(draft, replace(draft.decision, value=value), note=note)


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


def unsaid(decision: Decision) -> Iterator[Flaw]:
    """Yield what every decision has to say, and this one does not."""
    if not decision.by:
        yield Flaw("by", "no_name", "a decision needs a name: who decides")
    if not decision.reason:
        yield Flaw("reason", "no_reason", "a decision needs a reason")
    texts = {"reason": decision.reason, "conditions": decision.conditions or "", "by": decision.by}
    for name, text in texts.items():
        if len(text) > LONGEST:
            yield Flaw(name, "too_long", f"a text of more than {LONGEST:,} characters")


def check_seen(store: Reader, system: str, act: Act, seen: int) -> None:
    """Raise ConflictError if somebody decided on a system after what was seen of it."""
    newest = decided(store).newest(system, act)
    if newest is not None and newest.number > seen:
        raise ConflictError(_conflict(newest), newest)


def _unseen(draft: Draft, last: Decision | None) -> str:
    """Return that nobody can have seen the decision that a draft rests on: it was never made here."""
    newest = last.number if last else 0
    if draft.seen is None or draft.seen <= newest:
        return ""
    return (
        f"decision {draft.seen}, which it rests on, is not in this database, whose last is {newest}: "
        "was it exported from another, or from one that was restored since; export again"
    )


def _gone(known: Decided, subject: str, names: Mapping[str, str]) -> str:
    home = known.homes.get(subject, subject)
    if home in names:
        return f"{subject!r} was merged into {names[home]} ({home}); decide on that"
    if not known.about(subject):
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
