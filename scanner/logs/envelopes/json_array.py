r"""A JSON array of objects: on one line, or one object a line with commas between them, or an API's answer.

    [{"query_name":"api.openai.com."},{"query_name":"claude.ai."}]

    [
    {"query_name":"api.openai.com."},
    {"query_name":"claude.ai."}
    ]
    {"ok":1,"result":[{"type":"page","url":"claude.ai"},{"type":"page","url":"chatgpt.com"}]}

Of an answer, what stands beside the array says how the question went, and nothing of a visit.
Reference: https://www.rfc-editor.org/rfc/rfc8259#section-5
"""

from __future__ import annotations

import msgspec

from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.envelopes import Envelope
from scanner.logs.envelopes.messages import objects_in, reader, stateless

_ALONE = (b"[", b"]", b"],", b",", b"[]")

# Names of arrays in answers, and what may stand beside them.
_LISTS = frozenset(
    {"result", "results", "data", "value", "events", "items", "logs", "rows", "queries"}
)
_BESIDE = frozenset(
    {
        "ok", "status", "success", "code", "msg", "message", "messages", "errors", "error", "meta",
        "metadata", "count", "total", "totalcount", "took", "limit", "offset", "page", "next",
        "nextpage", "nextpagetoken", "nextlink", "cursor", "pagination", "paging", "links",
        "result_info", "wait_time", "timestamp_hwm", "moredataavailable", "more", "hasmore",
        "@odata.context", "@odata.nextlink", "@odata.count", "oldest", "recordstotal",
        "recordsfiltered", "draw", "earliest_timestamp",
    }
)  # fmt: skip

_read = reader(list[msgspec.Raw])
_fields = reader(dict[str, msgspec.Raw])


def peel(line: bytes) -> list[bytes] | None:
    """Return the objects of a line."""
    text = line.strip()
    if text in _ALONE:
        return []
    if text.startswith(b"{") and text.endswith(b"}"):
        return _answer(text)
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


def _answer(text: bytes) -> list[bytes] | None:
    """Return the objects of an API's answer; None if it is a record itself."""
    fields = _fields(text) if b"[" in text else None
    if fields is None:
        return None
    lists = _LISTS.intersection(fields)
    others = {name.lower() for name in fields.keys() - lists}
    whole = (
        _read(bytes(fields[next(iter(lists))])) if len(lists) == 1 and others <= _BESIDE else None
    )
    objects = objects_in(whole) if whole is not None else []
    return objects if whole is not None and len(objects) == len(whole) else None


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
