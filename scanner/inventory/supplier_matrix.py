"""Who does what over the life of the systems from a supplier (A.10.2): proposals, and what is agreed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scanner.inventory.supplier_questions import activities


class Party(StrEnum):
    """Who answers for an activity."""

    US = "us"
    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    SHARED = "shared"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Share:
    """One activity: whose it usually is by each class of origin, and what people agreed."""

    activity: str
    parties: Mapping[str, Party]  # by whose the model is; {} where nothing tells it
    agreed: Party | None = None
    by: str = ""
    at: datetime | None = None

    @property
    def proposal(self) -> Party:
        """The one party that every class gives; unknown where they differ, or there is none."""
        given = set(self.parties.values())
        return given.pop() if len(given) == 1 else Party.UNKNOWN


def proposed(classes: Iterable[str]) -> list[Share]:
    """Return the activities with whose they usually are for models of these classes of origin."""
    listed = list(classes)
    return [
        Share(one.id, {name: Party(one.usual[name]) for name in listed if name in one.usual})
        for one in activities()
    ]
