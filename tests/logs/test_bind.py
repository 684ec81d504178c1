"""BIND 9's query log, read."""

from zoneinfo import ZoneInfo

import pytest

from scanner.logs.formats.bind import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import a_matcher, at, read

_FULL = (
    b"21-Nov-2026 01:58:26.853 queries: info: client @0x7f7135329098 127.0.0.11#57789 "
    b"(api.openai.com): query: api.openai.com IN A +E(0)K (127.0.0.1)\n"
)


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.DNS,
        value="api.openai.com",
        ts=at("2026-11-21T01:58:26.853Z"),
        kind=Sighting.DNS_QUERY,
        client="127.0.0.11",
        qtype="A",
        line=1,
        time_quality=TimeQuality.ASSUMED_ZONE,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def test_a_query_with_time_category_and_severity() -> None:
    assert read(FORMAT, _FULL).observations == [_seen()]


def test_the_default_has_no_time_at_all() -> None:
    text = b"client @0x7f71 127.0.0.11#57789 (api.openai.com): query: api.openai.com IN A + (127.0.0.1)\n"
    assert read(FORMAT, text).observations == [_seen(ts=None, time_quality=TimeQuality.NONE)]


def test_local_time_is_read_in_the_zone_given() -> None:
    seen = read(FORMAT, _FULL, zone=ZoneInfo("Europe/Berlin")).observations
    assert seen == [_seen(ts=at("2026-11-21T00:58:26.853Z"), time_quality=TimeQuality.EXACT)]


def test_iso8601_utc_says_its_zone() -> None:
    text = _FULL.replace(b"21-Nov-2026 01:58:26.853", b"2026-11-21T01:58:26.853Z")
    seen = read(FORMAT, text, zone=ZoneInfo("Asia/Tokyo")).observations
    assert seen == [_seen(time_quality=TimeQuality.EXACT)]


def test_iso8601_without_zone_is_local() -> None:
    text = _FULL.replace(b"21-Nov-2026 01:58:26.853", b"2026-11-21T01:58:26.853")
    assert read(FORMAT, text).observations == [_seen()]


def test_below_a_syslog_head_the_daemons_own_time_counts() -> None:
    text = b"<30>Nov 21 01:58:27 ns1 named[123]: " + _FULL
    assert read(FORMAT, text).observations == [_seen()]


def test_d3_escapes_of_master_files() -> None:
    text = (
        rb"client 10.0.0.9#4001 (with\032space.example): query: with\032space.example IN A + (10.0.0.1)"
        b"\n"
        rb"client 10.0.0.9#4002 (\(x\).example): query: \(x\).example IN A + (10.0.0.1)"
        b"\n"
    )
    assert [(one.value, one.client) for one in read(FORMAT, text).observations] == [
        ("with space.example", "10.0.0.9"),
        ("(x).example", "10.0.0.9"),
    ]


def test_d3_view_and_client_subnet_without_a_client_pointer() -> None:
    text = (
        b"21-Nov-2026 01:58:26.853 client 127.0.0.11#57789 (api.openai.com): view internal: "
        b"query: api.openai.com IN HTTPS +E(0)K (127.0.0.1) [ECS 198.51.100.0/24/0]\n"
    )
    assert read(FORMAT, text).observations == [_seen(qtype="HTTPS")]


def test_d4_a_failed_query_is_not_counted_twice() -> None:
    text = _FULL + (
        b"21-Nov-2026 01:58:26.853 query-errors: info: client @0x7f7135329098 127.0.0.11#57789 "
        b"(api.openai.com): query failed (REFUSED) for api.openai.com/IN/A at query.c:5708\n"
    )
    reading = read(FORMAT, text)
    assert reading.observations == [_seen(action=Action.ERROR)]
    assert reading.account == (1, {"failure of a query": 1}, 0)


def test_d4_a_log_of_query_errors_alone_holds_no_queries() -> None:
    text = (
        b"21-Nov-2026 01:58:17.869 query-errors: info: client @0x7f71 127.0.0.1#53449 "
        b"(a.root-servers.net): query failed (REFUSED) for a.root-servers.net/IN/A at query.c:5708\n"
        b"21-Nov-2026 01:58:17.885 zoneload: info: zone huggingface.co/IN: loaded serial 1\n"
    )
    reading = read(FORMAT, text)
    assert reading.observations == []
    assert reading.account == (0, {"failure of a query": 1, "other category": 1}, 0)


