"""UDP: questions and answers of DNS on any port, and the names of QUIC and DTLS connections."""

from __future__ import annotations

import numpy as np

from scanner.capture import dtls, quic
from scanner.capture.dns import Reader
from scanner.capture.flows import Flows
from scanner.capture.messages import Messages
from scanner.capture.packets import Mask
from scanner.capture.questions import (
    LOCAL_PORTS,
    NOTHING,
    PORT,
    Exchange,
    Pairs,
)
from scanner.capture.quic import NotQuicError, initial_type, salts_of
from scanner.capture.records import Record, address_text
from scanner.capture.tls import Hello, NotTlsError
from scanner.capture.transports import Account, Block, Content

_LEAST_DNS, _LEAST_QUIC = 17, 24
_MOST_GREETINGS = 4_096
_MOST_NAMELESS = 4_096
_WAIT = 60_000_000_000
_DTLS = b"\x16"  # which no first byte of QUIC is
# "Q02", "Q03", "Q04" begin the versions of Google's QUIC that greet without encryption.
_GOOGLES = (0x513032, 0x513033, 0x513034)
NO_NAME = "QUIC or DTLS hello without a name"
NAMED = "QUIC or DTLS packet of a connection that has its name"
UNREAD = "QUIC or DTLS packet that begins no connection"
FURTHER = "further part of a QUIC or DTLS hello"


class _Waiting:
    """A greeting that is not whole yet, and where it began."""

    __slots__ = ("greeting", "kind", "seen", "side")

    def __init__(self, seen: Exchange, side: bool, is_dtls: bool) -> None:
        self.kind = "tls" if is_dtls else "quic"
        self.greeting = dtls.Greeting() if is_dtls else quic.Greeting()
        self.seen = seen
        self.side = side


class Datagrams:
    """Follows DNS and QUIC from block to block."""

    def __init__(self, account: Account, dns: Reader, pairs: Pairs) -> None:
        self.flows = Flows()
        self.given_up = 0
        self.encrypted_names = 0
        self._account = account
        self._messages = Messages(account, dns, pairs)
        self._greetings: dict[int, _Waiting] = {}
        self._nameless: dict[int, None] = {}  # connections whose greeting names nothing
        self._found: list[Record] = []

    def read(self, block: Block) -> list[Record]:
        """Look through a block; returns the records that are complete."""
        udp = block.udp
        if not len(udp):
            return []
        self._found = []
        is_local = self._pass_local(udp)
        is_dns = ~is_local & _are_dns(block)
        self._found += self._messages.read(block, np.flatnonzero(is_dns))
        others = np.flatnonzero(~is_local & ~is_dns)
        if len(others):
            self._read_others(block, udp.only(others))
        return self._found

    def rest(self) -> list[Record]:
        """Return what is still open; greetings that never became whole are counted."""
        self._account.ignored[UNREAD] += len(self._greetings)
        self._greetings.clear()
        return list(self.flows.rest())

    def _pass_local(self, udp: Content) -> Mask:
        """Count what asks everybody near; returns which datagrams do."""
        found = np.zeros(len(udp), dtype=np.bool_)
        for port, word in LOCAL_PORTS.items():
            own = (udp.ports[0] == port) | (udp.ports[1] == port)
            if own.any():
                self._account.ignored[word] += int((own & ~found).sum())
                found |= own
        return found

    def _read_others(self, block: Block, udp: Content) -> None:
        """Read what may greet, and add the bytes of all datagrams to the connections with a name."""
        greets = _are_quic(block, udp) | _are_dtls(block, udp)
        self._account.ignored[NOTHING] += len(udp) - int(greets.sum())
        for place in np.flatnonzero(greets).tolist():
            self._read_greeting(block, udp, place)
        self.flows.add_all(udp, block.times)
        now = int(block.times[udp.at[-1]])
        self._found.extend(self.flows.over(now))
        self._forget(now)

    def _read_greeting(self, block: Block, udp: Content, place: int) -> None:
        key, side = int(udp.keys[place]), bool(udp.sides[place])
        if key in self._nameless or self.flows.get(key) is not None:
            self._account.ignored[NAMED] += 1
            return
        begin, at = int(udp.begins[place]), int(udp.at[place])
        datagram = block.data[begin : begin + int(udp.sizes[place])]
        waiting = self._greetings.get(key)
        if waiting is None:
            sender, receiver = block.addresses(int(udp.headers[place]))
            seen = Exchange(key, block.first + at, int(block.times[at]), sender, receiver)
            waiting = _Waiting(seen, side, datagram[:1] == _DTLS)
        if waiting.side != side and key in self._greetings:
            self._account.ignored[UNREAD] += 1
            return
        try:
            hello = waiting.greeting.add(datagram)
        except (NotQuicError, NotTlsError):
            self._account.ignored[UNREAD] += 1
            return
        if hello is None:
            self._account.ignored[FURTHER] += key in self._greetings
            self._greetings[key] = waiting
            self.flows.watch(key, side, 0, waiting.seen.time)
        else:
            self._named(key, waiting, hello)

    def _named(self, key: int, waiting: _Waiting, hello: Hello) -> None:
        """Note what a greeting asks for; its packets but the first are counted as further ones."""
        is_whole_in_one = self._greetings.pop(key, None) is None
        self.encrypted_names += hello.ech
        if hello.name is None:
            self._account.ignored[NO_NAME] += 1
            self.flows.forget(key)
            self._nameless[key] = None
            if len(self._nameless) > _MOST_NAMELESS:
                del self._nameless[next(iter(self._nameless))]
            return
        seen = waiting.seen
        record = Record(waiting.kind, seen.frame, seen.time, address_text(seen.sender), hello.name)
        record.alpn, record.ech = hello.alpn or None, hello.ech
        self.flows.name(key, record, waiting.side, 0)
        self._account.ignored[FURTHER] += not is_whole_in_one

    def _forget(self, now: int) -> None:
        while self._greetings:
            key, waiting = next(iter(self._greetings.items()))
            is_late = now - waiting.seen.time > _WAIT
            if not is_late and len(self._greetings) <= _MOST_GREETINGS:
                break
            self.given_up += not is_late
            self._account.ignored[UNREAD] += 1
            self.flows.forget(key)
            del self._greetings[key]


