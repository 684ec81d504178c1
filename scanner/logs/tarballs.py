"""Tar archives as a stream: headers read by the standard library, everything bounded.

Headers that lengthen the one after them (GNU's long names, PAX) are read here, because a damaged
one must be told from the archive's end, and none may fill the memory.
Reference: https://www.gnu.org/software/tar/manual/html_node/Standard.html
"""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from tarfile import BLOCKSIZE, HeaderError, TarInfo

from scanner.logs.archives import Source
from scanner.logs.blocks import BLOCK
from scanner.logs.members import Allowance, Damaged, Entry

_MOST_EXTRA = 1024 * 1024
_LONG_NAME, _LONG_LINK = tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK
_PAX = frozenset({tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE})
_EXTRAS = _PAX | {tarfile.XGLTYPE, _LONG_NAME, _LONG_LINK}
# A GNU archive's label, and the list of a folder's files.
_NO_FILES = frozenset({tarfile.DIRTYPE, b"V", b"D"})
_WHAT = {
    tarfile.LNKTYPE: "a link",
    tarfile.SYMTYPE: "a link",
    tarfile.CHRTYPE: "a device",
    tarfile.BLKTYPE: "a device",
    tarfile.FIFOTYPE: "a pipe",
    tarfile.GNUTYPE_SPARSE: "a sparse file",
}


def is_tar(head: bytes) -> bool:
    """Whether content that begins with these 512 bytes is a tar: by its magic or its checksum."""
    if head[257:262] == b"ustar" and b"\0" in head[:257]:
        return True
    try:
        _header(head[:BLOCKSIZE])
    except Damaged:
        return False
    return True


def entries(
    source: Source,
    packed: Callable[[], int],
    damage: Callable[[], str | None],
    allowance: Allowance,
) -> Iterator[Entry]:
    """Yield the files of a tar. Raises Damaged where nothing more can be read, and TooMuch.

    ``packed`` tells how much of the file on the disk is read, ``damage`` what is wrong with it.
    """
    stream = _Stream(source, damage, allowance)
    while (info := _next(stream)) is not None:
        since = partial(_since, packed(), packed)
        stream.begin_member(info.size if _has_content(info) else 0)
        if info.type not in _NO_FILES:
            yield Entry(info.name, float(info.mtime), _why_not(info), stream.pieces, since)
        if stream.is_broken:  # whoever read the member was told
            return
        stream.end_member()


class _Stream:
    """The bytes of a tar, and how many of the member at hand are left."""

    def __init__(
        self, source: Source, damage: Callable[[], str | None], allowance: Allowance
    ) -> None:
        self.is_broken = False
        self._source = source
        self._damage = damage
        self._allowance = allowance
        self._ready = memoryview(b"")
        self._left = 0
        self._padding = 0

    def read(self, size: int) -> bytes:
        """Read that many bytes, or as many as there are."""
        found = bytearray()
        while len(found) < size and (piece := self._read(size - len(found))):
            found += piece
        return bytes(found)

    def block(self) -> bytes:
        """Read a block; b"" at the end. Raises Damaged where the archive is cut short."""
        block = self.read(BLOCKSIZE)
        if len(block) < BLOCKSIZE and (block or self._damage()):
            raise self._cut_short()
        return block

    def content(self, size: int) -> bytes:
        """Read what belongs to a header, and what fills its last block."""
        content = self.read(size)
        self.read(-size % BLOCKSIZE)
        if len(content) < size:
            raise self._cut_short()
        return content

    def begin_member(self, size: int) -> None:
        self._left = size
        self._padding = -size % BLOCKSIZE

    def pieces(self) -> Iterator[bytes]:
        while self._left:
            piece = self._read(min(BLOCK, self._left))
            if not piece:
                self.is_broken = True
                raise self._cut_short()
            self._left -= len(piece)
            yield piece

    def end_member(self) -> None:
        """Pass over what nobody read of the member."""
        for _ in self.pieces():
            pass
        self.read(self._padding)

    def drain(self) -> None:
        """Read on to the end: only there it shows whether compressed data is sound."""
        while self._read(BLOCK):
            pass
        if damage := self._damage():
            raise Damaged(damage)

    def _cut_short(self) -> Damaged:
        return Damaged(self._damage() or "the tar archive is cut short")

    def _read(self, size: int) -> bytes:
        if not self._ready:
            buffer = bytearray(BLOCK)
            self._ready = memoryview(buffer)[: self._source.readinto(buffer) or 0]
        piece, self._ready = bytes(self._ready[:size]), self._ready[size:]
        self._allowance.take(len(piece))
        return piece


def _next(stream: _Stream) -> TarInfo | None:
    """Return the next member, with what the headers before it say of it; None at the end."""
    said: dict[str, str] = {}
    while True:
        block = stream.block()
        if not block.strip(b"\0"):
            stream.drain()
            return None
        info = _header(block)
        if info.type not in _EXTRAS:
            _pass_over_a_map(info, block, stream)
            return _with(info, said)
        if info.size > _MOST_EXTRA:
            raise Damaged("the tar archive is damaged: a header of over 1 MiB")
        content = stream.content(info.size)
        if info.type == _LONG_NAME:
            said["path"] = content.rstrip(b"\0").decode("utf-8", "surrogateescape")
        elif info.type in _PAX:
            said.update(_pax(content))


def _header(block: bytes) -> TarInfo:
    try:
        info = TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except (HeaderError, ValueError) as error:
        raise Damaged(f"the tar archive is damaged: {error}") from error
    if info.size < 0:
        raise Damaged("the tar archive is damaged: a file of negative size")
    return info


def _pass_over_a_map(info: TarInfo, block: bytes, stream: _Stream) -> None:
    """Pass over the further blocks of a sparse file's map."""
    is_continued = info.type == tarfile.GNUTYPE_SPARSE and block[482] != 0
    while is_continued:
        block = stream.block()
        is_continued = len(block) == BLOCKSIZE and block[504] != 0


def _pax(content: bytes) -> dict[str, str]:
    """Read ``30 mtime=1795226310.136\\n`` and the like."""
    said: dict[str, str] = {}
    while content.strip(b"\0"):
        length, _, _ = content.partition(b" ")
        if not length.isdigit() or not len(length) < int(length[:9]) <= len(content):
            raise Damaged("the tar archive is damaged: a PAX header that cannot be read")
        record, content = content[: int(length)], content[int(length) :]
        key, _, value = record[len(length) + 1 : -1].partition(b"=")
        said[key.decode("utf-8", "replace")] = value.decode("utf-8", "surrogateescape")
    return said


def _with(info: TarInfo, said: dict[str, str]) -> TarInfo:
    info.name = said.get("path", info.name)
    with suppress(ValueError):
        info.mtime = float(said.get("mtime", info.mtime))
    if (size := said.get("size", "")).isdecimal():
        info.size = int(size)
    if any(key.startswith("GNU.sparse.") for key in said):
        info.type = tarfile.GNUTYPE_SPARSE
    return info


def _since(before: int, packed: Callable[[], int]) -> int:
    return packed() - before


def _has_content(info: TarInfo) -> bool:
    return info.isreg() or info.type not in tarfile.SUPPORTED_TYPES


def _why_not(info: TarInfo) -> str | None:
    if info.isreg() and info.type != tarfile.GNUTYPE_SPARSE:
        return None
    return f"{_WHAT.get(info.type, 'no plain file')}; only plain files are read from an archive"
