"""JSON documents, an item at a time."""

import json
import tracemalloc
from io import StringIO

import pytest

from integrations.documents import items_of

_LISTS = frozenset({"value", "rows"})


def _read(text: str) -> list[tuple[dict[str, object], object]]:
    return [(dict(beside), item) for beside, item in items_of(StringIO(text), _LISTS)]


def test_a_list_by_itself() -> None:
    assert _read(' [ {"a": 1}, 2, [3] ] ') == [({}, {"a": 1}), ({}, 2), ({}, [3])]


def test_a_list_under_a_name_with_what_stands_before_it() -> None:
    assert _read('{"kind": "k", "value": [{"a": 1}, {"b": 2}], "next": "x"}') == [
        ({"kind": "k"}, {"a": 1}),
        ({"kind": "k"}, {"b": 2}),
    ]


def test_one_document_after_another() -> None:
    assert _read('{"host": "a", "rows": [1]}\n{"host": "b", "rows": []}\n{"host": "c", "rows": [2]}') == [
        ({"host": "a"}, 1),
        ({"host": "c"}, 2),
    ]  # fmt: skip


def test_an_object_without_a_list_is_an_item() -> None:
    assert _read('{"a": {"value": [1]}}\n{"b": 2}') == [({}, {"a": {"value": [1]}}), ({}, {"b": 2})]


@pytest.mark.parametrize("length", [65_530, 65_536, 65_540, 300_000])
def test_values_across_the_pieces_of_a_file(length: int) -> None:
    items = [{"a": "x" * length}, 1234567890, {"b": "é" * 10}]
    assert [one for _, one in _read(json.dumps({"value": items}))] == items


@pytest.mark.parametrize(
    "text", ["nothing", "[1 2]", '{"a" 1}', '{"a": }', "[", '{"value": [1', "{", '[{"a": tru'],
)  # fmt: skip
def test_what_is_no_document_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"no |does not end"):
        _read(text)


def test_what_came_before_the_damage_is_read() -> None:
    found = items_of(StringIO('{"value": [{"a": 1}, {"b": 2}, {"c'), _LISTS)
    assert [next(found)[1], next(found)[1]] == [{"a": 1}, {"b": 2}]


def test_memory_does_not_grow_with_a_list() -> None:
    def peak(count: int) -> int:
        text = '{"value": [' + ",".join('{"a": "bbbbbbbbbb"}' for _ in range(count)) + "]}"
        file = StringIO(text)
        tracemalloc.start()
        assert sum(1 for _ in items_of(file, _LISTS)) == count
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(60_000) < 1.5 * peak(20_000)
