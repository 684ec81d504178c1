"""Runs one contender once, on the cores it may have, and prints what was measured."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from dataclasses import asdict
from pathlib import Path

from benchmarks.contenders import Case, Measured, NotHereError, digest
from benchmarks.contenders.entries import ENTRIES, Entry


def measure(entry: Entry, case: Case) -> Measured:
    """Run one contender once. The digest is taken after memory and time are read off."""
    _stay_on(entry.cores)
    read = entry.make(case)
    cpu, start = _cpu_seconds(), time.perf_counter()
    result = read()
    seconds = time.perf_counter() - start
    cpu_seconds, peak = _cpu_seconds() - cpu, _peak_mb(entry.is_command)
    counts = result()
    return Measured(
        seconds, cpu_seconds, peak, len(counts), sum(counts.values()), digest(dict(counts))
    )


def _stay_on(cores: int) -> None:
    """Stay on the last so many cores; threads and processes made later do too."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-cores:])


def _cpu_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _peak_mb(is_command: bool) -> float:
    """Return the peak of this process, or of the largest process that a command was."""
    who = resource.RUSAGE_CHILDREN if is_command else resource.RUSAGE_SELF
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, KiB elsewhere
    return resource.getrusage(who).ru_maxrss * unit / 1e6


def _case(written: str) -> Case:
    said = json.loads(written)
    return Case(said.pop("log"), **{name: Path(path) for name, path in said.items()})


if __name__ == "__main__":
    try:
        print(json.dumps(asdict(measure(ENTRIES[sys.argv[1]], _case(sys.argv[2])))))
    except NotHereError as why:
        print(json.dumps({"why_not": str(why)}))
