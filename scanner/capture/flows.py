"""Connections that have a name, and the bytes that go up and down them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scanner.capture.packets import Numbers
from scanner.capture.records import Record
from scanner.capture.transports import Content

# Nothing for so long: the connection is over, whether its end was seen or not.
_IDLE = 120_000_000_000
_MOST = 32_768
BOTH = 3


class Flow:
    """A connection whose bytes are counted. ``record`` is None as long as it has no name.

    ``side`` is the client's, ``since`` the first packet of the current block that is its own,
    ``mark`` the sequence number of the first byte that named it.
    """

    __slots__ = ("ended", "last", "mark", "record", "side", "since", "there", "yonder")

    def __init__(self, side: bool, since: int, time: int) -> None:
        self.record: Record | None = None
        self.side = side
        self.since = since
        self.mark = 0
        self.last = time
        self.ended = 0  # the sides that said they have no more to say
        self.there = self.yonder = 0  # bytes that went one way, and the other

    def told(self) -> Iterator[Record]:
        """Yield the record with its bytes, if there is one."""
        if self.record is not None:
            both = self.there, self.yonder
            self.record.up, self.record.down = both[self.side], both[not self.side]
            yield self.record

    def add(self, both: list[int]) -> None:
        """Add the bytes that went each way."""
        self.there += both[0]
        self.yonder += both[1]


class Groups:
    """The packets of a block by connection."""

    def __init__(self, content: Content) -> None:
        keys, self.numbers = np.unique(content.keys, return_inverse=True)
        self.keys: list[int] = keys.tolist()
        self._content = content
        self._of_key: dict[int, int] = {}

    def sums(self) -> list[list[int]]:
        """Return the bytes that went each way in every connection."""
        weights = np.bincount(
            self.numbers * 2 + self._content.sides,
            weights=self._content.wires,
            minlength=2 * len(self.keys),
        )
        result: list[list[int]] = weights.astype(np.int64).reshape(-1, 2).tolist()
        return result

    def lasts(self, times: Numbers) -> list[int]:
        """Return when the last packet of each connection was seen."""
        last = np.zeros(len(self.keys), dtype=np.int64)
        last[self.numbers] = times[self._content.at]  # of several, the last is kept
        result: list[int] = last.tolist()
        return result

    def between(self, key: int, begin: int, end: int) -> list[int]:
        """Return the bytes that went each way in a connection in some packets of the block."""
        if not self._of_key:
            self._of_key = {one: number for number, one in enumerate(self.keys)}
        own = np.flatnonzero(self.numbers[begin:end] == self._of_key[key]) + begin
        weights = np.bincount(
            self._content.sides[own], weights=self._content.wires[own], minlength=2
        )
        return [int(weights[0]), int(weights[1])]


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
        flow.add(groups.between(key, flow.since, at))
        yield from flow.told()

    def add(self, groups: Groups, times: Numbers, total: int) -> None:
        """Add the bytes of a block of ``total`` packets to the connections that they went over."""
        known = self._open
        if not known:
            return
        lasts = groups.lasts(times)
        for number, (key, both) in enumerate(zip(groups.keys, groups.sums(), strict=True)):
            flow = known.get(key)
            if flow is not None:
                flow.add(groups.between(key, flow.since, total) if flow.since else both)
                flow.since, flow.last = 0, lasts[number]

    def add_all(self, content: Content, times: Numbers) -> None:
        """Add the bytes of a block in which nothing was cut."""
        if self._open and len(content):
            self.add(Groups(content), times, len(content))

    def end(self, key: int, sides: int) -> Iterator[Record]:
        """Note that some sides of a connection ended; yields its record when both did."""
        flow = self._open.get(key)
        if flow is not None:
            flow.ended |= sides
            if flow.ended == BOTH:
                yield from self._open.pop(key).told()

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
