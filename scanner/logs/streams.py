"""Log files as lines: decompressed, decoded, bounded, and known by what they hold.

One block of 256 KiB at a time goes through memory, whatever the file's size. A line longer than
1 MiB is cut there. What is read is hashed as it goes by, so that a file is known by its content,
not by its name: ``x.log`` and ``x.log.1.gz`` with the same lines are the same evidence.
"""

from __future__ import annotations

import codecs
import hashlib
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import IO, Self, cast

from scanner.errors import SourceError
from scanner.logs import Batch
from scanner.logs.archives import Source, archive_of, as_utf8

BLOCK = 256 * 1024
HEAD = 1024 * 1024
MAX_LINE = 1024 * 1024
# Enough to tell most logs apart, and in every log that has a line at all.
FINGERPRINT_BYTES = 32
_SNIFF = 4096
_CONTROL_SHARE = 0.02

_CONTROL = bytes(byte for byte in range(1, 32) if byte not in b"\t\n\r\x0b\x0c\x1b")
_NOT_LOGS = (
    (b"SQLite format 3\0", "a SQLite database"),
    (b"\xd4\xc3\xb2\xa1", "a packet capture (pcap)"),
    (b"\xa1\xb2\xc3\xd4", "a packet capture (pcap)"),
    (b"\x0a\x0d\x0d\x0a", "a packet capture (pcapng)"),
    (b"PK\x03\x04", "a zip archive"),
    (b"PAR1", "a Parquet file"),
    (b"ElfFile\0", "a Windows event log (EVTX)"),
    (b"\x7fELF", "a program"),
)


class LogStream:
    """One log, open for reading once.

    ``head`` is its first megabyte, decompressed, for detection. ``lines`` yields the whole log.
    Afterwards ``length``, ``line_count`` and ``digest`` say what was read, ``tail`` holds the
    last lines, and ``damage`` tells why it ended early.
    """

    def __init__(self, path: Path | None) -> None:
        """Open ``path``, or standard input where it is None. Raises SourceError."""
        self.path = path
        self.length = 0
        self.line_count = 0
        self.cut_lines = 0
        self.tail: list[bytes] = []
        self._digest = hashlib.blake2b(digest_size=16)
        self._marks: dict[int, str] = {}
        self._pending_marks: list[int] = []
        self._raw = _open_raw(path)
        try:
            self._archive = archive_of(self._raw, path)
            self._source = as_utf8(self._archive or cast("Source", self._raw))
            self.head = self._read_head()
        except BaseException:
            self._close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def _close(self) -> None:
        if self.path is not None:
            self._raw.close()

    @property
    def damage(self) -> str | None:
        """Why a compressed log ended early; None if it did not."""
        return self._archive.damage if self._archive else None

    @property
    def fingerprint(self) -> str:
        """The first bytes of the log, hashed: which stored logs it may be, or be grown from."""
        return hashlib.blake2b(self.head[:FINGERPRINT_BYTES], digest_size=8).hexdigest()

    @property
    def digest(self) -> str:
        """The hash of all bytes read so far."""
        return self._digest.hexdigest()

    @property
    def position(self) -> int:
        """How many bytes of the file as it lies on the disk are read: for progress."""
        return self._raw.tell() if self.path is not None else self.length

    def not_a_log(self) -> str | None:
        """Return what the content is, if it plainly is no text at all."""
        for magic, what in _NOT_LOGS:
            if self.head.startswith(magic):
                return what
        if not self.head:
            return None
        sample = self.head[:_SNIFF].replace(b"\0", b"")  # a crash leaves NULs in a log
        control = len(sample) - len(sample.translate(None, _CONTROL))
        return "binary data" if not sample or control > _CONTROL_SHARE * len(sample) else None

    def mark(self, lengths: Iterable[int]) -> None:
        """Ask for the hash of the first ``length`` bytes, for each of ``lengths``."""
        self._pending_marks = sorted(set(lengths))

    def digest_at(self, length: int) -> str | None:
        """Return the hash of the first ``length`` bytes, if marked before and read since."""
        return self._marks.get(length)

    def drain(self) -> None:
        """Read to the end for the hash alone."""
        for _ in self._blocks():
            pass

    def lines(self) -> Iterator[bytes]:
        """Yield every line without its line end; a blank or cut last line is a line too."""
        return chain.from_iterable(self.line_blocks())

    def batches(self) -> Iterator[Batch]:
        """Yield the same lines, some thousands at a time, with their numbers."""
        for lines in self.line_blocks():
            yield Batch(range(self.line_count - len(lines) + 1, self.line_count + 1), lines)

    def _read_head(self) -> bytes:
        head = bytearray()
        block = bytearray(BLOCK)
        while len(head) < HEAD and (count := self._fill(block)):
            head += memoryview(block)[:count]
        return bytes(head)

    def line_blocks(self) -> Iterator[list[bytes]]:
        """Yield the same lines, some thousands at a time, as they are read."""
        rest = b""
        is_cut = False
        for block in self._blocks():
            begin = 0
            if is_cut:  # the remainder of a line that was cut goes with its line end
                begin = block.find(b"\n") + 1
                if not begin:
                    continue
                is_cut = False
            end = block.rfind(b"\n")
            first = block.find(b"\n", begin)
            if first >= 0 and len(rest) + first - begin > MAX_LINE:
                yield self._cut(rest + block[begin:first])
                rest, begin = b"", first + 1
            if end >= begin:
                yield self._counted(rest + block[begin:end])
                rest = block[end + 1 :]
            else:
                rest += block[begin:]
            if len(rest) > MAX_LINE:
                yield self._cut(rest)
                rest, is_cut = b"", True
        if rest:
            yield self._counted(rest)

    def _cut(self, line: bytes) -> list[bytes]:
        self.cut_lines += 1
        return self._counted(line[:MAX_LINE])

    def _counted(self, data: bytes) -> list[bytes]:
        if b"\r" in data:
            data = data.replace(b"\r\n", b"\n").removesuffix(b"\r")
        if b"\0" in data:  # left by a crash of the machine that logged
            data = data.replace(b"\0", b"")
        self.tail = data.split(b"\n")
        self.line_count += len(self.tail)
        return self.tail

    def _blocks(self) -> Iterator[bytes]:
        self._account(self.head)
        head = self.head.removeprefix(codecs.BOM_UTF8)
        for at in range(0, len(head), BLOCK):
            yield head[at : at + BLOCK]
        buffer = bytearray(BLOCK)
        while count := self._fill(buffer):
            block = bytes(memoryview(buffer)[:count])
            self._account(block)
            yield block

    def _fill(self, buffer: bytearray) -> int:
        try:
            return self._source.readinto(buffer) or 0
        except OSError as error:
            raise SourceError(f"reading failed: {error.strerror or error}") from error

    def _account(self, block: bytes) -> None:
        start, self.length = self.length, self.length + len(block)
        while self._pending_marks and self._pending_marks[0] <= self.length:
            mark = self._pending_marks.pop(0)
            partial = self._digest.copy()
            partial.update(block[: mark - start])
            self._marks[mark] = partial.hexdigest()
        self._digest.update(block)


def _open_raw(path: Path | None) -> IO[bytes]:
    if path is None:
        return sys.stdin.buffer
    try:
        return path.open("rb")
    except OSError as error:
        raise SourceError(f"cannot be opened: {error.strerror or error}") from error
