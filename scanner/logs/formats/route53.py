"""Route 53 Resolver's query log (Amazon VPC), one JSON record a line.

    {"version":"1.100000","account_id":"111122223333","region":"us-east-1","vpc_id":"vpc-7example","query_timestamp":"2026-11-20T08:01:02Z","query_name":"api.openai.com.","query_type":"A","query_class":"IN","rcode":"NOERROR","answers":[],"srcaddr":"10.0.0.7","srcport":"48701","transport":"UDP","srcids":{}}

The resolver logs every name of a CNAME chain as if the client had asked for it, before or after
the name that it did ask for: such a record is a repeat.
Reference: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from scanner.hosts import HostTable, fold
from scanner.logs import OF_DNS, Batch, Format, Spelled, Tally
from scanner.logs.clock import Clock
from scanner.logs.lines import numbered
from scanner.logs.values import decoded, outcome, record_type, text
from scanner.model import Action, Channel, Observation, Sighting

_WINDOW = 1000
_SINKHOLES = frozenset({"0.0.0.0", "::"})  # noqa: S104 - answers, not addresses to bind

# Source address, source port and name: what a chain's records have in common.
_Link = tuple[str | None, str | None, str]


class _Names(msgspec.Struct, gc=False):
    """The few fields that decide whether a record is wanted."""

    query_name: Any = None
    query_timestamp: Any = None
    query_class: Any = None
    srcaddr: Any = None


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each record about a wanted host."""
    decode = msgspec.json.Decoder(_Names).decode
    chains = _Chains()
    for number, line in numbered(batches):
        try:
            names = decoded(decode, line)
            if not isinstance(names.query_name, str) or names.query_timestamp is None:
                tally.reject(number, "not a record of Route 53: no query_name and time", line)
                continue
            if names.srcaddr is None and names.query_class is None:
                tally.reject(number, "not a record of Route 53: no srcaddr and class", line)
                continue
            host = hosts[names.query_name]
            if host:
                row = decoded(msgspec.json.decode, line)
                yield from chains.take(row, _observe(row, host, clock, number))
            elif host == "":
                tally.ignored["record without a host"] += 1
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            tally.reject(number, f"not a JSON record: {error}", line)
    yield from chains.rest()


class _Chains:
    """Wanted questions, held for some lines above and below, to see which end a CNAME chain."""

    def __init__(self) -> None:
        self._held: deque[tuple[_Link, Observation]] = deque()
        self._aliased: dict[_Link, int] = {}  # to the last line that names it as a CNAME's target

    def take(self, row: dict[str, Any], seen: Observation) -> Iterator[Observation]:
        """Hold a question; yields those too far above to be told of any more."""
        while self._held and seen.line - self._held[0][1].line > _WINDOW:
            yield self._leave()
        while self._aliased and seen.line - next(iter(self._aliased.values())) > 2 * _WINDOW:
            del self._aliased[next(iter(self._aliased))]
        asker = text(row.get("srcaddr")), text(row.get("srcport"))
        for target in _targets(row):
            self._aliased.pop((*asker, target), None)
            self._aliased[(*asker, target)] = seen.line
        self._held.append(((*asker, seen.value), seen))

    def rest(self) -> Iterator[Observation]:
        """Yield what is still held."""
        while self._held:
            yield self._leave()

    def _leave(self) -> Observation:
        link, seen = self._held.popleft()
        named = self._aliased.get(link)
        if named is None or abs(named - seen.line) > _WINDOW:
            return seen
        return seen._replace(action=Action.REPEAT)


def _targets(row: dict[str, Any]) -> set[str]:
    """Return the names that the answers lead on to, other than the one asked for."""
    rdata = (_value(one) for one in _answers(row) if one.get("Type") == "CNAME")
    targets = {fold(one.encode("utf-8", "surrogatepass")) for one in rdata if one}
    return targets - {fold(str(row["query_name"]).encode("utf-8", "surrogatepass"))}


def _observe(row: dict[str, Any], host: str, clock: Clock, line: int) -> Observation:
    when, quality = clock.any(row.get("query_timestamp"))
    sources = row.get("srcids")
    instance = text(sources.get("instance")) if isinstance(sources, dict) else None
    return Observation(
        channel=Channel.DNS,
        value=host,
        ts=when,
        kind=Sighting.DNS_QUERY,
        client=text(row.get("srcaddr")) or instance,
        action=_action(row),
        qtype=record_type(row.get("query_type")),
        line=line,
        time_quality=quality,
    )


def _action(row: dict[str, Any]) -> Action:
    if (text(row.get("firewall_rule_action")) or "").upper() == "BLOCK":
        return Action.BLOCKED
    addresses = {_value(one) for one in _answers(row) if one.get("Type") in ("A", "AAAA")}
    if addresses and addresses <= _SINKHOLES:
        return Action.BLOCKED
    return outcome(text(row.get("rcode"))) or Action.UNKNOWN


def _answers(row: dict[str, Any]) -> list[dict[str, Any]]:
    answers = row.get("answers")
    return [one for one in answers if isinstance(one, dict)] if isinstance(answers, list) else []


def _value(answer: dict[str, Any]) -> str:
    return text(answer.get("Rdata")) or ""


FORMAT = Format(
    name="route53",
    title="Amazon Route 53 Resolver query log",
    read=read,
    specificity=60,
    proves=OF_DNS,
    reference="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html",
    sample=(
        b'{"version":"1.100000","account_id":"111122223333","region":"us-east-1","vpc_id":"vpc-7example",'
        b'"query_timestamp":"2026-11-20T08:01:02Z","query_name":"api.openai.com.","query_type":"A",'
        b'"query_class":"IN","rcode":"NOERROR","answers":[{"Rdata":"203.0.113.9","Type":"A","Class":"IN"}],'
        b'"srcaddr":"10.0.0.7","srcport":"48701","transport":"UDP","srcids":{"instance":"i-0d15cd0d3example"}}\n'
        b'{"version":"1.100000","account_id":"111122223333","region":"us-east-1","vpc_id":"vpc-7example",'
        b'"query_timestamp":"2026-11-20T08:01:09Z","query_name":"chat.deepseek.com.","query_type":"AAAA",'
        b'"query_class":"IN","rcode":"NOERROR","answers":[],"srcaddr":"10.0.0.8","srcport":"56067",'
        b'"transport":"UDP","srcids":{"instance":"i-0d15cd0d4example"},"firewall_rule_action":"BLOCK",'
        b'"firewall_rule_group_id":"rslvr-frg-01","firewall_domain_list_id":"rslvr-fdl-01"}\n'
    ),
    window=_WINDOW,
    spelled=Spelled.PARTLY,
)
