"""Suricata's eve.json, read."""

import json
from typing import Any

import pytest

from scanner.hosts import HostTable
from scanner.logs import Batch, Tally
from scanner.logs.formats.suricata import FORMAT
from scanner.model import Action, Channel, Level, Observation, Sighting
from tests.support import Reading, at, clock, read

_HEAD: dict[str, Any] = {
    "timestamp": "2026-11-20T09:01:02.250000+0100",
    "flow_id": 1303642123387833,
    "in_iface": "eth0",
    "event_type": "tls",
    "src_ip": "10.0.0.7",
    "src_port": 49791,
    "dest_ip": "203.0.113.9",
    "dest_port": 443,
    "proto": "TCP",
}
_UDP = {"event_type": "dns", "dest_ip": "10.0.0.1", "dest_port": 53, "proto": "UDP", "flow_id": 15}
_BACK = {"src_ip": "10.0.0.1", "src_port": 53, "dest_ip": "10.0.0.7", "dest_port": 49791}
_TLS = {"tls": {"sni": "claude.ai", "version": "TLS 1.3", "subject": "CN=api.openai.com"}}
_FLOW = {
    "event_type": "flow",
    "app_proto": "tls",
    "flow": {"pkts_toserver": 24, "bytes_toserver": 18120, "bytes_toclient": 7410, "age": 60},
}


def _log(*records: dict[str, Any]) -> bytes:
    lines = (json.dumps(_HEAD | record, separators=(",", ":")) for record in records)
    return "".join(f"{line}\n" for line in lines).encode()


def _query(name: str = "api.openai.com", number: int = 7, **changed: Any) -> dict[str, Any]:
    dns = {"type": "query", "id": number, "rrname": name, "rrtype": "A", "tx_id": 0, "opcode": 0}
    return _UDP | {"dns": dns} | changed


def _answer(name: str = "api.openai.com", number: int = 7, **changed: Any) -> dict[str, Any]:
    dns = {
        "version": 2,
        "type": "answer",
        "id": number,
        "flags": "8180",
        "qr": True,
        "rrname": name,
        "rrtype": "A",
        "rcode": "NOERROR",
        "answers": [{"rrname": name, "rrtype": "A", "ttl": 60, "rdata": "203.0.113.8"}],
    }
    return _UDP | _BACK | {"dns": dns | changed}


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.TLS,
        value="claude.ai",
        ts=at("2026-11-20T08:01:02.25Z"),
        kind=Sighting.TLS_SNI,
        client="10.0.0.7",
        action=Action.ALLOWED,
        line=1,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def _asked(**changed: object) -> Observation:
    usual: dict[str, object] = {
        "channel": Channel.DNS,
        "value": "api.openai.com",
        "kind": Sighting.DNS_QUERY,
        "qtype": "A",
    }
    return _seen(**(usual | changed))


def _got(**changed: object) -> Observation:
    usual: dict[str, object] = {
        "channel": Channel.HTTP,
        "kind": Sighting.HTTP_URL,
        "value": "api.openai.com",
        "path": "/v1/models",
        "method": "GET",
        "bytes_down": 1155,
    }
    return _seen(**(usual | changed))


def _http(**changed: Any) -> dict[str, Any]:
    http = {
        "hostname": "api.openai.com",
        "url": "/v1/models?key=secret",
        "http_user_agent": "https://chatgpt.com/",
        "http_refer": "https://chatgpt.com/",
        "http_method": "GET",
        "status": 200,
        "length": 1155,
    }
    return {"event_type": "http", "dest_port": 80, "tx_id": 0, "http": http | changed}


def test_a_handshake_and_the_bytes_of_its_flow() -> None:
    reading = read(FORMAT, _log(_TLS, _FLOW))
    assert reading.observations == [_seen(bytes_up=18120, bytes_down=7410)]
    assert reading.observations[0].level is Level.USED
    assert reading.account == (1, {"flow record": 1}, 0)


def test_a_flow_that_does_not_end_in_the_log_leaves_the_bytes_unknown() -> None:
    reading = read(FORMAT, _log(_TLS, _FLOW | {"flow_id": 5}))
    assert reading.observations == [_seen()]


