"""The debug log of Windows DNS Server, read."""

from zoneinfo import ZoneInfo

import pytest

from scanner.logs.formats.windows_dns import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import a_matcher, at, read

_HEADER = (
    b"DNS Server log file creation at 1/20/2026 11:00:00 PM\r\n"
    b"Log file wrap at 1/20/2026 11:00:00 PM\r\n"
    b"\r\n"
    b"Message logging key (for packets - other items use a subset of these fields):\r\n"
    b"\tField #  Information         Values\r\n"
    b"\t-------  -----------         ------\r\n"
    b"\t   1     Date\r\n"
    b"\t   2     Time\r\n"
    b"\t   3     Thread ID\r\n"
    b"\t   4     Context\r\n"
    b"\t   5     Internal packet identifier\r\n"
    b"\t   6     UDP/TCP indicator\r\n"
    b"\t   7     Send/Receive indicator\r\n"
    b"\t   8     Remote IP\r\n"
    b"\t   9     Xid (hex)\r\n"
    b"\t  10     Query/Response      R = Response\r\n"
    b"\t                             blank = Query\r\n"
    b"\t  11     Opcode              Q = Standard Query\r\n"
    b"\t                             N = Notify\r\n"
    b"\t                             U = Update\r\n"
    b"\t                             ? = Unknown\r\n"
    b"\t  12     [ Flags (hex)\r\n"
    b"\t  13     Flags (char codes)  A = Authoritative Answer\r\n"
    b"\t                             T = Truncated Response\r\n"
    b"\t                             D = Recursion Desired\r\n"
    b"\t                             R = Recursion Available\r\n"
    b"\t  14     ResponseCode ]\r\n"
    b"\t  15     Question Type\r\n"
    b"\t  16     Question Name\r\n"
).replace(b"\r\n", b"\n")
_LINE = (
    b"1/20/2026 11:00:16 PM 0FE0 PACKET  000002C53117D990 UDP Rcv 10.0.0.7        c049   "
    b"Q [0001   D   NOERROR] A      (3)api(6)openai(3)com(0)\n"
)
_STAMP = b"1/20/2026 11:00:16 PM"


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.DNS,
        value="api.openai.com",
        ts=at("2026-01-20T23:00:16Z"),
        kind=Sighting.DNS_QUERY,
        client="10.0.0.7",
        qtype="A",
        line=1,
        time_quality=TimeQuality.ASSUMED_ZONE,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def _times(*stamps: bytes) -> list[str | None]:
    text = b"".join(
        stamp + b"\n" if stamp.startswith(b"DNS Server") else _LINE.replace(_STAMP, stamp)
        for stamp in stamps
    )
    seen = read(FORMAT, text).observations
    return [one.ts.strftime("%Y-%m-%dT%H:%M:%S") if one.ts else None for one in seen]


def test_a_query_of_a_client() -> None:
    reading = read(FORMAT, _LINE)
    assert reading.observations == [_seen()]
    assert reading.account == (1, {}, 0)


def test_local_time_is_read_in_the_zone_given() -> None:
    seen = read(FORMAT, _LINE, zone=ZoneInfo("Europe/Berlin")).observations
    assert seen == [_seen(ts=at("2026-01-20T22:00:16Z"), time_quality=TimeQuality.EXACT)]


def test_the_header_is_understood_whole() -> None:
    reading = read(FORMAT, _HEADER + _LINE)
    assert reading.account == (1, {"header": 28, "blank line": 1}, 0)


def test_d9_names_are_read_by_the_lengths_of_their_labels() -> None:
    names = {
        b"(3)api(6)openai(3)com(0)": "api.openai.com",
        b"(3)ApI(6)OpEnAi(3)CoM(0)": "api.openai.com",
        b"(7)we(ird)(7)example(0)": "we(ird).example",
        b"(8)a(0)b(1)(7)example(0)": "a(0)b(1).example",
        b"(14)xn--bcher-kva1(7)example(0)": "xn--bcher-kva1.example",
        b"(0)": ".",
    }
    text = b"".join(_LINE.replace(b"(3)api(6)openai(3)com(0)", one) for one in names)
    assert [one.value for one in read(FORMAT, text).observations] == list(names.values())


@pytest.mark.parametrize(
    "name",
    [
        b"(3)api(6)openai(3)com",
        b"(4)api(6)openai(3)com(0)",
        b"(3)api(6)openai(3)com(0)x",
        b"(x)api(0)",
        b"api.openai.com",
        b"(63)api(0)",
        b"",
    ],
)
def test_d9_lengths_that_do_not_add_up_are_damage(name: bytes) -> None:
    reading = read(FORMAT, _LINE.replace(b"(3)api(6)openai(3)com(0)", name))
    assert reading.observations == []
    assert reading.account == (0, {}, 1)


