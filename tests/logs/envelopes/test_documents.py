"""JSON documents that hold records: Elasticsearch, shippers, Azure, AWS, Google, arrays."""

import pytest

from scanner.logs.clock import NO_TIME
from scanner.logs.envelopes import aws, azure, elastic, gcp, json_array, original
from scanner.model import TimeQuality
from tests.logs.envelopes.samples import SQUID, SQUID_2, as_json
from tests.support import at, clock

_TEXT = SQUID.decode()
_WHEN = "2026-11-21T01:58:30.136Z"
_EXACT = (at(_WHEN), TimeQuality.EXACT)
_MS = 1795226310136
_OTHERS = [SQUID, b"", b"{", b"[", b"{}", b'{"message":"hello"}', b"[INFO] plugin/reload: on,"]


def test_elastic_gives_the_document_as_it_is_written() -> None:
    source = b'{"@timestamp": "x", "n": 1.50}'
    assert elastic.peel(b'{"_index":"a","_score":1.0,"_source":' + source + b"}") == [source]
    hits = b'{"_index":"a","_source":%b},{"_index":"b","_source":{}}' % source
    found = b'{"took":3,"hits":{"total":{"value":2},"hits":[' + hits + b"]}}"
    assert elastic.peel(found) == [source, b"{}"]


@pytest.mark.parametrize(
    "line", [*_OTHERS, b'{"_source":{}}', b'{"hits":3}', b'{"_index":"a","_source":3}']
)
def test_elastic_leaves_what_is_no_document(line: bytes) -> None:
    assert elastic.peel(line) is None


@pytest.mark.parametrize(
    "document",
    [
        {"event": {"original": _TEXT, "kind": "event"}},
        {"event.original": _TEXT},
        {"message": "parsed", "event": {"original": _TEXT}},
        {"@timestamp": _WHEN, "agent": {"type": "filebeat"}, "message": _TEXT},
        {"@timestamp": _WHEN, "log": {"file": {"path": "/x"}}, "message": _TEXT + "\n"},
        {"@timestamp": _WHEN, "input": {"type": "udp"}, "message": _TEXT},
        {"@timestamp": _WHEN, "host": "gw", "message": _TEXT},
        {"@timestamp": _WHEN, "log.file.path": "/x", "message": _TEXT},
    ],
)
def test_a_shippers_document_gives_the_line_it_read(document: dict[str, object]) -> None:
    assert original.peel(as_json(document)) == [SQUID]


@pytest.mark.parametrize(
    "line",
    [
        *_OTHERS,
        as_json({"@timestamp": _WHEN, "message": _TEXT}),
        as_json({"host": "gw", "message": _TEXT}),
        as_json({"event": {"original": 7}}),
    ],
)
def test_what_nobody_shipped_is_left(line: bytes) -> None:
    assert original.peel(line) is None


def test_a_shippers_document_has_a_time() -> None:
    assert original.time(as_json({"@timestamp": _WHEN, "event.original": "a"}), clock()) == _EXACT
    assert original.time(as_json({"event.original": "a"}), clock()) == NO_TIME


def test_azure_gives_each_record_as_it_is_written() -> None:
    assert azure.peel(b'{"records": [{"a": 1}, {"b": 2.50}]}') == [b'{"a": 1}', b'{"b": 2.50}']
    assert azure.peel(b'{"records":[]}') == []


@pytest.mark.parametrize(
    "line", [*_OTHERS, b'{"records":3}', b'{"records":{"a":1}}', b'{"records":[{}']
)
def test_azure_leaves_what_holds_no_records(line: bytes) -> None:
    assert azure.peel(line) is None


def _sent(*messages: str) -> list[object]:
    return [{"id": "1", "timestamp": _MS, "message": one} for one in messages]


@pytest.mark.parametrize(
    "line",
    [
        as_json({"messageType": "DATA_MESSAGE", "logGroup": "g", "logEvents": _sent(_TEXT)}),
        as_json({"events": _sent(_TEXT), "nextForwardToken": "f/1"}),
        as_json({"timestamp": _MS, "message": _TEXT + "\n", "ingestionTime": _MS}),
        as_json({"eventId": "1", "logStreamName": "s", "timestamp": _MS, "message": _TEXT}),
    ],
)
def test_cloudwatch_gives_messages_with_their_time(line: bytes) -> None:
    assert aws.peel(line) == [SQUID]
    assert aws.time(line, clock()) == _EXACT