def test_a_flow_that_ends_too_far_below_is_not_waited_for() -> None:
    lines = [_log(_TLS).strip(), _log(_FLOW).strip()]
    tally = Tally(read=2)
    batch = Batch((1, 20_002), lines)
    assert list(FORMAT.read([batch], HostTable.of_every_host(), tally, clock())) == [_seen()]


def test_netflow_tells_one_way_at_a_time() -> None:
    up = {"event_type": "netflow", "netflow": {"pkts": 24, "bytes": 18120}}
    down = up | {"src_ip": "203.0.113.9", "dest_ip": "10.0.0.7", "netflow": {"bytes": 7410}}
    assert read(FORMAT, _log(_TLS, up, down)).observations == [
        _seen(bytes_up=18120, bytes_down=7410)
    ]


def test_quic() -> None:
    quic = {"event_type": "quic", "proto": "UDP", "quic": {"version": "1", "sni": "claude.ai"}}
    assert read(FORMAT, _log(quic)).observations == [_seen(kind=Sighting.QUIC_SNI)]


def test_a_handshake_that_no_server_answered() -> None:
    tls = {"tls": {"sni": "claude.ai", "version": "UNDETERMINED", "ja3s": {}}}
    assert read(FORMAT, _log(tls)).observations == [_seen(action=Action.UNKNOWN)]


def test_e1_a_question_and_its_answer_are_one_use() -> None:
    reading = read(FORMAT, _log(_query(), _answer()))
    assert reading.observations == [_asked()]
    assert reading.account == (1, {"answer": 1}, 0)


def test_e1_answers_alone_are_counted_once() -> None:
    reading = read(FORMAT, _log(_answer(), _answer()))
    assert reading.observations == [_asked()]
    assert reading.account == (1, {"answer": 1}, 0)


def test_e1_an_unwanted_answer_is_an_answer() -> None:
    table = HostTable("claude.ai".__eq__)
    reading = read(FORMAT, _log(_query(), _answer()), hosts=table)
    assert (reading.observations, reading.account) == ([], (1, {"answer": 1}, 0))


@pytest.mark.parametrize(
    ("answer", "action"),
    [
        ({"rcode": "NXDOMAIN", "answers": []}, Action.NXDOMAIN),
        ({"rcode": "REFUSED", "answers": []}, Action.BLOCKED),
        ({"rcode": "SERVFAIL", "answers": []}, Action.ERROR),
        ({"answers": [{"rrtype": "A", "rdata": "0.0.0.0"}]}, Action.BLOCKED),
        ({"answers": None, "grouped": {"AAAA": ["::"]}}, Action.BLOCKED),
        ({"answers": None, "grouped": {"A": "203.0.113.8", "AAAA": 7}}, Action.ALLOWED),
        ({"answers": None, "rdata": "203.0.113.8", "ttl": 299}, Action.ALLOWED),  # version 1
        ({"rcode": None, "answers": None}, Action.UNKNOWN),
    ],
)
def test_the_answer_tells_what_became_of_a_question(answer: dict[str, Any], action: Action) -> None:
    reading = read(FORMAT, _log(_query(), _answer(**answer)))
    assert reading.observations == [_asked(action=action)]


def test_e2_version_3_asks_several_names_in_a_record() -> None:
    asked = [
        {"rrname": "api.openai.com", "rrtype": "A"},
        {"rrname": "claude.ai", "rrtype": "HTTPS"},
    ]
    dns = {"version": 3, "type": "request", "id": 7, "rcode": "NOERROR", "queries": asked}
    back = {"version": 3, "type": "response", "id": 7, "rcode": "NXDOMAIN", "queries": asked}
    reading = read(FORMAT, _log(_UDP | {"dns": dns}, _UDP | _BACK | {"dns": back}))
    assert reading.observations == [
        _asked(action=Action.NXDOMAIN),
        _asked(value="claude.ai", qtype="HTTPS", action=Action.NXDOMAIN),
    ]


