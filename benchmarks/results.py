"""What the contenders made of one log, turn by turn."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.contenders import Measured
from benchmarks.contenders.entries import ENTRIES


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

    def ratios(self, name: str, *others: str) -> list[float]:
        """Return, turn by turn, how many times as fast a contender is as the fastest of others.

        Empty if one of the two sides did not take part.
        """
        rivals = [self.runs[other] for other in others if other in self.runs]
        if name not in self.runs or not rivals:
            return []
        turns = zip(self.runs[name], *rivals, strict=True)
        return [min(run.seconds for run in rest) / own.seconds for own, *rest in turns]

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
            hits, times = self.runs[name][0].hits, 10
            if run.hits != times * hits:
                yield f"{self.log}, ten times over: {name} found {run.hits}, not {times} x {hits}"
