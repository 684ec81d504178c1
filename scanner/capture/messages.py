"""DNS in datagrams, where most of it is: the way that takes no step more than it must."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scanner.capture.dns import HEADER, NotDnsError, Reader
from scanner.capture.packets import Numbers
from scanner.capture.questions import (
    AGAIN,
    ANSWER,
    NOT_DNS,
    NOTHING,
    PORT,
    SPREAD,
    Exchange,
    Pairs,
    is_over,
)
from scanner.capture.records import Record, address_text
from scanner.capture.transports import Account, Block

_UNUSUAL, _QUESTION, _ANSWER = -1, 0, 1
# How most answers begin: with an address of the name that was asked for, which is one that exists.
_FIRST, _ZERO = (b"\xc0\x0c\0\1", b"\xc0\x0c\0\x1c"), bytes(4)
_OPCODE, _RESPONSE, _CODE = 0x7800, 0x8000, 15


class Messages:
    """Reads the DNS messages of blocks; what they ask waits in ``pairs``."""

    def __init__(self, account: Account, dns: Reader, pairs: Pairs) -> None:
        self._account = account
        self._dns = dns
        self._pairs = pairs

    def read(self, block: Block, places: Numbers) -> list[Record]:
        """Read the messages at some places; returns the records that are complete."""
        data, find = block.data, block.data.find
        questions, waiting, said = self._dns.questions, self._pairs.waiting, self._dns.said
        found: list[Record] = []
        repeated = answers = 0
        for place, kind, link, begin, end, client, width, frame, time in _rows(block, places):
            behind = find(b"\0", begin + HEADER, end) + 5 if kind != _UNUSUAL else end + 1
            asked = questions[data[begin + HEADER : behind]] if behind <= end else None
            if asked is None:
                found += self._unusual(block, place, data[begin:end])
                continue
            pair = (link, asked.folded)
            known = waiting.get(pair)
            if known is not None and is_over(known, time):
                found += [known] if isinstance(known, Record) else []
                known = None
            if known is not None and (kind == _QUESTION or known.__class__ is int):
                repeated += 1
                continue
            if known is None:
                address = address_text(data[client : client + width])
                known = Record("dns", frame, time, address, asked.host, asked.qtype)
                if kind == _QUESTION:
                    waiting[pair] = known
                    continue
            else:
                answers += 1
            assert isinstance(known, Record)  # noqa: S101
            first = b"" if data[begin + 3] & _CODE else data[behind : behind + 4]
            if first in _FIRST and data[behind + 12 : behind + 16] != _ZERO:
                known.rcode = "NOERROR"
            else:
                known.rcode, known.cnames, known.nowhere = said(data[begin:end], behind - begin)
            found.append(known)
            waiting[pair] = time
        self._account.ignored[AGAIN] += repeated
        self._account.ignored[ANSWER] += answers
        return found

    def _unusual(self, block: Block, place: int, wire: bytes) -> list[Record]:
        udp, at = block.udp, int(block.udp.at[place])
        is_sure = PORT in (udp.ports[0][place], udp.ports[1][place])
        try:
            message = self._dns.message(wire, is_sure)
        except NotDnsError:
            if is_sure:
                self._account.broken[NOT_DNS] += 1
            else:
                self._account.ignored[NOTHING] += 1
            return []
        ends = block.addresses(int(udp.headers[place]))
        seen = Exchange(int(udp.keys[place]), block.first + at, int(block.times[at]), *ends)
        return self._pairs.add(message, seen)


def _rows(block: Block, places: Numbers) -> zip[tuple[int, ...]]:
    """Return what matters of some datagrams: place, kind, link, where the message begins and ends,
    where the client's address stands and how long it is, number and time of the packet."""
    udp, fields = block.udp, block.fields
    at, headers, begins, sizes = (
        one[places] for one in (udp.at, udp.headers, udp.begins, udp.sizes)
    )
    numbers, flags, questions = (fields.u16(begins + shift) for shift in (0, 2, 4))
    kinds = np.where(flags & _RESPONSE, _ANSWER, _QUESTION)
    by_port = (udp.ports[0][places] == PORT) | (udp.ports[1][places] == PORT)
    usual = by_port & (sizes > HEADER) & (questions == 1) & (flags & _OPCODE == 0)
    widths = np.where(fields.byte(headers) >> 4 == 4, 4, 16)
    links = udp.keys[places] ^ numbers.astype(np.uint64) * np.uint64(SPREAD)
    columns: tuple[npt.NDArray[np.int64] | npt.NDArray[np.uint64], ...] = (
        places,
        np.where(usual, kinds, _UNUSUAL),
        links,
        begins,
        begins + sizes,
        headers + np.where(widths == 4, 12, 8) + kinds * widths,
        widths,
        block.first + at,
        block.times[at],
    )
    return zip(*(column.tolist() for column in columns), strict=True)
