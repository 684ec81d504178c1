"""Zeek's logs as JSON lines, read."""

import json

import pytest

from scanner.hosts import HostTable
from scanner.logs.formats import zeek_tsv
from scanner.logs.formats.zeek_json import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import a_matcher, at, read

_DNS = {
    "ts": 1795226310.136,
    "uid": "C1",
    "id.orig_h": "10.0.0.7",
    "query": "api.openai.com",
    "qtype_name": "A",
    "rcode_name": "NOERROR",
    "answers": ["203.0.113.7"],
    "rejected": False,
}


def _log(*records: dict[str, object]) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.DNS,
        value="api.openai.com",
        ts=at("2026-11-21T01:58:30.136Z"),
        kind=Sighting.DNS_QUERY,
        client="10.0.0.7",
        action=Action.ALLOWED,
        qtype="A",
        line=1,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def test_a_query() -> None:
    text = (
        b'{"ts":1795226310.136,"uid":"C1","id.orig_h":"10.0.0.7","id.orig_p":51234,'
        b'"query":"api.openai.com","qtype_name":"A","rcode_name":"NOERROR"}\n'
    )
    reading = read(FORMAT, text)
    assert reading.observations == [_seen()]
    assert reading.account == (1, {}, 0)


def test_z3_z8_records_without_a_host_are_counted_by_their_log() -> None:
    text = _log(
        {**_DNS, "_path": "dns", "query": None},
        {**_DNS, "_path": "dns", "query": "-"},
        {"_path": "ssl", "ts": 1795226310.136, "uid": "C1", "id.orig_h": "10.0.0.7", "cipher": "x"},
        {"_path": "conn", "ts": 1795226310.136, "uid": "C1", "id.orig_h": "10.0.0.7"},
    )
    reading = read(FORMAT, text)
    assert reading.observations == []
    assert reading.account == (
        0,
        {
            "dns record without a host": 2,
            "ssl record without a host": 1,
            "conn record without a host": 1,
        },
        0,
    )


def test_z5_the_same_capture_as_tsv_gives_the_same_observations() -> None:
    tsv = (
        b"#path\tdns\n"
        b"#fields\tts\tuid\tid.orig_h\tquery\tqtype_name\trcode_name\tanswers\trejected\n"
        b"1795226310.136000\tC1\t10.0.0.7\tapi.openai.com\tA\tNOERROR\t203.0.113.7\tF\n"
        b"1795226311.250000\tC2\t10.0.0.8\tchatgpt.com\tAAAA\tNOERROR\t::\tF\n"
    )
    as_json = _log(
        _DNS,
        {
            **_DNS,
            "ts": 1795226311.25,
            "id.orig_h": "10.0.0.8",
            "query": "chatgpt.com",
            "qtype_name": "AAAA",
            "answers": ["::"],
        },
    )
    from_tsv = [one._replace(line=0) for one in read(zeek_tsv.FORMAT, tsv).observations]
    from_json = [one._replace(line=0) for one in read(FORMAT, as_json).observations]
    assert from_json == from_tsv
    assert [one.action for one in from_json] == [Action.ALLOWED, Action.BLOCKED]


@pytest.mark.parametrize(
    ("written", "when", "quality"),
    [
        (1795226310, "2026-11-21T01:58:30Z", TimeQuality.EXACT),
        ("1795226310.136", "2026-11-21T01:58:30.136Z", TimeQuality.EXACT),
        ("2026-11-21T01:58:30.136000Z", "2026-11-21T01:58:30.136Z", TimeQuality.EXACT),
        ("XXXX", None, TimeQuality.NONE),
    ],
)
def test_z6_times(written: object, when: str | None, quality: TimeQuality) -> None:
    assert read(FORMAT, _log({**_DNS, "ts": written})).observations == [
        _seen(ts=at(when) if when else None, time_quality=quality)
    ]


@pytest.mark.parametrize(
    "connection",
    [
        {"id.orig_h": "10.0.0.7"},
        {"id_orig_h": "10.0.0.7", "@stream": "dns"},
        {"id": {"orig_h": "10.0.0.7", "orig_p": 51234}},
        {"src": "10.0.0.7"},
    ],
)
def test_z7_flat_underscored_nested_and_renamed_ids(connection: dict[str, object]) -> None:
    record = {name: value for name, value in _DNS.items() if name != "id.orig_h"}
    assert read(FORMAT, _log({**record, **connection})).observations == [_seen()]


def test_z9_names_of_the_local_network_meet_no_signature() -> None:
    text = _log(
        {**_DNS, "query": "*"},
        {**_DNS, "query": "nougat [28:d2:44]._workstation._tcp.local"},
        {**_DNS, "query": "192.6.18.104.in-addr.arpa"},
        {**_DNS, "query": "chatgpt.com.corp.example", "rcode_name": "NXDOMAIN"},
        _DNS,
    )
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert reading.observations == [_seen(line=5)]
    assert reading.account == (5, {}, 0)


