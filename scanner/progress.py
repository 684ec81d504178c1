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

    def begin(self, files: int, size: int) -> None:
        """Say that ``files`` logs of ``size`` bytes, as they lie on the disk, are read now."""

    def advance(self, position: int, lines: int) -> None:
        """Say how many bytes and lines of them are read."""

    def done(self, name: str) -> None:
        """Say that one of them is stored."""


@contextmanager
def in_terminal() -> Iterator[Progress | None]:
    """Show files, lines, rate and the time left on stderr when that is a terminal, else nothing."""
    if not sys.stderr.isatty():
        yield None
        return
    bar = _bar()
    try:  # it starts a thread, which must not be there when processes are made
        yield _TerminalProgress(bar)
    finally:
        bar.stop()


class _TerminalProgress:
    """One line that is gone when the scan is done."""

    def __init__(self, bar: rich.progress.Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("", lines=0, files=0, of=0, total=None)
        self._done = 0

    def begin(self, files: int, size: int) -> None:
        self._bar.start()
        self._bar.reset(self._task, total=size or None, of=files)

    def advance(self, position: int, lines: int) -> None:
        self._bar.update(self._task, completed=position, lines=lines)

    def done(self, name: str) -> None:
        self._done += 1
        label = clean(Path(name).name)[:_LABEL].replace("[", r"\[")
        self._bar.update(self._task, description=label, files=self._done)


def _bar() -> rich.progress.Progress:
    from rich import progress
    from rich.console import Console

    return progress.Progress(
        progress.TextColumn("{task.fields[files]} of {task.fields[of]} files"),
        progress.TaskProgressColumn(),
        progress.TransferSpeedColumn(),
        progress.TextColumn("{task.fields[lines]:,} lines"),
        progress.TimeRemainingColumn(),
        progress.TextColumn("{task.description}"),
        console=Console(stderr=True),
        transient=True,
    )
