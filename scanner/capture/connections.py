"""TCP connections: the names at the beginning of their streams, whatever port they use."""

from __future__ import annotations

import numpy as np

from scanner.capture import http, tls
from scanner.capture.dns import NotDnsError, Reader
from scanner.capture.flows import BOTH, Flow, Flows, Groups
from scanner.capture.packets import Mask
from scanner.capture.proxied import behind_proxy_header
from scanner.capture.questions import NOT_DNS, Exchange, Pairs
from scanner.capture.records import Record, address_text
from scanner.capture.segments import (
    Segment,
    ending,
    hold_a_hello,
    look_like_starts,
    opening,
    plainly_begun,
    resets,
    rows,
)
from scanner.capture.streams import Stream
from scanner.capture.transports import Account, Block, Content

_ROUND = 0xFFFFFFFF
# Connections that began and have said nothing yet, and those whose beginning is not whole yet.
_MOST_OPENING = 65_536
_MOST_PARTIAL = 8_192
_MOST_HELD = 32 << 20
_WAIT = 120_000_000_000
NO_NAME = "TLS hello without a name"
AGAIN = "TLS hello of a connection that has its name"
NO_HOST = "HTTP request without a host"
SEEN_TWICE = "HTTP request seen twice"
ANSWER = "HTTP answer"
PART = "part of a first message in several segments"
NOTHING = "TCP packet that names nothing"


# The client's side of a connection whose first packet was seen, where its stream begins, and when.
_Opening = tuple[bool, int, int]


class _Partial:
    """The beginning of one direction of a connection that is not whole yet; ``held`` are its bytes."""

    __slots__ = ("held", "seen", "stream")

    def __init__(self, stream: Stream, seen: Exchange) -> None:
        self.stream = stream
        self.seen = seen
        self.held = 0


