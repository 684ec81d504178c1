"""Which scopes a profile needs, and why: the fewest that let every operation of it run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from integrations.operations import Operation

_WRITES = re.compile(r"write|manage(?!ment)|admin:org|full_?control|\.delete|:delete")

_READS = re.compile(r"(?:[.:]read(?:basic)?|readonly)(?:\.all)?$")


class Needs(NamedTuple):
    """A scope that is needed, and the operations that need it."""

    scope: str
    can_write: bool
    operations: tuple[Operation, ...]


def needed(operations: Sequence[Operation]) -> list[Needs]:
    """Return the scopes that are needed, by name.

    Where an operation leaves a choice, the scopes are taken that serve most operations, and of
    equal ones the least.
    """
    chosen = _chosen(operations)
    serves: dict[str, list[Operation]] = {}
    for operation in operations:
        for scope in _used(operation, chosen):
            serves.setdefault(scope, []).append(operation)
    return [
        Needs(scope, all(one.can_write for one in serves[scope]), tuple(serves[scope]))
        for scope in sorted(serves)
    ]


def _chosen(operations: Sequence[Operation]) -> frozenset[str]:
    chosen: set[str] = set()
    for one in operations:
        if len(one.scopes) == 1:
            chosen.update(one.scopes[0])
    waiting = [one for one in operations if not _is_served(one, chosen)]
    while waiting:
        best = max(
            (scopes for one in waiting for scopes in one.scopes),
            key=lambda scopes: sum(_is_served(one, chosen | set(scopes)) for one in waiting),
        )
        chosen.update(best)
        waiting = [one for one in waiting if not _is_served(one, chosen)]
    return frozenset(chosen)


def _is_served(operation: Operation, scopes: Iterable[str]) -> bool:
    held = frozenset(scopes)
    return not operation.scopes or any(held.issuperset(one) for one in operation.scopes)


def _used(operation: Operation, chosen: frozenset[str]) -> tuple[str, ...]:
    return next((one for one in operation.scopes if chosen.issuperset(one)), ())


class Granted(NamedTuple):
    """What a token has beside what is needed."""

    missing: tuple[str, ...]
    excess: tuple[str, ...]


def compared(operations: Sequence[Operation], granted: frozenset[str]) -> Granted:
    """Return the scopes that are missing, and those that nothing here needs."""
    missing = {
        scope for one in operations if not _is_served(one, granted) for scope in one.scopes[0]
    }
    used = {scope for one in operations for scopes in one.scopes for scope in scopes}
    return Granted(tuple(sorted(missing)), tuple(sorted(granted - used)))


def may_write(scope: str) -> bool:
    """Whether the name of a scope says that it can change something."""
    lowered = scope.lower()
    return _WRITES.search(lowered) is not None and not _READS.search(lowered)


def titles(operations: Iterable[Operation]) -> str:
    """Return the titles of operations, in one line."""
    return ", ".join(one.title for one in operations)
