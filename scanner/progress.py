"""The progress of a scan: what the engine tells, and how a terminal shows it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from scanner.output import clean

if TYPE_CHECKING:
    import rich.progress

_LABEL = 24


class Progress(Protocol):
    """Where a scan says how far it is."""

    def begin(self, name: str, size: int) -> None:
        """Say that a log of ``size`` bytes, as it lies on the disk, is read now."""

    def advance(self, position: int, lines: int) -> None:
        """Say how many bytes and lines of it are read."""


@contextmanager
def in_terminal() -> Iterator[Progress | None]:
    """Show files, lines, rate and the time left on stderr when that is a terminal, else nothing."""
    if not sys.stderr.isatty():
        yield None
        return
    with _bar() as bar:
        yield _TerminalProgress(bar)


class _TerminalProgress:
    """One line that is gone when the scan is done."""

    def __init__(self, bar: rich.progress.Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("", lines=0, total=None)
        self._files = 0
        self._lines_before = 0
        self._lines_here = 0

    def begin(self, name: str, size: int) -> None:
        self._files += 1
        self._lines_before += self._lines_here
        self._lines_here = 0
        label = f"{self._files}. {clean(Path(name).name)[:_LABEL]}".replace("[", r"\[")
        self._bar.reset(self._task, description=label, total=size or None)

    def advance(self, position: int, lines: int) -> None:
        self._lines_here = lines
        self._bar.update(self._task, completed=position, lines=self._lines_before + lines)


def _bar() -> rich.progress.Progress:
    from rich import progress
    from rich.console import Console

    return progress.Progress(
        progress.TextColumn("{task.description}"),
        progress.TaskProgressColumn(),
        progress.TransferSpeedColumn(),
        progress.TextColumn("{task.fields[lines]:,} lines"),
        progress.TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