def test_e2_a_question_has_no_outcome_of_its_own() -> None:
    dns = {"version": 3, "type": "request", "id": 7, "rcode": "NOERROR"}
    asked = dns | {"queries": [{"rrname": "api.openai.com", "rrtype": "A"}]}
    assert read(FORMAT, _log(_UDP | {"dns": asked})).observations == [_asked(action=Action.UNKNOWN)]


def test_e3_the_client_is_the_side_that_is_not_the_service() -> None:
    seen = read(FORMAT, _log(_answer(), _answer("claude.ai") | {"dest_ip": "2001:db8::7"}))
    assert [one.client for one in seen.observations] == ["10.0.0.7", "2001:db8::7"]


def test_e3_an_answer_that_is_written_from_the_client() -> None:
    forward = {name: _HEAD[name] for name in ("src_ip", "src_port")}
    answer = _answer() | forward | {"dest_ip": "10.0.0.1", "dest_port": 53}
    assert [one.client for one in read(FORMAT, _log(answer)).observations] == ["10.0.0.7"]


@pytest.mark.parametrize(("direction", "client"), [("to_server", "a"), ("to_client", "b")])
def test_e3_the_direction_beats_the_ports(direction: str, client: str) -> None:
    record = _TLS | {"src_ip": "a", "dest_ip": "b", "direction": direction, "dest_port": 8443}
    assert [one.client for one in read(FORMAT, _log(record)).observations] == [client]


def test_e4_the_host_name_of_a_forwarder_is_not_the_site() -> None:
    forwarded = {"hostname": "sensor.corp.example", "host": "chatgpt.com", "agent": {"name": "a"}}
    assert read(FORMAT, _log(forwarded | _TLS)).observations == [_seen()]


def test_e5_other_records_are_ignored_and_counted() -> None:
    text = _log(
        {"event_type": "stats", "flow_id": None, "stats": {"uptime": 5400}},
        {"event_type": "anomaly", "anomaly": {"type": "decode"}},
        {"event_type": "fileinfo", "http": {"hostname": "chatgpt.com"}, "fileinfo": {}},
        {"event_type": "new-protocol", "new-protocol": {}},
        {"event_type": "tls", "tls": {"subject": "CN=chatgpt.com"}},
        {"event_type": "alert", "alert": {"action": "allowed"}},
        _FLOW,
    )
    reading = read(FORMAT, text)
    assert reading.observations == []
    assert reading.account == (
        0,
        {
            "stats record": 1,
            "anomaly record": 1,
            "fileinfo record": 1,
            "record of another type": 1,
            "tls without a host": 1,
            "alert without a host": 1,
            "flow record": 1,
        },
        0,
    )


@pytest.mark.parametrize(
    "dns",
    [
        {"query": [{"type": "query", "id": 7, "rrname": "api.openai.com", "rrtype": "A"}]},
        {"type": "request", "id": 7, "queries": [{"rrname": "api.openai.com", "rrtype": "A"}]},
    ],
)
def test_e6_an_alert_names_the_question(dns: dict[str, Any]) -> None:
    alert = _UDP | {"event_type": "alert", "alert": {"action": "allowed"}, "dns": dns}
    assert read(FORMAT, _log(alert)).observations == [_asked(action=Action.UNKNOWN)]
    both = read(FORMAT, _log(_query(), alert, _answer()))
    assert both.observations == [_asked()]
    assert both.account == (1, {"repeat of a record above": 1, "answer": 1}, 0)


def test_e6_an_alert_on_an_answer() -> None:
    answer = {"type": "answer", "id": 7, "rrname": "api.openai.com", "rrtype": "A"}
    alert = {"event_type": "alert", "alert": {}, "dns": {"answer": answer | {"rcode": "NXDOMAIN"}}}
    assert read(FORMAT, _log(_UDP | _BACK | alert)).observations == [_asked(action=Action.NXDOMAIN)]


@pytest.mark.parametrize("alert_is_first", [True, False])
def test_an_alert_and_its_handshake_are_one_use(alert_is_first: bool) -> None:
    alert = _TLS | {"event_type": "alert", "alert": {"action": "allowed"}, "tx_id": 0}
    pair: list[dict[str, Any]] = [alert, _TLS] if alert_is_first else [_TLS, alert]
    reading = read(FORMAT, _log(*pair, alert, _FLOW))
    assert reading.observations == [_seen(bytes_up=18120, bytes_down=7410)]
    assert reading.tally.parsed == 1