def test_cloudwatch_gives_all_messages_of_a_line() -> None:
    line = as_json({"messageType": "DATA_MESSAGE", "logEvents": _sent(_TEXT, "", SQUID_2.decode())})
    assert aws.peel(line) == [SQUID, SQUID_2]
    control = {"messageType": "CONTROL_MESSAGE", "logEvents": _sent("Checking health")}
    assert aws.peel(as_json(control)) == []


def test_an_export_to_s3_has_the_time_before_the_record() -> None:
    line = _WHEN.encode() + b' {"query_name":"api.openai.com."}'
    assert aws.peel(line) == [b'{"query_name":"api.openai.com."}']
    assert aws.time(line, clock()) == _EXACT


def test_aws_services_write_records() -> None:
    assert aws.peel(b'{"Records": [{"a": 1.50}, 3]}') == [b'{"a": 1.50}']


@pytest.mark.parametrize(
    "line",
    [
        *_OTHERS,
        as_json({"timestamp": _MS, "message": _TEXT, "level": "info"}),
        as_json({"timestamp": _WHEN, "message": _TEXT}),
        as_json({"events": [{"name": "login"}]}),
        _WHEN.encode() + b" INFO started",
    ],
)
def test_aws_leaves_what_is_anothers(line: bytes) -> None:
    assert aws.peel(line) is None


def test_google_gives_the_text_or_the_payload() -> None:
    head = {"insertId": "a", "logName": "projects/lab/logs/stdout", "timestamp": _WHEN}
    line = as_json({**head, "textPayload": _TEXT + "\n"})
    assert gcp.peel(line) == [SQUID]
    assert gcp.time(line, clock()) == _EXACT
    assert gcp.peel(as_json({**head, "jsonPayload": {"message": _TEXT}})) == [SQUID]
    assert gcp.peel(as_json({**head, "jsonPayload": {"path": "/"}})) == [b'{"path":"/"}']
    assert gcp.peel(as_json({**head, "protoPayload": {"path": "/"}})) is None


@pytest.mark.parametrize(
    "line", [*_OTHERS, as_json({"textPayload": _TEXT}), b'{"logName":3,"textPayload":"a"}']
)
def test_google_leaves_what_is_no_entry(line: bytes) -> None:
    assert gcp.peel(line) is None


@pytest.mark.parametrize(
    ("line", "objects"),
    [
        (b'[{"a": 1.50}, {"b":2}]', [b'{"a": 1.50}', b'{"b":2}']),
        (b'[{"a":1},', [b'{"a":1}']),
        (b'{"a":[1,2]},', [b'{"a":[1,2]}']),
        (b'  {"a":1} ,', [b'{"a":1}']),
        (b',{"a":1},', [b'{"a":1}']),
        (b'{"a":1}]', [b'{"a":1}']),
        (b"[", []),
        (b" ]", []),
        (b"[]", []),
        (b'{"ok":1,"result":[{"a":1},{"b":2}]}', [b'{"a":1}', b'{"b":2}']),
        (b'{"status":"success","data":[]}', []),
    ],
)
def test_an_array_gives_its_objects(line: bytes, objects: list[bytes]) -> None:
    assert json_array.peel(line) == objects


@pytest.mark.parametrize(
    "line",
    [
        SQUID,
        b"",
        b'{"a":1}',
        b"[1,2]",
        b'["a"]',
        b'[{"a":1},3]',
        b'{"ok":1,"result":[1]}',
        b'{"url":"claude.ai","data":[{"a":1}]}',
        b'{"data":[{"a":1}],"result":[{"a":1}]}',
        b"[INFO] 10.0.0.7:42114 - 64820,",
        b"[1795226202] unbound[7837:0] info: start of service]",
        b'{"a":1',
        b"a,b,",
    ],
)
def test_what_is_no_array_of_objects_is_left(line: bytes) -> None:
    assert json_array.peel(line) is None
