"""Ways to the same counts: each reads one log in a process of its own, so that its memory is its own.

    python -m benchmarks.contenders NAME CASE

prints one JSON object: seconds and CPU seconds of the reading alone, the peak memory of a process,
and a digest of the counts by (product, client, day), which all that count must share. A contender
that cannot take part says why.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path

Counts = dict[tuple[str, str, int], int]
# Does the reading; what it returns makes counts of it, when time and memory are read off.
Reading = Callable[[], Callable[[], Counts]]


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be read: the log of that name, the same packed, the suffixes, signature files."""

    log: str
    file: Path
    packed: Path
    suffixes: Path
    signatures: Path
    cache: Path  # where ``gnomon scan`` keeps compiled signatures from one run to the next


Contender = Callable[[Case], Reading]


class NotHereError(Exception):
    """Why a contender cannot take part."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run took, and what it found."""

    seconds: float
    cpu_seconds: float
    peak_mb: float  # of the largest process
    keys: int
    hits: int
    digest: str


def need(module: str) -> None:
    """Raise NotHereError unless a package is installed."""
    if find_spec(module) is None:
        raise NotHereError(f"{module} is not installed; pip install -e '.[bench]' brings it")


def digest(counts: Counts) -> str:
    """Return a hash of the counts in the order of their keys."""
    text = "".join(f"{key[0]}\t{key[1]}\t{key[2]}\t{n}\n" for key, n in sorted(counts.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def product_of(host: str, products: dict[str, str]) -> str | None:
    """Return the product of the longest suffix that a host in lower case is, or is below."""
    while host:
        if (product := products.get(host)) is not None:
            return product
        host = host.partition(".")[2]
    return None


def day_of(written: int | str) -> int:
    """Return the number of a day from 1970-01-01.

    It is written as that, as ``2026-11-19``, ``19-Nov-2026`` or seconds, more may stand behind it.
    """
    if isinstance(written, int):
        return written
    if written[4] == "-":
        return date.fromisoformat(written[:10]).toordinal() - _EPOCH_DAY
    if written[2] == "-":
        month = _MONTHS.index(written[3:6]) + 1
        return date(int(written[7:11]), month, int(written[:2])).toordinal() - _EPOCH_DAY
    return int(written[:10]) // 86_400


_EPOCH_DAY = date(1970, 1, 1).toordinal()
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
