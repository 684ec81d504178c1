"""JSON documents over many lines, as JSON lines."""

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.errors import SourceError
from scanner.logs.binary import json_document
from scanner.logs.binary.json_document import BINARY
from scanner.logs.streams import LogStream
from tests.logs.envelopes.samples import as_json
from tests.support import within

_AZURE: list[dict[str, Any]] = [
    {
        "time": "2026-11-20T08:01:02.341Z",
        "category": "DnsResponse",
        "properties": {"query_name": name, "answer": [{"RDATA": "203.0.113.7"}], "note": note},
    }
    for name, note in (("api.openai.com.", '}] {"'), ("claude.ai.", "C:\\"), ("a.example.", "ü"))
]
_LINES = [as_json(one) for one in _AZURE]
_CUT = b'{"damaged":"the document ends before its last bracket; it was cut off"}'


def _records(path: Path, content: bytes) -> list[bytes]:
    path.write_bytes(content)
    return list(BINARY.records(path))


def _pretty(value: object, indent: int = 2) -> bytes:
    return json.dumps(value, indent=indent, ensure_ascii=False).encode()


_DOCUMENTS = {
    "an array": _pretty(_AZURE),
    "an array, one object a line": b"[\n" + b",\n".join(_LINES) + b"\n]\n",
    "Azure": _pretty({"records": _AZURE}, 4),
    "AWS": _pretty({"Records": _AZURE}),
    "Elasticsearch": _pretty({"took": 3, "hits": {"total": {"value": 3}, "hits": _AZURE}}),
    "an API": _pretty({"@odata.context": "x", "value": _AZURE, "next": None}),
    "jq": b"\n".join(_pretty(one, 1) for one in _AZURE),
    "a byte order mark": b"\xef\xbb\xbf" + _pretty(_AZURE),
    "UTF-16": _pretty(_AZURE).decode().encode("utf-16"),
    "CRLF": _pretty(_AZURE).replace(b"\n", b"\r\n"),
    "RFC 7464": b"".join(b"\x1e" + _pretty(one) + b"\n" for one in _AZURE),
    "several messages": _pretty({"records": _AZURE[:1]}) + b"\n" + _pretty({"records": _AZURE[1:]}),
}


@pytest.mark.parametrize("written", sorted(_DOCUMENTS))
def test_each_object_is_a_line(written: str, tmp_path: Path) -> None:
    content = _DOCUMENTS[written]
    assert BINARY.is_it(content[:4096]) or written == "RFC 7464"
    assert _records(tmp_path / "log", content) == _LINES


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
@pytest.mark.parametrize("written", ["Azure", "Elasticsearch", "jq", "UTF-16"])
def test_it_does_not_matter_where_the_chunks_end(
    written: str, size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_document, "_CHUNK", size)
    assert _records(tmp_path / "log", _DOCUMENTS[written]) == _LINES


def test_an_array_on_one_long_line_is_a_document(tmp_path: Path) -> None:
    for content in (as_json(_AZURE * 40), as_json({"records": _AZURE * 40})):
        assert BINARY.is_it(content[:4096])
        assert _records(tmp_path / "log", content) == _LINES * 40


def test_a_document_without_a_list_is_a_record_itself(tmp_path: Path) -> None:
    for one in ({"a": 1, "result": {"b": 2}}, {"value": [1, 2], "c": 3}, {"records": []}):
        assert _records(tmp_path / "log", _pretty(one)) == [as_json(one)]


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"{",
        b"[",
        b"\n".join(_LINES),
        _LINES[0],
        as_json(_AZURE) + b"\n",
        _LINES[0] + b",\n" + _LINES[1] + b",\n",
        b'{"query":"api.openai.com","cut' + b"\n" + _LINES[0],
        b'{"query":"' + b"a" * 5000,  # a long line of a JSON log
        b"[INFO] 10.0.0.7:42114 - 64820,\n",
        b"[1795226202] unbound[7837:0] info: start,\n",
        b"{ a comment,\n",
        b"[1,\n2]",
        b"time,host\n",
        b"\xff\xfe[\0",
    ],
)
def test_other_logs_are_none(head: bytes) -> None:
    assert not BINARY.is_it(head[:4096])


