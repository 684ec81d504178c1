"""Netskope's web transactions, read."""

import json

import pytest

from scanner.logs.formats.netskope_transactions import FORMAT
from scanner.model import Action, Channel, Observation, Sighting
from tests.support import a_matcher, at, read

_ROW = {
    "date": "2026-11-20",
    "time": "08:01:02",
    "time-taken": "64",
    "cs-bytes": "18120",
    "sc-bytes": "5120",
    "bytes": "23240",
    "c-ip": "10.0.0.7",
    "s-ip": "203.0.113.7",
    "cs-username": "ana@corp.example",
    "cs-method": "POST",
    "cs-uri-scheme": "https",
    "cs-uri-query": "key=secret",
    "cs-user-agent": 'Mozilla/5.0 (X11; "Linux", x86_64)',
    "cs-content-type": "-",
    "sc-status": "200",
    "sc-content-type": "text/html; charset=utf-8",
    "cs-dns": "api.openai.com",
    "cs-host": "api.openai.com",
    "cs-uri": "/v1/responses?key=secret",
    "cs-uri-port": "443",
    "cs-referer": "https://claude.ai/",
    "x-cs-session-id": "1",
    "x-cs-access-method": "Client",
    "x-cs-app": "OpenAI",
}
_LATER = 17 * ["-"] + ["1795161662", "0", "10.0.0.7", "Web", "-", "Technology", "All, Categories"]
_KIND = "http_transaction"
_TAIL = [
    "2026-11-20 09:01:02",
    "allow",
    "A policy",
    "-",
    "-",
    "api.openai.com",
    "Sni",
    "-",
    "-",
    "-",
]


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.PROXY,
        value="api.openai.com",
        ts=at("2026-11-20T08:01:02Z"),
        kind=Sighting.HTTP_URL,
        client="10.0.0.7",
        user="ana@corp.example",
        action=Action.ALLOWED,
        bytes_up=18120,
        bytes_down=5120,
        path="/v1/responses",
        line=1,
        method="POST",
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def _quoted(cells: list[str], between: str) -> bytes:
    doubled = (cell.replace('"', '""') for cell in cells)
    written = (f'"{cell}"' if " " in cell or "," in cell else cell for cell in doubled)
    return between.join(written).encode() + b"\n"


def _row(between: str = " ", tail: list[str] | None = None, **changed: str) -> bytes:
    """Return a row without a header; the columns before the tail are as many as usual."""
    changes = {name.replace("_", "-"): value for name, value in changed.items()}
    cells = [*{**_ROW, **changes}.values(), *_LATER, _KIND, *(88 * ["-"]), *(tail or _TAIL)]
    return _quoted(cells, between)


def _json(**changed: object) -> bytes:
    usual = {**_ROW, "x-type": _KIND, "x-policy-action": "allow", "x-cs-sni": "-"}
    changes = {name.replace("_", "-"): value for name, value in changed.items()}
    return json.dumps({**usual, **changes}).encode() + b"\n"


@pytest.mark.parametrize("between", [" ", ","])
def test_a_row_without_a_header(between: str) -> None:
    assert read(FORMAT, _row(between)).observations == [_seen()]


@pytest.mark.parametrize("between", [" ", ","])
@pytest.mark.parametrize("mark", [b"", b"#Fields: "])
def test_s16_a_header_names_the_columns(between: str, mark: bytes) -> None:
    header = mark + _quoted(["x-type", "x-policy-action", *_ROW], between)
    row = _quoted([_KIND, "block", *_ROW.values()], between)
    reading = read(FORMAT, header + row)
    assert reading.observations == [_seen(line=2, action=Action.BLOCKED)]
    assert reading.account == (1, {"header": 1}, 0)


def test_json() -> None:
    assert read(FORMAT, _json()).observations == [_seen()]


def test_s10_the_name_in_the_greeting_beats_an_address() -> None:
    text = _json(cs_host="203.0.113.7", x_cs_sni="claude.ai") + _json(cs_host="203.0.113.7")
    assert read(FORMAT, text).observations == [
        _seen(value="claude.ai"),
        _seen(value="203.0.113.7", line=2),
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"cs_method": "CONNECT"},
        {"cs_method": "-", "cs_uri": "-"},
        {"cs_method": "PRI", "cs_uri": "*"},
        {"x_ssl_bypass": "Yes"},
    ],
)
def test_of_an_unopened_session_only_the_host_is_known(changed: dict[str, str]) -> None:
    assert read(FORMAT, _json(**changed)).observations == [
        _seen(kind=Sighting.HTTP_CONNECT, path=None, method=None)
    ]


