"""Packet captures (pcap and pcapng), as JSON lines: a line for each name that a client used.

    {"kind":"tls","frame":82,"time":1795226402799289000,"client":"10.0.0.7","host":"claude.ai","up":748,"down":1793}

Then the account of the packets that name nothing. How names are found: ``scanner.capture``.
Reference: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-02.html
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from scanner.logs.binary import Binary

# The magics of pcap, in either byte order: micro- and nanoseconds, and as patched ones wrote it.
_MAGICS = (
    b"\xd4\xc3\xb2\xa1",
    b"\xa1\xb2\xc3\xd4",
    b"\x4d\x3c\xb2\xa1",
    b"\xa1\xb2\x3c\x4d",
    b"\x34\xcd\xb2\xa1",
    b"\xa1\xb2\xcd\x34",
    b"\x0a\x0d\x0d\x0a",  # pcapng
)


def is_it(head: bytes) -> bool:
    """Whether a file begins as a capture does."""
    return head.startswith(_MAGICS)


def records(path: Path) -> Iterator[bytes]:
    """Yield what a capture shows, some lines at a time."""
    from scanner.capture.reading import records as read  # with numpy, which other logs need not

    return read(path)


BINARY = Binary(
    name="capture",
    title="Packet capture (pcap, pcapng)",
    is_it=is_it,
    records=records,
    reference="https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-02.html",
)
