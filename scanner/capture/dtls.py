"""The ClientHello of a DTLS connection: TLS over datagrams, as VPNs and calls use it.

Each piece says which message it is of and where in it. Reference: RFC 6347 (4.1, 4.2).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from scanner.capture.streams import Stream
from scanner.capture.tls import LARGEST, Hello, NotTlsError, handshake

MARK = 0x16FE  # a handshake record, and how every version begins: 1.0 is FEFF, 1.2 is FEFD
LEAST = 25  # the headers of a record, and of a message
TYPE_AT = 13  # where the type of the message stands
_HANDSHAKE, _CLIENT_HELLO = 22, 1
_record = struct.Struct(">B10xH").unpack_from
_piece = struct.Struct(">4sH").unpack_from
_MOST_PIECES = 64


class Greeting:
    """What a client says first, collected from datagrams."""

    __slots__ = ("_number", "_pieces", "_size", "_stream")

    def __init__(self) -> None:
        self._stream = Stream(0)
        self._size = self._number = -1
        self._pieces = 0

    def add(self, datagram: bytes) -> Hello | None:
        """Add a datagram that the client may have sent; returns the hello when it is whole.

        Raises NotTlsError.
        """
        for size, number, at, piece in _hello_pieces(datagram):
            if self._size < 0:
                self._size, self._number = size, number
            if (size, number) == (self._size, self._number):
                self._stream.add(at, piece)
        self._pieces += 1
        if not 0 < self._size <= LARGEST or self._pieces > _MOST_PIECES:
            raise NotTlsError("no ClientHello, or one that is too long")
        body = self._stream.ready
        return handshake(_as_tls(body)) if len(body) >= self._size else None


def _hello_pieces(datagram: bytes) -> Iterator[tuple[int, int, int, bytes]]:
    """Yield the pieces of ClientHellos: how long the whole is, its number, and the piece with its place."""
    at = 0
    while at + LEAST <= len(datagram) and datagram[at] == _HANDSHAKE:
        _, length = _record(datagram, at)
        (head, number), begin = _piece(datagram, at + 13), at + 25
        if head[0] == _CLIENT_HELLO:
            place = int.from_bytes(datagram[at + 19 : at + 22], "big")
            size = int.from_bytes(datagram[at + 22 : at + 25], "big")
            yield int.from_bytes(head[1:], "big"), number, place, datagram[begin : begin + size]
        at += 13 + length


def _as_tls(body: bytes) -> bytes:
    """Return the message as TLS has it: of another version, and without the cookie."""
    try:
        cookie = 35 + body[34]
        behind = cookie + 1 + body[cookie]
    except IndexError as error:
        raise NotTlsError("a ClientHello that is broken off") from error
    whole = b"\3\3" + body[2:cookie] + body[behind:]
    return b"\1" + len(whole).to_bytes(3, "big") + whole
