"""Questions that wait for their answer: DNS servers log a query and its outcome on two lines.

All that is remembered depends on the last ``WINDOW`` lines alone, so that a log may be cut at any
line and read in pieces, each with that many lines before and after it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator

from scanner.model import Action, Observation

# How many lines below a question its outcome may stand.
WINDOW = 2000
# Some records ask many questions on one line.
_BOUND = 100_000


class Pending:
    """Observations held back until a later line says what became of them.

    Only wanted observations are held, each for ``window`` lines, so the memory is small; past
    ``bound`` the oldest go. Several under one key, such as the A and AAAA questions of one visit,
    share one outcome. ``advance`` to a line before asking what is held there.
    """

    def __init__(self, window: int = WINDOW, bound: int = _BOUND) -> None:
        self._held: dict[Hashable, list[Observation]] = {}
        self._last: dict[Hashable, int] = {}  # the line of the last question of each key
        self._order: deque[tuple[int, Hashable]] = deque()
        self._window = window
        self._bound = bound

    def __bool__(self) -> bool:
        return bool(self._held)

    def advance(self, line: int) -> Iterator[Observation]:
        """Yield what stands too far above ``line`` for its outcome still to follow."""
        order = self._order
        while order and (line - order[0][0] > self._window or len(order) >= self._bound):
            asked, key = order.popleft()
            if self._last.get(key) == asked:
                del self._last[key]
            held = self._held.get(key)
            if held and held[0].line == asked:
                yield held.pop(0)
                if not held:
                    del self._held[key]

    def hold(self, key: Hashable, observation: Observation) -> Iterator[Observation]:
        """Hold an observation; yields those that had to leave by its line, if any."""
        yield from self.advance(observation.line)
        self._held.setdefault(key, []).append(observation)
        self._last[key] = observation.line
        self._order.append((observation.line, key))

    def settle(self, key: Hashable, action: Action) -> Iterator[Observation]:
        """Yield the observations held under ``key``, if any, with what became of them."""
        for held in self._held.pop(key, ()):
            yield held.become(action)

    def presume(self, key: Hashable, action: Action) -> None:
        """Note what probably becomes of what is held under ``key``; a later line may tell."""
        if key in self._held:
            self._held[key] = [held.become(action) for held in self._held[key]]

    def presumed(self, key: Hashable) -> Action | None:
        """Return what the observations held under ``key`` are presumed to have come to."""
        return self._held[key][0].action if key in self._held else None

    def holds(self, key: Hashable) -> bool:
        return key in self._held

    def was_asked(self, key: Hashable) -> bool:
        """Whether a question of that key stands above, settled or not."""
        return key in self._last

    def rest(self) -> Iterator[Observation]:
        """Yield what no line settled, in the order in which it was held."""
        left = [one for held in self._held.values() for one in held]
        for remembered in (self._held, self._last, self._order):
            remembered.clear()
        yield from sorted(left, key=lambda one: one.line)
