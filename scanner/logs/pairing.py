"""Questions that wait for their answer: DNS servers log a query and its outcome on two lines."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from scanner.model import Action, Observation

_BOUND = 4096


class Pending:
    """Observations held back until a later line says what became of them.

    Only wanted observations are held, so the memory is small; the oldest goes when it is full.
    """

    def __init__(self, bound: int = _BOUND) -> None:
        self._held: dict[Hashable, Observation] = {}
        self._bound = bound

    def __bool__(self) -> bool:
        return bool(self._held)

    def hold(self, key: Hashable, observation: Observation) -> Iterator[Observation]:
        """Hold an observation; yields the one that had to leave for it, if any."""
        previous = self._held.pop(key, None)
        if previous is not None:
            yield previous
        elif len(self._held) >= self._bound:
            yield self._held.pop(next(iter(self._held)))
        self._held[key] = observation

    def settle(self, key: Hashable, action: Action) -> Iterator[Observation]:
        """Yield the observation held under ``key``, if any, with what became of it."""
        held = self._held.pop(key, None)
        if held is not None:
            yield held._replace(action=action)

    def presume(self, key: Hashable, action: Action) -> None:
        """Note what probably becomes of the observation held under ``key``; a later line may tell."""
        if key in self._held:
            self._held[key] = self._held[key]._replace(action=action)

    def presumed(self, key: Hashable) -> Action | None:
        """Return what the observation held under ``key`` is presumed to have come to."""
        held = self._held.get(key)
        return held.action if held else None

    def holds(self, key: Hashable) -> bool:
        return key in self._held

    def rest(self) -> Iterator[Observation]:
        """Yield what no line settled, in the order in which it was held."""
        yield from self._held.values()
        self._held.clear()
