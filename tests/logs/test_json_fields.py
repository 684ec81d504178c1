"""JSON lines, read by the names of their fields."""

import json

import pytest

from scanner.hosts import HostTable
from scanner.logs.formats.json_fields import FORMAT
from scanner.model import Action, Channel, Observation, Sighting
from tests.support import a_matcher, at, read, within

_RECORD = {
    "time": "2026-11-20T08:01:02Z",
    "client_ip": "10.0.0.7",
    "user": "ana",
    "url": "https://api.openai.com/v1/models?key=secret",
    "status": 200,
}


def _log(*records: object) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.PROXY,
        value="api.openai.com",
        ts=at("2026-11-20T08:01:02Z"),
        kind=Sighting.HTTP_URL,
        client="10.0.0.7",
        user="ana",
        action=Action.ALLOWED,
        path="/v1/models",
        line=1,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def test_a_record() -> None:
    reading = read(FORMAT, _log(_RECORD))
    assert reading.observations == [_seen()]
    assert reading.account == (1, {}, 0)


def test_nested_objects_are_read_by_their_path() -> None:
    record = {
        "@timestamp": "2026-11-20T08:01:02Z",
        "source": {"ip": "10.0.0.7", "bytes": 18120},
        "user": {"name": "ana"},
        "dns": {
            "question": {"name": "API.OpenAI.com.", "type": "HTTPS"},
            "response_code": "NOERROR",
        },
    }
    assert read(FORMAT, _log(record)).observations == [
        _seen(
            channel=Channel.DNS, kind=Sighting.DNS_QUERY, qtype="HTTPS", path=None, bytes_up=18120
        )
    ]


def test_records_of_several_shapes_in_one_log() -> None:
    text = _log(
        {"ts": 1795226310.136, "src_ip": "10.0.0.7", "sni": "claude.ai"},
        {"ts": 1795226310.136, "src_ip": "10.0.0.7", "message": "up and running"},
        _RECORD,
    )
    reading = read(FORMAT, text)
    assert reading.observations == [
        _seen(
            channel=Channel.TLS,
            kind=Sighting.TLS_SNI,
            value="claude.ai",
            ts=at("2026-11-21T01:58:30.136Z"),
            user=None,
            path=None,
            action=Action.UNKNOWN,
        ),
        _seen(line=3),
    ]
    assert reading.account == (2, {"record without a host field": 1}, 0)


def test_s10_the_name_in_tls_beats_an_address_in_the_url() -> None:
    record = {**_RECORD, "method": "CONNECT", "url": "127.0.0.1:443", "sni": "chatgpt.com"}
    assert [one.value for one in read(FORMAT, _log(record)).observations] == ["chatgpt.com"]


def test_s11_a_host_in_a_parameter_is_not_the_host() -> None:
    text = _log(
        {**_RECORD, "url": "https://example.org/?u=http://chatgpt.com/"},
        {**_RECORD, "url": "example.org/?u=http://chatgpt.com/"},
    )
    assert read(FORMAT, text).observations == [
        _seen(value="example.org", path="/"),
        _seen(value="example.org", path="/", line=2),
    ]


def test_s13_the_url_beats_the_vendors_host_name() -> None:
    assert read(FORMAT, _log({**_RECORD, "hostname": "proxy.corp.example"})).observations == [
        _seen()
    ]


@pytest.mark.parametrize(
    "value", [1795226310, 1795226310000, 1795226310000000, "1795226310000000000"]
)
def test_s15_seconds_milli_micro_and_nanoseconds(value: object) -> None:
    seen = read(FORMAT, _log({**_RECORD, "time": value})).observations
    assert seen == [_seen(ts=at("2026-11-21T01:58:30Z"))]


def test_s3_s4_status_and_action_words() -> None:
    text = _log(
        {**_RECORD, "status": 407},
        {**_RECORD, "status": 503},
        {**_RECORD, "action": "Blocked"},
        {**_RECORD, "status": "", "disposition": "ALLOWED"},
        {**_RECORD, "status": None},
    )
    assert [one.action for one in read(FORMAT, text).observations] == [
        Action.CHALLENGED,
        Action.ERROR,
        Action.BLOCKED,
        Action.ALLOWED,
        Action.UNKNOWN,
    ]


def test_s23_look_alikes_meet_no_signature() -> None:
    hosts = ("notopenai.com", "openai.com.evil.example", "api-openai.com", "OPENAI.COM.")
    text = _log(*({**_RECORD, "url": f"https://{host}/"} for host in hosts))
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert reading.observations == [_seen(value="openai.com", path="/", line=4)]
    assert reading.account == (4, {}, 0)


