"""Archives that hold several logs, zip and tar, plain or compressed: one file after another.

A file is unpacked under a name of our own, never the one that it has in the archive, and is gone
when the next one is asked for. What may come out is bounded, and whatever is no plain file with a
decent name is refused with the reason.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple, cast

from scanner.logs import tarballs, zips
from scanner.logs.archives import Joined, Source, archive_of, begin_of
from scanner.logs.blocks import BLOCK
from scanner.logs.members import Allowance, Damaged, Entry, Limits, Spent, TooMuch
from scanner.logs.tarballs import is_tar
from scanner.logs.zips import is_zip

__all__ = ["Limits", "Member", "Spent", "holds_several", "is_container", "members"]

_NOISE = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|\._[^/]*$)")
_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
USUAL_LIMITS = Limits()
# Archivers that know no time write 1970 or 1980.
_FIRST_YEAR = 1990
_NO_MORE = "what comes after it is not read"


class Member(NamedTuple):
    """A file in an archive: unpacked, or refused with the reason.

    Of a damaged one both are there: the file holds what lies before the damage. A reason without
    a name is about the archive itself.
    """

    name: str
    file: Path | None
    reason: str | None
    mtime: datetime | None


def is_container(head: bytes) -> bool:
    """Whether content that begins with these bytes, 512 or more, decompressed, is zip or tar."""
    return is_zip(head) or is_tar(head)


def holds_several(path: Path) -> bool:
    """Whether a file is zip or tar, compressed or not. Raises OSError."""
    with path.open("rb") as raw:
        return is_container(begin_of(archive_of(raw, path) or cast("Source", raw)))


def members(
    path: Path, folder: Path, limits: Limits = USUAL_LIMITS, spent: Spent | None = None
) -> Iterator[Member]:
    """Yield the files in a container, each unpacked into ``folder`` until the next is asked for.

    ``spent`` counts what comes out, beside what came out before. Raises OSError.
    """
    allowance = Allowance(limits, Spent() if spent is None else spent)
    try:
        for entry in _entries(path, folder, allowance):
            if not _NOISE.search(entry.name):
                allowance.take_member()
                yield from _member(entry, folder, allowance)
    except (Damaged, TooMuch) as reason:
        yield Member("", None, f"{reason}; {_NO_MORE}", None)


def _entries(path: Path, folder: Path, allowance: Allowance) -> Iterator[Entry]:
    with path.open("rb") as raw:
        archive = archive_of(raw, path)
        source = archive or cast("Source", raw)
        begun = begin_of(source)
        if not is_zip(begun):
            damage = partial(getattr, archive, "damage", None)
            yield from tarballs.entries(Joined(begun, source), raw.tell, damage, allowance)
        elif archive is None:
            yield from zips.entries(path, allowance)
        else:  # a zip is read from its end
            with _new_file(folder) as plain:
                _write(_pieces(Joined(begun, source), allowance), plain)
                yield from zips.entries(plain, allowance)


def _member(entry: Entry, folder: Path, allowance: Allowance) -> Iterator[Member]:
    name, when = _shown(entry.name), _when(entry.written)
    why_not = entry.why_not or _why_refused(entry.name)
    if why_not is not None:
        yield Member(name, None, why_not, when)
        return
    with _new_file(folder) as path:
        try:
            _write(_bounded(entry, allowance), path)
        except _Bomb as reason:
            yield Member(name, None, str(reason), when)
        except Damaged as damage:
            is_empty = not path.stat().st_size
            yield Member(name, None if is_empty else path, f"{damage}", when)
        else:
            yield Member(name, path, None, when)


class _Bomb(Exception):  # noqa: N818
    """A file unpacks to far more than any log does."""


def _bounded(entry: Entry, allowance: Allowance) -> Iterator[bytes]:
    size = 0
    for piece in entry.pieces():
        size += len(piece)
        if (why_bomb := allowance.why_bomb(size, entry.packed())) is not None:
            raise _Bomb(why_bomb)
        yield piece


def _pieces(source: Source, allowance: Allowance) -> Iterator[bytes]:
    buffer = bytearray(BLOCK)
    while count := source.readinto(buffer) or 0:
        allowance.take(count)
        yield bytes(buffer[:count])


def _write(pieces: Iterator[bytes], path: Path) -> None:
    with path.open("wb") as file:
        for piece in pieces:
            file.write(piece)


@contextmanager
def _new_file(folder: Path) -> Iterator[Path]:
    """Make a file that is gone afterwards, unless somebody has taken it away."""
    with tempfile.NamedTemporaryFile(dir=folder, prefix="member-", delete=False) as file:
        path = Path(file.name)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _why_refused(name: str) -> str | None:
    """Return why no file of that name is unpacked; None if it is a decent one."""
    plain = name.replace("\\", "/")
    if plain.startswith("/") or _DRIVE.match(plain):
        return "its name in the archive is an absolute path; unpack it by hand, if you trust it"
    if ".." in plain.split("/"):
        return "its name in the archive leads out of it; unpack it by hand, if you trust it"
    return None


def _shown(name: str) -> str:
    """Return a name as it can be printed."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return _CONTROL.sub("?", text.removeprefix("./"))


def _when(written: float) -> datetime | None:
    try:
        when = datetime.fromtimestamp(written, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return when if when.year >= _FIRST_YEAR else None
