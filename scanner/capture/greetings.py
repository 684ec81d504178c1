"""Connections that begin as most do, found for a whole block at once.

They open, and the first that is said then is a ClientHello, in one segment or in the two that are
said first. Nothing of them need be remembered from one segment to the next.
"""

from __future__ import annotations

import numpy as np

from scanner.capture.flows import Groups
from scanner.capture.packets import Mask, Numbers
from scanner.capture.tls import LARGEST_RECORD
from scanner.capture.transports import Block

_ROUND = 0xFFFFFFFF
_HEADERS = 9  # bytes of the record's header and of the hello's
_LAST_VERSION = 4  # of records, the low byte
_NONE = -1


class Greetings:
    """The plain beginnings in a block, by the places of segments.

    ``openings`` open the connections, ``firsts`` greet, and ``seconds`` end the greetings: the same
    as ``firsts`` where these hold all of it.
    """

    def __init__(self, block: Block, groups: Groups, opens: Mask) -> None:
        openings = _alone(np.flatnonzero(opens), groups)
        firsts = _first(block.tcp.sizes > 0, groups)
        later = block.tcp.sizes > 0
        later[firsts[firsts != _NONE]] = False
        own = groups.numbers[openings]
        self.openings, self.firsts, self.seconds = openings, firsts[own], _first(later, groups)[own]
        self.keep(_are_first_words(block, self.openings, self.firsts))
        is_whole = hold_a_hello(block, self.firsts, block.tcp.sizes[self.firsts])
        self.seconds = np.where(is_whole, self.firsts, self.seconds)
        self.keep(is_whole | _end_in(block, self.firsts, self.seconds))

    def keep(self, kept: Mask) -> None:
        """Forget the others."""
        self.openings, self.firsts, self.seconds = (
            one[kept] for one in (self.openings, self.firsts, self.seconds)
        )


def hold_a_hello(block: Block, places: Numbers, sizes: Numbers) -> Mask:
    """Which segments begin a ClientHello in one record, all of it in so many bytes from there on."""
    fields, begins = block.fields, block.tcp.begins[places]
    record, rest = fields.u16(begins + 3), fields.u16(begins + 7)
    hello = fields.u32(begins + 5)  # its type and its length
    is_one = (fields.u16(begins) == 0x1603) & (fields.byte(begins + 2) <= _LAST_VERSION)
    is_one &= (hello >> 24 == 1) & (hello & 0xFF0000 == 0) & (record <= LARGEST_RECORD)
    return np.asarray(is_one & (rest + 4 <= record) & (record + 5 <= sizes) & (sizes > 9))


def _alone(places: Numbers, groups: Groups) -> Numbers:
    """Return those segments that are the only one of their connection among them."""
    own = groups.numbers[places]
    return np.asarray(places[np.bincount(own, minlength=len(groups.keys))[own] == 1])


def _first(among: Mask, groups: Groups) -> Numbers:
    """Return for each connection the first of some segments that is its own; ``_NONE`` for none."""
    places = np.flatnonzero(among)
    firsts = np.full(len(groups.keys), _NONE, dtype=np.int64)
    firsts[groups.numbers[places][::-1]] = places[::-1]  # of several, the last one set stays
    return firsts


def _are_first_words(block: Block, openings: Numbers, firsts: Numbers) -> Mask:
    """Which segments are said by who opened the connection, and where its stream begins."""
    tcp = block.tcp
    expected = tcp.sequences[openings] + 1 & _ROUND
    is_own = (tcp.sides[firsts] == tcp.sides[openings]) & (tcp.sequences[firsts] == expected)
    return np.asarray(is_own & (firsts > openings))


def _end_in(block: Block, firsts: Numbers, seconds: Numbers) -> Mask:
    """Which segments hold the beginning of a ClientHello whose end is in the second one."""
    tcp, sizes = block.tcp, block.tcp.sizes[firsts]
    is_next = tcp.sequences[seconds] == tcp.sequences[firsts] + sizes & _ROUND
    is_next &= (tcp.sides[seconds] == tcp.sides[firsts]) & (tcp.wires[firsts] == sizes)
    is_next &= (seconds != _NONE) & (sizes > _HEADERS)
    return np.asarray(is_next & hold_a_hello(block, firsts, sizes + tcp.sizes[seconds]))
