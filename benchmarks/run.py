"""Runs the benchmark and prints it as Markdown: ``python -m benchmarks.run``.

Every run of every contender is a process of its own, on one core. Contenders take turns, so that
a noisy minute meets them all, and are compared within a turn.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
AIM_LINES, AIM_MB, AIM_HELP = 600_000, 150, 0.3
_HELP_RUNS = 7
_TITLES = {
    "gnomon": "**Gnomon, reading** (lines to evidence, no store)",
    "scan": "**`gnomon scan`**, start to exit, with the database",
    "plain": "plain Python split loop",
    "memo": "pure Python, host memo, nothing but the counts",
    "duckdb": "DuckDB, 1 thread",
    "grep": "`grep -c -F -f`: counts lines only",
}
Run = dict[str, Any]  # what benchmarks.contenders prints
Runs = dict[str, list[Run]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 if any counts differ."""
    options = _options(arguments)
    _pin_to_one_core()
    options.data.mkdir(parents=True, exist_ok=True)
    suffixes = _prepare_suffixes(options.data)
    lines, factor = options.lines, options.factor
    logs = {
        f"{lines:,}": _prepare_log(options.data, lines, 1),
        f"{lines * factor:,}, the same ones {factor} times": _prepare_log(
            options.data, lines, factor
        ),
        f"{lines * factor:,}, all new": _prepare_log(options.data, lines * factor, 1),
    }
    names = [name for name in _TITLES if _is_there(name)]
    first = next(iter(logs.values()))
    _warm(first)
    runs = _take_turns(names, first, suffixes, options.rounds)
    _print_machine(first, lines)
    _print_speed(runs, lines)
    startup = _once("scan", _prepare_log(options.data, 1, 1), suffixes)
    print(f"\nOf `gnomon scan`, start and loading the signatures: {startup['seconds']:.2f} s.")
    sizes = _measure_sizes([name for name in names if name not in ("memo", "grep")], logs, suffixes)
    _print_sizes(sizes)
    _print_help()
    return _print_agreement([runs, *sizes.values()])


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000, help="records of the log")
    parser.add_argument("--factor", type=int, default=4, help="the large logs are so much larger")
    parser.add_argument("--rounds", type=int, default=3, help="turns of every contender")
    parser.add_argument("--data", type=Path, default=Path(__file__).parent / "data")
    return parser.parse_args(arguments)


