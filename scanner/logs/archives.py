"""Compressed and UTF-16 logs as plain bytes, up to the place where an archive is damaged."""

from __future__ import annotations

import bz2
import codecs
import io
import lzma
import sys
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Protocol, cast

_SALVAGE_STEP = 256
_MAGIC = (
    (b"\x1f\x8b", "gz"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
)
_UTF16 = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


Buffer = bytearray | memoryview


UTF16_MARKS = tuple(mark for mark, _ in _UTF16)
_BEGIN = 4096


class Source(Protocol):
    """Anything that bytes can be read from, into a buffer."""

    def readinto(self, buffer: Any, /) -> int | None: ...


class Archive:
    """A decompressed file that gives what lies before a damaged place, and says so."""

    def __init__(self, raw: IO[bytes], path: Path | None, compression: str) -> None:
        self.damage: str | None = None
        self._path = path
        self._compression = compression
        self._delivered = 0
        self._fast: Source | None = _decompressor(raw, compression)
        self._salvage: Iterator[bytes] = iter(())
        self._rescued = b""

    def readinto(self, buffer: Buffer) -> int:
        if self._fast is not None:
            try:
                count = self._fast.readinto(buffer) or 0
                self._delivered += count
                return count
            except _damage_errors() as error:
                self.damage = f"the {self._compression} data is damaged or cut short ({error})"
                self._fast = None
                self._salvage = self._rest_before_damage(len(buffer))
        rescued = self._rescued or next(self._salvage, b"")
        piece, self._rescued = rescued[: len(buffer)], rescued[len(buffer) :]
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

    def __init__(self, source: Source, encoding: str) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._ready = b""

    def readinto(self, buffer: Buffer) -> int:
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


class Joined:
    """Bytes already taken from a source, then the source."""

    def __init__(self, begun: bytes, source: Source) -> None:
        self._begun = begun
        self._source = source

    def readinto(self, buffer: Buffer) -> int:
        if not self._begun:
            return self._source.readinto(buffer) or 0
        piece, self._begun = self._begun[: len(buffer)], self._begun[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)


def archive_of(raw: IO[bytes], path: Path | None) -> Archive | None:
    """Return the archive that a file is, told by its first bytes; None if it is none."""
    begin = raw.peek(8) if isinstance(raw, io.BufferedReader) else b""
    for magic, compression in _MAGIC:
        if begin.startswith(magic):
            return Archive(raw, path, compression)
    return None


def _decompressor(raw: IO[bytes], compression: str) -> Source:
    match compression:
        case "gz":
            from isal import igzip

            return cast("Source", igzip.IGzipFile(fileobj=raw))  # type: ignore[no-untyped-call]
        case "bz2":
            return bz2.BZ2File(raw)
        case "xz":
            return lzma.LZMAFile(raw)
        case _:
            return cast("Source", _zstd().ZstdFile(raw))


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


def begin_of(source: Source) -> bytes:
    """Take the first 4 KiB of a source, or all of a smaller one."""
    begun = bytearray()
    piece = bytearray(_BEGIN)
    while len(begun) < _BEGIN and (count := source.readinto(piece) or 0):
        begun += memoryview(piece)[:count]
    return bytes(begun)


def unpacked(source: Source, folder: Path) -> Path:
    """Write a source to a new file of ``folder``."""
    piece = bytearray(_BEGIN * 64)
    with tempfile.NamedTemporaryFile(dir=folder, prefix="unpacked-", delete=False) as file:
        while count := source.readinto(piece) or 0:
            file.write(memoryview(piece)[:count])
    return Path(file.name)


def as_utf8(source: Source) -> Source:
    """Return a source of UTF-8, also where the bytes begin with the mark of UTF-16."""
    begun = bytearray(2)
    count = source.readinto(begun) or 0
    for bom, encoding in _UTF16:
        if begun == bom:
            return _Utf8FromUtf16(source, encoding)
    return Joined(bytes(begun[:count]), source)
