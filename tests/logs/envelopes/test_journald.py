"""systemd's journal."""

import pytest

from scanner.logs.envelopes.journald import peel, time
from scanner.model import TimeQuality
from tests.logs.envelopes.samples import SQUID, as_json, read_as
from tests.support import at, clock

_DNSMASQ = "query[A] api.openai.com from 10.0.0.7"


def _entry(message: object, tag: str = "dnsmasq", **more: object) -> bytes:
    fields = {"__REALTIME_TIMESTAMP": "1795226301489123", "_PID": "10863", "MESSAGE": message}
    return as_json({**fields, "SYSLOG_IDENTIFIER": tag, **more})


def test_a_message_is_text_or_bytes() -> None:
    assert peel(_entry("a", "squid")) == [b"a"]
    assert peel(_entry([97, 9, 255], "squid")) == [b"a\t\xff"]
    assert peel(_entry(None, "squid")) == []
    assert peel(_entry("a\nb\n", "squid")) == [b"a", b"b"]


def test_the_tag_stands_again_before_what_is_known_by_it() -> None:
    assert peel(_entry(_DNSMASQ)) == [b"dnsmasq[10863]: " + _DNSMASQ.encode()]
    assert peel(_entry("a\nb", "named", _PID=None)) == [b"named[0]: a", b"named[0]: b"]
    by_program = as_json({"__REALTIME_TIMESTAMP": "1", "_COMM": "unbound", "MESSAGE": "a"})
    assert peel(by_program) == [b"unbound[0]: a"]


def test_what_is_no_entry_is_left_as_it_is() -> None:
    assert peel(b'{"MESSAGE":"a"}') is None
    assert peel(b'{"message":"a","__REALTIME_TIMESTAMP":"1795226301489123"}') is None
    assert peel(b'{"MESSAGE":{"a":1},"__REALTIME_TIMESTAMP":"1795226301489123"}') is None
    assert peel(b'{"MESSAGE":"a') is None


def test_the_time_is_the_senders_or_else_the_journals() -> None:
    exact = TimeQuality.EXACT
    assert time(_entry("a"), clock()) == (at("2026-11-21T01:58:21.489123Z"), exact)
    sent = _entry("a", _SOURCE_REALTIME_TIMESTAMP="1795226301000000")
    assert time(sent, clock()) == (at("2026-11-21T01:58:21Z"), exact)
    garbled = _entry("a", _SOURCE_REALTIME_TIMESTAMP="x")
    assert time(garbled, clock()) == (at("2026-11-21T01:58:21.489123Z"), exact)


@pytest.mark.parametrize(
    ("tag", "messages", "name"),
    [
        ("dnsmasq", [_DNSMASQ, "reply api.openai.com is 203.0.113.7"], "dnsmasq"),
        (
            "named",
            [
                "client @0x7f71 10.0.0.7#37648 (api.openai.com): query: api.openai.com IN A +E(0)K (10.0.0.1)",
                "managed-keys-zone: Key 20326 for zone . is now trusted",
            ],
            "bind",
        ),
        ("unbound", ["[7837:0] info: 10.0.0.7 api.openai.com. A IN"], "unbound"),
        ("squid", [SQUID.decode()], "squid"),
        ("(squid-1)", [SQUID.decode()], "squid"),
        (
            "coredns",
            [
                '[INFO] 10.0.0.7:42114 - 64821 "A IN api.openai.com. udp 57 false 1232" NOERROR qr,rd,ra 66 0.004215s'
            ],
            "coredns",
        ),
        (
            "haproxy",
            [
                "10.0.0.7:56188 [21/Nov/2026:01:58:33.632] tls_sni openai/s1 2/0/4 1793 748 -- 1/1/0/0/0 0/0 {api.openai.com}"
            ],
            "haproxy",
        ),
    ],
)
def test_daemons_are_read_out_of_the_journal(tag: str, messages: list[str], name: str) -> None:
    assert read_as([_entry(one, tag) for one in messages]) == (name, ["api.openai.com"])
