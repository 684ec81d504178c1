"""One packet for each way of carrying IP, and the link type that it is captured on."""

from __future__ import annotations

import struct

from tests.capture.making import CLIENT_6, SERVER_6, dns, ethernet, ip, udp

PLAIN = udp(dns("claude.ai"))
PLAIN_6 = udp(dns("claude.ai"), source=CLIENT_6, target=SERVER_6)
_FRAME = ethernet(PLAIN)
_SNAP = b"\xaa\xaa\3\0\0\0\x08\0"
_RADIO = bytes(2) + b"\x08\0" + bytes(4)
_DATA = b"\x08\1" + bytes(22)  # IEEE 802.11
_QOS = b"\x88\1" + bytes(24)


def _type(number: int, *pieces: bytes) -> bytes:
    return bytes(12) + struct.pack(">H", number) + b"".join(pieces)


def _gre(kind: int, content: bytes, flags: int = 0, options: bytes = b"") -> bytes:
    return ethernet(
        ip(struct.pack(">2H", flags, kind) + options + content, 47, "192.0.2.1", "192.0.2.2")
    )


def _in(port: int, *pieces: bytes) -> bytes:
    return ethernet(udp(b"".join(pieces), port, port, "192.0.2.1", "192.0.2.2"))


def _ppp(packet: bytes) -> bytes:
    return (b"\0\x57" if packet[0] >> 4 == 6 else b"\0\x21") + packet


