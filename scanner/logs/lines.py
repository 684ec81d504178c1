"""Readers of one line at a time: what a parsing function returns, and the loop around it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple, TypeVar

import msgspec

from scanner.hosts import HostTable
from scanner.logs import Batch, Read, Tally
from scanner.logs.clock import Clock
from scanner.logs.values import decoded
from scanner.model import Observation

_Record = TypeVar("_Record")
_Found = TypeVar("_Found")


class Skipped(NamedTuple):
    """A line of the format that shows nobody's visit: counted as ignored, by its kind."""

    kind: str


class Refused(NamedTuple):
    """A line that is not of the format, or damaged: counted as rejected, with the reason."""

    reason: str


# What parsing a line comes to: what it shows (nothing, if no host in it is wanted), or why not.
Parsed = Sequence[Observation] | Skipped | Refused
Parse = Callable[[bytes, HostTable, Clock], Parsed]


def numbered(batches: Iterable[Batch]) -> Iterator[tuple[int, bytes]]:
    """Yield every line with its number."""
    return chain.from_iterable(zip(*batch, strict=True) for batch in batches)


def batch_of(lines: Sequence[bytes]) -> Batch:
    """Return lines that stand at the beginning of a log."""
    return Batch(range(1, len(lines) + 1), lines)


def by_line(parse: Parse) -> Read:
    """Return a reader that parses every line by itself; ``parse`` need not set the line number."""

    def read(
        batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
    ) -> Iterator[Observation]:
        for number, line in numbered(batches):
            if not line:
                tally.ignored["blank line"] += 1
                continue
            found = parse(line, hosts, clock)
            if not found:
                continue
            if isinstance(found, Skipped):
                tally.ignored[found.kind] += 1
            elif isinstance(found, Refused):
                tally.reject(number, found.reason, line)
            else:
                for seen in found:
                    yield seen._replace(line=number)

    return read


def by_json(
    record_type: type[_Record], parse: Callable[[_Record, HostTable, Clock], Parsed]
) -> Read:
    """Return a reader of one JSON record a line, decoded to ``record_type`` and parsed.

    ``record_type`` is a msgspec.Struct of the few fields that are needed; decoding passes over
    all others, which makes it several times faster than a dictionary of everything.
    """
    return by_line(of_json(record_type, parse))


def of_json(
    record_type: type[_Record], parse: Callable[[_Record, HostTable, Clock], _Found]
) -> Callable[[bytes, HostTable, Clock], _Found | Refused]:
    """Return what parses one such line."""
    decode = msgspec.json.Decoder(record_type).decode

    def parse_line(line: bytes, hosts: HostTable, clock: Clock) -> _Found | Refused:
        try:
            record = decoded(decode, line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            return Refused(f"not such a JSON record: {error}")
        return parse(record, hosts, clock)

    return parse_line
