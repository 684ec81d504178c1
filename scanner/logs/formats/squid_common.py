r"""Squid's built-in ``common`` and ``combined`` formats: Apache's with Squid's own codes at the end.

    10.0.0.7 - ana [21/Nov/2026:01:58:30 +0000] "CONNECT api.openai.com:443 HTTP/1.1" 200 1832 "-" "curl/7.88.1" TCP_TUNNEL:HIER_DIRECT

Squid does not escape quotes in the user agent, so the codes are read from the right. With
``log_mime_hdrs on`` two pairs of brackets with headers follow them.
Reference: https://www.squid-cache.org/Doc/config/logformat/
"""

from __future__ import annotations

import re

from scanner.hosts import HostTable
from scanner.logs import OF_A_PROXY, Format, Proof
from scanner.logs.clock import Clock
from scanner.logs.lines import Parsed, Refused, Skipped, by_line
from scanner.logs.requests import (
    NO_HOST,
    NO_REQUEST,
    CommonLog,
    Request,
    person,
    squid_outcome,
    words,
)
from scanner.logs.values import count

_CODES = re.compile(rb"([A-Z][A-Z_]{2,60}):[A-Z][A-Z_]{2,60}")
_ELSE = Refused("no TCP_CODE:HIERARCHY at the end of a common log line")


def parse(line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
    """Return what one line shows."""
    record = CommonLog.of(line)
    if record is None:
        return _ELSE
    codes = _CODES.fullmatch(_without_headers(record.rest).rpartition(b" ")[2])
    if codes is None:
        return _ELSE
    request = Request.of(record.request)
    if request is None or request.url.startswith(b"error:"):
        return Skipped(NO_REQUEST)
    host = request.host(hosts)
    if not host:
        return () if host is None else Skipped(NO_HOST)
    when, quality = record.when(clock)
    action = squid_outcome(codes[1], record.status, record.size, request.is_tunnel)
    seen = request.observation(host)._replace(
        ts=when,
        time_quality=quality,
        client=words(record.client),
        user=person(record.user),
        action=action,
        bytes_down=count(record.size),
    )
    return (seen,)


def _without_headers(rest: bytes) -> bytes:
    """Cut off the headers of request and reply, in which Squid escapes brackets."""
    rest = rest.rstrip()
    if not rest.endswith(b"]"):
        return rest
    return rest[: max(rest.rfind(b" [", 0, rest.rfind(b" [")), 0)]


FORMAT = Format(
    name="squid-common",
    title="Squid common and combined",
    read=by_line(parse),
    specificity=78,
    proves=OF_A_PROXY - {Proof.BYTES_UP},
    reference="https://www.squid-cache.org/Doc/config/logformat/",
    sample=(
        b'10.0.0.7 - - [21/Nov/2026:01:58:30 +0000] "CONNECT api.openai.com:443 HTTP/1.1" 200 1832 '
        b'"-" "python-requests/2.31.0" TCP_TUNNEL:HIER_DIRECT\n'
        b'10.0.0.8 - ana [21/Nov/2026:01:58:31 +0000] "GET http://example.org/ HTTP/1.1" 200 287 '
        b'"-" "Mozilla/5.0 "quoted" UA" TCP_MISS:HIER_DIRECT\n'
        b'10.0.0.8 - ana [21/Nov/2026:01:58:33 +0000] "CONNECT chat.deepseek.com:443 HTTP/1.1" 403 3494 '
        b"TCP_DENIED:HIER_NONE\n"
    ),
)
