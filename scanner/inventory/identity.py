"""What is one AI system: a used product in the whole organisation, or an application that is built.

Identity rests on strong keys alone. The id is a hash of kind and key, so it is the same in every
database, whatever showed the system first. Beside the keys only people say what is one: their
decisions to merge, split and rename are played over the keys, and no scan undoes them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from scanner.errors import UsageError
from scanner.model import Act, Decision, SystemKind
from scanner.store import NewSystem, Place, Reader, Store

_LONGEST_NAME = 200


class Judgement(NamedTuple):
    """Who decides, why and when."""

    by: str
    reason: str
    at: datetime


def system_id(kind: SystemKind, key: str) -> str:
    """Return the id of the system of that kind and key, such as ``ais-3f2a9c1b04de``."""
    digest = hashlib.blake2b(f"{kind}\0{key}".encode(), digest_size=6).hexdigest()
    return f"ais-{digest}"


def register_used_systems(store: Store) -> None:
    """Give every product that evidence shows in use its place in the inventory.

    It is new in the newest scan, also when an old log was read again with newer signatures.
    Evidence of presence alone, or of shared infrastructure, gives no product a place.
    """
    scan = next((one.id for one in store.scans()), 0)
    store.add_systems(
        NewSystem(system_id(SystemKind.USED, product.key), SystemKind.USED, product.row, None, scan)
        for product in store.products_without_system()
    )


def register_built_systems(store: Store) -> None:
    """Give every application that is shown to ship AI its place in the inventory.

    AI in its tests, its examples or behind others' packages alone gives it none.
    """
    scan = next((one.id for one in store.scans()), 0)
    store.add_systems(
        NewSystem(system_id(SystemKind.BUILT, one.key), SystemKind.BUILT, None, one.row, scan)
        for one in store.applications_without_system()
    )


def merge(store: Reader, stays: str, other: str, judged: Judgement) -> Decision:
    """Return the decision that two systems are one. Raises UsageError if they are no two."""
    one, two = place_of(store, stays), place_of(store, other)
    if one.system == two.system:
        raise UsageError(f"{other!r} is {one.system} already")
    value = {"other": two.system}
    return _decision(Act.MERGE, one.system, "merged", judged, value)


def unmerge(store: Reader, system: str, other: str, judged: Judgement) -> Decision:
    """Return the decision that what was merged is two systems after all."""
    one, two = place_of(store, system), place_of(store, other)
    if not two.is_merged or one.system != two.system or one.id == two.id:
        raise UsageError(f"{other!r} was not merged into {system!r}")
    return _decision(Act.SPLIT, one.system, "split", judged, {"other": two.id})


def split(
    store: Reader, system: str, detections: Iterable[str], name: str, judged: Judgement
) -> Decision:
    """Return the decision that some detections of a system are a system of their own."""
    place = place_of(store, system)
    wanted = sorted(set(detections))
    own = {row["detection"] for row in store.detections_in(place.system)}
    if missing := [one for one in wanted if one not in own]:
        raise UsageError(f"{system!r} has no detection {', '.join(missing)}; it has {_some(own)}")
    if not own.difference(wanted):
        raise UsageError(f"that would leave nothing of {system!r}; rename it instead")
    called = _name(name)
    new = system_id(SystemKind.USED, f"{place.system}\0{called}")
    value = {"detections": wanted, "name": called, "system": new}
    return _decision(Act.SPLIT, place.system, "split", judged, value)


def rename(store: Reader, system: str, name: str | None, judged: Judgement) -> Decision:
    """Return the decision that a system is called so; without a name, by its own again."""
    place = place_of(store, system)
    value = {"name": "" if name is None else _name(name)}
    return _decision(Act.RENAME, place.system, "renamed", judged, value)


def place_of(store: Reader, wanted: str) -> Place:
    """Return the system of that id, product or name, also one that was merged into another."""
    key = wanted.casefold()
    found = [one for one in store.places() if key in (one.id, one.product.casefold())]
    found = [one for one in found if one.id == key] or found
    found = found or [one for one in store.places() if one.name.casefold() == key]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(f"no AI system is known as {wanted!r}; see `gnomon inventory list`")
    ids = ", ".join(one.id for one in found)
    raise UsageError(f"{wanted!r} names several systems: {ids}; use an id")


def _decision(
    act: Act, subject: str, verdict: str, judged: Judgement, value: Mapping[str, object]
) -> Decision:
    if not judged.by.strip() or not judged.reason.strip():
        raise UsageError("say who decides and why: --by NAME --reason WHY")
    return Decision(
        subject, verdict, judged.reason.strip(), judged.by.strip(), judged.at, act=act, value=value
    )


def _name(name: str) -> str:
    called = " ".join(name.split())
    if not called or len(called) > _LONGEST_NAME:
        raise UsageError(f"a name has 1 to {_LONGEST_NAME} characters")
    return called


def _some(detections: Iterable[str]) -> str:
    listed = sorted(detections)
    more = f" and {len(listed) - 10} more" if len(listed) > 10 else ""
    return ", ".join(listed[:10]) + more
