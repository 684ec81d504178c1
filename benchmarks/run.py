"""Runs the benchmark and prints it as Markdown: ``python -m benchmarks.run``.

Every run of every contender is a process of its own, on one core. Contenders take turns, so that
a noisy minute meets them all, and are compared within a turn.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import tables
from benchmarks.aims import aims_of
from benchmarks.contenders import Case, Measured
from benchmarks.contenders.entries import ENTRIES
from benchmarks.files import Files, as_argument, python, say, warm
from benchmarks.logs import NAMES
from benchmarks.results import TIMES, Result

_HELP_RUNS = 5
_SCANS = ("scan1", "scan2")
_OF_MEMORY = ("gnomon", "screen")
# What the aims need; the others are there to compare.
_FOR_AIMS = tuple(name for name in ENTRIES if name not in ("loop", "grep"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 if any counts differ."""
    options = _options(arguments)
    files = Files(options.data, options.lines)
    names = [name for name in _FOR_AIMS if name in options.contenders]
    if not options.only_aims:
        names = [name for name in ENTRIES if name in options.contenders]
    print(tables.machine(options.lines, options.turns, options.by_cpu), flush=True)
    results = []
    for log in options.formats:
        result = _measure(files, log, names, options)
        results.append(result)
        if not options.only_aims:
            print(tables.speed(result), flush=True)
    print(tables.aims(aims_of(results, _help_seconds())))
    told = [told for result in results for told in result.differences()]
    print(tables.agreement(told))
    return 1 if told else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    add = parser.add_argument
    add("--lines", type=int, default=2_000_000, help="lines of each log [2,000,000]")
    add("--turns", type=int, default=3, help="turns of every contender [3]")
    add("--formats", nargs="+", choices=NAMES, default=NAMES, metavar="NAME", help=", ".join(NAMES))
    add("--contenders", nargs="+", choices=list(ENTRIES), default=list(ENTRIES), metavar="NAME",
        help=", ".join(ENTRIES))  # fmt: skip
    add("--only-aims", action="store_true", help="run what the aims need, and print them alone")
    add("--by-cpu", action="store_true", help="compare CPU seconds: others use the machine too")
    add("--data", type=Path, default=Path(__file__).parent / "data", help="where files are kept")
    return parser.parse_args(arguments)


def _measure(files: Files, log: str, names: Sequence[str], options: argparse.Namespace) -> Result:
    """Let the contenders take turns on one log, then read it ten times as large for the memory."""
    case = files.case(log)
    result = Result(log, options.lines, case.file.stat().st_size, by_cpu=options.by_cpu)
    _measure_starts(files, log, names, result)
    for _ in range(options.turns):
        warm(case.file)
        for name in names:
            if name not in result.why_not and (run := _once(name, case, result)):
                result.runs.setdefault(name, []).append(run)
    _measure_large(files, log, names, result)
    return result


def _measure_starts(files: Files, log: str, names: Sequence[str], result: Result) -> None:
    """Measure what commands take for one line; the first run leaves the signatures compiled."""
    for name in (name for name in names if name in _SCANS):
        for _ in range(2):
            if run := _once(name, files.tiny_case(log), result):
                result.starts[name] = run


def _measure_large(files: Files, log: str, names: Sequence[str], result: Result) -> None:
    wanted = [name for name in _OF_MEMORY if name in result.runs and name in names]
    if not wanted:
        return
    case = files.large_case(log, TIMES)
    try:
        for name in wanted:
            if run := _once(name, case, result):
                result.large[name] = run
    finally:
        files.remove(case)


def _once(name: str, case: Case, result: Result) -> Measured | None:
    """Run a contender once; None if it cannot take part, and the result then says why."""
    say(f"{name} reads {case.file.name}")
    said = json.loads(python("-m", "benchmarks.contenders", name, as_argument(case)))
    if "why_not" in said:
        result.why_not[name] = said["why_not"]
        return None
    return Measured(**said)


def _help_seconds() -> list[float]:
    taken = []
    for _ in range(_HELP_RUNS):
        start = time.perf_counter()
        python("-m", "scanner.cli", "--help")
        taken.append(time.perf_counter() - start)
    return taken


if __name__ == "__main__":
    sys.exit(main())
