"""Squid's native access log, read."""

import pytest

from scanner.hosts import HostTable
from scanner.logs.formats.squid import FORMAT
from scanner.model import Action, Channel, Level, Observation, Sighting
from tests.support import a_matcher, at, read


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.PROXY,
        value="api.openai.com",
        ts=at("2026-11-21T01:58:30.136Z"),
        kind=Sighting.HTTP_CONNECT,
        client="10.0.0.7",
        action=Action.ALLOWED,
        bytes_down=1832,
        line=1,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def _line(
    method: str = "CONNECT",
    url: str = "api.openai.com:443",
    result: str = "TCP_TUNNEL/200",
    size: int = 1832,
    user: str = "-",
    rest: str = "HIER_DIRECT/203.0.113.7 -",
) -> bytes:
    return f"1795226310.136     15 10.0.0.7 {result} {size} {method} {url} {user} {rest}\n".encode()


def test_s1_a_tunnel() -> None:
    text = (
        b"1795226310.136     15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT api.openai.com:443 - "
        b"HIER_DIRECT/203.0.113.7 -\n"
    )
    assert read(FORMAT, text).observations == [_seen()]


def test_a_request_has_a_path_and_never_a_query() -> None:
    text = _line("GET", "http://api.openai.com/v1/models?key=secret", "TCP_MISS/200", 287, "alice")
    assert read(FORMAT, text).observations == [
        _seen(kind=Sighting.HTTP_URL, path="/v1/models", user="alice", bytes_down=287, method="GET")
    ]


def test_s2_addresses_of_ipv6() -> None:
    text = _line(url="[::1]:443") + _line("GET", "http://[::1]/ipv6", "TCP_MISS/200")
    assert read(FORMAT, text).observations == [
        _seen(value="::1"),
        _seen(value="::1", kind=Sighting.HTTP_URL, path="/ipv6", line=2, method="GET"),
    ]


def test_s3_a_challenge_and_then_the_users_tunnel() -> None:
    text = _line(result="TCP_DENIED/407", size=3559, rest="HIER_NONE/- text/html") + _line(
        user="ana"
    )
    assert read(FORMAT, text).observations == [
        _seen(action=Action.CHALLENGED, bytes_down=3559),
        _seen(user="ana", line=2),
    ]


def test_s4_denied_is_an_attempt() -> None:
    text = _line(result="TCP_DENIED/403", size=3494, rest="HIER_NONE/- text/html")
    seen = read(FORMAT, text).observations
    assert seen == [_seen(action=Action.BLOCKED, bytes_down=3494)]
    assert seen[0].level is Level.ATTEMPT


def test_s5_a_peeked_tunnel_is_one_use_and_its_repeat() -> None:
    text = _line(result="NONE_NONE/200", size=0, user="alice", rest="HIER_NONE/- -") + _line(
        user="alice"
    )
    assert read(FORMAT, text).observations == [
        _seen(action=Action.REPEAT, bytes_down=0, user="alice"),
        _seen(user="alice", line=2),
    ]


@pytest.mark.parametrize(
    ("written", "user"),
    [
        ("carol smith@corp.example", "carol smith@corp.example"),
        ("corp\\\\bob", "corp\\bob"),
        ("cn=Ana Bell,ou=R AND D,dc=corp", "cn=Ana Bell,ou=R AND D,dc=corp"),
        ("ANA LEE", "ANA LEE"),
        ("-", None),
    ],
)
def test_s6_users_with_blanks_domains_and_dns(written: str, user: str | None) -> None:
    assert read(FORMAT, _line(user=written)).observations == [_seen(user=user)]


def test_s7_an_agent_with_quotes_in_it() -> None:
    rest = 'HIER_DIRECT/203.0.113.7 text/html "-" "Mozilla/5.0 "quoted" UA"'
    assert read(FORMAT, _line(rest=rest)).observations == [_seen()]


def test_s8_requests_that_were_none_are_ignored_and_counted() -> None:
    text = (
        _line("GARBAGE", "error:invalid-request", "NONE_NONE/400", 3447)
        + _line("-", "error:transaction-end-before-headers", "NONE_NONE/400", 0)
        + _line("GET", "-", "NONE_NONE/400", 0)
    )
    reading = read(FORMAT, text)
    assert reading.observations == []
    assert reading.account == (0, {"request that was no request": 2, "record without a host": 1}, 0)


