"""Log formats: what one is, and the account that every reader keeps.

A format is one file in this folder with one constant, ``FORMAT``. Its ``read`` gets the lines of
a log as bytes, a ``HostTable`` that says which hosts are wanted, a ``Tally`` and a ``Clock``, and
yields an Observation for each record whose host is wanted. It opens nothing and catches nothing;
every line that is not a record goes to the tally with its reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from scanner.hosts import HostTable
from scanner.logs.clock import Clock
from scanner.model import Observation, Reject

_KEPT_REJECTS = 5
_EXCERPT = 160


class Proof(StrEnum):
    """What the records of a format can show, beside the host."""

    TIME = "time"
    CLIENT = "client"
    USER = "user"
    PATH = "path"
    BYTES_UP = "bytes up"
    BYTES_DOWN = "bytes down"
    ACTION = "action"


@dataclass(slots=True)
class Tally:
    """The account of a log's lines. Lines neither ignored nor rejected are records (parsed)."""

    read: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    rejected: int = 0
    rejects: list[Reject] = field(default_factory=list)

    @property
    def parsed(self) -> int:
        return self.read - self.ignored.total() - self.rejected

    def reject(self, line: int, reason: str, text: bytes) -> None:
        """Count a line that could not be understood; the first five are kept to be shown."""
        if not text.strip():
            self.ignored["blank line"] += 1
            return
        self.rejected += 1
        if len(self.rejects) < _KEPT_REJECTS:
            excerpt = text[:_EXCERPT].decode("utf-8", "backslashreplace")
            self.rejects.append(Reject(line, reason, excerpt))


Read = Callable[[Iterable[bytes], HostTable, Tally, Clock], Iterator[Observation]]


@dataclass(frozen=True, slots=True)
class Format:
    """A log format.

    ``specificity`` settles which of two formats that both understand a log is meant: a header
    that names the format 90, a daemon's own line shape 70 to 80, named fields 10 to 60.
    ``sample`` is a short real log that every convention test runs.
    """

    name: str
    title: str
    read: Read
    specificity: int
    proves: frozenset[Proof]
    reference: str
    sample: bytes
