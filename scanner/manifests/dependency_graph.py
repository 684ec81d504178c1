"""What pulls in a package, and for what: lockfiles and bills of materials tell it alike.

A reader makes one ``Entry`` of each package and names the direct ones. From those the ways to all
others are found: into each package on the way that is closest to what runs, and of such ways on
the shortest. A package that both runs and is tested with is one that runs.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from scanner.manifests import Group, Mention, Tie, Trouble
from scanner.model import Identifier

_STRONGEST_FIRST = (
    Group.RUNTIME,
    Group.OPTIONAL,
    Group.BUILD,
    Group.DEV,
    Group.TEST,
    Group.NOTEBOOK,
    Group.EXAMPLE,
)
_RANKS = {group: rank for rank, group in enumerate(_STRONGEST_FIRST)}
# Real chains have a dozen links. A longer one is told by its first links, or else a file of
# packages that each need the next would take memory with the square of its size.
_MOST_LINKS = 64


def strongest(groups: Iterable[Group]) -> Group:
    """Return the group closest to what runs."""
    return min(groups, key=_RANKS.__getitem__)


@dataclass(slots=True)
class Entry:
    """One package of a lock, and what it needs, by what these are called there.

    One without a value is passed over, and stands for what it needs.
    """

    value: str
    version: str = ""
    line: int = 0
    needs: list[str] = field(default_factory=list)
    group: Group | None = None  # None: that of the direct dependencies that need it
    channel: Identifier = Identifier.PACKAGE
    tie: Tie = Tie.LOCKED
    spares: list[str] = field(default_factory=list)  # what it uses, but can do without


class Route(NamedTuple):
    """How a package comes into a lock: for what, and what pulls it in, from a direct one on."""

    group: Group
    via: tuple[str, ...] | None  # () for a direct one, None where nothing is known to need it


@dataclass(slots=True)
class Graph:
    """The packages of a lock by its keys, those asked for, and what could not be understood.

    ``is_whole`` is false if more may be asked for, so that of no other can it be said that it
    is not.
    """

    entries: dict[str, Entry] = field(default_factory=dict)
    direct: dict[str, Group] = field(default_factory=dict)
    is_whole: bool = True
    troubles: list[Trouble] = field(default_factory=list)

    def want(self, key: str, group: Group) -> None:
        """Add a package that the application asks for; what it is most needed for counts."""
        self.direct[key] = strongest((group, self.direct.get(key, group)))

    def connect(self, key: str, needs: Iterable[tuple[str, bool]]) -> None:
        """Add what a package needs, each with whether it can do without."""
        entry = self.entries[key]
        for need, is_spare in needs:
            (entry.spares if is_spare else entry.needs).append(need)

    def first(self, keys: Iterable[str]) -> str | None:
        """Return the first of the keys under which there is a package."""
        return next((key for key in keys if key in self.entries), None)

    def found(self) -> Iterator[Mention | Trouble]:
        """Yield each package in each version once, and what could not be understood."""
        yield from mentions(self.entries, self.direct or None, self.is_whole)
        yield from self.troubles


def mentions(
    entries: Mapping[str, Entry], direct: Mapping[str, Group] | None, is_whole: bool = True
) -> Iterator[Mention]:
    """Yield each package in each version once, of the entries that have a value.

    ``direct`` are those the application asks for, None where nothing tells them; ``is_whole`` is
    false if there may be more.
    """
    found = routes(entries, direct or {})
    kept: dict[tuple[Identifier, str, str], tuple[Entry, Route | None]] = {}
    for key, entry in entries.items():
        if not entry.value:
            continue
        route = found.get(key)
        if entry.group is not None:
            route = Route(entry.group, route.via if route else None)
        same = (entry.channel, entry.value, entry.version)
        known = kept.get(same)
        kept[same] = (known[0], _best(known[1], route)) if known else (entry, route)
    is_told = is_whole and direct is not None
    for entry, route in kept.values():
        yield _mention(entry, route or Route(Group.RUNTIME, None), is_told)


def _best(one: Route | None, other: Route | None) -> Route | None:
    """Join two ways to one package: direct if one is, by few links, for what it is most needed for."""
    if one is None or other is None:
        return one or other
    ways = [route.via for route in (one, other) if route.via is not None]
    return Route(strongest((one.group, other.group)), min(ways, key=len, default=None))


def _mention(entry: Entry, route: Route, is_told: bool) -> Mention:
    is_direct = route.via == ()
    return Mention(
        entry.channel,
        entry.value,
        entry.line,
        entry.version,
        entry.tie,
        route.group,
        is_direct if is_direct or is_told else None,
        route.via or (),
    )


def routes(entries: Mapping[str, Entry], direct: Mapping[str, Group]) -> dict[str, Route]:
    """Return how each entry is reached that is, by its key."""
    found = _walked(entries, direct)
    firm = {key: found[key].group for key in direct if key in found}
    # A direct one that others need for more than it is asked for is where chains begin all the same.
    return found if all(firm[key] is direct[key] for key in firm) else _walked(entries, firm)


def _walked(entries: Mapping[str, Entry], direct: Mapping[str, Group]) -> dict[str, Route]:
    found: dict[str, Route] = {}
    # By group, then by links, then as they stand in the file.
    waiting: list[tuple[int, int, int, str, tuple[str, ...]]] = [
        (_RANKS[group], 0, number, key, ())
        for number, (key, group) in enumerate(direct.items())
        if key in entries
    ]
    heapq.heapify(waiting)
    count = len(waiting)
    while waiting:
        rank, links, _, key, via = heapq.heappop(waiting)
        if key in found:
            continue
        if key in direct:
            via = ()
        found[key] = Route(_STRONGEST_FIRST[rank], via)
        entry = entries[key]
        via = _longer(via, entry)
        for need, lowest in _needs(entry):
            if need in entries and need not in found:
                count += 1
                heapq.heappush(waiting, (max(rank, lowest), links + 1, count, need, via))
    return found


def _needs(entry: Entry) -> Iterator[tuple[str, int]]:
    """Yield what a package needs, and the rank that it has at the most for that."""
    for need in entry.needs:
        yield need, 0
    for need in entry.spares:
        yield need, _RANKS[Group.OPTIONAL]


def _longer(via: tuple[str, ...], entry: Entry) -> tuple[str, ...]:
    is_link = entry.value and entry.channel is Identifier.PACKAGE
    return (*via, entry.value) if is_link and len(via) < _MOST_LINKS else via
