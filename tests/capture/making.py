"""Packets and captures, byte by byte, for tests that read them."""

from __future__ import annotations

import hmac
import json
import struct
from collections.abc import Iterable, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from scanner.capture.packets import packets_of
from scanner.capture.reading import Reader, records

START = 1_795_226_400_000_000_000  # nanoseconds: 2026-11-21T02:00:00Z
ETHERNET, RAW = 1, 101
CLIENT, SERVER = "10.0.0.7", "203.0.113.9"
CLIENT_6, SERVER_6 = "2001:db8::7", "2001:db8::9"
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16

Packet = tuple[int, int, bytes]
Told = list[dict[str, Any]]


def read(packets: Sequence[Packet | bytes], link: int = RAW, at_once: int = 1000) -> Told:
    """Return what packets show; those given as bytes follow each other by a millisecond."""
    given = [
        one if isinstance(one, tuple) else (START + number * 1_000_000, link, one)
        for number, one in enumerate(packets)
    ]
    reader, lines = Reader(), []
    for begin in range(0, len(given), at_once):
        lines += reader.read(packets_of(given[begin : begin + at_once], begin + 1))
    return [json.loads(line) for line in [*lines, *reader.end()]]


def read_file(path: Path) -> Told:
    """Return what a capture shows."""
    return [json.loads(line) for lines in records(path) for line in lines.split(b"\n")]


