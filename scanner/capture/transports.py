"""TCP segments and UDP datagrams of a block of packets: whose they are, and where their content lies."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scanner.capture import links, strange, tunnels
from scanner.capture.fragments import BROKEN, DEEP, FRAGMENT, Plain
from scanner.capture.layers import RAW, Kind, locate
from scanner.capture.packets import MARGIN, Fields, Mask, Numbers, Packets, distinct

_TCP, _UDP = 6, 17
_MOST_TUNNELS = 6
NOT_IP = "not IP"
UNREAD_LINK = "link type that is not read"
_PASSED = (NOT_IP, FRAGMENT, DEEP)
_LINKS_BOUND = 1_000  # no number above is given away
_EXTENSIONS = (0, 43, 44, 51, 60, 135, 139, 140)
_OTHERS = {1: "ICMP", 58: "ICMP", 2: "IGMP", 50: "IPsec", 132: "SCTP"}
Keys = npt.NDArray[np.uint64]
# Which protocols stand for more headers, or for tunnels.
_ODD_IN_4 = np.isin(np.arange(256), tunnels.PROTOCOLS)
_ODD_IN_6 = np.isin(np.arange(256), (*tunnels.PROTOCOLS, *_EXTENSIONS))
_TUNNEL_PORTS = np.isin(np.arange(1 << 16), tunnels.PORTS)


@dataclass(frozen=True, slots=True)
class Content:
    """The content of the segments, or datagrams, of a block.

    ``at`` are the places of their packets in the block. ``keys`` are the same for all packets
    between the same two ports, and ``sides`` tells the directions apart. ``begins`` and ``sizes``
    say where the captured content is, ``wires`` how long it was on the wire.
    """

    at: Numbers
    headers: Numbers  # where the IP header is
    ports: tuple[Numbers, Numbers]
    keys: Keys
    sides: Mask
    begins: Numbers
    sizes: Numbers
    wires: Numbers
    flags: Numbers  # of TCP
    sequences: Numbers  # of TCP

    def __len__(self) -> int:
        return len(self.at)

    def only(self, places: Numbers) -> Content:
        """Return some of it."""
        return Content(
            self.at[places],
            self.headers[places],
            (self.ports[0][places], self.ports[1][places]),
            self.keys[places],
            self.sides[places],
            self.begins[places],
            self.sizes[places],
            self.wires[places],
            self.flags[places],
            self.sequences[places],
        )


@dataclass(slots=True)
class Account:
    """What became of packets: ignored, by kind, and undecodable, by reason."""

    read: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)


class Block(NamedTuple):
    """A block taken apart; ``data`` holds what was taken out of other layers too."""

    data: bytes
    fields: Fields
    times: Numbers
    first: int
    tcp: Content
    udp: Content

    def addresses(self, header: int) -> tuple[bytes, bytes]:
        """Return who sent the packet whose IP header begins there, and to whom."""
        if self.data[header] >> 4 == 4:
            return self.data[header + 12 : header + 16], self.data[header + 16 : header + 20]
        return self.data[header + 8 : header + 24], self.data[header + 24 : header + 40]


class Opener:
    """Takes blocks apart, and remembers fragments from one to the next."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._plain = Plain()

    @property
    def dropped(self) -> int:
        """How many packets were given up before all their fragments were there."""
        return self._plain.dropped

    def open(self, packets: Packets) -> Block:
        """Return the segments and datagrams of a block, and count everything else."""
        self._account.read += len(packets)
        fields = Fields(packets.data)
        headers, kinds = locate(packets, fields)
        ends = packets.begins + packets.sizes
        odd = (kinds == Kind.STRANGE) | ((kinds == Kind.IP) & _are_odd(fields, headers))
        data = packets.data
        if odd.any():
            data = self._straighten(packets, odd, headers, ends, kinds)
            fields = Fields(data)
        ignored = self._account.ignored
        for kind, word in ((Kind.ARP, "ARP"), (Kind.NOT_IP, NOT_IP)):
            ignored[word] += int((kinds == kind).sum())
        self._account.broken["cut before its IP header"] += int((kinds == Kind.SHORT).sum())
        tcp, udp = self._contents(fields, np.flatnonzero(kinds == Kind.IP), headers, ends)
        return Block(data, fields, packets.times, packets.first, tcp, udp)

    def _straighten(
        self,
        packets: Packets,
        odd: Mask,
        headers: Numbers,
        ends: Numbers,
        kinds: npt.NDArray[np.int8],
    ) -> bytes:
        """Make plain IP packets of the odd ones; returns the bytes with these behind the others."""
        pieces, end = [packets.data], len(packets.data)
        for at in np.flatnonzero(odd).tolist():
            found = self._one(packets, at, int(headers[at]), int(ends[at]), kinds[at])
            if isinstance(found, str):
                kinds[at] = -1
                where = self._account.ignored if found in _PASSED else self._account.broken
                where[found] += 1
                continue
            kinds[at], headers[at] = Kind.IP, end
            end += len(found)
            ends[at] = end
            pieces.append(found)
        return b"".join([*pieces, bytes(MARGIN)])

    def _one(self, packets: Packets, at: int, header: int, end: int, kind: int) -> bytes | str:
        """Return an odd packet as a plain one, or why there is none."""
        inner: bytes | None = packets.data[header:end]
        if kind == Kind.STRANGE:
            link = int(packets.links[at])
            if not links.is_known(link):
                return f"{UNREAD_LINK} ({link})" if 0 <= link < _LINKS_BOUND else UNREAD_LINK
            inner = links.ip_within(link, packets.packet(at))
        for _ in range(_MOST_TUNNELS):
            if inner is None:
                return NOT_IP
            found = self._plain.packet(inner)
            if isinstance(found, str) or not tunnels.is_tunnel(found):
                return found
            inner = _within(found)
            if inner is None:
                return found
        return DEEP

    def _contents(
        self, fields: Fields, at: Numbers, headers: Numbers, ends: Numbers
    ) -> tuple[Content, Content]:
        headers, ends = headers[at], ends[at]
        first = fields.byte(headers)
        is_4 = first >> 4 == 4
        size = np.where(is_4, (first & 15) * 4, 40)
        total = fields.u16(headers + np.where(is_4, 2, 4)) + np.where(is_4, 0, 40)
        total = np.where(total <= np.where(is_4, 0, 40), ends - headers, total)  # left to the card
        protocols = fields.byte(headers + np.where(is_4, 9, 6))
        sane = ((is_4 & (size >= 20)) | (first >> 4 == 6)) & (total >= size)
        sane &= headers + size <= ends
        self._account.broken[BROKEN] += int((~sane).sum())
        behind, finish = headers + size, headers + total
        for number in distinct(protocols[sane]):
            if number not in (_TCP, _UDP):
                word = _OTHERS.get(number, "another protocol than TCP and UDP")
                self._account.ignored[word] += int((protocols[sane] == number).sum())
        return (
            self._segments(fields, sane & (protocols == _TCP), at, headers, behind, finish, ends),
            self._datagrams(fields, sane & (protocols == _UDP), at, headers, behind, finish, ends),
        )

    def _segments(self, fields: Fields, own: Mask, *places: Numbers) -> Content:
        at, headers, heads, finish, ends = (one[own] for one in places)
        lengths = (fields.byte(heads + 12) >> 4) * 4
        sane = (lengths >= 20) & (heads + lengths <= np.minimum(ends, finish))
        self._account.broken["TCP header that cannot be"] += int((~sane).sum())
        at, headers, heads, finish, ends, lengths = (
            one[sane] for one in (at, headers, heads, finish, ends, lengths)
        )
        begins = heads + lengths
        return _content(
            fields, at, headers, heads, begins, finish, ends,
            flags=fields.byte(heads + 13), sequences=fields.u32(heads + 4),
        )  # fmt: skip

    def _datagrams(self, fields: Fields, own: Mask, *places: Numbers) -> Content:
        at, headers, heads, finish, ends = (one[own] for one in places)
        sane = heads + 8 <= np.minimum(ends, finish)
        self._account.broken["UDP header that cannot be"] += int((~sane).sum())
        at, headers, heads, finish, ends = (one[sane] for one in (at, headers, heads, finish, ends))
        length = fields.u16(heads + 4)
        finish = np.where(length >= 8, np.minimum(heads + length, finish), finish)
        none = np.zeros(len(at), dtype=np.int64)
        return _content(fields, at, headers, heads, heads + 8, finish, ends, none, none)


