"""What the rules of roles.toml may ask of a system: each condition says whether it holds, and by what.

A condition returns the evidence that makes it hold, None where it does not hold, and nothing of
evidence where it only narrows (a category). Each piece of evidence names its origin: what two rules
know from one origin they know once. Network logs are one origin, for a visit stands in several;
every account's listing of one kind is one; of a built system every product in it is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, NamedTuple

from scanner.inventory.components import channel_of, is_used
from scanner.model import (
    Action,
    Channel,
    Consent,
    HintKind,
    Level,
    Seen,
    SystemFacts,
    Way,
)

# What is seen through these counts as of one origin, whatever the log: no rule asks for the source.
NETWORK = frozenset(
    {Channel.DNS, Channel.TLS, Channel.HTTP, Channel.PROXY, Channel.FLOW, Channel.LOG}
)
_THROUGH: Mapping[str, frozenset[Channel]] = {
    "network": NETWORK,
    "use": NETWORK | {Channel.ACTIVITY, Channel.GRANT},
    "device": frozenset({Channel.DEVICE}),
    "code": frozenset({Channel.CODE}),
    "seat": frozenset({Channel.SEAT}),
    "sso": frozenset({Channel.SSO}),
    "any": frozenset(Channel) - {Channel.REGISTER},
}
_HAPPENED = (Action.ALLOWED, Action.UNKNOWN)
_COUNTED = {Channel.ACTIVITY: "people", Channel.DEVICE: "device"}
_NO_DATA = ("identity", "profile", "unclassified")
# Hints that leave little doubt that people outside meet it, and those that say next to nothing.
_OUTSIDE = frozenset(
    {"payments", "a chat widget", "messages or calls by Twilio", "a bot on WhatsApp or Messenger"}
)
_PAGES = frozenset({"pages in a browser", "a web interface or API"})


class Mark(NamedTuple):
    """A piece of evidence, and where that is known from; "" where it supports and proves nothing."""

    origin: str
    id: str


Met = frozenset[Mark] | None
_HOLDS: frozenset[Mark] = frozenset()


@dataclass(frozen=True, slots=True)
class Asked:
    """A system, with what settings and people say of it beside the evidence."""

    facts: SystemFacts
    categories: Mapping[str, Collection[str]]
    said: Mapping[str, str] = field(default_factory=dict)  # fields that a person filled
    enough: int = 3
    client_work: Sequence[str] = ()  # patterns of applications that are made for clients


def category(asked: Asked, any: str | None = None, none: str | None = None) -> Met:  # noqa: A002
    """Whether the product is of one of those categories."""
    return _HOLDS if _is_of(asked, asked.facts.category, any, none) else None


def nature(asked: Asked, any: Sequence[str] = (), none: Sequence[str] = ()) -> Met:  # noqa: A002
    """Whether the product is AI, has some, or runs that of others."""
    own = asked.facts.ai_nature
    return _HOLDS if own not in none and (not any or own in any) else None


def audience(asked: Asked, is_: Sequence[str]) -> Met:
    """Whether people outside meet it: customers, likely, unknown, internal."""
    said, marks = audience_of(asked)
    return marks if said in is_ else None


def audience_of(asked: Asked) -> tuple[str, frozenset[Mark]]:
    """Return who meets a built system, and the hints that say so. A person's word comes first."""
    said = _said(asked, "customer_facing")
    outside = _hints(asked, HintKind.CUSTOMER_FACING)
    inside = _hints(asked, HintKind.INTERNAL)
    if said in ("yes", "no"):
        return ("customers", _marks(outside)) if said == "yes" else ("internal", _marks(inside))
    if any(one[0] in _OUTSIDE for one in outside):
        return "customers", _marks(outside)
    if inside:
        return ("unknown" if outside else "internal"), _marks([*inside, *outside])
    is_likely = any(one[0] not in _PAGES for one in outside)
    return ("likely" if is_likely else "unknown"), _marks(outside)


