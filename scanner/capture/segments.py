"""Which segments of TCP may name something, found for a whole block at once."""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import numpy as np

from scanner.capture.flows import BOTH
from scanner.capture.greetings import Greetings
from scanner.capture.http import METHODS
from scanner.capture.packets import Fields, Mask, Numbers
from scanner.capture.proxied import PROXY_MARKS
from scanner.capture.questions import PORT, Exchange
from scanner.capture.transports import Block, Content

_FIN, _SYN, _RST, _ACK = 1, 2, 4, 16
_LEAST_DNS = 19
_WORDS = np.array([int.from_bytes(word[:4], "big") for word in (*METHODS, b"HTTP", *PROXY_MARKS)])
_BEGIN_WORDS = np.isin(np.arange(1 << 16), _WORDS >> 16)


class Segment(msgspec.Struct, gc=False):
    """A segment with content; or several joined, ``sequence`` and ``seen`` being those of the first."""

    place: int  # in the block's segments
    key: int
    side: bool
    sequence: int
    content: bytes
    is_cut: bool  # by the capture
    is_dns: bool  # by its port
    seen: Exchange
    is_joined: bool = False


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
    greets: list[bool]
    others: list[int]  # where what belongs to them in another segment begins
    rests: list[int]  # and where it ends


def rows(block: Block, places: Numbers, opens: Mask, starts: Mask, greetings: Greetings) -> Rows:
    """Return some segments of a block."""
    tcp = block.tcp
    at, begins, sizes = tcp.at[places], tcp.begins[places], tcp.sizes[places]
    by_port = (tcp.ports[0][places] == PORT) | (tcp.ports[1][places] == PORT)
    greets, others, rests = _rests(tcp, greetings)
    columns = (
        places, opens[places], starts[places], tcp.keys[places], tcp.sides[places],
        tcp.sequences[places], block.times[at], begins, begins + sizes, tcp.headers[places],
        block.first + at, tcp.wires[places] > sizes, by_port,
        greets[places], others[places], rests[places],
    )  # fmt: skip
    return Rows(*(column.tolist() for column in columns))


def _rests(tcp: Content, greetings: Greetings) -> tuple[Mask, Numbers, Numbers]:
    """Tell for all segments whether they greet, and where the rest of that begins and ends."""
    greets = np.zeros(len(tcp), dtype=np.bool_)
    others, rests = (np.zeros(len(tcp), dtype=np.int64) for _ in range(2))
    firsts, seconds = greetings.firsts, greetings.seconds
    greets[firsts], others[firsts] = True, tcp.begins[seconds]
    rests[firsts] = tcp.begins[seconds] + np.where(seconds == firsts, 0, tcp.sizes[seconds])
    return greets, others, rests


def opening(block: Block) -> Mask:
    """Which segments open a connection."""
    return np.asarray(block.tcp.flags & (_SYN | _ACK | _RST) == _SYN)


def ends(block: Block) -> tuple[Numbers, Numbers]:
    """Return the segments that end a connection, or one side of it, and the sides that they end."""
    tcp = block.tcp
    places = np.flatnonzero(tcp.flags & (_FIN | _RST))
    return places, np.where(tcp.flags[places] & _RST, BOTH, 1 + tcp.sides[places])


def look_like_starts(block: Block) -> Mask:
    """Which segments begin as TLS, HTTP or DNS over TCP does."""
    tcp, fields = block.tcp, block.fields
    starts = np.zeros(len(tcp), dtype=np.bool_)
    full = np.flatnonzero(tcp.sizes > 2)
    begins, sizes = tcp.begins[full], tcp.sizes[full]
    words = fields.u32(begins)
    firsts = words >> 16
    is_tls = (firsts == 0x1603) & ((sizes < 6) | (fields.byte(begins + 5) == 1))
    starts[full] = is_tls | (tcp.ports[0][full] == PORT) | (tcp.ports[1][full] == PORT)
    worded = np.flatnonzero(_BEGIN_WORDS[firsts] & (sizes > 8))
    starts[full[worded]] |= np.isin(words[worded], _WORDS)
    framed = np.flatnonzero((firsts == sizes - 2) & (sizes >= _LEAST_DNS))
    starts[full[framed]] |= _are_asking(fields, begins[framed])
    return starts


def _are_asking(fields: Fields, begins: Numbers) -> Mask:
    """Which messages have the header of a question of DNS, or of an answer, behind their length."""
    is_query = fields.u16(begins + 4) & 0x7840 == 0
    return np.asarray(is_query & (fields.u16(begins + 6) == 1))
