"""Field values as logs write them, as the types they stand for; what is none of them is None."""

from __future__ import annotations

# More digits than any counter has; longer runs are damage.
_MOST_DIGITS = 18


def text(value: object) -> str | None:
    """Return a value that is one word or number as text; None for the unset and the nested."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    shown = value.strip() if isinstance(value, str) else str(value)
    return None if shown in ("", "-") else shown


def count(value: object) -> int | None:
    """Return a value that is a whole number from 0 on, written in ASCII digits."""
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value if 0 <= value < 10**_MOST_DIGITS else None
    if not isinstance(value, str) or not (value.isascii() and value.isdigit()):
        return None
    return int(value) if len(value) <= _MOST_DIGITS else None
