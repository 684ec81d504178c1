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
    assert reading.observations == [_seen(action=Action.BLOCKED)]
    assert reading.account == (1, {"failure of a query": 1}, 0)


def test_d4_a_query_that_no_server_answered_is_an_error() -> None:
    text = _FULL + (
        b"21-Nov-2026 01:58:26.853 query-errors: info: client @0x7f7135329098 127.0.0.11#57789 "
        b"(api.openai.com): query failed (SERVFAIL) for api.openai.com/IN/A at query.c:5708\n"
    )
    assert read(FORMAT, text).observations == [_seen(action=Action.ERROR)]


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


def test_d5_a_second_rewrite_of_the_query_is_no_second_query() -> None:
    rewrite = (
        b"21-Nov-2026 01:58:26.854 rpz: info: client @0x7f7135329098 127.0.0.11#57789 "
        b"(api.openai.com): rpz QNAME NXDOMAIN rewrite api.openai.com/A/IN via api.openai.com.rpz\n"
    )
    reading = read(FORMAT, _FULL + rewrite * 2)
    assert reading.observations == [_seen(action=Action.BLOCKED)]
    assert reading.account == (1, {"policy rewrite of a query above": 2}, 0)


def test_d5_an_outcome_settles_the_question_of_its_type_alone() -> None:
    """Resolvers ask for A and AAAA from one socket."""
    text = (
        _FULL
        + _FULL.replace(b"IN A ", b"IN AAAA ")
        + b"21-Nov-2026 01:58:26.854 rpz: info: client @0x7f7135329098 127.0.0.11#57789 "
        b"(api.openai.com): rpz QNAME NODATA rewrite api.openai.com/AAAA/IN via api.openai.com.rpz\n"
    )
    assert sorted(read(FORMAT, text).observations, key=lambda one: one.line) == [
        _seen(),
        _seen(qtype="AAAA", line=2, action=Action.BLOCKED),
    ]


_NIOS = b"<30>Nov 21 02:58:27 nios-1.corp.example 10.0.0.1 named[10750]: "


@pytest.mark.parametrize(
    ("response", "action"),
    [
        (b"NOERROR +ED api.openai.com 300 IN A 203.0.113.7;", Action.ALLOWED),
        (b"NOERROR +ED api.openai.com 300 IN A 0.0.0.0;", Action.BLOCKED),
        (b"NOERROR +ED api.openai.com 300 IN AAAA ::;", Action.BLOCKED),
        (b"NXDOMAIN +ED", Action.NXDOMAIN),
        (b"REFUSED -", Action.BLOCKED),
        (b"SERVFAIL +", Action.ERROR),
    ],
)
@pytest.mark.parametrize(
    "client",
    [
        b"client 127.0.0.11#57789: UDP",
        b"client 127.0.0.11#57789 UDP",
        b"client 127.0.0.11#57789: view 12: UDP",
        b"client 127.0.0.11#57789: TCP",
    ],
)
def test_nios_responses_alone_are_counted_at_their_own_time(
    client: bytes, response: bytes, action: Action
) -> None:
    text = (
        _NIOS + b"21-Nov-2026 01:58:26.853 " + client + b": query: api.openai.com IN A response: "
    )
    assert read(FORMAT, text + response + b"\n").observations == [_seen(action=action)]


def test_nios_with_the_category_before_the_time() -> None:
    text = _NIOS + (
        b"infoblox-responses: 21-Nov-2026 01:58:26.853 client 127.0.0.11#57789: UDP: "
        b"query: api.openai.com IN A response: REFUSED -\n"
    )
    assert read(FORMAT, text).observations == [_seen(action=Action.BLOCKED)]


def test_nios_query_and_response_are_one_use() -> None:
    text = (
        _NIOS + b"queries: client @0x7f97e40eb500 127.0.0.11#57789 (Api.OpenAI.com): "
        b"query: Api.OpenAI.com IN A + (10.0.0.1)\n"
        + _NIOS
        + b"21-Nov-2026 02:58:27.043 client 127.0.0.11#57789: UDP: "
        b"query: api.openai.com IN A response: NXDOMAIN +\n"
    )
    reading = read(FORMAT, text)
    assert reading.observations == [
        _seen(
            ts=at("2026-11-21T02:58:27Z"),
            time_quality=TimeQuality.ASSUMED_YEAR,
            action=Action.NXDOMAIN,
        )
    ]
    assert reading.account == (1, {"response of a query above": 1}, 0)


def test_d5_nios_words_its_policy_as_cef() -> None:
    rewrite = _NIOS + (
        b"CEF:0|Infoblox|NIOS|8.6.2-49634-e88e9df276a8|RPZ-QNAME|NXDOMAIN|7|app=DNS dst=10.0.0.1 "
        b"src=127.0.0.11 spt=57789 view=_default qtype=A "
        b'msg="rpz QNAME NXDOMAIN rewrite api.openai.com [A] via api.openai.com.rpz1.example" CAT=RPZ\n'
    )
    alone = _seen(
        ts=at("2026-11-21T02:58:27Z"), time_quality=TimeQuality.ASSUMED_YEAR, action=Action.BLOCKED
    )
    assert read(FORMAT, rewrite).observations == [alone]
    assert read(FORMAT, _FULL + rewrite).observations == [_seen(action=Action.BLOCKED)]


