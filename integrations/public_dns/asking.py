"""In which order the domains are asked about, and how often."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from integrations.connector import Run, Size
from integrations.public_dns.names import COMMON, domains_of, is_below, labels_of, nobodys_label
from integrations.public_dns.operations import MAIL, NAMES, SENDERS, TEXTS, WILDCARD
from integrations.public_dns.records import senders
from scanner.model import Tenant

PACE = 10  # questions a second, where nobody says
_STEPS = 8  # names of one's own that lead to each other, and lists of senders in lists


def identify(run: Run) -> Tenant | None:
    """Return the domains: they are whose it is."""
    domains = domains_of(run.settings["domains"])
    return Tenant("dns", ",".join(domains), domains=domains) if domains else None


def collect(run: Run) -> None:
    """Ask about each domain, then about the common names below it."""
    domains = domains_of(run.settings["domains"])
    for domain in domains:
        run.read(MAIL, name=domain)
        run.read(TEXTS, name=domain)
        run.read(WILDCARD, name=f"{nobodys_label(domain)}.{domain}")
    labels = labels_of(run.settings.get("names", ""))
    for domain in domains:
        everybodys = _everybodys(run, domain)
        for label in labels:
            run.read(NAMES, name=f"{label}.{domain}", wildcard=everybodys)
    _follow(run, domains)
    _read_senders(run, domains)


def requests(_size: Size) -> dict[str, int]:
    """Return how often each question is sent for one domain."""
    return {MAIL.id: 1, TEXTS.id: 1, WILDCARD.id: 1, NAMES.id: len(COMMON), SENDERS.id: 1}


def seconds(domains: int, labels: int, pace: float) -> int:
    """Return about how many seconds it takes to ask about so many domains."""
    return math.ceil(domains * (labels + 3) / pace)


def consent(_settings: Mapping[str, str], _scopes: Iterable[str]) -> str:
    """Return what somebody has to allow: nothing."""
    return "nothing has to be granted: whoever asks is answered"


def _everybodys(run: Run, domain: str) -> str:
    """Return where every name of a domain leads; "" if not all do."""
    asked = f"{nobodys_label(domain)}.{domain}"
    answers = (item.text("value") for one, item in run.items(WILDCARD) if one.get("name") == asked)
    return next(answers, "")


def _follow(run: Run, domains: tuple[str, ...]) -> None:
    """Ask on where a name leads to another name of one's own."""
    known = {parameters["name"] for parameters, _ in run.items(NAMES)}
    for _ in range(_STEPS):
        found = {item.text("value") for _, item in run.items(NAMES)}
        new = {one for one in found if is_below(one, domains)} - known
        if not new:
            return
        for name in sorted(new):
            run.read(NAMES, name=name, wildcard="")
        known |= new


def _read_senders(run: Run, domains: tuple[str, ...]) -> None:
    """Ask for the lists of senders that lie under other names of one's own."""
    known: set[str] = set()
    for _ in range(_STEPS):
        new = {one for one in _senders(run) if is_below(one, domains)} - known - {*domains}
        if not new:
            return
        for name in sorted(new):
            run.read(SENDERS, name=name)
        known |= new


def _senders(run: Run) -> Iterator[str]:
    for operation in (TEXTS, SENDERS):
        for _, item in run.items(operation):
            yield from senders(item.text("value"))
