"""What was worked out about a system from the same facts and the same decisions, kept for the next time.

A decision on one system changes nothing about the others; working them all out again would take
seconds where there are a year's facts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from scanner.model import SystemFacts

_T = TypeVar("_T")


class Remembered:
    """Results by what was worked out, and about which system."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[SystemFacts, object, Any]] = {}

    def of(self, what: str, facts: SystemFacts, given: object, make: Callable[[], _T]) -> _T:
        """Return what is made from these very facts, and from what else is ``given`` and is equal."""
        before = self._known.get((what, facts.id))
        if before is not None and before[0] is facts and before[1] == given:
            found: _T = before[2]
            return found
        made = make()
        self._known[what, facts.id] = (facts, given, made)
        return made
