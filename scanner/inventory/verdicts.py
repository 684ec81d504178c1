"""What people may decide about an AI system, as data: the states, what follows what, what each needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from scanner.errors import StoreError


class State(StrEnum):
    """Where a system stands in its review."""

    NEW = "new"  # nobody has decided; never a verdict
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    APPROVED_WITH_CONDITIONS = "approved_with_conditions"
    RESTRICTED = "restricted"
    REJECTED = "rejected"
    DISMISSED = "dismissed"
    RETIRED = "retired"


class Because(StrEnum):
    """Why something is dismissed: it never was a question."""

    NOT_AI = "not_ai"
    DUPLICATE = "duplicate"
    NOT_OURS = "not_ours"
    NOISE = "noise"


BECAUSE: Mapping[Because, str] = {
    Because.NOT_AI: "it is no AI",
    Because.DUPLICATE: "another row stands for it",
    Because.NOT_OURS: "another organisation uses it, on a network that we only carry",
    Because.NOISE: "prefetching, advertising or a crawler; nobody uses it",
}


class Rule(NamedTuple):
    """What a state means, which states it may follow, and what a decision for it must say."""

    meaning: str
    follows: frozenset[State]
    allows_use: bool = False
    needs_review_due: bool = False  # and falls back to in review when that is past
    needs_limits: bool = False  # conditions, or exceptions
    needs_code: bool = False
    takes_exceptions: bool = False


_ALL = frozenset(State)
# What was rejected or dismissed is taken into review before it can be allowed: nobody
# overrules a refusal by a slip in a spreadsheet.
_OPEN = _ALL - {State.REJECTED, State.DISMISSED}
RULES: Mapping[State, Rule] = {
    State.NEW: Rule("Nobody has decided yet.", frozenset()),
    State.IN_REVIEW: Rule("Somebody is looking at it; nothing is decided.", _ALL),
    State.APPROVED: Rule(
        "It may be used, until the review date.",
        _OPEN,
        allows_use=True,
        needs_review_due=True,
        takes_exceptions=True,
    ),
    State.APPROVED_WITH_CONDITIONS: Rule(
        "It may be used under the conditions, until the review date.",
        _OPEN,
        allows_use=True,
        needs_review_due=True,
        needs_limits=True,
        takes_exceptions=True,
    ),
    State.RESTRICTED: Rule(
        "Only those whom the conditions or exceptions name may use it, until the review date.",
        _OPEN,
        allows_use=True,
        needs_review_due=True,
        needs_limits=True,
        takes_exceptions=True,
    ),
    State.REJECTED: Rule(
        "It may not be used, but by those whom an exception names.",
        _ALL - {State.DISMISSED},
        takes_exceptions=True,
    ),
    State.DISMISSED: Rule("There is nothing to decide; the code says why.", _ALL, needs_code=True),
    State.RETIRED: Rule("It is not used any more.", _ALL - {State.DISMISSED}),
}
VERDICTS = tuple(state for state in State if state is not State.NEW)
UNDECIDED = frozenset({State.NEW, State.IN_REVIEW})
# What older databases hold in other words.
_ALSO = {"prohibited": State.REJECTED}


class Exemption(NamedTuple):
    """Who may use a system whatever the verdict says, and until when."""

    unit: str
    users: tuple[str, ...]
    until: date

    @property
    def text(self) -> str:
        """How it is written on the command line and in a spreadsheet."""
        parts = [f"unit={self.unit}"] if self.unit else []
        parts += [f"users={','.join(self.users)}"] if self.users else []
        return " ".join([*parts, f"until={self.until.isoformat()}"])

    def is_in_force(self, now: datetime) -> bool:
        return now < midnight(self.until)


_PART = re.compile(r"(?:^|\s)(unit|users|until)=")


def exemption(said: str) -> Exemption:
    """Return what ``unit=Sales users=ana,ben until=2027-01-01`` says. Raises ValueError, in words."""
    before, *rest = _PART.split(said.strip())
    parts = dict(zip(rest[::2], (one.strip() for one in rest[1::2]), strict=True))
    if before or len(rest) != 2 * len(parts) or "until" not in parts:
        raise ValueError(
            f"exception {said!r}: write it as unit=Sales until=2027-01-01, "
            "or users=ana,ben until=2027-01-01"
        )
    try:
        return exemption_of(parts.get("unit", ""), parts.get("users", ""), parts["until"])
    except ValueError as error:
        raise ValueError(f"exception {said!r}: {error}") from error


def exemption_of(unit: str, users: str, until: str) -> Exemption:
    """Return the exception of a unit, or of users parted by commas. Raises ValueError, in words."""
    named = tuple(one.strip() for one in users.split(",") if one.strip())
    if not (unit.strip() or named):
        raise ValueError("it names no unit and no users")
    return Exemption(unit.strip(), named, a_day(until))


def exemptions(said: str) -> tuple[Exemption, ...]:
    """Return the exceptions of one text, parted by semicolons. Raises ValueError."""
    return tuple(exemption(one) for one in said.split(";") if one.strip())


def stored_exemptions(value: Mapping[str, Any]) -> tuple[Exemption, ...]:
    """Return the exceptions that a decision carries. Raises StoreError for what gnomon never wrote."""
    try:
        return tuple(
            Exemption(one["unit"], tuple(one["users"]), date.fromisoformat(one["until"]))
            for one in value.get("exceptions", ())
        )
    except (KeyError, TypeError, ValueError) as error:
        raise StoreError(
            "the exceptions of a decision were changed after it was made; "
            "see `gnomon doctor --verify`"
        ) from error


def value_of(exceptions: Iterable[Exemption], code: str) -> dict[str, Any]:
    """Return what a decision says beside its verdict, as it is stored."""
    listed = [
        {"unit": one.unit, "users": list(one.users), "until": one.until.isoformat()}
        for one in exceptions
    ]
    value: dict[str, Any] = {"exceptions": listed} if listed else {}
    return {**value, "code": code} if code else value


def state_of(verdict: str) -> State:
    """Return the state that a stored verdict gives; what we do not know is in review."""
    if verdict in _ALSO:
        return _ALSO[verdict]
    return State(verdict) if verdict in set(State) else State.IN_REVIEW


class Flaw(NamedTuple):
    """What a decision lacks or may not say: of which of its fields, of what kind, as a sentence."""

    about: str
    kind: str
    text: str


def flaws(
    verdict: State,
    review_due: datetime | None,
    conditions: str | None,
    exceptions: tuple[Exemption, ...],
    code: str,
    at: datetime,
) -> Iterator[Flaw]:
    """Yield all that a verdict lacks or may not say; nothing if it is sound."""
    rule = RULES[verdict]
    if verdict is State.NEW:
        yield Flaw("verdict", "new", "new is where a system begins; it cannot be decided")
    if rule.needs_review_due and review_due is None:
        text = f"{verdict} needs a review date: how long does it hold"
        yield Flaw("review_due", "no_review_due", text)
    if review_due is not None and review_due <= at:
        yield Flaw("review_due", "review_past", f"the review date {review_due.date()} is past")
    if rule.needs_limits and not (conditions or exceptions):
        text = f"{verdict} needs conditions or an exception: what is allowed to whom"
        yield Flaw("conditions", "no_limits", text)
    if exceptions and not rule.takes_exceptions:
        yield Flaw("exceptions", "no_exceptions", f"{verdict} takes no exceptions")
    if ended := [one.text for one in exceptions if not one.is_in_force(at)]:
        yield Flaw("exceptions", "ended", f"the exception {ended[0]} has ended already")
    if rule.needs_code and code not in set(Because):
        yield Flaw("code", "no_code", f"{verdict} needs a code: {', '.join(Because)}")
    if code and not rule.needs_code:
        yield Flaw("code", "no_code_here", f"a code is for {State.DISMISSED} alone")


def midnight(day: date) -> datetime:
    """Return the beginning of a day, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def a_day(said: str) -> date:
    """Return the day that ``2027-01-01`` says. Raises ValueError, in words."""
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise ValueError(f"{said!r} is no day; write it as 2027-01-31") from None
