"""The domains of a log that no signature knew: names alone, packed, one row a log."""

from __future__ import annotations

import zlib
from collections.abc import Iterable


def packed(domains: Iterable[str | None]) -> bytes:
    """Return domains as they are kept: each once, in order."""
    names = sorted({one for one in domains if one})
    return zlib.compress("\n".join(names).encode(), level=6)


def unpacked(kept: bytes) -> list[str]:
    """Return domains that were kept."""
    return zlib.decompress(kept).decode().split()
