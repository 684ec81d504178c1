r"""A line of a Kubernetes node's container logs, as containerd and CRI-O write them.

    2026-11-21T01:58:27.489123456Z stdout F [INFO] 10.0.0.7:42114 - 64821 "A IN api.openai.com. udp 57 false 1232" NOERROR qr,rd,ra 66 0.004215s

A line over 16 KiB is written in pieces, marked ``P``; each is a record of its own here.
Reference: https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md
"""

from __future__ import annotations

import re

from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.envelopes import Envelope
from scanner.logs.envelopes.messages import stateless

_HEAD = re.compile(
    rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) (?:stdout|stderr) [FP](?:[:\w]{0,64})(?: |$)"
)


def peel(line: bytes) -> list[bytes] | None:
    """Return what a container wrote."""
    head = _HEAD.match(line)
    if head is None:
        return None
    message = line[head.end() :]
    return [message] if message else []


def time(line: bytes, clock: Clock) -> Time:
    """Return when a container wrote it."""
    head = _HEAD.match(line)
    return clock.iso(head[1].decode("ascii")) if head else NO_TIME


ENVELOPE = Envelope(
    name="cri",
    title="Kubernetes container log (CRI)",
    open=stateless(peel),
    time=time,
    sample=(
        b'2026-11-21T01:58:27.489123456Z stdout F [INFO] 10.0.0.7:42114 - 64821 "A IN api.openai.com. udp 57 false 1232" NOERROR qr,rd,ra 66 0.004215s\n'
    ),
    reference="https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md",
)
