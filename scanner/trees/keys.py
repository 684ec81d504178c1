"""API keys that lie in files: which supplier's they are, and where. Their text goes nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from scanner.logs.filters import filter_of, is_available
from scanner.matching import Matcher
from scanner.model import Identifier

if TYPE_CHECKING:
    import hyperscan

# What an expression begins with as it is written; a key without such a beginning is not looked for.
_BEGINNING = re.compile(r"(?:[A-Za-z0-9_/=]|\\?-|\\\.)+(?![*+?{])")
_FEWEST = 3
_TELLING = 6
_KEY = re.compile(r"[A-Za-z0-9_./+=%-]{8,400}")
# A key in a manual or a sample is none.
_STAND_INS = re.compile(
    r"example|sample|your|xxxx|dummy|placeholder|redacted|test|fake|<|\.\.\.", re.I
)
_RANDOM, _FEWEST_CHARACTERS = 20, 7  # of its last characters so many are different
_MOST_BYTES = 4 * 1024 * 1024


class FoundKey(NamedTuple):
    """A key as it stands in a file."""

    text: str
    line: int


class Keys:
    """Looks for what has the shape of an AI supplier's API key."""

    def __init__(self, matcher: Matcher) -> None:
        beginnings = {
            found[0].replace("\\", "")
            for pattern in matcher.patterns(Identifier.KEY_SHAPE)
            if (found := _BEGINNING.match(pattern)) and len(found[0]) >= _FEWEST
        }
        self._beginnings = sorted(one.encode() for one in beginnings)

    @property
    def telling(self) -> list[bytes]:
        """The beginnings that few files hold by chance."""
        return [one for one in self._beginnings if len(one) >= _TELLING]

    def in_data(self, data: bytes) -> Iterator[FoundKey]:
        """Yield what may be a key, in the order of its places; whose it is, signatures know."""
        data = data[:_MOST_BYTES]
        for at in sorted(self._places(data)):
            if at and (data[at - 1 : at].isalnum() or data[at - 1 : at] in b"_-"):
                continue
            found = _KEY.match(data[at : at + 400].decode("ascii", "replace"))
            if found and _is_real(found[0]):
                yield FoundKey(found[0].rstrip(".="), data.count(b"\n", 0, at) + 1)

    def _places(self, data: bytes) -> set[int]:
        """Return where a beginning stands."""
        if self._database is None:
            return {at for beginning in self._beginnings for at in _every(data, beginning)}
        found: set[int] = set()

        def match(number: int, _start: int, end: int, *_: object) -> None:
            beginning = self._beginnings[number]
            if data.startswith(beginning, at := end - len(beginning)):  # the filter knows no case
                found.add(at)

        self._database.scan(data, match_event_handler=match)
        return found

    @cached_property
    def _database(self) -> hyperscan.Database | None:
        return filter_of(self._beginnings) if self._beginnings and is_available() else None


def _every(data: bytes, text: bytes) -> Iterator[int]:
    at = data.find(text)
    while at >= 0:
        yield at
        at = data.find(text, at + 1)


def _is_real(key: str) -> bool:
    return not _STAND_INS.search(key) and len(set(key[-_RANDOM:])) >= _FEWEST_CHARACTERS
