"""Records taken out of their envelopes, one envelope after another."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from scanner.logs import Batch, Tally
from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.envelopes import Envelope, Peel
from scanner.model import Observation

_DEPTH = 4
# At least this share of the sampled lines must have an envelope for it to be taken off.
_ENOUGH = 0.6
# Batches whose lines are remembered, for records that wait for a later line.
_REMEMBERED = 4


class Peeling:
    """A stack of envelopes, the outermost first; an empty one leaves lines as they are."""

    def __init__(self, envelopes: Sequence[Envelope], first_lines: Sequence[bytes]) -> None:
        """Open ``envelopes`` for a log that begins with ``first_lines``."""
        self.envelopes = tuple(envelopes)
        self._peels: list[Peel] = []
        lines = list(first_lines)
        for envelope in envelopes:
            peel = envelope.open(lines) or _leave
            self._peels.append(peel)
            lines = list(_inner(peel, lines))
        self._outer: deque[Batch] = deque(maxlen=_REMEMBERED)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(envelope.name for envelope in self.envelopes)

    def records(self, line: bytes) -> list[bytes]:
        """Return the records in a line; what has no envelope stays as it is."""
        records = [line]
        for peel in self._peels:
            records = list(_inner(peel, records))
        return records

    def batches(self, batches: Iterable[Batch], tally: Tally) -> Iterator[Batch]:
        """Yield the records of the lines, each with the number of its line."""
        if not self._peels:
            yield from batches
            return
        for batch in batches:
            self._outer.append(batch)
            numbers: list[int] = []
            lines: list[bytes] = []
            for number, line in zip(*batch, strict=True):
                records = self.records(line)
                if len(records) != 1:
                    _account(tally, len(records))
                numbers.extend([number] * len(records))
                lines.extend(records)
            yield Batch(numbers, lines)

    def dated(self, seen: Observation, clock: Clock) -> Observation:
        """Return an observation whose record has no time with that of its envelope."""
        if seen.ts is not None or not self._peels:
            return seen
        when, quality = self._time(seen.line, clock)
        return seen._replace(ts=when, time_quality=quality)

    def _time(self, number: int, clock: Clock) -> Time:
        for batch in self._outer:
            if batch.numbers and batch.numbers[0] <= number <= batch.numbers[-1]:
                return self._time_of(batch.lines[batch.numbers.index(number)], clock)
        return NO_TIME

    def _time_of(self, line: bytes, clock: Clock) -> Time:
        """Return the time that the innermost envelope with one says."""
        time = NO_TIME
        for envelope, peel in zip(self.envelopes, self._peels, strict=True):
            said = envelope.time(line, clock)
            time = said if said[0] is not None else time
            line = next(iter(_inner(peel, [line])), b"")
        return time


class Peeled(NamedTuple):
    """A sample of a log with some envelopes taken off."""

    envelopes: tuple[Envelope, ...]
    lines: list[bytes]


def ways_to_peel(lines: Sequence[bytes], known: Sequence[Envelope]) -> Iterator[Peeled]:
    """Yield the lines as they are, then without the envelopes that fit them, the fewest first."""
    waiting = deque([Peeled((), list(lines))])
    while waiting:
        here = waiting.popleft()
        yield here
        for envelope in known if len(here.envelopes) < _DEPTH else ():
            inner = _fitting(envelope, here.lines)
            if inner is not None:
                waiting.append(Peeled((*here.envelopes, envelope), inner))


def _fitting(envelope: Envelope, lines: Sequence[bytes]) -> list[bytes] | None:
    """Return what is inside the envelopes of a sample, or None if most lines have none."""
    peel = envelope.open(lines)
    if peel is None:
        return None
    found = [(line, peel(line)) for line in lines if line.strip()]
    enveloped = sum(inner is not None for _, inner in found)
    if not found or enveloped < _ENOUGH * len(found):
        return None
    inner = [
        record for line, records in found for record in ([line] if records is None else records)
    ]
    return inner if inner != [line for line, _ in found] else None


def _inner(peel: Peel, lines: Iterable[bytes]) -> Iterator[bytes]:
    for line in lines:
        records = peel(line)
        if records is None:
            yield line
        else:
            yield from records


def _leave(_line: bytes) -> None:
    return None


def _account(tally: Tally, records: int) -> None:
    """Count the records of a line that has not just one: it was counted as one."""
    if records:
        tally.joined += records - 1
    else:
        tally.ignored["envelope without a record"] += 1
