"""What people decided about identity, played in order: merges, splits and names.

Strong keys give every product and every application a place of its own. Only these decisions put
places together or take them apart; a name never does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from scanner.model import Act

IDENTITY_ACTS = (Act.MERGE, Act.SPLIT, Act.RENAME)


@dataclass(slots=True)
class Arrangement:
    """Where systems stand by decisions: what was merged into what, and what was split off."""

    into: dict[str, str] = field(default_factory=dict)  # a system: the one it was merged into
    moved: dict[str, str] = field(default_factory=dict)  # a detection: the system split off for it
    bases: dict[str, str] = field(default_factory=dict)  # a system that was split off: of which
    names: dict[str, str] = field(default_factory=dict)

    def home(self, system: str, known: Mapping[str, object]) -> str:
        """Return the system that stands for this one; merges into what is not known count nothing."""
        while (into := self.into.get(system)) is not None and into in known:
            system = into
        return system

    def add(self, act: Act, subject: str, value: Mapping[str, Any]) -> None:
        """Play one decision after those before it."""
        match act:
            case Act.MERGE:
                self._merge(subject, str(value.get("other", "")))
            case Act.SPLIT if "other" in value:
                self.into.pop(str(value["other"]), None)
            case Act.SPLIT:
                self._split(subject, value)
            case Act.RENAME:
                self.names[subject] = str(value.get("name", ""))
            case _:
                pass

    def _merge(self, stays: str, other: str) -> None:
        if not other or stays == other:
            return
        if self._is_below(stays, other):  # merged the other way round before: the later one holds
            del self.into[stays]
        self.into[other] = stays

    def _is_below(self, system: str, other: str) -> bool:
        while (into := self.into.get(system)) is not None:
            if into == other:
                return True
            system = into
        return False

    def _split(self, subject: str, value: Mapping[str, Any]) -> None:
        new = str(value.get("system", ""))
        if not new or new == subject:
            return
        self.bases[new] = subject
        self.names[new] = str(value.get("name", ""))
        self.into.pop(new, None)
        self.moved.update((str(one), new) for one in value.get("detections", ()))


def arranged(rows: Iterable[tuple[str, str, str]]) -> Arrangement:
    """Return what decisions (act, subject, value as JSON) come to, in their order."""
    result = Arrangement()
    for act, subject, value in rows:
        result.add(Act(act), subject, json.loads(value))
    return result
