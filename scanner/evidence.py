"""Hits added up: what one source shows, small enough to keep."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from scanner.hosts import HostTable, registrable_domain
from scanner.matching import Matcher
from scanner.model import (
    Action,
    Evidence,
    EvidenceKey,
    Findings,
    Hit,
    Identifier,
    Observation,
    Shape,
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


class Gathering:
    """The evidence of one source, added up hit by hit. Its size is bounded by distinct keys."""

    def __init__(self, matcher: Matcher, shapes: Shapes, pseudonyms: Pseudonyms) -> None:
        self.findings = Findings()
        self._shapes = shapes
        self._hosts_of: Counter[str] = Counter()
        self._matcher = matcher
        self._pseudonyms = pseudonyms

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
        """Add one hit. A repeat, a second line about the same act, adds nothing."""
        seen = hit.observation
        if seen.action is Action.REPEAT:
            return
        detection = hit.signature.detection.id
        self.findings.signatures[detection] = hit.signature
        self._count_host(detection, seen.value)
        key = EvidenceKey(
            detection,
            *self._pseudonyms.actor(seen.user, seen.client),
            day=_day(seen.ts),
            channel=seen.channel,
            action=seen.action,
        )
        evidence = self.findings.evidence.get(key)
        if evidence is None:
            evidence = Evidence(level=seen.level, line=seen.line)
            self.findings.evidence[key] = evidence
        _add_to(evidence, seen)

    def _add_signs(self, seen: Observation, is_known: bool) -> None:
        """Add what an unknown host's name says, and what the path of its URL says.

        Of a host that some signature knows as shared or as a SaaS only the path is asked: a
        model API there is news, its name is not. Who reads about an API sends no POST.
        """
        if seen.action is Action.REPEAT:
            return
        by_name = () if is_known else self._shapes.of_host(seen.value)
        by_path = self._shapes.of_path(seen.path) if seen.method in (None, "POST") else ()
        for shape in (*by_name, *by_path):
            subject = seen.value if is_known else _domain(seen.value)
            key = SignKey(Identifier.HOST, subject, shape.id, seen.value)
            self._add_sign(key, shape, seen)

    def _add_sign(self, key: SignKey, shape: Shape, seen: Observation) -> None:
        signs = self.findings.signs
        if key not in signs and len(signs) >= _SIGNS_BOUND:
            key = key._replace(subject=OTHER_HOSTS, detail=OTHER_HOSTS)
        self.findings.shapes[shape.id] = shape
        sign = signs.setdefault(key, Sign(line=seen.line))
        sign.records += 1
        sign.level = max(sign.level, seen.level)
        sign.line = min(sign.line, seen.line)
        if seen.ts is not None:
            sign.first = min(sign.first or seen.ts, seen.ts)
            sign.last = max(sign.last or seen.ts, seen.ts)

    def _count_host(self, detection: str, host: str) -> None:
        hosts = self.findings.hosts
        if (detection, host) not in hosts:
            if self._hosts_of[detection] >= _HOSTS_BOUND:
                host = OTHER_HOSTS
            self._hosts_of[detection] += 1
        hosts[detection, host] += 1


@lru_cache(maxsize=_SIGNS_BOUND)
def _domain(host: str) -> str:
    return registrable_domain(host)


def _add_to(evidence: Evidence, seen: Observation) -> None:
    qtype = _plain_type(seen.qtype)
    if qtype in _IPV6_TYPES:
        evidence.ipv6 += 1
    elif qtype in _SERVICE_TYPES:
        evidence.service += 1
    else:
        evidence.plain += 1
    evidence.level = max(evidence.level, seen.level)
    evidence.bytes_up += seen.bytes_up or 0
    evidence.bytes_down += seen.bytes_down or 0
    evidence.line = min(evidence.line, seen.line)
    if seen.ts is not None:
        evidence.first = min(evidence.first or seen.ts, seen.ts)
        evidence.last = max(evidence.last or seen.ts, seen.ts)


@lru_cache(maxsize=256)
def _plain_type(qtype: str | None) -> str:
    return _NUMBERED.sub("", (qtype or "").upper())


def _day(when: datetime | None) -> int | None:
    return None if when is None else when.toordinal() - _EPOCH_DAY
