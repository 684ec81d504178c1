"""What text a match of a regular expression must hold: so that a byte filter can find the lines.

For ``/v\\d+/(?:fim|chat)/completions`` that is ``/fim/completions`` or ``/chat/completions``.
"""

from __future__ import annotations

# The parser of the standard library's own expressions: it has no public name, and writing a second
# one would be a second opinion on what an expression means.
import re._constants as op  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterable
from typing import Any

_MOST = 2_000
_SMALL_SET = 4
_MOST_REPEATS = 3


def required(expression: str) -> frozenset[str]:
    """Return texts of which every match holds at least one, lower-case; empty if there are none.

    The texts are as long, and then as few, as can be told with certainty.
    """
    texts = _of_sequence(parser.parse(expression.lower()))
    return frozenset(
        text for text in texts if not any(other in text for other in texts if other != text)
    )


def _of_sequence(items: Iterable[Any]) -> frozenset[str]:
    best: frozenset[str] = frozenset()
    run = frozenset({""})
    for item in items:
        exact = _exact(item)
        if exact is not None and len(run) * len(exact) <= _MOST:
            run = frozenset(a + b for a in run for b in exact)
            continue
        best = _better(_better(best, run), _of_item(item))
        run = exact if exact is not None else frozenset({""})
    return _better(best, run)


def _of_item(item: Any) -> frozenset[str]:
    """Return what an item that has no few exact texts must hold."""
    kind, value = item
    if kind is op.SUBPATTERN:
        return _of_sequence(value[3])
    if kind is op.BRANCH:
        each = [_of_sequence(branch) for branch in value[1]]
        return frozenset().union(*each) if all(each) else frozenset()
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT) and value[0] > 0:
        return _of_sequence(value[2])
    return frozenset()


def _exact(item: Any) -> frozenset[str] | None:
    """Return all texts that an item can be; None if they are many."""
    kind, value = item
    if kind is op.LITERAL:
        return frozenset({chr(value)})
    if kind in (op.AT, op.ASSERT, op.ASSERT_NOT):
        return frozenset({""})
    if kind is op.IN:
        return _exact_set(value)
    if kind is op.SUBPATTERN:
        return _exact_sequence(value[3])
    if kind is op.BRANCH:
        each = [_exact_sequence(branch) for branch in value[1]]
        return None if None in each else frozenset().union(*(one for one in each if one))
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT):
        return _exact_repeat(*value)
    return None


def _exact_repeat(least: int, most: int, items: Iterable[Any]) -> frozenset[str] | None:
    once = _exact_sequence(items)
    if once is None or most > _MOST_REPEATS:
        return None
    texts = frozenset({""})
    found = texts if least == 0 else frozenset()
    for times in range(1, most + 1):
        texts = frozenset(a + b for a in texts for b in once)
        found = found | texts if times >= least else found
    return found if len(found) <= _MOST else None


def _exact_set(members: Iterable[Any]) -> frozenset[str] | None:
    found = set()
    for kind, value in members:
        if kind is not op.LITERAL:
            return None
        found.add(chr(value))
    return frozenset(found) if len(found) <= _SMALL_SET else None


def _exact_sequence(items: Iterable[Any]) -> frozenset[str] | None:
    texts = frozenset({""})
    for item in items:
        exact = _exact(item)
        if exact is None or len(texts) * len(exact) > _MOST:
            return None
        texts = frozenset(a + b for a in texts for b in exact)
    return texts


def _better(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """Return the texts that a filter finds more seldom: the longer ones, then the fewer."""

    def rank(texts: frozenset[str]) -> tuple[int, int]:
        return (min(map(len, texts), default=0), -len(texts))

    return max(one, other, key=rank)
