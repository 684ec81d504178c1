"""Questions that wait for their answer: DNS servers log a query and its outcome on two lines."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from scanner.model import Action, Observation

_BOUND = 4096


class Pending:
    """Observations held back until a later line says what became of them.

    Only wanted observations are held, so the memory is small; the oldest go when it is full.
    Several under one key, such as the A and AAAA questions of one visit, share one outcome.
    """

    def __init__(self, bound: int = _BOUND) -> None:
        self._held: dict[Hashable, list[Observation]] = {}
        self._count = 0
        self._bound = bound

    def __bool__(self) -> bool:
        return bool(self._held)

    def hold(self, key: Hashable, observation: Observation) -> Iterator[Observation]:
        """Hold an observation; yields those that had to leave for it, if any."""
        if self._count >= self._bound:
            yield from self._pop(next(iter(self._held)))
        self._held.setdefault(key, []).append(observation)
        self._count += 1

    def settle(self, key: Hashable, action: Action) -> Iterator[Observation]:
        """Yield the observations held under ``key``, if any, with what became of them."""
        for held in self._pop(key):
            yield held._replace(action=action)

    def presume(self, key: Hashable, action: Action) -> None:
        """Note what probably becomes of what is held under ``key``; a later line may tell."""
        if key in self._held:
            self._held[key] = [held._replace(action=action) for held in self._held[key]]

    def presumed(self, key: Hashable) -> Action | None:
        """Return what the observations held under ``key`` are presumed to have come to."""
        return self._held[key][0].action if key in self._held else None

    def holds(self, key: Hashable) -> bool:
        return key in self._held

    def rest(self) -> Iterator[Observation]:
        """Yield what no line settled, in the order in which it was held."""
        for key in list(self._held):
            yield from self._pop(key)

    def _pop(self, key: Hashable) -> list[Observation]:
        held = self._held.pop(key, [])
        self._count -= len(held)
        return held
