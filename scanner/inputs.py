"""What a scan is to read: logs and source trees that a person named, those below folders, and those in archives."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import NamedTuple

from scanner.errors import SourceError
from scanner.logs.clock import Clock
from scanner.logs.containers import Spent, holds_several, members
from scanner.model import SourceState
from scanner.trees import TreeInput
from scanner.trees.recognition import is_tree, repositories_below

STDIN = "-"
_DEPTH = 3


@dataclass(frozen=True, slots=True)
class LogInput:
    """A log to be read: a path or ``-``, and what the user says about it.

    One that lies in an archive has a ``label``, its name in results, and was ``written`` when the
    archive says. Its file is a copy, and whoever takes it calls ``discard`` when it is read.
    """

    path: str
    format: str | None = None
    zone: tzinfo | None = None
    year: int | None = None
    root: Path | None = None  # names in results are relative to it
    is_found: bool = False  # below a folder, not named itself
    label: str | None = None
    written: datetime | None = None

    @property
    def name(self) -> str:
        """What the log is called in results: as given, or relative to the folder of gnomon.toml."""
        if self.label is not None:
            return self.label
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
        latest = min(now, self.last_written or now)
        return Clock(latest, self.zone or UTC, self.zone is not None, self.year)

    @property
    def last_written(self) -> datetime | None:
        """The time of the file, or of the member of an archive; None of a pipe. Raises OSError."""
        if self.written is not None or self.file is None:
            return self.written
        return datetime.fromtimestamp(self.file.stat().st_mtime, UTC)

    def discard(self) -> None:
        """Remove the file of a log that was taken out of an archive; any other stays."""
        if self.label is not None and self.file is not None:
            self.file.unlink(missing_ok=True)


class Refused(NamedTuple):
    """A file that cannot be read for what it is, or an archive, or what is left of one."""

    name: str
    reason: str
    state: SourceState = SourceState.FAILED


def find_inputs(
    paths: Iterable[LogInput],
    without: frozenset[str] = frozenset(),
    revision: str | None = None,
    ignores: bool = True,
) -> Iterator[LogInput | TreeInput]:
    """Yield every log and source tree below ``paths``, folders walked in the order of names.

    A folder that is a source tree is one input, and so is each repository in it. Hidden files and
    folders are left out, and so are the files whose real paths are ``without``. ``revision`` and
    ``ignores`` say how trees are read; see ``TreeInput``.
    """
    for given in paths:
        folder = given.file
        if folder is None or not folder.is_dir():
            yield given
            continue
        for path in _walk(folder):
            if isinstance(path, Path):
                trees = (path, *repositories_below(path))
                yield from (TreeInput(str(one), revision, ignores, given.root) for one in trees)
            elif os.path.realpath(path) not in without:
                yield replace(given, path=path, is_found=True)


def opened(source: LogInput, folder: Path, depth: int = _DEPTH) -> Iterator[LogInput | Refused]:
    """Yield a log itself, or if it is an archive the logs in it, unpacked into ``folder``.

    Archives in archives are opened too, ``depth`` in all. The logs of an archive are called
    ``archive.tar.gz/path/in/it.log``; one that is damaged comes up to the damage, and then as
    Refused. Each is unpacked when it is asked for, and stays until it is discarded.
    """
    yield from _opened(source, folder, depth, Spent())


def _opened(
    source: LogInput, folder: Path, depth: int, spent: Spent
) -> Iterator[LogInput | Refused]:
    if not _is_archive(source):
        yield source
        return
    assert source.file is not None, "standard input is no archive"  # noqa: S101
    try:
        if depth <= 0:
            yield Refused(source.name, "an archive too deep in others; unpack the outer ones first")
            return
        yield from _members(source, source.file, folder, depth, spent)
    except OSError as error:
        yield Refused(source.name, f"cannot be unpacked: {error.strerror or error}")
    finally:
        source.discard()


def _members(
    source: LogInput, path: Path, folder: Path, depth: int, spent: Spent
) -> Iterator[LogInput | Refused]:
    is_empty = True
    for member in members(path, folder, spent=spent):
        is_empty = False
        name = f"{source.name}/{member.name}" if member.name else source.name
        if member.file is not None:
            log = replace(
                source,
                path=str(_kept(member.file)),
                is_found=False,
                label=name,
                written=member.mtime or source.last_written,
            )
            yield from _opened(log, folder, depth - 1, spent)
        if member.reason is not None:
            yield Refused(name, member.reason)
    if is_empty:
        yield Refused(source.name, "the archive holds no file", SourceState.EMPTY)


def _is_archive(source: LogInput) -> bool:
    """Whether a log is an archive; one that cannot be opened is for the reader to report."""
    try:
        return source.file is not None and source.is_regular and holds_several(source.file)
    except OSError:
        return False


def _kept(file: Path) -> Path:
    """Take a file over from the archive's reader, which removes what it unpacked."""
    kept = file.with_name(f"{file.name}-kept")
    file.rename(kept)
    return kept


def _walk(folder: Path) -> Iterator[str | Path]:
    """Yield the source trees below a folder as paths, then the files outside of them; each folder once.

    Links are followed.
    """
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
        if is_tree(Path(root), files):
            folders.clear()
            yield Path(root)
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (str(Path(root, name)) for name in sorted(files) if not name.startswith("."))
    yield from sorted(unlisted)
