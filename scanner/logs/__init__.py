"""Log formats: what one is, and the account that every reader keeps.

A format is one file in ``formats/`` with one constant, ``FORMAT``. Its ``read`` gets the lines of
a log as bytes, some at a time with their numbers, a ``HostTable`` that says which hosts are
wanted, a ``Tally`` and a ``Clock``, and yields an Observation for each record whose host is
wanted. It opens nothing and catches nothing; every line that is not a record goes to the tally
with its reason. Most formats know a record from one line alone: ``lines.by_line`` and
``lines.by_json`` make their ``read`` from a function that parses one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from scanner.hosts import HostTable
from scanner.logs.clock import Clock
from scanner.model import Observation, Reject

if TYPE_CHECKING:
    from scanner.logs.rows import Mask, Rows

_KEPT_REJECTS = 5
_EXCERPT = 160
# The head of a syslog line as a collector writes it: time, machine, program[pid].
_OTHER_PROGRAM = re.compile(
    rb"(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.]{8,20}(?:Z|[+-]\d\d:?\d\d)?)"
    rb" [^ ]{1,80} [A-Za-z][\w./()-]{0,40}(?:\[\d+\])?: "
)


class Proof(StrEnum):
    """What the records of a format can show."""

    TIME = "time"
    CLIENT = "client"
    USER = "user"
    HOST = "host"
    PATH = "path"
    BYTES_UP = "bytes up"
    BYTES_DOWN = "bytes down"
    ACTION = "action"
    PROCESS = "process"


# What the records of most proxies and of most DNS servers show.
OF_A_PROXY = frozenset(Proof) - {Proof.PROCESS}
OF_DNS = frozenset({Proof.TIME, Proof.CLIENT, Proof.HOST, Proof.ACTION})


class Spelled(StrEnum):
    """How names stand in the lines of a format, for whoever looks for them in bytes."""

    PLAINLY = "plainly"  # api.openai.com, in any case, on the line that they make wanted
    IN_LABELS = "in labels"  # (3)api(6)openai(3)com(0)
    PARTLY = "partly"  # plainly, but lines without the name matter too


class Batch(NamedTuple):
    """Some lines of a log, in its order, and the numbers that they have in it, from 1."""

    numbers: Sequence[int]
    lines: Sequence[bytes]


@dataclass(slots=True)
class Tally:
    """The account of a log's lines. Lines neither ignored nor rejected are records (parsed).

    ``joined`` counts the records that came in a line beyond its first, ``noted`` what readers of the
    result should know, ``others`` the rejected lines that syslog says are of another program. ``on_reject`` is told of
    every rejected line, with its number: another format may know it.
    """

    read: int = 0
    joined: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)
    rejected: int = 0
    rejects: list[Reject] = field(default_factory=list)
    on_reject: Callable[[int, bytes], None] | None = field(default=None, compare=False)
    others: int = field(default=0, compare=False)

    @property
    def parsed(self) -> int:
        return self.read - self.ignored.total() - self.rejected

    def reject(self, line: int, reason: str, text: bytes) -> None:
        """Count a line that could not be understood; the first five are kept to be shown."""
        if not text.strip():
            self.ignored["blank line"] += 1
            return
        self.rejected += 1
        if _OTHER_PROGRAM.match(text):
            self.others += 1
        if self.on_reject is not None:
            self.on_reject(line, text)
        if len(self.rejects) < _KEPT_REJECTS:
            excerpt = text[:_EXCERPT].decode("utf-8", "backslashreplace")
            self.rejects.append(Reject(line, reason, excerpt))

    def restart(self) -> None:
        """Forget what was counted: the lines so far are another's."""
        self.joined = self.rejected = self.others = 0
        self.ignored.clear()
        self.noted.clear()
        self.rejects.clear()

    def settle_others(self) -> None:
        """Count what is of other programs as ignored: nobody said that they log here alone."""
        if self.others:
            self.ignored["line of another program"] += self.others
            self.rejected -= self.others
            self.others = 0
        self.rejects = [
            one for one in self.rejects if not _OTHER_PROGRAM.match(one.excerpt.encode())
        ]

    def copy(self) -> Tally:
        """Return the account as it stands."""
        return Tally(
            self.read,
            self.joined,
            Counter(self.ignored),
            Counter(self.noted),
            self.rejected,
            list(self.rejects),
            others=self.others,
        )

    def add(self, other: Tally, lines: int) -> None:
        """Add the account of the next part of a log, which has ``lines`` lines before it."""
        self.read += other.read
        self.joined += other.joined
        self.ignored.update(other.ignored)
        self.noted.update(other.noted)
        self.rejected += other.rejected
        self.others += other.others
        later = [one._replace(line=one.line + lines) for one in other.rejects]
        self.rejects = [*self.rejects, *later][:_KEPT_REJECTS]


Read = Callable[[Iterable[Batch], HostTable, Tally, Clock], Iterator[Observation]]


class Sieved(NamedTuple):
    """What a sieve says of a block.

    ``plain`` tells the rows that need no reading if they hold no wanted name: whole records, surely,
    that ``read`` would count as parsed and as nothing else, and those that it would count as
    ``ignored``, of which the ones without a wanted name are counted here, by kind.
    """

    plain: Mask
    ignored: Mapping[str, int] = {}


# Gets the rows of a block and a mask of those that hold a wanted name.
Sieve = Callable[["Rows", "Mask"], Sieved]


def sieve_of(are_plain: Callable[[Rows], Mask]) -> Callable[[Sequence[bytes]], Sieve]:
    """Return what makes the sieves of a format whose records are told row by row, header or not."""
    return lambda _header: lambda rows, _named: Sieved(are_plain(rows))


@dataclass(frozen=True, slots=True)
class Format:
    """A log format.

    ``specificity`` settles which of two formats that both understand a log is meant: a header
    that names the format 90, a daemon's own line shape 70 to 80, named fields 10 to 60.
    ``sample`` is a short real log that every convention test runs. ``window`` says how many lines
    before and after its own a record may depend on, so that a log can be cut and read in pieces;
    None: on any of them. ``spelled`` says how names stand in its lines. ``sieve`` makes a sieve for
    one log from the lines before its first record; its blocks come in order. Without one every
    line is read.
    """

    name: str
    title: str
    read: Read
    specificity: int
    proves: frozenset[Proof]
    reference: str
    sample: bytes
    window: int | None = 0
    spelled: Spelled = Spelled.PLAINLY
    sieve: Callable[[Sequence[bytes]], Sieve] | None = None
