"""Words that the tests speak in: times, readings, and a handful of signatures."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, tzinfo
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

from scanner.compiled import SignatureBase, open_base
from scanner.hosts import HostTable
from scanner.logs import Format, Tally
from scanner.logs.clock import Clock, order_of_dates
from scanner.logs.lines import batch_of
from scanner.matching import Matcher
from scanner.model import (
    AINature,
    Category,
    Detection,
    EvidenceKind,
    Examples,
    Identifier,
    LifeCycle,
    Observation,
    Product,
    Tier,
    Vendor,
    VendorKind,
)


@cache
def the_base() -> SignatureBase:
    """Return the built-in signatures, opened once for all tests."""
    return open_base(cache_folder=Path(os.environ["GNOMON_CACHE"]))


def at(text: str) -> datetime:
    """Return the time that ``2026-01-02T03:04:05Z`` says."""
    return datetime.fromisoformat(text).astimezone(UTC)


NOW = at("2026-12-01T00:00:00Z")


class Reading(NamedTuple):
    """What a reader made of a text: its observations and its account."""

    observations: list[Observation]
    tally: Tally

    @property
    def account(self) -> tuple[int, dict[str, int], int]:
        """How many lines were records, ignored by kind, and rejected."""
        return self.tally.parsed, dict(self.tally.ignored), self.tally.rejected


def clock(year: int | None = None, zone: tzinfo | None = None) -> Clock:
    """Return a clock that stands at NOW."""
    return Clock(NOW, zone or UTC, zone is not None, year)


def lines_of(text: bytes) -> list[bytes]:
    """Return the lines of a text; a last line end begins no further line."""
    lines = text.split(b"\n")
    return lines if lines[-1] else lines[:-1]


def read_lines(
    log_format: Format,
    lines: Iterable[bytes],
    year: int | None = None,
    zone: tzinfo | None = None,
    hosts: HostTable | None = None,
) -> Reading:
    """Read lines with every host wanted, unless ``hosts`` says otherwise."""
    given = list(lines)
    tally = Tally(read=len(given))
    table = hosts if hosts is not None else HostTable.of_every_host()
    now = clock(year, zone)
    now.day_is_first = order_of_dates(given)
    seen = list(log_format.read([batch_of(given)], table, tally, now))
    return Reading(seen, tally)


def read(
    log_format: Format,
    text: bytes,
    year: int | None = None,
    zone: tzinfo | None = None,
    hosts: HostTable | None = None,
) -> Reading:
    """Read a text with every host wanted, unless ``hosts`` says otherwise."""
    return read_lines(log_format, lines_of(text), year, zone, hosts)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail, instead of hanging, what takes longer than ``seconds``."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"still running after {seconds} seconds")

    former = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)


def detection(
    name: str,
    channel: Identifier = Identifier.HOST,
    evidence: EvidenceKind = EvidenceKind.USE,
    **values: Any,
) -> Detection:
    """Return a detection; its values are given by name, as in a signature file."""
    return Detection(
        id=name,
        channel=channel,
        evidence=evidence,
        confidence=90,
        sources=("https://example.org/",),
        tests=Examples((), ()),
        **values,
    )


def vendor(name: str, *detections: Detection) -> Vendor:
    """Return a vendor of one product that has these detections."""
    product = Product(
        id="product",
        name=name.title(),
        category=Category.ASSISTANT,
        ai_nature=AINature.PURE,
        detections=detections,
    )
    return Vendor(
        schema=1,
        id=name,
        name=name.title(),
        kind=VendorKind.VENDOR,
        tier=Tier.BASIC,
        status=LifeCycle.ACTIVE,
        updated=date(2026, 11, 1),
        products=(product,),
    )


OPENAI = vendor(
    "openai",
    detection("openai.web", suffix=("openai.com", "chatgpt.com")),
    detection("openai.api", exact=("api.openai.com",)),
    detection("openai.package", Identifier.PACKAGE, purl=("pkg:pypi/openai", "pkg:npm/openai")),
    detection("openai.env", Identifier.ENV, exact=("OPENAI_API_KEY",)),
)
AZURE = vendor(
    "azure",
    detection("azure.openai", pattern=("*.openai.azure.com",)),
    detection("azure.telemetry", evidence=EvidenceKind.SUPPORTING, suffix=("azure.com",)),
)
BING = vendor(
    "bing",
    detection("bing.copilot", Identifier.HOST_PATH, exact=("www.bing.com",), path=("/copilot",)),
)


def a_matcher() -> Matcher:
    """Return a matcher of a few signatures."""
    return Matcher((OPENAI, AZURE, BING))


def met(matcher: Matcher, host: str) -> str | None:
    """Return the id of the detection that a host meets."""
    found = matcher.match_value(Identifier.HOST, host)
    return found.detection.id if found else None
