"""The head of syslog."""

from pathlib import Path

import pytest

from scanner.logs.clock import NO_TIME, Time
from scanner.logs.envelopes.syslog import peel, time
from scanner.logs.streams import LogStream
from scanner.model import TimeQuality
from scanner.registry import FORMATS, values
from tests.logs.envelopes.samples import SQUID, SQUID_2, read_as
from tests.support import at, clock, lines_of, read_lines

_LAB = Path(__file__).parents[3].parent / "shared" / "samples" / "logs" / "syslog"


@pytest.mark.parametrize(
    "head",
    [
        b"<30>Nov 21 01:58:33 gw squid[931]: ",
        b"<30>Nov  1 01:58:33 gw (squid-1)[931]: ",
        b"<30>Nov 21 2026 01:58:33 gw squid: ",
        b"<30>Nov 21 01:58:33 2026 gw squid[931]:",
        b"<189>Nov 21 01:58:33.123 UTC: gw squid: ",
        b"<30>Nov 21 01:58:33 squid[931]: ",
        b"<30>Nov 21 01:58:33 10.0.0.1 ",
        b"<30>",
        b"<30>squid[931]: ",
        b"Nov 21 01:58:33 gw squid[931]: ",
        b"Nov 21 01:58:33 fe80::1 squid[931]: ",
        b"Nov 21 01:58:33 ",
        b"<134>1 2026-11-21T01:58:33.637174+00:00 gw squid 931 - - ",
        b"<134>1 2026-11-21T01:58:33Z gw squid 931 ID47 - \xef\xbb\xbf",
        b'<134>1 2026-11-21T01:58:33Z gw squid 931 - [a@1 k="x \\"] y" l="2"][b@1] ',
        b"<134>1 - - - - - - ",
        b"<134>2026-11-21T01:58:33Z gw squid[931]: ",
        b"2026-11-21T01:58:33+00:00 gw squid[931]: ",
        b"2026-11-21T01:58:33.123456Z ",
        b"<30>Nov 21 01:58:34 relay Nov 21 01:58:33 gw squid[931]: ",
        b"<134>1 2026-11-21T01:58:34Z relay - - - - <30>Nov 21 01:58:33 gw squid[931]: ",
        b"147 <30>Nov 21 01:58:33 gw squid[931]: ",
    ],
)
def test_a_head_comes_off(head: bytes) -> None:
    assert peel(head + SQUID) == [SQUID]


@pytest.mark.parametrize(
    "line",
    [
        SQUID,
        b"",
        b"  ",
        b"Nov 21 01:58:21 dnsmasq[10863]: query[A] api.openai.com from 10.0.0.7",
        b"[1795226202] unbound[7837:0] info: 10.0.0.7 api.openai.com. A IN",
        b"CEF:0|Forcepoint|Security|8.5.4|9|Transaction permitted|1|act=permitted",
        b"21-Nov-2026 01:58:26.853 queries: info: client @0x7f 10.0.0.7#57789 (a.example)",
        b"2026-11-21T01:58:27Z INFO proxy: request done",
        b"2026-11-21T01:58:27.489123456Z stdout F [INFO] plugin/reload: running",
        b"2026-11-20T08:01:02Z,10.0.0.7,ana,api.openai.com,allowed",
        b"2026-11-20 08:01:02 64 18120 5120 23240 10.0.0.7 203.0.113.7",
        b"2026-11-20T08:01:02PROXY01.CORP.EXAMPLE bluecoat - access_log - c-ip=10.0.0.7",
        b"2026-11-20T08:01:02.1Z balancer 10.0.0.7:2817 10.0.0.1:80 0.00 0.01 0.00 200 200",
        b"CONNECT   Nov 21 01:58:34.605 [10933]: Connect (file descriptor 5): 10.0.0.7",
        b"<event>22</event>",
        b"Nova 21 01:58:33 gw squid[931]: message",
    ],
)
def test_what_has_no_head_is_left_as_it_is(line: bytes) -> None:
    assert peel(line) is None


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"Nov 20 08:01:02 fw1 1,2026/11/20 08:01:02,0128", b"1,2026/11/20 08:01:02,0128"),
        (b"Nov 20 08:01:02 nss CEF:0|Zscaler|NSSWeblog|5.7|", b"CEF:0|Zscaler|NSSWeblog|5.7|"),
        (b"2026-11-20T08:01:02Z fw1 CEF:0|Zscaler|NSSWeblog|", b"CEF:0|Zscaler|NSSWeblog|"),
        (b"<189>date=2026-11-20 time=08:01:02", b"date=2026-11-20 time=08:01:02"),
        (b'Nov 20 08:01:02 UTC gw device="SFW" date=1', b'device="SFW" date=1'),
        (b"<134>Nov 20 08:01:02 %ASA-6-302013: Built", b"%ASA-6-302013: Built"),
        (
            b'Nov 20 08:01:02 10.0.0.7 - ana [20/Nov/2026] "GET',
            b'10.0.0.7 - ana [20/Nov/2026] "GET',
        ),
    ],
)
def test_what_is_no_machine_and_no_tag_belongs_to_the_message(line: bytes, message: bytes) -> None:
    assert peel(line) == [message]


