"""Link layers that ``layers`` leaves: the IP packet in a packet of any link type.

What is not known here is left to scapy (``strange``). Most others become an Ethernet frame, since
they announce what follows by the same types. Their layouts: https://www.tcpdump.org/linktypes.html
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from scanner.capture import strange
from scanner.capture.layers import ETHERNET, RADIO, RAW

Carried = tuple[int, bytes]  # a link type, and a packet of it
_ADDRESSES = bytes(12)
_SNAP = b"\xaa\xaa\3"
_TAGS = (b"\x81\0", b"\x88\xa8", b"\x91\0")
_IP = (b"\x08\0", b"\x86\xdd")
_MOST_LINKS = 4
_PAYLOAD = 9  # of the values that Netfilter logs
_EXTENSIONS = 0x80


def is_known(link: int) -> bool:
    """Whether anything can be found in packets of a link type."""
    return link in _LINKS or strange.is_known(link)


def ip_within(link: int, packet: bytes) -> bytes | None:
    """Return the IP packet in a packet of a link type; None if there is none."""
    for _ in range(_MOST_LINKS):
        if link == RAW:
            return packet
        if link == ETHERNET and (found := _in_frame(packet)):
            return found
        read = _LINKS.get(link)
        if read is None:
            break
        try:
            carried = read(packet)
        except (IndexError, struct.error):  # it ends too soon
            return None
        if carried is None:
            return None
        link, packet = carried
    return strange.ip_within(link, packet)


def _in_frame(frame: bytes) -> bytes | None:
    """Return the IP packet in an Ethernet frame; None if there is none in the usual way."""
    at = len(_ADDRESSES)
    while frame[at : at + 2] in _TAGS:
        at += 4
    return frame[at + 2 :] if frame[at : at + 2] in _IP else None


def _typed(at: int, behind: int) -> Callable[[bytes], Carried | None]:
    """Return what reads a link that has the type at one place and what is of it at another."""

    def read(packet: bytes) -> Carried | None:
        return ETHERNET, _ADDRESSES + packet[at : at + 2] + packet[behind:]

    return read


def _snapped(at: int) -> Callable[[bytes], Carried | None]:
    """Return what reads a link whose packets go on with a logical link control, as IEEE 802 has it."""

    def read(packet: bytes) -> Carried | None:
        if packet[at : at + 3] != _SNAP:
            return None
        return ETHERNET, _ADDRESSES + packet[at + 6 :]

    return read


def _raw(at: int) -> Callable[[bytes], Carried | None]:
    """Return what reads a link that has IP at a place."""
    return lambda packet: (RAW, packet[at:])


def _frame_relay(packet: bytes) -> Carried | None:
    """RFC 2427: two bytes of address, a control byte, and a number of the protocol, or SNAP."""
    if packet[3] in (0xCC, 0x8E):
        return RAW, packet[4:]
    return (ETHERNET, _ADDRESSES + packet[8:]) if packet[3:5] == b"\0\x80" else None


def _filtered(packet: bytes) -> Carried | None:
    """OpenBSD's packet filter: how long its header is stands first, without what fills it up."""
    return RAW, packet[packet[0] + 3 & ~3 :]


def _logged(packet: bytes) -> Carried | None:
    """Netfilter's log: values, each with its size and number in the order of who wrote it."""
    at = 4
    while at + 4 <= len(packet):
        little, big = (struct.unpack_from(order + "2H", packet, at) for order in "<>")
        size, kind = little if little[1] < 256 else big
        if kind & 0x7FFF == _PAYLOAD:
            return RAW, packet[at + 4 : at + size]
        at += max(size + 3 & ~3, 4)
    return None


def _informed(packet: bytes) -> Carried | None:
    """Per-packet information: a header of some length tells the link type."""
    size, link = struct.unpack_from("<2xHI", packet)
    return link, packet[size:]


def _tapped(packet: bytes) -> Carried | None:
    """macOS: a header of some length tells the link type."""
    size, link = struct.unpack_from("<I4xI", packet)
    return link, packet[size:]


def _juniper(packet: bytes) -> Carried | None:
    """Juniper's Ethernet: a mark, flags, and extensions of some length if a flag says so."""
    if packet[:3] != b"MGC":
        return None
    at = 4
    if packet[3] & _EXTENSIONS:
        at += 2 + struct.unpack_from(">H", packet, 4)[0]
    return ETHERNET, packet[at:]


def _wireless(packet: bytes) -> Carried | None:
    """AVS: how long its header is stands second."""
    return RADIO, packet[struct.unpack_from(">4xI", packet)[0] :]


_LINKS: dict[int, Callable[[bytes], Carried | None]] = {
    10: _snapped(13),  # FDDI
    100: _snapped(0),  # RFC 1483 over ATM
    104: _typed(2, 4),  # Cisco HDLC
    107: _frame_relay,
    109: _raw(12),  # OpenBSD's encapsulation
    117: _filtered,
    163: _wireless,
    178: _juniper,
    192: _informed,
    226: _raw(24),  # Solaris
    239: _logged,
    242: _typed(40, 44),  # InfiniBand
    149: _tapped,  # as macOS numbers it too
    258: _tapped,
}
