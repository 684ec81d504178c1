"""What is one AI system: a used product in the whole organisation, or an application that is built.

Identity rests on strong keys alone. The id is a hash of kind and key, so it is the same in every
database, whatever showed the system first.
"""

from __future__ import annotations

import hashlib

from scanner.model import SystemKind
from scanner.store import NewSystem, Store


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