def _are_dns(block: Block) -> Mask:
    """Which datagrams are DNS, by their port or by a header that hardly anything else has."""
    udp, fields = block.udp, block.fields
    by_port = ((udp.ports[0] == PORT) | (udp.ports[1] == PORT)) & (udp.sizes > 0)
    flags, questions = fields.u16(udp.begins + 2), fields.u16(udp.begins + 4)
    likely = (udp.sizes >= _LEAST_DNS) & (flags & 0x7840 == 0) & (questions == 1)
    answers, others = fields.u16(udp.begins + 6), fields.u16(udp.begins + 8)
    more = fields.u16(udp.begins + 10)
    as_query = (flags & 0x8000 == 0) & (answers == 0) & (others == 0) & (more <= 2)
    as_answer = (flags & 0x8000 != 0) & (answers <= 100) & (others <= 40) & (more <= 100)
    return np.asarray(by_port | likely & (as_query | as_answer))


def _are_quic(block: Block, udp: Content) -> Mask:
    """Which datagrams begin with a packet of QUIC that opens a connection, by its version."""
    fields = block.fields
    first, version = fields.byte(udp.begins), fields.u32(udp.begins + 1)
    likely = (udp.sizes >= _LEAST_QUIC) & (first & 0x80 != 0)
    found = np.zeros(len(udp), dtype=np.bool_)
    for number in np.unique(version[likely]).tolist() if likely.any() else ():
        if salts_of(number):
            found |= likely & (version == number) & (first >> 4 & 3 == initial_type(number))
        elif number >> 8 in _GOOGLES:
            found |= likely & (version == number)
    # Before version 46: flags with a version and an identifier of eight bytes, then the version.
    old = (udp.sizes >= _LEAST_QUIC) & (first & 0x89 == 0x09)
    return np.asarray(found | old & np.isin(fields.u32(udp.begins + 9) >> 8, _GOOGLES))


def _are_dtls(block: Block, udp: Content) -> Mask:
    """Which datagrams begin with a piece of a ClientHello."""
    fields = block.fields
    likely = (udp.sizes >= dtls.LEAST) & (fields.u16(udp.begins) == dtls.MARK)
    return np.asarray(likely & (fields.byte(udp.begins + dtls.TYPE_AT) == 1))
