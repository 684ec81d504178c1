"""Which packages of a lock pull in which: the shortest chain from a direct dependency to each."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import TypeVar

_Node = TypeVar("_Node")
# Of a longer chain, which no package manager makes, only the beginning is kept.
_LONGEST = 100


def chains(
    direct: Iterable[_Node], pulls: Mapping[_Node, Iterable[_Node]]
) -> dict[_Node, tuple[_Node, ...]]:
    """Return, for each package reached, those that pull it in, from a direct one on.

    Direct ones have an empty chain. ``pulls`` holds what each package depends on.
    """
    found: dict[_Node, tuple[_Node, ...]] = dict.fromkeys(direct, ())
    waiting = deque(found)
    while waiting:
        node = waiting.popleft()
        chain = found[node]
        longer = (*chain, node) if len(chain) < _LONGEST else chain
        for other in pulls.get(node, ()):
            if other not in found:
                found[other] = longer
                waiting.append(other)
    return found
