"""dnsmasq's and Pi-hole's query log, read."""

from zoneinfo import ZoneInfo

import pytest

from scanner.logs.formats.dnsmasq import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import a_matcher, at, read

_HEAD = b"Nov 21 01:56:40 dnsmasq[7787]: "


def _log(*messages: bytes) -> bytes:
    return b"".join(_HEAD + message + b"\n" for message in messages)


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.DNS,
        value="api.openai.com",
        ts=at("2026-11-21T01:56:40Z"),
        kind=Sighting.DNS_QUERY,
        client="127.0.0.11",
        qtype="A",
        line=1,
        time_quality=TimeQuality.ASSUMED_YEAR,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def test_a_query_and_its_answer() -> None:
    reading = read(
        FORMAT,
        _log(
            b"query[A] api.openai.com from 127.0.0.11",
            b"forwarded api.openai.com to 10.0.0.1",
            b"reply api.openai.com is 203.0.113.7",
        ),
    )
    assert reading.observations == [_seen(action=Action.ALLOWED)]
    assert reading.account == (1, {"answer or notice": 2}, 0)


def test_the_serial_of_log_queries_extra_pairs_query_and_answer() -> None:
    reading = read(
        FORMAT,
        _log(
            b"1 127.0.0.11/52247 query[A] api.openai.com from 127.0.0.11",
            b"2 127.0.0.12/52248 query[A] api.openai.com from 127.0.0.12",
            b"2 127.0.0.12/52248 cached api.openai.com is 203.0.113.7",
            b"1 127.0.0.11/52247 config api.openai.com is NXDOMAIN",
        ),
    )
    assert reading.observations == [
        _seen(client="127.0.0.12", line=2, action=Action.ALLOWED),
        _seen(action=Action.BLOCKED),
    ]


def test_year_and_zone_as_given() -> None:
    text = _log(b"query[A] api.openai.com from 127.0.0.11")
    seen = read(FORMAT, text, year=2024, zone=ZoneInfo("Europe/Berlin")).observations
    assert seen == [_seen(ts=at("2024-11-21T00:56:40Z"))]


def test_d2_answer_lines_are_not_queries() -> None:
    reading = read(
        FORMAT,
        _log(
            b"reply chatgpt.com is 203.0.113.7",
            b"cached chatgpt.com is <CNAME>",
            b"/etc/hosts chatgpt.com is 127.0.0.1",
            b"config chatgpt.com is NODATA-IPv6",
            b"forwarded chatgpt.com to 10.0.0.1",
        ),
    )
    assert reading.observations == []
    assert reading.account == (0, {"answer or notice": 5}, 0)


def test_d2_a_refusal_without_a_name_tells_nothing_about_the_query() -> None:
    text = _log(
        b"query[A] api.openai.com from 127.0.0.11",
        b"config error is REFUSED (EDE: not ready)",
    )
    assert read(FORMAT, text).observations == [_seen()]


def test_d2_with_a_serial_the_refusal_finds_its_query() -> None:
    text = _log(
        b"1 127.0.0.11/52247 query[A] api.openai.com from 127.0.0.11",
        b"1 127.0.0.11/52247 config error is REFUSED (EDE: not ready)",
    )
    assert read(FORMAT, text).observations == [_seen(action=Action.ERROR)]


@pytest.mark.parametrize(
    "outcome",
    [
        b"gravity blocked api.openai.com is 0.0.0.0",
        b"gravity blocked api.openai.com is ::",
        b"regex denied api.openai.com is 0.0.0.0",
        b"regex blacklisted api.openai.com is 0.0.0.0",
        b"exactly denied api.openai.com is 0.0.0.0",
        b"exactly blacklisted api.openai.com is NXDOMAIN",
        b"config api.openai.com is 0.0.0.0",
        b"config api.openai.com is ::",
        b"config api.openai.com is NXDOMAIN",
    ],
)
def test_d5_blocked(outcome: bytes) -> None:
    text = _log(b"query[A] api.openai.com from 127.0.0.11", outcome)
    assert read(FORMAT, text).observations == [_seen(action=Action.BLOCKED)]


