"""Envelopes: what carriers of logs wrap around a record. One file each with one constant, ``ENVELOPE``.

A syslog header, a line of a container runtime, an export of a log platform: the record inside is
what a format reads. Envelopes are taken off one after another, until a format knows the record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scanner.logs.clock import Clock, Time

# The records in a line: none, one or several; None where the line has no such envelope.
Peel = Callable[[bytes], Sequence[bytes] | None]


@dataclass(frozen=True, slots=True)
class Envelope:
    """A kind of envelope.

    ``open`` gets the first lines of a log and returns how to take the envelope off a line, or None
    if the log plainly has none; most return one function whatever the lines. ``time`` is what the
    envelope of a line says, for records without a time of their own.
    """

    name: str
    title: str
    open: Callable[[Sequence[bytes]], Peel | None]
    time: Callable[[bytes, Clock], Time]
    sample: bytes
    reference: str