def _content(
    fields: Fields,
    at: Numbers,
    headers: Numbers,
    heads: Numbers,
    begins: Numbers,
    finish: Numbers,
    ends: Numbers,
    flags: Numbers,
    sequences: Numbers,
) -> Content:
    ports = fields.u16(heads), fields.u16(heads + 2)
    senders, receivers = _addresses(fields, headers)
    some, others = _mixed(senders, ports[0]), _mixed(receivers, ports[1])
    return Content(
        at=at,
        headers=headers,
        ports=ports,
        keys=some + others,
        sides=some < others,
        begins=begins,
        sizes=np.maximum(np.minimum(finish, ends) - begins, 0),
        wires=np.maximum(finish - begins, 0),
        flags=flags,
        sequences=sequences,
    )


def _addresses(fields: Fields, headers: Numbers) -> tuple[Keys, Keys]:
    """Return a number for each sender and each receiver."""
    some = fields.u32(headers + 12).astype(np.uint64)
    others = fields.u32(headers + 16).astype(np.uint64)
    longer = np.flatnonzero(fields.byte(headers) >> 4 != 4)
    headers, spread = headers[longer], np.uint64(0x9E3779B97F4A7C15)
    some[longer] = fields.u64(headers + 8) * spread ^ fields.u64(headers + 16)
    others[longer] = fields.u64(headers + 24) * spread ^ fields.u64(headers + 32)
    return some, others


def _mixed(addresses: Keys, ports: Numbers) -> Keys:
    """Return a number for each address with its port, in which every bit depends on every other."""
    mixed = (addresses ^ (ports.astype(np.uint64) << np.uint64(47))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(31)
    mixed *= np.uint64(0x94D049BB133111EB)
    return mixed ^ mixed >> np.uint64(29)


def _are_odd(fields: Fields, headers: Numbers) -> Mask:
    """Which packets have more than a plain IP header before TCP or UDP."""
    first = fields.byte(headers)
    is_4 = first >> 4 == 4
    protocols = fields.byte(headers + np.where(is_4, 9, 6))
    odd = np.where(is_4, _ODD_IN_4[protocols], _ODD_IN_6[protocols])
    odd |= is_4 & (fields.u16(headers + 6) & 0x3FFF != 0)
    udp = np.flatnonzero(protocols == _UDP)
    ports = fields.u16((headers + np.where(is_4, (first & 15) * 4, 40) + 2)[udp])
    odd[udp] |= _TUNNEL_PORTS[ports]
    return odd


def _within(tunnel: bytes) -> bytes | None:
    """Return the IP packet that a tunnel carries; None if there is none."""
    carried = tunnels.carried(tunnel)
    return links.ip_within(*carried) if carried else strange.ip_within(RAW, tunnel)
