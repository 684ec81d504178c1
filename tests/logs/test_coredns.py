"""CoreDNS's log plugin, read."""

import pytest

from scanner.logs.formats.coredns import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import a_matcher, at, read

_LINE = (
    b'[INFO] 172.17.0.1:42114 - 64820 "A IN api.openai.com. udp 57 false 1232" '
    b"NOERROR qr,aa,rd 66 0.000150s\n"
)


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.DNS,
        value="api.openai.com",
        ts=None,
        kind=Sighting.DNS_QUERY,
        client="172.17.0.1",
        action=Action.ALLOWED,
        qtype="A",
        line=1,
        time_quality=TimeQuality.NONE,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def test_a_line_without_a_time_of_its_own() -> None:
    reading = read(FORMAT, _LINE)
    assert reading.observations == [_seen()]
    assert reading.account == (1, {}, 0)


@pytest.mark.parametrize(
    ("head", "quality"),
    [
        (b"2026-11-20T08:01:02Z ", TimeQuality.EXACT),
        (b"2026-11-20T08:01:02.000000000Z stdout F ", TimeQuality.EXACT),
        (b"[pod/coredns-7c9d/coredns] 2026-11-20T08:01:02Z ", TimeQuality.EXACT),
        (b"2026/11/20 08:01:02 ", TimeQuality.ASSUMED_ZONE),
        (b"Nov 20 08:01:02 node1 coredns[7]: ", TimeQuality.ASSUMED_YEAR),
    ],
)
def test_a_time_that_somebody_put_before_it(head: bytes, quality: TimeQuality) -> None:
    assert read(FORMAT, head + _LINE).observations == [
        _seen(ts=at("2026-11-20T08:01:02Z"), time_quality=quality)
    ]


def test_the_combined_layout_ends_with_the_opcode() -> None:
    text = _LINE.rstrip() + b' "0"\n'
    assert read(FORMAT, text).observations == [_seen()]


@pytest.mark.parametrize(
    ("rcode", "action"),
    [
        (b"NXDOMAIN", Action.NXDOMAIN),
        (b"SERVFAIL", Action.ERROR),
        (b"REFUSED", Action.BLOCKED),
        (b"-", Action.ERROR),
    ],
)
def test_outcomes(rcode: bytes, action: Action) -> None:
    assert read(FORMAT, _LINE.replace(b"NOERROR", rcode)).observations == [_seen(action=action)]


def test_d13_d14_search_suffixes_keep_their_nxdomain_and_meet_no_signature() -> None:
    text = b"".join(
        b'[INFO] 10.0.0.7:4001 - %d "A IN api.openai.com.%budp 57 false 1232" %b qr,rd,ra 66 0.1s\n'
        % (number, suffix, rcode)
        for number, (suffix, rcode) in enumerate(
            [
                (b"default.svc.cluster.local. ", b"NXDOMAIN"),
                (b"svc.cluster.local. ", b"NXDOMAIN"),
                (b"cluster.local. ", b"NXDOMAIN"),
                (b" ", b"NOERROR"),
            ]
        )
    )
    every = read(FORMAT, text).observations
    assert [one.action for one in every] == [Action.NXDOMAIN] * 3 + [Action.ALLOWED]
    known = read(FORMAT, text, hosts=a_matcher().host_table())
    assert [(one.value, one.line) for one in known.observations] == [("api.openai.com", 4)]
    assert known.account == (4, {}, 0)


def test_d21_clients_of_ipv6() -> None:
    text = (
        b'[INFO] [::1]:55527 - 29008 "AAAA IN chatgpt.com. udp 41 false 4096" NOERROR qr,rd 106 0.03s\n'
        b'[INFO] [2001:db8::7]:55527 - 29009 "HTTPS IN chatgpt.com. tcp 41 true 4096" NOERROR qr,rd 106 12.5ms\n'
    )
    assert [(one.client, one.qtype) for one in read(FORMAT, text).observations] == [
        ("::1", "AAAA"),
        ("2001:db8::7", "HTTPS"),
    ]


def test_d3_d6_escaped_and_mixed_names() -> None:
    text = (
        rb'[INFO] 10.0.0.7:1 - 1 "A IN with\ space.example. udp 57 false 1232" NOERROR qr 66 0.1s'
        b"\n"
        b'[INFO] 10.0.0.7:1 - 2 "A IN ApI.OpEnAi.CoM. udp 57 false 1232" NOERROR qr 66 0.1s\n'
        b'[INFO] 10.0.0.7:1 - 3 "NS IN . udp 57 false 1232" NOERROR qr 66 0.1s\n'
    )
    assert [one.value for one in read(FORMAT, text).observations] == [
        "with space.example",
        "api.openai.com",
        ".",
    ]


def test_what_coredns_says_of_itself_is_ignored_and_what_others_say_is_refused() -> None:
    text = (
        b".:53\n"
        b"CoreDNS-1.12.3\n"
        b"linux/amd64, go1.24.6, 6e7b8a1\n"
        b"[INFO] plugin/reload: Running configuration SHA512 = 591cf328\n"
        b"[ERROR] plugin/errors: 2 api.openai.com. A: read udp 10.0.0.2:39191->10.0.0.1:53: i/o timeout\n"
        b"[INFO] Server started on 10.0.0.7:8080\n"
        b"Dear diary,\n"
        b'[INFO] 10.0.0.7:1 - 3 "A IN"  NOERROR\n'
        b'10.0.0.7 - ana [21/Nov/2026:01:58:30 +0000] "GET /x HTTP/1.1" 200 512 "-" "Mozilla"\n'
    )
    assert read(FORMAT, text).account == (0, {"notice": 5}, 4)


@pytest.mark.parametrize("asker", [b"172.17.0.1", b"172.17.0.1:42114", b"[INFO] 172.17.0.1"])
@pytest.mark.parametrize("number", [b"", b" 64820"])
def test_the_layout_of_the_first_versions_has_a_time(asker: bytes, number: bytes) -> None:
    text = (
        asker
        + b" - [20/Nov/2026:09:01:02 +0100]"
        + number
        + b' "A IN api.openai.com. udp 57 false 1232" NOERROR qr,aa,rd 66 150\xc2\xb5s\n'
    )
    assert read(FORMAT, text).observations == [
        _seen(ts=at("2026-11-20T08:01:02Z"), time_quality=TimeQuality.EXACT)
    ]