def test_z10_d7_case_and_trailing_dot_are_folded() -> None:
    record = {**_DNS, "query": "ApI.OpEnAi.CoM.", "original_query": "ApI.OpEnAi.CoM"}
    assert read(FORMAT, _log(record)).observations == [_seen()]


def test_tls_quic_and_http() -> None:
    connection = {"ts": 1795226310.136, "uid": "C1", "id.orig_h": "10.0.0.7"}
    text = _log(
        {**connection, "_path": "ssl", "server_name": "claude.ai", "established": True},
        {**connection, "_path": "ssl", "server_name": "claude.ai", "established": False},
        {**connection, "_path": "quic", "server_name": "chatgpt.com"},
        {
            **connection,
            "_path": "http",
            "method": "POST",
            "host": "api.openai.com",
            "uri": "/v1/models?key=secret",
            "status_code": 200,
            "username": "ana",
            "request_body_len": 812,
            "response_body_len": 5120,
        },
    )
    assert read(FORMAT, text).observations == [
        _seen(channel=Channel.TLS, value="claude.ai", kind=Sighting.TLS_SNI, qtype=None),
        _seen(
            channel=Channel.TLS,
            value="claude.ai",
            kind=Sighting.TLS_SNI,
            qtype=None,
            action=Action.ERROR,
            line=2,
        ),
        _seen(channel=Channel.TLS, value="chatgpt.com", kind=Sighting.QUIC_SNI, qtype=None, line=3),
        _seen(
            channel=Channel.HTTP,
            kind=Sighting.HTTP_URL,
            qtype=None,
            line=4,
            user="ana",
            path="/v1/models",
            bytes_up=812,
            bytes_down=5120,
            method="POST",
        ),
    ]


def test_s11_a_host_in_a_parameter_is_not_the_host() -> None:
    text = _log(
        {
            "ts": 1795226310.136,
            "uid": "C1",
            "method": "GET",
            "host": "www.example.org",
            "uri": "/?u=http://chatgpt.com/",
        }
    )
    assert [(one.value, one.path) for one in read(FORMAT, text).observations] == [
        ("www.example.org", "/")
    ]


@pytest.mark.parametrize(
    "strange",
    [
        {"answers": 5},
        {"answers": [{"data": "203.0.113.7"}]},
        {"answers": [None]},
        {"rcode_name": {"code": 0}},
        {"rejected": "maybe"},
        {"uri": ["/"], "method": 7},
    ],
)
def test_f5_a_field_of_another_type_harms_its_own_record_at_most(
    strange: dict[str, object],
) -> None:
    reading = read(FORMAT, _log(_DNS, {**_DNS, **strange}, _DNS))
    assert {1, 3} <= {one.line for one in reading.observations}
    assert reading.tally.parsed + reading.tally.rejected == 3


@pytest.mark.parametrize("name", ["qtype_name", "username"])
def test_text_fields_of_another_type_never_leave_the_reader_as_they_are(name: str) -> None:
    record = {**_DNS, "query": None, "host": "api.openai.com", "_path": "http"}
    if name == "qtype_name":
        record = dict(_DNS)
    seen = read(FORMAT, _log({**record, name: {"a": 1}})).observations
    assert all(isinstance(one.user, str | None) for one in seen)
    assert all(isinstance(one.qtype, str | None) for one in seen)


def test_f5_f12_damaged_lines_are_rejected_alone() -> None:
    text = _log(_DNS) + b'{"ts":1795226310.1,"uid":\n[1]\n"x"\n\n{"ts":1,"a":"\x0c"}\n' + _log(_DNS)
    reading = read(FORMAT, text)
    assert reading.observations == [_seen(), _seen(line=7)]
    assert reading.account == (2, {"blank line": 1}, 4)


@pytest.mark.parametrize("field", ["host", "x"])
def test_a_record_of_endless_depth_is_rejected(field: str) -> None:
    deep = b'{"ts":1795226310.1,"uid":"C1","query":"api.openai.com","%s":%s%s}\n' % (
        field.encode(),
        b"[" * 100_000,
        b"]" * 100_000,
    )
    reading = read(FORMAT, _log(_DNS) + deep + _log(_DNS))
    assert [one.line for one in reading.observations if one.line != 2] == [1, 3]
    assert reading.tally.rejected == 1