WRAPPINGS: dict[str, tuple[int, bytes]] = {
    "Ethernet": (1, _FRAME),
    "VLAN tags": (1, ethernet(PLAIN_6, (0x88A8, 0x8100))),
    "SNAP": (1, bytes(12) + b"\0\x60" + _SNAP + PLAIN),
    "PPP over Ethernet": (
        1,
        _type(0x8864, b"\x11\0\0\1", struct.pack(">H", len(PLAIN) + 2), _ppp(PLAIN)),
    ),
    "MPLS": (1, _type(0x8847, b"\0\0\x50\x40\0\0\x71\x40", PLAIN)),
    "provider backbone": (1, _type(0x88E7, bytes(4), _FRAME)),
    "GRE": (1, _gre(0x0800, PLAIN)),
    "GRE, keyed": (1, _gre(0x86DD, PLAIN_6, 0x3000, bytes(8))),
    "GRE, Ethernet": (1, _gre(0x6558, _FRAME, 0x2000, b"\0\0\7\0")),
    "GRE, MPLS": (1, _gre(0x8847, b"\0\0\x51\x40" + PLAIN)),
    "PPTP": (
        1,
        _gre(0x880B, b"\xff\3" + _ppp(PLAIN), 0x3001, struct.pack(">HHI", len(PLAIN) + 4, 1, 0)),
    ),
    "ERSPAN 1": (1, _gre(0x88BE, _FRAME)),
    "ERSPAN 2": (1, _gre(0x88BE, b"\x10\7\0\0\0\0\0\0" + _FRAME, 0x1000, bytes(4))),
    "ERSPAN 3": (1, _gre(0x22EB, b"\x20\7\0\0" + bytes(8) + _FRAME, 0x1000, bytes(4))),
    "ERSPAN 3, longer": (
        1,
        _gre(0x22EB, b"\x20\7\0\0" + bytes(7) + b"\1" + bytes(8) + _FRAME, 0x1000, bytes(4)),
    ),
    "VXLAN": (1, _in(4789, b"\x08\0\0\0\0\0\7\0", _FRAME)),
    "VXLAN-GPE": (1, _in(4790, b"\x0c\0\0\3\0\0\7\0", _FRAME)),
    "VXLAN-GPE, IP": (1, _in(4790, b"\x0c\0\0\1\0\0\7\0", PLAIN)),
    "GENEVE": (1, _in(6081, b"\0\0\x65\x58\0\0\7\0", _FRAME)),
    "GENEVE, options": (1, _in(6081, b"\1\0\x65\x58\0\0\7\0\1\2\3\0", _FRAME)),
    "GTP": (1, _in(2152, b"\x30\xff", struct.pack(">H", len(PLAIN)), b"\0\0\0\1", PLAIN)),
    "GTP, extended": (
        1,
        _in(
            2152,
            b"\x34\xff",
            struct.pack(">H", len(PLAIN) + 8),
            b"\0\0\0\1\0\0\0\x85\1\0\0\0",
            PLAIN,
        ),
    ),
    "MPLS in UDP": (1, _in(6635, b"\0\0\x51\x40", PLAIN)),
    "GRE, Aruba": (1, _gre(0x8300, _DATA + _SNAP + PLAIN)),
    "GRE in UDP": (1, _in(4754, b"\0\0\x08\0", PLAIN)),
    "L2TP": (1, _in(1701, b"\0\2\0\1\0\1", b"\xff\3", _ppp(PLAIN))),
    "L2TP, with length": (
        1,
        _in(
            1701, b"\x40\2", struct.pack(">H", len(PLAIN) + 12), b"\0\1\0\1", b"\xff\3", _ppp(PLAIN)
        ),
    ),
    "Teredo": (1, _in(3544, PLAIN_6)),
    "Teredo, with origin": (1, _in(3544, bytes(8), PLAIN_6)),
    "CAPWAP": (1, _in(5247, b"\0\x10\2\0\0\0\0\0", _FRAME)),
    "CAPWAP, 802.11": (1, _in(5247, b"\0\x10\3\0\0\0\0\0", b"\1\x08" + bytes(22), _SNAP, PLAIN)),
    "IP in IP": (1, ethernet(ip(PLAIN, 4))),
    "IPv6 in IP": (1, ethernet(ip(PLAIN_6, 41))),
    "EtherIP": (1, ethernet(ip(b"\x30\0" + _FRAME, 97))),
    "MPLS in IP": (1, ethernet(ip(b"\0\0\x51\x40" + PLAIN, 137))),
    "loopback": (0, b"\2\0\0\0" + PLAIN),
    "loopback, IPv6": (108, b"\0\0\0\x1e" + PLAIN_6),
    "PPP": (9, b"\xff\3" + _ppp(PLAIN)),
    "PPP, HDLC": (50, b"\xff\3" + _ppp(PLAIN_6)),
    "PPPoE": (51, b"\x11\0\0\1" + struct.pack(">H", len(PLAIN) + 2) + _ppp(PLAIN)),
    "PPP, direction": (204, b"\1\xff\3" + _ppp(PLAIN)),
    "FDDI": (10, b"\x50" + bytes(12) + _SNAP + PLAIN),
    "ATM": (100, _SNAP + PLAIN),
    "raw": (101, PLAIN),
    "Cisco HDLC": (104, b"\x0f\0\x08\0" + PLAIN),
    "Cisco HDLC, IPv6": (104, b"\x0f\0\x86\xdd" + PLAIN_6),
    "802.11": (105, _DATA + _SNAP + PLAIN),
    "802.11, radio": (127, _RADIO + _DATA + _SNAP + PLAIN),
    "802.11, quality": (127, _RADIO + _QOS + _SNAP + PLAIN),
    "frame relay": (107, b"\x18\x41\3\xcc" + PLAIN),
    "OpenBSD's filter": (117, b"\x2d\2" + bytes(46) + PLAIN),
    "OpenBSD's encapsulation": (109, b"\2\0\0\0" + bytes(8) + PLAIN),
    "cooked": (113, bytes(14) + b"\x08\0" + PLAIN),
    "cooked, 2": (276, b"\x86\xdd" + bytes(18) + PLAIN_6),
    "per-packet information": (192, b"\0\0\x08\0" + struct.pack("<I", 1) + _FRAME),
    "per-packet information, radio": (
        192,
        b"\0\0\x08\0" + struct.pack("<I", 105) + _DATA + _SNAP + PLAIN,
    ),
    "Solaris": (226, b"\1\2\0\0" + struct.pack(">I", len(PLAIN)) + bytes(16) + PLAIN),
    "Netfilter": (
        239,
        b"\2\0\0\0" + b"\5\0\3\0x\0\0\0" + struct.pack("<2H", len(PLAIN) + 4, 9) + PLAIN,
    ),
    "IP over InfiniBand": (242, bytes(40) + b"\x08\0\0\0" + PLAIN),
    "macOS": (258, struct.pack("<3I", 108, 1, 1) + bytes(96) + _FRAME),
    "macOS, raw": (258, struct.pack("<3I", 108, 1, 101) + bytes(96) + PLAIN),
    "Ethernet, Juniper": (178, b"MGC\x80" + bytes(2) + _FRAME),
    "802.11, AVS": (163, struct.pack(">2I", 0x80211001, 64) + bytes(56) + _DATA + _SNAP + PLAIN),
}
