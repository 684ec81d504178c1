"""DNS in datagrams, where most of it is: the way that takes no step more than it must."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scanner.capture.dns import HEADER, NotDnsError, Reader
from scanner.capture.packets import Mask, Numbers
from scanner.capture.questions import (
    ANSWER,
    NOT_DNS,
    NOTHING,
    PORT,
    SPREAD,
    WAIT,
    Exchange,
    Pairs,
)
from scanner.capture.records import Record, address_text
from scanner.capture.transports import Account, Block, Keys

# How most answers begin: with an address of the name that was asked for, which is one that exists.
_FIRST, _ZERO = (b"\xc0\x0c\0\1", b"\xc0\x0c\0\x1c"), bytes(4)
_OPCODE, _RESPONSE, _CODE = 0x7800, 0x8000, 15
_ALONE = -1  # in place of an answer


class Messages:
    """Reads the DNS messages of blocks; what they ask waits in ``pairs``.

    Most questions are answered in the block that they are in: such two are read in one step.
    """

    def __init__(self, account: Account, dns: Reader, pairs: Pairs) -> None:
        self._account = account
        self._dns = dns
        self._pairs = pairs

    def read(self, block: Block, places: Numbers) -> list[Record]:
        """Read the messages at some places; returns the records that are complete."""
        data, find = block.data, block.data.find
        questions, waiting, said = self._dns.questions, self._pairs.waiting, self._dns.said
        found: list[Record] = []
        answers = 0
        for (
            place, reply, link, begin, end, other, until, client, behind_client, frame, time, later,
        ) in _rows(block, places):  # fmt: skip
            behind = find(b"\0", begin + HEADER, end) + 5
            question, at = data[begin + HEADER : behind], other + behind - begin
            if (
                reply == _ALONE
                or behind > end
                or at > until
                or data[other + HEADER : at] != question
                or (asked := questions[question]) is None
                or (pair := link | asked.folded) in waiting
            ):
                found += self._one(block, place)
                if reply != _ALONE:
                    found += self._one(block, reply)
                continue
            client_text = address_text(data[client:behind_client])
            record = Record("dns", frame, time, client_text, asked.host, asked.qtype)
            first = b"" if data[other + 3] & _CODE else data[at : at + 4]
            if first in _FIRST and data[at + 12 : at + 16] != _ZERO:
                record.rcode = "NOERROR"
            else:
                record.rcode, record.cnames, record.nowhere = said(data[other:until], at - other)
            found.append(record)
            waiting[pair] = later
            answers += 1
        self._account.ignored[ANSWER] += answers
        return found

    def _one(self, block: Block, place: int) -> list[Record]:
        """Read a message by itself; returns the records that are complete."""
        udp, at, begin = block.udp, int(block.udp.at[place]), int(block.udp.begins[place])
        is_sure = PORT in (udp.ports[0][place], udp.ports[1][place])
        try:
            wire = block.data[begin : begin + int(udp.sizes[place])]
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
    """Return what matters of some datagrams, the answers to others of them left out: place, that of
    the answer or ``_ALONE``, link, where message and answer begin and end, where the client's address
    does, number and time of the packet, time of the answer."""
    udp = block.udp
    at, headers, begins = udp.at[places], udp.headers[places], udp.begins[places]
    ends, times = begins + udp.sizes[places], block.times[at]
    is_4 = block.fields.byte(headers) >> 4 == 4
    clients = headers + np.where(is_4, 12, 8)
    links = udp.keys[places] ^ block.fields.u16(begins).astype(np.uint64) * np.uint64(SPREAD)
    asking, answering = _pairs(links, times, *_directions(block, places))
    replies = np.full(len(places), _ALONE, dtype=np.int64)
    replies[asking] = answering
    is_left = np.ones(len(places), dtype=np.bool_)
    is_left[answering] = False
    rest = np.flatnonzero(is_left)
    its = replies[rest]
    columns: tuple[npt.NDArray[np.int64] | npt.NDArray[np.uint64], ...] = (
        places[rest], np.where(its == _ALONE, _ALONE, places[its]), links[rest],
        begins[rest], ends[rest], begins[its], ends[its],
        clients[rest], clients[rest] + np.where(is_4[rest], 4, 16),
        block.first + at[rest], times[rest], times[its],
    )  # fmt: skip
    return zip(*(column.tolist() for column in columns), strict=True)


def _directions(block: Block, places: Numbers) -> tuple[Mask, Mask]:
    """Tell which datagrams are a usual question, and which the answer to one."""
    udp, begins = block.udp, block.udp.begins[places]
    flags, questions = (block.fields.u16(begins + shift) for shift in (2, 4))
    usual = (udp.ports[0][places] == PORT) | (udp.ports[1][places] == PORT)
    usual &= (udp.sizes[places] > HEADER) & (questions == 1) & (flags & _OPCODE == 0)
    is_response = flags & _RESPONSE != 0
    return usual & ~is_response, usual & is_response


def _pairs(links: Keys, times: Numbers, ask: Mask, answer: Mask) -> tuple[Numbers, Numbers]:
    """Return which messages are answered in time, and by which: nothing else is on their links."""
    order = np.argsort(links, kind="stable")
    begins = np.ones(len(links) + 1, dtype=np.bool_)  # where another link begins, or all are over
    begins[1:-1] = links[order[1:]] != links[order[:-1]]
    twos = np.flatnonzero(begins[:-2] & ~begins[1:-1] & begins[2:])
    some, others = order[twos], order[twos + 1]
    sure = ask[some] & answer[others] & (times[others] - times[some] <= WAIT)
    return some[sure], others[sure]
