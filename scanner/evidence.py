"""Hits added up: what one source shows, small enough to keep."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from scanner import spill
from scanner.hosts import HostTable, keep_shortest, registrable_domain
from scanner.matching import Matcher
from scanner.model import (
    OTHERS,
    Action,
    Evidence,
    EvidenceKey,
    Findings,
    Identifier,
    Level,
    Observation,
    Shape,
    Sighting,
    Sign,
    Signature,
    SignKey,
)
from scanner.model.observations import level_reached
from scanner.privacy import Pseudonyms
from scanner.shapes import Shapes

_EPOCH_DAY = date(1970, 1, 1).toordinal()
_IPV6_TYPES = frozenset({"AAAA", "28"})
_SERVICE_TYPES = frozenset({"HTTPS", "SVCB", "65", "64"})
_PAIRED_TYPES = _IPV6_TYPES | _SERVICE_TYPES
# What daemons write before a type that they know by number alone.
_NUMBERED = re.compile(r"(?:TYPE=?|QUERY-)(?=\d)")
# Spellings of hosts kept for each detection of a source; the rest are counted together.
_HOSTS_BOUND = 200
# Hosts that look like AI and are kept for one source; the rest are counted together.
_SIGNS_BOUND = 5_000
# Keys of evidence in memory; more are written to files until the source is stored.
_KEYS_BOUND = 30_000
# Hosts whose signatures are at hand.
_MET_BOUND = 20_000
# To ask an enum for its member costs each hit as much as to look one up.
_REPEAT, _FLOW, _APP = Action.REPEAT, Sighting.FLOW, Sighting.APP


class _Met:
    """A signature that was met, and how often by which host."""

    __slots__ = ("detection", "hosts", "is_of_system", "signature")

    def __init__(self, signature: Signature) -> None:
        self.signature = signature
        self.detection = signature.detection.id
        self.is_of_system = signature.detection.evidence.creates_system
        self.hosts: dict[str, int] = {}

    def count(self, host: str) -> None:
        """Count a host that was not counted before."""
        self.hosts[host] = 1
        if len(self.hosts) > 2 * _HOSTS_BOUND:
            _keep_few_hosts(self.hosts)


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
        self._met: dict[str, _Met] = {}  # by detection
        self._met_by: dict[str, _Met | None] = {}  # by host
        self._matcher = matcher
        self._pseudonyms = pseudonyms
        self._folder = folder

    @property
    def findings(self) -> Findings:
        """What was gathered."""
        for detection, met in self._met.items():
            _keep_few_hosts(met.hosts)
            self._found.hosts.update({(detection, host): n for host, n in met.hosts.items()})
            met.hosts.clear()
        _keep_few_signs(self._found.signs)
        if self._found.unknown is not None:
            keep_shortest(self._found.unknown)
        return self._found

    def host_table(self, keeps_unknown: bool = False, whole: bool = False) -> HostTable:
        """Return a table that wants what is evidence or a sign, and may keep what others end in,
        or whole names."""
        table = self._matcher.host_table(self._shapes)
        if keeps_unknown:
            self._found.unknown = table.keep_unknown(whole)
        return table

    def add_all(self, observations: Iterable[Observation]) -> None:
        """Add each observation: a hit to the evidence, what only looks like AI to the signs."""
        known = self._met_by
        for seen in observations:
            if seen.path is None and seen.kind is not _APP:
                try:
                    met = known[seen.value]
                except KeyError:
                    met = self._meet_host(seen)
            else:
                met = self._meet(seen)
            if met is not None and seen.action is not _REPEAT:
                self._add(met, seen)
            if met is None or (seen.path and not met.is_of_system):
                self._add_signs(seen, is_known=met is not None)

    def _meet_host(self, seen: Observation) -> _Met | None:
        if len(self._met_by) >= _MET_BOUND:
            self._met_by.clear()
        met = self._met_by[seen.value] = self._meet(seen)
        return met

    def _meet(self, seen: Observation) -> _Met | None:
        signature = self._matcher.match(seen)
        if signature is None:
            return None
        met = self._met.get(signature.detection.id)
        if met is None:
            met = self._met[signature.detection.id] = _Met(signature)
        return met

    def _add(self, met: _Met, seen: Observation) -> None:
        """Add one hit. A repeat, a second line about the same act, is none.

        The bytes of a connection that another record names are no second use: they count no event.
        """
        channel, host, when, kind, client, user, action, up, down, _, qtype, line, _, _, _ = seen
        actor, actor_kind = self._pseudonyms.actor(user, client)
        day = None if when is None else when.toordinal() - _EPOCH_DAY
        key = (met.detection, actor, actor_kind, day, channel, action)
        level = level_reached(kind, action, up)
        evidence = self._found.evidence.get(key)  # type: ignore[call-overload]  # equal to its own
        if evidence is None:
            evidence = self._new(
                met, EvidenceKey(*key), Evidence(level, 0, 0, 0, 0, 0, when, when, line)
            )
        if kind is not _FLOW:
            _count_event(evidence, qtype)
            if host in met.hosts:
                met.hosts[host] += 1
            else:
                met.count(host)
        _add_to(evidence, level, up, down, line, when)

    def _new(self, met: _Met, key: EvidenceKey, evidence: Evidence) -> Evidence:
        if len(self._found.evidence) >= _KEYS_BOUND:
            self._make_room()
        self._found.signatures[met.detection] = met.signature
        self._found.evidence[key] = evidence
        return evidence

    def _make_room(self) -> None:
        if self._folder is not None:
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
        _add_sign(signs, key, sign)


def merge(parts: Iterable[tuple[Findings, int]]) -> Findings:
    """Return what the parts of one source show together; the number is that of the lines before.

    Evidence in files stays there: ``rows`` of the result adds it up. The parts are used up.
    """
    whole = Findings(unknown=set())
    for part, lines in parts:
        whole.parts.append((part, lines))
        whole.unknown, part.unknown = _both(whole.unknown, part.unknown), None
        whole.signatures.update(part.signatures)
        whole.shapes.update(part.shapes)
        whole.hosts.update(part.hosts)
        for key, sign in part.signs.items():
            sign.line += lines
            _add_sign(whole.signs, key, sign)
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


def _both(some: set[bytes] | None, others: set[bytes] | None) -> set[bytes] | None:
    """Return the unknown names of two parts; None if those of one are not known."""
    if some is None or others is None:
        return None
    some |= others
    keep_shortest(some)
    return some


def _keep_few_hosts(hosts: dict[str, int]) -> None:
    others = hosts.pop(OTHERS, 0)
    for host in sorted(hosts, key=lambda host: (len(host), host))[_HOSTS_BOUND:]:
        others += hosts.pop(host)
    if others:
        hosts[OTHERS] = others


def _add_sign(signs: dict[SignKey, Sign], key: SignKey, sign: Sign) -> None:
    if key in signs:
        signs[key].add(sign)
    else:
        signs[key] = sign


def _keep_few_signs(signs: dict[SignKey, Sign]) -> None:
    names = [key for key in signs if key.detail != OTHERS]
    for key in sorted(names, key=lambda key: (len(key.detail), key))[_SIGNS_BOUND:]:
        sign = signs.pop(key)
        together = key._replace(subject=OTHERS, detail=OTHERS)
        _add_sign(signs, together, sign)


@lru_cache(maxsize=_SIGNS_BOUND)
def _domain(host: str) -> str:
    return registrable_domain(host)


def _count_event(evidence: Evidence, qtype: str | None) -> None:
    if qtype is None or (plain := _plain_type(qtype)) not in _PAIRED_TYPES:
        evidence.plain += 1
    elif plain in _IPV6_TYPES:
        evidence.ipv6 += 1
    else:
        evidence.service += 1


def _add_to(
    evidence: Evidence,
    level: Level,
    up: int | None,
    down: int | None,
    line: int,
    when: datetime | None,
) -> None:
    if level > evidence.level:
        evidence.level = level
    if up:
        evidence.bytes_up += up
    if down:
        evidence.bytes_down += down
    if line < evidence.line:
        evidence.line = line
    if when is not None:
        if evidence.first is None or when < evidence.first:
            evidence.first = when
        if evidence.last is None or when > evidence.last:
            evidence.last = when


@lru_cache(maxsize=256)
def _plain_type(qtype: str) -> str:
    return _NUMBERED.sub("", qtype.upper())
