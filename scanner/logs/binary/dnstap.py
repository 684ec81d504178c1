"""dnstap: DNS messages as a name server saw them, in protobuf, framed by Frame Streams.

    {"type":"CLIENT_QUERY","client":"10.0.0.7","port":57042,"time":"1795226310.136000000","id":14219,"name":"api.openai.com","qtype":"A"}

Only what passes between a client and the server is told in full; of the rest, the type. A name is
written as in a zone file: odd bytes as ``\\032``, and no last dot.
Reference: https://github.com/dnstap/dnstap.pb/blob/master/dnstap.proto
"""

from __future__ import annotations

import ipaddress
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

import msgspec

from scanner.errors import SourceError
from scanner.logs.binary import Binary

_CONTENT = b"protobuf:dnstap.Dnstap"
_U32 = struct.Struct(">I")
_ACCEPT, _START, _STOP, _READY, _FINISH = 1, 2, 3, 4, 5
_LARGEST_CONTROL = 512
# Two DNS messages of 64 KiB, and what is said of them.
_LARGEST_FRAME = 1 << 18

_TYPES = [
    "AUTH_QUERY",
    "AUTH_RESPONSE",
    "RESOLVER_QUERY",
    "RESOLVER_RESPONSE",
    "CLIENT_QUERY",
    "CLIENT_RESPONSE",
    "FORWARDER_QUERY",
    "FORWARDER_RESPONSE",
    "STUB_QUERY",
    "STUB_RESPONSE",
    "TOOL_QUERY",
    "TOOL_RESPONSE",
    "UPDATE_QUERY",
    "UPDATE_RESPONSE",
]
_POLICIES = ("NXDOMAIN", "NODATA", "PASS", "DROP", "TRUNCATE", "LOCAL_DATA")
_RCODES = [
    "NOERROR",
    "FORMERR",
    "SERVFAIL",
    "NXDOMAIN",
    "NOTIMP",
    "REFUSED",
    "YXDOMAIN",
    "YXRRSET",
    "NXRRSET",
    "NOTAUTH",
    "NOTZONE",
]
_QTYPES = {
    1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 12: "PTR", 15: "MX", 16: "TXT", 28: "AAAA", 33: "SRV",
    35: "NAPTR", 43: "DS", 46: "RRSIG", 48: "DNSKEY", 64: "SVCB", 65: "HTTPS", 255: "ANY",
}  # fmt: skip
_ADDRESS_SIZES = {1: 4, 28: 16}
_MOST_ANSWERS = 32

# Bytes that stand for themselves in a label.
_PLAIN = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

# What a protobuf message holds: a number or bytes by the number of the field.
_Fields = dict[int, int | bytes]


class _DamagedError(Exception):
    """A frame is not what its place says, in words."""


class _Question(NamedTuple):
    """The head and the question of a DNS message, and where its answers begin."""

    id: int
    rcode: int
    answers: int
    name: str
    qtype: int
    end: int


def is_it(head: bytes) -> bool:
    """Whether a file begins with the control frame that opens Frame Streams."""
    if len(head) < 12 or head[:4] != bytes(4):
        return False
    size, kind = _U32.unpack_from(head, 4)[0], _U32.unpack_from(head, 8)[0]
    return 4 <= size <= _LARGEST_CONTROL and kind in (_ACCEPT, _START, _READY)


def records(path: Path) -> Iterator[bytes]:
    """Yield the messages in the order of the file; times are seconds since 1970, as text."""
    encode = msgspec.json.Encoder().encode
    try:
        with path.open("rb") as file:
            for frame in _frames(file):
                yield encode(frame)
    except OSError as error:
        raise SourceError(f"reading failed: {error.strerror or error}") from error


def _frames(file: IO[bytes]) -> Iterator[dict[str, object]]:
    try:
        while head := file.read(4):
            size = _U32.unpack(_whole(head, 4))[0]
            if not size:
                _pass_control(file)
                continue
            if size > _LARGEST_FRAME:
                raise _DamagedError(f"a frame of {size} bytes; what follows it cannot be found")
            yield _record(_whole(file.read(size), size))
    except _DamagedError as damage:
        yield {"damaged": str(damage)}


def _whole(piece: bytes, size: int) -> bytes:
    if len(piece) < size:
        raise _DamagedError("the file is cut short in a frame")
    return piece


def _pass_control(file: IO[bytes]) -> None:
    """Read a control frame; refuse a stream that says it holds something else."""
    size = _U32.unpack(_whole(file.read(4), 4))[0]
    if not 4 <= size <= _LARGEST_CONTROL:
        raise _DamagedError(f"a control frame of {size} bytes; what follows it cannot be found")
    control = _whole(file.read(size), size)
    kind = _U32.unpack_from(control)[0]
    if kind not in (_ACCEPT, _START, _STOP, _READY, _FINISH):
        raise _DamagedError(f"a control frame of an unknown kind, {kind}")
    if kind == _START and size > 12 and control[12:] != _CONTENT:
        content = control[12:].decode("ascii", "replace")
        raise SourceError(f"Frame Streams that hold {content!r}; of these only dnstap is read")


