"""What was worked out about a system or a supplier, kept for the next time that it is asked for.

A decision on one system changes nothing about the others; working them all out again would take
seconds where there are many.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

_T = TypeVar("_T")


class Remembered:
    """Results by what was worked out, and about what."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[object, Any]] = {}

    def of(self, what: str, about: str, given: object, make: Callable[[], _T]) -> _T:
        """Return what is made from what is ``given``: what was made before, if that is equal."""
        before = self._known.get((what, about))
        if before is not None and before[0] == given:
            found: _T = before[1]
            return found
        made = make()
        self._known[what, about] = (given, made)
        return made