def _pin_to_one_core() -> None:
    """Stay on one core; children inherit it."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def _is_there(name: str) -> bool:
    if name == "duckdb":
        return importlib.util.find_spec("duckdb") is not None
    return name != "grep" or shutil.which("grep") is not None


def _prepare_suffixes(folder: Path) -> Path:
    """Write the suffixes and their signature files, in a child: this process stays small."""
    file = folder / "suffixes.tsv"
    _python(
        "-c",
        "import sys; from pathlib import Path; from benchmarks import names\n"
        "names.write_suffixes(Path(sys.argv[1])); names.write_overlay(Path(sys.argv[2]))",
        str(file),
        str(folder / "signatures"),
    )
    return file


def _prepare_log(folder: Path, lines: int, times: int) -> Path:
    """Return the log, written before by the same generator or now."""
    sources = [(Path(__file__).parent / name).read_bytes() for name in ("names.py", "dnslog.py")]
    version = hashlib.sha256(b"".join(sources)).hexdigest()[:8]
    file = folder / f"dns-{version}-{lines}x{times}.log"
    if not file.exists():
        _say(f"writing {file.name}")
        begun = file.with_suffix(".part")
        _python("-m", "benchmarks.dnslog", str(lines), str(begun), str(times))
        begun.rename(file)
    return file


def _python(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


def _warm(log: Path) -> None:
    """Read the log once, so that the first contender finds it in memory like the others."""
    buffer = bytearray(1 << 20)
    with log.open("rb", buffering=0) as file:
        while file.readinto(buffer):
            pass


def _once(name: str, log: Path, suffixes: Path) -> Run:
    _say(f"{name} reads {log.name}")
    arguments = ("-m", "benchmarks.contenders", name, str(log.resolve()), str(suffixes.resolve()))
    result: Run = json.loads(_python(*arguments))
    return result


def _take_turns(names: list[str], log: Path, suffixes: Path, rounds: int) -> Runs:
    runs: Runs = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            runs[name].append(_once(name, log, suffixes))
    return runs


def _measure_sizes(names: list[str], logs: dict[str, Path], suffixes: Path) -> dict[str, Runs]:
    sizes: dict[str, Runs] = {}
    for title, log in logs.items():
        _warm(log)
        sizes[title] = {name: [_once(name, log, suffixes)] for name in names}
    return sizes


def _print_machine(log: Path, lines: int) -> None:
    size = log.stat().st_size
    print("# Gnomon benchmark\n")
    print(
        f"{lines:,} records of a Zeek dns.log ({size / 1e6:.0f} MB, in the page cache), 5,000 suffixes, "
        f"one core of {platform.machine()}, Python {platform.python_version()}. "
        "Ratios hold on other machines better than rates do.\n"
    )


def _print_speed(runs: Runs, lines: int) -> None:
    rounds = len(runs["gnomon"])
    print(f"Lines a second, median of {rounds} turns (least to most).")
    print("The ratio is the rate of Gnomon's reading to the contender's, turn by turn:")
    print("above 1, Gnomon is faster.\n")
    _row("contender", "lines/s", "lines/CPU s", "ratio", "peak MB", "records found")
    _row("---", "---:", "---:", "---:", "---:", "---:")
    for name, of_one in runs.items():
        rates = [lines / run["seconds"] for run in of_one]
        ratios = [
            other["seconds"] / mine["seconds"]
            for mine, other in zip(runs["gnomon"], of_one, strict=True)
        ]
        _row(
            _TITLES[name],
            _spread(rates, ",.0f"),
            f"{statistics.median(lines / run['cpu_seconds'] for run in of_one):,.0f}",
            "1" if name == "gnomon" else _spread(ratios, ".2f"),
            f"{max(run['peak_mb'] for run in of_one):.0f}",
            f"{of_one[0]['hits']:,}",
        )
    for name in sorted(_TITLES.keys() - runs.keys()):
        print(f"\nNot here, so not measured: {name}.")
    rate = statistics.median(lines / run["seconds"] for run in runs["gnomon"])
    peak = max(run["peak_mb"] for run in runs["gnomon"])
    print(f"\nAim, reading: {AIM_LINES:,} lines a second: {_verdict(rate >= AIM_LINES)};", end=" ")
    print(f"under {AIM_MB} MB: {_verdict(peak < AIM_MB)}.")


def _print_sizes(sizes: dict[str, Runs]) -> None:
    names = list(next(iter(sizes.values())))
    print("\nPeak memory in MB as the log grows (one run each).")
    print("Evidence is one entry for each product, client and day met.\n")
    _row("records", "evidence", *(name for name in names))
    _row("---", "---:", *("---:" for _ in names))
    for title, runs in sizes.items():
        peaks = [f"{runs[name][0]['peak_mb']:.0f}" for name in names]
        _row(title, f"{runs['gnomon'][0]['keys']:,}", *peaks)
    one, same, new = (runs["gnomon"][0] for runs in sizes.values())
    print(f"\nFor more lines alone: {same['peak_mb'] - one['peak_mb']:+.1f} MB.", end=" ")
    more = new["keys"] - one["keys"]
    print(f"For {more:,} more evidence: {new['peak_mb'] - one['peak_mb']:+.1f} MB", end=" ")
    print("(new host names, up to the bound of the host table, are in it).")


def _print_help() -> None:
    taken = []
    for _ in range(_HELP_RUNS):
        start = time.perf_counter()
        _python("-m", "scanner.cli", "--help")
        taken.append(time.perf_counter() - start)
    told = _spread(taken, ".2f")
    print(f"\n`gnomon --help`: {told} s; aim {AIM_HELP} s:", end=" ")
    print(f"{_verdict(statistics.median(taken) < AIM_HELP)}.")


def _print_agreement(groups: list[Runs]) -> int:
    """Say whether all that count by product, client and day agree on each log."""
    differing = 0
    for runs in groups:
        digests = {
            name: {run["digest"] for run in of_one}
            for name, of_one in runs.items()
            if name != "grep"
        }
        if len(set.union(*digests.values())) != 1:
            differing += 1
            print(f"\nCOUNTS DIFFER: {digests}")
    if not differing:
        print("\nCounts by (product, client, day) are identical for all but grep, on every log.")
    return 1 if differing else 0


def _row(*cells: str) -> None:
    print(f"| {' | '.join(cells)} |")


def _spread(values: list[float], shape: str) -> str:
    middle, low, high = statistics.median(values), min(values), max(values)
    return f"{middle:{shape}} ({low:{shape}} to {high:{shape}})"


def _verdict(is_met: bool) -> str:
    return "met" if is_met else "missed"


def _say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
