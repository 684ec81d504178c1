r"""dnsmasq with ``log-queries`` or ``log-queries=extra``, and Pi-hole's pihole.log.

    Nov 21 01:56:40 dnsmasq[7787]: query[A] api.openai.com from 127.0.0.11
    Nov 21 01:56:40 dnsmasq[7787]: 1 127.0.0.11/52247 query[A] api.openai.com from 127.0.0.11
    Nov 21 01:56:40 dnsmasq[7787]: gravity blocked chat.deepseek.com is 0.0.0.0

Only ``query[`` lines are client queries; a following line about the same name tells the outcome.
Times have neither year nor zone. Names may hold any byte, blanks included.
Reference: https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html (--log-queries)
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator

from scanner.hosts import HostTable
from scanner.logs import OF_DNS, Batch, Format, Spelled, Tally
from scanner.logs.clock import Clock
from scanner.logs.lines import numbered
from scanner.logs.pairing import WINDOW, Pending
from scanner.logs.questions import question
from scanner.logs.values import record_type
from scanner.model import Action, Observation

_QUERY = b" query["
_TAG = re.compile(rb"\bdnsmasq(?:-\w+)?(?:\[\d*\])?: ")
_HEAD = 200
# log-queries=proto puts the transport before the serial number.
_EXTRA = re.compile(rb"(?:(?:UDP|TCP) )?(\d+ \S+/\d+) ")
_OUTCOME = re.compile(
    rb"(special domain|Pi-hole hostname|\S+(?: (?:blocked|denied|blacklisted|error))?(?: \([^)]*\))?)"
    rb" (?:(.+) )?is (\S.*)"
)
_BLOCKERS = (b"gravity", b"regex", b"exactly", b"special domain", b"external blocked", b"blocked")
_NOWHERE = (b"0.0.0.0", b"::")
_DENIED = (b"REFUSED", b"blocked ")  # "is blocked during CNAME inspection"
_FAILED = (b"SERVFAIL", b"FORMERR", b"NOTIMP", b"BOGUS")


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each query about a wanted host, with its outcome where it follows."""
    pending = Pending()
    for number, line in numbered(batches):
        begin = line.find(_QUERY)
        if begin < 0:
            if not _TAG.search(line[:_HEAD]):
                tally.reject(number, "not a line of dnsmasq", line)
                continue
            tally.ignored["answer or notice"] += 1
            if pending:
                yield from pending.advance(number)
                yield from _settle(line, pending)
            continue
        name, separator, client = line[begin:].partition(b"] ")[2].rpartition(b" from ")
        host = hosts[name] if separator else None
        if not separator or b"dnsmasq" not in line[:begin]:
            tally.reject(number, "a query without its name or client", line)
        elif host:
            qtype = line[begin + len(_QUERY) :].partition(b"]")[0]
            seen = question(host, client.strip(), qtype, line[:begin], clock, number)
            if b"=" in qtype:
                seen = seen._replace(qtype=record_type(seen.qtype))
            yield from pending.hold(_key(line, name), seen)
        elif host == "":
            tally.ignored["query without a name"] += 1
    yield from pending.rest()


def _message(line: bytes) -> bytes:
    return line[line.find(b"dnsmasq") :].partition(b": ")[2]


def _key(line: bytes, name: bytes) -> Hashable:
    """The serial number and the client where they are told (log-queries=extra), else the name."""
    extra = _EXTRA.match(_message(line))
    return extra[1] if extra else name.lower()


def _settle(line: bytes, pending: Pending) -> Iterator[Observation]:
    message = _message(line)
    extra = _EXTRA.match(message)
    outcome = _OUTCOME.fullmatch(message[extra.end() :] if extra else message)
    if outcome:
        source, name, value = outcome.groups()
        key = extra[1] if extra else (name or b"").lower()
        if not pending.holds(key):  # "blocked upstream with NULL address api.openai.com is 0.0.0.0"
            key = key.rpartition(b" ")[2]
        yield from pending.settle(key, _action(source, value))


def _action(source: bytes, value: bytes) -> Action:
    if source.endswith(b" error"):
        return Action.ERROR
    if source.startswith(_BLOCKERS) or value in _NOWHERE or value.startswith(_DENIED):
        return Action.BLOCKED
    if source == b"config" and value.startswith((b"NXDOMAIN", b"NODATA")):
        return Action.BLOCKED
    if value.startswith(_FAILED):
        return Action.ERROR
    if value.startswith(b"NXDOMAIN"):
        return Action.NXDOMAIN
    return Action.ALLOWED


FORMAT = Format(
    name="dnsmasq",
    title="dnsmasq and Pi-hole query log",
    read=read,
    specificity=80,
    proves=OF_DNS,
    reference="https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html",
    sample=(
        b"Nov 21 01:58:21 dnsmasq[10863]: query[A] api.openai.com from 10.0.0.7\n"
        b"Nov 21 01:58:21 dnsmasq[10863]: forwarded api.openai.com to 10.0.0.1\n"
        b"Nov 21 01:58:21 dnsmasq[10863]: reply api.openai.com is 203.0.113.7\n"
    ),
    window=WINDOW,
    spelled=Spelled.PARTLY,
)
