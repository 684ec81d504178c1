"""Results as Markdown."""

from __future__ import annotations

import platform
import statistics
from collections.abc import Iterable, Iterator, Sequence

from benchmarks.aims import Aim
from benchmarks.contenders.entries import ENTRIES
from benchmarks.logs import log_of
from benchmarks.results import Result


def machine(lines: int, turns: int, by_cpu: bool) -> str:
    """Return the title and the conditions."""
    measure = "speed by CPU seconds" if by_cpu else "speed"
    return (
        f"# Gnomon benchmark\n\nLogs of {lines:,} lines, in the page cache, 5,000 suffixes, one core of "
        f"{platform.machine()} unless said otherwise, Python {platform.python_version()}. Lines a second "
        f"and CPU seconds are medians of {turns} turns. The ratio is a contender's {measure} to that of "
        "Gnomon's reading in the same turn (least to most): above 1 it is faster than Gnomon. "
        "Ratios hold on other machines better than rates do.\n"
    )


def speed(result: Result) -> str:
    """Return the table of one log."""
    log = log_of(result.log)
    rows = [
        ["contender", "lines/s", "ratio", "CPU s", "peak MB", "found"],
        ["---", "---:", "---:", "---:", "---:", "---:"],
        *(_speed_row(result, name) for name in ENTRIES if name in result.runs),
    ]
    notes = [f"{name}: {why}" for name, why in result.why_not.items()]
    for name, run in result.starts.items():
        notes.append(f"{name}: {run.seconds:.2f} s of it are the start, all signatures and the end")
    for name, run in result.large.items():
        notes.append(f"{name}: {run.peak_mb:.0f} MB with ten times the lines")
    title = f"## {log.title}, {result.size / 1e6:,.0f} MB, {log.kind}\n"
    return "\n".join([title, *map(_row, rows), "", *(f"- {note}." for note in notes), ""])


def aims(found: Iterable[Aim]) -> str:
    """Return the table of aims."""
    rows = [["aim", "log", "wanted", "reached", ""], ["---", "---", "---:", "---:", "---"]]
    for aim in found:
        sign = "at most " if aim.is_at_most else ""
        shape = ".2f" if aim.unit != " MB" else ".0f"
        reached = "" if aim.reached is None else f"{aim.reached:{shape}}{aim.unit}"
        rows.append([aim.what, aim.log, f"{sign}{aim.wanted:g}{aim.unit}", reached, aim.verdict])
    return "\n".join(["## Aims\n", *map(_row, rows), ""])


def agreement(differences: Sequence[str]) -> str:
    """Return whether all that count by product, client and day agree."""
    if differences:
        return "\n".join(f"COUNTS DIFFER: {one}" for one in differences)
    return "Counts by (product, client, day) are identical for all that count them, on every log."


def _speed_row(result: Result, name: str) -> Iterator[str]:
    runs = result.runs[name]
    yield ENTRIES[name].title
    yield f"{result.rate(name):,.0f}"
    ratios = result.ratios(name, "gnomon")
    yield _spread(ratios) if ratios and name != "gnomon" else "1" if name == "gnomon" else ""
    yield f"{statistics.median(run.cpu_seconds for run in runs):.2f}"
    yield f"{result.peak(name):.0f}"
    yield f"{runs[0].hits:,}"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _spread(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"
