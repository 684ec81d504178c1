"""What tunnels carry: packets in GRE, VXLAN, GTP, Teredo and CAPWAP, each with the link type that it is of.

Rarer ones are left to ``strange``. References: RFC 2784 and 2890, RFC 7348, 3GPP TS 29.281,
RFC 4380 (5.1.1), RFC 5415 (4.3).
"""

from __future__ import annotations

from scanner.capture.layers import ETHERNET, RADIO, RAW

UDP, GRE = 17, 47
# IP in IP, IPv6 in IP, GRE, EtherIP, L2TP, MPLS.
PROTOCOLS = (4, 41, GRE, 97, 115, 137)
_VXLAN, _GTP, _GENEVE, _GRE_IN_UDP = (4789, 8472), 2152, 6081, 4754
_VXLAN_GPE, _MPLS, _L2TP, _TEREDO, _CAPWAP = 4790, 6635, 1701, 3544, 5247
PORTS = (*_VXLAN, _GTP, _GENEVE, _GRE_IN_UDP, _VXLAN_GPE, _MPLS, _L2TP, _TEREDO, _CAPWAP)
_TYPES = {0x0800: RAW, 0x86DD: RAW, 0x6558: ETHERNET, 0x88BE: ETHERNET}
_ARUBA = range(0x8200, 0x8371)  # from access points
_ERSPAN, _ERSPAN_HEADER = 0x88BE, 8
_LEAST_GTP = 12
_IPV6_HEADER = 40

Carried = tuple[int, bytes]


def carried(packet: bytes) -> Carried | None:
    """Return what a plain IP packet carries, as link type and bytes; None if it is no tunnel known here."""
    head, protocol = (20, packet[9]) if packet[0] >> 4 == 4 else (40, packet[6])
    if protocol == GRE:
        return _in_gre(packet[head:])
    if protocol != UDP or len(packet) < head + 16:
        return None
    port, content = int.from_bytes(packet[head + 2 : head + 4], "big"), packet[head + 8 :]
    if port in _VXLAN and content[0] & 0x08:
        return ETHERNET, content[8:]
    if port == _GRE_IN_UDP:
        return _in_gre(content)
    read = _READERS.get(port)
    return read(content) if read else None


def is_tunnel(packet: bytes) -> bool:
    """Whether a plain IP packet is of a protocol, or to a port, that tunnels use."""
    head, protocol = (20, packet[9]) if packet[0] >> 4 == 4 else (40, packet[6])
    port = int.from_bytes(packet[head + 2 : head + 4], "big")
    return protocol in PROTOCOLS or (protocol == UDP and port in PORTS)


def _in_gre(content: bytes) -> Carried | None:
    flags, kind = int.from_bytes(content[:2], "big"), int.from_bytes(content[2:4], "big")
    link = RADIO if kind in _ARUBA else _TYPES.get(kind)
    if link is None or flags & 7:
        return None
    # A checksum, a key and a number are there if their flags say so.
    at = 4 + sum(4 for flag in (0x8000, 0x2000, 0x1000) if flags & flag)
    if kind == _ERSPAN and flags & 0x1000:
        at += _ERSPAN_HEADER
    return link, content[at:]


def _in_gtp(content: bytes) -> Carried | None:
    """Return the packet of a subscriber; optional fields and extensions stand before it."""
    if len(content) < _LEAST_GTP or content[0] & 0xF0 != 0x30 or content[1] != 0xFF:
        return None
    at = 12 if content[0] & 7 else 8
    extension = content[11] if content[0] & 4 else 0
    while extension and at < len(content) and content[at]:
        at += content[at] * 4  # of which the last byte tells whether there is another
        extension = content[at - 1] if at <= len(content) else 0
    return RAW, content[at:]


def _in_teredo(content: bytes) -> Carried | None:
    """Return the packet behind who may use the tunnel, and where the sender was seen."""
    at = 0
    if content[:2] == b"\0\1":
        at += 13 + content[2] + content[3]
    if content[at : at + 2] == b"\0\0":
        at += 8
    packet = content[at:]
    if len(packet) < _IPV6_HEADER or packet[0] >> 4 != 6:
        return None
    return (RAW, packet) if len(packet) == _IPV6_HEADER + (packet[4] << 8 | packet[5]) else None


def _in_capwap(content: bytes) -> Carried | None:
    """Return the frame that an access point passes on; none of a fragment, or of an encrypted one."""
    if content[0] or content[3] & 0x80:
        return None
    frame = content[(content[1] >> 3) * 4 :]
    if not content[2] & 1:
        return ETHERNET, frame
    # Some swap the first two bytes. The first begins with a version, and there is none but 0.
    return RADIO, frame[1::-1] + frame[2:] if frame[:1] and frame[0] & 3 else frame


_READERS = {_GTP: _in_gtp, _TEREDO: _in_teredo, _CAPWAP: _in_capwap}
