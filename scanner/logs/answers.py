"""Readers of records that are DNS questions, or answers to them: one of each is one use.

The beginning and the end of a connection are such a pair too. Some collectors log both, some the answers alone. So an answer settles the question before it, if
there is one, and shows a use by itself if there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from scanner.hosts import HostTable
from scanner.logs import Batch, Read, Tally
from scanner.logs.clock import Clock
from scanner.logs.lines import Parsed, Refused, Skipped, numbered
from scanner.logs.pairing import Pending
from scanner.logs.values import decoded
from scanner.model import Observation


class Question(NamedTuple):
    """What a record shows whose answer may follow under the same key."""

    key: Hashable
    seen: Observation


class Answer(NamedTuple):
    """What a record shows that answers the question of its key, if that was logged."""

    key: Hashable
    seen: Observation


Outcome = Parsed | Question | Answer
Parse = Callable[[bytes, HostTable, Clock], Outcome]


def by_line(parse: Parse) -> Read:
    """Return a reader that parses every line, and lets answers settle questions."""

    def read(
        batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
    ) -> Iterator[Observation]:
        pending = Pending()
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
                yield from _account(found, number, pending, tally)
        yield from pending.rest()

    return read


def by_json(parse: Callable[[dict[str, Any], HostTable, Clock], Outcome]) -> Read:
    """Return such a reader of one JSON object a line."""
    decode = msgspec.json.Decoder(dict[str, Any]).decode

    def parse_line(line: bytes, hosts: HostTable, clock: Clock) -> Outcome:
        try:
            record = decoded(decode, line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            return Refused(f"not such a JSON record: {error}")
        return parse(record, hosts, clock)

    return by_line(parse_line)


def _account(
    found: Iterable[Observation] | Question | Answer, number: int, pending: Pending, tally: Tally
) -> Iterator[Observation]:
    if isinstance(found, Question):
        yield from pending.hold(found.key, found.seen._replace(line=number))
    elif isinstance(found, Answer):
        yield from pending.advance(number)
        if pending.was_asked(found.key):
            tally.ignored["answer to a question above"] += 1
            for held in pending.settle(found.key, found.seen.action):
                yield _with_bytes(held, found.seen)
        else:
            yield found.seen._replace(line=number)
    else:
        for seen in found:
            yield seen._replace(line=number)


def _with_bytes(held: Observation, later: Observation) -> Observation:
    """Return the first of a pair with the counts that only its end knows."""
    if later.bytes_up is None and later.bytes_down is None:
        return held
    return held._replace(bytes_up=later.bytes_up, bytes_down=later.bytes_down)
