"""The ClientHello of a QUIC connection, out of Initial packets that anybody can decrypt.

Their keys follow from an identifier that stands in the packet itself, and from a number that
belongs to the version. References: RFC 9000 (17.2), RFC 9001 (5), RFC 9369, and their drafts.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from scanner.capture.streams import Stream
from scanner.capture.tls import LARGEST, Hello, NotTlsError, handshake, text

_SALTS = {
    "draft 22": "7fbcdb0e7c66bbe9193a96cd21519ebd7a02644a",
    "draft 23": "c3eef712c72ebb5a11a7d2432bb46365bef9f502",
    "draft 29": "afbfec289993d24c9e9786f19c6111e04390a899",
    "1": "38762cf7f55934b34d179ae6a4c80cadccbb7f0a",
    "2": "0dede3def700a6db819381be6e269dcbf9bd2ed9",
    "Q050": "504574efd066fe2f9d945cfcdbd3a7f0d3b56b45",
    "T050": "7ff579e5acd072915580304c43a2367c60488310",
    "T051": "7a4edef4e7ccee5fa4506c19124fc8ccda6e033d",
}
_VERSION_1, _VERSION_2 = 0x00000001, 0x6B3343CF
_DRAFTS = 0xFF000000
# Facebook's own versions follow a draft each.
_OTHERS = {
    _VERSION_1: "1",
    _VERSION_2: "2",
    0x51303530: "Q050",
    0x54303530: "T050",
    0x54303531: "T051",
    0xFACEB001: "draft 22",
    0xFACEB002: "draft 23",
    0xFACEB00E: "draft 23",
}
_GOOGLE_WITHIN = 64
_LONG, _FIXED = 0x80, 0x40
_PADDING, _PING, _ACK, _ACK_ECN = 0, 1, 2, 3
_CRYPTO = (6, 8)  # 8 is Google's
# Versions that are there to be refused, so that peers negotiate; a client takes what keys it likes.
_GREASE = 0x0A0A0A0A
_MOST_KEYS = 4
_MOST_PACKETS = 64
_TAG = 16


class NotQuicError(Exception):
    """A datagram holds nothing that can be read of a client's greeting."""


class _Keys(NamedTuple):
    """What protects the Initial packets that a client sends."""

    key: bytes
    iv: bytes
    header: bytes


class _Initial(NamedTuple):
    """An Initial packet as it is found in a datagram, still encrypted."""

    version: int
    target: bytes  # the destination's connection identifier
    raw: bytes
    number_at: int


def salts_of(version: int) -> tuple[str, ...]:
    """Return the names of the salts that a version of QUIC may use; none if it is not known."""
    if version in _OTHERS:
        return (_OTHERS[version],)
    if version & 0x0F0F0F0F == _GREASE:
        return ("1", "draft 29")
    draft = version & 0xFF
    if version >> 8 != _DRAFTS >> 8:
        return ()
    if draft <= 22:
        return ("draft 22",)
    return ("draft 23" if draft <= 28 else "draft 29" if draft <= 32 else "1",)


def initial_type(version: int) -> int:
    """Return which type of long header the Initial packets of a version have."""
    return 1 if version == _VERSION_2 else 0


class Greeting:
    """What a client says first, collected from datagrams."""

    __slots__ = ("_keys", "_packets", "_stream")

    def __init__(self) -> None:
        self._stream = Stream(0)
        self._keys: list[_Keys] = []
        self._packets = 0

    def add(self, datagram: bytes) -> Hello | None:
        """Add a datagram that the client may have sent; returns the hello when it is whole.

        Raises NotQuicError, or NotTlsError.
        """
        self._packets += 1
        if self._packets > _MOST_PACKETS:
            raise NotQuicError("no hello in many packets")
        if b"CHLO" in datagram:
            return google_hello(datagram)
        contents = [self._decrypted(one) for one in _initials(datagram)]
        opened = [one for one in contents if one is not None]
        if not opened:
            raise NotQuicError("no packet that a client's keys open")
        for content in opened:
            if content.find(b"CHLO", 0, _GOOGLE_WITHIN) >= 0:
                return google_hello(content)
            for offset, piece in _crypto(content):
                self._stream.add(offset, piece)
        return self._hello()

    def _hello(self) -> Hello | None:
        ready = self._stream.ready
        size = int.from_bytes(ready[1:4], "big")
        if ready[:1] not in (b"", b"\1") or size > LARGEST:
            raise NotTlsError("no ClientHello, or one that is too long")
        return handshake(ready[: size + 4]) if 4 <= len(ready) >= size + 4 else None

    def _decrypted(self, initial: _Initial) -> bytes | None:
        """Return the content of a packet; a client keeps its first keys, save after a Retry."""
        fresh = [_keys(salt, initial.target) for salt in salts_of(initial.version)]
        for one in (*self._keys, *(keys for keys in fresh if keys not in self._keys)):
            content = _opened(initial, one)
            if content is not None:
                if one not in self._keys and len(self._keys) < _MOST_KEYS:
                    self._keys.append(one)
                return content
        return None


