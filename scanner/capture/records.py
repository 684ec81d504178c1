"""What is told of packets: a record for each name that a client used, and an account of the rest."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from functools import lru_cache

import msgspec


class Record(msgspec.Struct, omit_defaults=True, gc=False):
    """A name that a client used, as one line of JSON.

    ``kind`` is dns, tls, quic, http or connect; ``frame`` the number of the packet that began it,
    ``time`` nanoseconds since 1970. ``up`` and ``down`` are bytes of content on the wire.
    ``nowhere`` tells that the first address in an answer is none: a filter's.
    """

    kind: str
    frame: int
    time: int
    client: str
    host: str
    qtype: str | None = None
    rcode: str | None = None
    cnames: list[str] | None = None
    nowhere: bool = False
    up: int | None = None
    down: int | None = None
    alpn: tuple[str, ...] | None = None
    ech: bool = False
    method: str | None = None
    path: str | None = None
    status: str | None = None


class Passed(msgspec.Struct, tag_field="kind", tag="ignored"):
    """Packets that name nothing: what they are, and how many."""

    why: str
    packets: int


class Broken(msgspec.Struct, tag_field="kind", tag="undecodable"):
    """Packets that cannot be what their place says."""

    why: str
    packets: int


class Noted(msgspec.Struct, tag_field="kind", tag="noted"):
    """Something that readers of the result should know, and how often it was so."""

    what: str
    times: int


class Damaged(msgspec.Struct):
    """Where a capture cannot be read on, and why."""

    damaged: str


Told = Damaged | Record | Passed | Broken | Noted
_encoder = msgspec.json.Encoder()


def lines(told: Sequence[Told]) -> list[bytes]:
    """Return records as lines of JSON, without line ends."""
    return _encoder.encode_lines(told).split(b"\n")[:-1]


@lru_cache(maxsize=65_536)
def address_text(packed: bytes) -> str:
    """Return an address of 4 or 16 bytes as it is written."""
    if len(packed) == 4:  # what ``ipaddress`` writes, in a third of the time
        return ".".join(map(str, packed))
    return str(ipaddress.ip_address(packed))