def test_d5_every_query_of_a_blocked_visit_is_blocked() -> None:
    """The questions of one visit may all come before the first answer."""
    text = _log(
        b"query[A] api.openai.com from 127.0.0.11",
        b"query[AAAA] api.openai.com from 127.0.0.11",
        b"gravity blocked api.openai.com is 0.0.0.0",
        b"gravity blocked api.openai.com is ::",
    )
    assert [(one.qtype, one.action) for one in read(FORMAT, text).observations] == [
        ("A", Action.BLOCKED),
        ("AAAA", Action.BLOCKED),
    ]


@pytest.mark.parametrize(
    "outcome",
    [
        b"gravity blocked (CNAME) api.openai.com is 0.0.0.0",
        b"external blocked (NULL) api.openai.com is 0.0.0.0",
        b"special domain api.openai.com is NXDOMAIN",
    ],
)
def test_d5_blocked_as_pihole_6_words_it(outcome: bytes) -> None:
    text = _log(b"query[A] api.openai.com from 127.0.0.11", outcome)
    assert read(FORMAT, text).observations == [_seen(action=Action.BLOCKED)]


def test_serials_of_two_daemons_are_told_apart_by_the_client() -> None:
    text = _log(
        b"1 127.0.0.11/52247 query[A] api.openai.com from 127.0.0.11",
        b"1 127.0.0.12/52248 config api.openai.com is NXDOMAIN",
        b"1 127.0.0.11/52247 cached api.openai.com is 203.0.113.7",
    )
    assert read(FORMAT, text).observations == [_seen(action=Action.ALLOWED)]


def test_an_answer_far_below_its_query_is_another_ones() -> None:
    notice = _log(b"reply www.example.org is 203.0.113.8")
    query, answer = (
        _log(b"query[A] api.openai.com from 127.0.0.11"),
        _log(b"gravity blocked api.openai.com is 0.0.0.0"),
    )
    near, far = (
        read(FORMAT, query + notice * lines + answer).observations for lines in (1999, 2000)
    )
    assert (near, far) == ([_seen(action=Action.BLOCKED)], [_seen()])


def test_an_unknown_name_is_no_use() -> None:
    text = _log(
        b"query[A] api.openai.com from 127.0.0.11",
        b"reply api.openai.com is NXDOMAIN",
    )
    assert read(FORMAT, text).observations == [_seen(action=Action.NXDOMAIN)]


def test_names_may_hold_blanks_quotes_and_the_word_from() -> None:
    text = _log(
        b"query[A] with space.example from 127.0.0.11",
        b'query[TXT] "quoted" from here.example from 127.0.0.11',
    )
    assert [(one.value, one.client) for one in read(FORMAT, text).observations] == [
        ("with space.example", "127.0.0.11"),
        ('"quoted" from here.example', "127.0.0.11"),
    ]


def test_a_name_that_looks_like_a_time_does_not_date_the_line() -> None:
    """Whoever asks chooses the name; the time is the daemon's."""
    text = _log(b"query[A] Jan  1 00:00:00 .api.openai.com from 127.0.0.11")
    assert [one.ts for one in read(FORMAT, text).observations] == [at("2026-11-21T01:56:40Z")]


def test_d6_d7_case_and_trailing_dot_are_folded() -> None:
    text = _log(b"query[A] ApI.OpEnAi.CoM. from 127.0.0.11")
    assert read(FORMAT, text).observations == [_seen()]


def test_d8_d13_d14_reverse_names_and_search_suffixes_meet_no_signature() -> None:
    text = _log(
        b"query[PTR] 192.6.18.104.in-addr.arpa from 127.0.0.11",
        b"query[A] chatgpt.com.corp.example from 127.0.0.11",
        b"query[A] api.openai.com.cluster.local from 127.0.0.11",
        b"query[A] api.openai.com from 127.0.0.11",
    )
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert reading.observations == [_seen(line=4)]
    assert reading.account == (4, {}, 0)


