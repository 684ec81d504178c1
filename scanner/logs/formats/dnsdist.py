r"""dnsdist's ``LogAction`` and ``LogResponseAction``, into a file or into syslog.

    [1795226309.41700679] Packet from 10.0.0.7:42702 for api.openai.com. A with id 43433
    [1795226309.41912345] Answer to 10.0.0.7:42702 for api.openai.com. A (No Error) with id 43433

The part after the dot counts nanoseconds and has no leading zeros: ``.41700679`` is 0.041700679 s.
An answer (from documentation) tells what became of its question; one without a question above it
is counted for that: some servers log the answers alone.
Reference: https://dnsdist.org/reference/actions.html#LogAction
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scanner.hosts import HostTable
from scanner.logs import OF_DNS, Batch, Format, Tally
from scanner.logs.clock import Clock, Time
from scanner.logs.lines import numbered
from scanner.logs.pairing import WINDOW, Pending
from scanner.logs.syslog import time_of
from scanner.model import Action, Channel, Observation, Sighting

_QUESTION, _ANSWER = b"Packet from ", b"Answer to "
# How far into a line the message may begin, after what a relay puts before it.
_HEAD = 300
_NANOSECONDS = re.compile(rb"\[(\d{9,11})\.(\d{1,9})\] *$")
_RCODE = re.compile(rb" \(([^()]*)\)$")
_BY_RCODE = {
    b"no error": Action.ALLOWED,
    b"non-existent domain": Action.NXDOMAIN,
    b"query refused": Action.BLOCKED,
}
_NOTICE = re.compile(
    rb"dnsdist(?:\[\d+\]: | \d+\.)|^(?:Marking downstream |Listening on |Added downstream server "
    rb"|ACL allowing queries from: |Console ACL allowing connections from: )"
)


class _Message(NamedTuple):
    remote: bytes
    name: bytes
    qtype: bytes
    number: bytes
    rcode: bytes

    @property
    def key(self) -> tuple[bytes, ...]:
        return self.remote, self.name.lower(), self.qtype, self.number


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each question about a wanted host, with its outcome if logged."""
    pending = Pending()
    last = -WINDOW - 1
    for number, line in numbered(batches):
        begin = line.find(_QUESTION, 0, _HEAD)
        if begin < 0:
            yield from _other(line, number, number - last <= WINDOW, hosts, tally, clock, pending)
            continue
        last = number
        message = _message(line[begin + len(_QUESTION) :])
        if message is None:
            tally.reject(number, "no name, type and id after the client", line)
        elif host := hosts[message.name]:
            seen = _observe(message, host, _time(line[:begin], clock), number)
            yield from pending.hold(message.key, seen)
        elif host == "":
            tally.ignored["question without a name"] += 1
    yield from pending.rest()


def _other(
    line: bytes,
    number: int,
    has_questions: bool,
    hosts: HostTable,
    tally: Tally,
    clock: Clock,
    pending: Pending,
) -> Iterator[Observation]:
    begin = line.find(_ANSWER, 0, _HEAD)
    message = _message(line[begin + len(_ANSWER) :]) if begin >= 0 else None
    if message is not None:
        yield from pending.advance(number)
        action = _BY_RCODE.get(message.rcode.lower(), Action.ERROR)
        host = hosts[message.name]
        if pending.was_asked(message.key) or (not host and (has_questions or host == "")):
            tally.ignored["answer"] += 1
            yield from pending.settle(message.key, action)
        elif host:
            seen = _observe(message, host, _time(line[:begin], clock), number)
            yield seen.become(action)
    elif _NOTICE.search(line[:_HEAD]):
        tally.ignored["notice"] += 1
    else:
        tally.reject(number, "not a line of dnsdist", line)


def _message(text: bytes) -> _Message | None:
    """Read ``client:port for name type [(rcode)] with id number``."""
    rest, separator, number = text.rstrip().rpartition(b" with id ")
    if not separator or not number.isdigit():
        return None
    rcode = _RCODE.search(rest[-100:])
    if rcode:
        rest = rest[: -len(rcode[0])]
    remote, _, asked = rest.partition(b" for ")
    name, _, qtype = asked.rpartition(b" ")
    if not (name and qtype and b":" in remote) or b" " in remote:
        return None
    return _Message(remote, name, qtype, number, rcode[1] if rcode else b"")


def _time(head: bytes, clock: Clock) -> Time:
    if found := _NANOSECONDS.search(head):
        return clock.epoch(found[1] + b"." + found[2].rjust(9, b"0"))
    return time_of(head, clock)


def _observe(message: _Message, host: str, when: Time, number: int) -> Observation:
    client = message.remote.rpartition(b":")[0].strip(b"[]")
    return Observation(
        channel=Channel.DNS,
        value=host,
        ts=when[0],
        kind=Sighting.DNS_QUERY,
        client=client.decode("ascii", "backslashreplace"),
        qtype=message.qtype.decode("ascii", "replace"),
        line=number,
        time_quality=when[1],
    )


FORMAT = Format(
    name="dnsdist",
    title="dnsdist LogAction",
    read=read,
    specificity=75,
    proves=OF_DNS,
    reference="https://dnsdist.org/reference/actions.html",
    sample=(
        b"[1795226308.658612118] Packet from 10.0.0.7:41416 for api.openai.com. A with id 18116\n"
        b"[1795226309.41700679] Packet from 10.0.0.8:42702 for www.example.org. AAAA with id 43433\n"
        b"[1795226309.41912345] Answer to 10.0.0.8:42702 for www.example.org. AAAA (No Error) with id 43433\n"
    ),
    window=WINDOW,
)
