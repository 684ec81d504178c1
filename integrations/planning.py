"""What a collection will cost, said before it is run: requests and minutes for each operation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from integrations.connector import Connector, Size
from integrations.operations import Operation

_SECONDS = 0.15  # that one request takes where no quota is slower


class Planned(NamedTuple):
    """An operation, how often it will be sent, and for how long."""

    operation: Operation
    requests: int
    seconds: float


def plan(connector: Connector, operations: Sequence[Operation], size: Size) -> list[Planned]:
    """Return what each operation will cost for an account of that size."""
    counts = connector.requests(size)
    return [_planned(connector, one, counts.get(one.id, 1)) for one in operations]


def _planned(connector: Connector, operation: Operation, requests: int) -> Planned:
    quota = connector.quotas.get(operation.quota)
    pace = max(_SECONDS, quota.seconds / quota.requests if quota else 0.0)
    if quota and requests <= quota.requests:
        pace = _SECONDS  # the quota is not met
    return Planned(operation, requests, requests * pace)


def size_of(people: int, apps: int | None = None, grants: int | None = None) -> Size:
    """Return the size of an account; what nobody said is guessed from its people."""
    return Size(
        people,
        people // 20 + 100 if apps is None else apps,
        2 * people if grants is None else grants,
    )
