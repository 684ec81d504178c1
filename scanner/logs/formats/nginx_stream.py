r"""nginx's stream module with ``ssl_preread``: TLS passed through, with the name that it was for.

    10.0.0.7 [2026-11-21T01:58:30+00:00] TCP "api.openai.com" 200 1793 251 0.015

Everybody writes the ``log_format`` of a stream themselves; nearly all begin as in the manual, with
``$remote_addr [$time] $protocol``. The name may stand anywhere after it, and in the manual's order
the status is followed by the bytes sent to the client and those received from it.
Reference: https://nginx.org/en/docs/stream/ngx_stream_log_module.html
"""

from __future__ import annotations

import re

from scanner.hosts import HostTable
from scanner.logs import Format, Proof
from scanner.logs.clock import Clock
from scanner.logs.lines import Parsed, Refused, Skipped, by_line
from scanner.logs.requests import NO_HOST, is_name
from scanner.logs.values import count, without_port
from scanner.model import Action, Channel, Observation, Sighting

_HEAD = re.compile(rb"([0-9a-fA-F.:]{2,45}|unix:) \[([^\]]{19,40})\] (?:TCP|UDP)(?= )")
# What nginx's own sessions end with.
_OUTCOMES = {
    b"200": Action.ALLOWED,
    b"403": Action.BLOCKED,
    b"400": Action.ERROR,
    b"500": Action.ERROR,
    b"502": Action.ERROR,
    b"503": Action.ERROR,
}
_COLUMNS = 40


def parse(line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
    """Return what one line shows."""
    head = _HEAD.match(line)
    if head is None:
        return Refused("not address, [time], protocol")
    columns = [cell.strip(b'"') for cell in line[head.end() : 4000].split(None, _COLUMNS)]
    at = next((at for at, cell in enumerate(columns) if cell in _OUTCOMES), None)
    if at is None:
        return Refused("no status of a stream session")
    name = next((cell for cell in columns if is_name(cell)), b"")
    host = hosts[name]
    if not host:
        return () if host is None else Skipped(NO_HOST)
    when, quality = clock.any(head[2].decode("ascii", "replace"))
    down, up, *_ = (*columns[at + 1 :], None, None)
    seen = Observation(
        channel=Channel.TLS,
        value=host,
        ts=when,
        kind=Sighting.TLS_SNI,
        client=without_port(head[1].decode("ascii")),
        action=_OUTCOMES[columns[at]],
        bytes_up=count(up),
        bytes_down=count(down),
        time_quality=quality,
    )
    return (seen,)


FORMAT = Format(
    name="nginx-stream",
    title="nginx stream log with ssl_preread",
    read=by_line(parse),
    specificity=72,
    proves=frozenset(Proof) - {Proof.PROCESS, Proof.USER, Proof.PATH},
    reference="https://nginx.org/en/docs/stream/ngx_stream_log_module.html",
    sample=(
        b'10.0.0.7 [2026-11-21T01:58:30+00:00] TCP "api.openai.com" 200 1793 251 0.015\n'
        b'10.0.0.8 [2026-11-21T01:58:31+00:00] TCP "" 200 1516 0 0.302\n'
        b'10.0.0.8 [2026-11-21T01:58:33+00:00] TCP "www.example.org" 502 0 0 0.001\n'
    ),
)
