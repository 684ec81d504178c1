"""Byte filters: made once, kept, and taken again."""

from pathlib import Path

import pytest

hyperscan = pytest.importorskip("hyperscan", reason="hyperscan has no wheel here")

from scanner.logs.filters import filter_of  # noqa: E402

_TEXTS = [b"openai.com", b"Claude", b"%41"]


def _found(database, data: bytes) -> list[tuple[int, int]]:
    ends: list[tuple[int, int]] = []
    database.scan(data, match_event_handler=lambda at, _from, to, *_: ends.append((at, to)))
    return ends


def test_texts_are_found_whatever_their_case(tmp_path: Path) -> None:
    for cache in (None, tmp_path, tmp_path):  # made, made and kept, taken
        database = filter_of(_TEXTS, cache)
        assert _found(database, b"x API.OpenAI.com claude %41") == [(0, 16), (1, 23), (2, 27)]
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("harm", [b"", b"short", b"x" * 100])
def test_a_kept_filter_that_was_harmed_is_made_again(harm: bytes, tmp_path: Path) -> None:
    filter_of(_TEXTS, tmp_path)
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(harm + whole[len(harm) :] if len(harm) == 100 else harm)
    assert _found(filter_of(_TEXTS, tmp_path), b"claude") == [(1, 6)]
    assert kept.read_bytes() == whole


def test_few_are_kept_and_a_folder_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    for number in range(12):
        filter_of([b"text%d" % number], tmp_path)
    assert len(list(tmp_path.iterdir())) == 8
    (tmp_path / "file").write_bytes(b"")
    assert _found(filter_of(_TEXTS, tmp_path / "file"), b"claude") == [(1, 6)]
