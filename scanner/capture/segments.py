"""Which segments of TCP may name something, found for a whole block at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scanner.capture.flows import Groups
from scanner.capture.http import METHODS
from scanner.capture.packets import Mask, Numbers
from scanner.capture.proxied import PROXY_MARKS
from scanner.capture.questions import PORT, Exchange
from scanner.capture.transports import Block

_FIN, _SYN, _RST, _ACK = 1, 2, 4, 16
_LEAST_DNS = 19
_WORDS = np.array([int.from_bytes(word[:4], "big") for word in (*METHODS, b"HTTP", *PROXY_MARKS)])


class Segment(NamedTuple):
    """A segment with content."""

    place: int  # in the block's segments
    key: int
    side: bool
    sequence: int
    content: bytes
    is_cut: bool  # by the capture
    is_dns: bool  # by its port
    seen: Exchange


class Rows(NamedTuple):
    """Some segments of a block, a column for each thing that matters of them."""

    places: list[int]
    opens: list[bool]
    starts: list[bool]
    keys: list[int]
    sides: list[bool]
    sequences: list[int]
    times: list[int]
    begins: list[int]
    ends: list[int]
    headers: list[int]
    frames: list[int]
    cut: list[bool]
    dns: list[bool]


def rows(block: Block, places: Numbers, opens: Mask, starts: Mask) -> Rows:
    """Return some segments of a block."""
    tcp = block.tcp
    at, begins, sizes = tcp.at[places], tcp.begins[places], tcp.sizes[places]
    by_port = (tcp.ports[0][places] == PORT) | (tcp.ports[1][places] == PORT)
    columns = (
        places, opens[places], starts[places], tcp.keys[places], tcp.sides[places],
        tcp.sequences[places], block.times[at], begins, begins + sizes, tcp.headers[places],
        block.first + at, tcp.wires[places] > sizes, by_port,
    )  # fmt: skip
    return Rows(*(column.tolist() for column in columns))


def opening(block: Block) -> Mask:
    """Which segments open a connection."""
    return np.asarray(block.tcp.flags & (_SYN | _ACK | _RST) == _SYN)


def ending(block: Block) -> Mask:
    """Which segments end a connection, or one side of it."""
    return np.asarray(block.tcp.flags & (_FIN | _RST) != 0)


def resets(flags: int) -> bool:
    """Whether a segment with these flags ends both sides."""
    return bool(flags & _RST)


def look_like_starts(block: Block) -> Mask:
    """Which segments begin as TLS, HTTP or DNS over TCP does."""
    tcp, fields = block.tcp, block.fields
    starts = np.zeros(len(tcp), dtype=np.bool_)
    full = np.flatnonzero(tcp.sizes > 2)
    begins, sizes = tcp.begins[full], tcp.sizes[full]
    words = fields.u32(begins)
    is_tls = (words >> 16 == 0x1603) & ((sizes < 6) | (fields.byte(begins + 5) == 1))
    is_http = (sizes > 8) & np.isin(words, _WORDS)
    ports = tcp.ports[0][full], tcp.ports[1][full]
    is_dns = (ports[0] == PORT) | (ports[1] == PORT) | _are_framed(block, full)
    starts[full] = is_tls | is_http | is_dns
    return starts


def plainly_begun(block: Block, groups: Groups, opens: Mask) -> Mask:
    """Which connections open in this block, and go on in it with a whole ClientHello.

    Most do. Their opening need not be remembered: it says where the stream begins, and here the
    first that the client says stands in that place.
    """
    tcp, count = block.tcp, len(groups.keys)
    opening = np.flatnonzero(opens)
    own = groups.numbers[opening]
    sides = np.full(count, -1, dtype=np.int8)
    sides[own] = tcp.sides[opening]
    expected = np.full(count, -1, dtype=np.int64)
    expected[own] = tcp.sequences[opening] + 1 & 0xFFFFFFFF
    said = np.flatnonzero((tcp.sizes > 0) & (sides[groups.numbers] == tcp.sides))
    firsts = np.full(count, -1, dtype=np.int64)
    firsts[groups.numbers[said][::-1]] = said[::-1]  # of several, the last one set stays
    known = np.flatnonzero(firsts >= 0)
    firsts = firsts[known]
    is_first, begun = np.zeros(len(tcp), dtype=np.bool_), np.zeros(count, dtype=np.bool_)
    is_first[firsts] = True
    is_whole = hold_a_hello(block, is_first)[firsts]
    begun[known] = is_whole & (tcp.sequences[firsts] == expected[known])
    return np.asarray(begun & (np.bincount(own, minlength=count) == 1))


def hold_a_hello(block: Block, among: Mask) -> Mask:
    """Which of some segments hold a ClientHello, in one record and to its end."""
    found = np.zeros(len(among), dtype=np.bool_)
    places = np.flatnonzero(among)
    fields, begins, sizes = block.fields, block.tcp.begins[places], block.tcp.sizes[places]
    record, rest = fields.u16(begins + 3), fields.u16(begins + 7)
    hello = fields.u32(begins + 5)  # its type and its length
    is_one = (fields.u16(begins) == 0x1603) & (hello >> 24 == 1) & (hello & 0xFF0000 == 0)
    found[places] = is_one & (rest + 4 <= record) & (record + 5 <= sizes) & (sizes > 9)
    return found


def _are_framed(block: Block, full: Numbers) -> Mask:
    """Which segments are one DNS message behind its length, by the length and the header."""
    fields, begins, sizes = block.fields, block.tcp.begins[full], block.tcp.sizes[full]
    found = (fields.u16(begins) == sizes - 2) & (sizes >= _LEAST_DNS)
    found &= fields.u16(begins + 4) & 0x7840 == 0
    return np.asarray(found & (fields.u16(begins + 6) == 1))