@pytest.mark.parametrize("written", ["Azure", "an array", "jq"])
def test_of_a_document_that_is_cut_off_what_comes_before_is_kept(
    written: str, tmp_path: Path
) -> None:
    content = _DOCUMENTS[written]
    end = content.rindex(b"claude.ai.") if written == "jq" else content.index(b"a.example.")
    kept = 1 if written == "jq" else 2
    assert _records(tmp_path / "log", content[:end]) == [*_LINES[:kept], _CUT]


def test_damage_between_records_is_told_once_and_passed_over(tmp_path: Path) -> None:
    why = "an object is no JSON: JSON is malformed: expected '\"' (byte 1), and 1 more after it"
    damaged = (
        b"[\n" + _LINES[0] + b",\noops, 7,\n" + _LINES[1] + b",\n{7},\n{8},\n" + _LINES[2] + b"]"
    )
    assert _records(tmp_path / "log", damaged) == [
        _LINES[0],
        b'{"damaged":"between two records stands what is no object"}',
        _LINES[1],
        as_json({"damaged": why}),
        _LINES[2],
    ]


def test_an_object_that_is_too_large_is_told_and_passed_over(tmp_path: Path) -> None:
    large = as_json({"a": "x" * 1_500_000})
    content = b"[\n" + b",\n".join([_LINES[0], large, _LINES[1]]) + b"\n]"
    assert _records(tmp_path / "log", content) == [
        _LINES[0],
        b'{"damaged":"an object over 1 MiB was passed over"}',
        _LINES[1],
    ]


def test_a_list_may_stand_behind_much_else(tmp_path: Path) -> None:
    content = _pretty({"notes": "x" * 1_500_000, "records": _AZURE})
    assert _records(tmp_path / "log", content) == _LINES


@pytest.mark.parametrize(
    "content", [b"", b"[[1]]", b"}}}", b'"', b"[[{}]]", bytes(range(256)) * 99]
)
def test_what_has_no_object_in_it_is_refused_in_words(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(content)
    with pytest.raises(SourceError, match="a JSON document without an object in it"):
        for record in BINARY.records(tmp_path / "log"):
            assert record.startswith(b'{"damaged":')


def test_a_file_that_cannot_be_opened_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read: No such file"):
        list(BINARY.records(tmp_path / "none"))


@settings(max_examples=300)
@given(
    pieces=st.lists(
        st.sampled_from(
            [b"{", b"}", b"[", b"]", b'"', b"\\", b",", b":", b'"records"', b'"a"', b"1", b"\n"]
        )
    )
)
def test_whatever_is_in_it_records_are_objects_on_one_line(
    pieces: list[bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_bytes(b"[{" + b"".join(pieces))
    try:
        for record in BINARY.records(path):
            assert isinstance(json.loads(record), dict)
            assert b"\n" not in record
    except SourceError as error:
        assert "without an object" in str(error)


@pytest.mark.parametrize(
    "filling", [b"{", b"[", b'"', b"\\", b'"a"', b"}", b"a", b'{"":', b'"\\', b"{},", b'{"":1},']
)
def test_an_enormous_object_is_passed_over_in_a_moment(filling: bytes, tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"[\n" + _LINES[0] + b",\n{" + filling * (1_200_000 // len(filling)))
    with within(20):
        shown = list(BINARY.records(path))
    assert shown[0] == _LINES[0]
    assert shown[-1].startswith(b'{"damaged":')


def test_an_enormous_document_is_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(_pretty({"records": _AZURE * 5_000}, 8))
    assert path.stat().st_size > 4_000_000
    tracemalloc.start()
    count = sum(1 for _ in BINARY.records(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 15_000
    assert peak < 2_000_000


def test_the_stream_reads_a_document_as_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    path.write_bytes(_DOCUMENTS["Azure"][:-40])
    with LogStream(path, (), [BINARY]) as stream:
        assert list(stream.lines()) == _LINES[:2]
        assert stream.damage == "the document ends before its last bracket; it was cut off"
