"""Whether a text names a person: reports may hide people behind codes, and codes are nobody."""

from __future__ import annotations

import re

_HASH = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}", re.IGNORECASE)


def is_concealed(name: str) -> bool:
    """Whether a name stands for somebody who is not named: "DC8C64D6EC3A3AA1...", "AnonymousUser"."""
    return bool(_HASH.fullmatch(name)) or name.lower().startswith("anonymous")


def login_of(name: str) -> str:
    """Return a name in small letters, as a key of a person; "" for one that is concealed."""
    return "" if is_concealed(name) else name.lower()
