"""What the contenders made of one log, turn by turn."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.contenders import Measured
from benchmarks.contenders.entries import ENTRIES

TIMES = 10  # the large logs are so much larger


@dataclass(slots=True)
class Result:
    """The runs on one log: by contender, on the log itself and on one ten times as large."""

    log: str
    lines: int
    size: int
    runs: dict[str, list[Measured]] = field(default_factory=dict)
    large: dict[str, Measured] = field(default_factory=dict)
    starts: dict[str, Measured] = field(
        default_factory=dict
    )  # of a command, with a log of one line
    why_not: dict[str, str] = field(default_factory=dict)
    by_cpu: bool = False  # compare CPU seconds: for a machine that others use too

    def ratios(self, name: str, *others: str, by_cpu: bool | None = None) -> list[float]:
        """Return, turn by turn, how many times as fast a contender is as the fastest of others.

        Empty if one of the two sides did not take part.
        """
        counts_cpu = self.by_cpu if by_cpu is None else by_cpu
        rivals = [self.runs[other] for other in others if other in self.runs]
        if name not in self.runs or not rivals:
            return []
        turns = zip(self.runs[name], *rivals, strict=True)
        return [
            min(_cost(run, counts_cpu) for run in rest) / _cost(own, counts_cpu)
            for own, *rest in turns
        ]

    def rate(self, name: str) -> float:
        """Return lines a second, the median of the turns."""
        return statistics.median(self.lines / run.seconds for run in self.runs[name])

    def peak(self, name: str) -> float:
        """Return the highest peak of a process in MB."""
        return max(run.peak_mb for run in self.runs[name])

    def differences(self) -> Iterator[str]:
        """Yield in words where contenders that count do not agree."""
        digests = {
            name: {run.digest for run in runs}
            for name, runs in self.runs.items()
            if ENTRIES[name].counts
        }
        if len(set().union(*digests.values())) > 1:
            yield f"{self.log}: {digests}"
        for name, run in self.large.items():
            hits = self.runs[name][0].hits
            if run.hits != TIMES * hits:
                yield f"{self.log}, {TIMES} times over: {name} found {run.hits}, not {TIMES} x {hits}"


def _cost(run: Measured, by_cpu: bool) -> float:
    return run.cpu_seconds if by_cpu else run.seconds
