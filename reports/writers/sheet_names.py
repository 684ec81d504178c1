"""Names of sheets: what Excel takes, and none twice."""

from __future__ import annotations

import re

_LONGEST = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


class Names:
    """Gives out names; to Excel those are the same that differ in letters' case alone."""

    def __init__(self) -> None:
        self._taken = {"history"}  # Excel's own

    def take(self, wanted: str) -> str:
        """Return a name like the wanted one that no other sheet has."""
        name = plain(wanted)
        number = 1
        while name.casefold() in self._taken:
            number += 1
            end = f" ({number})"
            name = _cut(plain(wanted), _LONGEST - len(end)) + end
        self._taken.add(name.casefold())
        return name


def plain(wanted: str) -> str:
    """Return a name without what no sheet's name may hold."""
    from scanner.output import clean

    name = " ".join(_FORBIDDEN.sub(" ", clean(wanted)).split()).strip("'")
    return _cut(name, _LONGEST).strip(" '") or "-"


def _cut(name: str, length: int) -> str:
    """Return the beginning of a name, of so many characters as Excel counts them (UTF-16)."""
    return name.encode("utf-16-le")[: 2 * length].decode("utf-16-le", "ignore").rstrip()
