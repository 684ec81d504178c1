"""The classic capture file (pcap), of either byte order, with micro- or nanoseconds.

Reference: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO

import numpy as np

from scanner.capture.packets import MARGIN, Numbers, Packets
from scanner.errors import SourceError

# Magic -> byte order, nanoseconds in a unit of time, size of a record's header.
_KINDS = {
    b"\xd4\xc3\xb2\xa1": ("<", 1000, 16),
    b"\xa1\xb2\xc3\xd4": (">", 1000, 16),
    b"\x4d\x3c\xb2\xa1": ("<", 1, 16),
    b"\xa1\xb2\x3c\x4d": (">", 1, 16),
    # As some patched versions of libpcap wrote it: two more numbers in each record.
    b"\x34\xcd\xb2\xa1": ("<", 1000, 24),
    b"\xa1\xb2\xcd\x34": (">", 1000, 24),
}
MAGICS = tuple(_KINDS)
_HEADER = 24
BLOCK = 1 << 22
# More than any link can carry at once; what libpcap refuses too.
LARGEST = 1 << 18


class DamagedError(Exception):
    """A file goes on in a way that cannot be understood, in words."""


class Chunks:
    """A file in large pieces that overlap: each goes on where the one before was left.

    ``data`` is the piece and ``limit`` how much of it may be used: behind it there are at least
    ``MARGIN`` bytes.
    """

    def __init__(self, file: IO[bytes], at: int = 0) -> None:
        self.data = b""
        self.limit = 0
        self.is_last = False
        self._file = file
        self._at = at
        self._size = BLOCK

    def read(self, used: int) -> bool:
        """Go on behind what was used of the last piece; returns whether there is more."""
        self._size = BLOCK if used or not self.data else 2 * self._size
        self._at += used
        self._file.seek(self._at)
        self.data = self._file.read(self._size)
        self.is_last = len(self.data) < self._size
        self.limit = len(self.data) if self.is_last else len(self.data) - MARGIN
        if self.is_last:
            self.data += bytes(MARGIN)
        return self.limit > 0


def blocks(file: IO[bytes]) -> Iterator[Packets]:
    """Yield the packets of a capture. Raises SourceError, and DamagedError behind what is whole."""
    head = file.read(_HEADER)
    if len(head) < _HEADER:
        raise SourceError("the capture is cut short in its header")
    order, unit, size = _KINDS[head[:4]]
    link = struct.unpack_from(order + "I", head, 20)[0] & 0x0FFFFFFF
    chunks, used, first = Chunks(file, _HEADER), 0, 1
    while chunks.read(used):
        records, used = _walk(chunks, struct.Struct(order + "I"), size)
        packets = _packets(chunks.data, records, order, unit, size, link, first)
        sane = packets.until(_first_over(packets.sizes, LARGEST))
        if len(sane):
            yield sane
            first += len(sane)
        if len(sane) < len(packets):
            length = packets.sizes[len(sane)]
            raise DamagedError(f"packet {first} is said to have {length} bytes")
        if chunks.is_last or not used:
            break
    if chunks.limit > used:
        raise DamagedError(f"the capture is cut short in packet {first}, or damaged before it")


def _walk(chunks: Chunks, number: struct.Struct, size: int) -> tuple[list[int], int]:
    """Return where whole records begin, and where the last one ends."""
    records: list[int] = []
    add, read, data, at = records.append, number.unpack_from, chunks.data, 0
    last = chunks.limit - size
    while at <= last:
        add(at)
        at += size + read(data, at + 8)[0]
    if at > chunks.limit:
        at = records.pop()
    return records, at


def _first_over(sizes: Numbers, most: int) -> int:
    """Return the place of the first number that is too large; the count of all if none is."""
    over = np.flatnonzero(sizes > most)
    return int(over[0]) if len(over) else len(sizes)


def _packets(
    data: bytes, records: list[int], order: str, unit: int, size: int, link: int, first: int
) -> Packets:
    places = np.fromiter(records, np.int64, len(records))
    numbers = np.ndarray((len(data) - 3,), dtype=order + "u4", buffer=data, strides=(1,))
    seconds, parts, sizes, wires = (
        numbers[places + shift].astype(np.int64) for shift in (0, 4, 8, 12)
    )
    return Packets(
        data=data,
        begins=places + size,
        sizes=sizes,
        wires=wires,
        times=seconds * 1_000_000_000 + parts * unit,
        links=np.full(len(places), link, dtype=np.int64),
        first=first,
    )
