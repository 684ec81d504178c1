"""What Gnomon aims at, and whether it gets there."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from benchmarks.logs import Kind, log_of
from benchmarks.results import Result

_PEERS = ("pandas", "polars", "duckdb")
_MOST_MB = 150.0
_MOST_GROWTH_MB = 3.0  # what an allocator makes of the same work twice
_MOST_HELP = 0.3


class Aim(NamedTuple):
    """One aim: ``reached`` is compared with ``wanted``; None if nobody measured it."""

    what: str
    log: str
    wanted: float
    reached: float | None
    is_at_most: bool = False
    unit: str = "x"

    @property
    def verdict(self) -> str:
        """``met``, ``missed``, or ``not measured``."""
        if self.reached is None:
            return "not measured"
        is_met = self.reached <= self.wanted if self.is_at_most else self.reached >= self.wanted
        return "met" if is_met else "missed"


def aims_of(results: Sequence[Result], help_seconds: Sequence[float]) -> Iterator[Aim]:
    """Yield every aim with what was reached: medians of the turns, peaks of all."""
    for result in results:
        yield from _of_reading(result)
        yield from _of_screening(result)
        for name in ("gnomon", "screen", "scan1", "scan2"):
            yield from _of_memory(result, name)
    taken = statistics.median(help_seconds) if help_seconds else None
    yield Aim("`gnomon --help`", "", _MOST_HELP, taken, is_at_most=True, unit=" s")


def _of_reading(result: Result) -> Iterator[Aim]:
    if log_of(result.log).kind is Kind.JSON:
        yield _ratio(result, "reading / DuckDB", 0.7, "gnomon", "duckdb")
    else:
        yield _ratio(
            result, "reading / the fastest of pandas, polars, DuckDB", 1, "gnomon", *_PEERS
        )
    yield _two_processes(result)
    yield _ratio(result, "reading gzip / `gzip -dc \\| wc -l`", 1, "gnomon.gz", "wc.gz")


def _of_screening(result: Result) -> Iterator[Aim]:
    if result.log == "zeek_tsv":
        yield _ratio(result, "screened / DuckDB", 3, "screen", "duckdb")
        yield _ratio(result, "screened / `rg -w -F -f`", 1, "screen", "rg")
    elif log_of(result.log).kind is Kind.JSON:
        yield _ratio(result, "screened / DuckDB", 2, "screen", "duckdb")
    yield _ratio(result, "screened gzip / `gzip -dc`", 1.5, "screen.gz", "cat.gz")


def _of_memory(result: Result, name: str) -> Iterator[Aim]:
    is_there = name in result.runs
    peak = result.peak(name) if is_there else None
    yield Aim(f"peak of {name}", result.log, _MOST_MB, peak, is_at_most=True, unit=" MB")
    if name in result.large and peak is not None:
        more = result.large[name].peak_mb - peak
        what = f"peak of {name}, ten times the lines: growth"
        yield Aim(what, result.log, _MOST_GROWTH_MB, more, is_at_most=True, unit=" MB")


def _two_processes(result: Result) -> Aim:
    """Compare by the clock, whatever else is: more processes never take less of the CPU."""
    ratios = result.ratios("scan2", "scan1", by_cpu=False)
    return _median("two processes / one", result, 1.7, ratios)


def _ratio(result: Result, what: str, wanted: float, name: str, *others: str) -> Aim:
    return _median(what, result, wanted, result.ratios(name, *others))


def _median(what: str, result: Result, wanted: float, ratios: Sequence[float]) -> Aim:
    return Aim(what, result.log, wanted, statistics.median(ratios) if ratios else None)
