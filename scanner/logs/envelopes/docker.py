r"""A line of Docker's ``json-file`` log driver.

    {"log":"[INFO] 10.0.0.7:42114 - 64821 \"A IN api.openai.com. udp 57 false 1232\" NOERROR ...\n","stream":"stdout","time":"2026-11-21T01:58:27.489123456Z"}

A line over 16 KiB is written in pieces; each is a record of its own here.
Reference: https://docs.docker.com/engine/logging/drivers/json-file/
"""

from __future__ import annotations

import msgspec

from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.envelopes import Envelope
from scanner.logs.envelopes.messages import lines_in, reader, stateless


class Line(msgspec.Struct, forbid_unknown_fields=True):
    """All that Docker writes; lines with more fields are a shipper's."""

    log: str
    stream: str
    time: str
    attrs: msgspec.Raw = msgspec.Raw()


read = reader(Line)


def peel(line: bytes) -> list[bytes] | None:
    """Return what a container wrote."""
    if not line.startswith(b'{"log":') or (found := read(line)) is None:
        return None
    return lines_in(found.log)


def time(line: bytes, clock: Clock) -> Time:
    """Return when a container wrote it."""
    found = read(line)
    return clock.iso(found.time) if found else NO_TIME


ENVELOPE = Envelope(
    name="docker",
    title="Docker json-file",
    open=stateless(peel),
    time=time,
    sample=(
        b'{"log":"[INFO] 10.0.0.7:42114 - 64821 \\"A IN api.openai.com. udp 57 false 1232\\" NOERROR qr,rd,ra 66 0.004215s\\n","stream":"stdout","time":"2026-11-21T01:58:27.489123456Z"}\n'
    ),
    reference="https://docs.docker.com/engine/logging/drivers/json-file/",
)