@pytest.mark.parametrize(
    "verdict", [{"alert": {"action": "blocked"}}, {"alert": {}, "verdict": {"action": "drop"}}]
)
@pytest.mark.parametrize("alert_is_first", [True, False])
def test_an_alert_that_blocks_makes_it_an_attempt(
    verdict: dict[str, Any], alert_is_first: bool
) -> None:
    alert = _TLS | {"event_type": "alert"} | verdict
    pair: list[dict[str, Any]] = [alert, _TLS] if alert_is_first else [_TLS, alert]
    assert read(FORMAT, _log(*pair)).observations == [_seen(action=Action.BLOCKED)]


def test_an_alert_from_the_servers_side() -> None:
    back = {"src_ip": "203.0.113.9", "src_port": 80, "dest_ip": "10.0.0.7", "dest_port": 47592}
    alert = _http() | back | {"event_type": "alert", "alert": {"action": "allowed"}}
    assert read(FORMAT, _log(alert)).observations == [_got()]


def test_a_request_has_a_path_and_never_a_query() -> None:
    assert read(FORMAT, _log(_http())).observations == [_got()]


def test_of_several_requests_of_a_flow_the_first_carries_its_bytes() -> None:
    reading = read(FORMAT, _log(_http(), _http(url="/v1/responses"), _FLOW))
    assert reading.observations == [
        _got(bytes_up=18120, bytes_down=7410),
        _got(path="/v1/responses", line=2),
    ]


def test_e7_a_request_to_a_proxy_names_the_site_in_its_url() -> None:
    url = "http://api.openai.com/v1/models"
    seen = read(FORMAT, _log(_http(hostname="proxy.corp.example", url=url), _FLOW)).observations
    assert seen == [_got(channel=Channel.PROXY)]


def test_e7_a_tunnel_through_a_proxy_and_its_bytes() -> None:
    tunnel = _http(http_method="CONNECT", url="api.openai.com:443", length=0)
    assert read(FORMAT, _log(tunnel, _FLOW)).observations == [
        _got(
            channel=Channel.PROXY,
            kind=Sighting.HTTP_CONNECT,
            path=None,
            method=None,
            bytes_up=18120,
            bytes_down=7410,
        )
    ]


def test_s3_a_challenge_and_then_the_tunnel() -> None:
    refused = _http(http_method="CONNECT", url="api.openai.com:443", status=407)
    tunnel = _http(http_method="CONNECT", url="api.openai.com:443")
    seen = read(FORMAT, _log(refused, tunnel, _FLOW)).observations
    assert [(one.action, one.bytes_up) for one in seen] == [
        (Action.CHALLENGED, None),
        (Action.ALLOWED, 18120),
    ]


def test_s11_a_host_in_a_parameter_is_not_the_host() -> None:
    text = _log(_http(hostname="example.org", url="/?u=http://chatgpt.com/"))
    assert [(one.value, one.path) for one in read(FORMAT, text).observations] == [
        ("example.org", "/")
    ]


def test_a_request_to_an_unknown_model_api() -> None:
    table = HostTable("claude.ai".__eq__, is_api_url=lambda url: b"/v1/messages" in url)
    text = _log(
        _http(hostname="llm.corp.example", url="/v1/messages", http_method="POST"),
        _http(hostname="www.corp.example", url="/v1/other", http_method="POST"),
    )
    reading = read(FORMAT, text, hosts=table)
    assert [(one.value, one.line) for one in reading.observations] == [("llm.corp.example", 1)]
    assert reading.account == (2, {}, 0)


def test_records_that_shippers_reordered_and_added_to() -> None:
    record = dict(reversed((_HEAD | _TLS).items())) | {"@timestamp": "2026-11-20T08:01:03Z"}
    text = json.dumps(record).encode() + b"\n"
    assert read(FORMAT, text).observations == [_seen()]


