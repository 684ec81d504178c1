"""A file within an archive, as zip and tar tell of it, and how much may come out of an archive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

_GIB = 1024**3
_MIB = 1024**2


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may come out of an archive, and of the archives in it."""

    size: int = 64 * _GIB
    members: int = 100_000
    ratio: int = 1000  # of a member's size to what it takes in the archive,
    beyond: int = 100 * _MIB  # if it is larger than this


@dataclass(slots=True)
class Spent:
    """What came out so far."""

    size: int = 0
    members: int = 0


class Damaged(Exception):  # noqa: N818 - a state of an archive, told in words
    """The archive, or a file in it, is damaged from here on; the text says how."""


class TooMuch(Exception):  # noqa: N818
    """No more may come out of the archive; the text says why."""


class Entry(NamedTuple):
    """A file in an archive.

    ``written`` is in seconds since 1970, 0 if nobody knows. ``why_not`` says what it is if it is
    no plain file that can be read. ``pieces`` unpacks it, once, before the next entry is asked for;
    it raises Damaged. ``packed`` tells how much of the archive that took so far.
    """

    name: str
    written: float
    why_not: str | None
    pieces: Callable[[], Iterator[bytes]]
    packed: Callable[[], int]


class Allowance:
    """What may still come out of an archive."""

    def __init__(self, limits: Limits, spent: Spent) -> None:
        self._limits = limits
        self._spent = spent

    @property
    def largest_list(self) -> int:
        """How large a zip's list of its members may be: each takes some hundred bytes."""
        return self._limits.members * 300

    def take_member(self) -> None:
        """Count a file. Raises TooMuch."""
        self._spent.members += 1
        if self._spent.members > self._limits.members:
            raise TooMuch(f"the archive holds more than {self._limits.members:,} files")

    def take(self, size: int) -> None:
        """Count unpacked bytes. Raises TooMuch."""
        self._spent.size += size
        if self._spent.size > self._limits.size:
            raise TooMuch(f"the archive unpacks to more than {_written(self._limits.size)}")

    def why_bomb(self, size: int, packed: int) -> str | None:
        """Return why a file of that size is no log; None if it may be one."""
        limits = self._limits
        if size <= limits.beyond or size <= limits.ratio * max(packed, 1):
            return None
        return f"it unpacks to more than {limits.ratio:,} times its size in the archive, as no log does"


def _written(size: int) -> str:
    return f"{size // _GIB} GiB" if size >= _GIB else f"{size:,} bytes"