def _record(frame: bytes) -> dict[str, object]:
    try:
        message = _fields(_bytes(_fields(frame), 14))
        kind = _number(message, 1)
        if not 1 <= kind <= len(_TYPES):
            raise _DamagedError(f"a message of an unknown type, {kind}")
        if not _TYPES[kind - 1].startswith("CLIENT_"):
            return {"type": _TYPES[kind - 1]}
        return {"type": _TYPES[kind - 1], **_exchange(message), **_told(message, kind % 2 == 0)}
    except (_DamagedError, struct.error, IndexError) as damage:
        return {"damaged": f"a frame that holds no dnstap message: {damage}"}


def _exchange(message: _Fields) -> dict[str, object]:
    """Return who asked, and when; BIND gives the time of the answer alone."""
    shown: dict[str, object] = {}
    address = _bytes(message, 4)
    if len(address) in _ADDRESS_SIZES.values():
        shown["client"] = str(ipaddress.ip_address(address))
    if port := _number(message, 6):
        shown["port"] = port
    for seconds, nanoseconds in ((8, 9), (12, 13)):
        if when := _number(message, seconds):
            shown["time"] = f"{when}.{_number(message, nanoseconds):09d}"
            break
    return shown


def _told(message: _Fields, is_response: bool) -> dict[str, object]:
    """Return what was asked, and of a response what came of it."""
    wire = _bytes(message, 14 if is_response else 10) or _bytes(message, 10)
    question = _question(wire)
    if question is None:
        return {}
    qtype = _QTYPES.get(question.qtype, f"TYPE{question.qtype}")
    shown: dict[str, object] = {"id": question.id, "name": question.name, "qtype": qtype}
    if not is_response:
        return shown
    rcode = question.rcode
    shown["rcode"] = _RCODES[rcode] if rcode < len(_RCODES) else f"RCODE{rcode}"
    policy = _number(_fields(_bytes(message, 15)), 3)
    if 1 <= policy <= len(_POLICIES):
        shown["policy"] = _POLICIES[policy - 1]
    if address := _first_address(wire, question):
        shown["address"] = address
    return shown


def _question(wire: bytes) -> _Question | None:
    """Return the question of a DNS message; None for one that asks nothing, such as a NOTIFY."""
    number, flags, questions, answers = struct.unpack_from(">4H", wire)
    if not questions or flags >> 11 & 15:
        return None
    name, end = _name(wire, 12)
    qtype = struct.unpack_from(">2H", wire, end)[0]
    return _Question(number, flags & 15, answers, name, qtype, end + 4)


def _name(wire: bytes, at: int) -> tuple[str, int]:
    """Return the name that stands at a place, and where it ends there.

    A pointer must lead to before the place where it was met, so that there is an end.
    """
    labels: list[str] = []
    end, limit, size = 0, len(wire), 0
    while length := wire[at]:
        if length >= 0xC0:
            end = end or at + 2
            target = struct.unpack_from(">H", wire, at)[0] & 0x3FFF
            if target >= min(at, limit):
                raise _DamagedError("a name that points forward")
            at = limit = target
            continue
        size += length + 1
        if length > 63 or size > 254 or at + length >= len(wire):
            raise _DamagedError("a name of impossible length")
        labels.append(_label(wire[at + 1 : at + 1 + length]))
        at += length + 1
    return ".".join(labels) or ".", end or at + 1


def _label(raw: bytes) -> str:
    if not raw.translate(None, _PLAIN):
        return raw.decode("ascii")
    return "".join(
        chr(byte) if 0x21 <= byte <= 0x7E and byte not in b'.\\"' else f"\\{byte:03d}"
        for byte in raw
    )


def _first_address(wire: bytes, question: _Question) -> str | None:
    """Return the first address of the answer; an answer that is cut short has none."""
    at = question.end
    try:
        for _ in range(min(question.answers, _MOST_ANSWERS)):
            at = _name(wire, at)[1]
            qtype, _, _, size = struct.unpack_from(">HHIH", wire, at)
            at += 10
            if _ADDRESS_SIZES.get(qtype) == size and at + size <= len(wire):
                return str(ipaddress.ip_address(wire[at : at + size]))
            at += size
    except (_DamagedError, struct.error, IndexError):
        return None
    return None


def _bytes(fields: _Fields, number: int) -> bytes:
    value = fields.get(number)
    return value if isinstance(value, bytes) else b""


def _number(fields: _Fields, number: int) -> int:
    value = fields.get(number)
    return value if isinstance(value, int) else 0


def _fields(message: bytes) -> _Fields:
    """Return the fields of a protobuf message, of repeated ones the last."""
    fields: _Fields = {}
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        if kind == 0:
            fields[number], at = _varint(message, at)
            continue
        size = {1: 8, 5: 4}.get(kind, -1)
        if kind == 2:
            size, at = _varint(message, at)
        if size < 0 or at + size > len(message):
            raise _DamagedError("a field that is cut short or of an unknown kind")
        piece = message[at : at + size]
        fields[number] = piece if kind == 2 else int.from_bytes(piece, "little")
        at += size
    return fields


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = message[at]
    if value < 0x80:
        return value, at + 1
    value = 0
    for shift in range(0, 70, 7):
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise _DamagedError("a number without end")


BINARY = Binary(
    name="dnstap",
    title="dnstap (Frame Streams)",
    is_it=is_it,
    records=records,
    reference="https://dnstap.info/",
)
