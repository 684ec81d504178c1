"""Zip archives: the files in one, in the order of its list.

Reference: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

from __future__ import annotations

import lzma
import re
import stat
import struct
import zipfile
import zlib
from calendar import timegm
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from scanner.logs.blocks import BLOCK
from scanner.logs.members import Allowance, Damaged, Entry, TooMuch

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
# The first member of an office document, which is a zip and no set of logs.
_DOCUMENT = re.compile(rb"PK\x03\x04.{26}(?:\[Content_Types\]\.xml|mimetype)", re.DOTALL)
# A record of 22 bytes, and before it, in large archives, one of 56 and its place.
_END, _END64 = b"PK\x05\x06", b"PK\x06\x06"
_LONGEST_END = 65_535 + 22 + 20 + 56
_ENCRYPTED = 0x1
_TIME_FIELD = 0x5455
_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,  # of bz2, and a place before the beginning
    NotImplementedError,
    RuntimeError,
    ValueError,
    IndexError,
)


def is_zip(head: bytes) -> bool:
    """Whether content that begins with these bytes is a zip, and no document that is kept as one."""
    return head.startswith(MAGIC) and _DOCUMENT.match(head) is None


def entries(path: Path, allowance: Allowance) -> Iterator[Entry]:
    """Yield the files of a zip. Raises Damaged and TooMuch."""
    with path.open("rb") as raw:
        if _size_of_list(raw) > allowance.largest_list:
            raise TooMuch("the archive lists too many files")
        try:
            archive = zipfile.ZipFile(raw)
        except _ERRORS as error:
            raise Damaged(f"the zip archive is damaged or cut short: {error}") from error
        for info in archive.infolist():
            if not info.is_dir():
                yield _entry(archive, info, allowance)


def _entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, allowance: Allowance) -> Entry:
    def pieces() -> Iterator[bytes]:
        try:
            with archive.open(info) as file:
                while piece := file.read(BLOCK):
                    allowance.take(len(piece))
                    yield piece
        except _ERRORS as error:
            raise Damaged(f"the zip archive is damaged: {error}") from error

    why_not = _why_not(info) or allowance.why_bomb(info.file_size, info.compress_size)
    return Entry(info.filename, _written(info), why_not, pieces, lambda: info.compress_size)


def _why_not(info: zipfile.ZipInfo) -> str | None:
    if info.flag_bits & _ENCRYPTED:
        return "encrypted; unpack it with its password, and scan what comes out"
    kind = stat.S_IFMT(info.external_attr >> 16)  # 0 where the archiver knows no kinds of files
    if kind == stat.S_IFLNK:
        return "a link; only plain files are read from an archive"
    return None if kind in (0, stat.S_IFREG) else "no plain file"


def _size_of_list(raw: IO[bytes]) -> int:
    """Return how large the list of members is: the whole of it is read at once."""
    raw.seek(0, 2)
    raw.seek(max(0, raw.tell() - _LONGEST_END))
    end = raw.read()
    at, at64 = end.rfind(_END), end.rfind(_END64)
    size = int.from_bytes(end[at + 12 : at + 16], "little") if at >= 0 else 0
    size64 = int.from_bytes(end[at64 + 40 : at64 + 48], "little") if at64 >= 0 else 0
    return size64 if size == 0xFFFFFFFF else size


def _written(info: zipfile.ZipInfo) -> float:
    """Return when a file was written: as UTC if the archive says so, else by its local clock."""
    extra = info.extra
    while len(extra) >= 9:
        field, length = struct.unpack_from("<HH", extra)
        if field == _TIME_FIELD and length >= 5 and extra[4] & 1:
            return float(struct.unpack_from("<i", extra, 5)[0])
        extra = extra[4 + length :]
    return float(timegm((*info.date_time, 0, 0, 0)))
