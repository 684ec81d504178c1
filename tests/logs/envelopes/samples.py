"""What the tests of envelopes share: a wrapped record, and what a log of them shows."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from scanner.hosts import HostTable
from scanner.logs import Tally
from scanner.logs.detection import Verdict, judge
from scanner.logs.lines import batch_of
from scanner.logs.peeling import Peeling
from scanner.model import Observation
from scanner.registry import ENVELOPES, FORMATS, values
from tests.support import clock

SQUID = b"1795226310.136     15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT api.openai.com:443 - HIER_DIRECT/203.0.113.7 -"
SQUID_2 = b"1795226311.136     15 10.0.0.8 TCP_TUNNEL/200 1832 CONNECT claude.ai:443 - HIER_DIRECT/203.0.113.7 -"

# What carriers say of the time, in the wraps below.
RECEIVED = "2026-11-25T10:11:12.000Z"


def as_json(value: object) -> bytes:
    """Return a value as a program writes it on one line."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _in_docker(line: str) -> Any:
    return {"log": line + "\n", "stream": "stdout", "time": RECEIVED}


def _in_the_journal(line: str) -> Any:
    return {
        "__REALTIME_TIMESTAMP": "1795601472000000",
        "SYSLOG_IDENTIFIER": "app",
        "_PID": "7",
        "MESSAGE": line,
    }


def _in_cloudwatch(line: str) -> Any:
    event = {"id": "1", "timestamp": 1795601472000, "message": line}
    return {"messageType": "DATA_MESSAGE", "logGroup": "g", "logEvents": [event]}


_JSON: dict[str, Callable[[str], Any]] = {
    "docker": _in_docker,
    "journald": _in_the_journal,
    "fluent": lambda line: {**_in_docker(line), "kubernetes": {"pod_name": "proxy-0"}},
    "splunk-json": lambda line: {
        "preview": False,
        "offset": 0,
        "result": {"_time": RECEIVED, "_raw": line},
    },
    "original": lambda line: {
        "@timestamp": RECEIVED,
        "agent": {"type": "filebeat"},
        "event": {"original": line},
    },
    "gcp": lambda line: {
        "logName": "projects/lab/logs/stdout",
        "textPayload": line,
        "timestamp": RECEIVED,
    },
    "aws": _in_cloudwatch,
}
_TEXT = {
    "cri": lambda line: RECEIVED.encode() + b" stdout F " + line,
    "syslog": lambda line: b"<134>1 " + RECEIVED.encode() + b" gw app 77 - - " + line,
    "syslog (RFC 3164)": lambda line: b"<134>Nov 25 10:11:12 gw app[77]: " + line,
    "splunk-csv": lambda line: b'"%b",gw,"%b"' % (RECEIVED.encode(), line.replace(b'"', b'""')),
}
WRAPS = sorted([*_JSON, *_TEXT])


def wrapped(how: str, lines: Sequence[bytes]) -> list[bytes]:
    """Return lines, each in the envelope that ``how`` names."""
    if how in _JSON:
        return [as_json(_JSON[how](line.decode())) for line in lines]
    inner = [_TEXT[how](line) for line in lines]
    return [b'"_time",host,"_raw"', *inner] if how == "splunk-csv" else inner


def recognised(lines: Sequence[bytes]) -> Verdict:
    """Return what a log with these lines is taken for."""
    return judge(values(FORMATS), lines, clock(), values(ENVELOPES), is_thorough=False)[0]


def observed(lines: Sequence[bytes], verdict: Verdict | None = None) -> list[Observation]:
    """Return what the lines show when they are read as they are recognised."""
    best = verdict or recognised(lines)
    peeling = Peeling(best.envelopes, lines)
    tally = Tally(read=len(lines))
    records = peeling.batches([batch_of(lines)], tally)
    seen = best.format.read(records, HostTable.of_every_host(), tally, clock())
    return [peeling.dated(one, clock()) for one in seen]


def read_as(lines: Sequence[bytes]) -> tuple[str, list[str]]:
    """Return the format that lines are in, and the hosts that they show."""
    best = recognised(lines)
    return best.format.name, [one.value for one in observed(lines, best)]
