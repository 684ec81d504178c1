"""AdGuard Home's query log, read."""

import json
from typing import Any

import pytest

from scanner.hosts import HostTable
from scanner.logs.formats.adguard import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import at, read

# Message 0x433f, a response, with the code in the last four bits: NOERROR, NXDOMAIN, ...
_NOERROR, _SERVFAIL, _NXDOMAIN, _REFUSED = ("Qz+BgAAB", "Qz+BggAB", "Qz+BgwAB", "Qz+BhQAB")
_RECORD: dict[str, Any] = {
    "T": "2026-11-20T09:01:02.519796+01:00",
    "QH": "api.openai.com",
    "QT": "A",
    "QC": "IN",
    "CP": "",
    "Answer": _NOERROR + "AAEAAAAAA3d3dwA=",
    "IP": "10.0.0.7",
    "Result": {},
    "Elapsed": 837429,
    "Upstream": "https://dns.example/dns-query",
}


def _log(**changed: Any) -> bytes:
    return json.dumps(_RECORD | changed, separators=(",", ":")).encode() + b"\n"


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.DNS,
        value="api.openai.com",
        ts=at("2026-11-20T08:01:02.519796Z"),
        kind=Sighting.DNS_QUERY,
        client="10.0.0.7",
        action=Action.ALLOWED,
        qtype="A",
        line=1,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def test_a_question() -> None:
    reading = read(FORMAT, _log())
    assert reading.observations == [_seen()]
    assert reading.account == (1, {}, 0)


def test_the_client_that_has_a_name_is_that_device() -> None:
    assert read(FORMAT, _log(CID="laptop-ana")).observations == [_seen(client="10.0.0.7")]


@pytest.mark.parametrize(
    ("result", "action"),
    [
        ({"IsFiltered": True, "Reason": 3}, Action.BLOCKED),
        ({"IsFiltered": True, "Reason": "FilteredBlackList"}, Action.BLOCKED),
        ({"IsFiltered": True, "Reason": "FilteredSafeBrowsing"}, Action.BLOCKED),
        ({"IsFiltered": True, "Reason": 5}, Action.BLOCKED),
        ({"IsFiltered": True, "Reason": 8, "ServiceName": "chatgpt"}, Action.BLOCKED),
        ({"IsFiltered": True}, Action.BLOCKED),
        ({"IsFiltered": True, "Reason": 7}, Action.ALLOWED),  # safe search
        ({"Reason": 1}, Action.ALLOWED),  # on the list of the allowed
        ({"Reason": 9, "IPList": ["10.0.0.99"]}, Action.UNKNOWN),
        ({"Reason": 9, "IPList": ["0.0.0.0", "::"]}, Action.BLOCKED),
        ({"Reason": "Rewrite", "CanonName": "x.example"}, Action.UNKNOWN),
        ({"Reason": 9, "IPList": [{}, 7]}, Action.UNKNOWN),
        ({"Reason": True}, Action.ALLOWED),
        ({"Reason": [3]}, Action.ALLOWED),
        ([], Action.ALLOWED),
        (None, Action.ALLOWED),
    ],
)
def test_what_the_filter_did(result: object, action: Action) -> None:
    assert read(FORMAT, _log(Result=result)).observations == [_seen(action=action)]


@pytest.mark.parametrize(
    ("answer", "action"),
    [
        (_NXDOMAIN, Action.NXDOMAIN),
        (_SERVFAIL, Action.ERROR),
        (_REFUSED, Action.BLOCKED),
        (_NOERROR, Action.ALLOWED),
        ("Qz", Action.UNKNOWN),
        ("********", Action.UNKNOWN),
        ("äöüßäöüß", Action.UNKNOWN),
        (0.9, Action.UNKNOWN),
        (None, Action.UNKNOWN),
    ],
)
def test_the_answer_tells_the_outcome(answer: object, action: Action) -> None:
    assert read(FORMAT, _log(Answer=answer)).observations == [_seen(action=action)]


def test_a_rule_that_answers_with_an_error_blocks() -> None:
    text = _log(Answer=_NXDOMAIN, Result={"Reason": 11, "DNSRewriteResult": {"RCode": 3}})
    assert read(FORMAT, text).observations == [_seen(action=Action.BLOCKED)]


def test_d16_broken_json_is_rejected_alone() -> None:
    broken = _log(Result={"IsFiltered": True}).replace(b"true", b"trooe")
    reading = read(FORMAT, _log() + broken + _log())
    assert [one.line for one in reading.observations] == [1, 3]
    assert reading.account == (2, {}, 1)


def test_d16_an_address_that_is_a_number_costs_the_client_alone() -> None:
    assert read(FORMAT, _log(IP=127001)).observations == [_seen(client=None)]


def test_d16_other_damage_costs_its_field_alone() -> None:
    text = _log(QT=True) + _log(QC=False, CP=8) + _log(T="12/09/1998T15:00:00.000000+05:00")
    assert read(FORMAT, text).observations == [
        _seen(qtype=None),
        _seen(line=2),
        _seen(ts=None, time_quality=TimeQuality.NONE, line=3),
    ]


def test_names_in_any_case_and_of_no_host() -> None:
    reading = read(FORMAT, _log(QH="API.OpenAI.com.") + _log(QH="", IP="2001:db8::7"))
    assert reading.observations == [_seen()]
    assert reading.account == (1, {"record without a host": 1}, 0)


def test_the_text_of_a_rule_is_no_host() -> None:
    table = HostTable("api.openai.com".__eq__)
    text = _log(QH="www.example.org", Result={"Rules": [{"Text": "||api.openai.com^"}]})
    assert read(FORMAT, text, hosts=table).observations == []


@pytest.mark.parametrize(
    "line",
    [
        b'{"Result":{"Reason":10}}',
        b'{"QH":6,"QT":"A","T":"2026-11-20T09:01:02+01:00"}',
        b'{"QH":"api.openai.com","T":"2026-11-20T09:01:02+01:00"}',
        b'{"u":"ABCD","n":"api.openai.com.","t":1628590394000,"q":1}',
        b"[]",
        b"QH T QT",
    ],
)
def test_what_is_no_record_of_it_is_rejected(line: bytes) -> None:
    assert read(FORMAT, line + b"\n").account == (0, {}, 1)


def test_a_rule_that_rewrites_to_an_error_is_a_block() -> None:
    result = {"Reason": 11, "DNSRewriteResult": {"RCode": 3}}
    assert read(FORMAT, _log(Result=result, Answer="")).observations == [
        _seen(action=Action.BLOCKED)
    ]


@pytest.mark.parametrize(
    ("reason", "status", "action"),
    [
        ("NotFilteredNotFound", "NOERROR", Action.ALLOWED),
        ("NotFilteredNotFound", "NXDOMAIN", Action.NXDOMAIN),
        ("FilteredBlackList", "NOERROR", Action.BLOCKED),
        ("FilteredSafeSearch", "NOERROR", Action.ALLOWED),
    ],
)
def test_what_the_api_says_of_a_query(reason: str, status: str, action: Action) -> None:
    record = {
        "time": "2026-11-20T09:01:02.519796+01:00",
        "client": "10.0.0.7",
        "question": {"class": "IN", "name": "api.openai.com", "type": "A"},
        "reason": reason,
        "status": status,
    }
    text = json.dumps(record).encode() + b"\n"
    assert read(FORMAT, text).observations == [_seen(action=action)]
