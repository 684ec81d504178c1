r"""The head that syslog and daemons put before a message: priority, time, machine, program[pid].

<30>Nov 21 01:58:21 gw dnsmasq[10863]: query[A] api.openai.com from 10.0.0.7
2026-11-21T01:58:21.869+00:00 gw unbound[7]: [7:0] info: 10.0.0.7 api.openai.com. A IN
"""

from __future__ import annotations

import re

from scanner.logs.clock import NO_TIME, Clock, Time

# A relay's name for a machine may be long, and the daemon's own time stands behind it.
_LONGEST = 200
# The time at the start of a line; the rest is the daemon's own.
_TIME = re.compile(
    r"(?:<\d{1,3}>(?:1 )?)?"
    r"(?:(?P<epoch>\[\d{9,}(?:\.\d+)?\])"
    r"|(?P<iso>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)"
    r"|(?P<syslog>[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d(?:\.\d+)?(?: 20\d\d)?)"
    r"|(?P<day_first>\d{1,2}-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d(?:\.\d+)?))(?= |$)"
)


def time_of(head: bytes, clock: Clock) -> Time:
    """Return the time in the head of a line; of two (a relay's and the daemon's), the last.

    A head without any (a relay's was taken off it) was written when the envelope says.
    """
    text = head[:_LONGEST].decode("ascii", "replace")
    last = NO_TIME
    for found in _TIME.finditer(text):
        when = _read(found, clock)
        if when[0] is not None:
            last = when
    return last


def _read(found: re.Match[str], clock: Clock) -> Time:
    if found["epoch"]:
        return clock.epoch(found["epoch"].strip("[]"))
    if found["iso"]:
        return clock.iso(found["iso"].replace(",", "."))
    if found["syslog"]:
        return clock.syslog(found["syslog"])
    return clock.day_first(found["day_first"])
