r"""Documents of Elasticsearch or OpenSearch, as a search or a dump returns them.

    {"_index":"logs-dns","_id":"a1","_source":{"@timestamp":"2026-11-21T01:58:16.401Z","dns":{"question":{"name":"api.openai.com"}}}}
    {"took":3,"hits":{"hits":[{"_index":"logs-dns","_source":{...}}]}}

Reference: https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-search
"""

from __future__ import annotations

import msgspec

from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.envelopes import Envelope
from scanner.logs.envelopes.messages import reader, stateless


class Hit(msgspec.Struct):
    """A document, and what says that it is one."""

    source: msgspec.Raw = msgspec.field(name="_source")
    index: str = msgspec.field(name="_index")


class Hits(msgspec.Struct):
    """The documents that a search found."""

    hits: list[msgspec.Raw]


class Found(msgspec.Struct):
    """The answer to a search."""

    hits: Hits


_hit, _found = reader(Hit), reader(Found)


def peel(line: bytes) -> list[bytes] | None:
    """Return the documents of a line."""
    if not line.startswith(b"{") or not (b'"_source"' in line or b'"hits"' in line):
        return None
    if found := _found(line):
        return [source for one in found.hits.hits for source in _source(bytes(one)) or ()]
    return _source(line)


def time(_line: bytes, _clock: Clock) -> Time:
    """Return no time: a document has its own."""
    return NO_TIME


def _source(line: bytes) -> list[bytes] | None:
    hit = _hit(line)
    source = bytes(hit.source) if hit else b""
    return [source] if source.startswith(b"{") else None


ENVELOPE = Envelope(
    name="elastic",
    title="Elasticsearch and OpenSearch documents",
    open=stateless(peel),
    time=time,
    sample=(
        b'{"_index":"logs-squid","_id":"a1","_score":1.0,"_source":{"@timestamp":"2026-11-21T01:58:30.401Z","source":{"ip":"10.0.0.7"},"url":{"domain":"api.openai.com"}}}\n'
        b'{"took":3,"hits":{"total":{"value":1},"hits":[{"_index":"logs-squid","_source":{"@timestamp":"2026-11-21T01:58:31.401Z","source":{"ip":"10.0.0.8"},"url":{"domain":"claude.ai"}}}]}}\n'
    ),
    reference="https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-search",
)
