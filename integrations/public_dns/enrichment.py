"""Names in logs that no signature knows, followed by their CNAME to AI hosting that one does.

One question a name, to the chosen resolver, which thereby learns the names: so it is off unless it
is asked for, and says how many names it asks about before it does. Answers are kept for a month.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from integrations.connector import Stopped
from integrations.public_dns.asker import Asker
from integrations.public_dns.known_names import KnownNames
from integrations.public_dns.names import COMMON, is_name
from scanner.accounts.meaning import Meaning
from scanner.hosts import known_domain, registrable_domain
from scanner.matching import Matcher
from scanner.model import (
    App,
    Examples,
    Findings,
    Identifier,
    Level,
    Shape,
    Sign,
    Signal,
    Signature,
    SignKey,
)

if TYPE_CHECKING:
    import dns.message

MOST = 5_000  # names of one log
PACE = 20.0  # questions a second
TIMEOUT = 3.0
_KEPT = timedelta(days=30)
_STEPS = 16  # names in a chain


class Enrichment:
    """Follows the unknown names of logs. Called with a log's name and what the log shows, to which
    it adds what it finds; returns what a reader of the result should know."""

    def __init__(
        self,
        matcher: Matcher,
        asker: Asker,
        known: KnownNames,
        now: datetime,
        tell: Callable[[str], None],
        most: int = MOST,
    ) -> None:
        self._meaning = Meaning(matcher)
        self._asker = asker
        self._known = known
        self._now = now
        self._tell = tell
        self._most = most

    def __call__(self, log: str, findings: Findings) -> tuple[str, ...]:
        names = sorted(_names(findings), key=_urgency)
        taken = names[: self._most]
        new = [one for one in taken if self._known.get(one, self._now - _KEPT) is None]
        if new:
            self._tell(f"{log}: asking {self._asker} about {len(new):,} names that nobody knows")
        failed = self._ask(new)
        for name in taken:
            if (found := self._led_to(name)) is not None:
                _add(findings, name, found)
        return tuple(_notes(findings, len(names), len(taken), failed))

    def _ask(self, names: Sequence[str]) -> Counter[str]:
        """Ask about each name once; returns how many have no answer, by why."""
        from dns import rcode

        failed: Counter[str] = Counter()
        try:
            for name in names:
                try:
                    answer = self._asker.ask(name, "A")
                except Stopped:
                    failed["no answer"] += 1
                    continue
                if answer.rcode() in (rcode.NOERROR, rcode.NXDOMAIN):
                    self._known.put(name, chain_of(answer, name), self._now)
                else:
                    failed[rcode.to_text(answer.rcode())] += 1
        finally:
            self._known.save()
        return failed

    def _led_to(self, name: str) -> Signature | None:
        """Return the AI that a name leads to, the nearest first; None if it leads to none."""
        for host in self._known.get(name, self._now - _KEPT) or ():
            found = self._meaning.of(App(host, identifiers=((Identifier.DNS_CNAME, host),)))
            if found is not None and found.detection.evidence.creates_system:
                return found
        return None


def chain_of(answer: dns.message.Message, name: str) -> list[str]:
    """Return the hosts that a name leads to by an answer's CNAME records, in order."""
    from dns import rdatatype

    leads = {
        one.name.to_text(omit_final_dot=True).lower(): one[0]
        .target.to_text(omit_final_dot=True)
        .lower()
        for one in answer.answer
        if one.rdtype == rdatatype.CNAME and len(one)
    }
    chain: list[str] = []
    while (following := leads.get(chain[-1] if chain else name)) and len(chain) < _STEPS:
        chain.append(following)
    return chain


def _names(findings: Findings) -> Iterator[str]:
    """Yield the names to ask about: those of the public DNS that no signature names."""
    signs = {key.detail for key in findings.signs if key.channel is Identifier.HOST}
    unknown = {one.decode("ascii", "replace") for one in findings.unknown or ()}
    for name in signs | unknown:
        if is_name(name) and known_domain(name.encode()) is not None:
            yield name


def _urgency(name: str) -> tuple[bool, int, str]:
    """Return what orders names where not all are asked about: those called like an assistant first."""
    return name.partition(".")[0] not in COMMON, len(name), name


def _add(findings: Findings, name: str, found: Signature) -> None:
    """Add the sign that a name leads to known AI, as often as the name was seen, if that is known."""
    shape = Shape(
        id=f"host.leads-to.{found.product_key}",
        channel=Identifier.HOST,
        signal=Signal.LEADS_TO,
        meaning=f"its name leads (CNAME) to {found.product.name} of {found.vendor.name}",
        confidence=70,
        pattern=(),
        sources=("the answer of a resolver",),
        tests=Examples((), ()),
    )
    same = [sign for key, sign in findings.signs.items() if key.detail == name]
    seen = same[0] if same else Sign(1, Level.RESOLVED)
    sign = Sign(seen.records, seen.level, seen.first, seen.last, seen.line)
    findings.shapes[shape.id] = shape
    findings.signs[SignKey(Identifier.HOST, registrable_domain(name), shape.id, name)] = sign


def _notes(findings: Findings, names: int, taken: int, failed: Counter[str]) -> Iterator[str]:
    if findings.unknown is None:
        yield "its names that nobody knows were not kept, and not asked about"
    if taken < names:
        yield f"of {names:,} names that nobody knows the first {taken:,} were asked about"
    if failed:
        parts = ", ".join(f"{why} ({count:,})" for why, count in sorted(failed.items()))
        yield f"names that were asked about in vain: {parts}"
