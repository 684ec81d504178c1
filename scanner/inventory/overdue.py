"""What time and use make of decisions: approvals that ran out, and use of what was rejected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise

from scanner.inventory.change_kinds import Change, Kind, change
from scanner.inventory.verdicts import RULES, State, state_of
from scanner.model import Decision

Window = tuple[datetime, datetime]


def expired(
    decisions: Iterable[Decision], names: Mapping[str, str], window: Window
) -> Iterator[Change]:
    """Yield the approvals whose review date passed inside the window, with no decision since."""
    for system, made in sorted(_by_subject(decisions).items()):
        for one, after in pairwise([*made, None]):
            due = one.review_due if one is not None else None
            if one is None or due is None or not RULES[state_of(one.verdict)].allows_use:
                continue
            is_decided = after is not None and after.at <= due
            if system in names and window[0] < due <= window[1] and not is_decided:
                text = f"The approval by {one.by} ended on {due:%Y-%m-%d}, and nobody has decided since."
                number = (f"decision {one.number}",)
                yield change(
                    system, names[system], Kind.APPROVAL_EXPIRED, text, due, evidence=number
                )


def rejected(
    decisions: Iterable[Decision], policy: Mapping[str, datetime]
) -> dict[str, tuple[datetime, str]]:
    """Return the systems that are rejected, since when, and what says so.

    ``policy`` are those that gnomon.toml prohibits; a person's own decision goes before it.
    """
    found = {system: (at, "the policy") for system, at in policy.items()}
    for system, made in _by_subject(decisions).items():
        found.pop(system, None)
        if state_of(made[-1].verdict) is State.REJECTED:
            found[system] = made[-1].at, made[-1].by
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


def _by_subject(decisions: Iterable[Decision]) -> dict[str, list[Decision]]:
    found: dict[str, list[Decision]] = {}
    for one in decisions:
        found.setdefault(one.subject, []).append(one)
    return found
