"""Connections that have a name, and the bytes that go up and down them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
import numpy as np

from scanner.capture.packets import Numbers
from scanner.capture.records import Record
from scanner.capture.transports import Content

# Nothing for so long: the connection is over, whether its end was seen or not.
_IDLE = 120_000_000_000
_MOST = 32_768
BOTH = 3


class Flow(msgspec.Struct, gc=False):
    """A connection whose bytes are counted. ``record`` is None as long as it has no name.

    ``side`` is the client's, ``since`` the first packet of the current block that is its own,
    ``last`` when something was seen of it, ``mark`` the sequence number of the first byte that named it.
    """

    side: bool
    since: int
    last: int
    record: Record | None = None
    mark: int = 0
    ended: int = 0  # the sides that said they have no more to say
    there: int = 0  # bytes that went one way
    yonder: int = 0  # and the other

    def told(self) -> Iterator[Record]:
        """Yield the record with its bytes, if there is one."""
        if self.record is not None:
            both = self.there, self.yonder
            self.record.up, self.record.down = both[self.side], both[not self.side]
            yield self.record

    def add(self, there: int, yonder: int) -> None:
        """Add the bytes that went each way."""
        self.there += there
        self.yonder += yonder


class Groups:
    """The packets of a block by connection."""

    def __init__(self, content: Content) -> None:
        keys, self.numbers = np.unique(content.keys, return_inverse=True)
        self.keys: list[int] = keys.tolist()
        self._content = content
        self._of_key: dict[int, int] = {}

    def sums(self) -> list[int]:
        """Return for every connection two numbers: the bytes that went one way, and the other."""
        weights = np.bincount(
            self.numbers * 2 + self._content.sides,
            weights=self._content.wires,
            minlength=2 * len(self.keys),
        )
        result: list[int] = weights.astype(np.int64).tolist()
        return result

    def lasts(self, times: Numbers) -> list[int]:
        """Return when the last packet of each connection was seen."""
        last = np.zeros(len(self.keys), dtype=np.int64)
        last[self.numbers] = times[self._content.at]  # of several, the last is kept
        result: list[int] = last.tolist()
        return result

    def between(self, key: int, begin: int, end: int) -> tuple[int, int]:
        """Return the bytes that went each way in a connection in some packets of the block."""
        if not self._of_key:
            self._of_key = {one: number for number, one in enumerate(self.keys)}
        own = np.flatnonzero(self.numbers[begin:end] == self._of_key[key]) + begin
        weights = np.bincount(
            self._content.sides[own], weights=self._content.wires[own], minlength=2
        )
        return int(weights[0]), int(weights[1])


class Flows:
    """The connections that are counted and not over yet; a bounded number."""

    def __init__(self) -> None:
        self.given_up = 0
        self._open: dict[int, Flow] = {}
        self._looked = 0  # when idle ones were looked for

    def __contains__(self, key: int) -> bool:
        return key in self._open

    def get(self, key: int) -> Flow | None:
        """Return a connection that has a name; None if it has none."""
        flow = self._open.get(key)
        return None if flow is None or flow.record is None else flow

    def watch(self, key: int, side: bool, since: int, time: int) -> None:
        """Count the bytes of a connection that may get a name."""
        if key not in self._open:
            self._open[key] = Flow(side, since, time)

    def name(self, key: int, record: Record, side: bool, since: int, mark: int = 0) -> None:
        """Note that a connection has a name."""
        flow = self._open.get(key)
        if flow is None:
            flow = self._open[key] = Flow(side, since, record.time)
        flow.record, flow.mark = record, mark

    def forget(self, key: int) -> None:
        """Count a connection no longer that got no name."""
        flow = self._open.get(key)
        if flow is not None and flow.record is None:
            del self._open[key]

    def cut(self, key: int, groups: Groups, at: int) -> Iterator[Record]:
        """End a connection before a packet of the block: another begins in its place."""
        flow = self._open.pop(key)
        flow.add(*groups.between(key, flow.since, at))
        yield from flow.told()

    def add(self, groups: Groups, times: Numbers, total: int) -> None:
        """Add the bytes of a block of ``total`` packets to the connections that they went over."""
        known = self._open
        if not known:
            return
        sums, lasts = groups.sums(), groups.lasts(times)
        for number, key in enumerate(groups.keys):
            flow = known.get(key)
            if flow is not None:
                if flow.since:
                    flow.add(*groups.between(key, flow.since, total))
                else:
                    flow.add(sums[2 * number], sums[2 * number + 1])
                flow.since, flow.last = 0, lasts[number]

    def add_all(self, content: Content, times: Numbers) -> None:
        """Add the bytes of a block in which nothing was cut."""
        if self._open and len(content):
            self.add(Groups(content), times, len(content))

    def end(self, ends: Iterable[tuple[int, int]]) -> Iterator[Record]:
        """Note which sides of connections ended; yields the records of those that both sides ended."""
        known = self._open
        for key, sides in ends:
            flow = known.get(key)
            if flow is not None:
                flow.ended |= sides
                if flow.ended == BOTH:
                    del known[key]
                    yield from flow.told()

    def over(self, now: int) -> Iterator[Record]:
        """Yield connections in which nothing happens any more, and the oldest if there are too many."""
        if abs(now - self._looked) > _IDLE // 2:
            self._looked = now
            for key in [key for key, flow in self._open.items() if now - flow.last > _IDLE]:
                yield from self._open.pop(key).told()
        many = max(len(self._open) - _MOST, 0)
        self.given_up += many
        for key in [key for key, _ in zip(self._open, range(many), strict=False)]:
            yield from self._open.pop(key).told()

    def rest(self) -> Iterator[Record]:
        """Yield all that are left."""
        for flow in self._open.values():
            yield from flow.told()
        self._open.clear()