class Connections:
    """Follows TCP connections from block to block, as far as it takes to name them."""

    def __init__(self, account: Account, dns: Reader, pairs: Pairs) -> None:
        self.flows = Flows()
        self.given_up = 0
        self.encrypted_names = 0
        self._account = account
        self._dns = dns
        self._pairs = pairs
        self._opening: dict[int, _Opening] = {}
        self._partial: dict[tuple[int, bool], _Partial] = {}
        self._held = 0
        self._groups: Groups
        self._found: list[Record] = []
        self._told = 0  # segments of the block that were counted one by one
        self._cut: dict[int, int] = {}  # where in the block another connection took a place

    def read(self, block: Block) -> list[Record]:
        """Follow the connections through a block; returns the records that are complete."""
        tcp = block.tcp
        if not len(tcp):
            return []
        self._groups, self._found, self._told, self._cut = Groups(tcp), [], 0, {}
        opens, starts = opening(block), look_like_starts(block)
        if opens.any():
            opens &= ~self._plainly_new(block, opens)[self._groups.numbers]
        goes_on = starts & ~hold_a_hello(block, starts)
        picked = np.flatnonzero(opens | starts | self._follow(tcp, opens | goes_on))
        begun, partial, data = self._opening, self._partial, block.data
        for (
            place, opens_one, starts_one, key, side, sequence, time, begin, end, header, frame,
            is_cut, is_dns,
        ) in zip(*rows(block, picked, opens, starts), strict=True):  # fmt: skip
            if opens_one:
                self._open(place, key, side, sequence, time)
            elif starts_one or key in begun or (key, side) in partial:
                seen = Exchange(key, frame, time, *block.addresses(header))
                content = data[begin:end]
                self._take(Segment(place, key, side, sequence, content, is_cut, is_dns, seen))
        self._account.ignored[NOTHING] += len(tcp) - self._told
        self.flows.add(self._groups, block.times, len(tcp))
        self._end(block)
        now = int(block.times[tcp.at[-1]])
        self._found.extend(self.flows.over(now))
        self._forget(now)
        return self._found

    def rest(self) -> list[Record]:
        """Return what is still open."""
        return list(self.flows.rest())

    def _plainly_new(self, block: Block, opens: Mask) -> Mask:
        """Which connections open in a way that need not be remembered, and in nobody's place."""
        begun = plainly_begun(block, self._groups, opens)
        for number in np.flatnonzero(begun).tolist():
            key = self._groups.keys[number]
            if key in self.flows or key in self._opening:
                begun[number] = False
        return begun

    def _follow(self, tcp: Content, begins: Mask) -> Mask:
        """Which segments go on with what was begun, in blocks before or in this one."""
        directions = self._groups.numbers * 2 + tcp.sides
        followed = self._watched()
        followed[directions[begins]] = True
        return np.asarray((tcp.sizes > 0) & followed[directions])

    def _watched(self) -> Mask:
        """Tell for both directions of each connection of the block whether it is waited for."""
        watched = np.zeros(2 * len(self._groups.keys), dtype=np.bool_)
        if self._opening or self._partial:
            for number, key in enumerate(self._groups.keys):
                if key in self._opening:
                    watched[2 * number + self._opening[key][0]] = True
                for side in (False, True):
                    if (key, side) in self._partial:
                        watched[2 * number + side] = True
        return watched

    def _open(self, place: int, key: int, side: bool, sequence: int, time: int) -> None:
        begin = sequence + 1 & _ROUND
        known = self._opening.pop(key, None)
        if known is None or known[1] != begin:
            self._end_before(key, place)
        if self._partial:
            self._drop(key, False)
            self._drop(key, True)
        self._opening[key] = side, begin, time

    def _end_before(self, key: int, place: int) -> None:
        """End a connection, if there is one, where another begins between the same two ports."""
        if key in self.flows:
            self._found.extend(self.flows.cut(key, self._groups, place))
            self._cut[key] = place

    def _take(self, one: Segment) -> None:
        """Take a segment with content: it begins a stream, or goes on with one."""
        partial = self._partial.get((one.key, one.side))
        opened = self._opening.get(one.key)
        if partial is None and opened is not None and opened[0] == one.side:
            del self._opening[one.key]
            if opened[1] != one.sequence:
                partial = self._begin(one, Stream(opened[1]))
        if partial is None:
            self._judge(one, None)
            return
        self._count(PART, None)
        if partial.stream.add(one.sequence, one.content):
            place, key, side, sequence, _, is_cut, is_dns, _ = (
                one  # a third of the time of _replace
            )
            content, seen = partial.stream.ready, partial.seen
            whole = Segment(place, key, side, sequence, content, is_cut, is_dns, seen)
            self._judge(whole, partial)
        else:
            self._keep(one, partial)

    def _judge(self, one: Segment, partial: _Partial | None) -> None:
        """Look at the beginning of a stream as far as it is there."""
        content, goes_on = behind_proxy_header(one.content), False
        if not content:
            goes_on = True
        elif tls.looks_like_one(content):
            goes_on = self._tls(one, content, partial)
        elif http.looks_like_one(content):
            goes_on = self._http(one, content, partial)
        elif content.startswith(b"HTTP/"):
            self._answer(one)
        elif one.is_dns or _is_framed(content):
            goes_on = self._dns_stream(one, partial)
        if not goes_on:
            self._drop(one.key, one.side)
        elif partial is not None:
            self._keep(one, partial)
        else:
            partial = self._begin(one, Stream(one.sequence))
            partial.stream.add(one.sequence, one.content)
            self._count(PART, None)
            self._keep(one, partial)

    def _begin(self, one: Segment, stream: Stream) -> _Partial:
        """Return the beginning of a stream that goes on; its bytes count from here."""
        self.flows.watch(one.key, one.side, self._cut.get(one.key, 0), one.seen.time)
        return _Partial(stream, one.seen)

    def _tls(self, one: Segment, content: bytes, partial: _Partial | None) -> bool:
        """Read a ClientHello; returns whether it goes on behind what is there."""
        try:
            hello = tls.hello(content, one.is_cut)
        except tls.NotTlsError:
            return False
        if hello is None:
            return True
        self.encrypted_names += hello.ech
        flow = self.flows.get(one.key)
        record = _record("tls", hello.name or "", one.seen)
        record.alpn, record.ech = list(hello.alpn) or None, hello.ech
        if hello.name is None:
            self._count(NO_NAME, partial)
        elif flow is not None and _is_tunnel(flow):
            _lead_to(flow, record)
            self._count(AGAIN, partial)
        elif flow is not None and (
            flow.mark == _begin_of(one, partial) or _host_of(flow) == hello.name
        ):
            self._count(AGAIN, partial)
        else:
            self._name(record, one, partial)
        return False

    def _http(self, one: Segment, content: bytes, partial: _Partial | None) -> bool:
        """Read the head of a request; returns whether it goes on behind what is there."""
        try:
            request = http.request(content, one.is_cut)
        except http.NotHttpError:
            return False
        if request is None:
            return True
        flow = self.flows.get(one.key)
        if flow is not None and flow.mark == _begin_of(one, partial):
            self._count(SEEN_TWICE, partial)
        elif not request.host:
            self._count(NO_HOST, partial)
        else:
            is_tunnel = request.method == "CONNECT"
            record = _record("connect" if is_tunnel else "http", request.host, one.seen)
            record.method, record.path = request.method, request.path
            self._name(record, one, partial)
        return False

    def _name(self, record: Record, one: Segment, partial: _Partial | None) -> None:
        """Note that a connection has a name, or another one than before."""
        if self.flows.get(one.key) is not None:
            self._end_before(one.key, one.place)
        since = self._cut.get(one.key, 0)
        self.flows.name(one.key, record, one.side, since, _begin_of(one, partial))
        self._told += partial is None
        self._account.ignored[PART] -= partial is not None  # the record stands for one of them

    def _answer(self, one: Segment) -> None:
        flow = self.flows.get(one.key)
        if flow is None or flow.side == one.side or flow.record is None:
            return
        if flow.record.kind in ("http", "connect") and flow.record.status is None:
            flow.record.status = http.status(one.content)
            self._count(ANSWER, None)

    def _dns_stream(self, one: Segment, partial: _Partial | None) -> bool:
        """Read the messages that are whole; returns whether more may come, which it always may."""
        at, content = 0, one.content
        while at + 2 <= len(content):
            end = at + 2 + int.from_bytes(content[at : at + 2], "big")
            if end > len(content):
                break
            try:
                message = self._dns.message(content[at + 2 : end], one.is_dns)
            except NotDnsError:
                self._account.broken[NOT_DNS] += one.is_dns
                self._told += one.is_dns and partial is None
                self._account.ignored[PART] -= one.is_dns and partial is not None
                return False
            if partial is None:
                partial = self._begin(one, Stream(one.sequence))
                partial.stream.add(one.sequence, one.content)
                self._count(PART, None)
            self._account.ignored[PART] -= not at
            self._found.extend(self._pairs.add(message, one.seen))
            at = end
        if partial is not None:
            partial.stream.pass_over(at)
            self._partial[one.key, one.side] = partial
        return True

    def _count(self, why: str, partial: _Partial | None) -> None:
        """Count a message that names nothing new; of one in several segments, the last is counted."""
        if partial is None:
            self._told += 1
            self._account.ignored[why] += 1
        else:
            self._account.ignored[PART] -= 1
            self._account.ignored[why] += 1

    def _keep(self, one: Segment, partial: _Partial) -> None:
        self._partial[one.key, one.side] = partial
        held = partial.stream.held
        self._held += held - partial.held
        partial.held = held

    def _drop(self, key: int, side: bool) -> None:
        partial = self._partial.pop((key, side), None)
        if partial is not None:
            self._held -= partial.held
            self.flows.forget(key)

    def _end(self, block: Block) -> None:
        """Take note of the connections that ended in a block, when its bytes are added."""
        tcp, ends = block.tcp, np.flatnonzero(ending(block))
        columns = (ends, tcp.keys[ends], tcp.sides[ends], tcp.flags[ends])
        for place, key, side, flags in zip(*(one.tolist() for one in columns), strict=True):
            if place >= self._cut.get(key, 0):
                self._found.extend(self.flows.end(key, BOTH if resets(flags) else 1 << side))

    def _forget(self, now: int) -> None:
        """Let go of what never went on, and of the oldest if there is too much."""
        many, past = len(self._opening) - _MOST_OPENING, []
        for count, (key, opened) in enumerate(self._opening.items()):
            is_late = now - opened[2] > _WAIT
            if not is_late and count >= many:
                break
            self.given_up += not is_late
            past.append(key)
        for key in past:
            del self._opening[key]
        for (key, side), partial in list(self._partial.items()):
            is_late = now - partial.seen.time > _WAIT
            if not is_late and len(self._partial) <= _MOST_PARTIAL and self._held <= _MOST_HELD:
                break
            self.given_up += not is_late
            self._drop(key, side)


def _is_framed(content: bytes) -> bool:
    """Whether content may be one DNS message behind its length."""
    return len(content) >= 19 and int.from_bytes(content[:2], "big") == len(content) - 2


def _begin_of(one: Segment, partial: _Partial | None) -> int:
    """Return the sequence number of the first byte of a message."""
    return one.sequence if partial is None else partial.stream.begin


def _record(kind: str, host: str, seen: Exchange) -> Record:
    return Record(kind, seen.frame, seen.time, address_text(seen.sender), host)


def _is_tunnel(flow: Flow) -> bool:
    return flow.record is not None and flow.record.kind == "connect"


def _host_of(flow: Flow) -> str | None:
    return flow.record.host if flow.record is not None else None


def _lead_to(flow: Flow, inner: Record) -> None:
    """Note where a tunnel really leads: the name inside of it wins."""
    if flow.record is not None:
        flow.record.kind, flow.record.host = inner.kind, inner.host
        flow.record.alpn, flow.record.ech = inner.alpn, inner.ech