@pytest.mark.parametrize(
    ("changed", "action"),
    [
        ({"x_policy_action": "block"}, Action.BLOCKED),
        ({"x_policy_action": "isolate"}, Action.ALLOWED),
        ({"x_policy_action": "alert"}, Action.ALLOWED),
        ({"x_policy_action": "useralert"}, Action.UNKNOWN),
        ({"x_policy_action": "NotChecked"}, Action.ALLOWED),
        ({"x_policy_action": "NotChecked", "sc_status": "-"}, Action.UNKNOWN),
        ({"sc_status": "407"}, Action.CHALLENGED),
        ({"sc_status": "503"}, Action.ERROR),
        ({"x_cs_ssl_engine_action": "Block"}, Action.BLOCKED),
        (
            {
                "x_cs_ssl_engine_action": "Block",
                "x_cs_ssl_engine_action_reason": "SSL Error - SSL Handshake Error",
            },
            Action.ERROR,
        ),
    ],
)
def test_s3_s4_what_became_of_a_request(changed: dict[str, str], action: Action) -> None:
    assert read(FORMAT, _json(**changed)).observations == [_seen(action=action)]


def test_s4_the_verdict_is_found_near_the_end_of_a_row_without_a_header() -> None:
    text = _row(tail=[_TAIL[0], "Block", *_TAIL[2:]]) + _row(tail=["NotChecked", "NotChecked"])
    assert read(FORMAT, text).observations == [_seen(action=Action.BLOCKED), _seen(line=2)]


@pytest.mark.parametrize(
    ("written", "user"),
    [("Carol Smith", "Carol Smith"), ("CORP\\bob", "CORP\\bob"), ("10.0.0.7", None), ("-", None)],
)
def test_s6_users(written: str, user: str | None) -> None:
    assert read(FORMAT, _row(cs_username=written)).observations == [_seen(user=user)]


def test_the_time_may_be_that_of_the_epoch() -> None:
    text = _json(date="-", time="-", x_cs_timestamp="1795161662")
    assert read(FORMAT, text).observations == [_seen()]


def test_s8_records_without_a_host_are_ignored_and_counted() -> None:
    reading = read(FORMAT, _row(cs_host="-") + b"#Version: 1.0\n" + b"\n")
    assert reading.observations == []
    assert reading.account == (0, {"record without a host": 1, "comment": 1, "blank line": 1}, 0)


def test_s23_look_alikes_meet_no_signature() -> None:
    hosts = ("notopenai.com", "openai.com.evil.example", "api-openai.com", "OPENAI.COM.")
    text = b"".join(_row(cs_host=host) for host in hosts)
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert reading.observations == [_seen(value="openai.com", line=4)]
    assert reading.account == (4, {}, 0)


@pytest.mark.parametrize(
    "line",
    [
        b"2026-11-20 08:01:02 10.0.0.7 ana POST api.openai.com /v1/responses 200\n",
        b"#Fields: date time c-ip cs-host\n2026-11-20 08:01:02 10.0.0.7 http_transaction\n",
        b'2026-11-20 08:01:02 "http_transaction\n',
        b'{"cs-host":"api.openai.com","c-ip":"10.0.0.7"}\n',
        b'{"x-type":"http_transaction"}\n',
        b'{"x-type":"http_transaction","cs-host":"api.openai.com"\n',
        b"a http_transaction in prose\n",
    ],
)
def test_f4_f5_lines_of_other_logs_are_rejected(line: bytes) -> None:
    reading = read(FORMAT, line)
    assert reading.tally.parsed == 0
    assert reading.tally.rejected == 1


def test_a_header_without_the_kind_of_record() -> None:
    text = (
        b"date,time,cs-username,c-ip,cs-method,cs-host,cs-uri,sc-status,cs-bytes,sc-bytes,x-cs-app,x-policy-action\n"
        b"2026-11-20,08:01:02,ana,10.0.0.7,GET,claude.ai,/chat,-,812,5120,Claude,block\n"
        b"2026-11-20,08:01:02,ana\n"
    )
    found = read(FORMAT, text)
    (seen,) = found.observations
    assert (seen.value, seen.client, seen.action) == ("claude.ai", "10.0.0.7", Action.BLOCKED)
    assert found.account == (1, {"header": 1}, 1)
