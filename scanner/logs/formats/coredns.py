r"""CoreDNS with the ``log`` plugin, in its common and its combined layout.

    [INFO] 172.17.0.1:42114 - 64820 "A IN api.openai.com. udp 57 false 1232" NOERROR qr,aa,rd 66 0.00015s
    172.17.0.1 - [21/Nov/2026:01:58:30 +0000] "A IN api.openai.com. udp 57 false 1232" NOERROR qr,aa,rd 66 150µs

A line has a time of its own only where somebody put one before it, or in the layout of the first
versions; otherwise its envelope's counts.
In Kubernetes most names carry a search suffix and come back as NXDOMAIN, which they keep here.
Reference: https://coredns.io/plugins/log/
"""

from __future__ import annotations

import re

from scanner.hosts import HostTable
from scanner.logs import OF_DNS, Format
from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.lines import Parsed, Refused, Skipped, by_line
from scanner.logs.syslog import time_of
from scanner.logs.values import outcome
from scanner.model import Action, Channel, Observation, Sighting

# What stands before the question, at the end of whatever a shipper writes there.
_ASKED = re.compile(
    rb"(?:^| )(\[[0-9A-Fa-f:.%\w]{2,60}\]|[0-9.]{7,15}|[0-9A-Fa-f:]{2,39}(?= ))(?::\d{1,5})? -"
    rb"(?: \[([^\]]{10,40})\])?(?: \d{1,5})?$"
)
_HEAD = 500
_GO_TIME = re.compile(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d")
_NOTICE = re.compile(
    rb"\[(?:INFO|ERROR|WARNING|DEBUG|FATAL|PANIC)\] (?:plugin/|Reloading|SIGTERM: |CoreDNS|Running configuration"
    rb"|No files matching import glob pattern)"
    rb"|(?:^| )CoreDNS-\d|(?:^| )linux/\w+, go\d"
    rb"|^[a-z0-9.-]*\.:\d{1,5}$"
)


def parse(line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
    """Return the question that a line of the log plugin shows, with its outcome."""
    head, _, rest = line.partition(b' "')
    question, closed, answer = rest.partition(b'" ')
    asked = _ASKED.search(head[-_HEAD:])
    if asked is None or not closed:
        return _other(line)
    words = question.split(b" ")
    results = answer.split(None, 4)
    if len(words) < 7 or len(results) < 4 or not (words[-3].isdigit() and results[2].isdigit()):
        return Refused("not type, class, name, protocol and size, or no outcome after them")
    host = hosts[b" ".join(words[2:-4])]
    if not host:
        return Skipped("question without a name") if host == "" else ()
    within = asked[2]
    when, quality = clock.any(within.decode("ascii", "replace")) if within else _time(head, clock)
    return (
        Observation(
            channel=Channel.DNS,
            value=host,
            ts=when,
            kind=Sighting.DNS_QUERY,
            client=asked[1].strip(b"[]").decode("ascii", "backslashreplace"),
            action=outcome(results[0].decode("ascii", "replace")) or Action.ERROR,
            qtype=words[0].decode("ascii", "replace"),
            time_quality=quality,
        ),
    )


def _other(line: bytes) -> Parsed:
    if _NOTICE.search(line[:_HEAD]):
        return Skipped("notice")
    return Refused("not a line of CoreDNS")


def _time(head: bytes, clock: Clock) -> Time:
    found = _GO_TIME.search(head[:_HEAD].decode("ascii", "replace"))
    when = clock.any(found[0]) if found else NO_TIME
    return when if when[0] is not None else time_of(head, clock)


FORMAT = Format(
    name="coredns",
    title="CoreDNS log plugin",
    read=by_line(parse),
    specificity=80,
    proves=OF_DNS,
    reference="https://coredns.io/plugins/log/",
    sample=(
        b'[INFO] 10.0.0.7:42114 - 64820 "A IN api.openai.com.default.svc.cluster.local. udp 61 false 1232" NXDOMAIN qr,aa,rd 154 0.000121522s\n'
        b'[INFO] 10.0.0.7:42114 - 64821 "A IN api.openai.com. udp 57 false 1232" NOERROR qr,rd,ra 66 0.004215s\n'
        b"[ERROR] plugin/errors: 2 www.example.org. A: read udp 10.0.0.2:39191->10.0.0.1:53: i/o timeout\n"
    ),
)
