r"""The debug log of Microsoft's DNS server (``dns.log``), with or without packet details.

    1/20/2026 11:00:16 PM 0FE0 PACKET  000002C53117D990 UDP Rcv 10.0.0.2        c049   Q [0001   D   NOERROR] A      (3)api(6)openai(3)com(0)

Only a query that was received counts: its remote address is the client. An answer sent to that
client tells the outcome; what the server sends on and gets back is its own traffic. Times are the
server's, without zone, in its locale's order. A year, dots or dashes, and a number over 12 tell day
from month by themselves. With slashes a sample of the log decides, its header included; else ``1/5/2026 3:02:01 PM`` without leading zeros is read as en-US
writes it, and any other that could be both is no time.
Reference: https://learn.microsoft.com/en-us/windows-server/networking/dns/dns-logging-and-diagnostics
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scanner.hosts import HostTable
from scanner.logs import OF_DNS, Batch, Format, Spelled, Tally
from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.lines import numbered
from scanner.logs.pairing import WINDOW, Pending
from scanner.logs.values import outcome, record_type
from scanner.model import Action, Channel, Observation, Sighting

_PACKET = b" PACKET "
# How far into a line the packet's fields may begin, and how long they may be.
_HEAD, _FIELDS = 300, 300
# A date and a time take no more.
_STAMP = 40
_THREAD = re.compile(rb" [0-9A-Fa-f]{3,8} *$")
_STAMPED = re.compile(
    rb"\d[^A-Za-z\[\]{}\"=]{7,30}(?:[APap]\.?[Mm]\.? )?[0-9A-Fa-f]{3,8} +"
    rb"(?:EVENT|NOTE|Note|INIT|DSPOLL|LOOKUP|RECURSE|REMOTE|TOMBSTN)\b"
)
_HEADER = re.compile(
    rb"DNS Server log file creation at |Log file wrap at |Message logging key|\t\d+ seconds since system boot"
    rb"|\s+(?:Field #|-{5,} +-{5,}|blank = Query)|\s{10,}[A-Z?] = [A-Z][a-z]+"
    rb"|\s+\d{1,2} {2,8}(?:Date|Time|Thread ID|Context|Internal packet identifier|UDP/TCP indicator"
    rb"|Send/Receive indicator|Remote IP|Xid |Query/Response|Opcode |\[ Flags|Flags |ResponseCode"
    rb"|Question (?:Type|Name))"
)
# What the details option adds below a packet.
_DETAIL = re.compile(
    rb"(?:UDP|TCP) (?:question|response) info at [0-9A-Fa-f]{4,}"
    rb"|\s+(?:Socket = |Remote addr |Time Query=|Buf length = |Msg length = |Message:"
    rb"|(?:XID|Flags|QR|OPCODE|AA|TC|RD|RA|Z|AD|CD|RCODE|QCOUNT|ACOUNT|NSCOUNT|ARCOUNT|QTYPE|QCLASS"
    rb"|TYPE|CLASS|TTL|DLEN|DATA)\s+\S|(?:QUESTION|ANSWER|AUTHORITY|ADDITIONAL|ZONE|PREREQUISITE|UPDATE) SECTION:"
    rb"|Offset = 0x|Name +\"|empty$|Buffer Size +=|Rcode Ext +=|Version +=)"
)
_DATE = re.compile(
    rb"(\d{1,4})(/|-|\. ?)(\d{1,2})(?:/|-|\. ?)(\d{1,4})\.? (\d{1,2})[:.](\d\d)[:.](\d\d)"
    rb"(?:(?: |\xa0|\xc2\xa0|\xe2\x80\xaf)([APap])\.?(?: |\xc2\xa0)?[Mm]\.?)?$"
)
# Chinese and Korean for AM and PM stand before the hour.
_HALVES = {
    half.encode(encoding): noon
    for halves, encodings in (("上午 下午", ("utf-8", "gbk")), ("오전 오후", ("utf-8", "cp949")))
    for half, noon in zip(halves.split(), (b"AM", b"PM"), strict=True)
    for encoding in encodings
}
_COMPACT = re.compile(rb"(\d{4})(\d\d)(\d\d) (\d\d:\d\d:\d\d)$")
_NAMES_BOUND = 100_000


class _Packet(NamedTuple):
    is_sent: bool
    is_answer: bool
    opcode: bytes
    remote: bytes
    number: bytes
    rcode: bytes
    qtype: bytes
    name: bytes


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each query about a wanted host, with its outcome if it follows."""
    names, dates, pending = _Names(), _Dates(clock), Pending()
    for number, line in numbered(batches):
        at = line.find(_PACKET, 0, _HEAD)
        if at < 0:
            _account(line, number, tally)
            continue
        packet = _packet(line, at)
        thread = _THREAD.search(line, max(0, at - 10), at)
        if packet is None or thread is None:
            tally.reject(number, "not thread, PACKET, direction, address, flags and name", line)
            continue
        stamp = line[max(0, thread.start() - _STAMP) : thread.start()]
        if packet.is_sent or packet.is_answer or packet.opcode != b"Q":
            tally.ignored["no query of a client"] += 1
            if pending and packet.is_sent and packet.is_answer:
                action = outcome(packet.rcode.decode("ascii", "replace")) or Action.ERROR
                yield from pending.advance(number)
                yield from pending.settle(_key(packet), action)
            continue
        name = names[packet.name]
        if name is None:
            tally.reject(number, "the lengths before the labels are not theirs", line)
        elif host := hosts[name]:
            seen = _observe(packet, host, dates.time(stamp), number)
            yield from pending.hold(_key(packet), seen)
        elif host == "":
            tally.ignored["query without a name"] += 1
    yield from pending.rest()