def test_d10_what_the_server_sends_and_gets_back_is_no_clients_query() -> None:
    sent = _LINE.replace(b"Rcv 10.0.0.7", b"Snd 10.0.0.1")
    got_back = _LINE.replace(b"Rcv 10.0.0.7", b"Rcv 10.0.0.1").replace(b"c049   Q", b"c049 R Q")
    answered = _LINE.replace(b"Rcv", b"Snd").replace(b"c049   Q", b"c049 R Q")
    notified = _LINE.replace(b"c049   Q", b"c04a   N")
    updated = _LINE.replace(b"c049   Q", b"c04b   U")
    reading = read(FORMAT, _LINE + sent + got_back + answered + notified + updated)
    assert reading.observations == [_seen(action=Action.ALLOWED)]
    assert reading.account == (1, {"no query of a client": 5}, 0)


@pytest.mark.parametrize(
    ("rcode", "action"),
    [
        (b"NXDOMAIN", Action.NXDOMAIN),
        (b"SERVFAIL", Action.ERROR),
        (b"REFUSED", Action.BLOCKED),
    ],
)
def test_the_answer_to_the_client_tells_the_outcome(rcode: bytes, action: Action) -> None:
    answer = _LINE.replace(b"Rcv", b"Snd").replace(b"c049   Q", b"c049 R Q")
    answer = answer.replace(b"[0001   D   NOERROR]", b"[8381   DR %b]" % rcode)
    assert read(FORMAT, _LINE + answer).observations == [_seen(action=action)]
    other = answer.replace(b"10.0.0.7", b"10.0.0.8")
    assert read(FORMAT, _LINE + other).observations == [_seen()]


@pytest.mark.parametrize(
    ("stamp", "when"),
    [
        (b"1/20/2026 11:00:16 PM", "2026-01-20T23:00:16"),
        (b"1/20/2026 12:00:16 AM", "2026-01-20T00:00:16"),
        (b"1/5/2026 3:02:01 PM", "2026-01-05T15:02:01"),
        (b"20.01.2026 23:00:18", "2026-01-20T23:00:18"),
        (b"05.01.2026 23:00:18", "2026-01-05T23:00:18"),
        (b"20/01/2026 23:00:18", "2026-01-20T23:00:18"),
        (b"5-1-2026 23:00:18", "2026-01-05T23:00:18"),
        (b"2026-01-05 23:00:18", "2026-01-05T23:00:18"),
        (b"2026/1/5 9:00:18", "2026-01-05T09:00:18"),
        (b"2026. 01. 05. 23:00:18", "2026-01-05T23:00:18"),
        (b"20090219 13:23:18", "2009-02-19T13:23:18"),
        (b"20/01/2026 23.00.18", "2026-01-20T23:00:18"),
        (b"20/01/2026 11:00:16 p.m.", "2026-01-20T23:00:16"),
        (b"20/01/2026 11:00:16\xe2\x80\xafPM", "2026-01-20T23:00:16"),
        (b"99/99/2026 11:00:16", None),
        (b"yesterday", None),
    ],
)
def test_d11_dates_of_many_locales(stamp: bytes, when: str | None) -> None:
    assert _times(stamp) == [when]


def test_d11_a_date_that_could_be_both_is_told_by_another_of_the_log() -> None:
    assert _times(b"05/01/2026 23:00:18", b"13/01/2026 00:00:01", b"06/02/2026 23:00:18") == [
        "2026-01-05T23:00:18",
        "2026-01-13T00:00:01",
        "2026-02-06T23:00:18",
    ]
    assert _times(b"01/05/2026 23:00:18", b"01/13/2026 00:00:01", b"02/06/2026 23:00:18") == [
        "2026-01-05T23:00:18",
        "2026-01-13T00:00:01",
        "2026-02-06T23:00:18",
    ]
    assert _times(b"05/01/2026 23:00:18", b"06/02/2026 23:00:18") == [None, None]


def test_d11_the_header_decides_too() -> None:
    british = b"DNS Server log file creation at 31/01/2026 23:00:00"
    american = b"DNS Server log file creation at 1/31/2026 11:00:00 PM"
    assert _times(british, b"05/02/2026 23:00:18") == ["2026-02-05T23:00:18"]
    assert _times(american, b"2/5/2026 11:00:18 PM") == ["2026-02-05T23:00:18"]
    assert _times(british, b"5/2/2026 11:00:18 PM") == ["2026-02-05T23:00:18"]


