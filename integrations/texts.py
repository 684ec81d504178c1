"""Texts in files: in which encoding they are, and their lines."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

_LONGEST = 1024 * 1024
_SHARE_OF_NULS = 0.3
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def encoding_of(head: bytes) -> str:
    """Return the encoding that a file begins in; what is not UTF-16 is taken for UTF-8."""
    if head.startswith(_UTF16):
        return "utf-16"
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        every_second = head[first:400:2]
        if every_second and every_second.count(0) > _SHARE_OF_NULS * len(every_second):
            return encoding
    return "utf-8-sig"


def decoded(head: bytes, encoding: str) -> str:
    """Return the beginning of a file as text; bytes that are not UTF-8 are of Windows."""
    if encoding != "utf-8-sig":
        return head[: len(head) & ~1].decode(encoding, "replace")
    return repaired(head.decode(encoding, "surrogateescape"))


def lines_of(path: Path, encoding: str, bad: Counter[str]) -> Iterator[str]:
    """Yield the lines of a file with their ends; one of more than a megabyte is counted instead.

    Files of two encodings, put together by hand, are read line by line in the one that fits.
    """
    errors = "surrogateescape" if encoding == "utf-8-sig" else "replace"
    with path.open(encoding=encoding, errors=errors, newline="") as file:
        while line := file.readline(_LONGEST):
            if len(line) == _LONGEST and not line.endswith(("\n", "\r")):
                bad["(row)"] += 1
                while line and not line.endswith("\n"):
                    line = file.readline(_LONGEST)
                continue
            yield (line if line.isascii() else repaired(line)).replace("\0", "")


def repaired(text: str) -> str:
    """Return a text whose bytes were no UTF-8 as Windows would read it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return text