def test_a_record_with_the_shippers_time_alone() -> None:
    record = {key: value for key, value in (_HEAD | _TLS).items() if key != "timestamp"}
    text = json.dumps(record | {"@timestamp": "2026-11-20T08:01:03Z"}).encode() + b"\n"
    assert read(FORMAT, text).observations == [_seen(ts=at("2026-11-20T08:01:03Z"))]


@pytest.mark.parametrize(
    "changed",
    [
        {"src_port": "x", "dest_port": []},
        {"dns": 7, "http": [], "quic": "x"},
        {"flow_id": "1303642123387833"},
        {"flow_id": [1]},
        {"app_proto": {"a": 1}},
    ],
)
def test_a_bad_field_costs_that_field_alone(changed: dict[str, Any]) -> None:
    assert read(FORMAT, _log(_TLS | changed)).observations == [_seen()]


def test_a_bad_address_or_time_costs_that_alone() -> None:
    assert read(FORMAT, _log(_TLS | {"src_ip": 7.5e300, "timestamp": {}})).observations == [
        _seen(client="7.5e+300", ts=None, time_quality=_NO_TIME)
    ]


_NO_TIME = read(FORMAT, _log(_TLS | {"timestamp": ""})).observations[0].time_quality


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b"[]",
        b'{"event_type":"tls","tls":{"sni":"claude.ai"}}',
        b'{"flow_id":7,"tls":{"sni":"claude.ai"}}',
        b'{"event_type":["tls"],"flow_id":7}',
        b'{"event_type":"stats","count":7}',
        b'{"@timestamp":"2026-11-20T08:01:02Z","suricata":{"eve":{"event_type":"flow","flow_id":7}}}',
        b'{"timestamp":"2026-11-20T08:01:02.250000+0000","flow_id":7,"event_type":"tls"',
        b"11/20/2026-08:01:02.250000  [**] [1:2024833:3] ET POLICY [**] {TCP} 10.0.0.7:1 -> 10.0.0.1:2",
    ],
)
def test_what_is_no_eve_record_is_rejected(line: bytes) -> None:
    reading = read(FORMAT, _log(_TLS) + line + b"\n" + _log(_TLS | {"flow_id": 2}))
    assert [one.line for one in reading.observations] == [1, 3]
    assert reading.account == (2, {}, 1)


def test_a_damaged_end_of_a_flow_costs_the_bytes_alone() -> None:
    text = _log(_TLS) + _log(_FLOW).replace(b'"flow":{', b'"flow":[') + _log(_TLS | {"flow_id": 2})
    reading = read(FORMAT, text)
    assert [one.line for one in reading.observations] == [1, 3]
    assert reading.account == (2, {}, 1)


def test_a_log_cut_in_pieces_says_the_same() -> None:
    records: list[dict[str, Any]] = []
    for number in range(400):
        flow = {"flow_id": number // 7, "dest_port": 443}
        records += [
            _TLS | flow,
            _http(url=f"/{number % 3}") | flow,
            _FLOW | {"flow_id": number % 50},
        ]
    lines = _log(*records).splitlines()

    def piece(begin: int, end: int) -> list[Observation]:
        first, last = max(0, begin - 20_000), min(len(lines), end + 20_000)
        batch = Batch(range(first + 1, last + 1), lines[first:last])
        seen = FORMAT.read([batch], HostTable.of_every_host(), Tally(), clock())
        return [one for one in seen if begin < one.line <= end]

    whole = piece(0, len(lines))
    parts = [one for begin in range(0, len(lines), 100) for one in piece(begin, begin + 100)]
    assert len(whole) == 800
    assert sorted(parts, key=_place) == sorted(whole, key=_place)


def _place(one: Observation) -> tuple[int, str]:
    return one.line, one.value


def test_s23_look_alikes_meet_no_signature() -> None:
    table = HostTable(lambda host: host == "claude.ai", ["claude.ai"])
    text = _log(
        *(_TLS | {"tls": {"sni": name}} for name in ("notclaude.ai", "claude.ai.evil.example")),
        _TLS | {"tls": {"sni": "CLAUDE.AI.", "version": "TLS 1.3"}},
    )
    reading: Reading = read(FORMAT, text, hosts=table)
    assert reading.observations == [_seen(line=3)]
    assert reading.account == (3, {}, 0)
