r"""PowerDNS Recursor with ``quiet=no``: structured as text or JSON, and the older prose.

    Nov 21 01:58:27 msg="Question" subsystem="syncres" ... ts="1795226307.936" mtid="1" qname="api.openai.com" qtype="A" remote="10.0.0.7:59554"
    Nov 21 01:58:28 msg="Question answered from packet cache" subsystem="in" ... qname="api.openai.com" qtype="A" remote="10.0.0.7:56013"
    Nov 21 01:58:27 pdns_recursor[77]: 2 [395002/1] question for 'api.openai.com|A' from 10.0.0.7:56765
    Nov 21 01:58:27 pdns_recursor[77]: 2 [395002/1] answer to question 'api.openai.com|A': 1 answers, ... rcode=0

A question that the packet cache answers is logged by that line alone, so both kinds count. An
``Answer`` tells what became of its question. JSON and prose are from documentation.
Reference: https://doc.powerdns.com/recursor/settings.html#quiet
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from scanner.hosts import HostTable
from scanner.logs import OF_DNS, Batch, Format, Tally
from scanner.logs.clock import Clock, Time
from scanner.logs.lines import numbered
from scanner.logs.pairing import WINDOW, Pending
from scanner.logs.syslog import time_of
from scanner.logs.values import decoded, text
from scanner.model import Action, Channel, Observation, Sighting

_QUESTIONS = ("Question", "Question answered from packet cache")
_ANSWER = "Answer"
_MESSAGE = re.compile(rb'(?:^| )msg="([^"\\]{1,200})" subsystem="')
_FIELD = re.compile(rb' (qname|qtype|remote|rcode|ts)="((?:[^"\\]|\\.)*)"', re.DOTALL)
_HEAD = 300
# A name takes at most a thousand bytes with its escapes; the rest of an entry is less.
_LONGEST = 8000
# What every structured entry has.
_OF_EACH = (b'msg="', b' subsystem="', b' prio="', b' tid="')
# "2 [395002/1] question for 'name|type' from client:port", in what other programs never write.
_PROSE = re.compile(rb"\[(\d{1,12})(?:/\d{1,12})?\] question for '")
# It names no client: the number of the thread tells whose question it answers.
_PROSE_ANSWER = re.compile(
    rb"\[(\d{1,12})(?:/\d{1,12})?\] answer to question '(\S{1,1100})\|(\w+)':.*? rcode=(\d+)"
)
_NOTICE = re.compile(
    rb"pdns_(?:recursor|server)(?:\[\d+\])?: |PowerDNS (?:Recursor|comes with) |Remote \S+ wants '"
    rb"|\[\d{1,12}(?:/\d{1,12})?\] answer to question '"
)
_BY_RCODE = {
    "0": Action.ALLOWED,
    "3": Action.NXDOMAIN,
    "5": Action.BLOCKED,
}


class _Entry(NamedTuple):
    """A log entry, in whichever layout it was written."""

    msg: str
    qname: str = ""
    qtype: str = ""
    remote: str = ""
    rcode: str = ""
    ts: str = ""
    thread: str = ""


class _Key(NamedTuple):
    asker: str  # in prose the number of the thread
    name: str
    qtype: str


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each question about a wanted host, with its outcome if it follows."""
    pending = Pending()
    for number, line in numbered(batches):
        entry = (
            _json(line)
            if line.startswith(b"{")
            else _structured(line) or _prose(line) or _prose_answer(line)
        )
        if entry is None:
            _account(line, number, tally)
            continue
        key = _Key(entry.thread or entry.remote, entry.qname.lower(), entry.qtype)
        if entry.msg in _QUESTIONS:
            host = hosts[entry.qname.encode("utf-8", "surrogatepass")]
            if host == "":
                tally.ignored["question without a name"] += 1
            elif host:
                seen = _observe(entry, host, _time(entry, line, clock), number)
                yield from pending.hold(key, seen)
        else:
            tally.ignored["answer" if entry.msg == _ANSWER else "notice"] += 1
            if entry.msg == _ANSWER and pending:
                yield from pending.advance(number)
                yield from pending.settle(key, _BY_RCODE.get(entry.rcode, Action.ERROR))
    yield from pending.rest()


