"""Zeek's tab-separated logs, read. In the texts here, two blanks or more stand for a tab."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from scanner.hosts import HostTable
from scanner.logs import Batch, Tally
from scanner.logs.formats.zeek_tsv import FORMAT
from scanner.model import Action, Channel, Level, Observation, Sighting, TimeQuality
from tests.support import Reading, a_matcher, at, clock, lines_of, read


def _tabs(text: str) -> bytes:
    return re.sub(r" {2,}", "\t", text.strip("\n")).encode() + b"\n"


_DNS_HEADER = """\
#separator \\x09
#set_separator  ,
#empty_field  (empty)
#unset_field  -
#path  dns
#open  2026-11-21-01-58-30
#fields  ts  uid  id.orig_h  query  qtype_name  rcode_name  answers  rejected
#types  time  string  addr  string  string  string  vector[string]  bool
"""


def _dns(rows: str) -> bytes:
    return _tabs(_DNS_HEADER + rows)


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.DNS,
        value="api.openai.com",
        ts=at("2026-11-21T01:58:30.136Z"),
        kind=Sighting.DNS_QUERY,
        client="10.0.0.7",
        action=Action.ALLOWED,
        qtype="A",
        line=9,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def test_a_query() -> None:
    reading = read(
        FORMAT, _dns("1795226310.136  C1  10.0.0.7  api.openai.com  A  NOERROR  203.0.113.7  F")
    )
    assert reading.observations == [_seen()]
    assert reading.account == (1, {"header": 8}, 0)


def test_z1_columns_are_taken_by_name() -> None:
    text = _tabs("""
#fields  rcode_name  qtype_name  src  query  ts
NOERROR  A  10.0.0.7  api.openai.com  1795226310.136
""")
    assert read(FORMAT, text).observations == [_seen(line=2)]


def test_z2_the_header_may_come_again_with_other_columns() -> None:
    text = _tabs("""
#path  dns
#fields  ts  uid  id.orig_h  query  qtype_name  rcode_name
1795226310.136  C1  10.0.0.7  api.openai.com  A  NOERROR
#close  2026-11-21-02-00-00
#path  ssl
#fields  ts  server_name  id.orig_h  established
1795226310.136  claude.ai  10.0.0.8  T
""")
    reading = read(FORMAT, text)
    assert reading.observations == [
        _seen(line=3),
        _seen(
            channel=Channel.TLS,
            value="claude.ai",
            kind=Sighting.TLS_SNI,
            client="10.0.0.8",
            qtype=None,
            line=7,
        ),
    ]
    assert reading.account == (2, {"header": 5}, 0)


def test_z3_unset_and_empty_are_no_hosts() -> None:
    reading = read(
        FORMAT,
        _dns("""\
1795226310.136  C1  10.0.0.7  -  A  NOERROR  -  F
1795226310.136  C1  10.0.0.7  (empty)  A  NOERROR  -  F"""),
    )
    assert reading.observations == []
    assert reading.account == (0, {"header": 8, "dns record without a host": 2}, 0)


def test_z4_f3_escapes_latin_1_bytes_and_blanks_in_a_uri() -> None:
    text = (
        b"#path\thttp\n#fields\tts\tid.orig_h\tmethod\thost\turi\tstatus_code\n"
        b"1795226310.136\t10.0.0.7\tGET\tapi.openai.com\t/a\\x09b/uurimisr\xfc/Joyce et al.pdf?q=1\t200\n"
    )
    assert read(FORMAT, text).observations == [
        _seen(
            channel=Channel.HTTP,
            kind=Sighting.HTTP_URL,
            path="/a\\x09b/uurimisr\\xfc/Joyce et al.pdf",
            method="GET",
            qtype=None,
            line=3,
        )
    ]


@pytest.mark.parametrize(
    ("written", "when", "quality"),
    [
        ("1795226310.136000", "2026-11-21T01:58:30.136Z", TimeQuality.EXACT),
        ("1795226310", "2026-11-21T01:58:30Z", TimeQuality.EXACT),
        ("2026-11-21T01:58:30.136000Z", "2026-11-21T01:58:30.136Z", TimeQuality.EXACT),
        ("XXXX", None, TimeQuality.NONE),
        ("-", None, TimeQuality.NONE),
    ],
)
def test_z6_times(written: str, when: str | None, quality: TimeQuality) -> None:
    text = _dns(f"{written}  C1  10.0.0.7  api.openai.com  A  NOERROR  203.0.113.7  F")
    assert read(FORMAT, text).observations == [
        _seen(ts=at(when) if when else None, time_quality=quality)
    ]


def test_z7_the_underscored_id() -> None:
    text = _tabs("""
