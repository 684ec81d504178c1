"""Unbound's query, reply and local-action lines, read."""

import pytest

from scanner.logs.formats.unbound import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import a_matcher, at, read

_HEAD = b"[1795226310] unbound[7837:0] info: "


def _log(*messages: bytes, head: bytes = _HEAD) -> bytes:
    return b"".join(head + message + b"\n" for message in messages)


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.DNS,
        value="api.openai.com",
        ts=at("2026-11-21T01:58:30Z"),
        kind=Sighting.DNS_QUERY,
        client="127.0.0.11",
        qtype="A",
        line=1,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def test_d1_twelve_lines_are_four_queries() -> None:
    text = _log(
        b"127.0.0.11 api.openai.com. A IN",
        b"api.openai.com. redirect 127.0.0.11@53550 api.openai.com. A IN",
        b"127.0.0.11 api.openai.com. A IN NOERROR 0.000000 1 59",
        b"127.0.0.12 chatgpt.com. A IN",
        b"chatgpt.com. redirect 127.0.0.12@49416 chatgpt.com. A IN",
        b"127.0.0.12 chatgpt.com. A IN NOERROR 0.000000 1 56",
        b"127.0.0.11 api.openai.com. AAAA IN",
        b"api.openai.com. redirect 127.0.0.11@53551 api.openai.com. AAAA IN",
        b"127.0.0.11 api.openai.com. AAAA IN NXDOMAIN 0.000000 1 59",
        b"127.0.0.13 claude.ai. HTTPS IN",
        b"claude.ai. redirect 127.0.0.13@53552 claude.ai. HTTPS IN",
        b"127.0.0.13 claude.ai. HTTPS IN SERVFAIL 0.000000 1 59",
    )
    reading = read(FORMAT, text)
    assert reading.observations == [
        _seen(action=Action.ALLOWED),
        _seen(value="chatgpt.com", client="127.0.0.12", line=4, action=Action.ALLOWED),
        _seen(qtype="AAAA", line=7, action=Action.NXDOMAIN),
        _seen(value="claude.ai", client="127.0.0.13", qtype="HTTPS", line=10, action=Action.ERROR),
    ]
    assert reading.account == (
        4,
        {"local action on a query above": 4, "reply to a query above": 4},
        0,
    )


def test_log_tag_queryreply_names_the_lines() -> None:
    text = (
        b"[1795226310] unbound[7837:0] query: 127.0.0.11 api.openai.com. A IN\n"
        b"[1795226310] unbound[7837:0] reply: 127.0.0.11 api.openai.com. A IN NOERROR 0.000000 1 59\n"
    )
    reading = read(FORMAT, text)
    assert reading.observations == [_seen(action=Action.ALLOWED)]
    assert reading.account == (1, {"reply to a query above": 1}, 0)


def test_a_log_of_replies_alone_is_counted_by_its_replies() -> None:
    text = _log(
        b"127.0.0.11 api.openai.com. A IN NOERROR 0.000000 1 59",
        b"127.0.0.11 api.openai.com. A IN REFUSED 0.000000 1 59",
    )
    reading = read(FORMAT, text)
    assert reading.observations == [
        _seen(action=Action.ALLOWED),
        _seen(action=Action.BLOCKED, line=2),
    ]
    assert reading.account == (2, {}, 0)


def test_a_reply_far_below_its_query_is_not_its_own() -> None:
    notice = _HEAD + b"generate keytag query _ta-4f66. NULL IN\n"
    reply = _log(b"127.0.0.11 api.openai.com. A IN NOERROR 0.000000 1 59")
    query = _log(b"127.0.0.11 api.openai.com. A IN")
    near = read(FORMAT, query + notice * 1999 + reply)
    assert near.observations == [_seen(action=Action.ALLOWED)]
    far = read(FORMAT, query + notice * 2000 + reply)
    assert sorted(far.observations, key=lambda one: one.line) == [
        _seen(),
        _seen(action=Action.ALLOWED, line=2002),
    ]


def test_two_queries_and_two_replies_are_two_uses() -> None:
    text = _log(
        b"127.0.0.11 api.openai.com. A IN",
        b"127.0.0.11 api.openai.com. A IN",
        b"127.0.0.11 api.openai.com. A IN NOERROR 0.000000 1 59",
        b"127.0.0.11 api.openai.com. A IN NOERROR 0.000000 1 59",
    )
    reading = read(FORMAT, text)
    assert [one.action for one in reading.observations] == [Action.ALLOWED] * 2
    assert reading.account == (2, {"reply to a query above": 2}, 0)


def test_replies_about_unwanted_names_are_not_counted_beside_their_queries() -> None:
    text = _log(
        b"127.0.0.11 www.example.org. A IN",
        b"127.0.0.11 www.example.org. A IN NOERROR 0.000000 1 59",
    )
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert reading.account == (1, {"reply to a query above": 1}, 0)


def test_d5_a_response_policy_blocks_the_query_above() -> None:
    text = _log(
        b"127.0.0.11 api.openai.com. A IN",
        b"rpz: applied [ai.rpz] api.openai.com. rpz-nxdomain 127.0.0.11@53550 api.openai.com. A IN",
        b"127.0.0.11 api.openai.com. A IN NXDOMAIN 0.000000 1 59",
    )
    reading = read(FORMAT, text)
    assert reading.observations == [_seen(action=Action.BLOCKED)]
    assert reading.account == (
        1,
        {"policy rewrite of a query above": 1, "reply to a query above": 1},
        0,
    )


