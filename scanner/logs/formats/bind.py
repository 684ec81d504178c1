r"""BIND 9 query log, with or without time, category, severity, view and client-subnet parts.

    21-Nov-2026 01:58:27.489 queries: info: client @0x7f71 127.0.0.1#37648 (api.openai.com): query: api.openai.com IN HTTPS +E(0)K (127.0.0.1)
    ... client @0x7f71 10.0.0.9#4001 (chatgpt.com): rpz QNAME NXDOMAIN rewrite chatgpt.com/A/IN via chatgpt.com.rpz.local

Names are escaped as in master files and keep their case. A ``rpz ... rewrite`` line about the
same query is a block; a ``query failed`` line repeats the name and is no second query.
Reference: https://bind9.readthedocs.io/en/stable/reference.html#namedconf-statement-querylog
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scanner.hosts import HostTable
from scanner.logs import OF_DNS, Batch, Format, Tally
from scanner.logs.clock import Clock
from scanner.logs.lines import numbered
from scanner.logs.pairing import Pending
from scanner.logs.questions import question
from scanner.model import Action, Observation

_QUERY = b": query: "
_CLIENT = re.compile(rb"client (?:@\S+ )?([0-9A-Fa-f.:%\w]+)#(\d+)(?:/key \S+)?(?: \((.*?)\))?:")
_RPZ = re.compile(rb"rpz \S+ (\S+) rewrite (\S+?)/(\w+)/\w+ via ")
_FAILED = b": query failed ("
# named's other lines: a category or a severity, or a time of one of its three kinds.
_NAMED = re.compile(
    rb"(?:^|named\[\d+\]: |\d\d:\d\d:\d\d(?:\.\d+)?Z? )(?:[a-z-]+: )?(?:info|notice|warning|error|debug \d+|critical): "
    rb"|^\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d\.\d{3} |named\[\d+\]: "
)


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each query about a wanted host."""
    pending = Pending()
    for number, line in numbered(batches):
        begin = line.find(_QUERY)
        if begin < 0:
            yield from _other(line, number, hosts, tally, clock, pending)
            continue
        name, _, question = line[begin + len(_QUERY) :].partition(b" ")
        if line.find(b"client ", 0, begin) < 0 or not question.startswith(
            (b"IN ", b"CH ", b"HS ", b"ANY ", b"CLASS")
        ):
            tally.reject(number, "no client, or no class after the name", line)
            continue
        host = hosts[name]
        if host is None:
            continue
        if seen := _observe(line, host, question.split(b" ")[1], clock, number):
            yield from pending.hold(_key(line), seen)
        else:
            tally.reject(number, "no client address", line)
    yield from pending.rest()


def _observe(line: bytes, host: str, qtype: bytes, clock: Clock, number: int) -> Observation | None:
    client = _CLIENT.search(line)
    if client is None or not host:
        return None
    return question(host, client[1], qtype, line[: client.start()], clock, number)


def _other(
    line: bytes, number: int, hosts: HostTable, tally: Tally, clock: Clock, pending: Pending
) -> Iterator[Observation]:
    """Account for a line that is no query: a block, a failure, or named talking of itself."""
    if rewrite := _RPZ.search(line):
        if pending.holds(_key(line)):
            tally.ignored["policy rewrite of a query above"] += 1
            yield from pending.settle(_key(line), _policy_action(line, rewrite[1]))
        elif (host := hosts[rewrite[2]]) and (
            seen := _observe(line, host, rewrite[3], clock, number)
        ):
            yield seen._replace(action=_policy_action(line, rewrite[1]))
        else:
            tally.ignored["policy rewrite of another name"] += 1
    elif _FAILED in line:
        tally.ignored["failure of a query"] += 1
        yield from pending.settle(_key(line), Action.ERROR)
    elif _NAMED.search(line) or _CLIENT.search(line):
        tally.ignored["other category"] += 1
    else:
        tally.reject(number, "not a line of named", line)


def _policy_action(line: bytes, policy: bytes) -> Action:
    """What a policy did: one that is disabled or lets pass is only logged."""
    is_idle = b"disabled rpz " in line or policy in (b"PASSTHRU", b"DISABLED")
    return Action.ALLOWED if is_idle else Action.BLOCKED


def _key(line: bytes) -> tuple[bytes | None, ...] | None:
    client = _CLIENT.search(line)
    return client.groups() if client else None


FORMAT = Format(
    name="bind",
    title="BIND 9 query log",
    read=read,
    specificity=80,
    proves=OF_DNS,
    reference="https://bind9.readthedocs.io/en/stable/reference.html",
    sample=(
        b"21-Nov-2026 01:58:26.853 queries: info: client @0x7f7135329098 10.0.0.7#57789 (api.openai.com): "
        b"query: api.openai.com IN A +E(0)K (10.0.0.1)\n"
        b"21-Nov-2026 01:58:26.889 queries: info: client @0x7f7137a08098 10.0.0.8#59009 (www.example.org): "
        b"query: www.example.org IN AAAA + (10.0.0.1)\n"
    ),
)