def test_s11_a_host_in_a_parameter_is_not_the_host() -> None:
    text = _line("GET", "http://example.org/?u=http://chatgpt.com/", "TCP_MISS/200") + _line(
        "GET", "example.org/?u=http://chatgpt.com/", "TCP_MISS/200"
    )
    assert [(one.value, one.path) for one in read(FORMAT, text).observations] == [
        ("example.org", "/"),
        ("example.org", "/"),
    ]


def test_s12_a_url_without_a_scheme() -> None:
    text = _line("GET", "api.openai.com/v1/models", "TCP_MISS/200")
    assert read(FORMAT, text).observations == [
        _seen(kind=Sighting.HTTP_URL, path="/v1/models", method="GET")
    ]


def test_s22_a_user_in_the_url_is_not_part_of_the_host() -> None:
    text = _line("GET", "ftp://ana:pw@api.openai.com:2121/x", "TCP_MISS/200")
    assert read(FORMAT, text).observations == [
        _seen(kind=Sighting.HTTP_URL, path="/x", method="GET")
    ]


def test_s23_look_alikes_meet_no_signature() -> None:
    names = ("notopenai.com", "openai.com.evil.example", "api-openai.com", "OPENAI.COM.")
    text = b"".join(_line(url=f"{name}:443") for name in names)
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert reading.observations == [_seen(value="openai.com", line=4)]
    assert reading.account == (4, {}, 0)


@pytest.mark.parametrize("host", ["b%C3%BCcher.example", "bücher.example", "BÜCHER.example"])
def test_s24_names_in_other_letters(host: str) -> None:
    text = _line(url=f"{host}:443")
    assert read(FORMAT, text).observations == [_seen(value="xn--bcher-kva.example")]


@pytest.mark.parametrize(
    ("result", "size", "action"),
    [
        ("TCP_TUNNEL/200", 39, Action.ALLOWED),
        ("TCP_MISS_ABORTED/000", 0, Action.ERROR),
        ("NONE_NONE/500", 0, Action.ERROR),
        ("NONE_NONE/503", 0, Action.ERROR),
        ("TAG_NONE/200", 0, Action.REPEAT),
        ("TCP_DENIED_REPLY/403", 3000, Action.BLOCKED),
    ],
)
def test_what_became_of_a_tunnel(result: str, size: int, action: Action) -> None:
    text = _line(result=result, size=size)
    assert read(FORMAT, text).observations == [_seen(action=action, bytes_down=size)]


@pytest.mark.parametrize(
    "line",
    [
        b"1795226310.136 15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT\n",
        b"yesterday 15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT api.openai.com:443 - HIER_NONE/- -\n",
        b"1795226310.136 15 10.0.0.7 TCP_TUNNEL 1832 CONNECT api.openai.com:443 - HIER_NONE/- -\n",
        b"1795226310.136 15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT api.openai.com:443 -\n",
        b"1795226310.136 15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT api.openai.com:443 - HIER\n",
    ],
)
def test_f4_f5_damaged_lines_are_rejected(line: bytes) -> None:
    reading = read(FORMAT, _line() + line + _line())
    assert [one.line for one in reading.observations] == [1, 3]
    assert reading.account == (2, {}, 1)


def test_a_size_of_thousands_of_digits_is_damage() -> None:
    text = _line() + _line().replace(b"1832", b"9" * 5000) + _line()
    reading = read(FORMAT, text)
    assert [one.line for one in reading.observations if one.bytes_down == 1832] == [1, 3]
    assert reading.tally.parsed + reading.tally.rejected == 3


def test_lines_need_not_be_in_the_order_of_time() -> None:
    text = _line() + _line().replace(b"1795226310.136", b"1795226300.136")
    assert [one.ts for one in read(FORMAT, text).observations] == [
        at("2026-11-21T01:58:30.136Z"),
        at("2026-11-21T01:58:20.136Z"),
    ]


@pytest.mark.parametrize(
    ("unwanted", "wanted", "host"),
    [
        (
            "http://claude.example/a",
            "http://claude.example.openai.com",
            "claude.example.openai.com",
        ),
        ("http://a/x", "http://openai.com/x", "openai.com"),
        ("abcdefgh://a.example/x", "abcdefgh://openai.com/x", "openai.com"),
        ("http://a.example?x=/y", "http://openai.com?x=/y", "openai.com"),
        ("https:///x/y", "https://openai.com/x/y", "openai.com"),
        ("a.example/longer/path", "openai.com/longer/path", "openai.com"),
        ("http://openai.co/x", "http://openai.com", "openai.com"),
    ],
)
def test_a_site_that_was_passed_by_hides_no_other(unwanted: str, wanted: str, host: str) -> None:
    text = _line("GET", unwanted) * 3 + _line("GET", wanted) + _line("GET", unwanted)
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert [(one.value, one.line) for one in reading.observations] == [(host, 4)]
    assert reading.tally.parsed + reading.tally.ignored.total() == 5


