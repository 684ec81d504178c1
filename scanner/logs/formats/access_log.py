r"""Access logs of Apache and nginx that serve as a forward proxy: common, combined, with a vhost.

    10.0.0.7 - ana [21/Nov/2026:01:58:30 +0000] "CONNECT api.openai.com:443 HTTP/1.1" 200 1832 "-" "curl/7.88.1"

A request to a proxy names its site: a CONNECT, or an absolute URL. Every other request is one to
the server that wrote the log, and its visitors are not ours: such lines are refused, so that a web
server's log is not taken for a proxy's because somebody probed it for an open one. A host
before the client is the server's own, and a referer is where somebody came from; neither counts.
Reference: https://httpd.apache.org/docs/current/logs.html#accesslog
"""

from __future__ import annotations

from scanner.hosts import HostTable
from scanner.logs import OF_A_PROXY, Format, Proof
from scanner.logs.clock import Clock
from scanner.logs.lines import Parsed, Refused, Skipped, by_line
from scanner.logs.requests import (
    NO_HOST,
    NO_REQUEST,
    NOT_A_PROXYS,
    CommonLog,
    Request,
    person,
    status_outcome,
    words,
)
from scanner.logs.values import count


def parse(line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
    """Return what one line shows."""
    record = CommonLog.of(line)
    if record is None:
        return Refused("not a line in the common log format")
    request = Request.of(record.request)
    if request is None:
        return Skipped(NO_REQUEST)
    if not request.is_for_a_proxy:
        return Refused(NOT_A_PROXYS)
    host = request.host(hosts)
    if not host:
        return () if host is None else Skipped(NO_HOST)
    when, quality = record.when(clock)
    seen = request.observation(host)._replace(
        ts=when,
        time_quality=quality,
        client=words(record.client),
        user=person(record.user),
        action=status_outcome(record.status, request.is_tunnel),
        bytes_down=count(record.size),
    )
    return (seen,)


FORMAT = Format(
    name="access-log",
    title="Apache or nginx as a forward proxy (common, combined)",
    read=by_line(parse),
    specificity=60,
    proves=OF_A_PROXY - {Proof.BYTES_UP},
    reference="https://httpd.apache.org/docs/current/logs.html",
    sample=(
        b'10.0.0.7 - ana [21/Nov/2026:01:58:30 +0000] "CONNECT api.openai.com:443 HTTP/1.1" 200 1832 "-" "curl/7.88.1"\n'
        b'10.0.0.8 - - [21/Nov/2026:01:58:31 +0000] "GET http://www.example.org/news?id=7 HTTP/1.1" 200 287 "-" "Mozilla/5.0"\n'
    ),
)