@pytest.mark.parametrize(
    "word", [b"always_nxdomain", b"refuse", b"static", b"deny", b"always_null"]
)
def test_d5_local_zones_that_block(word: bytes) -> None:
    text = _log(
        b"127.0.0.11 api.openai.com. A IN",
        b"openai.com. " + word + b" 127.0.0.11@53550 api.openai.com. A IN",
        b"127.0.0.11 api.openai.com. A IN NXDOMAIN 0.000000 1 59",
    )
    assert read(FORMAT, text).observations == [_seen(action=Action.BLOCKED)]


def test_a_query_without_an_outcome_is_of_unknown_outcome() -> None:
    assert read(FORMAT, _log(b"127.0.0.11 api.openai.com. A IN")).observations == [_seen()]


def test_ascii_time_has_neither_year_nor_zone() -> None:
    text = b"Nov 21 01:58:30 unbound[7837:0] info: 127.0.0.11 api.openai.com. A IN\n"
    assert read(FORMAT, text).observations == [_seen(time_quality=TimeQuality.ASSUMED_YEAR)]


def test_below_a_syslog_head() -> None:
    text = b"2026-11-21T01:58:30+00:00 gw unbound[7837]: [7837:0] info: 127.0.0.11 api.openai.com. A IN\n"
    assert read(FORMAT, text).observations == [_seen()]


def test_d6_case_is_folded() -> None:
    assert read(FORMAT, _log(b"127.0.0.11 ApI.OpEnAi.CoM. A IN")).observations == [_seen()]


def test_d8_d13_reverse_names_and_search_suffixes_meet_no_signature() -> None:
    text = _log(
        b"127.0.0.11 192.6.18.104.in-addr.arpa. PTR IN",
        b"127.0.0.11 chatgpt.com.corp.example. A IN",
        b"127.0.0.11 api.openai.com. A IN",
    )
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert reading.observations == [_seen(line=3)]
    assert reading.account == (3, {}, 0)


def test_d21_clients_of_ipv6() -> None:
    text = _log(
        b"::1 api.openai.com. A IN",
        b"openai.com. always_nxdomain ::1@49972 api.openai.com. A IN",
    )
    assert read(FORMAT, text).observations == [_seen(client="::1", action=Action.BLOCKED)]


def test_the_daemons_own_words_are_notices() -> None:
    text = (
        b"[1795226297] unbound[10883:0] notice: init module 0: validator\n"
        b"[1795226297] unbound[10883:0] info: start of service (unbound 1.17.1).\n"
        b"[1795226297] unbound[10883:0] warning: too many file descriptors requested\n"
    )
    reading = read(FORMAT, text)
    assert reading.observations == []
    assert reading.account == (0, {"notice": 3}, 0)


def test_f5_a_damaged_line_in_the_middle_is_rejected_alone() -> None:
    query = _log(b"127.0.0.11 api.openai.com. A IN")
    reading = read(FORMAT, query + b"\x00\xff\xfe\n" + query)
    assert [one.line for one in reading.observations] == [1, 3]
    assert reading.account == (2, {}, 1)


def test_a_relay_may_leave_the_daemons_name_out() -> None:
    text = b"[7837:e] info: 127.0.0.11 api.openai.com. A IN\n[7837:e] error: no port\n"
    reading = read(FORMAT, text)
    assert reading.observations == [_seen(ts=None, time_quality=TimeQuality.NONE)]
    assert reading.account == (1, {"notice": 1}, 0)


def test_threads_count_in_hexadecimal_digits() -> None:
    text = b"[1795226310] unbound[7837:1f] query: 127.0.0.11 api.openai.com. A IN\n"
    text += b"[1795226310] unbound[7837]: [7837:1f] query: 127.0.0.12 api.openai.com. A IN\n"
    assert read(FORMAT, text).observations == [_seen(), _seen(client="127.0.0.12", line=2)]


def test_local_actions_alone_are_queries() -> None:
    text = _log(
        b"openai.com. always_nxdomain 127.0.0.11@53550 api.openai.com. A IN",
        b"claude.ai. redirect 127.0.0.12@53551 claude.ai. A IN",
        b"127.0.0.12 claude.ai. A IN NOERROR 0.000000 1 59",
        b"generate keytag query _ta-4f66. NULL IN",
    )
    reading = read(FORMAT, text)
    assert reading.observations == [
        _seen(action=Action.BLOCKED),
        _seen(value="claude.ai", client="127.0.0.12", line=2, action=Action.ALLOWED),
    ]
    assert reading.account == (2, {"reply to a query above": 1, "notice": 1}, 0)


def test_d5_policy_rewrites_alone_are_queries() -> None:
    text = _log(
        b"rpz: applied [ai] api.openai.com. rpz-nxdomain 10.0.0.7@42000 api.openai.com. A IN",
        b"rpz: applied [ai] claude.ai. rpz-passthru 10.0.0.7@42001 claude.ai. A IN",
        b"10.0.0.7 api.openai.com. A IN NOERROR 0.000000 1 59",
    )
    reading = read(FORMAT, text)
    assert reading.observations == [
        _seen(client="10.0.0.7", action=Action.BLOCKED),
        _seen(client="10.0.0.7", value="claude.ai", line=2),
    ]
    assert reading.account == (2, {"reply to a query above": 1}, 0)


def test_a_local_action_on_another_query_than_those_above_is_one() -> None:
    text = _log(
        b"10.0.0.7 claude.ai. A IN",
        b"transparent 10.0.0.8@53433 api.openai.com. A IN",
        b"api.openai.com. refuse 10.0.0.9@53434 api.openai.com. A IN",
    )
    assert [(one.client, one.action) for one in read(FORMAT, text).observations] == [
        ("10.0.0.9", Action.BLOCKED),
        ("10.0.0.7", Action.UNKNOWN),
        ("10.0.0.8", Action.UNKNOWN),
    ]