def test_d5_a_rewrite_by_policy_blocks_the_query_above() -> None:
    text = _FULL + (
        b"21-Nov-2026 01:58:26.854 rpz: info: client @0x7f7135329098 127.0.0.11#57789 "
        b"(api.openai.com): rpz QNAME NXDOMAIN rewrite api.openai.com/A/IN via api.openai.com.rpz\n"
    )
    reading = read(FORMAT, text)
    assert reading.observations == [_seen(action=Action.BLOCKED)]
    assert reading.account == (1, {"policy rewrite of a query above": 1}, 0)


def test_d5_a_rewrite_without_its_query_is_a_blocked_query() -> None:
    text = (
        b"21-Nov-2026 01:58:26.853 rpz: info: client @0x7f71 127.0.0.11#57789 (api.openai.com): "
        b"rpz QNAME NXDOMAIN rewrite api.openai.com/A/IN via api.openai.com.rpz\n"
    )
    assert read(FORMAT, text).observations == [_seen(action=Action.BLOCKED)]


def test_d5_passthru_lets_the_query_through() -> None:
    text = _FULL + (
        b"21-Nov-2026 01:58:26.854 rpz: info: client @0x7f7135329098 127.0.0.11#57789 "
        b"(api.openai.com): rpz QNAME PASSTHRU rewrite api.openai.com/A/IN via api.openai.com.rpz\n"
    )
    assert read(FORMAT, text).observations == [_seen(action=Action.ALLOWED)]


def test_d6_d7_case_and_trailing_dot_are_folded() -> None:
    text = b"client 10.0.0.9#41 (ApI.OpEnAi.CoM): query: ApI.OpEnAi.CoM. IN A + (10.0.0.1)\n"
    assert [one.value for one in read(FORMAT, text).observations] == ["api.openai.com"]


def test_d8_reverse_names_and_d13_search_suffixes_meet_no_signature() -> None:
    text = (
        b"client 10.0.0.9#41 (192.6.18.104.in-addr.arpa): query: 192.6.18.104.in-addr.arpa IN PTR + (10.0.0.1)\n"
        b"client 10.0.0.9#42 (chatgpt.com.corp.example): query: chatgpt.com.corp.example IN A + (10.0.0.1)\n"
        b"client 10.0.0.9#43 (chatgpt.com): query: chatgpt.com IN A + (10.0.0.1)\n"
    )
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert [one.value for one in reading.observations] == ["chatgpt.com"]
    assert reading.account == (3, {}, 0)


@pytest.mark.parametrize("client", ["::1", "2001:db8::53", "fe80::1%eth0"])
def test_d21_clients_of_ipv6(client: str) -> None:
    text = (
        f"client @0x7f71 {client}#56170 (api.openai.com): query: api.openai.com IN AAAA + (::1)\n"
    )
    assert [(one.client, one.qtype) for one in read(FORMAT, text.encode()).observations] == [
        (client, "AAAA")
    ]


def test_two_questions_from_one_socket_are_two_queries() -> None:
    text = (
        b"client 10.0.0.9#41 (chatgpt.com): query: chatgpt.com IN A + (10.0.0.1)\n"
        b"client 10.0.0.9#41 (chatgpt.com): query: chatgpt.com IN AAAA + (10.0.0.1)\n"
    )
    assert [(one.qtype, one.line) for one in read(FORMAT, text).observations] == [
        ("A", 1),
        ("AAAA", 2),
    ]


def test_the_root_is_a_name_and_nobodys() -> None:
    text = b"client 10.0.0.9#41 (.): query: . IN NS +E(0) (10.0.0.1)\n"
    reading = read(FORMAT, text)
    assert [one.value for one in reading.observations] == ["."]
    assert reading.account == (1, {}, 0)


def test_f5_a_damaged_line_in_the_middle_is_rejected_alone() -> None:
    reading = read(FORMAT, _FULL + b"\xff\xfe garbage query: x\n" + _FULL)
    assert [one.line for one in reading.observations] == [1, 3]
    assert reading.account == (2, {}, 1)
    assert reading.tally.rejects[0].line == 2


def test_f12_a_form_feed_or_line_separator_ends_no_line() -> None:
    text = "client 10.0.0.9#41 (a\u2028b.example): query: a\u2028b.example IN A + (10.0.0.1)\n"
    assert read(FORMAT, text.encode()).account == (1, {}, 0)