@pytest.mark.parametrize("extra", [b"", b"1 ::1/39135 "])
def test_d21_clients_of_ipv6(extra: bytes) -> None:
    text = _log(extra + b"query[AAAA] api.openai.com from ::1")
    assert read(FORMAT, text).observations == [_seen(client="::1", qtype="AAAA")]


@pytest.mark.parametrize(
    ("written", "qtype"), [("HTTPS", "HTTPS"), ("type=65", "HTTPS"), ("AAAA", "AAAA")]
)
def test_d22_the_type_of_the_question_by_its_name(written: str, qtype: str) -> None:
    text = _log(f"query[{written}] api.openai.com from 127.0.0.11".encode())
    assert read(FORMAT, text).observations == [_seen(qtype=qtype)]


def test_behind_syslog_with_priority_and_machine() -> None:
    text = b"<30>Nov 21 01:56:40 gw dnsmasq[10863]: query[A] api.openai.com from 127.0.0.11\n"
    assert read(FORMAT, text).observations == [_seen()]


def test_f17_a_day_after_now_belongs_to_last_year() -> None:
    text = b"Dec 24 23:59:59 dnsmasq[7787]: query[A] api.openai.com from 127.0.0.11\n"
    assert read(FORMAT, text).observations == [_seen(ts=at("2025-12-24T23:59:59Z"))]


def test_f4_f5_lines_of_others_and_lines_cut_short_are_rejected() -> None:
    reading = read(
        FORMAT,
        _log(b"query[A] api.openai.com from 127.0.0.11", b"query[A] api.open")
        + b"Nov 21 01:56:41 sshd[12]: Accepted publickey for ana\n\n",
    )
    assert reading.observations == [_seen()]
    assert reading.account == (1, {"blank line": 1}, 2)
    assert [(one.line, one.reason) for one in reading.tally.rejects] == [
        (2, "a query without its name or client"),
        (3, "not a line of dnsmasq"),
    ]


@pytest.mark.parametrize("transport", [b"UDP ", b"TCP "])
def test_log_queries_proto_names_the_transport_before_the_serial(transport: bytes) -> None:
    text = _log(
        transport + b"1 127.0.0.11/52247 query[A] api.openai.com from 127.0.0.11",
        transport + b"1 127.0.0.11/52247 cached api.openai.com is 203.0.113.7",
    )
    assert read(FORMAT, text).observations == [_seen(action=Action.ALLOWED)]


@pytest.mark.parametrize(
    ("outcome", "action"),
    [
        (b"reply api.openai.com is blocked during CNAME inspection", Action.BLOCKED),
        (b"Rate-limiting api.openai.com is REFUSED (EDE: blocked)", Action.BLOCKED),
        (b"Pi-hole hostname api.openai.com is 10.0.0.1", Action.ALLOWED),
    ],
)
def test_what_became_of_a_query_as_pihole_words_it(outcome: bytes, action: Action) -> None:
    text = _log(b"query[A] api.openai.com from 127.0.0.11", outcome)
    assert read(FORMAT, text).observations == [_seen(action=action)]


@pytest.mark.parametrize(
    ("outcome", "action"),
    [
        (b"reply api.openai.com is SERVFAIL", Action.ERROR),
        (b"config api.openai.com is NODATA-IPv4", Action.BLOCKED),
        (b"cached api.openai.com is NODATA-IPv4", Action.ALLOWED),
        (b"blocked upstream with known address api.openai.com is 203.0.113.1", Action.BLOCKED),
        (b"<not set> api.openai.com is 0.0.0.0", Action.BLOCKED),
    ],
)
def test_more_words_for_outcomes(outcome: bytes, action: Action) -> None:
    reading = read(FORMAT, _log(b"query[A] api.openai.com from 127.0.0.11", outcome))
    assert reading.observations == [_seen(action=action)]


def test_the_logread_of_openwrt_names_the_year() -> None:
    text = b"Fri Nov 21 01:56:40 2025 daemon.info dnsmasq[1]: query[A] api.openai.com from 127.0.0.11\n"
    assert read(FORMAT, text).observations == [
        _seen(ts=at("2025-11-21T01:56:40Z"), time_quality=TimeQuality.ASSUMED_ZONE)
    ]
