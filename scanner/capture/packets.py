"""Packets in blocks: the bytes of some thousands of them, and where in these each one lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

# Headers are read at once for all packets, before anybody knows which of them are that long.
MARGIN = 256

Numbers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Packets:
    """Some packets in their order. ``data`` ends with ``MARGIN`` bytes that are no packet's.

    ``begins`` and ``sizes`` say where in ``data`` the captured bytes of each lie, ``wires`` how
    long each was on the wire, ``times`` when it was seen in nanoseconds since 1970, ``links`` of
    which link type it is (pcap's LINKTYPE numbers). ``first`` is the number of the first packet.
    """

    data: bytes
    begins: Numbers
    sizes: Numbers
    wires: Numbers
    times: Numbers
    links: Numbers
    first: int

    def __len__(self) -> int:
        return len(self.begins)

    def until(self, count: int) -> Packets:
        """Return the first of them."""
        if count == len(self):
            return self
        return replace(
            self,
            begins=self.begins[:count],
            sizes=self.sizes[:count],
            wires=self.wires[:count],
            times=self.times[:count],
            links=self.links[:count],
        )

    def packet(self, at: int) -> bytes:
        """Return the captured bytes of one packet."""
        begin = int(self.begins[at])
        return self.data[begin : begin + int(self.sizes[at])]


def packets_of(given: Sequence[Sequence[Any]], first: int = 1) -> Packets:
    """Return packets given as (nanoseconds since 1970, link type, bytes[, length on the wire])."""
    pieces = [bytes(one[2]) for one in given]
    sizes = np.array([len(piece) for piece in pieces], dtype=np.int64)
    wires = [one[3] if len(one) > 3 else len(one[2]) for one in given]
    return Packets(
        data=b"".join(pieces) + bytes(MARGIN),
        begins=np.cumsum(sizes) - sizes,
        sizes=sizes,
        wires=np.array(wires, dtype=np.int64),
        times=np.array([one[0] for one in given], dtype=np.int64),
        links=np.array([one[1] for one in given], dtype=np.int64),
        first=first,
    )


def distinct(numbers: Numbers) -> list[int]:
    """Return which numbers there are, the lowest first; quickly where they are few."""
    # Asked for counts too, numpy sorts; asked for values alone it hashes, which takes ten times as long.
    found: list[int] = np.unique(numbers, return_counts=True)[0].tolist()
    return found


class Fields:
    """Numbers anywhere in the bytes of a block: ``fields.u16(places)`` reads one at each place."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.u8 = np.frombuffer(data, dtype=np.uint8)
        self._u16 = self._view(">u2", 2)
        self._u32 = self._view(">u4", 4)
        self._u64 = self._view(">u8", 8)

    def byte(self, places: Numbers) -> Numbers:
        return self.u8[places].astype(np.int64)

    def u16(self, places: Numbers) -> Numbers:
        """Return numbers of two bytes, the high one first."""
        return self._u16[places].astype(np.int64)

    def u32(self, places: Numbers) -> Numbers:
        """Return numbers of four bytes, the high one first."""
        return self._u32[places].astype(np.int64)

    def u64(self, places: Numbers) -> npt.NDArray[np.uint64]:
        """Return numbers of eight bytes, the high one first."""
        return self._u64[places].astype(np.uint64)

    def _view(self, kind: str, size: int) -> npt.NDArray[Any]:
        """Return an array whose elements overlap: one begins at every byte."""
        return np.ndarray(
            (len(self._data) - size + 1,), dtype=kind, buffer=self._data, strides=(1,)
        )