#fields  ts  uid  id_orig_h  query  qtype_name  rcode_name
1795226310.136  C1  10.0.0.7  api.openai.com  A  NOERROR
""")
    assert read(FORMAT, text).observations == [_seen(line=2)]


def test_z8_tls_without_a_name_is_counted_and_no_host() -> None:
    text = _tabs("""
#path  ssl
#fields  ts  id.orig_h  server_name  established
1795226310.136  10.0.0.7  -  T
1795226310.136  10.0.0.7  api.openai.com  F
""")
    reading = read(FORMAT, text)
    assert reading.observations == [
        _seen(
            channel=Channel.TLS,
            kind=Sighting.TLS_SNI,
            action=Action.ERROR,
            qtype=None,
            line=4,
        )
    ]
    assert reading.account == (1, {"header": 2, "ssl record without a host": 1}, 0)


def test_z9_netbios_multicast_and_reverse_names_meet_no_signature() -> None:
    text = _dns("""\
1795226310.136  C1  10.0.0.7  *  NB  -  -  F
1795226310.136  C1  10.0.0.7  nougat [28:d2:44]._workstation._tcp.local  PTR  -  -  F
1795226310.136  C1  10.0.0.7  192.6.18.104.in-addr.arpa  PTR  NOERROR  -  F
1795226310.136  C1  10.0.0.7  api.openai.com.cluster.local  A  NXDOMAIN  -  F
1795226310.136  C1  10.0.0.7  api.openai.com  A  NOERROR  203.0.113.7  F""")
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert reading.observations == [_seen(line=13)]
    assert reading.account == (5, {"header": 8}, 0)


def test_z10_d6_d7_case_and_trailing_dot_are_folded() -> None:
    text = _tabs("""
#path  dns
#fields  ts  id.orig_h  query  original_query  qtype_name  rcode_name
1795226310.136  10.0.0.7  api.openai.com  ApI.OpEnAi.CoM  A  NOERROR
1795226310.136  10.0.0.7  ApI.OpEnAi.CoM.  -  A  NOERROR
""")
    assert read(FORMAT, text).observations == [_seen(line=3), _seen(line=4)]


def test_z12_a_header_alone_is_an_empty_log() -> None:
    reading = read(FORMAT, _tabs(_DNS_HEADER + "#close  2026-11-21-02-00-00"))
    assert reading.observations == []
    assert reading.account == (0, {"header": 9}, 0)


def test_z13_without_a_header_every_line_is_refused() -> None:
    reading = read(FORMAT, _tabs("1795226310.136  C1  10.0.0.7  api.openai.com  A  NOERROR"))
    assert reading.observations == []
    assert reading.account == (0, {}, 1)
    assert "#fields" in reading.tally.rejects[0].reason


def test_a_log_that_names_no_hosts_is_accounted_for() -> None:
    text = _tabs("""
#path  conn
#fields  ts  uid  id.orig_h  id.resp_h  service
1795226310.136  C1  10.0.0.7  203.0.113.7  ssl
""")
    reading = read(FORMAT, text)
    assert reading.observations == []
    assert reading.account == (0, {"header": 2, "conn record without a host": 1}, 0)


@pytest.mark.parametrize(
    ("rcode", "answers", "rejected", "action"),
    [
        ("NOERROR", "203.0.113.7", "F", Action.ALLOWED),
        ("NXDOMAIN", "-", "F", Action.NXDOMAIN),
        ("REFUSED", "-", "T", Action.BLOCKED),
        ("NOERROR", "-", "T", Action.BLOCKED),
        ("SERVFAIL", "-", "F", Action.ERROR),
        ("-", "-", "F", Action.UNKNOWN),
        ("NOERROR", "0.0.0.0", "F", Action.BLOCKED),
        ("NOERROR", "0.0.0.0,::", "F", Action.BLOCKED),
        ("NOERROR", "0.0.0.0,203.0.113.7", "F", Action.ALLOWED),
    ],
)
def test_d5_d13_what_became_of_a_query(
    rcode: str, answers: str, rejected: str, action: Action
) -> None:
    text = _dns(f"1795226310.136  C1  10.0.0.7  api.openai.com  A  {rcode}  {answers}  {rejected}")
    assert read(FORMAT, text).observations == [_seen(action=action)]


def test_quic_names_its_server() -> None:
    text = _tabs("""