@pytest.mark.parametrize(
    "head",
    [
        b"<30>Nov 21 01:58:21 gw dnsmasq[10863]: ",
        b"Nov 21 01:58:21 gw dnsmasq[10863]: ",
        b"<30>Nov 21 01:58:21 dnsmasq[10863]: ",
        b"<30>1 2026-11-21T01:58:21Z gw dnsmasq 10863 - - ",
    ],
)
def test_the_tag_of_a_daemon_that_is_known_by_it_stays(head: bytes) -> None:
    message = b"query[A] api.openai.com from 10.0.0.7"
    assert peel(head + message) == [b"dnsmasq[10863]: " + message]


def test_frames_that_count_their_bytes_are_told_apart() -> None:
    one = b"<30>Nov 21 01:58:33 gw squid[931]: " + SQUID
    two = b"<30>Nov 21 01:58:34 gw squid[931]: " + SQUID_2
    joined = b"%d %b%d %b" % (len(one), one, len(two), two)
    assert peel(joined) == [SQUID, SQUID_2]
    assert peel(b"%d %b\n%d %b" % (len(one) + 1, one, len(two), two)) == [SQUID, SQUID_2]
    assert peel(b"7 " + one) == [SQUID]  # miscounted


def test_s9_joined_records_are_told_apart() -> None:
    head = b"<30>Nov 21 01:58:33 gw squid[931]: "
    assert peel(head + SQUID + b"#012" + SQUID_2 + b"#012") == [SQUID, SQUID_2]
    assert peel(head + b"a#011b#015#012c") == [b"a\tb", b"c"]


def test_json_over_several_lines_stays_one_record() -> None:
    assert peel(b'<30>Nov 21 01:58:33 gw app: {#012  "a": 1#012}') == [b'{   "a": 1 }']
    assert peel(b'<30>Nov 21 01:58:33 gw app: {"a":1}#012{"a":2}') == [b'{"a":1}', b'{"a":2}']


def test_repeated_messages_are_repeated() -> None:
    head = b"Nov 21 01:58:33 gw squid[931]: "
    assert peel(head + b"message repeated 3 times: [ " + SQUID + b"]") == [SQUID] * 3
    assert peel(head + b"message repeated 900000 times: [ x]") == [b"x"] * 1000
    assert peel(head + b"message repeated 0 times: [ x]") == []
    assert peel(b"Nov 21 01:58:33 gw last message repeated 2 times") == []
    assert peel(b"Nov 21 01:58:33 gw last message repeated 1 time") == []


@pytest.mark.parametrize(
    ("head", "when"),
    [
        (
            b"<30>Nov 21 01:58:33 gw squid[931]: ",
            (at("2026-11-21T01:58:33Z"), TimeQuality.ASSUMED_YEAR),
        ),
        (
            b"Nov  1 2025 01:58:33 gw squid: ",
            (at("2025-11-01T01:58:33Z"), TimeQuality.ASSUMED_ZONE),
        ),
        (b"Nov 21 01:58:33 2026 UTC gw a: ", (at("2026-11-21T01:58:33Z"), TimeQuality.EXACT)),
        (
            b"<1>1 2026-11-21T02:58:33.5+01:00 - - - - - ",
            (at("2026-11-21T01:58:33.5Z"), TimeQuality.EXACT),
        ),
        (
            b"<1>Nov 21 01:58:34 relay 2026-11-21T01:58:33Z gw squid[931]: ",
            (at("2026-11-21T01:58:33Z"), TimeQuality.EXACT),
        ),
        (b"<1>1 - - - - - - ", NO_TIME),
        (b"<1>Xyz 99 01:58:33 gw squid: ", NO_TIME),
        (b"", NO_TIME),
    ],
)
def test_the_innermost_head_says_when(head: bytes, when: Time) -> None:
    assert time(head + SQUID, clock()) == when


@pytest.mark.skipif(not _LAB.is_dir(), reason="the laboratory's logs are not beside the project")
@pytest.mark.parametrize("name", ["rfc3164-traditional", "rfc3339"])
def test_s9_the_squid_records_of_a_genuine_log_are_all_there(name: str) -> None:
    with LogStream(_LAB / f"lab-syslog-{name}.log") as stream:
        joined = [line for line in stream.lines() if b"#012" in line]
    assert len(joined) == 2
    records = [record for line in joined for record in peel(line) or ()]
    assert len(records) == 24
    squid = next(one for one in values(FORMATS) if one.name == "squid")
    assert read_lines(squid, records).tally.rejected == 0
    assert read_as(joined)[0] == "squid"


def test_dnsmasq_is_read_out_of_any_syslog() -> None:
    lines = lines_of(
        b"<30>1 2026-11-21T01:58:21Z gw dnsmasq 10863 - - query[A] api.openai.com from 10.0.0.7\n"
        b"<30>1 2026-11-21T01:58:21Z gw dnsmasq 10863 - - reply api.openai.com is 203.0.113.7\n"
    )
    assert read_as(lines) == ("dnsmasq", ["api.openai.com"])
