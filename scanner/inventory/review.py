"""Where each system stands in its review, and how people decide on it.

What is in force is worked out when it is read: an approval whose date is past, or whose system has
changed in what it rested on, is in review again, and nothing has to be written for that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from scanner.config import PolicySettings
from scanner.inventory.change_kinds import Change
from scanner.inventory.grounds import Ground
from scanner.inventory.merged import Decided
from scanner.inventory.merged import decided as all_decided
from scanner.inventory.policy import Standing, standing, standing_of_parts
from scanner.inventory.recording import Draft, Outcome, record_one
from scanner.inventory.reopening import REOPENS, material_changes
from scanner.inventory.verdicts import (
    RULES,
    Exemption,
    Flaw,
    State,
    flaws,
    state_of,
    stored_exemptions,
    value_of,
)
from scanner.inventory.weighing import Weighed, weigh
from scanner.model import AISystem, Decision
from scanner.store import Reader, Store


@dataclass(frozen=True, slots=True)
class Review:
    """Where a system stands now, why, and what was last decided on it."""

    system: str
    state: State
    grounds: tuple[Ground, ...]
    decided: State | None = None  # by a person or the policy, whatever became of it since
    is_standing: bool = False  # whether the policy says it
    by: str = ""
    at: datetime | None = None
    reason: str = ""
    review_due: datetime | None = None
    conditions: str | None = None
    exceptions: tuple[Exemption, ...] = ()
    code: str = ""
    number: int = 0  # of the newest decision on it, or merge or split of it, for `seen`
    changes: tuple[Change, ...] = ()
    decision: int = 0  # the number of the one that counts

    @property
    def why(self) -> str:
        """The grounds in the words of the command line."""
        return "; ".join(map(str, self.grounds))

    def exceptions_in_force(self, now: datetime) -> tuple[Exemption, ...]:
        return tuple(one for one in self.exceptions if one.is_in_force(now))


def reviewed(store: Reader, policy: Sequence[PolicySettings], now: datetime) -> list[AISystem]:
    """Return the inventory, by name, each system with the state that is in force."""
    systems = store.systems()
    return with_status(systems, reviews(store, systems, policy, now))


def with_status(systems: Iterable[AISystem], found: Mapping[str, Review]) -> list[AISystem]:
    """Return the systems with the state that is in force."""
    return [replace(one, status=found[one.id].state.value) for one in systems]


def reviews(
    store: Reader, systems: Iterable[AISystem], policy: Sequence[PolicySettings], now: datetime
) -> dict[str, Review]:
    """Return where each system stands, by its id."""
    known = all_decided(store)
    listed = list(systems)
    weighed = {one.id: weigh(known, one.id) for one in listed}
    changed = material_changes(store, _allowed(weighed, now), now)
    return {
        one.id: _in_force(
            weighed[one.id],
            review(
                one, weighed[one.id].decision, _standing(known, one, policy), now,
                changed.get(one.id, ()), weighed[one.id],
            ),
        )
        for one in listed
    }  # fmt: skip


def review(
    system: AISystem,
    decision: Decision | None,
    policy: Standing | None,
    now: datetime,
    changes: Iterable[Change] = (),
    weighed: Weighed | None = None,
) -> Review:
    """Return where one system stands, by the newest decision on it, the policy, and its changes.

    ``weighed`` says whether decisions on what it was merged from must be made again.
    """
    by_policy = _by_policy(system, policy, now)
    if decision is None:
        return by_policy or Review(system.id, State.NEW, (Ground("undecided"),))
    found = _as_decided(system, decision)
    if reopened := _disputed(found, weighed) or _reopened(found, system, now, changes):
        if by_policy is not None and by_policy.state is State.REJECTED:
            return replace(by_policy, number=found.number)  # no approval stands in its way now
        return reopened
    return found


def decide(
    store: Store,
    system: str,
    verdict: State,
    reason: str,
    by: str,
    at: datetime,
    review_due: datetime | None = None,
    conditions: str | None = None,
    exceptions: Iterable[Exemption] = (),
    code: str = "",
    seen: int | None = None,
) -> Outcome:
    """Record what a person decided on a system, given by its id.

    ``seen`` is the number of the newest decision that the person had before them (0: none). Raises
    ConflictError if there is a newer one, and RefusedError if it may not be decided so; then
    nothing is written.
    """
    made = draft(system, verdict, reason, by, at, review_due, conditions, exceptions, code, seen)
    return record_one(store, made, judge)


def draft(
    system: str,
    verdict: State,
    reason: str,
    by: str,
    at: datetime,
    review_due: datetime | None = None,
    conditions: str | None = None,
    exceptions: Iterable[Exemption] = (),
    code: str = "",
    seen: int | None = None,
    value: Mapping[str, Any] | None = None,
) -> Draft:
    """Return a decision on a system as it would be recorded; ``value`` goes beside what it says."""
    said = {**value_of(exceptions, code), **(value or {})}
    conditions = (conditions or "").strip() or None
    return Draft(
        Decision(
            system,
            verdict.value,
            reason.strip(),
            by.strip(),
            at,
            review_due,
            conditions,
            value=said,
        ),
        seen,
    )


def judge(decision: Decision, before: Decision | None) -> str:
    """Return why a decision may not be made after the one before it; nothing if it may."""
    return next((one.text for one in lacking(decision, before)), "")


def lacking(decision: Decision, before: Decision | None) -> Iterator[Flaw]:
    """Yield all that is wrong with a decision after the one before it, each of its fields by name."""
    verdict = State(decision.verdict)
    yield from of_itself(decision)
    current = State.NEW if before is None else state_of(before.verdict)
    if current not in RULES[verdict].follows:
        text = f"what is {current} cannot become {verdict} at once; first decide in_review"
        yield Flaw("verdict", "not_at_once", text)


def of_itself(decision: Decision) -> Iterator[Flaw]:
    """Yield what is wrong with a decision, whatever was decided before it."""
    exceptions = stored_exemptions(decision.value)
    code = str(decision.value.get("code", ""))
    verdict, due = State(decision.verdict), decision.review_due
    yield from flaws(verdict, due, decision.conditions, exceptions, code, decision.at)


def _standing(
    known: Decided, system: AISystem, policy: Sequence[PolicySettings]
) -> Standing | None:
    parts = [known.places[one] for one in known.parts_of(system.id) if one in known.places]
    if len(parts) < 2:  # it is not merged
        return standing(system, policy)
    return standing_of_parts(system, parts, policy)


def _in_force(weighed: Weighed, found: Review) -> Review:
    """Return a review with what it is put together from, where people merged or split."""
    is_told = not weighed.is_disputed and not found.is_standing
    grounds = (*found.grounds, *(weighed.parts if is_told else ()))
    return replace(found, grounds=grounds, number=weighed.seen)


def _disputed(found: Review, weighed: Weighed | None) -> Review | None:
    if weighed is None or not weighed.is_disputed:
        return None
    return _open_again(found, Ground("rearranged", {"what": weighed.parts}))


def _open_again(found: Review, *grounds: Ground) -> Review:
    return replace(found, state=State.IN_REVIEW, grounds=grounds)


def _as_decided(system: AISystem, decision: Decision) -> Review:
    state = state_of(decision.verdict)
    return Review(
        system=system.id,
        state=state,
        grounds=(Ground("decided", {"by": decision.by}),),
        decided=state,
        by=decision.by,
        at=decision.at,
        reason=decision.reason,
        review_due=decision.review_due,
        conditions=decision.conditions,
        exceptions=stored_exemptions(decision.value),
        code=str(decision.value.get("code", "")),
        number=decision.number,
        decision=decision.number,
    )


def _by_policy(system: AISystem, policy: Standing | None, now: datetime) -> Review | None:
    if policy is None:
        return None
    kind, _, name = policy.about.partition(" ")
    found = Review(
        system=system.id,
        state=policy.state,
        grounds=(Ground(f"policy_{kind}", {"name": name}),),
        decided=policy.state,
        is_standing=True,
        by=policy.by,
        at=policy.at,
        reason=policy.reason,
        review_due=policy.review_due,
        conditions=policy.conditions,
    )
    return _expired(found, now) or found


def _reopened(
    found: Review, system: AISystem, now: datetime, changes: Iterable[Change]
) -> Review | None:
    """Return the review that is open again; None if what was decided stands."""
    if expired := _expired(found, now):
        return expired
    if found.at is None:
        return None
    if found.state is State.RETIRED and system.last_seen and system.last_seen > found.at:
        return _open_again(found, Ground("seen_again"))
    if not RULES[found.state].allows_use:
        return None
    since = tuple(one for one in changes if one.kind in REOPENS and one.at > found.at)
    if not since:
        return None
    what = tuple(dict.fromkeys(one.text for one in since))
    return replace(_open_again(found, Ground("changed", {"what": what})), changes=since)


def _expired(found: Review, now: datetime) -> Review | None:
    """Return the review of what was allowed until a day that is past."""
    due = found.review_due
    if not RULES[found.state].allows_use or due is None or now < due:
        return None
    return _open_again(found, Ground("expired", {"verdict": found.state.value, "day": due.date()}))


def _allowed(weighed: Mapping[str, Weighed], now: datetime) -> dict[str, datetime]:
    """Return the systems that a person allows now, and since when."""
    return {
        system: one.at
        for system, (one, is_disputed, _, _) in weighed.items()
        if one is not None
        and not is_disputed
        and RULES[state_of(one.verdict)].allows_use
        and (one.review_due is None or now < one.review_due)
    }
