"""Documents made from the store's views: a report is one file with one constant, ``REPORT``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from scanner.config import PolicySettings
from scanner.inventory.review import reviewed
from scanner.model import AISystem
from scanner.store import Reader

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Request:
    """What a document is asked to be about. ``since`` bounds what counts as new; None: last scan.

    ``now`` says which approvals are past; None: the newest scan does.
    """

    organisation: str
    since: datetime | None = None
    policy: tuple[PolicySettings, ...] = ()
    now: datetime | None = None

    def systems(self, store: Reader) -> list[AISystem]:
        """Return the inventory, by name, each system with the state that is in force."""
        when = self.now or next((one.started for one in store.scans()), _LONG_AGO)
        return reviewed(store, self.policy, when)


@dataclass(frozen=True, slots=True)
class Report:
    """A document. ``render`` returns its text from what the store holds, the same every time."""

    name: str
    title: str
    suffix: str
    render: Callable[[Reader, Request], str]
