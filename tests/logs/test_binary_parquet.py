"""Parquet files, as JSON lines."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.errors import SourceError
from scanner.logs.binary.parquet import BINARY
from tests.support import within

pa = pytest.importorskip("pyarrow", reason="the extra gnomon[parquet] is not installed")
pq = pytest.importorskip("pyarrow.parquet")

_EVENT = {
    "time": 1795226310136,
    "class_uid": 4003,
    "query": {"hostname": "api.openai.com", "type": "A"},
    "src_endpoint": {"ip": "10.0.0.7", "port": None},
    "answers": [{"rdata": "203.0.113.7", "ttl": None}],
}


def _written(path: Path, columns: dict[str, Any], **options: Any) -> Path:
    pq.write_table(pa.table(columns), path, **options)
    return path


def _records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in BINARY.records(path)]


def test_an_ocsf_event(tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    pq.write_table(pa.Table.from_pylist([_EVENT]), path, compression="gzip")
    assert list(BINARY.records(path)) == [
        b'{"time":1795226310136,"class_uid":4003,"query":{"hostname":"api.openai.com","type":"A"},'
        b'"src_endpoint":{"ip":"10.0.0.7"},"answers":[{"rdata":"203.0.113.7"}]}'
    ]


def test_times_have_the_zone_that_the_file_says(tmp_path: Path) -> None:
    when = 1795226310136000001
    columns = {
        "ns": pa.array([when], pa.timestamp("ns", "America/New_York")),
        "ms": pa.array([when // 10**6], pa.timestamp("ms", "UTC")),
        "local": pa.array([when // 10**3], pa.timestamp("us")),
        "nested": pa.array(
            [[{"at": when}]], pa.list_(pa.struct([("at", pa.timestamp("ns", "UTC"))]))
        ),
        "map": pa.array([[("at", when)]], pa.map_(pa.string(), pa.timestamp("ns", "UTC"))),
    }
    assert _records(_written(tmp_path / "a", columns)) == [
        {
            "ns": "2026-11-21T01:58:30.136000Z",
            "ms": "2026-11-21T01:58:30.136000Z",
            "local": "2026-11-21T01:58:30.136000",
            "nested": [{"at": "2026-11-21T01:58:30.136000Z"}],
            "map": {"at": "2026-11-21T01:58:30.136000Z"},
        }
    ]


def test_what_json_has_no_word_for_is_left_out(tmp_path: Path) -> None:
    columns = {
        "nan": [float("nan"), 1.5],
        "raw": [b"\xff\xfe", b"text"],
        "none": pa.array([None, None], pa.string()),
        "list": [[float("inf"), 2.0], []],
    }
    assert _records(_written(tmp_path / "a", columns)) == [
        {"list": [2.0]},
        {"nan": 1.5, "raw": "text", "list": []},
    ]


def test_a_bad_value_loses_its_column_in_its_row(tmp_path: Path) -> None:
    text = pa.array([b"api.openai.com", b"b\xfccher.example"], pa.binary()).view(pa.string())
    columns = {
        "host": text,
        "far": pa.array([2**52, 0], pa.timestamp("ms", "UTC")),
        "n": [1, 2],
    }
    assert _records(_written(tmp_path / "a", columns)) == [
        {"host": "api.openai.com", "n": 1},
        {"far": "1970-01-01T00:00:00Z", "n": 2},
    ]


def test_rows_of_many_groups_and_batches_come_in_order(tmp_path: Path) -> None:
    path = _written(tmp_path / "a", {"n": list(range(5500))}, row_group_size=2500)
    assert [one["n"] for one in _records(path)] == list(range(5500))


def test_f5_a_damaged_group_is_passed_over(tmp_path: Path) -> None:
    path = _written(
        tmp_path / "a",
        {"n": [f"word {at}" for at in range(300)]},
        row_group_size=100,
        use_dictionary=False,
        compression="none",
    )
    begin = pq.ParquetFile(path).metadata.row_group(1).column(0).data_page_offset
    image = bytearray(path.read_bytes())
    image[begin : begin + 60] = b"\xff" * 60
    path.write_bytes(image)
    records = _records(path)
    assert [sorted(one) for one in records if "n" not in one] == [["damaged"]]
    assert [one["n"] for one in records if "n" in one] == [
        f"word {at}" for at in (*range(100), *range(200, 300))
    ]


@pytest.mark.parametrize("image", [b"PAR1", b"PAR1PAR1", b"PAR1" + b"\xff" * 500 + b"PAR1"])
def test_a_file_that_is_no_parquet_further_on(image: bytes, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(image)
    with pytest.raises(SourceError, match="the Parquet file cannot be read"):
        _records(tmp_path / "a")


def test_without_the_library_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(SourceError, match=r"gnomon\[parquet\]"):
        _records(tmp_path / "a")


def test_is_it_tells_by_the_head() -> None:
    assert BINARY.is_it(b"PAR1\x15\x04")
    assert not BINARY.is_it(b"PAR")


@settings(max_examples=120)
@given(
    cut=st.none() | st.integers(4, 5000),
    places=st.lists(st.tuples(st.integers(4, 5000), st.binary(min_size=1, max_size=8)), max_size=6),
)
def test_no_damage_is_more_than_an_error_or_a_damaged_record(
    cut: int | None, places: list[tuple[int, bytes]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("parquet") / "a"
    pq.write_table(pa.Table.from_pylist([_EVENT] * 40), path, row_group_size=20)
    image = bytearray(path.read_bytes())
    for place, noise in places:
        begin = 4 + place % (len(image) - 4)
        image[begin : begin + len(noise)] = noise
    path.write_bytes(image[:cut])
    with within(10):
        try:
            found = list(BINARY.records(path))
        except SourceError:
            return
    assert [one for one in found if b"\n" in one or not isinstance(json.loads(one), dict)] == []
    assert len(found) <= 1000