def _account(line: bytes, number: int, tally: Tally) -> None:
    if _HEADER.match(line):
        tally.ignored["header"] += 1
    elif _DETAIL.match(line):
        tally.ignored["detail of a packet"] += 1
    elif _STAMPED.match(line[:_HEAD]):
        tally.ignored["event or note"] += 1
    else:
        tally.reject(number, "not a line of a DNS server's debug log", line)


def _packet(line: bytes, at: int) -> _Packet | None:
    """Read ``PACKET [id] UDP Rcv address xid [R] Q [0001 D NOERROR] type name``."""
    fields, opened, rest = line[at : at + _FIELDS].partition(b"[")
    flags, closed, _ = rest.partition(b"] ")
    words = fields.split()
    first = 1 if words[1:2] and words[1] in (b"UDP", b"TCP") else 2  # old servers give no id
    if not (opened and closed) or len(words) - first not in (5, 6):
        return None
    transport, direction, remote, number = words[first : first + 4]
    begin = at + len(fields) + len(flags) + 3
    qtype, _, name = line[begin:].lstrip().partition(b" ")
    if transport not in (b"UDP", b"TCP") or direction not in (b"Rcv", b"Snd"):
        return None
    rcode = flags.split()[-1] if flags.split() else b""
    is_answer = words[-2] == b"R" and len(words) - first == 6
    return _Packet(
        direction == b"Snd", is_answer, words[-1], remote, number, rcode, qtype, name.strip()
    )


def _key(packet: _Packet) -> tuple[bytes, ...]:
    return packet.remote, packet.number, packet.qtype, packet.name.lower()


class _Names(dict[bytes, bytes | None]):
    """Names as the log writes them -> dotted names; None where the lengths do not add up."""

    def __missing__(self, raw: bytes) -> bytes | None:
        if len(self) >= _NAMES_BOUND:
            self.clear()
        found = _dotted(raw)
        if len(raw) <= _FIELDS:
            self[raw] = found
        return found


def _dotted(raw: bytes) -> bytes | None:
    """Join the labels of ``(3)api(6)openai(3)com(0)``; a label may hold any byte, ``(`` too."""
    labels: list[bytes] = []
    at = 0
    while len(labels) < 128:
        end = raw.find(b")", at, at + 4)
        size = raw[at + 1 : end]
        if end < 0 or raw[at : at + 1] != b"(" or not size.isdigit():
            return None
        at = end + 1 + int(size)
        if size == b"0":
            return (b".".join(labels) or b".") if at == len(raw) else None
        labels.append(raw[end + 1 : at])
    return None


