"""Where the IP header of each packet begins, whatever link it was captured on."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from scanner.capture.packets import Fields, Numbers, Packets, distinct

# Link types as https://www.tcpdump.org/linktypes.html numbers them.
ETHERNET, RAW, IPV4, IPV6, COOKED, COOKED_2, RADIO = 1, 101, 228, 229, 113, 276, 105
_RAW = (RAW, 12, 14, IPV4, IPV6)
_LOOPBACK = (0, 108)
_TAGS = (0x8100, 0x88A8, 0x9100, 0x9200)
_MOST_TAGS = 4
_ARP, _TYPE_IPV4, _TYPE_IPV6, _SNAP = (0x0806, 0x8035), 0x0800, 0x86DD, 0xAAAA
# What carries IP in ways that are not taken apart here: PPPoE, MPLS, provider backbones, TRILL.
_CARRIERS = (0x8864, 0x8847, 0x8848, 0x88E7, 0x22F3, 0x6558, 0x880B)
_ENOUGH = 20  # bytes that any IP header has
_LENGTHS = 1536  # numbers below are no types: 802.3 has the length of the frame there


class Kind(IntEnum):
    """What a packet is, as far as its link layer says."""

    IP = 0
    ARP = 1
    NOT_IP = 2
    STRANGE = 3  # in a layer that is not known here
    SHORT = 4  # cut before its IP header
    TAGGED = 5  # what it is stands behind a tag


def _kinds_of_types() -> npt.NDArray[np.int8]:
    """Return the kind that each type of protocol announces, which is a number of two bytes."""
    kinds = np.full(1 << 16, Kind.NOT_IP, dtype=np.int8)
    kinds[[_TYPE_IPV4, _TYPE_IPV6]] = Kind.IP
    kinds[list(_ARP)] = Kind.ARP
    kinds[list(_CARRIERS)] = Kind.STRANGE
    kinds[list(_TAGS)] = Kind.TAGGED
    return kinds


_KINDS = _kinds_of_types()


def locate(packets: Packets, fields: Fields) -> tuple[Numbers, npt.NDArray[np.int8]]:
    """Return where the IP header of each packet begins, and each packet's ``Kind``."""
    headers, kinds = packets.begins.copy(), np.full(len(packets), Kind.STRANGE, dtype=np.int8)
    for link in distinct(packets.links):
        own = np.flatnonzero(packets.links == link)
        places = packets.begins[own]
        if link == ETHERNET:
            headers[own], kinds[own] = _behind_types(places + 12, fields)
        elif link == COOKED:
            headers[own], kinds[own] = _behind_types(places + 14, fields)
        elif link == COOKED_2:
            headers[own], kinds[own] = _behind_types(places, fields, header=20)
        elif link in _RAW or link in _LOOPBACK:
            headers[own] = places + (4 if link in _LOOPBACK else 0)
            kinds[own] = Kind.IP
    is_short = headers + _ENOUGH > packets.begins + packets.sizes
    kinds[is_short & (kinds == Kind.IP)] = Kind.SHORT
    return headers, kinds


def _behind_types(
    places: Numbers, fields: Fields, header: int = 2
) -> tuple[Numbers, npt.NDArray[np.int8]]:
    """Follow the types of protocol that stand at ``places``, ``header`` bytes before what they announce."""
    types, headers = fields.u16(places), places + header
    snapped = np.flatnonzero(types < _LENGTHS)
    snapped = snapped[fields.u16(places[snapped] + 2) == _SNAP]
    types[snapped] = fields.u16(places[snapped] + 8)
    headers[snapped] = places[snapped] + 10
    kinds = _KINDS[types]
    for _ in range(_MOST_TAGS):
        tagged = np.flatnonzero(kinds == Kind.TAGGED)
        kinds[tagged] = _KINDS[fields.u16(headers[tagged] + 2)]
        headers[tagged] += 4
    kinds[kinds == Kind.TAGGED] = Kind.NOT_IP
    return headers, kinds
