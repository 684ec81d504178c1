"""What a lockfile of npm and its kin resolved: packages, what each needs, and what pulls it in."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from scanner.manifests import Group, Mention, Tie, Trouble
from scanner.model import Identifier

_RANKS = {Group.RUNTIME: 0, Group.OPTIONAL: 1, Group.DEV: 2}
_GROUPS = tuple(_RANKS)
# Real chains have a dozen links. A longer one is told by its first links, or else a file of
# packages that each need the next would take memory with the square of its size.
_MOST_LINKS = 64


class Locked(NamedTuple):
    """One package of a lockfile, in one version."""

    purl: str
    version: str
    line: int
    group: Group | None = None  # None: the file does not say, its needs do


class _Reached(NamedTuple):
    rank: int
    is_direct: bool
    via: tuple[str, ...]


@dataclass(slots=True)
class Graph:
    """The packages of a lockfile by its keys; ``needs`` says of each what, and if it is optional.

    ``roots`` are the packages that the application asks for itself. ``is_whole`` is false if
    there may be more of them, so that of others it cannot be said that they are not.
    """

    packages: dict[str, Locked] = field(default_factory=dict)
    needs: dict[str, list[tuple[str, bool]]] = field(default_factory=dict)
    roots: dict[str, Group] = field(default_factory=dict)
    is_whole: bool = True
    troubles: list[Trouble] = field(default_factory=list)

    def want(self, key: str, group: Group) -> None:
        """Add a package that the application asks for; what it is most needed for counts."""
        known = self.roots.get(key)
        if known is None or _RANKS[group] < _RANKS[known]:
            self.roots[key] = group

    def found(self) -> Iterator[Mention | Trouble]:
        """Yield each package in each version once, and what could not be understood."""
        reached = self._reached()
        kept: dict[tuple[str, str], tuple[Locked, _Reached | None]] = {}
        for key, one in self.packages.items():
            place = reached.get(key)
            if place is None and one.group is not None:
                place = _Reached(_RANKS[one.group], False, ())
            elif place is not None and one.group is not None:
                place = place._replace(rank=_RANKS[one.group])
            known = kept.get((one.purl, one.version))
            kept[one.purl, one.version] = _both(known, (one, place)) if known else (one, place)
        for one, place in kept.values():
            yield self._mention(one, place or _Reached(0, False, ()))
        yield from self.troubles

    def _mention(self, one: Locked, place: _Reached) -> Mention:
        is_told = place.is_direct or (self.is_whole and bool(self.roots))
        return Mention(
            Identifier.PACKAGE,
            one.purl,
            one.line,
            version=one.version,
            tie=Tie.LOCKED,
            group=_GROUPS[place.rank],
            is_direct=place.is_direct if is_told else None,
            via=place.via,
        )

    def _reached(self) -> dict[str, _Reached]:
        """Return how each package is reached: by runtime needs before others, by few links."""
        reached: dict[str, _Reached] = {}
        waiting = [
            (_RANKS[group], 0, number, key, "")
            for number, (key, group) in enumerate(self.roots.items())
        ]
        heapq.heapify(waiting)
        count = len(waiting)
        while waiting:
            rank, links, _, key, by = heapq.heappop(waiting)
            if key in reached or key not in self.packages:
                continue
            is_direct = key in self.roots
            reached[key] = _Reached(rank, is_direct, () if is_direct else self._chain(reached, by))
            for need, is_optional in self.needs.get(key, ()):
                if need not in reached:
                    count += 1
                    further = max(rank, _RANKS[Group.OPTIONAL] if is_optional else 0)
                    below = 1 if is_direct else links + 1
                    heapq.heappush(waiting, (further, below, count, need, key))
        return reached

    def _chain(self, reached: dict[str, _Reached], by: str) -> tuple[str, ...]:
        via = reached[by].via
        return via if len(via) >= _MOST_LINKS else (*via, self.packages[by].purl)


def _both(
    one: tuple[Locked, _Reached | None], other: tuple[Locked, _Reached | None]
) -> tuple[Locked, _Reached | None]:
    """Join two places of one package: direct if one is, for what it is most needed for."""
    if one[1] is None or other[1] is None:
        return one if other[1] is None else (one[0], other[1])
    first, second = one[1], other[1]
    return one[0], _Reached(
        min(first.rank, second.rank),
        first.is_direct or second.is_direct,
        min((first, second), key=_length).via,
    )


def _length(place: _Reached) -> tuple[bool, bool, int]:
    """Sort the places of a package: direct, reached, by few links."""
    return not place.is_direct, not place.via, len(place.via)


def resolved(keys: Iterable[str], packages: dict[str, Locked]) -> str | None:
    """Return the first of the keys under which there is a package."""
    return next((key for key in keys if key in packages), None)
