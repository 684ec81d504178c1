"""Byte filters: which of many texts stand in some bytes, whatever the case, in one pass.

Making one for thousands of texts takes a second, so it is kept beside the compiled signatures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import hyperscan

_KEPT = "filter-"
_MOST_KEPT = 8


@cache
def is_available() -> bool:
    """Whether there can be filters: Hyperscan has no wheels for some machines."""
    return find_spec("hyperscan") is not None


def filter_of(texts: Sequence[bytes], cache: Path | None = None) -> hyperscan.Database:
    """Return the filter for texts, each known by its position; kept in and taken from ``cache``."""
    import hyperscan

    place = cache / f"{_KEPT}{_name_of(texts)}" if cache is not None else None
    if place is not None and (known := _taken(place)) is not None:
        return known
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=list(texts),
        ids=list(range(len(texts))),
        elements=len(texts),
        flags=[hyperscan.HS_FLAG_CASELESS] * len(texts),
        literal=True,
    )
    if place is not None:
        _keep(place, hyperscan.dumpb(database))
    return database


def _name_of(texts: Sequence[bytes]) -> str:
    seen = hashlib.blake2b(version("hyperscan").encode(), digest_size=12)
    for text in texts:
        seen.update(len(text).to_bytes(4) + text)
    return seen.hexdigest()


def _taken(place: Path) -> hyperscan.Database | None:
    """Return a filter that was kept; None if there is none, or it is not as it was written."""
    import hyperscan

    try:
        content = place.read_bytes()
        if content[:16] != hashlib.blake2b(content[16:], digest_size=16).digest():
            return None
        database = hyperscan.loadb(content[16:], mode=hyperscan.HS_MODE_BLOCK)
        database.scratch = hyperscan.Scratch(database)  # room to scan in; it is not kept
        return database
    except (OSError, hyperscan.HyperscanError):
        return None


def _keep(place: Path, made: bytes) -> None:
    """Write a filter whole or not at all. A folder that cannot be written costs time only."""
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.with_suffix(".part")
        beside.write_bytes(hashlib.blake2b(made, digest_size=16).digest() + made)
        beside.replace(place)
        kept = sorted(place.parent.glob(f"{_KEPT}*"), key=lambda one: one.stat().st_mtime)
        for old in kept[:-_MOST_KEPT]:
            old.unlink(missing_ok=True)
