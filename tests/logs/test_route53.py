"""Route 53 Resolver's query log, read."""

import json
from typing import Any

import pytest

from scanner.hosts import HostTable
from scanner.logs import Batch, Tally
from scanner.logs.formats.route53 import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import at, clock, read

_RECORD: dict[str, Any] = {
    "version": "1.100000",
    "account_id": "111122223333",
    "region": "us-east-1",
    "vpc_id": "vpc-7example",
    "query_timestamp": "2026-11-20T08:01:02Z",
    "query_name": "api.openai.com.",
    "query_type": "A",
    "query_class": "IN",
    "rcode": "NOERROR",
    "answers": [{"Rdata": "203.0.113.9", "Type": "A", "Class": "IN"}],
    "srcaddr": "10.0.0.7",
    "srcport": "48701",
    "transport": "UDP",
    "srcids": {"instance": "i-0d15cd0d3example"},
}
_ALIAS = {
    "query_name": "corp.openai.azure.com.",
    "answers": [
        {"Rdata": "corp.privatelink.openai.azure.com.", "Type": "CNAME", "Class": "IN"},
        {"Rdata": "203.0.113.9", "Type": "A", "Class": "IN"},
    ],
}
_TARGET = {"query_name": "corp.privatelink.openai.azure.com."}


def _log(*changes: dict[str, Any]) -> bytes:
    lines = (json.dumps(_RECORD | changed, separators=(",", ":")) for changed in changes)
    return "".join(f"{line}\n" for line in lines).encode()


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.DNS,
        value="api.openai.com",
        ts=at("2026-11-20T08:01:02Z"),
        kind=Sighting.DNS_QUERY,
        client="10.0.0.7",
        action=Action.ALLOWED,
        qtype="A",
        line=1,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def _actions(text: bytes) -> list[tuple[str, Action]]:
    return [(one.value, one.action) for one in read(FORMAT, text).observations]


def test_a_question() -> None:
    reading = read(FORMAT, _log({}))
    assert reading.observations == [_seen()]
    assert reading.account == (1, {}, 0)


@pytest.mark.parametrize(
    ("changed", "action"),
    [
        ({"firewall_rule_action": "BLOCK"}, Action.BLOCKED),
        ({"firewall_rule_action": "BLOCK", "rcode": "NXDOMAIN"}, Action.BLOCKED),
        ({"firewall_rule_action": "ALERT"}, Action.ALLOWED),
        ({"firewall_rule_action": "ALLOW", "rcode": "NXDOMAIN"}, Action.NXDOMAIN),
        ({"rcode": "SERVFAIL", "answers": []}, Action.ERROR),
        ({"rcode": "REFUSED", "answers": []}, Action.BLOCKED),
        ({"answers": [{"Rdata": "0.0.0.0", "Type": "A"}]}, Action.BLOCKED),
        ({"answers": [7, {}, {"Type": "A"}], "rcode": None}, Action.UNKNOWN),
        ({"answers": "none", "rcode": []}, Action.UNKNOWN),
    ],
)
def test_d18_what_became_of_it(changed: dict[str, Any], action: Action) -> None:
    assert read(FORMAT, _log(changed)).observations == [_seen(action=action)]


@pytest.mark.parametrize("alias_is_first", [True, False])
def test_d18_the_names_of_a_chain_are_one_question(alias_is_first: bool) -> None:
    chain: list[dict[str, Any]] = [_ALIAS, _TARGET] if alias_is_first else [_TARGET, _ALIAS]
    assert dict(_actions(_log(*chain))) == {
        "corp.openai.azure.com": Action.ALLOWED,
        "corp.privatelink.openai.azure.com": Action.REPEAT,
    }


def test_d18_another_clients_question_is_no_part_of_the_chain() -> None:
    text = _log(_ALIAS, _TARGET | {"srcaddr": "10.0.0.8"}, _TARGET | {"srcport": "48702"})
    assert [action for _, action in _actions(text)] == [Action.ALLOWED] * 3


def test_d18_the_end_of_a_chain_from_an_unwanted_name_counts() -> None:
    table = HostTable(lambda host: host.endswith(".openai.azure.com"))
    text = _log(_ALIAS | {"query_name": "llm.corp.example."}, _TARGET)
    seen = read(FORMAT, text, hosts=table).observations
    assert [(one.line, one.action) for one in seen] == [(2, Action.ALLOWED)]


def test_d18_a_name_far_from_the_chain_is_a_question_of_its_own() -> None:
    batch = Batch((1, 2, 1500), _log(_TARGET, _ALIAS, _TARGET).splitlines())
    seen = list(FORMAT.read([batch], HostTable.of_every_host(), Tally(), clock()))
    assert [(one.line, one.action) for one in seen] == [
        (1, Action.REPEAT),
        (2, Action.ALLOWED),
        (1500, Action.ALLOWED),
    ]


def test_a_name_that_is_its_own_alias_is_no_repeat() -> None:
    answers = [{"Rdata": "api.openai.com", "Type": "CNAME"}]
    assert read(FORMAT, _log({"answers": answers})).observations == [_seen()]


def test_d7_case_and_the_last_dot() -> None:
    assert read(FORMAT, _log({"query_name": "API.OpenAI.com"})).observations == [_seen()]


def test_an_instance_stands_in_for_an_address() -> None:
    text = _log({"srcaddr": None}, {"srcaddr": "2001:db8::7", "srcids": None})
    assert [one.client for one in read(FORMAT, text).observations] == [
        "i-0d15cd0d3example",
        "2001:db8::7",
    ]


def test_bad_fields_cost_those_fields_alone() -> None:
    text = _log({"query_timestamp": [], "query_type": {}, "srcids": "x", "srcport": None})
    assert read(FORMAT, text).observations == [
        _seen(ts=None, time_quality=TimeQuality.NONE, qtype=None)
    ]


def test_an_answer_is_no_question() -> None:
    table = HostTable("corp.privatelink.openai.azure.com".__eq__)
    reading = read(FORMAT, _log(_ALIAS, {"query_name": ""}), hosts=table)
    assert (reading.observations, reading.account) == ([], (1, {"record without a host": 1}, 0))


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b"[1]",
        b'{"query_name":"api.openai.com."}',
        b'{"query_name":7,"query_timestamp":"2026-11-20T08:01:02Z","srcaddr":"10.0.0.7"}',
        b'{"query_name":"api.openai.com","query_timestamp":"2026-11-20T08:01:02Z"}',
        b"1.0 2026-11-20T08:01:02Z Z123 api.openai.com A NOERROR UDP FRA6 10.0.0.7 -",
    ],
)
def test_what_is_no_record_of_it_is_rejected(line: bytes) -> None:
    reading = read(FORMAT, _log({}) + line + b"\n" + _log({}))
    assert [one.line for one in reading.observations] == [1, 3]
    assert reading.account == (2, {}, 1)
