"""What tunnels carry: packets in GRE, VXLAN and GTP, each with the link type that it is of.

Rarer ones are left to ``strange``. References: RFC 2784 and 2890, RFC 7348, 3GPP TS 29.281.
"""

from __future__ import annotations

from scanner.capture.layers import ETHERNET, RAW

UDP, GRE = 17, 47
# IP in IP, IPv6 in IP, GRE, EtherIP, L2TP.
PROTOCOLS = (4, 41, GRE, 97, 115)
_VXLAN, _GTP, _GENEVE, _GRE_IN_UDP = (4789, 8472), 2152, 6081, 4754
PORTS = (*_VXLAN, _GTP, _GENEVE, _GRE_IN_UDP)
_TYPES = {0x0800: RAW, 0x86DD: RAW, 0x6558: ETHERNET, 0x88BE: ETHERNET}
_ERSPAN, _ERSPAN_HEADER = 0x88BE, 8
_LEAST_GTP = 12
_TAGS = (b"\x81\0", b"\x88\xa8", b"\x91\0")
_IP = (b"\x08\0", b"\x86\xdd")

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
    return _in_gtp(content) if port == _GTP else None


def is_tunnel(packet: bytes) -> bool:
    """Whether a plain IP packet is of a protocol, or to a port, that tunnels use."""
    head, protocol = (20, packet[9]) if packet[0] >> 4 == 4 else (40, packet[6])
    port = int.from_bytes(packet[head + 2 : head + 4], "big")
    return protocol in PROTOCOLS or (protocol == UDP and port in PORTS)


def ip_in_frame(frame: bytes) -> bytes | None:
    """Return the IP packet in an Ethernet frame; None if there is none in the usual way."""
    at = 12
    while frame[at : at + 2] in _TAGS:
        at += 4
    return frame[at + 2 :] if frame[at : at + 2] in _IP else None


def _in_gre(content: bytes) -> Carried | None:
    flags, kind = int.from_bytes(content[:2], "big"), int.from_bytes(content[2:4], "big")
    if kind not in _TYPES or flags & 7:
        return None
    # A checksum, a key and a number are there if their flags say so.
    at = 4 + sum(4 for flag in (0x8000, 0x2000, 0x1000) if flags & flag)
    if kind == _ERSPAN and flags & 0x1000:
        at += _ERSPAN_HEADER
    return _TYPES[kind], content[at:]


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