class _Dates:
    """Reads the dates of a log, in the order that the log shows."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def time(self, stamp: bytes) -> Time:
        """Return the time that ``stamp`` ends with; the envelope's if it cannot be told."""
        when = self._read(stamp, self._clock)
        return when if when[0] is not None else NO_TIME

    def _read(self, stamp: bytes, clock: Clock) -> Time:
        for word, noon in _HALVES.items() if not stamp.isascii() else ():
            if word in stamp:
                stamp = b"%b %b" % (stamp.rstrip().replace(word + b" ", b"", 1), noon)
        found = _DATE.search(stamp)
        if found is None:
            compact = _COMPACT.search(stamp)
            return clock.iso("{}-{}-{}T{}".format(*_texts(compact))) if compact else NO_TIME
        first, _, second, third, hour, minute, rest, half = _texts(found)
        if len(first) == 4:
            year, month, day = first, second, third
        else:
            day_is_first = self._order(found)
            if day_is_first is None or len(third) not in (2, 4):
                return NO_TIME
            day, month = (first, second) if day_is_first else (second, first)
            year = third if len(third) == 4 else f"20{third}"
        clocked = int(hour) % 12 + (12 if half in "Pp" else 0) if half else int(hour)
        return clock.iso(f"{year}-{month:0>2}-{day:0>2}T{clocked:02d}:{minute}:{rest}")

    def _order(self, found: re.Match[bytes]) -> bool | None:
        """Whether a date begins with the day; None if it cannot be told."""
        told = _is_day_first(found)
        if told is not None:
            return told
        if found[2] != b"/":
            return True
        if self._clock.day_is_first is not None:
            return self._clock.day_is_first
        is_american = found[8] and not (found[1].startswith(b"0") or found[3].startswith(b"0"))
        return False if is_american else None


def _is_day_first(found: re.Match[bytes]) -> bool | None:
    if len(found[1]) == 4:
        return None
    if int(found[1]) > 12:
        return True
    return False if int(found[3]) > 12 else None


def _texts(found: re.Match[bytes]) -> list[str]:
    return [(part or b"").decode("ascii", "replace") for part in found.groups()]


def _observe(packet: _Packet, host: str, when: Time, number: int) -> Observation:
    return Observation(
        channel=Channel.DNS,
        value=host,
        ts=when[0],
        kind=Sighting.DNS_QUERY,
        client=packet.remote.decode("ascii", "backslashreplace"),
        qtype=record_type(packet.qtype.decode("ascii", "replace")),
        line=number,
        time_quality=when[1],
    )


FORMAT = Format(
    name="windows-dns",
    title="Windows DNS Server debug log",
    read=read,
    specificity=85,
    proves=OF_DNS,
    reference="https://learn.microsoft.com/en-us/windows-server/networking/dns/dns-logging-and-diagnostics",
    sample=(
        b"DNS Server log file creation at 1/20/2026 11:00:00 PM\n"
        b"1/20/2026 11:00:16 PM 0FE0 PACKET  000002C53117D990 UDP Rcv 10.0.0.2        c049   Q [0001   D   NOERROR] A      (3)api(6)openai(3)com(0)\n"
        b"1/20/2026 11:00:16 PM 0FE0 PACKET  000002C5307CFCD0 UDP Snd 10.0.0.1        ede1   Q [0001   D   NOERROR] A      (3)api(6)openai(3)com(0)\n"
        b"1/20/2026 11:00:16 PM 0FE0 PACKET  000002C53117D990 UDP Snd 10.0.0.2        c049 R Q [8081   DR  NOERROR] A      (3)api(6)openai(3)com(0)\n"
        b"1/20/2026 11:00:17 PM 0FE0 PACKET  000002C53117D990 UDP Rcv 10.0.0.3        c04a   Q [0001   D   NOERROR] AAAA   (3)www(7)example(3)org(0)\n"
    ),
    window=WINDOW,
    spelled=Spelled.IN_LABELS,
)
