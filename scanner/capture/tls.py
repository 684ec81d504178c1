"""The first message of a TLS connection: which name it asks for.

Reference: RFC 8446 (4.1.2), RFC 6066 (3), RFC 7301, RFC 9849 (encrypted ClientHello).
"""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import NamedTuple

_HANDSHAKE, _CLIENT_HELLO = 22, 1
_SERVER_NAME, _ALPN, _ECH, _ESNI = 0, 16, 0xFE0D, 0xFFCE
_HOST_NAME = 0
_LONGEST_NAME = 255
# A hello with keys for every algorithm stays far below this.
LARGEST = 1 << 16
_pair = struct.Struct(">2H").unpack_from
# Of a record and of the handshake message in it: the size of one, type and length of the other.
_heads, _HEADS = struct.Struct(">3xHBBH").unpack_from, 9
LARGEST_RECORD = (1 << 14) + 2048


class Hello(NamedTuple):
    """A ClientHello: the name that it asks for in the clear, if any, and its protocols.

    ``ech`` tells that it offers an encrypted name beside it, or seems to.
    """

    name: str | None
    alpn: tuple[str, ...] = ()
    ech: bool = False


class NotTlsError(Exception):
    """Bytes do not begin with a ClientHello."""


def looks_like_one(begun: bytes) -> bool:
    """Whether a stream that begins so may be one that begins with a ClientHello."""
    return (
        begun[0] == _HANDSHAKE
        and begun[1:2] in (b"", b"\3")
        and begun[2:3] in (b"", b"\0", b"\1", b"\2", b"\3", b"\4")
        and begun[5:6] in (b"", b"\1")
    )


def hello(stream: bytes, is_cut: bool = False) -> Hello | None:
    """Return the ClientHello that a stream of TLS records begins with; None if it goes on.

    ``is_cut`` says that nothing more will come: then what is there is read. Raises NotTlsError.
    """
    if len(stream) >= _HEADS:
        size, kind, high, low = _heads(stream)
        length = high << 16 | low
        if kind == _CLIENT_HELLO and length + 4 <= size <= len(stream) - 5:
            return handshake(stream[5 : 9 + length])  # the usual: one record that holds all of it
    messages, is_open = _joined(stream)
    length = int.from_bytes(messages[1:4], "big")
    if messages[:1] not in (b"", b"\1") or length > LARGEST:
        raise NotTlsError("no ClientHello, or one that is too long")
    if is_cut or 4 <= len(messages) >= length + 4:
        return handshake(messages[: 4 + length])
    if not is_open:
        raise NotTlsError("a ClientHello that is broken off")
    return None


def _joined(stream: bytes) -> tuple[bytes, bool]:
    """Return what handshake records hold together, and whether more may follow."""
    messages, at = bytearray(), 0
    while at + 5 <= len(stream):
        size = int.from_bytes(stream[at + 3 : at + 5], "big")
        if stream[at] != _HANDSHAKE or stream[at + 1] != 3 or not 0 < size <= LARGEST_RECORD:
            return bytes(messages), False
        messages += stream[at + 5 : at + 5 + size]
        at += 5 + size
    return bytes(messages), True


def handshake(message: bytes) -> Hello:
    """Return what a ClientHello says; of one that is cut, what stands before the cut.

    Raises NotTlsError where it cannot be one.
    """
    if message[:1] != b"\1" or message[4:5] != b"\3":
        raise NotTlsError("no ClientHello")
    try:
        at = 38 + 1 + message[38]  # type, length, version, random; then the session's id
        at += 2 + int.from_bytes(message[at : at + 2], "big")
        at += 1 + message[at]
    except IndexError:
        return Hello(None)
    return _extensions(message, at + 2)


def _extensions(message: bytes, at: int) -> Hello:
    name: str | None = None
    alpn: tuple[str, ...] = ()
    ech, last = False, len(message) - 4
    while at <= last:
        kind, size = _pair(message, at)
        at += 4
        if kind == _SERVER_NAME:
            name = name or _server_name(message[at : at + size])
        elif kind == _ALPN:
            alpn = _protocols(message[at : at + size])
        elif kind in (_ECH, _ESNI):
            ech = True
        at += size
    return Hello(name, alpn, ech)


@lru_cache(maxsize=4096)
def _server_name(body: bytes) -> str | None:
    at = 2
    while at + 3 <= len(body):
        size = int.from_bytes(body[at + 1 : at + 3], "big")
        name = body[at + 3 : at + 3 + size]
        if body[at] == _HOST_NAME:
            return text(name) if len(name) == size else None
        at += 3 + size
    return None


def text(name: bytes) -> str | None:
    """Return a name as text; None if it cannot be a host's."""
    if not 0 < len(name) <= _LONGEST_NAME or min(name) <= 0x20 or 0x7F in name:
        return None
    return name.decode("utf-8", "backslashreplace")


@lru_cache(maxsize=256)
def _protocols(body: bytes) -> tuple[str, ...]:
    found: list[str] = []
    at = 2
    while at < len(body) and len(found) < 16:
        found.append(body[at + 1 : at + 1 + body[at]].decode("ascii", "backslashreplace"))
        at += 1 + body[at]
    return tuple(found)
