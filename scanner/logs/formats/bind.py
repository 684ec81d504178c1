r"""BIND 9 query log, with or without time, category, severity, view and client-subnet parts; NIOS too.

    21-Nov-2026 01:58:27.489 queries: info: client @0x7f71 127.0.0.1#37648 (api.openai.com): query: api.openai.com IN HTTPS +E(0)K (127.0.0.1)
    ... client @0x7f71 10.0.0.9#4001 (chatgpt.com): rpz QNAME NXDOMAIN rewrite chatgpt.com/A/IN via chatgpt.com.rpz.local
    ... client @0x7f71 10.0.0.9#4001 (claude.ai): response: claude.ai IN A NOERROR 1 0 1 +E(0)K (10.0.0.1)
    ... named[7]: 21-Nov-2026 01:58:28.043 client 10.0.0.9#4001: UDP: query: claude.ai IN A response: NOERROR +ED claude.ai 300 IN A 203.0.113.7;

Names are escaped as in master files and keep their case. A ``rpz ... rewrite`` line about the
same query is a block; a ``query failed`` line repeats the name and is no second query, nor is its
response: that of ``responselog``, EfficientIP's ``answer:``, or that of Infoblox NIOS, dated by
itself behind the date of syslog. Where queries are not logged, a rewrite or a response is counted
in their place.
Reference: https://bind9.readthedocs.io/en/stable/reference.html#namedconf-statement-querylog
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from scanner.hosts import HostTable
from scanner.logs import OF_DNS, Batch, Format, Tally, sieve_of
from scanner.logs.clock import Clock
from scanner.logs.lines import numbered
from scanner.logs.pairing import WINDOW, Pending
from scanner.logs.questions import question
from scanner.model import Action, Observation

if TYPE_CHECKING:
    from scanner.logs.rows import Cells, Mask, Rows

_ASKS = b"query:"
_LAYOUTS = 4  # with and without a view, a key
_QUERY = b": query: "
_RESPONSE = b" response: "
_CLASSES = (b"IN ", b"CH ", b"HS ", b"ANY ", b"CLASS")
_CLIENT = re.compile(
    rb"client (?:@\S+ )?([0-9A-Fa-f.:%\w]+)#(\d+)(?:/key \S+)?(?: \(.*?\))?(?::| (?=UDP:|TCP:))"
)
_RPZ = re.compile(rb"rpz \S+ (\S+) rewrite (\S+?)/(\w+)/\w+ via ")
_FAILED = re.compile(rb": query failed \(([^()]+)\) for (\S+?)/\w+/(\w+) at ")
_DENIED = re.compile(rb": query (?:\(cache\) )?'(\S+?)/(\w+)/\w+' denied")
# BIND gives a response's code and counts, EfficientIP an arrow, the code and the records.
_ANSWERED = re.compile(
    rb": (?:response|answer): (\S+) (?:IN|CH|HS|ANY|CLASS\d+) (\w+)"
    rb"(?: ([A-Z]+) \d+ \d+ \d+ |(?: [+-]\S*)? \(\S+\) -> (\w+)(.*))?"
)
_NIOS = b": CEF:0|Infoblox|NIOS|"
_NIOS_RPZ = re.compile(
    rb' src=(\S+) spt=(\d+) (?:[^"]*? )?qtype=\S+ msg="rpz \S+ (\S+) rewrite (\S+) \[(\w+)\] via '
)
_LONGEST_CEF = 2000
# named's other lines: a category or a severity, or a time of one of its three kinds.
_NAMED = re.compile(
    rb"(?:^|named\[\d+\]: |\d\d:\d\d:\d\d(?:\.\d+)?Z? )(?:[a-z-]+: )?(?:info|notice|warning|error|debug \d+|critical): "
    rb"|^\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d\.\d{3} |named\[\d+\]: "
)
# Neither a category nor a severity need be printed.
_BARE = re.compile(
    rb"(?:view \S+: +)?(?:validating \S+/\w+: |zone \S+/(?:IN|CH)\b|transfer of '|rpz: |DNS format error from "
    rb"|dns_diff_apply: |managed-keys-zone|received control channel command|[\w ]{4,60} resolving '\S+')"
)
# NIOS serves addresses too, and logs both.
_DHCP = re.compile(rb"(?:^|\]: )(?:DHCP[A-Z]{3,8} (?:on|for|from|of) |Option 82: |r-l-e:)")
_BY_RCODE = {
    b"NOERROR": Action.ALLOWED,
    b"NXDOMAIN": Action.NXDOMAIN,
    b"REFUSED": Action.BLOCKED,
}
_NOWHERE = re.compile(rb" (?:A 0\.0\.0\.0|AAAA ::)(?=[; ]|$)")


class _Event(NamedTuple):
    """What a line says about one query: who asked for what, and what became of it."""

    client: bytes
    port: bytes
    name: bytes
    qtype: bytes
    head: bytes
    action: Action = Action.UNKNOWN

    @property
    def key(self) -> Hashable:
        return self.client, self.port, self.name.lower().rstrip(b"."), self.qtype

    def observe(self, host: str, clock: Clock, number: int) -> Observation:
        seen = question(host, self.client, self.qtype, self.head, clock, number)
        return seen.become(self.action)


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each query about a wanted host."""
    pending = Pending()
    for number, line in numbered(_worth_a_look(batch, hosts) for batch in batches):
        begin = line.find(_QUERY)
        if begin < 0:
            yield from _other(line, number, hosts, tally, clock, pending)
            continue
        name, _, rest = line[begin + len(_QUERY) :].partition(b" ")
        if line.find(b"client ", 0, begin) < 0 or not rest.startswith(_CLASSES):
            tally.reject(number, "no client, or no class after the name", line)
            continue
        host = hosts[name]
        if host is None:
            continue
        event = _asked(line, name, rest)
        if event is None or not host:
            tally.reject(number, "no client address, or no name", line)
        elif event.action is Action.UNKNOWN:
            yield from pending.hold(event.key, event.observe(host, clock, number))
        else:
            yield from _settle(event, "response", host, number, tally, clock, pending)
    yield from pending.rest()


