"""DNS messages: what they ask, and what answers say.

The usual message is read by looking its question up, since few questions are asked many times.
dnspython reads every message that is not as usual, and writes names that hold odd bytes.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from typing import NamedTuple

HEADER = 12
_QUESTIONS_BOUND = 100_000
_MOST_ANSWERS, _MOST_JUMPS = 64, 64
_IN, _ANY = 1, 255
_OPCODE = 0x78  # set in what is neither a query nor its answer
_CNAME, _OPT = b"\0\5", b"\0\x29"
_ADDRESSES = (b"\0\1", b"\0\x1c")
# What a filter answers in place of an address.
_NOWHERE = (bytes(4), bytes(16))
_ROOT = "."
_LONGEST_LABEL, _LONGEST_NAME = 63, 254
# Bytes that stand for themselves in a name.
_PLAIN = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"


class Asked(NamedTuple):
    """A question: the name as in a zone file without its last dot, and the type.

    ``folded`` is a number that is the same for all spellings of one question, and whose low 64 bits
    are free.
    """

    host: str
    qtype: str
    folded: int


class Said(NamedTuple):
    """An answer: its code, the names that the asked one stands for, and whether it leads nowhere."""

    rcode: str
    cnames: list[str] | None = None
    is_nowhere: bool = False


class Message(NamedTuple):
    """A DNS message: what it asks, and of an answer what it says."""

    number: int
    asked: tuple[Asked, ...]
    said: Said | None = None


class NotDnsError(Exception):
    """Bytes are no DNS message that asks something."""


class Questions(dict[bytes, Asked | None]):
    """Questions as they stand in messages -> what they ask; None if they are not one plain question."""

    def __missing__(self, question: bytes) -> Asked | None:
        if len(self) >= _QUESTIONS_BOUND:
            self.clear()
        found = self[question] = _asked(question)
        return found


def _asked(question: bytes) -> Asked | None:
    kind = int.from_bytes(question[-2:], "big")
    host = _text(question[:-4]) if kind in (_IN, _ANY) else None
    return _question(host, int.from_bytes(question[-4:-2], "big")) if host else None


def _question(host: str, kind: int) -> Asked:
    qtype = _type(kind)
    digest = blake2b(f"{host.lower()} {qtype}".encode(), digest_size=8).digest()
    return Asked(host, qtype, int.from_bytes(digest, "big") << 64)


def _text(wire: bytes) -> str | None:
    """Return a name as in a zone file, without its last dot; None unless ``wire`` is just one name."""
    labels, at, last = [], 0, len(wire) - 1
    while at < last and wire[at] <= _LONGEST_LABEL:
        labels.append(wire[at + 1 : at + 1 + wire[at]])
        at += wire[at] + 1
    if at != last or wire[at] or last > _LONGEST_NAME:
        return None
    if b"".join(labels).translate(None, _PLAIN):
        return _escaped(wire)
    return b".".join(labels).decode("ascii") or _ROOT


def _escaped(wire: bytes) -> str:
    """Return a name with bytes in it that have to be written in another way."""
    import dns.name

    return dns.name.from_wire(wire, 0)[0].to_text(omit_final_dot=True)


@cache
def _type(number: int) -> str:
    import dns.rdatatype

    return dns.rdatatype.to_text(dns.rdatatype.RdataType.make(number))


def _code(number: int) -> str:
    import dns.rcode

    return dns.rcode.to_text(dns.rcode.Rcode(number))


class Reader:
    """Reads messages, and remembers questions."""

    def __init__(self) -> None:
        self.questions = Questions()
        self._names = _Names()
        self.codes = [Said(_code(number)) for number in range(16)]

    def message(self, wire: bytes, is_sure: bool = True) -> Message:
        """Return a message; with ``is_sure`` false it has to be one to its last byte.

        Raises NotDnsError.
        """
        if len(wire) > HEADER and wire[2] & _OPCODE:
            return Message(_number(wire), ())
        end = end_of_question(wire)
        asked = self.questions[wire[HEADER:end]] if end else None
        if asked is None or not (is_sure or _ends_as_said(wire, end)):
            return _unusual(wire, is_sure)
        said = self.said(wire, end) if wire[2] & 0x80 else None
        return Message(_number(wire), (asked,), said)

    def said(self, wire: bytes, end: int) -> Said:
        """Return what an answer says whose question ends at a place."""
        code = wire[3] & 15
        if code or wire[6:8] == b"\0\0":
            return self.codes[code]
        try:
            return self._answers(wire, end)
        except (ValueError, IndexError):
            return self.codes[0]

    def _answers(self, wire: bytes, at: int) -> Said:
        cnames: list[str] | None = None
        for _ in range(min(wire[6] << 8 | wire[7], _MOST_ANSWERS)):
            at = at + 2 if wire[at] >= 0xC0 else _behind_name(wire, at)
            kind, size = wire[at : at + 2], wire[at + 8] << 8 | wire[at + 9]
            at += 10
            if kind == _CNAME:
                cnames = cnames or []
                cnames.append(self._names[_expanded(wire, at)])
            elif kind in _ADDRESSES:
                is_nowhere = wire[at : at + size] in _NOWHERE
                return (
                    Said("NOERROR", cnames, is_nowhere) if cnames or is_nowhere else self.codes[0]
                )
            at += size
        return Said("NOERROR", cnames)


def end_of_question(wire: bytes) -> int:
    """Return where the question of a message ends that has one; 0 if it has not just one."""
    end = wire.find(b"\0", HEADER) + 5
    return end if wire[4:6] == b"\0\1" and HEADER < end <= len(wire) else 0


class _Names(dict[bytes, str]):
    """Names without pointers, as they stand in messages -> as text."""

    def __missing__(self, wire: bytes) -> str:
        if len(self) >= _QUESTIONS_BOUND:
            self.clear()
        found = _text(wire)
        if found is None:
            raise ValueError("no name")
        self[wire] = found
        return found


def _behind_name(wire: bytes, at: int) -> int:
    while length := wire[at]:
        if length >= 0xC0:
            return at + 2
        at += length + 1
    return at + 1


def _expanded(wire: bytes, at: int) -> bytes:
    """Return a name without pointers. Raises ValueError where pointers lead on and on."""
    name = bytearray()
    for _ in range(_MOST_JUMPS):
        begin = at
        while (length := wire[at]) and length < 0xC0:
            at += length + 1
        name += wire[begin:at]
        if len(name) > 254:
            break
        if not length:
            return bytes(name) + b"\0"
        at = (length & 0x3F) << 8 | wire[at + 1]
    raise ValueError("a name without end")


def _number(wire: bytes) -> int:
    return wire[0] << 8 | wire[1]


def _ends_as_said(wire: bytes, end: int) -> bool:
    """Whether what follows the question is what the header says; a question's is nothing, or OPT."""
    if wire[2] & 0x80:
        return _is_whole(wire)
    if any(wire[6:10]):
        return False
    if wire[10:12] == b"\0\0":
        return end == len(wire)
    return wire[10:12] == b"\0\1" and wire[end : end + 3] == b"\0" + _OPT


def _is_whole(wire: bytes) -> bool:
    import dns.exception
    import dns.message

    try:
        dns.message.from_wire(wire)
    except (dns.exception.DNSException, ValueError):
        return False
    return True


def _unusual(wire: bytes, is_sure: bool) -> Message:
    import dns.exception
    import dns.message
    import dns.rdataclass

    if len(wire) < HEADER:
        raise NotDnsError("shorter than a header")
    try:
        message = dns.message.from_wire(wire, question_only=is_sure, ignore_trailing=is_sure)
    except (dns.exception.DNSException, ValueError) as error:
        raise NotDnsError(str(error)) from error
    asked = tuple(
        _question(one.name.to_text(omit_final_dot=True), one.rdtype)
        for one in message.question
        if one.rdclass in (dns.rdataclass.IN, dns.rdataclass.ANY)
    )
    return Message(_number(wire), asked, Said(_code(wire[3] & 15)) if wire[2] & 0x80 else None)