def test_d11_halves_of_the_day_with_leading_zeros_are_not_american_for_sure() -> None:
    assert _times(b"05/01/2026 11:00:18 PM") == [None]


def test_d12_events_and_notes_in_any_language_are_ignored() -> None:
    text = (
        b"1/20/2026 11:00:00 PM 0FE0 EVENT   The DNS server has started.\n"
        b"20.01.2026 23:00:18 0FE0 EVENT   Der DNS-Server wurde gestartet: api.openai.com\n"
        b"1/20/2026 11:00:00 PM 0FE0 NOTE: got GQCS failure on a dead socket context status=995\n"
        b"1/20/2026 11:00:00 PM 0FE0 DSPOLL  0 zones\n"
    )
    assert read(FORMAT, text).account == (0, {"event or note": 4}, 0)


def test_the_details_of_a_packet_are_ignored() -> None:
    details = (
        b"UDP question info at 000002C53117D990\n"
        b"  Socket = 676\n"
        b"  Remote addr 10.0.0.7, port 57789\n"
        b"  Time Query=1234, Queued=0, Expire=0\n"
        b"  Buf length = 0x0fa0 (4000)\n"
        b"  Msg length = 0x0020 (32)\n"
        b"  Message:\n"
        b"    XID       0xc049\n"
        b"    Flags     0x0100\n"
        b"      QR        0 (QUESTION)\n"
        b"      OPCODE    0 (QUERY)\n"
        b"      AA        0\n"
        b"      RCODE     0 (NOERROR)\n"
        b"    QCOUNT    1\n"
        b"    QUESTION SECTION:\n"
        b"    Offset = 0x000c, RR count = 0\n"
        b'    Name      "(3)api(6)openai(3)com(0)"\n'
        b"      QTYPE   A (1)\n"
        b"      QCLASS  1\n"
        b"    ANSWER SECTION:\n"
        b"      empty\n"
    )
    reading = read(FORMAT, _LINE + details + b"\n")
    assert reading.observations == [_seen()]
    assert reading.account == (1, {"detail of a packet": 21, "blank line": 1}, 0)


def test_d8_d13_d14_reverse_names_and_search_suffixes_meet_no_signature() -> None:
    name = b"(3)api(6)openai(3)com(0)"
    text = (
        _LINE.replace(name, b"(3)192(1)6(2)18(3)104(7)in-addr(4)arpa(0)")
        + _LINE.replace(name, b"(7)chatgpt(3)com(4)corp(7)example(0)")
        + _LINE.replace(name, b"(7)chatgpt(3)com(0)")
    )
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert [(one.value, one.line) for one in reading.observations] == [("chatgpt.com", 3)]
    assert reading.account == (3, {}, 0)


def test_d21_d22_clients_of_ipv6_and_types_by_number() -> None:
    text = _LINE.replace(b"10.0.0.7       ", b"2001:db8::7").replace(b"] A  ", b"] 65 ")
    assert [(one.client, one.qtype) for one in read(FORMAT, text).observations] == [
        ("2001:db8::7", "HTTPS")
    ]


def test_an_old_server_writes_no_packet_identifier() -> None:
    text = _LINE.replace(b"000002C53117D990 ", b"").replace(b"0FE0", b"5C8")
    assert read(FORMAT, text).observations == [_seen()]


@pytest.mark.parametrize(
    "line",
    [
        b"Dear diary, a PACKET  came today",
        b"1/20/2026 11:00:16 PM 0FE0 PACKET  000002C53117D990 UDP",
        b"1/20/2026 11:00:16 PM 0FE0 PACKET  000002C53117D990 UDP Rcv 10.0.0.7 c049   Q [0001",
        b"2026-11-20 08:01:02 1234 INFO started",
        b'    "name": "api.openai.com",',
        b"  indented prose about a packet",
    ],
)
def test_what_is_not_its_own_is_refused(line: bytes) -> None:
    assert read(FORMAT, line + b"\n").account == (0, {}, 1)


@pytest.mark.parametrize("stamp", ["2026/1/20 下午 11:00:16", "2026-01-20 오후 11:00:16"])
@pytest.mark.parametrize("encoding", ["utf-8", None])
def test_d11_noon_may_stand_before_the_hour(stamp: str, encoding: str | None) -> None:
    local = "gbk" if "下" in stamp else "cp949"
    text = _LINE.replace(_STAMP, stamp.encode(encoding or local))
    assert read(FORMAT, text).observations == [_seen()]


def test_a_note_of_the_server_is_no_damage() -> None:
    text = (
        b"1/20/2026 11:00:18 PM 0A34 Note: got GQCS failure on a dead socket context status=995\n"
    )
    assert read(FORMAT, text).account == (0, {"event or note": 1}, 0)