def _are_queries(rows: Rows) -> Mask:
    words = rows.words_apart()
    is_plain, is_open = rows.none(), ~rows.strange()
    for _ in range(_LAYOUTS):
        row = int(is_open.argmax())  # the first that is
        first = rows.line(row).split()
        is_open[row] = False
        if _ASKS in first:
            asks, is_name = _queries(words, first.index(_ASKS))
            is_plain |= is_open & asks & is_name
            is_open &= ~asks
    return is_plain


def _queries(words: Cells, at: int) -> tuple[Mask, Mask]:
    """Tell the rows that have ``query:`` for a word there, and those with a name of a class after it."""
    word, name = words.column(at), words.column(at + 1)
    asks = (words.counts > at + 3) & word.is_one_of([_ASKS])
    is_whole = word.ahead(2).reads(b": query:") & (name.starts == word.ends + 1)
    return asks, is_whole & name.after().reads(b" IN ") & name.is_a_name()


def _worth_a_look(batch: Batch, hosts: HostTable) -> Batch:
    """Return a batch without the queries for unwanted hosts, which are most of its lines."""
    found = [
        one
        for one in zip(*batch, strict=True)
        if not (
            (asked := one[1].partition(_QUERY)[2].partition(b" IN "))[1] and hosts[asked[0]] is None
        )
    ]
    return Batch([number for number, _ in found], [line for _, line in found])


def _asked(line: bytes, name: bytes, rest: bytes) -> _Event | None:
    """Read a query, or the response that names it; ``rest`` is what stands after the name."""
    client = _CLIENT.search(line)
    if client is None:
        return None
    asked, is_response, answer = rest.partition(_RESPONSE)
    action = _response(answer) if is_response else Action.UNKNOWN
    qtype = asked.split(b" ")[1]
    return _Event(client[1], client[2], name, qtype, line[: client.start()], action)


def _response(answer: bytes) -> Action:
    if _NOWHERE.search(answer):
        return Action.BLOCKED
    return _BY_RCODE.get(answer.split(b" ", 1)[0], Action.ERROR)