def _initials(datagram: bytes) -> Iterator[_Initial]:
    """Yield the Initial packets of a datagram; packets of other types may lie beside them."""
    at = 0
    while at + 7 < len(datagram) and datagram[at] & _LONG:
        version = int.from_bytes(datagram[at + 1 : at + 5], "big")
        begin, at = at, at + 5
        try:
            target = datagram[at + 1 : at + 1 + datagram[at]]
            at += 1 + len(target)
            at += 1 + datagram[at]
            is_initial = datagram[begin] >> 4 & 3 == initial_type(version)
            if is_initial:
                size, at = _number(datagram, at)
                at += size
            size, at = _number(datagram, at)
        except IndexError:
            return
        if is_initial and len(target) <= 20:
            yield _Initial(version, target, datagram[begin : at + size], at - begin)
        at += size


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Return the number of 1, 2, 4 or 8 bytes at a place, and where it ends."""
    size = 1 << (data[at] >> 6)
    value = data[at] & 0x3F
    for byte in range(at + 1, at + size):
        value = value << 8 | data[byte]
    return value, at + size


@lru_cache(maxsize=4096)
def _keys(salt: str, target: bytes) -> _Keys:
    initial = hmac.digest(bytes.fromhex(_SALTS[salt]), target, "sha256")
    secret = _expanded(initial, b"client in", 32)
    label = b"quicv2 " if salt == "2" else b"quic "
    return _Keys(
        _expanded(secret, label + b"key", 16),
        _expanded(secret, label + b"iv", 12),
        _expanded(secret, label + b"hp", 16),
    )


def _expanded(secret: bytes, label: bytes, size: int) -> bytes:
    """Return HKDF-Expand-Label of TLS 1.3 for up to 32 bytes: one round of it."""
    label = b"tls13 " + label
    info = size.to_bytes(2, "big") + bytes([len(label)]) + label + b"\0\1"
    return hmac.digest(secret, info, "sha256")[:size]


def _opened(initial: _Initial, keys: _Keys) -> bytes | None:
    """Return what a packet holds; None if these are not its keys."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    raw, at = initial.raw, initial.number_at
    if len(raw) < at + 4 + _TAG:
        return None
    # It protects one block with a key of its own, as RFC 9001 (5.4.3) has it; no mode is chosen here.
    cipher = Cipher(algorithms.AES(keys.header), modes.ECB())  # noqa: S305
    mask = cipher.encryptor().update(raw[at + 4 : at + 20])
    first = raw[0] ^ mask[0] & 0x0F
    size = (first & 3) + 1
    number = bytes(one ^ other for one, other in zip(raw[at : at + size], mask[1:], strict=False))
    nonce = int.from_bytes(keys.iv, "big") ^ int.from_bytes(number, "big")
    head = bytes([first]) + raw[1:at] + number
    try:
        return AESGCM(keys.key).decrypt(nonce.to_bytes(12, "big"), raw[at + size :], head)
    except InvalidTag:
        return None


def _crypto(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the pieces of the handshake that a packet holds, each with its place."""
    at = 0
    try:
        while at < len(content):
            kind = content[at]
            at += 1
            if kind in (_ACK, _ACK_ECN):
                at = _behind_ack(content, at, kind)
            elif kind in _CRYPTO:
                offset, at = _number(content, at)
                size, at = _number(content, at)
                yield offset, content[at : at + size]
                at += size
            elif kind not in (_PADDING, _PING):
                return
    except IndexError:
        return


def _behind_ack(content: bytes, at: int, kind: int) -> int:
    for _ in range(2):
        _, at = _number(content, at)
    count, at = _number(content, at)
    for _ in range(1 + 2 * min(count, len(content)) + (3 if kind == _ACK_ECN else 0)):
        _, at = _number(content, at)
    return at


def google_hello(content: bytes) -> Hello | None:
    """Return the greeting of Google's QUIC, which is no TLS: tagged values behind the word CHLO."""
    begin = content.find(b"CHLO")
    if begin < 0:
        return None
    count = int.from_bytes(content[begin + 4 : begin + 6], "little")
    values, before = begin + 8 + 8 * count, 0
    for at in range(begin + 8, min(values, len(content) - 8), 8):
        end = int.from_bytes(content[at + 4 : at + 8], "little")
        if content[at : at + 4] == b"SNI\0":
            return Hello(text(content[values + before : values + end]))
        before = end
    return Hello(None)