def _account(line: bytes, number: int, tally: Tally) -> None:
    if _NOTICE.search(line[:_HEAD]) or all(name in line[:_LONGEST] for name in _OF_EACH):
        tally.ignored["notice"] += 1
    else:
        tally.reject(number, "not a line of PowerDNS Recursor", line)


def _json(line: bytes) -> _Entry | None:
    try:
        record = decoded(msgspec.json.decode, line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if not isinstance(record, dict) or not all(
        isinstance(record.get(name), str) for name in ("msg", "subsystem", "prio")
    ):
        return None
    return _Entry(*(text(record.get(name)) or "" for name in _Entry._fields))


def _structured(line: bytes) -> _Entry | None:
    found = _MESSAGE.search(line, 0, _HEAD)
    if not found:
        return None
    message = found[1].decode("utf-8", "replace")
    if message not in (*_QUESTIONS, _ANSWER):
        return _Entry(message)
    fields = {
        name.decode(): value.decode("utf-8", "backslashreplace")
        for name, value in _FIELD.findall(line[:_LONGEST])
    }
    return _Entry(message, **fields)


def _prose(line: bytes) -> _Entry | None:
    found = _PROSE.search(line, 0, _HEAD)
    if not found:
        return None
    asked, separator, remote = line[found.end() : _LONGEST].partition(b"' from ")
    name, bar, qtype = asked.rpartition(b"|")
    if not (separator and bar):
        return None
    words = [part.decode("utf-8", "backslashreplace") for part in (name, qtype)]
    client = remote.split(b" ", 1)[0].decode("ascii", "backslashreplace")
    return _Entry(_QUESTIONS[0], words[0], words[1], client, thread=found[1].decode())


def _prose_answer(line: bytes) -> _Entry | None:
    found = _PROSE_ANSWER.search(line[:_LONGEST])
    if not found:
        return None
    thread, name, qtype, rcode = (
        part.decode("utf-8", "backslashreplace") for part in found.groups()
    )
    return _Entry(_ANSWER, name, qtype, rcode=rcode, thread=thread)


def _time(entry: _Entry, line: bytes, clock: Clock) -> Time:
    when = clock.epoch(entry.ts)
    return when if when[0] is not None else time_of(line, clock)


def _observe(entry: _Entry, host: str, when: Time, number: int) -> Observation:
    source = entry.remote.partition(" (proxied by ")[0]
    return Observation(
        channel=Channel.DNS,
        value=host,
        ts=when[0],
        kind=Sighting.DNS_QUERY,
        client=text(source.rpartition(":")[0].strip("[]")),
        qtype=text(entry.qtype),
        line=number,
        time_quality=when[1],
    )


FORMAT = Format(
    name="powerdns",
    title="PowerDNS Recursor",
    read=read,
    specificity=80,
    proves=OF_DNS,
    reference="https://doc.powerdns.com/recursor/settings.html",
    sample=(
        b'Nov 21 01:58:27 msg="Question" subsystem="syncres" level="0" prio="Info" tid="3" ts="1795226307.936" '
        b'ecs="" mtid="1" proto="udp" qname="api.openai.com" qtype="A" remote="10.0.0.7:59554"\n'
        b'Nov 21 01:58:27 msg="Answer" subsystem="syncres" level="0" prio="Info" tid="3" ts="1795226307.940" '
        b'additional="1" answers="1" ecs="" mtid="1" proto="udp" qname="api.openai.com" qtype="A" rcode="0" '
        b'rd="1" remote="10.0.0.7:59554" validationState="Indeterminate"\n'
        b'Nov 21 01:58:28 msg="Question answered from packet cache" subsystem="in" level="0" prio="Notice" tid="3" '
        b'ts="1795226308.582" proto="udp" qname="ApI.OpEnAi.CoM" qtype="A" remote="10.0.0.8:56013" '
        b'source="10.0.0.8:56013" tag="0"\n'
    ),
    window=WINDOW,
)
