"""Log files as lines: decompressed, decoded, bounded, and known by what they hold.

One block of 256 KiB at a time goes through memory, whatever the file's size. A line longer than
1 MiB is cut there. What is read is hashed as it goes by, so that a file is known by its content,
not by its name: ``x.log`` and ``x.log.1.gz`` with the same lines are the same evidence.
"""

from __future__ import annotations

import bz2
import codecs
import hashlib
import io
import lzma
import sys
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import IO, Any, Protocol, Self, cast

from scanner.errors import SourceError

BLOCK = 256 * 1024
HEAD = 1024 * 1024
MAX_LINE = 1024 * 1024
# Enough to tell most logs apart, and in every log that has a line at all.
FINGERPRINT_BYTES = 32
_SALVAGE_STEP = 256
_SNIFF = 4096
_CONTROL_SHARE = 0.02

_MAGIC = (
    (b"\x1f\x8b", "gz"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
)
_CONTROL = bytes(byte for byte in range(1, 32) if byte not in b"\t\n\r\x0b\x0c\x1b")
_UTF16 = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
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


class _Source(Protocol):
    def readinto(self, buffer: Any, /) -> int | None: ...


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
            self._archive = _archive_of(self._raw, path)
            self._source = _as_utf8(self._archive or cast("_Source", self._raw))
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


class _Archive:
    """A decompressed file that gives what lies before a damaged place, and says so."""

    def __init__(self, raw: IO[bytes], path: Path | None, compression: str) -> None:
        self.damage: str | None = None
        self._path = path
        self._compression = compression
        self._delivered = 0
        self._fast: _Source | None = _decompressor(raw, compression)
        self._salvage: Iterator[bytes] = iter(())

    def readinto(self, buffer: bytearray) -> int:
        if self._fast is not None:
            try:
                count = self._fast.readinto(buffer) or 0
                self._delivered += count
                return count
            except _damage_errors() as error:
                self.damage = f"the {self._compression} data is damaged or cut short ({error})"
                self._fast = None
                self._salvage = self._rest_before_damage(len(buffer))
        piece = next(self._salvage, b"")
        buffer[: len(piece)] = piece
        return len(piece)

    def _rest_before_damage(self, size: int) -> Iterator[bytes]:
        """Decompress again in small steps: a large step that fails gives nothing at all."""
        if self._path is None:
            return
        skip = self._delivered
        with self._path.open("rb") as raw:
            for piece in _small_steps(raw, self._compression):
                fresh, skip = piece[skip:], max(0, skip - len(piece))
                for at in range(0, len(fresh), size):
                    yield fresh[at : at + size]


class _Utf8FromUtf16:
    """UTF-16 text read as UTF-8 bytes."""

    def __init__(self, source: _Source, encoding: str) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._ready = b""

    def readinto(self, buffer: bytearray) -> int:
        raw = bytearray(len(buffer))
        while not self._ready:
            count = self._source.readinto(raw) or 0
            text = self._decoder.decode(bytes(raw[:count]), final=not count)
            self._ready = text.encode("utf-8", "surrogatepass")
            if not count:
                break
        piece, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)


class _Joined:
    """Bytes already taken from a source, then the source."""

    def __init__(self, begun: bytes, source: _Source) -> None:
        self._begun = begun
        self._source = source

    def readinto(self, buffer: bytearray) -> int:
        if not self._begun:
            return self._source.readinto(buffer) or 0
        piece, self._begun = self._begun[: len(buffer)], self._begun[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)


def _open_raw(path: Path | None) -> IO[bytes]:
    if path is None:
        return sys.stdin.buffer
    try:
        return path.open("rb")
    except OSError as error:
        raise SourceError(f"cannot be opened: {error.strerror or error}") from error


def _archive_of(raw: IO[bytes], path: Path | None) -> _Archive | None:
    begin = raw.peek(8) if isinstance(raw, io.BufferedReader) else b""
    for magic, compression in _MAGIC:
        if begin.startswith(magic):
            return _Archive(raw, path, compression)
    return None


def _decompressor(raw: IO[bytes], compression: str) -> _Source:
    match compression:
        case "gz":
            from isal import igzip

            return cast("_Source", igzip.IGzipFile(fileobj=raw))  # type: ignore[no-untyped-call]
        case "bz2":
            return bz2.BZ2File(raw)
        case "xz":
            return lzma.LZMAFile(raw)
        case _:
            return cast("_Source", _zstd().ZstdFile(raw))


def _small_steps(raw: IO[bytes], compression: str) -> Iterator[bytes]:
    """Decompress ``raw`` a few bytes at a time until the damage."""
    engine = _engine(compression)
    try:
        while step := raw.read(_SALVAGE_STEP):
            while step:
                yield engine.decompress(step)
                step = getattr(engine, "unused_data", b"")
                if step:
                    engine = _engine(compression)
    except _damage_errors():
        return


def _engine(compression: str) -> Any:
    match compression:
        case "gz":
            return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        case "bz2":
            return bz2.BZ2Decompressor()
        case "xz":
            return lzma.LZMADecompressor()
        case _:
            return _zstd().ZstdDecompressor()


def _damage_errors() -> tuple[type[Exception], ...]:
    from isal import isal_zlib

    isal_error = cast("type[Exception]", isal_zlib.error)
    return (EOFError, OSError, zlib.error, isal_error, lzma.LZMAError, _zstd().ZstdError)


def _zstd() -> Any:
    """Return Zstandard as the standard library has it from 3.14 on."""
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd


def _as_utf8(source: _Source) -> _Source:
    begun = bytearray(2)
    count = source.readinto(begun) or 0
    for bom, encoding in _UTF16:
        if begun == bom:
            return _Utf8FromUtf16(source, encoding)
    return _Joined(bytes(begun[:count]), source)
