r"""HAProxy's ``tcplog``, ``httplog`` and ``httpslog``, of which the captured host is read.

    haproxy[931]: 10.0.0.7:56188 [21/Nov/2026:01:58:33.632] tls_sni openai/s1 2/0/4 1793 748 -- 1/1/0/0/0 0/0 {api.openai.com}
    haproxy[931]: 10.0.0.7:43774 [21/Nov/2026:01:58:33.644] web openai/s1 0/0/0/0/0 200 125 - - ---- 1/1/0/0/0 0/0 {api.openai.com|curl/7.88.1} "GET /v1/x HTTP/1.1"

What is captured is up to the configuration: a host name between the braces is taken for the site;
else an absolute URL, a CONNECT, or the SNI at the end of an ``httpslog``. Times have no zone.
Reference: https://docs.haproxy.org/2.8/configuration.html#8.2
"""

from __future__ import annotations

import re
from typing import NamedTuple

from scanner.hosts import HostTable, path_of_url
from scanner.logs import Format, Proof
from scanner.logs.clock import Clock
from scanner.logs.lines import Parsed, Refused, Skipped, by_line
from scanner.logs.requests import NO_REQUEST, Request, is_name, status_outcome
from scanner.logs.values import count, without_port
from scanner.model import Action, Channel, Observation, Sighting

# A relay's head may stand before the record.
_WITHIN = 300
_HEAD = re.compile(
    rb"(?:(?<=\s)|^)(\S{1,64}):(\d{1,5}) \[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d\.\d{3})\] (?=\S)"
)
# frontend, backend/server, perhaps a captured host, timers
_ROUTE = re.compile(rb"\S{1,200} \S{1,300}/\S{1,300} (?:(\S{1,300}) )?[-+]?\d+(?:/[-+]?\d+){2,4} ")
# status and bytes, or bytes and bytes sent up; perhaps cookies; how the session ended
_RESULT = re.compile(
    rb"(-?\d+|-) (?:(\d+) )?(?:\S{1,300} \S{1,300} )?([A-Za-z-]{2}|[A-Za-z-]{4}) "
    rb"\d+/\d+/\d+/\d+/\+?\d+ \d+/\d+"
)
_CAPTURES = re.compile(rb" \{([^}]{0,2000})\}")
_REQUEST = re.compile(rb' "((?:<BADREQ>|[A-Z]{1,20} )[^"]*)"?')
_SNI = re.compile(rb" ([A-Za-z0-9._-]{3,255})/TLSv[\d.]+/\S+")
_NO_CAPTURE = Skipped("record without a host field")


class _Record(NamedTuple):
    """What follows the client and the time."""

    status: bytes | None  # of HTTP
    down: bytes
    up: bytes | None
    ended: bytes
    names: list[bytes]
    request: bytes | None
    sni: bytes | None

    @classmethod
    def of(cls, text: bytes) -> _Record | None:
        route = _ROUTE.match(text)
        result = _RESULT.match(text, route.end()) if route else None
        if route is None or result is None:
            return None
        first, second, ended = result.groups()
        rest = text[result.end() :]
        captures = _CAPTURES.match(rest)
        request = _REQUEST.search(rest)
        sni = _SNI.search(rest, request.end()) if request else None
        is_http = len(ended) == 4
        if is_http and second is None:
            return None
        return cls(
            status=first if is_http else None,
            down=second if is_http and second else first,
            up=None if is_http else second,
            ended=ended,
            names=[*(captures[1].split(b"|") if captures else ()), route[1] or b""],
            request=request[1] if request else None,
            sni=sni[1] if sni else None,
        )

    @property
    def action(self) -> Action:
        """What the status says, and how the session ended: P, the proxy refused it; C, no server."""
        if self.ended.startswith(b"P"):
            return Action.CHALLENGED if self.status == b"407" else Action.BLOCKED
        if self.ended[1:2] in (b"C", b"Q"):
            return Action.ERROR
        if self.status is None:
            return Action.ALLOWED
        return Action.ALLOWED if self.status == b"403" else status_outcome(self.status, False)


def parse(line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
    """Return what one line shows."""
    head = _HEAD.search(line, 0, _WITHIN)
    if head is None:
        is_notice = b"haproxy[" in line[:_WITHIN]
        return Skipped("notice") if is_notice else Refused("not client:port, [time]")
    record = _Record.of(line[head.end() :])
    if record is None:
        is_error = b"haproxy[" in line[: head.start()]
        return Skipped("connection that failed") if is_error else Refused("not a session")
    request = Request.of(record.request) if record.request else None
    if record.request and request is None:
        return Skipped(NO_REQUEST)
    name = _name(record, request)
    if name is None:
        return _NO_CAPTURE
    host = hosts[name]
    if host is None and request:
        host = hosts.of_api(request.url, request.method, name)
    if not host:
        return ()
    when, quality = clock.day_first(head[3].decode("ascii"))
    is_tunnel = request is not None and request.is_tunnel
    seen = Observation(
        channel=Channel.PROXY if request else Channel.TLS,
        value=host,
        ts=when,
        kind=Sighting.TLS_SNI,
        client=_client(head[1]),
        action=record.action,
        bytes_up=count(record.up),
        bytes_down=count(record.down),
        time_quality=quality,
    )
    if request is None:
        return (seen,)
    if is_tunnel:
        return (seen._replace(kind=Sighting.HTTP_CONNECT),)
    method = request.method.decode("ascii", "replace")
    path = path_of_url(request.url)
    return (seen._replace(kind=Sighting.HTTP_URL, path=path, method=method),)


def _name(record: _Record, request: Request | None) -> bytes | None:
    """Return the host of a record: what was captured, or asked for, or named in the handshake."""
    asked = request.site if request and request.is_for_a_proxy else b""
    return next((name for name in (*record.names, asked, record.sni or b"") if is_name(name)), None)


def _client(raw: bytes) -> str | None:
    text = raw.decode("ascii", "backslashreplace").strip("[]")
    return None if text in ("-", "unix") else without_port(text)


FORMAT = Format(
    name="haproxy",
    title="HAProxy tcplog and httplog with a captured host",
    read=by_line(parse),
    specificity=78,
    proves=frozenset(Proof) - {Proof.PROCESS, Proof.USER},
    reference="https://docs.haproxy.org/2.8/configuration.html#8.2",
    sample=(
        b"Nov 21 01:58:33 gw haproxy[931]: 10.0.0.7:56188 [21/Nov/2026:01:58:33.632] tls_sni openai/s1 "
        b"2/0/4 1793 748 -- 1/1/0/0/0 0/0 {api.openai.com}\n"
        b"Nov 21 01:58:33 gw haproxy[931]: 10.0.0.7:43774 [21/Nov/2026:01:58:33.644] web other/s1 0/0/0/0/0 "
        b'200 125 - - ---- 1/1/0/0/0 0/0 {www.example.org|curl/7.88.1} "GET /v1/x HTTP/1.1"\n'
    ),
)