def hint(asked: Asked, kind: str, labels: Sequence[str]) -> Met:
    """Whether a file suggests one of those things. Supports, and proves nothing."""
    return _marks([one for one in _hints(asked, HintKind(kind)) if one[0] in labels]) or None


def seen(
    asked: Asked,
    through: str,
    level: str = "listed",
    people: str = "",
    days: int = 0,
    kinds: Sequence[str] = (),
    identifiers: Sequence[str] = (),
) -> Met:
    """Whether it was seen so far, by enough people, on so many days; what was refused counts not."""
    lowest = Level[level.upper()]
    found = [
        one
        for one in asked.facts.seen
        if one.channel in _THROUGH[through]
        and one.action in _HAPPENED
        and one.level >= lowest
        and (not kinds or one.kind in kinds)
        and (not identifiers or one.identifier in identifiers)
    ]
    if people and _most(asked, found) < asked.enough:
        return None
    if days and max((one.days for one in found), default=0) < days:
        return None
    return frozenset(Mark(_origin(one.channel, one.source), one.id) for one in found) or None


def part(
    asked: Asked,
    use: str,
    categories: str | None = None,
    channels: Sequence[str] = (),
    values: str = "",
) -> Met:
    """Whether a built system has such a component: shipped, beside it, behind others' packages."""
    return (
        frozenset(
            Mark(f"code:{one.product}", one.id)
            for one in asked.facts.parts
            if is_used(one, use)
            and _is_of(asked, one.category, categories)
            and (not channels or channel_of(one) in channels)
            and (not values or _pattern(values).fullmatch(one.value))
        )
        or None
    )


def reached(asked: Asked, consent: Sequence[str], data: bool = False, for_all: bool = False) -> Met:
    """Whether it was let into something, by whom, and whether into more than who signs in."""
    return (
        frozenset(
            Mark(_origin(Channel.GRANT, one.source), one.id)
            for one in asked.facts.reached
            if Consent(one.consent) in consent
            and (not data or one.area not in _NO_DATA)
            and (not for_all or one.is_for_all or one.way is Way.APPLICATION)
        )
        or None
    )


def seats(asked: Asked) -> Met:
    """Whether licences are bought or handed out."""
    return (
        frozenset(
            Mark(_origin(Channel.SEAT, one.source), f"seat:{one.source}:{one.plan}")
            for one in asked.facts.seats
            if (one.bought or 0) > 0 or (one.assigned or 0) > 0
        )
        or None
    )


def kept(asked: Asked, kinds: Sequence[str], detail: str = "") -> Met:
    """Whether people keep such a thing in it: an agent, a deployed model, a key."""
    return (
        frozenset(
            Mark(_origin(Channel.ASSET, one.source), f"kept:{one.source}:{one.kind}:{one.name}")
            for one in asked.facts.kept
            if one.kind in kinds and (not detail or _pattern(detail).fullmatch(one.detail))
        )
        or None
    )


def switched(asked: Asked, but: str) -> Met:
    """Whether something in it is switched on, settings of those names left out."""
    return (
        frozenset(
            Mark(
                _origin(Channel.SETTING, one.source), f"setting:{one.source}:{one.name}:{one.unit}"
            )
            for one in asked.facts.switched
            if one.is_on and not _pattern(but).fullmatch(one.name)
        )
        or None
    )


def not_off(asked: Asked, but: str) -> Met:
    """Whether no setting says that its AI is off, or one says that it is on for some."""
    said = [one.is_on for one in asked.facts.switched if not _pattern(but).fullmatch(one.name)]
    return _HOLDS if any(said) or not said else None


def spent(asked: Asked) -> Met:
    """Whether money went to its supplier; what came back is none."""
    return (
        frozenset(
            Mark(_origin(Channel.EXPENSE, one.source), f"spend:{one.source}:{one.month}")
            for one in asked.facts.spent
            if one.amount > 0
        )
        or None
    )


