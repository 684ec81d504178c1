"""Lines that a format refused, kept aside: they may be another format's."""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from scanner.logs import Batch

_HEAD = struct.Struct("<QI")
# More refused lines than this are not looked at again: they stay rejected.
_MOST_BYTES = 256 * 1024 * 1024
_BATCH = 1_000


class Leftovers:
    """A file of refused lines with their numbers, made when the first one comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: IO[bytes] | None = None
        self._bytes = 0

    def add(self, number: int, line: bytes) -> None:
        """Keep a line. Beyond the bound nothing more is kept."""
        if self._bytes > _MOST_BYTES:
            return
        if self._file is None:
            self._file = tempfile.NamedTemporaryFile(  # noqa: SIM115 - closed by close
                dir=self._folder, prefix="refused-", delete=False
            )
        self._file.write(_HEAD.pack(number, len(line)))
        self._file.write(line)
        self._bytes += len(line) + _HEAD.size

    def close(self) -> Path | None:
        """Return the file; None if no line was kept."""
        if self._file is None:
            return None
        self._file.close()
        return Path(self._file.name)


def batches(files: Iterable[tuple[Path, int]]) -> Iterator[Batch]:
    """Yield what the files hold; a line's number grows by that which stands with its file."""
    numbers: list[int] = []
    lines: list[bytes] = []
    for path, before in files:
        for number, line in _rows(path):
            numbers.append(number + before)
            lines.append(line)
            if len(lines) == _BATCH:
                yield Batch(numbers, lines)
                numbers, lines = [], []
    if lines:
        yield Batch(numbers, lines)


def _rows(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as file:
        while head := file.read(_HEAD.size):
            number, length = _HEAD.unpack(head)
            yield number, file.read(length)
