"""What a scan is to read: the logs that a person named, and those below the folders they named."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from scanner.errors import SourceError
from scanner.logs.clock import Clock

STDIN = "-"


@dataclass(frozen=True, slots=True)
class LogInput:
    """A log to be read: a path or ``-``, and what the user says about it."""

    path: str
    format: str | None = None
    zone: tzinfo | None = None
    year: int | None = None
    root: Path | None = None  # names in results are relative to it
    is_found: bool = False  # below a folder, not named itself

    @property
    def name(self) -> str:
        """What the log is called in results: as given, or relative to the folder of gnomon.toml."""
        path = self.path
        if self.root is not None and self.file is not None and self.file.is_relative_to(self.root):
            path = str(self.file.relative_to(self.root))
        return os.fsencode(path).decode("utf-8", "backslashreplace")

    @property
    def is_regular(self) -> bool:
        """Whether the log can be read more than once."""
        return self.file is not None and self.file.is_file()

    def refuse_what_is_no_file(self) -> None:
        """Raise SourceError for a pipe or a device below a folder: nobody asked to wait for it."""
        if self.is_found and self.file is not None and self.file.is_dir():
            raise SourceError("this folder cannot be listed; check its permissions")
        if self.is_found and self.file is not None and self.file.exists() and not self.is_regular:
            raise SourceError("neither a file nor a folder; name it itself, or pipe it in with -")

    @property
    def file(self) -> Path | None:
        return None if self.path == STDIN else Path(self.path)

    @property
    def size(self) -> int:
        try:
            return self.file.stat().st_size if self.file else 0
        except OSError:
            return 0

    def clock(self, now: datetime) -> Clock:
        """Return the clock for this log: one without years was last written at the file's time."""
        latest = now
        if self.file is not None:
            latest = min(now, datetime.fromtimestamp(self.file.stat().st_mtime, UTC))
        return Clock(latest, self.zone or UTC, self.zone is not None, self.year)


def find_inputs(
    paths: Iterable[LogInput], without: frozenset[str] = frozenset()
) -> Iterator[LogInput]:
    """Yield every log below ``paths``: files as they are, folders walked in the order of names.

    Hidden files and folders are left out, and so are the files whose real paths are ``without``.
    """
    for given in paths:
        folder = given.file
        if folder is None or not folder.is_dir():
            yield given
            continue
        for path in _walk(folder):
            if os.path.realpath(path) not in without:
                yield replace(given, path=path, is_found=True)


def _walk(folder: Path) -> Iterator[str]:
    """Yield the files below a folder, through links too, each folder once."""
    seen: set[str] = set()
    unlisted: list[str] = []
    for root, folders, files in os.walk(
        folder, followlinks=True, onerror=lambda error: unlisted.append(str(error.filename))
    ):
        real = os.path.realpath(root)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (str(Path(root, name)) for name in sorted(files) if not name.startswith("."))
    yield from sorted(unlisted)
