"""Evidence that is more than the memory should hold: written to files in order, merged when read.

However many people and days a log has, a process keeps some ten thousand keys; the rest waits in
sorted files, which only their owner can read and which are gone when the scan is done.
"""

from __future__ import annotations

import heapq
import os
import pickle
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path

from scanner.model import Evidence, EvidenceKey

Row = tuple[EvidenceKey, Evidence]
_PREFIX = "gnomon-scan-"


@contextmanager
def scratch() -> Iterator[Path]:
    """Make a folder for what does not fit into the memory; it is gone afterwards.

    What a scan left behind that was killed is removed by the next one.
    """
    _remove_what_the_killed_left()
    with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-") as folder:
        yield Path(folder)


def _remove_what_the_killed_left() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        number = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if number.isdigit() and not _is_running(int(number)):
            shutil.rmtree(folder, ignore_errors=True)  # of another user: it stays


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def order(key: EvidenceKey) -> tuple[str, str, str, int, str, str]:
    """Return what keys are sorted by; no day comes before all days."""
    day = -1_000_000 if key.day is None else key.day
    return key.detection, key.actor_kind, key.actor, day, key.channel, key.action


def write(rows: Iterable[Row], folder: Path) -> Path:
    """Write evidence to a new file of ``folder``, in order."""
    with tempfile.NamedTemporaryFile(dir=folder, prefix="evidence-", delete=False) as file:
        pickler = pickle.Pickler(file, pickle.HIGHEST_PROTOCOL)
        for key, evidence in sorted(rows, key=lambda row: order(row[0])):
            pickler.clear_memo()
            pickler.dump((key, evidence))
    return Path(file.name)


def read(path: Path) -> Iterator[Row]:
    """Yield what a file holds, in order. The files are our own, of this scan."""
    with path.open("rb") as file:
        while True:
            try:
                yield pickle.load(file)  # noqa: S301
            except EOFError:
                return


def merged(parts: Iterable[tuple[Iterable[Row], int]]) -> Iterator[Row]:
    """Add up rows of several sources of rows, each in order; lines are shifted by its number."""
    rows = heapq.merge(*(_shifted(part, lines) for part, lines in parts), key=itemgetter(0))
    so_far: Row | None = None
    for _, key, evidence in rows:
        if so_far is not None and so_far[0] == key:
            so_far[1].add(evidence)
            continue
        if so_far is not None:
            yield so_far
        so_far = key, evidence
    if so_far is not None:
        yield so_far


def _shifted(
    rows: Iterable[Row], lines: int
) -> Iterator[tuple[tuple[str, str, str, int, str, str], EvidenceKey, Evidence]]:
    for key, evidence in rows:
        evidence.line += lines
        yield order(key), key, evidence
