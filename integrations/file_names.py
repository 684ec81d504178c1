"""Names of files made of names that people gave: one name, one file, in one folder, on any system."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

_LONGEST = 80
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{kind}{n}" for kind in ("com", "lpt") for n in range(1, 10))}
)


def file_name(name: str) -> str:
    """Return a name without what means something to a file system; other names become others."""
    spelled = quote(name, safe=" ", errors="surrogatepass")
    if spelled.startswith("."):
        spelled = f"%2E{spelled[1:]}"
    if len(spelled) > _LONGEST or spelled.lower().partition(".")[0] in _DEVICES:
        digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
        return f"{digest}-{spelled[:_LONGEST]}"
    return spelled