def names(told: Iterable[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Return kind, client and name of each record."""
    return [(one["kind"], one["client"], one["host"]) for one in told if "host" in one]


def hosts(told: Iterable[dict[str, Any]]) -> list[str]:
    return [host for _, _, host in names(told)]


def counts(told: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Return how many packets were ignored or could not be decoded, and why."""
    return {one["why"]: one["packets"] for one in told if "why" in one}


def packets_told(told: Iterable[dict[str, Any]]) -> int:
    """Return how many packets an account accounts for."""
    return sum(one.get("packets", 1) for one in told if one.get("kind") != "noted")


def ip(content: bytes, protocol: int, source: str = CLIENT, target: str = SERVER) -> bytes:
    """Return an IP packet, of the version of its addresses."""
    ends = ip_address(source).packed + ip_address(target).packed
    if ":" in source:
        return struct.pack(">IHBB", 6 << 28, len(content), protocol, 64) + ends + content
    size = 20 + len(content)
    return struct.pack(">BBHHHBBH", 0x45, 0, size, 7, 0x4000, 64, protocol, 0) + ends + content


def udp(
    content: bytes, port: int = 53, own: int = 40_001, source: str = CLIENT, target: str = SERVER
) -> bytes:
    """Return a datagram from a client."""
    return ip(struct.pack(">4H", own, port, 8 + len(content), 0) + content, 17, source, target)


def udp_back(content: bytes, port: int = 53, own: int = 40_001) -> bytes:
    """Return a datagram to the client."""
    return udp(content, own, port, SERVER, CLIENT)


def tcp(
    content: bytes,
    sequence: int = 1,
    flags: int = PSH | ACK,
    port: int = 443,
    own: int = 50_001,
    source: str = CLIENT,
    target: str = SERVER,
) -> bytes:
    """Return a segment from a client."""
    head = struct.pack(">2H2I2B3H", own, port, sequence & 0xFFFFFFFF, 1, 0x50, flags, 64_000, 0, 0)
    return ip(head + content, 6, source, target)


def tcp_back(content: bytes, sequence: int = 1, flags: int = PSH | ACK, port: int = 443) -> bytes:
    """Return a segment to the client."""
    return tcp(content, sequence, flags, 50_001, port, SERVER, CLIENT)


def opening(begin: int = 0, **which: Any) -> bytes:
    """Return the first segment of a connection whose stream begins at ``begin`` + 1."""
    return tcp(b"", begin, SYN, **which)


def ethernet(packet: bytes, tags: Sequence[int] = ()) -> bytes:
    """Return a frame with a packet, behind VLAN tags."""
    kind = b"\x86\xdd" if packet[0] >> 4 == 6 else b"\x08\0"
    between = b"".join(struct.pack(">2H", tag, 7) for tag in tags)
    return bytes(12) + between + kind + packet


def dns_name(host: str) -> bytes:
    labels = [label.encode("latin-1") for label in host.split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def dns(
    host: str,
    kind: int = 1,
    number: int = 77,
    flags: int = 0x0100,
    answers: Sequence[bytes] = (),
    more: bytes = b"",
) -> bytes:
    """Return a DNS message with one question."""
    head = struct.pack(">6H", number, flags, 1, len(answers), 0, bool(more))
    return head + dns_name(host) + struct.pack(">2H", kind, 1) + b"".join(answers) + more


def dns_answer(host: str, answers: Sequence[bytes] = (), code: int = 0, **which: Any) -> bytes:
    return dns(host, flags=0x8180 | code, answers=answers, **which)


def row(kind: int, data: bytes, owner: bytes = b"\xc0\x0c") -> bytes:
    """Return a record of an answer."""
    return owner + struct.pack(">2HIH", kind, 1, 60, len(data)) + data


def server_name(name: bytes) -> bytes:
    return struct.pack(">HHHBH", 0, len(name) + 5, len(name) + 3, 0, len(name)) + name


def alpn(*protocols: bytes) -> bytes:
    listed = b"".join(bytes([len(one)]) + one for one in protocols)
    return struct.pack(">3H", 16, len(listed) + 2, len(listed)) + listed


def padding(size: int) -> bytes:
    return struct.pack(">2H", 21, size) + bytes(size)


def hello(name: str | None = "claude.ai", *extensions: bytes) -> bytes:
    """Return a ClientHello as the handshake message that it is."""
    given = [*extensions, *([server_name(name.encode())] if name is not None else [])]
    joined = b"".join(given)
    body = b"\3\3" + bytes(32) + b"\x20" + bytes(32) + b"\0\4\x13\1\x13\2" + b"\1\0"
    body += struct.pack(">H", len(joined)) + joined
    return b"\1" + len(body).to_bytes(3, "big") + body


def tls(message: bytes, most: int = 1 << 14) -> bytes:
    """Return a handshake message in TLS records of ``most`` bytes."""
    pieces = [message[at : at + most] for at in range(0, len(message), most)]
    return b"".join(b"\x16\3\1" + struct.pack(">H", len(one)) + one for one in pieces)


def dtls(
    message: bytes,
    cookie: bytes = b"",
    number: int = 0,
    most: int = 1400,
    version: bytes = b"\xfe\xfd",
) -> list[bytes]:
    """Return a ClientHello, or another message, as DTLS has it: in datagrams of so many bytes of it."""
    body = message[4:]
    if message[:1] == b"\1":
        behind = 35 + body[34]
        body = version + body[2:behind] + bytes([len(cookie)]) + cookie + body[behind:]
    made = []
    for at in range(0, len(body), most):
        piece = body[at : at + most]
        head = message[:1] + len(body).to_bytes(3, "big") + struct.pack(">H", number)
        head += at.to_bytes(3, "big") + len(piece).to_bytes(3, "big")
        record = struct.pack(">HIH", 0, at, len(head + piece))
        made.append(b"\x16" + version + bytes(2) + record + head + piece)
    return made


def pcap(
    packets: Sequence[bytes], link: int = ETHERNET, order: str = "<", magic: int = 0xA1B2C3D4
) -> bytes:
    """Return a capture; the packets follow each other by a millisecond."""
    parts = 1_000_000 if magic == 0xA1B23C4D else 1000
    file = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 262_144, link)
    for number, packet in enumerate(packets):
        size = len(packet)
        file += struct.pack(order + "4I", START // 10**9, number * parts, size, size)
        file += bytes(8) if magic == 0xA1B2CD34 else b""
        file += packet
    return file


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    """Return a block of pcapng."""
    body += bytes(-len(body) % 4)
    size = struct.pack(order + "I", 12 + len(body))
    return struct.pack(order + "I", kind) + size + body + size


def section(order: str = "<") -> bytes:
    return block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1), order)


def interface(
    link: int = ETHERNET, order: str = "<", options: bytes = b"", most: int = 262_144
) -> bytes:
    return block(1, struct.pack(order + "HHI", link, 0, most) + options, order)


def packet_block(packet: bytes, ticks: int, which: int = 0, order: str = "<") -> bytes:
    size = len(packet)
    head = struct.pack(order + "5I", which, ticks >> 32, ticks & 0xFFFFFFFF, size, size)
    return block(6, head + packet, order)


SALTS = {
    "v1": (1, "38762cf7f55934b34d179ae6a4c80cadccbb7f0a", "quic"),
    "v2": (0x6B3343CF, "0dede3def700a6db819381be6e269dcbf9bd2ed9", "quicv2"),
    "draft 23": (0xFF000017, "c3eef712c72ebb5a11a7d2432bb46365bef9f502", "quic"),
    "draft 27": (0xFF00001B, "c3eef712c72ebb5a11a7d2432bb46365bef9f502", "quic"),
    "draft 29": (0xFF00001D, "afbfec289993d24c9e9786f19c6111e04390a899", "quic"),
    "draft 32": (0xFF000020, "afbfec289993d24c9e9786f19c6111e04390a899", "quic"),
    "draft 34": (0xFF000022, "38762cf7f55934b34d179ae6a4c80cadccbb7f0a", "quic"),
}


def quic(
    frames: bytes,
    version: str = "v1",
    target: bytes = b"\x83\x94\xc8\xf0\x3e\x51\x57\x08",
    number: int = 0,
    size: int = 1200,
    keys_of: bytes | None = None,
) -> bytes:
    """Return an Initial packet of a client, protected as RFC 9001 (5) has it."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    code, salt, label = SALTS[version]
    secret = hmac.digest(bytes.fromhex(salt), keys_of or target, "sha256")
    secret = _expand(secret, "client in", 32)
    key, iv, header = (
        _expand(secret, f"{label} {what}", many)
        for what, many in (("key", 16), ("iv", 12), ("hp", 16))
    )
    kind = 1 if version == "v2" else 0
    begun = struct.pack(">BI", 0xC0 | kind << 4 | 3, code) + bytes([len(target)]) + target
    begun += b"\0\0"  # no source identifier, no token
    frames += bytes(max(0, size - len(begun) - 2 - 4 - len(frames) - 16))
    head = begun + struct.pack(">H", 0x4000 | 4 + len(frames) + 16) + struct.pack(">I", number)
    nonce = int.from_bytes(iv, "big") ^ number
    sealed = AESGCM(key).encrypt(nonce.to_bytes(12, "big"), frames, head)
    encryptor = Cipher(algorithms.AES(header), modes.ECB()).encryptor()
    mask = encryptor.update(sealed[:16])
    hidden = bytes(one ^ other for one, other in zip(head[-4:], mask[1:5], strict=True))
    return bytes([head[0] ^ mask[0] & 0x0F]) + head[1:-4] + hidden + sealed


def crypto(content: bytes, at: int = 0) -> bytes:
    """Return a frame with a piece of the handshake."""
    return b"\x06" + struct.pack(">2H", 0x4000 | at, 0x4000 | len(content)) + content


def _expand(secret: bytes, label: str, size: int) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

    named = b"tls13 " + label.encode()
    info = struct.pack(">HB", size, len(named)) + named + b"\0"
    return HKDFExpand(SHA256(), size, info).derive(secret)
