"""IP packets with everything put aside that stands between the addresses and TCP or UDP.

Fragments are put together, extension headers and tunnels of IP in IP taken off. What is kept for
packets that are not complete yet is bounded.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

_TCP, _UDP = 6, 17
_IN_IP = (4, 41)
_FRAGMENT, _AUTHENTICATION = 44, 51
# Hop-by-hop options, routing, destination options, mobility, host identity, shim6.
_EXTENSIONS = (0, 43, 60, 135, 139, 140)
_MOST_LAYERS = 10
_MOST_PACKETS = 2_000
_MOST_BYTES = 16 << 20
_LARGEST = 0xFFFF
_MOST_PIECES = 200


@dataclass(slots=True)
class _Pieces:
    """The fragments of one packet that were seen; where they overlap, what came first stays."""

    known: dict[int, bytes] = field(default_factory=dict)
    size: int = -1  # known when the last fragment was seen
    held: int = 0

    def add(self, at: int, piece: bytes, is_last: bool) -> bytes | None:
        """Add a fragment; returns the whole when nothing is missing any more."""
        if is_last and self.size < 0:
            self.size = at + len(piece)
        if at not in self.known and len(self.known) < _MOST_PIECES:
            self.known[at] = piece
            self.held += len(piece)
        return self._whole() if 0 <= self.size <= self.held else None

    def _whole(self) -> bytes | None:
        end = 0
        for at in sorted(self.known):
            if at > end:
                return None
            end = max(end, at + len(self.known[at]))
        whole = bytearray(end)
        for at, piece in reversed(self.known.items()):
            whole[at : at + len(piece)] = piece
        return bytes(whole[: self.size]) if end >= self.size else None


class Plain:
    """Makes plain IP packets of others; ``ignored`` counts what cannot become one (yet)."""

    def __init__(self) -> None:
        self.dropped = 0  # fragments of packets that never became whole
        self._waiting: dict[bytes, _Pieces] = {}
        self._held = 0

    def packet(self, raw: bytes) -> bytes | str:
        """Return a packet with one header and then TCP, UDP or what is neither; or why there is none."""
        for _ in range(_MOST_LAYERS):
            version = raw[0] >> 4 if raw else 0
            if version == 4 and len(raw) >= 20:
                header, protocol, inner = self._version_4(raw)
                missing = struct.unpack_from(">H", raw, 2)[0] - len(raw)
            elif version == 6 and len(raw) >= 40:
                header, protocol, inner = self._version_6(raw)
                missing = 40 + struct.unpack_from(">H", raw, 4)[0] - len(raw)
            else:
                return BROKEN
            if inner is None:
                return FRAGMENT
            if protocol not in _IN_IP:
                return _rebuilt(header, protocol, inner, max(missing, 0))
            raw = inner
        return DEEP

    # Of a packet whose first fragment the capture cut, nobody can make a whole: that fragment is
    # all there is, and what it begins with is read.

    def _version_4(self, raw: bytes) -> tuple[bytes, int, bytes | None]:
        size, total = (raw[0] & 15) * 4, struct.unpack_from(">H", raw, 2)[0]
        inner = raw[size : total or len(raw)]
        flags = struct.unpack_from(">H", raw, 6)[0]
        protocol = raw[9]
        if flags & 0x3FFF and (flags & 0x1FFF or total <= len(raw)):
            key = raw[12:20] + raw[4:6] + raw[9:10]
            return raw[:20], protocol, self._joined(key, (flags & 0x1FFF) * 8, inner, flags >> 13)
        return raw[:20], protocol, inner

    def _version_6(self, raw: bytes) -> tuple[bytes, int, bytes | None]:
        size, protocol = struct.unpack_from(">HB", raw, 4)
        at, end = 40, min(40 + size if size else len(raw), len(raw))
        for _ in range(_MOST_LAYERS):
            if at + 8 > end:
                break
            if protocol == _FRAGMENT:
                protocol, flags = raw[at], struct.unpack_from(">H", raw, at + 2)[0]
                key = raw[8:40] + raw[at + 4 : at + 8]
                inner = raw[at + 8 : end]
                if flags & 0xFFF9 and (flags & 0xFFF8 or 40 + size <= len(raw)):
                    whole = self._joined(key, flags & 0xFFF8, inner, flags & 1)
                    return raw[:40], protocol, whole
                at += 8
            elif protocol in _EXTENSIONS:
                protocol, at = raw[at], at + (raw[at + 1] + 1) * 8
            elif protocol == _AUTHENTICATION:
                protocol, at = raw[at], at + (raw[at + 1] + 2) * 4
            else:
                break
        return raw[:40], protocol, raw[at:end]

    def _joined(self, key: bytes, at: int, piece: bytes, has_more: int) -> bytes | None:
        """Keep a fragment; returns the packet's content if this was the last one missing."""
        if at + len(piece) > _LARGEST or (not piece and has_more & 1):
            return None
        pieces = self._waiting.setdefault(key, _Pieces())
        before = pieces.held
        whole = pieces.add(at, piece, not has_more & 1)
        self._held += pieces.held - before
        if whole is not None:
            self._held -= self._waiting.pop(key).held
        while len(self._waiting) > _MOST_PACKETS or self._held > _MOST_BYTES:
            self._held -= self._waiting.pop(next(iter(self._waiting))).held
            self.dropped += 1
        return whole


BROKEN = "IP header that cannot be"
FRAGMENT = "fragment of a packet"
DEEP = "tunnels in too many tunnels"


def _rebuilt(header: bytes, protocol: int, inner: bytes, missing: int) -> bytes:
    """Return a packet whose header says nothing but addresses, protocol and length.

    ``missing`` bytes of it the capture cut: that still tells the end from where the rest was.
    """
    size = len(inner) + missing
    if len(header) == 20:
        fixed = b"\x45\0" + struct.pack(">H", min(20 + size, _LARGEST)) + bytes(4)
        return fixed + header[8:9] + bytes([protocol]) + header[10:20] + inner
    return header[:4] + struct.pack(">HB", min(size, _LARGEST), protocol) + header[7:40] + inner