def test_a_site_that_was_passed_by_is_still_seen_by_its_api() -> None:
    hosts = HostTable(lambda _: False, is_api_url=lambda url: b"/v1/chat/completions" in url)
    url = "http://llm.corp.example/v1/chat/completions"
    text = _line("GET", url) * 2 + _line("POST", url) + _line("ICP_QUERY", url)
    reading = read(FORMAT, text, hosts=hosts)
    assert [(one.value, one.line) for one in reading.observations] == [("llm.corp.example", 3)]
    assert reading.account == (3, {"question of another cache": 1}, 0)


def test_records_of_sites_passed_by_are_counted_as_ever() -> None:
    hosts = HostTable(lambda _: False)
    damaged = _line("GET", "http://a.example/", "TCP_MISS").replace(b" 1832 ", b" - ")
    text = _line("GET", "http://a.example/") * 2 + damaged + _line(result="") + _line() * 2
    assert read(FORMAT, text, hosts=hosts).account == (4, {}, 2)


def _extensive(request: str, end: str) -> bytes:
    head = "1795226310.136    104 10.0.0.7 58938 TCP_TUNNEL/200 28854 2051 39 120 -"
    return f'{head} {request} 1.1 ana HIER_DIRECT/203.0.113.7 443 - - - "-" "curl/8" "x" "-"{end}\n'.encode()


@pytest.mark.parametrize(
    ("request_line", "end"),
    [
        ("CONNECT api.openai.com:443", " 37 -"),
        ("CONNECT 203.0.113.7:443", ' "api.openai.com" 42 -'),
    ],
)
def test_columns_with_ports_and_more_sizes(request_line: str, end: str) -> None:
    assert read(FORMAT, _extensive(request_line, end)).observations == [
        Observation(
            channel=Channel.PROXY,
            value="api.openai.com",
            ts=at("2026-11-21T01:58:30.136Z"),
            kind=Sighting.HTTP_CONNECT,
            client="10.0.0.7",
            user="ana",
            action=Action.ALLOWED,
            bytes_up=2051,
            bytes_down=28854,
            line=1,
        )
    ]


def test_s8_a_word_for_a_url_is_no_host() -> None:
    text = _line("GET", "ana", "TCP_DENIED/400")
    assert read(FORMAT, text).account == (0, {"request that was no request": 1}, 0)


@pytest.mark.parametrize(
    "ended", ["21/Nov/2026:01:58:30 +0000", "[21/Nov/2026:01:58:30 +0000]", "2026-11-21 01:58:30Z"]
)
def test_a_time_that_somebody_wrote_as_a_date(ended: str) -> None:
    text = _line(user="ana").replace(b"1795226310.136", ended.encode())
    seen = _seen(user="ana", ts=at("2026-11-21T01:58:30Z"))
    assert read(FORMAT, text).observations == [seen]


def test_the_name_behind_the_content_type_of_a_tunnel_to_an_address() -> None:
    tail = "ORIGINAL_DST/203.0.113.7 -"
    text = b"".join(
        _line(url=f"203.0.113.7:{port}", rest=rest)
        for port, rest in (
            (443, f"{tail} api.openai.com splice"),
            (8443, f'{tail} "api.openai.com"'),
            (443, f'{tail} - "Node.js"'),
        )
    )
    seen = [one.value for one in read(FORMAT, text).observations]
    assert seen == ["api.openai.com", "api.openai.com", "203.0.113.7"]


def test_a_client_with_its_port_and_a_user_in_percent_signs() -> None:
    text = _line(user="CORP%5cana%20bell").replace(b"10.0.0.7", b"10.0.0.7:51234")
    assert read(FORMAT, text).observations == [_seen(user="CORP\\ana bell")]


def test_a_tunnel_that_ended_in_an_error_page() -> None:
    text = _line(result="TCP_MISS/503", size=4000) + _line(result="TCP_TUNNEL/503", size=4000)
    assert [one.action for one in read(FORMAT, text).observations] == [
        Action.ERROR,
        Action.ALLOWED,
    ]
