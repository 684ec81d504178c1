"""What the verdicts on all that a system stands for come to, when people have merged it or split it.

A verdict stands if all parts have it, with what limits any of them; a rejection stands also for
parts on which nobody has decided. Anything else is for people to decide again, and until they do,
the strictest is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from scanner.inventory.grounds import Ground
from scanner.inventory.merged import Decided, Word
from scanner.inventory.verdicts import Because, State, state_of
from scanner.model import Act, Decision

# Of two verdicts on parts of one system the earlier of these is told.
_STRICTEST = (
    State.REJECTED, State.RESTRICTED, State.APPROVED_WITH_CONDITIONS, State.APPROVED,
    State.IN_REVIEW, State.RETIRED, State.DISMISSED, State.NEW,
)  # fmt: skip


class Weighed(NamedTuple):
    """The verdict on a system, as of the system; whether people must decide again.

    ``parts`` says of a merged or split system who decided what on which part. ``seen`` is the
    number of the newest thing that nobody may overrule unseen, 0 if there is none.
    """

    decision: Decision | None
    is_disputed: bool = False
    parts: tuple[Ground, ...] = ()
    seen: int = 0


def weigh(known: Decided, system: str) -> Weighed:
    """Return what the verdicts on a system and on its parts come to."""
    words = _that_count(known.words(system, Act.REVIEW))
    newest = known.newest(system, Act.REVIEW)
    seen = newest.number if newest else 0
    verdicts = list({one.decision.number: one.decision for one in words if one.decision}.values())
    if not verdicts:
        return Weighed(None, seen=seen)
    is_plain = len(verdicts) == 1 and verdicts[0].subject == system
    if is_plain and all(one.decision for one in words):
        return Weighed(verdicts[0], seen=seen)
    strictest = min(map(_state, verdicts), key=_STRICTEST.index)
    decision = replace(
        _tightened(one for one in verdicts if _state(one) is strictest), subject=system
    )
    told = [known.ground(one) for one in words]
    parts = tuple(one for at, one in enumerate(told) if one not in told[:at])
    return Weighed(decision, not _agree(words), parts, seen)


def first_allowed(known: Decided, system: str, allows: frozenset[State]) -> datetime | None:
    """Return when each part of a system that ever was allowed had been, for the first time."""
    firsts = (
        next((one.at for one in known.made(part, Act.REVIEW) if _state(one) in allows), None)
        for part in known.parts_of(system)
    )
    return max((one for one in firsts if one is not None), default=None)


def _that_count(words: Sequence[Word]) -> Sequence[Word]:
    """Leave out the parts that were dismissed because another row stands for them: one does now."""
    others = [one for one in words if not (one.decision and _is_duplicate(one.decision))]
    return others or words


def _is_duplicate(decision: Decision) -> bool:
    return _state(decision) is State.DISMISSED and decision.value.get("code") == Because.DUPLICATE


def _agree(words: Iterable[Word]) -> bool:
    """Whether nobody has to decide again: all parts have one verdict, or none but a rejection."""
    words = list(words)
    states = {_state(one.decision) if one.decision else State.NEW for one in words}
    if State.REJECTED in states:
        return states <= {State.REJECTED, State.NEW}
    return len(states) == 1


def _tightened(verdicts: Iterable[Decision]) -> Decision:
    """Return the newest of equal verdicts: the earliest review, all conditions, exceptions of all."""
    equal = sorted(verdicts, key=lambda one: one.number)
    newest = equal[-1]
    if len(equal) == 1:
        return newest
    dates = [one.review_due for one in equal if one.review_due is not None]
    conditions = dict.fromkeys(one.conditions for one in equal if one.conditions)
    exceptions = [
        one
        for one in newest.value.get("exceptions", ())
        if all(one in each.value.get("exceptions", ()) for each in equal)
    ]
    return replace(
        newest,
        review_due=min(dates, default=None),
        conditions="; ".join(conditions) or None,
        value={**newest.value, "exceptions": exceptions},
    )


def _state(decision: Decision) -> State:
    return state_of(decision.verdict)
