"""How decisions and answers on suppliers are recorded: all of a set or none, and never unseen.

Each is about a supplier and an item of its review: the decision, one question, one field. Whoever
records says the newest decision on that item that they had before them; a newer one is a conflict.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from scanner.inventory.recording import LONGEST, ConflictError, Draft, Outcome, RefusedError
from scanner.model import Act, Decision
from scanner.store import Store

SUPPLIER = "supplier:"

# What is wrong with a decision; nothing if it may stand.
Judge = Callable[[Decision], str]
_Item = tuple[str, str, str]


class _RolledBackError(Exception):
    """Nothing is written; the outcomes say why."""


def record_one(store: Store, draft: Draft, judge: Judge, known: Collection[str]) -> Outcome:
    """Record a decision on a supplier that is known. Raises RefusedError or ConflictError."""
    (outcome,) = record(store, [draft], judge, known)
    if outcome.conflict:
        raise ConflictError(outcome.conflict)
    if outcome.flaw:
        raise RefusedError(outcome.flaw)
    return outcome


def record(
    store: Store,
    drafts: Sequence[Draft],
    judge: Judge,
    known: Collection[str],
    may_record: bool = True,
) -> list[Outcome]:
    """Record decisions on the suppliers of ``known``; returns what became of each, in their order.

    One with a flaw keeps all from being recorded. A conflict stops only itself. With ``may_record``
    false the same is said, and nothing is written.
    """
    outcomes: list[Outcome] = []

    def accepted() -> Iterator[Decision]:
        """Runs within the transaction: what it reads nobody changes before it is written."""
        outcomes.extend(_judged(store, drafts, judge, known))
        if not may_record or any(one.flaw for one in outcomes):
            raise _RolledBackError
        yield from (one.decision for one in outcomes if one.decision is not None)

    try:
        stored = iter(store.decide_all(accepted()))
    except _RolledBackError:
        return [one._replace(decision=None) for one in outcomes]
    return [one._replace(decision=next(stored)) if one.decision else one for one in outcomes]


def _judged(
    store: Store, drafts: Sequence[Draft], judge: Judge, known: Collection[str]
) -> Iterator[Outcome]:
    subjects = {one.decision.subject for one in drafts}
    newest = {_item(one): one for each in subjects for one in reversed(store.decisions_on(each))}
    last = store.last_decision()
    taken: set[_Item] = set()
    for draft in drafts:
        item = _item(draft.decision)
        if draft.decision.subject.removeprefix(SUPPLIER) not in known:
            yield Outcome(draft, flaw=f"no supplier is known as {draft.decision.subject!r}")
        elif item in taken:
            yield Outcome(draft, flaw=f"{item[2]} stands here twice; one answer for each")
        else:
            taken.add(item)
            yield _outcome(draft, newest.get(item), judge, last)


def _outcome(draft: Draft, before: Decision | None, judge: Judge, last: Decision | None) -> Outcome:
    decision = draft.decision
    if before is not None and draft.seen is not None and before.number > draft.seen:
        if _said(decision) == _said(before):
            return Outcome(draft, is_same=True)
        return Outcome(draft, conflict=_conflict(before))
    if flaw := _unsaid(draft, last) or judge(decision):
        return Outcome(draft, flaw=flaw)
    if last is None or decision.at >= last.at:
        return Outcome(draft, decision)
    value = {**decision.value, "last_decision_at": last.at.isoformat(timespec="seconds")}
    note = (
        f"the clock went back: this is of {decision.at:%Y-%m-%d %H:%M}, and decision {last.number}, "
        f"before it, of {last.at:%Y-%m-%d %H:%M}; both times are recorded"
    )
    return Outcome(draft, replace(decision, value=value), note=note)


def _item(decision: Decision) -> _Item:
    """Return what a decision is about: no other replaces it, and it replaces no other."""
    name = {Act.ANSWER: "question", Act.FIELD: "field"}.get(decision.act, "")
    return decision.subject, decision.act.value, str(decision.value.get(name, decision.act.value))


def _said(decision: Decision) -> tuple[object, ...]:
    """Return what a decision says: two that say the same are no conflict, such as a file read twice."""
    value = {
        name: one
        for name, one in decision.value.items()
        if name not in ("file", "last_decision_at", "basis")
    }
    return decision.verdict, decision.reason, decision.by, decision.review_due, \
        decision.conditions, value  # fmt: skip


def _unsaid(draft: Draft, last: Decision | None) -> str:
    decision = draft.decision
    if not decision.by:
        return "it needs a name: who says it"
    if not decision.reason and decision.act is not Act.ANSWER:
        return "a decision needs a reason"
    if max(map(len, (decision.reason, decision.conditions or "", decision.by))) > LONGEST:
        return f"a text of more than {LONGEST:,} characters"
    newest = last.number if last else 0
    if draft.seen is not None and draft.seen > newest:
        return (
            f"decision {draft.seen}, which it rests on, is not in this database, whose last is "
            f"{newest}: was it written from another, or was this one restored; write it again"
        )
    return ""


def _conflict(newer: Decision) -> str:
    return (
        f"{newer.by} said {newer.verdict} at {_minute(newer.at)} (decision {newer.number}), after "
        "what you had seen; look at it, and say it again"
    )


def _minute(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M} UTC"