@pytest.mark.parametrize("number", [b"1e400", b"-1e400", b"9" * 5000])
def test_a_number_out_of_range_costs_its_record_at_most(number: bytes) -> None:
    strange = _log({**_DNS, "ttl": 77}).replace(b"77", number)
    reading = read(FORMAT, _log(_DNS) + strange + _log(_DNS))
    assert [one.line for one in reading.observations if one.line != 2] == [1, 3]
    assert reading.tally.parsed + reading.tally.rejected == 3


@pytest.mark.parametrize(
    "record", [{"time": "2026-11-21T01:58:30Z"}, {"ts": 1795226310.136}, {"ts": 1, "uid": ""}]
)
def test_records_of_other_tools_are_rejected(record: dict[str, object]) -> None:
    reading = read(FORMAT, _log({**record, "query": "api.openai.com"}))
    assert reading.observations == []
    assert reading.tally.rejects[0].reason == "not a Zeek record: no ts, or neither uid nor id"


def test_records_of_logs_without_connections_are_no_strangers() -> None:
    file = {"ts": 1795226310.136, "fuid": "F1", "tx_hosts": ["203.0.113.7"]}
    stats = {"ts": 1795226310.136, "_path": "capture_loss", "peer": "zeek"}
    reading = read(FORMAT, _log(file, stats))
    assert reading.observations == []
    assert reading.account == (
        0,
        {"zeek record without a host": 1, "capture_loss record without a host": 1},
        0,
    )


_CONN = {
    "ts": 1795226310.136,
    "uid": "C1",
    "id.orig_h": "10.0.0.7",
    "conn_state": "SF",
    "orig_bytes": 48_000,
    "resp_bytes": 900,
}


def _with_names() -> HostTable:
    hosts = HostTable.of_every_host()
    hosts.flows = {b"C1": "api.openai.com"}
    return hosts


@pytest.mark.parametrize("path", [{}, {"_path": "conn"}, {"@stream": "conn"}])
def test_a_connection_that_another_log_names_tells_its_bytes(path: dict[str, object]) -> None:
    text = _log({**_CONN, **path}, {**_CONN, **path, "uid": "C2"}, {**_CONN, **path, "uid": "-"})
    reading = read(FORMAT, text, hosts=_with_names())
    assert reading.observations == [
        _seen(channel=Channel.TLS, kind=Sighting.FLOW, qtype=None, bytes_up=48_000, bytes_down=900)
    ]
    kind = f"{next(iter(path.values()), 'zeek')} record without a host"
    assert reading.account == (1, {kind: 2}, 0)


@pytest.mark.parametrize("path", ["conn_long", "weird", "files"])
def test_other_logs_with_the_id_of_a_connection_count_no_bytes(path: str) -> None:
    reading = read(FORMAT, _log({**_CONN, "_path": path}), hosts=_with_names())
    assert reading.observations == []
    assert reading.account == (0, {f"{path} record without a host": 1}, 0)


def test_a_name_of_its_own_counts_more_than_that_of_another_log() -> None:
    reading = read(FORMAT, _log(_DNS), hosts=_with_names())
    assert reading.observations == [_seen()]


@pytest.mark.parametrize(
    "strange",
    [
        {"uid": ""},
        {"uid": "", "id.orig_h": None},
        {"id.orig_h": 7},
        {"uid": 7},
        {"uid": None},
        {"ts": None},
        {"ts": "2026-11-21T01:58:30.136000Z"},
        {"query": None, "host": ["api.openai.com"]},
        {"query": None, "uri": "http://api.openai.com/v1", "method": "GET"},
        {"query": None, "host": "-", "uri": 7},
        {"id": {"orig_h": "10.0.0.7"}},
    ],
)
def test_what_a_record_shows_does_not_depend_on_those_around_it(
    strange: dict[str, object],
) -> None:
    text = _log({**_DNS, **strange})
    alone, among_others = read(FORMAT, text), read(FORMAT, text + b"{\n[]\n\n" + _log(_DNS))
    assert among_others.observations == [*alone.observations, _seen(line=5)]
    assert among_others.tally.ignored - alone.tally.ignored == {"blank line": 1}
    assert among_others.tally.rejected == alone.tally.rejected + 2


def test_a_type_by_its_number_alone_has_its_name() -> None:
    text = b'{"ts":1,"uid":"C1","id.orig_h":"10.0.0.7","query":"api.openai.com","qtype":65}\n'
    assert [one.qtype for one in read(FORMAT, text).observations] == ["HTTPS"]


def test_a_record_that_only_says_when_it_was_written_is_zeeks() -> None:
    text = b'{"_path":"loaded_scripts","_write_ts":"2026-11-20T08:01:02Z","name":"x.zeek"}\n'
    assert read(FORMAT, text).account == (0, {"loaded_scripts record without a host": 1}, 0)
