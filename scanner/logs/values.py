"""Field values as logs write them, as the types they stand for; what is none of them is None."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from scanner.model import Action

_Decoded = TypeVar("_Decoded")

# More digits than any counter has; longer runs are damage.
_MOST_DIGITS = 18


# What exporters write where they know nothing.
_UNSET = frozenset(
    {"", "-", "--", "n/a", "na", "none", "null", "(null)", "nil", "unknown", "unknown user"}
    | {"anonymous", "undefined", "(empty)"}
)
_LONGEST_UNSET = 20


def text(value: object) -> str | None:
    """Return a value that is one word or number as text; None for the unset and the nested."""
    if isinstance(value, str):
        plain = value.strip()
        is_word = len(value) <= _LONGEST_UNSET and plain.lower() in _UNSET
        return None if is_word else plain
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return str(value)


def is_set(value: object) -> bool:
    """Whether a value says anything: no null, nor a word for it."""
    if not isinstance(value, str):
        return value is not None
    return len(value) > _LONGEST_UNSET or value.strip().lower() not in _UNSET


def dig(record: object, path: str) -> object:
    """Return what stands at ``dns.question.name``: nested, flat with dots, or partly each.

    Of a list the first item counts; None if nothing is there.
    """
    while True:
        while isinstance(record, list):
            record = record[0] if record else None
        if not path or not isinstance(record, dict):
            return None if path else record
        if path in record:
            record, path = record[path], ""
            continue
        head, _, path = path.partition(".")
        while head not in record and path:
            word, _, path = path.partition(".")
            head = f"{head}.{word}"
        record = record.get(head) if path or head in record else None


def said(record: object, *paths: str) -> str | None:
    """Return the first of these values of a record that is set and is one word or number."""
    for path in paths:
        if (found := text(dig(record, path))) is not None:
            return found
    return None


def program(path: str | None) -> str | None:
    """Return a program's name without its folder."""
    return re.split(r"[\\/]", path)[-1] or None if path else None


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


def decoded(decode: Callable[[bytes], _Decoded], line: bytes) -> _Decoded:
    """Decode a JSON line; bytes that are not UTF-8 become replacement marks, as anywhere else."""
    try:
        return decode(line)
    except UnicodeDecodeError:
        return decode(line.decode("utf-8", "replace").encode())


_OUTCOMES = {
    Action.BLOCKED: (
        "block deny denied drop reject refused forbid sinkhole reset quarantin quarantine"
    ),
    Action.ALLOWED: (
        "allow isolat isolate permit accept pass ok noerror success succeeded observed default proxied bypass monitor "
        "connectionsuccess"
    ),
    Action.NXDOMAIN: "nxdomain",
    Action.ERROR: "servfail error fail timeout connectionfailed connectionattempt",
}
_ACTION_OF = {word: action for action, words in _OUTCOMES.items() for word in words.split()}
# Words that vendors go on from: blockedByCategory, allowedOnNoPolicyMatch, policy_denied.
_STEMS = re.compile(
    r"(?:(?:policy|tcp|dns|web)[_-]?)?(block|deny|denied|drop|reject|refused|forbid|sinkhole|"
    r"quarantin|isolat|allow|permit|accept|pass|fail)"
)


def outcome(word: str | None) -> Action | None:
    """Return what a word for an outcome says: Block, denied, allowedByRule; None if nothing."""
    plain = (word or "").strip().lower()
    if plain in _ACTION_OF:
        return _ACTION_OF[plain]
    stem = _STEMS.match(plain)
    return _ACTION_OF[stem[1]] if stem else None