def test_nios_other_lines_are_notices() -> None:
    text = b"".join(
        _NIOS + message + b"\n"
        for message in (
            b"rpz: rpz1.example: reload start",
            b"client @0x7ff4 10.0.0.7#50460 (chatgpt.com): rewriting query name 'chatgpt.com' to 'x', type A",
            b"zone local_7.example/IN: notify from 10.0.0.7#46982: zone is up to date",
            b"responses: client @0x7fb5 10.0.0.7#46982: received notify for zone 'openai.com'",
            b"validating chatgpt.com/DNSKEY: unable to find a DNSKEY",
        )
    )
    reading = read(FORMAT, text)
    assert reading.observations == []
    assert reading.account == (0, {"other category": 5}, 0)


def test_unwanted_names_are_passed_over_and_counted() -> None:
    text = (
        b"client 10.0.0.9#41 (www.example.org): query: www.example.org IN A + (10.0.0.1)\n"
        b"client 10.0.0.9#42 (www.example.org): view x: query: www.example.org IN A + (10.0.0.1)\n"
        b"client 10.0.0.9#43 (version.bind): query: version.bind CH TXT +T (10.0.0.1)\n"
        b"client 10.0.0.9#44 (chatgpt.com): view x: query: chatgpt.com IN A + (10.0.0.1)\n"
    )
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert [one.line for one in reading.observations] == [4]
    assert reading.account == (4, {}, 0)


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


@pytest.mark.parametrize(
    ("response", "action"),
    [
        (b"response: api.openai.com IN A NOERROR 2 0 1 +E(0)K (10.0.0.1)", Action.ALLOWED),
        (b"response: api.openai.com IN A NXDOMAIN 0 1 1 +E(0)K (10.0.0.1)", Action.NXDOMAIN),
        (b"answer: api.openai.com IN A +EDC (10.0.0.1) -> SERVFAIL", Action.ERROR),
        (b"answer: api.openai.com IN A (10.0.0.1) -> NOERROR 30 A 203.0.113.7", Action.ALLOWED),
        (b"answer: api.openai.com IN A (10.0.0.1) -> NOERROR 30 A 0.0.0.0", Action.BLOCKED),
        (b"response: api.openai.com IN A", Action.UNKNOWN),
    ],
)
def test_a_response_tells_the_outcome_of_its_query_or_stands_for_it(
    response: bytes, action: Action
) -> None:
    answer = _FULL.replace(b"queries", b"responses").partition(b"query: ")[0] + response + b"\n"
    assert read(FORMAT, answer).observations == [_seen(action=action)]
    reading = read(FORMAT, _FULL + answer)
    assert reading.observations == [_seen(action=action)]
    assert reading.account == (1, {"response of a query above": 1}, 0)


def test_responses_about_unwanted_names_are_passed_over() -> None:
    text = b"client 10.0.0.9#4001 (x.example): answer: x.example IN A (10.0.0.1) -> NOERROR\n"
    assert read(FORMAT, text, hosts=a_matcher().host_table()).account == (1, {}, 0)


@pytest.mark.parametrize(
    ("failure", "action"),
    [
        (
            b"query (cache) 'api.openai.com/A/IN' denied (allow-query-cache did not match)",
            Action.BLOCKED,
        ),
        (b"query 'api.openai.com/A/IN' denied", Action.BLOCKED),
        (b"query failed (timed out) for api.openai.com/IN/A at query.c:7841", Action.ERROR),
    ],
)
def test_a_query_that_was_denied_or_timed_out(failure: bytes, action: Action) -> None:
    reading = read(FORMAT, _FULL + _FULL.partition(b"query: ")[0] + failure + b"\n")
    assert reading.observations == [_seen(action=action)]
    assert reading.account == (1, {"failure of a query": 1}, 0)


def test_notices_without_category_and_severity_and_those_of_the_dhcp_server() -> None:
    text = (
        b"client 10.0.0.9#4001 (api.openai.com): query: api.openai.com IN A + (10.0.0.1)\n"
        b"validating api.openai.com/A: no valid signature found\n"
        b"timed out resolving 'api.openai.com/A/IN': 203.0.113.53#53\n"
        b"FORMERR resolving 'api.openai.com/AAAA/IN': 203.0.113.53#53\n"
        b"zone corp.example/IN: sending notifies (serial 7)\n"
        b"DHCPACK on 10.0.0.9 to 02:00:00:00:00:01 via eth1\n"
    )
    account = (1, {"other category": 4, "line of the DHCP server": 1}, 0)
    assert read(FORMAT, text).account == account
