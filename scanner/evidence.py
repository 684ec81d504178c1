"""Hits added up: what one source shows, small enough to keep."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from scanner import spill
from scanner.hosts import HostTable, registrable_domain
from scanner.matching import Matcher
from scanner.model import (
    Action,
    Evidence,
    EvidenceKey,
    Findings,
    Hit,
    Identifier,
    Level,
    Observation,
    Shape,
    Sighting,
    Sign,
    SignKey,
)
from scanner.privacy import Pseudonyms
from scanner.shapes import Shapes

_EPOCH_DAY = date(1970, 1, 1).toordinal()
_IPV6_TYPES = frozenset({"AAAA", "28"})
_SERVICE_TYPES = frozenset({"HTTPS", "SVCB", "65", "64"})
# What daemons write before a type that they know by number alone.
_NUMBERED = re.compile(r"(?:TYPE=?|QUERY-)(?=\d)")
# Spellings of hosts kept for each detection of a source; the rest are counted together.
_HOSTS_BOUND = 200
OTHER_HOSTS = "(others)"
# Hosts that look like AI and are kept for one source; the rest are counted together.
_SIGNS_BOUND = 5_000
# Keys of evidence in memory; more are written to files until the source is stored.
_KEYS_BOUND = 30_000


class Gathering:
    """The evidence of one source, or of a part of one, added up hit by hit.

    What it keeps does not depend on the order of the hits, nor on how a source is cut: where names
    are more than it keeps apart, the shortest stay, and the first of one length. With a ``folder``
    it keeps its size, whatever it is given: evidence waits there in files.
    """

    def __init__(
        self,
        matcher: Matcher,
        shapes: Shapes,
        pseudonyms: Pseudonyms,
        folder: Path | None = None,
    ) -> None:
        self._found = Findings()
        self._shapes = shapes
        self._hosts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._matcher = matcher
        self._pseudonyms = pseudonyms
        self._folder = folder

    @property
    def findings(self) -> Findings:
        """What was gathered."""
        for detection, hosts in self._hosts.items():
            _keep_few_hosts(hosts)
            self._found.hosts.update({(detection, host): n for host, n in hosts.items()})
        self._hosts.clear()
        _keep_few_signs(self._found.signs)
        return self._found

    def host_table(self) -> HostTable:
        """Return a table that wants what is evidence or a sign."""
        return self._matcher.host_table(self._shapes)

    def add_all(self, observations: Iterable[Observation]) -> None:
        """Add each observation: a hit to the evidence, what only looks like AI to the signs."""
        for observation in observations:
            signature = self._matcher.match(observation)
            if signature is not None:
                self.add(Hit(observation, signature))
            if signature is None or not signature.detection.evidence.creates_system:
                self._add_signs(observation, is_known=signature is not None)

    def add(self, hit: Hit) -> None:
        """Add one hit. A repeat, a second line about the same act, adds nothing.

        The bytes of a connection that another record names are no second use: they count no event.
        """
        seen = hit.observation
        if seen.action is Action.REPEAT:
            return
        detection = hit.signature.detection.id
        self._found.signatures[detection] = hit.signature
        if seen.kind is not Sighting.FLOW:
            self._count_host(detection, seen.value)
        actor, kind = self._pseudonyms.actor(seen.user, seen.client)
        key = EvidenceKey(detection, actor, kind, _day(seen.ts), seen.channel, seen.action)
        evidence = self._found.evidence.get(key)
        level = seen.level
        if evidence is None:
            self._make_room()
            evidence = self._found.evidence[key] = Evidence(level, line=seen.line)
        _add_to(evidence, seen, level)

    def _make_room(self) -> None:
        if self._folder is not None and len(self._found.evidence) >= _KEYS_BOUND:
            self._found.files.append(spill.write(self._found.evidence.items(), self._folder))
            self._found.evidence.clear()

    def _add_signs(self, seen: Observation, is_known: bool) -> None:
        """Add what an unknown host's name says, and what the path of its URL says.

        Of a host that some signature knows as shared or as a SaaS only the path is asked: a
        model API there is news, its name is not. Who reads about an API sends no POST.
        """
        if seen.action is Action.REPEAT or seen.kind is Sighting.FLOW:
            return
        by_name = () if is_known else self._shapes.of_host(seen.value)
        by_path = self._shapes.of_path(seen.path) if seen.method in (None, "POST") else ()
        for shape in (*by_name, *by_path):
            subject = seen.value if is_known else _domain(seen.value)
            key = SignKey(Identifier.HOST, subject, shape.id, seen.value)
            self._add_sign(key, shape, seen)

    def _add_sign(self, key: SignKey, shape: Shape, seen: Observation) -> None:
        signs = self._found.signs
        if len(signs) > 2 * _SIGNS_BOUND:
            _keep_few_signs(signs)
        self._found.shapes[shape.id] = shape
        sign = Sign(1, seen.level, seen.ts, seen.ts, seen.line)
        if key in signs:
            signs[key].add(sign)
        else:
            signs[key] = sign

    def _count_host(self, detection: str, host: str) -> None:
        hosts = self._hosts[detection]
        hosts[host] += 1
        if len(hosts) > 2 * _HOSTS_BOUND:
            _keep_few_hosts(hosts)


def merge(parts: Iterable[tuple[Findings, int]]) -> Findings:
    """Return what the parts of one source show together; the number is that of the lines before.

    Evidence in files stays there: ``rows`` of the result adds it up. The parts are used up.
    """
    whole = Findings()
    for part, lines in parts:
        whole.parts.append((part, lines))
        whole.signatures.update(part.signatures)
        whole.shapes.update(part.shapes)
        whole.hosts.update(part.hosts)
        for key, sign in part.signs.items():
            sign.line += lines
            if key in whole.signs:
                whole.signs[key].add(sign)
            else:
                whole.signs[key] = sign
    by_detection: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (detection, host), records in whole.hosts.items():
        by_detection[detection][host] = records
    whole.hosts.clear()
    for detection, hosts in by_detection.items():
        _keep_few_hosts(hosts)
        whole.hosts.update({(detection, host): n for host, n in hosts.items()})
    _keep_few_signs(whole.signs)
    return whole


def rows(found: Findings) -> Iterator[tuple[EvidenceKey, Evidence]]:
    """Yield all evidence in the order of its keys, each key once."""
    return spill.merged(_runs(found, 0))


def _runs(found: Findings, lines: int) -> Iterator[tuple[Iterable[spill.Row], int]]:
    yield sorted(found.evidence.items(), key=lambda row: spill.order(row[0])), lines
    for path in found.files:
        yield spill.read(path), lines
    for part, before in found.parts:
        yield from _runs(part, lines + before)


def _keep_few_hosts(hosts: Counter[str]) -> None:
    others = hosts.pop(OTHER_HOSTS, 0)
    for host in sorted(hosts, key=lambda host: (len(host), host))[_HOSTS_BOUND:]:
        others += hosts.pop(host)
    if others:
        hosts[OTHER_HOSTS] = others


def _keep_few_signs(signs: dict[SignKey, Sign]) -> None:
    names = [key for key in signs if key.detail != OTHER_HOSTS]
    for key in sorted(names, key=lambda key: (len(key.detail), key))[_SIGNS_BOUND:]:
        sign = signs.pop(key)
        together = key._replace(subject=OTHER_HOSTS, detail=OTHER_HOSTS)
        if together in signs:
            signs[together].add(sign)
        else:
            signs[together] = sign


@lru_cache(maxsize=_SIGNS_BOUND)
def _domain(host: str) -> str:
    return registrable_domain(host)


def _add_to(evidence: Evidence, seen: Observation, level: Level) -> None:
    qtype = _plain_type(seen.qtype)
    if seen.kind is Sighting.FLOW:
        pass
    elif qtype in _IPV6_TYPES:
        evidence.ipv6 += 1
    elif qtype in _SERVICE_TYPES:
        evidence.service += 1
    else:
        evidence.plain += 1
    if level > evidence.level:
        evidence.level = level
    evidence.bytes_up += seen.bytes_up or 0
    evidence.bytes_down += seen.bytes_down or 0
    if seen.line < evidence.line:
        evidence.line = seen.line
    if (when := seen.ts) is not None:
        if evidence.first is None or when < evidence.first:
            evidence.first = when
        if evidence.last is None or when > evidence.last:
            evidence.last = when


@lru_cache(maxsize=256)
def _plain_type(qtype: str | None) -> str:
    return _NUMBERED.sub("", (qtype or "").upper())


def _day(when: datetime | None) -> int | None:
    return None if when is None else when.toordinal() - _EPOCH_DAY
