"""Properties that builds write into texts, and that may name other properties: ``$(A)``, ``${a}``."""

from __future__ import annotations

import re
from collections.abc import Callable

_MOST_ROUNDS = 10
_LONGEST = 1000  # of a text; what its properties make longer is left as it was


def filled(written: str, pattern: re.Pattern[str], value_of: Callable[[str], str | None]) -> str:
    """Return a text with its properties filled in; those that have no value stay.

    The first group of the pattern is the name.
    """

    def fill(found: re.Match[str]) -> str:
        value = value_of(found[1])
        return found[0] if value is None or len(value) > _LONGEST else value

    for _ in range(_MOST_ROUNDS if len(written) <= _LONGEST else 0):
        longer = pattern.sub(fill, written)
        if longer == written or len(longer) > _LONGEST:
            break
        written = longer
    return written
