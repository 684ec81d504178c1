"""The lines that packets become, as observations and in the account."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scanner.hosts import HostTable
from scanner.logs.formats.capture import FORMAT
from scanner.model import Action, Channel, Level, Observation, Sighting, TimeQuality
from tests.support import Reading, at, read

_TIME = 1_795_226_402_111_868_123


def _read(*records: dict[str, Any], hosts: HostTable | None = None) -> Reading:
    lines = [json.dumps({"frame": 7, "time": _TIME, "client": "10.0.0.7"} | one) for one in records]
    return read(FORMAT, "\n".join(lines).encode(), hosts=hosts)


def test_a_connection_with_its_bytes() -> None:
    assert _read({"kind": "tls", "host": "Claude.AI", "up": 20_000, "down": 9}).observations == [
        Observation(
            Channel.TLS,
            "claude.ai",
            at("2026-11-21T02:00:02.111868Z"),
            Sighting.TLS_SNI,
            client="10.0.0.7",
            action=Action.ALLOWED,
            bytes_up=20_000,
            bytes_down=9,
            line=7,
        )
    ]


@pytest.mark.parametrize(
    ("record", "action", "level"),
    [
        ({"kind": "dns", "rcode": "NOERROR"}, Action.ALLOWED, Level.RESOLVED),
        ({"kind": "dns"}, Action.UNKNOWN, Level.RESOLVED),
        ({"kind": "dns", "rcode": "NXDOMAIN"}, Action.NXDOMAIN, Level.ATTEMPT),
        ({"kind": "dns", "rcode": "REFUSED"}, Action.BLOCKED, Level.ATTEMPT),
        ({"kind": "dns", "rcode": "SERVFAIL"}, Action.ERROR, Level.ATTEMPT),
        ({"kind": "dns", "rcode": "NOERROR", "nowhere": True}, Action.BLOCKED, Level.ATTEMPT),
        ({"kind": "tls", "up": 600, "down": 0}, Action.UNKNOWN, Level.CONNECTED),
        ({"kind": "tls", "up": 600, "down": 900}, Action.ALLOWED, Level.CONNECTED),
        ({"kind": "quic", "up": 60_000, "down": 900}, Action.ALLOWED, Level.USED),
        ({"kind": "connect", "status": "200"}, Action.ALLOWED, Level.CONNECTED),
        ({"kind": "connect", "status": "403"}, Action.BLOCKED, Level.ATTEMPT),
        ({"kind": "connect", "status": "407"}, Action.CHALLENGED, Level.ATTEMPT),
        ({"kind": "connect", "status": "502"}, Action.ERROR, Level.ATTEMPT),
        ({"kind": "http", "path": "/", "status": "403"}, Action.ALLOWED, Level.USED),
    ],
)
def test_what_became_of_it(record: dict[str, Any], action: Action, level: Level) -> None:
    (seen,) = _read({"host": "claude.ai"} | record).observations
    assert (seen.action, seen.level) == (action, level)


def test_an_alias_of_a_wanted_name_counts_where_the_name_itself_is_not_wanted() -> None:
    record = {"kind": "dns", "host": "chat.corp.example", "cnames": ["x.example", "claude.ai"]}
    wanted = HostTable("claude.ai".__eq__, ["claude.ai"])
    assert [one.value for one in _read(record, hosts=wanted).observations] == ["claude.ai"]
    assert [one.value for one in _read(record).observations] == ["chat.corp.example"]


def test_packets_that_name_nothing_are_counted_one_by_one() -> None:
    reading = _read(
        {"kind": "tls", "host": "claude.ai"},
        {"kind": "ignored", "why": "ARP", "packets": 40},
        {"kind": "undecodable", "why": "no DNS message, on its port", "packets": 3},
        {"kind": "noted", "what": "hellos offer something", "times": 9},
    )
    assert reading.account == (1, {"ARP": 40}, 3)
    assert reading.tally.read == 44
    assert reading.tally.joined == 44 - 4
    assert dict(reading.tally.noted) == {"hellos offer something": 9}
    assert [one.reason for one in reading.tally.rejects] == ["no DNS message, on its port"]


@pytest.mark.parametrize("packets", [0, -5, 1 << 60])
def test_counts_that_cannot_be_are_refused(packets: int) -> None:
    assert _read({"kind": "ignored", "why": "ARP", "packets": packets}).account == (0, {}, 1)


def test_times_that_cannot_be() -> None:
    for time in (0, -1, 2**63 - 1):
        seen = _read({"kind": "dns", "host": "claude.ai", "time": time}).observations[0]
        if seen.ts is None:
            assert seen.time_quality is TimeQuality.NONE
    assert _read({"kind": "dns", "host": "claude.ai", "time": 0}).observations[0].ts is None


def test_the_root_and_names_that_are_none_are_no_hosts() -> None:
    assert _read({"kind": "dns", "host": ""}).account == (0, {"name that is no host": 1}, 0)