def test_s24_names_in_other_letters() -> None:
    text = '{"time":"2026-11-20T08:01:02Z","client_ip":"10.0.0.7","user":"ana","domain":"BÜCHER.example"}\n'
    assert read(FORMAT, text.encode()).observations == [
        _seen(
            channel=Channel.LOG,
            kind=Sighting.NAME,
            value="xn--bcher-kva.example",
            path=None,
            action=Action.UNKNOWN,
        )
    ]


@pytest.mark.parametrize("host", [None, "", "-", 7, [], {}, ["api.openai.com"], True])
def test_a_host_that_is_none_is_counted(host: object) -> None:
    reading = read(FORMAT, _log({"time": "2026-11-20T08:01:02Z", "domain": host}))
    assert reading.observations == []
    assert reading.tally.parsed == 0
    assert reading.tally.ignored.total() == 1


@pytest.mark.parametrize("count", ["²", "9" * 5000, "9" * 30, 10**30, -5, [1], None])
def test_a_count_that_is_none_costs_the_count_alone(count: object) -> None:
    assert read(FORMAT, _log({**_RECORD, "bytes_sent": count})).observations == [_seen()]


@pytest.mark.parametrize(
    "value", [[], {}, True, "9" * 400, "XXXX", -1e300, "0001-01-01T00:00:00+01:00"]
)
def test_f17_a_time_that_is_none_costs_the_time_alone(value: object) -> None:
    with within(2):
        seen = read(FORMAT, _log({**_RECORD, "time": value})).observations
    assert [(one.value, one.ts) for one in seen] == [("api.openai.com", None)]


def test_f4_f5_f12_damaged_lines_are_rejected_alone() -> None:
    text = (
        _log(_RECORD)
        + b'{"time":"2026-11-20T08:01:02Z","url":"https://api.op\n'
        + b"[1]\n\n\xff\xfe{}\n"
        + b"[" * 100_000
        + b"\n"
        + '{"url":"https://a.example/","user_agent":"a\u2028b"}\n'.encode()
    )
    reading = read(FORMAT, text)
    assert [(one.line, one.value) for one in reading.observations] == [
        (1, "api.openai.com"),
        (7, "a.example"),
    ]
    assert reading.account == (2, {"blank line": 1}, 4)


def test_splunks_common_names() -> None:
    web = {
        "_time": "2026-11-20T08:01:02Z",
        "src": "10.0.0.7",
        "user": "ana",
        "dest": "203.0.113.7",
        "url": "https://api.openai.com/v1/models?x=1",
        "http_method": "GET",
        "http_referrer": "https://chatgpt.com/",
        "status": "200",
        "action": "allowed",
        "bytes_in": 5120,
        "bytes_out": 812,
    }
    dns = {
        "_time": "2026-11-20T08:01:02Z",
        "src": "10.0.0.7",
        "dest": "10.0.0.1",
        "query": "api.openai.com",
        "record_type": "A",
        "reply_code": "NXDomain",
        "user": "unknown",
    }
    assert read(FORMAT, _log(web, dns)).observations == [
        _seen(bytes_up=812, bytes_down=5120, method="GET"),
        _seen(
            channel=Channel.DNS,
            kind=Sighting.DNS_QUERY,
            user=None,
            action=Action.NXDOMAIN,
            path=None,
            qtype="A",
            line=2,
        ),
    ]


def test_an_unwanted_name_beside_the_url_of_a_model_api_is_no_end() -> None:
    api = HostTable(lambda _: False, is_api_url=lambda url: b"/v1/chat/completions" in url)
    record = {**_RECORD, "method": "POST", "url": "https://llm.example/v1/chat/completions"}
    for extra in ({}, {"sni": "llm.example"}):
        seen = read(FORMAT, _log({**record, **extra}), hosts=api).observations
        assert [one.value for one in seen] == ["llm.example"]


def test_s20_the_log_of_a_web_server_is_no_browsing() -> None:
    text = _log(
        {
            "time": "2026-11-20T08:01:02Z",
            "remote_addr": "10.0.0.7",
            "host": "api.openai.com",
            "request": "GET /v1/models HTTP/1.1",
            "status": "200",
            "ssl_server_name": "api.openai.com",
        }
    )
    assert read(FORMAT, text).account == (0, {"record of a web server, not of a proxy": 1}, 0)


