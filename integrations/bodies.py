"""Bodies of answers: read to their end, but no larger and no longer than an honest one would be."""

from __future__ import annotations

import json
import re
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from math import isfinite
from typing import TYPE_CHECKING, Any

import msgspec

from scanner.errors import GnomonError

if TYPE_CHECKING:
    import httpx2

_SECONDS = 600.0  # for one answer, however slowly it comes
_STEP = 1024 * 1024
_GZIP = 31  # zlib's window of 32 KiB in a frame of gzip
# A pair of surrogates, half of one, or any other escape, so that none is begun in its middle.
_ESCAPES = re.compile(
    r"\\u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|(?P<half>\\u[dD][89a-fA-F]\w\w)|\\.", re.DOTALL
)
_DIGITS = 100  # of a number: one that has more is none
_MARGIN = 250  # frames by which whoever looks at a value may be deeper than whoever decoded it


class Unfit(GnomonError):  # noqa: N818 - as one says it
    """An answer that is not read to its end: too large, too slow, or packed in an unknown way."""


class CutOff(Unfit):
    """An answer of which the end is missing: it may come whole when it is asked for again."""


def body_of(
    response: httpx2.Response, most: int, now: Callable[[], float] = time.monotonic
) -> bytes:
    """Return the body of an answer. Raises Unfit."""
    packed = response.headers.get("content-encoding", "").strip().lower()
    if packed not in ("", "identity", "gzip", "x-gzip"):
        raise Unfit(f"an answer packed as {packed[:40]!r}, which was not asked for")
    pieces = response.iter_raw(_STEP)
    parts, size, end = [], 0, now() + _SECONDS
    for part in _unpacked(pieces) if packed.endswith("gzip") else pieces:
        parts.append(part)
        size += len(part)
        if size > most:
            raise Unfit(f"an answer of more than {most // _STEP} MiB")
        if now() > end:
            raise Unfit(f"an answer that was not whole after {_SECONDS:.0f} seconds")
    return b"".join(parts)


def _unpacked(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield what gzip packed, a step at a time: a small piece may hold very much."""
    unpack = zlib.decompressobj(_GZIP)
    try:
        for piece in pieces:
            rest = piece
            while rest and not unpack.eof:
                yield unpack.decompress(rest, _STEP)
                rest = unpack.unconsumed_tail
        yield unpack.flush()
    except zlib.error as error:
        raise Unfit("an answer that is not packed as it says") from error
    if not unpack.eof:
        raise CutOff("it was cut off")


def decoded(data: bytes) -> Any:
    """Return what an answer says in JSON; None if it is none, or nested too deep to be handed on.

    A name that was cut within a character, or a number that is none, costs itself and not the page:
    services write both.
    """
    for read in (msgspec.json.decode, _mended):
        with suppress(msgspec.MsgspecError, ValueError, RecursionError):
            return _deeper(_MARGIN, read, data)
    return None


def _deeper(frames: int, read: Callable[[bytes], Any], data: bytes) -> Any:
    return _deeper(frames - 1, read, data) if frames else read(data)


def _mended(data: bytes) -> Any:
    """Return what is read where characters that are none are replaced, and numbers that are none
    are left out."""
    text = data.decode("utf-8-sig", "replace")
    whole = _ESCAPES.sub(lambda one: "\\ufffd" if one["half"] else one[0], text)
    return json.loads(
        whole, parse_constant=lambda _: None, parse_float=_float, parse_int=_whole_number
    )


def _float(text: str) -> float | None:
    return number if isfinite(number := float(text)) else None


def _whole_number(text: str) -> int | None:
    return int(text) if len(text) < _DIGITS else None