#path  quic
#fields  ts  uid  id.orig_h  version  server_name
1795226310.136  C1  2001:db8::7  1  chatgpt.com
""")
    assert read(FORMAT, text).observations == [
        _seen(
            channel=Channel.TLS,
            value="chatgpt.com",
            kind=Sighting.QUIC_SNI,
            client="2001:db8::7",
            qtype=None,
            line=3,
        )
    ]


def _http(row: str) -> bytes:
    return _tabs(f"""
#path  http
#fields  ts  id.orig_h  method  host  uri  status_code  username  proxied  request_body_len  response_body_len
1795226310.136  10.0.0.7  {row}
""")


def _http_seen(**changed: object) -> Observation:
    usual = _seen(
        channel=Channel.HTTP,
        kind=Sighting.HTTP_URL,
        qtype=None,
        line=3,
        bytes_up=812,
        bytes_down=5120,
        path="/v1/models",
        method="GET",
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def test_a_request_with_its_bytes_and_user() -> None:
    text = _http("POST  api.openai.com:80  /v1/models?key=secret  200  ana  -  812  5120")
    seen = read(FORMAT, text).observations
    assert seen == [_http_seen(user="ana", method="POST")]
    assert seen[0].level is Level.USED


def test_s1_s3_connect_names_the_host_that_it_asks_for() -> None:
    text = _http("CONNECT  proxy.corp.example  api.openai.com:443  407  -  -  812  5120")
    assert read(FORMAT, text).observations == [
        _http_seen(
            channel=Channel.PROXY,
            kind=Sighting.HTTP_CONNECT,
            path=None,
            method=None,
            action=Action.CHALLENGED,
        )
    ]


def test_s4_a_refused_connect_is_blocked() -> None:
    text = _http("CONNECT  api.openai.com  api.openai.com:443  403  -  -  812  5120")
    assert [one.action for one in read(FORMAT, text).observations] == [Action.BLOCKED]


def test_a_request_to_a_proxy_names_the_site_in_its_uri() -> None:
    text = _http(
        "GET  proxy.corp.example  http://api.openai.com/v1/models  200  -  PROXY-CONNECTION  812  5120"
    )
    assert read(FORMAT, text).observations == [_http_seen(channel=Channel.PROXY)]


@pytest.mark.parametrize("uri", ["/?u=http://chatgpt.com/", "/login?u=http://chatgpt.com/"])
def test_s11_a_host_in_a_parameter_is_not_the_host(uri: str) -> None:
    text = _http(f"GET  www.example.org  {uri}  200  -  -  812  5120")
    path = uri.partition("?")[0]
    assert read(FORMAT, text).observations == [_http_seen(value="www.example.org", path=path)]


def test_s22_a_user_in_the_uri_is_not_part_of_the_host() -> None:
    text = _http("GET  -  http://ana:pw@api.openai.com:80/v1/models  200  -  -  812  5120")
    assert read(FORMAT, text).observations == [_http_seen()]


def test_f4_f5_rows_with_other_columns_are_rejected() -> None:
    text = _dns("""\
