"""How the inventory drifted from an approved scope: what came, what went, and what is another now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scanner.inventory.change_kinds import Kind
from scanner.inventory.changes import changes
from scanner.inventory.scope import Place
from scanner.inventory.scope_entries import Entry
from scanner.store import Reader

_PARTS = ("roles", "suppliers", "models", "owner")


class Drifted(StrEnum):
    """In what way a system is not as the approved document has it."""

    NEW = "new"  # in evidence, and not in the document at all
    GONE = "gone"  # in the document, and no longer in the inventory
    MOVED = "moved"  # in another part of the scope
    NOT_SEEN = "not_seen"  # in scope, and not seen where it would have been seen
    CANNOT_TELL = "cannot_tell"  # in scope, and nobody looked where it would be seen
    ROLES = "roles"
    SUPPLIERS = "suppliers"
    MODELS = "models"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference. ``before`` and ``after`` are what differs; ``note`` is what was seen."""

    kind: Drifted
    system: str
    name: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    note: str = ""


def drift(
    before: Iterable[Entry], after: Iterable[Entry], unseen: Mapping[str, Drift]
) -> list[Drift]:
    """Return how systems differ from those of an approved document; ``unseen`` is by system."""
    old, new = {one.id: one for one in before}, {one.id: one for one in after}
    found = [
        *(_new(one) for key, one in new.items() if key not in old),
        *(_gone(one) for key, one in old.items() if key not in new),
        *(each for key, one in new.items() if key in old for each in _moved(old[key], one)),
        *(
            unseen[key]
            for key, one in new.items()
            if key in unseen and Place.IN.value in (one.place, old[key].place if key in old else "")
        ),
    ]
    order = list(Drifted)
    return sorted(found, key=lambda one: (order.index(one.kind), one.name.casefold(), one.system))


def unseen(store: Reader, now: datetime) -> dict[str, Drift]:
    """Return what was not seen for many days, and of what nobody can tell, by system."""
    found: dict[str, Drift] = {}
    for one in changes(store, None, None, now, kinds=(Kind.NOT_SEEN, Kind.CANNOT_TELL)):
        kind = Drifted.NOT_SEEN if one.kind is Kind.NOT_SEEN else Drifted.CANNOT_TELL
        found[one.system] = Drift(kind, one.system, one.name, note=one.text)
    return found


def _new(one: Entry) -> Drift:
    return Drift(Drifted.NEW, one.id, one.name, (), (one.place,))


def _gone(one: Entry) -> Drift:
    return Drift(Drifted.GONE, one.id, one.name, (one.place,), ())


def _moved(before: Entry, after: Entry) -> Iterator[Drift]:
    if before.place != after.place:
        yield Drift(Drifted.MOVED, after.id, after.name, (before.place,), (after.place,), after.why)
    for part in _PARTS:
        old, new = _values(before, part), _values(after, part)
        if set(old) != set(new):
            yield Drift(Drifted(part), after.id, after.name, old, new)


def _values(one: Entry, part: str) -> tuple[str, ...]:
    """Return what is compared. A candidate for owner comes and goes; a confirmed one does not."""
    if part == "roles":
        return one.role_names
    if part == "owner":
        return (one.owner,) if one.is_owner_confirmed else ()
    values: Sequence[str] = getattr(one, part)
    return tuple(values)
