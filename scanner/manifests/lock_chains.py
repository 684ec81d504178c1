"""Ways through the packages of a lock: what pulls each of them in, and what for."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from scanner.manifests import Group
from scanner.manifests.python_packages import STRONGEST_FIRST

# No tree of real packages is as deep; without a bound a forged one costs the square of its length.
_LONGEST = 100


class Reach(NamedTuple):
    """How a package comes into a lock."""

    group: Group
    is_direct: bool
    via: tuple[str, ...]  # from a direct dependency on


def reached(
    roots: Iterable[tuple[str, Group]], needs: Mapping[str, Collection[str]]
) -> dict[str, Reach]:
    """Return how each package is reached, by its purl: in its strongest group, on the shortest way.

    ``roots`` are the direct dependencies, ``needs`` what each package depends on.
    """
    wanted: dict[Group, list[str]] = {group: [] for group in STRONGEST_FIRST}
    for name, group in roots:
        wanted[group].append(name)
    found: dict[str, Reach] = {}
    for group, names in wanted.items():
        fresh = dict.fromkeys(name for name in names if name not in found)
        found.update((name, Reach(group, True, ())) for name in fresh)
        _follow(deque(fresh), needs, found)
    return found


def _follow(
    wave: deque[str], needs: Mapping[str, Collection[str]], found: dict[str, Reach]
) -> None:
    while wave:
        name = wave.popleft()
        group, _, via = found[name]
        via = (*via, name)[:_LONGEST]
        for need in needs.get(name, ()):
            if need not in found:
                found[need] = Reach(group, False, via)
                wave.append(need)
