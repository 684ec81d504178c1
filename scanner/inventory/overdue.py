"""What time and use make of decisions: approvals that ran out, and use of what was rejected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from scanner.inventory.change_kinds import Change, Kind, change
from scanner.inventory.merged import Decided
from scanner.inventory.verdicts import RULES, State, state_of
from scanner.inventory.weighing import weigh
from scanner.model import Act, Decision

Window = tuple[datetime, datetime]


def expired(known: Decided, names: Mapping[str, str], window: Window) -> Iterator[Change]:
    """Yield the approvals whose review date passed inside the window, with no decision before that."""
    told: set[tuple[str, int]] = set()  # one may speak for several parts of a system
    for system, made in _by_part(known, names):
        for one, after in pairwise([*made, None]):
            due = one.review_due if one is not None else None
            if one is None or due is None or not RULES[state_of(one.verdict)].allows_use:
                continue
            is_decided = after is not None and after.at <= due
            is_told = (system, one.number) in told
            if window[0] < due <= window[1] and not is_decided and not is_told:
                told.add((system, one.number))
                text = f"The approval by {one.by} ended on {due:%Y-%m-%d}{_since(after, window)}."
                number = (f"decision {one.number}",)
                yield change(
                    system, names[system], Kind.APPROVAL_EXPIRED, text, due, evidence=number
                )


def _since(after: Decision | None, window: Window) -> str:
    """Return what became of an approval that had run out, as far as a window shows."""
    if after is None or after.at > window[1]:
        return ", and nobody has decided since"
    return f"; {after.by} decided again on {after.at:%Y-%m-%d}"


def rejected(
    known: Decided, names: Iterable[str], policy: Mapping[str, datetime]
) -> dict[str, tuple[datetime, str]]:
    """Return the systems that are rejected, since when, and what says so.

    ``policy`` are those that gnomon.toml prohibits; a person's own decision goes before it.
    """
    found = {system: (at, "the policy") for system, at in policy.items()}
    for system in names:
        decision = weigh(known, system).decision
        if decision is not None:
            found.pop(system, None)
            if state_of(decision.verdict) is State.REJECTED:
                found[system] = decision.at, decision.by
    return found


def used_though_rejected(
    refused: Mapping[str, tuple[datetime, str]],
    last_use: Mapping[str, datetime],
    names: Mapping[str, str],
    window: Window,
) -> Iterator[Change]:
    """Yield the rejected systems that were used, not only tried, inside the window."""
    for system, (since, who) in sorted(refused.items()):
        last = last_use.get(system)
        if system in names and last is not None and last > since and window[0] < last <= window[1]:
            text = f"It was used on {last:%Y-%m-%d}, though {who} rejected it on {since:%Y-%m-%d}."
            yield change(system, names[system], Kind.PROHIBITED_SEEN, text, last)


def _by_part(known: Decided, names: Iterable[str]) -> Iterator[tuple[str, Sequence[Decision]]]:
    """Yield each system with the reviews of each of its parts."""
    for system in sorted(names):
        for part in known.parts_of(system):
            yield system, known.made(part, Act.REVIEW)