def _other(
    line: bytes, number: int, hosts: HostTable, tally: Tally, clock: Clock, pending: Pending
) -> Iterator[Observation]:
    """Account for a line that is no query: a block, a failure, or named talking of itself."""
    if b" rewrite " in line and (rewrite := _rewritten(line)):
        host = hosts[rewrite.name]
        if host:
            yield from _settle(rewrite, "policy rewrite", host, number, tally, clock, pending)
        else:
            tally.ignored["policy rewrite of another name"] += 1
    elif answered := _answered(line):
        if host := hosts[answered.name]:
            yield from _settle(answered, "response", host, number, tally, clock, pending)
    elif failure := _failed(line):
        tally.ignored["failure of a query"] += 1
        if pending:
            yield from pending.advance(number)
            yield from pending.settle(failure.key, failure.action)
    elif _NAMED.search(line) or _CLIENT.search(line) or _BARE.match(line):
        tally.ignored["other category"] += 1
    elif _DHCP.search(line):
        tally.ignored["line of the DHCP server"] += 1
    else:
        tally.reject(number, "not a line of named", line)


def _answered(line: bytes) -> _Event | None:
    """Read the line about a response."""
    if b": response: " not in line and b": answer: " not in line:
        return None
    found, client = _ANSWERED.search(line), _CLIENT.search(line)
    if found is None or client is None:
        return None
    name, qtype, code, outcome, records = found.groups()
    rcode = code or outcome
    action = _response(rcode + (records or b"")) if rcode else Action.UNKNOWN
    return _Event(client[1], client[2], name, qtype, line[: client.start()], action)


def _failed(line: bytes) -> _Event | None:
    """Read the line about a query that came to nothing, or that was denied."""
    if b": query " not in line:
        return None
    client = _CLIENT.search(line)
    if client is None:
        return None
    if failure := _FAILED.search(line):
        action = _BY_RCODE.get(failure[1], Action.ERROR)
        return _Event(client[1], client[2], failure[2], failure[3], b"", action)
    denial = _DENIED.search(line)
    return denial and _Event(client[1], client[2], denial[1], denial[2], b"", Action.BLOCKED)


def _rewritten(line: bytes) -> _Event | None:
    """Read the line about a response policy; NIOS words it as CEF."""
    if _NIOS in line[:_LONGEST_CEF]:
        found = _NIOS_RPZ.search(line[:_LONGEST_CEF])
        if found is None:
            return None
        client, port, policy, name, qtype = found.groups()
        head = line.partition(_NIOS)[0]
    else:
        rewrite, asked = _RPZ.search(line), _CLIENT.search(line)
        if rewrite is None or asked is None:
            return None
        (policy, name, qtype), (client, port) = rewrite.groups(), asked.groups()
        head = line[: asked.start()]
    return _Event(client, port, name, qtype, head, _policy_action(line, policy))


def _settle(
    event: _Event,
    what: str,
    host: str,
    number: int,
    tally: Tally,
    clock: Clock,
    pending: Pending,
) -> Iterator[Observation]:
    """Settle the query above by what followed it; without a query above, count it for the query."""
    yield from pending.advance(number)
    if pending.was_asked(event.key):
        tally.ignored[f"{what} of a query above"] += 1
        yield from pending.settle(event.key, event.action)
    else:
        yield event.observe(host, clock, number)


def _policy_action(line: bytes, policy: bytes) -> Action:
    """What a policy did: one that is disabled or lets pass is only logged."""
    is_idle = b"disabled rpz " in line or policy in (b"PASSTHRU", b"DISABLED")
    return Action.ALLOWED if is_idle else Action.BLOCKED


FORMAT = Format(
    name="bind",
    title="BIND 9 and Infoblox NIOS query log",
    read=read,
    sieve=sieve_of(_are_queries),
    specificity=80,
    proves=OF_DNS,
    reference="https://bind9.readthedocs.io/en/stable/reference.html",
    sample=(
        b"21-Nov-2026 01:58:26.853 queries: info: client @0x7f7135329098 10.0.0.7#57789 (api.openai.com): "
        b"query: api.openai.com IN A +E(0)K (10.0.0.1)\n"
        b"21-Nov-2026 01:58:26.889 queries: info: client @0x7f7137a08098 10.0.0.8#59009 (www.example.org): "
        b"query: www.example.org IN AAAA + (10.0.0.1)\n"
    ),
    window=WINDOW,
)
