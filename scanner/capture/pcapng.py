"""The newer capture file (pcapng): sections in either byte order, each with its own interfaces.

Reference: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-02.html
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO, NamedTuple

import numpy as np

from scanner.capture.packets import Numbers, Packets
from scanner.capture.pcap import Chunks, DamagedError

MAGIC = b"\x0a\x0d\x0d\x0a"
_ORDERS = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
_SECTION, _INTERFACE, _OLD_PACKET, _SIMPLE, _PACKET = 0x0A0D0D0A, 1, 2, 3, 6
_RESOLUTION, _OFFSET = 9, 14
_LONGEST = 1 << 24
# What an interface does not say: microseconds, no offset, packets whole.
_MICROSECONDS, _WHOLE = 6, 1 << 18
_SECOND = 1_000_000_000
_LONGEST_OFFSET = 1 << 33


class _Interface(NamedTuple):
    """Where packets come from: what they are, and how their times are counted."""

    link: int = -1
    snap_length: int = _WHOLE
    resolution: int = _MICROSECONDS  # 10 ** -n of a second; 2 ** -n with the high bit set
    offset: int = 0  # seconds

    def nanoseconds(self, ticks: Numbers) -> Numbers:
        """Return the times that counts of ticks since 1970 stand for."""
        power = self.resolution & 0x7F
        if self.resolution & 0x80:
            per_second = 1 << min(power, 62)
            parts = (ticks % per_second) * (_SECOND / per_second)
            times = ticks // per_second * _SECOND + parts.astype(np.int64)
        else:
            times = ticks * 10 ** max(9 - power, 0) // 10 ** min(max(power - 9, 0), 18)
        return np.asarray(times + self.offset * _SECOND, dtype=np.int64)


class _Section:
    """A section as far as it is read: its byte order and its interfaces."""

    def __init__(self, order: str) -> None:
        self.order = order
        self.interfaces: list[_Interface] = []
        self.head = struct.Struct(order + "2I").unpack_from


class _Walk:
    """A way through the blocks of a capture, chunk by chunk; ``at`` is how far it came in a chunk."""

    def __init__(self) -> None:
        self.at = 0
        self.damage: str | None = None
        self._section = _Section("<")

    def runs(self, data: bytes, limit: int) -> Iterator[tuple[_Section, list[int]]]:
        """Yield where packet blocks begin, those of one section together."""
        places: list[int] = []
        at = 0
        head = self._section.head
        while at + 12 <= limit:
            kind, size = head(data, at)
            if kind == _SECTION:
                yield self._section, places
                places, order = [], _ORDERS.get(data[at + 8 : at + 12])
                if order is None:
                    self.damage = "a section does not say its byte order"
                    break
                self._section = _Section(order)
                head = self._section.head
                kind, size = head(data, at)
            if size < 12 or size & 3 or size > _LONGEST:
                self.damage = f"a block says that it has {size} bytes"
                break
            if at + size > limit:
                # A section is read once more, from its beginning, when all of its header is there.
                break
            if kind in (_PACKET, _SIMPLE, _OLD_PACKET):
                places.append(at)
            elif kind == _INTERFACE:
                self._section.interfaces.append(
                    _interface(data[at + 8 : at + size - 4], self._section.order)
                )
            at += size
        yield self._section, places
        self.at = at


def blocks(file: IO[bytes]) -> Iterator[Packets]:
    """Yield the packets of a capture, in chunks. Raises DamagedError behind what is whole."""
    walk, chunks, first = _Walk(), Chunks(file), 1
    while chunks.read(walk.at):
        for section, places in walk.runs(chunks.data, chunks.limit):
            if places:
                yield _packets(chunks.data, np.array(places, dtype=np.int64), section, first)
                first += len(places)
        if walk.damage:
            raise DamagedError(walk.damage)
        if chunks.is_last:
            break
    if chunks.limit > walk.at:
        raise DamagedError(f"the capture is cut short behind packet {first - 1}")


def _packets(data: bytes, places: Numbers, section: _Section, first: int) -> Packets:
    view = np.ndarray((len(data) - 3,), section.order + "u4", data, strides=(1,))
    kinds, lengths, whose, high, low, sizes, wires = (
        view[places + shift].astype(np.int64) for shift in range(0, 28, 4)
    )
    is_simple, is_old = kinds == _SIMPLE, kinds == _OLD_PACKET
    old = (whose >> 16 if section.order == ">" else whose) & 0xFFFF
    interfaces = [*section.interfaces, _Interface()]  # the last for those that nobody described
    numbers = np.where(is_simple, 0, np.where(is_old, old, whose))
    numbers = np.minimum(numbers, len(interfaces) - 1)
    wires = np.where(is_simple, whose, wires)
    snap_lengths = np.array([one.snap_length for one in interfaces])[numbers]
    sizes = np.where(is_simple, np.minimum(wires, snap_lengths), sizes)
    room = np.maximum(lengths - np.where(is_simple, 16, 32), 0)
    return Packets(
        data=data,
        begins=places + np.where(is_simple, 12, 28),
        sizes=np.minimum(sizes, room),
        wires=wires,
        times=_times(np.where(is_simple, 0, high << 32 | low), numbers, interfaces),
        links=np.array([one.link for one in interfaces], dtype=np.int64)[numbers],
        first=first,
    )


def _times(ticks: Numbers, numbers: Numbers, interfaces: list[_Interface]) -> Numbers:
    """Return the times of packets; 0 for those that have none."""
    times = np.zeros(len(ticks), dtype=np.int64)
    for number in np.unique(numbers).tolist():
        own = (numbers == number) & (ticks > 0)
        times[own] = interfaces[number].nanoseconds(ticks[own])
    return times


def _interface(body: bytes, order: str) -> _Interface:
    """Return the interface that a block describes; what it leaves out stands for the usual."""
    if len(body) < 8:
        return _Interface()
    link, _, snap_length = struct.unpack_from(order + "HHI", body)
    said = dict(_options(body[8:], order))
    resolution, shift = said.get(_RESOLUTION, b""), said.get(_OFFSET, b"")
    offset = struct.unpack(order + "q", shift)[0] if len(shift) == 8 else 0
    return _Interface(
        link,
        snap_length or _WHOLE,
        resolution[0] if len(resolution) == 1 else _MICROSECONDS,
        offset if abs(offset) < _LONGEST_OFFSET else 0,
    )


def _options(body: bytes, order: str) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(body):
        code, size = struct.unpack_from(order + "2H", body, at)
        if not code:
            return
        yield code, body[at + 4 : at + 4 + size]
        at += 4 + (size + 3 & ~3)