def client_work(asked: Asked) -> Met:
    """Whether gnomon.toml or a person says that it is made for a client; a person's word is the last."""
    key = asked.facts.product.casefold()
    is_named = any(fnmatchcase(key, one.casefold()) for one in asked.client_work)
    said = _said(asked, "client_work")
    return _HOLDS if said == "yes" or (is_named and said != "no") else None


def gone(asked: Asked) -> Met:
    """Whether nothing but the register, or a person's word, still shows it."""
    return None if shows(asked.facts) else _HOLDS


def shows(facts: SystemFacts) -> bool:
    """Whether any evidence beside the organisation's own register shows a system."""
    others = any(one.channel is not Channel.REGISTER for one in facts.seen)
    kinds = (facts.parts, facts.reached, facts.seats, facts.kept, facts.switched, facts.spent)
    return others or any(kinds)


Condition = Callable[..., Met]
CONDITIONS: Mapping[str, Condition] = {
    one.__name__: one
    for one in (
        category,
        nature,
        audience,
        hint,
        seen,
        part,
        reached,
        seats,
        kept,
        switched,
        not_off,
        spent,
        client_work,
        gone,
    )
}


class Asking(NamedTuple):
    """A condition with what it is asked, ready to be called."""

    name: str
    given: Mapping[str, Any]

    @property
    def needs(self) -> str:
        """The kind of fact without which it never holds; "" if there is none."""
        return _NEEDS.get(self.name, "")


# What each condition looks at: where a system has nothing of it, the condition does not hold.
_NEEDS: Mapping[str, str] = {
    "hint": "hints", "seen": "seen", "part": "parts", "reached": "reached", "seats": "seats",
    "kept": "kept", "switched": "switched", "spent": "spent",
}  # fmt: skip
KINDS_OF_FACTS = tuple(_NEEDS.values())
# These ask of what kind a system is, and nothing of its evidence.
OF_KIND = frozenset({"category", "nature"})


def ready(conditions: Sequence[Mapping[str, Mapping[str, Any]]]) -> tuple[Asking, ...]:
    """Return conditions as roles.toml has them, ready to be called."""
    return tuple(
        Asking(name, {"is_" if key == "is" else key: value for key, value in values.items()})
        for condition in conditions
        for name, values in condition.items()
    )


def meets(asked: Asked, conditions: Iterable[Asking]) -> Met:
    """Return the evidence by which all conditions hold; None if one does not."""
    marks: set[Mark] = set()
    for name, given in conditions:
        met = CONDITIONS[name](asked, **given)
        if met is None:
            return None
        marks |= met
    return frozenset(marks)


def _said(asked: Asked, name: str) -> str:
    return asked.said.get(name, "").strip().casefold()


def _is_of(asked: Asked, own: str, wanted: str | None, but: str | None = None) -> bool:
    if but is not None and own in asked.categories[but]:
        return False
    return wanted is None or own in asked.categories[wanted]


def _most(asked: Asked, found: Sequence[Seen]) -> int:
    """Return the fewest people that it can be: more than one row may be about the same ones."""
    words = {word for one in found if (word := _COUNTED.get(one.channel))}
    counted = [n for what, n in asked.facts.counts.items() if any(word in what for word in words)]
    return max([*(one.actors for one in found), *counted], default=0)


def _origin(channel: Channel, source: str) -> str:
    return "network" if channel in NETWORK else f"{channel}:{source}"


def _hints(asked: Asked, kind: HintKind) -> list[tuple[str, str]]:
    return [
        (one.label, f"hint:{one.file}:{one.line}") for one in asked.facts.hints if one.kind == kind
    ]


def _marks(hints: Sequence[tuple[str, str]]) -> frozenset[Mark]:
    return frozenset(Mark("", place) for _, place in hints)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.DOTALL)


def sorted_ids(marks: Collection[Mark]) -> Iterator[str]:
    """Yield what a reader finds evidence by, in order, each once."""
    yield from sorted({one.id for one in marks})
