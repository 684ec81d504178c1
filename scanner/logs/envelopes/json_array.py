r"""A JSON array of objects: on one line, or one object a line with commas between them.

    [{"query_name":"api.openai.com."},{"query_name":"claude.ai."}]

    [
    {"query_name":"api.openai.com."},
    {"query_name":"claude.ai."}
    ]

Reference: https://www.rfc-editor.org/rfc/rfc8259#section-5
"""

from __future__ import annotations

import msgspec

from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.envelopes import Envelope
from scanner.logs.envelopes.messages import objects_in, reader, stateless

_ALONE = (b"[", b"]", b"],", b",", b"[]")

_read = reader(list[msgspec.Raw])


def peel(line: bytes) -> list[bytes] | None:
    """Return the objects of a line."""
    text = line.strip()
    if text in _ALONE:
        return []
    if not text.startswith((b"[", b"{", b",")) or text[-1:] not in (b"]", b","):
        return None
    if text.startswith(b"["):
        whole = _read(text)
        if whole is not None:
            objects = objects_in(whole)
            return objects if len(objects) == len(whole) else None
    inner = text.removeprefix(b"[").strip(b", ")
    inner = inner.removesuffix(b"]").rstrip(b", ") if inner.endswith((b"}]", b"} ]")) else inner
    return [inner] if inner.startswith(b"{") and inner.endswith(b"}") else None


def time(_line: bytes, _clock: Clock) -> Time:
    """Return no time: an array has none."""
    return NO_TIME


ENVELOPE = Envelope(
    name="json-array",
    title="JSON array of records",
    open=stateless(peel),
    time=time,
    sample=(
        b'[{"ts":1795226310.136,"uid":"Ch1","query":"api.openai.com"},{"ts":1795226311.25,"uid":"Ch2","query":"claude.ai"}]\n'
        b'{"ts":1795226312.5,"uid":"Ch3","query":"www.example.org"},\n'
        b"]\n"
    ),
    reference="https://www.rfc-editor.org/rfc/rfc8259#section-5",
)
