"""The content of a log, told by hashes of its pieces: is one log the beginning of another?

A log is hashed piece by piece: 64 bytes at first, 256 bytes, 4 KiB, 64 KiB and 1 MiB further in. The
hashes (8 bytes each) are kept with its evidence, so that a log that has grown, was rotated,
renamed, packed or copied is known again, an older and shorter copy too. They tell logs apart that
nobody made alike on purpose; they are no seal against forgery.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import xxhash

SIZE = 8
BEGINNING = 4096  # bytes: enough to tell most logs apart
# Where pieces end: (up to this place, every so many bytes).
_STEPS = ((1 << 12, 1 << 6), (1 << 16, 1 << 8), (1 << 20, 1 << 12), (1 << 24, 1 << 16))
_LARGEST = 1 << 20
_TRUSTED = 16  # of what is one part in so many may be unknown
# A log is cut for several readers at multiples of this, which are ends of pieces.
CUT = _LARGEST


def piece_end(position: int) -> int:
    """Return where the piece ends that the byte at ``position`` belongs to."""
    step = next((step for limit, step in _STEPS if position < limit), _LARGEST)
    return (position // step + 1) * step


def whole_pieces(length: int) -> int:
    """Return how many pieces of a log end within its first ``length`` bytes."""
    pieces = begin = 0
    for limit, step in _STEPS:
        pieces += max(0, min(length, limit) - begin) // step
        begin = limit
    return pieces + max(0, length - begin) // _LARGEST


class Marks:
    """Hashes bytes as they go by, from a place in the log that is a piece's end or its beginning.

    ``lengths`` are those of other logs that may be the beginning of this one: ``partial`` tells
    the hash of the piece that holds such an end, up to it.
    """

    def __init__(self, position: int = 0, lengths: Iterable[int] = ()) -> None:
        self.length = position
        self.partial: dict[int, bytes] = {}
        self._marks = bytearray()
        self._piece = xxhash.xxh3_64()
        self._end = piece_end(position)
        self._lengths = sorted({length for length in lengths if length > position}, reverse=True)

    def update(self, block: bytes | memoryview) -> None:
        """Take in the next bytes."""
        view = memoryview(block)
        while len(view):
            here = self._lengths[-1] if self._lengths else self._end
            count = min(len(view), min(here, self._end) - self.length)
            self._piece.update(view[:count])
            self.length += count
            view = view[count:]
            if self._lengths and self.length == self._lengths[-1]:
                self.partial[self._lengths.pop()] = self._piece.digest()
            if self.length == self._end:
                self._close_piece()

    def finish(self) -> bytes:
        """Return the hashes of all pieces, that of the last, unfinished one too."""
        if self.length > 0 and self.length != piece_end(self.length - 1):
            return bytes(self._marks) + self._piece.digest()
        return bytes(self._marks)

    def _close_piece(self) -> None:
        self._marks += self._piece.digest()
        self._piece.reset()
        self._end = piece_end(self.length)


def beginning_of(content: bytes) -> bytes:
    """Return the marks of the first 4 KiB; of less, if the log is shorter."""
    marks = Marks()
    marks.update(content[:BEGINNING])
    return marks.finish()


def digest(marks: bytes, length: int) -> str:
    """Return one short name for the whole content."""
    return hashlib.blake2b(marks + length.to_bytes(8, "big"), digest_size=16).hexdigest()


def begins_with(
    marks: bytes, short: bytes, short_length: int, partial: bytes | None = None
) -> bool:
    """Whether a log begins with all of a shorter one.

    ``partial`` is the longer one's hash of its piece up to the shorter one's end. Where nobody
    knows it any more, the whole pieces decide, if they are nearly all of it.
    """
    whole = whole_pieces(short_length) * SIZE
    if marks[:whole] != short[:whole]:
        return False
    if len(short) == whole:
        return True
    if partial is not None:
        return partial == short[whole:]
    step = next((step for limit, step in _STEPS if short_length < limit), _LARGEST)
    return short_length % step <= short_length // _TRUSTED