1795226310.136  C1  10.0.0.7
1795226310.136  C1  10.0.0.7  api.openai.com  A
1795226310.136  C1  10.0.0.7  api.openai.com  A  NOERROR  203.0.113.7  F""")
    reading = read(FORMAT, text)
    assert reading.observations == [_seen(line=11)]
    assert reading.account == (1, {"header": 8}, 2)
    assert [one.reason for one in reading.tally.rejects] == [
        "fewer columns than #fields names",
        "other columns than #fields names",
    ]


@pytest.mark.parametrize(
    ("path", "parsed"), [("http_external", 1), ("known_hosts", 0), ("software", 0), ("conn", 0)]
)
def test_a_host_column_names_a_site_in_the_http_log_alone(path: str, parsed: int) -> None:
    text = (
        f"#path\t{path}\n#fields\tts\tid.orig_h\thost\turi\n"
        "1795226310.0\t10.0.0.7\tapi.openai.com\t/v1\n"
    )
    seen, tally = read(FORMAT, text.encode())
    assert (len(seen), tally.parsed) == (parsed, parsed)


_CONN_HEADER = """\
#path  conn
#fields  ts  uid  id.orig_h  service  orig_bytes  resp_bytes  conn_state
"""
_CONN_ROW = "1795226310.136  C1  10.0.0.7  ssl  48000  900  SF\n"


def _with_names() -> HostTable:
    hosts = HostTable.of_every_host()
    hosts.flows = {b"C1": "api.openai.com"}
    return hosts


def _batches(*texts: str) -> Iterator[Batch]:
    first = 1
    for text in texts:
        lines = lines_of(_tabs(text))
        yield Batch(range(first, first + len(lines)), lines)
        first += len(lines)


def _read(*texts: str) -> Reading:
    """Read texts that come one after another, with a connection that another log names."""
    tally = Tally(read=sum(len(batch.lines) for batch in _batches(*texts)))
    seen = list(FORMAT.read(_batches(*texts), _with_names(), tally, clock()))
    return Reading(seen, tally)


@pytest.mark.parametrize(
    "texts",
    [
        (_CONN_HEADER + _CONN_ROW + _CONN_ROW.replace("C1", "C2"),),
        (_CONN_HEADER, _CONN_ROW + _CONN_ROW.replace("C1", "C2")),
    ],
    ids=["with its header", "apart"],
)
def test_a_connection_that_another_log_names_tells_its_bytes(texts: tuple[str, ...]) -> None:
    reading = _read(*texts)
    assert reading.observations == [
        _seen(
            channel=Channel.TLS,
            kind=Sighting.FLOW,
            qtype=None,
            bytes_up=48_000,
            bytes_down=900,
            line=3,
        )
    ]
    assert reading.observations[0].level is Level.USED
    assert reading.account == (1, {"header": 2, "conn record without a host": 1}, 0)


def test_a_connection_whose_bytes_are_unknown_was_made_all_the_same() -> None:
    (seen,) = _read(_CONN_HEADER, _CONN_ROW.replace("48000  900", "-  -")).observations
    assert (seen.bytes_up, seen.bytes_down, seen.level) == (None, None, Level.CONNECTED)


def test_conn_is_known_by_its_fields_where_nothing_names_it() -> None:
    header = _CONN_HEADER.replace("#path  conn\n", "")
    assert len(_read(header, _CONN_ROW).observations) == 1


@pytest.mark.parametrize("path", ["conn_long", "weird", "files"])
def test_other_logs_with_the_id_of_a_connection_count_no_bytes(path: str) -> None:
    header = _CONN_HEADER.replace("conn\n", f"{path}\n")
    for texts in ((header, _CONN_ROW), (header + _CONN_ROW,)):
        reading = _read(*texts)
        assert reading.observations == []
        assert reading.account == (0, {"header": 2, f"{path} record without a host": 1}, 0)


@pytest.mark.parametrize(
    ("damaged", "ignored", "rejected"),
    [
        ("1795226310.136  C1  10.0.0.7", {}, 1),
        ("1795226310.136", {"conn record without a host": 1}, 0),
        ("", {"blank line": 1}, 0),
        ("#close  2026-11-21-02-00-00", {"header": 1}, 0),
    ],
)
def test_a_damaged_record_of_conn_harms_itself_alone(
    damaged: str, ignored: dict[str, int], rejected: int
) -> None:
    reading = _read(_CONN_HEADER, f"{_CONN_ROW}{damaged}\n{_CONN_ROW}")
    assert [one.line for one in reading.observations] == [3, 5]
    assert reading.account == (2, Counter(header=2) + Counter(ignored), rejected)