def test_s5_s8_what_squid_writes_of_no_request_and_of_a_tunnel_that_it_peeks_into() -> None:
    text = _log(
        {"ts": "2026-11-20T08:01:02Z", "client": "10.0.0.7", "method": "GARBAGE",
         "url": "error:invalid-request", "sni": "-", "status": 400, "result": "NONE_NONE"},
        {"ts": "2026-11-20T08:01:02Z", "client": "10.0.0.7", "method": "CONNECT",
         "url": "claude.ai:443", "sni": "-", "status": 200, "result": "NONE_NONE", "sc_bytes": 0},
        {"ts": "2026-11-20T08:01:02Z", "client": "10.0.0.7", "method": "CONNECT",
         "url": "claude.ai:443", "sni": "-", "status": 407, "result": "TCP_DENIED", "sc_bytes": 9},
    )  # fmt: skip
    assert [(one.value, one.action) for one in read(FORMAT, text).observations] == [
        ("claude.ai", Action.REPEAT),
        ("claude.ai", Action.CHALLENGED),
    ]


def test_a_record_in_the_envelope_of_a_collector() -> None:
    text = _log(
        {"event": {"vendor": "Menlo Security", "url": "claude.ai:443", "pe_action": "block",
                   "x-client-ip": "10.0.0.7", "userid": "ana", "event_time": "2026-11-20T08:01:02Z"}}
    )  # fmt: skip
    seen = read(FORMAT, text).observations
    assert [(one.value, one.client, one.user, one.action) for one in seen] == [
        ("claude.ai", "10.0.0.7", "ana", Action.BLOCKED)
    ]


def test_a_number_for_a_user_is_no_user() -> None:
    numbers = [
        {**_RECORD, "user_id": one} for one in ("-1", "7f3c2d4e-0000-4000-8000-000000000001")
    ]
    for record in numbers:
        record.pop("user", None)
    assert [one.user for one in read(FORMAT, _log(*numbers)).observations] == [None, None]


def test_a_request_line_to_a_proxy_names_the_site() -> None:
    text = _log(
        {"time": "2026-11-20T08:01:02Z", "remote_addr": "10.0.0.7", "remote_user": "ana",
         "request": "CONNECT api.openai.com:443 HTTP/1.1", "status": "200", "body_bytes_sent": "18"},
        {"time": "2026-11-20T08:01:03Z", "remote_addr": "10.0.0.8",
         "request": "GET http://claude.ai/chat?q=1 HTTP/1.1", "status": "407"},
        {"time": "2026-11-20T08:01:04Z", "remote_addr": "203.0.113.6", "request": "GET /x HTTP/1.1"},
    )  # fmt: skip
    found = read(FORMAT, text)
    assert [(one.value, one.client, one.kind, one.path, one.action) for one in found.observations] == [
        ("api.openai.com", "10.0.0.7", Sighting.HTTP_CONNECT, None, Action.ALLOWED),
        ("claude.ai", "10.0.0.8", Sighting.HTTP_URL, "/chat", Action.CHALLENGED),
    ]  # fmt: skip
    assert found.account == (2, {"record of a web server, not of a proxy": 1}, 0)


@pytest.mark.parametrize(
    ("ports", "client"),
    [((53, 51000), "10.0.0.7"), ((51000, 53), "10.0.0.1"), ((53, 53), "10.0.0.1")],
)
def test_an_answer_is_about_the_other_side(ports: tuple[int, int], client: str) -> None:
    record = {
        "time": "2026-11-20T08:01:02Z",
        "query": "claude.ai",
        "src_ip": "10.0.0.1",
        "src_port": ports[0],
        "dest_ip": "10.0.0.7",
        "dest_port": ports[1],
    }
    assert [one.client for one in read(FORMAT, _log(record)).observations] == [client]


def test_the_names_of_nginx() -> None:
    record = {
        "time_local": "20/Nov/2026:08:01:02 +0000",
        "remote_addr": "10.0.0.7",
        "remote_user": "ana",
        "request": "CONNECT claude.ai:443 HTTP/1.1",
        "bytes_sent": 6000,
        "body_bytes_sent": 5120,
        "request_length": 812,
    }
    (seen,) = read(FORMAT, _log(record)).observations
    assert (seen.ts, seen.user) == (at("2026-11-20T08:01:02Z"), "ana")
    assert (seen.bytes_up, seen.bytes_down) == (812, 5120)
