"""TCP connections: the names at the beginning of their streams, whatever port they use."""

from __future__ import annotations

import numpy as np

from scanner.capture import http, tls
from scanner.capture.dns import NotDnsError, Reader
from scanner.capture.flows import Flow, Flows, Groups
from scanner.capture.greetings import Greetings, hold_a_hello
from scanner.capture.packets import Mask
from scanner.capture.proxied import behind_proxy_header
from scanner.capture.questions import NOT_DNS, Exchange, Pairs
from scanner.capture.records import Record, address_text
from scanner.capture.segments import (
    Segment,
    ends,
    look_like_starts,
    opening,
    rows,
)
from scanner.capture.streams import Stream
from scanner.capture.transports import Account, Block

_ROUND = 0xFFFFFFFF
# A request that begins so little before the last one that was named is seen again.
_NEAR = 1 << 17
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
        greetings = self._greetings(block, opens)
        opens[greetings.openings] = starts[greetings.firsts] = starts[greetings.seconds] = False
        follow = self._follow(block, opens, starts)
        starts[greetings.firsts] = True
        picked = np.flatnonzero(opens | starts | follow)
        begun, partial, data = self._opening, self._partial, block.data
        for (
            place, opens_one, starts_one, key, side, sequence, time, begin, end, header, frame,
            is_cut, is_dns, greets, more, until,
        ) in zip(*rows(block, picked, opens, starts, greetings), strict=True):  # fmt: skip
            if opens_one:
                self._open(place, key, side, sequence, time)
            if begin < end and (starts_one or key in begun or (key, side) in partial):
                seen = Exchange(key, frame, time, *block.addresses(header))
                content, is_joined = data[begin:end] + data[more:until], more < until
                # What opens a connection counts as a byte; with Fast Open the stream begins behind it.
                begun_at = sequence + opens_one & _ROUND
                one = Segment(place, key, side, begun_at, content, is_cut, is_dns, seen, is_joined)
                if greets:
                    self._greet(one)
                else:
                    self._take(one)
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

    def _greetings(self, block: Block, opens: Mask) -> Greetings:
        """Return the plain beginnings of connections that stand in nobody's place."""
        found = Greetings(block, self._groups, opens)
        keys = block.tcp.keys[found.firsts].tolist()
        found.keep(np.array([self._is_new(key) for key in keys], dtype=np.bool_))
        return found

    def _is_new(self, key: int) -> bool:
        partial = self._partial
        return not (
            key in self.flows
            or key in self._opening
            or (partial and ((key, False) in partial or (key, True) in partial))
        )

    def _follow(self, block: Block, opens: Mask, starts: Mask) -> Mask:
        """Which segments go on with what was begun, in blocks before or in this one."""
        tcp, places = block.tcp, np.flatnonzero(starts)
        begins = opens.copy()
        begins[places] |= ~hold_a_hello(block, places, tcp.sizes[places])
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
        self._count(PART, one)
        stream = partial.stream
        if stream.add(one.sequence, one.content):
            one.sequence, one.content, one.seen = stream.begin, stream.ready, partial.seen
            one.is_joined = True
            self._judge(one, partial)
        else:
            self._keep(one, partial)

    def _greet(self, one: Segment) -> None:
        """Take a ClientHello that a new connection begins with."""
        if one.is_joined:
            self._told += 2
            self._account.ignored[PART] += 2
        self._tls(one, one.content)

    def _judge(self, one: Segment, partial: _Partial | None) -> None:
        """Look at the beginning of a stream as far as it is there."""
        content, goes_on = behind_proxy_header(one.content), False
        if not content:
            goes_on = True
        elif tls.looks_like_one(content):
            goes_on = self._tls(one, content)
        elif http.looks_like_one(content):
            goes_on = self._http(one, content)
            while not goes_on and (content := http.behind(content)):
                self._pass_over(one, content, partial)
                goes_on = self._http(one, content)
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
            self._count(PART, one)
            self._keep(one, partial)

    def _begin(self, one: Segment, stream: Stream) -> _Partial:
        """Return the beginning of a stream that goes on; its bytes count from here."""
        self.flows.watch(one.key, one.side, self._cut.get(one.key, 0), one.seen.time)
        return _Partial(stream, one.seen)

    def _tls(self, one: Segment, content: bytes) -> bool:
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
        record.alpn, record.ech = hello.alpn or None, hello.ech
        if hello.name is None:
            self._count(NO_NAME, one)
        elif flow is not None and _is_tunnel(flow):
            _lead_to(flow, record)
            self._count(AGAIN, one)
        elif flow is not None and (flow.mark == one.sequence or _host_of(flow) == hello.name):
            self._count(AGAIN, one)
        else:
            self._name(record, one, flow)
        return False

    def _http(self, one: Segment, content: bytes) -> bool:
        """Read the head of a request; returns whether it goes on behind what is there."""
        try:
            request = http.request(content, one.is_cut)
        except http.NotHttpError:
            return False
        if request is None:
            return True
        flow = self.flows.get(one.key)
        if flow is not None and flow.mark - one.sequence & _ROUND < _NEAR:
            self._count(SEEN_TWICE, one)
        elif not request.host:
            self._count(NO_HOST, one)
        else:
            is_tunnel = request.method == "CONNECT"
            record = _record("connect" if is_tunnel else "http", request.host, one.seen)
            record.method, record.path = request.method, request.path
            self._name(record, one, flow)
        return False

    def _pass_over(self, one: Segment, rest: bytes, partial: _Partial | None) -> None:
        """Go on to a request that was sent without waiting; its packet is counted already."""
        used = len(one.content) - len(rest)
        one.sequence, one.content = one.sequence + used & _ROUND, rest
        if partial is not None:
            partial.stream.pass_over(used)
        self._told -= not one.is_joined
        self._account.ignored[PART] += one.is_joined

    def _name(self, record: Record, one: Segment, former: Flow | None) -> None:
        """Note that a connection has a name, or another one than before."""
        if former is not None:
            self._end_before(one.key, one.place)
        since = self._cut.get(one.key, 0)
        self.flows.name(one.key, record, one.side, since, one.sequence)
        if one.is_joined:
            self._account.ignored[PART] -= 1  # the record stands for one of them
        else:
            self._told += 1

    def _answer(self, one: Segment) -> None:
        flow = self.flows.get(one.key)
        if flow is None or flow.side == one.side or flow.record is None:
            return
        if flow.record.kind in ("http", "connect") and flow.record.status is None:
            flow.record.status = http.status(one.content)
            self._count(ANSWER, one)

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
                self._count(PART, one)
            self._account.ignored[PART] -= not at
            self._found.extend(self._pairs.add(message, one.seen))
            at = end
        if partial is not None:
            partial.stream.pass_over(at)
            self._partial[one.key, one.side] = partial
        return True

    def _count(self, why: str, one: Segment) -> None:
        """Count a segment that names nothing new; of several joined, the last one."""
        self._told += not one.is_joined
        self._account.ignored[PART] -= one.is_joined
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
        places, sides = ends(block)
        keys = block.tcp.keys[places].tolist()
        ended = list(zip(keys, sides.tolist(), strict=True))
        if self._cut:
            cut, own = self._cut, zip(places.tolist(), ended, strict=True)
            ended = [one for place, one in own if place >= cut.get(one[0], 0)]
        self._found.extend(self.flows.end(ended))

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
