r"""Results of a Splunk search as JSON, one a line: their raw events.

    {"preview":false,"offset":0,"lastrow":true,"result":{"_time":"2026-11-21T01:58:30.136+00:00","_raw":"1795226310.136     15 10.0.0.7 TCP_TUNNEL/200 ..."}}

A result without ``_raw`` is a record itself: a table, or fields that were chosen.
Reference: https://docs.splunk.com/Documentation/Splunk/latest/Search/Exportsearchresults
"""

from __future__ import annotations

import msgspec

from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.envelopes import Envelope
from scanner.logs.envelopes.messages import lines_in, objects_in, reader, stateless


class Export(msgspec.Struct):
    """One result, or all of them."""

    result: msgspec.Raw = msgspec.Raw()
    results: list[msgspec.Raw] | None = None
    raw: str | list[str] | None = msgspec.field(name="_raw", default=None)
    stamp: str | float | None = msgspec.field(name="_time", default=None)


_read = reader(Export)


def peel(line: bytes) -> list[bytes] | None:
    """Return the raw events of the results, or the results themselves."""
    if not line.startswith(b"{") or not (b'"result' in line or b'"_raw"' in line):
        return None
    export = _read(line)
    if export is None:
        return None
    if export.raw is not None:
        return lines_in(_joined(export.raw))
    if export.results is not None:
        return [one for result in objects_in(export.results) for one in _event(result)]
    result = bytes(export.result)
    return _event(result) if result.startswith(b"{") else None


def time(line: bytes, clock: Clock) -> Time:
    """Return what Splunk took for the time of the event."""
    export = _read(line)
    if export is not None and bytes(export.result).startswith(b"{"):
        export = _read(bytes(export.result))
    return clock.any(export.stamp) if export else NO_TIME


def _event(result: bytes) -> list[bytes]:
    inner = _read(result) if b'"_raw"' in result else None
    return [result] if inner is None or inner.raw is None else lines_in(_joined(inner.raw))


def _joined(raw: str | list[str]) -> str:
    return raw if isinstance(raw, str) else "\n".join(raw)


ENVELOPE = Envelope(
    name="splunk-json",
    title="Splunk search results (JSON)",
    open=stateless(peel),
    time=time,
    sample=(
        b'{"preview":false,"offset":0,"lastrow":true,"result":{"_time":"2026-11-21T01:58:30.136+00:00","sourcetype":"squid","_raw":"1795226310.136     15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT api.openai.com:443 - HIER_DIRECT/203.0.113.7 -"}}\n'
    ),
    reference="https://docs.splunk.com/Documentation/Splunk/latest/Search/Exportsearchresults",
)
