"""Log files as lines: decompressed, decoded, bounded, and known by what they hold.

One block of 256 KiB at a time goes through memory, whatever the file's size. A line longer than
1 MiB is cut there. What is read is hashed as it goes by, so that a file is known by its content,
not by its name: ``x.log`` and ``x.log.1.gz`` with the same lines are the same evidence.
"""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import IO, Self, cast

from scanner.errors import SourceError
from scanner.logs import Batch
from scanner.logs.archives import (
    UTF16_MARKS,
    Joined,
    Source,
    archive_of,
    as_utf8,
    begin_of,
    unpacked,
)
from scanner.logs.binary import Binary, Records
from scanner.logs.blocks import (
    BLOCK,
    Block,
    Blocks,
    Cutter,
    every_line,
    lines_of,
    tail_of,
    without_mark,
)
from scanner.logs.marks import BEGINNING, Marks, beginning_of, digest

HEAD = 1024 * 1024
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
    """One log, open for reading once, from its beginning to its end.

    ``head`` is its first megabyte, decompressed, for detection. ``batches`` yields the whole log.
    Afterwards ``length``, ``line_count`` and ``marks`` say what was read, ``tail`` holds the
    last lines, and ``damage`` tells why it ended early. ``lengths`` are those of other logs that
    may be this one's beginning.
    """

    def __init__(
        self,
        path: Path | None,
        lengths: Iterable[int] = (),
        binaries: Iterable[Binary] = (),
        folder: Path | None = None,
    ) -> None:
        """Open ``path``, or standard input where it is None. Raises SourceError.

        A log of one of the kinds in ``binaries`` is read as JSON lines; one that is compressed is
        unpacked into ``folder`` first.
        """
        self.path = path
        self.line_count = 0
        self._tail = b""
        self._marks = Marks(0, lengths)
        self._blocks = Blocks(self._fill)
        self._raw = _open_raw(path)
        self._binary: Records | None = None
        self._is_utf16 = False
        try:
            self._begun = _begun(self._raw)
            self._archive = archive_of(self._raw, path)
            self._source = self._text(binaries, folder)
            self.head = self._read_head()
        except BaseException:
            self._close()
            raise
        self._replayed = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def _close(self) -> None:
        if self.path is not None:
            self._raw.close()

    @property
    def is_plain(self) -> bool:
        """Whether the bytes of the log are those of a file on the disk."""
        is_file = self.path is not None and self.path.is_file()
        return is_file and self._archive is None and self._binary is None and not self._is_utf16

    @property
    def is_text(self) -> bool:
        """Whether names stand in the log's bytes as they are written."""
        return self._binary is None

    @property
    def size(self) -> int:
        """How large the file on the disk is; 0 of standard input."""
        return self.path.stat().st_size if self.path is not None else 0

    def peek(self, at: int, count: int) -> bytes:
        """Return some bytes of a plain log from anywhere in it."""
        if self.path is None:
            return b""
        with self.path.open("rb") as file:
            file.seek(at)
            return file.read(count)

    @property
    def damage(self) -> str | None:
        """Why not all of the log could be read; None if it could."""
        inner = self._binary.damage if self._binary else None
        return inner or (self._archive.damage if self._archive else None)

    @property
    def cut_lines(self) -> int:
        """How many lines were too long."""
        return self._blocks.cut_lines

    @property
    def fingerprint(self) -> str:
        """The first bytes of the log, hashed: which stored logs it may be, or be grown from."""
        return hashlib.blake2b(self.head[:FINGERPRINT_BYTES], digest_size=8).hexdigest()

    @property
    def beginning(self) -> bytes:
        """The marks of the first 4 KiB; of less, if the log is shorter."""
        return beginning_of(self.head)

    @property
    def length(self) -> int:
        """How many bytes are read."""
        return self._marks.length

    @property
    def marks(self) -> bytes:
        """The hashes of the pieces that are read so far."""
        return self._marks.finish()

    @property
    def partial(self) -> dict[int, bytes]:
        """For each of ``lengths`` that was passed, the hash of its last piece up to there."""
        return self._marks.partial

    @property
    def digest(self) -> str:
        """The hash of all bytes read so far."""
        return digest(self.marks, self.length)

    @property
    def position(self) -> int:
        """How many bytes of the file as it lies on the disk are read: for progress."""
        return self._raw.tell() if self.path is not None else self.length

    def not_a_log(self) -> str | None:
        """Return what the content is, if it plainly is no text at all."""
        if self._binary is not None and self._binary.why_none is not None:
            return self._binary.why_none
        for magic, what in _NOT_LOGS:
            if self.head.startswith(magic):
                return what
        if not self.head:
            return None
        sample = self.head[:_SNIFF].replace(b"\0", b"")  # a crash leaves NULs in a log
        control = len(sample) - len(sample.translate(None, _CONTROL))
        return "binary data" if not sample or control > _CONTROL_SHARE * len(sample) else None

    def drain(self) -> None:
        """Read to the end for the hashes alone."""
        with memoryview(bytearray(BLOCK)) as buffer:
            while self._fill(buffer):
                pass

    def lines(self) -> Iterator[bytes]:
        """Yield every line without its line end; a blank or cut last line is a line too."""
        return chain.from_iterable(batch.lines for batch in self.batches())

    def batches(self, cut: Cutter = every_line) -> Iterator[Batch]:
        """Yield the same lines, some thousands at a time, with their numbers."""
        for block in self.blocks():
            batch, count = cut(block, self.line_count + 1)
            self.line_count += count
            self._tail = tail_of(block)
            yield batch

    @property
    def tail(self) -> list[bytes]:
        """The last lines that were read, some hundred at most."""
        return lines_of(self._tail) if self._tail else []

    def blocks(self) -> Iterator[Block]:
        """Yield the log as whole lines with their ends; each block is valid until the next."""
        return without_mark(self._blocks)

    def _text(self, binaries: Iterable[Binary], folder: Path | None) -> Source:
        """Return the log as UTF-8, whatever it is on the disk."""
        source: Source = self._archive or cast("Source", self._raw)
        begun = begin_of(source)
        kind = next((one for one in binaries if one.is_it(begun)), None)
        path = self.path
        if kind is not None and folder is not None and (path is None or self._archive is not None):
            path = unpacked(Joined(begun, source), folder)
        if kind is not None and path is not None:
            self._binary = Records(kind.records(path))
            return self._binary
        self._is_utf16 = begun.startswith(UTF16_MARKS)
        return as_utf8(Joined(begun, source))

    def _read_head(self) -> bytes:
        head = bytearray()
        block = bytearray(BLOCK)
        while len(head) < HEAD and (count := self._read(block)):
            head += memoryview(block)[:count]
        return bytes(head)

    def _fill(self, buffer: memoryview) -> int:
        """Give what was read ahead once more, then the rest."""
        if self._replayed < len(self.head):
            piece = self.head[self._replayed : self._replayed + len(buffer)]
            count = len(piece)
            buffer[:count] = piece
            self._replayed += count
        else:
            count = self._read(buffer)
            if not count:
                self._refuse_what_was_written_anew()
        self._marks.update(buffer[:count])
        return count

    def _refuse_what_was_written_anew(self) -> None:
        """Raise SourceError for a file that was truncated meanwhile: what was read is no log's content.

        Logs are truncated in place where they are rotated by copying.
        """
        if self.path is None or not self._raw.seekable():
            return
        at = self._raw.tell()
        size = self._raw.seek(0, 2)
        self._raw.seek(0)
        begun = self._raw.read(len(self._begun))
        self._raw.seek(at)
        if size < at or begun != self._begun:
            raise SourceError("the file was written anew while it was read; scan it again")

    def _read(self, buffer: bytearray | memoryview) -> int:
        try:
            return self._source.readinto(buffer) or 0
        except OSError as error:
            raise SourceError(f"reading failed: {error.strerror or error}") from error


def _begun(raw: IO[bytes]) -> bytes:
    """Return the first bytes of a file that is not read yet."""
    return raw.peek(BEGINNING)[:BEGINNING] if isinstance(raw, io.BufferedReader) else b""


def _open_raw(path: Path | None) -> IO[bytes]:
    if path is None:
        return sys.stdin.buffer
    try:
        return path.open("rb")
    except OSError as error:
        raise SourceError(f"cannot be opened: {error.strerror or error}") from error
