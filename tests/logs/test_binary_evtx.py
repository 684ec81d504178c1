"""Windows event logs, as JSON lines.

No event log can be built here, so what the library makes of one is stood in for; what is checked
with the library itself is the handling of files that are none inside.
"""

import json
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.errors import SourceError
from scanner.logs.binary.evtx import BINARY
from tests.support import within

_EVENT = (
    '{"Event":{"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Sysmon"}},'
    '"EventID":22},"EventData":{"QueryName":"api.openai.com","Image":"C:\\\\b\xfc\\\\curl.exe"}}}'
)
_HEAD = b"ElfFile\0" + struct.pack("<QQQIHHHH", 0, 0, 1, 128, 1, 3, 4096, 1).ljust(4088, b"\0")


class PanicException(BaseException):
    """A panic of the library."""


class _Library(ModuleType):
    """Stands in for the library: it gives these events and errors, whatever the file."""

    def __init__(self, *given: str | BaseException) -> None:
        super().__init__("evtx")
        self._given = given
        self.read_from: list[bytes] = []

    def PyEvtxParser(self, path: str, **_options: Any) -> "_Library":  # noqa: N802
        self.read_from.append(Path(path).read_bytes())
        return self

    def records_json(self) -> "_Events":
        return _Events(iter(self._given))


class _Events:
    def __init__(self, given: Iterator[str | BaseException]) -> None:
        self._given = given

    def __iter__(self) -> "_Events":
        return self

    def __next__(self) -> dict[str, str]:
        one = next(self._given)
        if isinstance(one, BaseException):
            raise one
        return {"event_record_id": "1", "data": one}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "Sysmon.evtx"
    path.write_bytes(_HEAD)
    return path


def _records(path: Path, patch: pytest.MonkeyPatch, *given: str | BaseException) -> list[bytes]:
    patch.setitem(sys.modules, "evtx", _Library(*given))
    return list(BINARY.records(path))


def test_events_are_as_the_library_gives_them(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _records(log, monkeypatch, _EVENT, _EVENT) == [_EVENT.encode()] * 2


def test_f18_damaged_chunks_are_told_and_what_follows_is_read(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zeroed = RuntimeError("Failed to parse chunk number 6:\n no magic")
    given = (_EVENT, zeroed, _EVENT, zeroed, PanicException("oops"), zeroed)
    assert _records(log, monkeypatch, *given) == [
        _EVENT.encode(),
        b'{"damaged":"Failed to parse chunk number 6: no magic"}',
        _EVENT.encode(),
        b'{"damaged":"Failed to parse chunk number 6: no magic, and 2 more after it"}',
    ]


def test_control_characters_do_not_break_the_line(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _records(log, monkeypatch, '{"a":"b\nc\x00\x1b"}') == [b'{"a":"b c  "}']


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(1)])
def test_an_interruption_is_no_damage(
    error: BaseException, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(type(error)):
        _records(log, monkeypatch, _EVENT, error)


def _chunk(*links: tuple[int, int]) -> bytes:
    """Return a chunk with a list of strings or templates that begins at 512."""
    chunk = bytearray(b"ElfChnk\0".ljust(65536, b"\0"))
    struct.pack_into("<I", chunk, 128, 512)
    for at, following in links:
        struct.pack_into("<I", chunk, at, following)
    return bytes(chunk)


@pytest.mark.parametrize("links", [[(512, 512)], [(512, 700), (700, 512)], [(384, 512)]])
def test_a_chunk_whose_lists_have_no_end_is_blanked(
    links: list[tuple[int, int]], log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = _chunk((512, 700), (700, 65534))
    log.write_bytes(_HEAD + whole + _chunk(*links) + whole)
    library = _Library(_EVENT)
    monkeypatch.setitem(sys.modules, "evtx", library)
    assert list(BINARY.records(log)) == [
        b'{"damaged":"a chunk whose lists have no end"}',
        _EVENT.encode(),
    ]
    assert library.read_from == [_HEAD + whole + bytes(65536) + whole]


def test_without_the_library_it_says_what_to_install(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "evtx", None)
    with pytest.raises(SourceError, match=r"gnomon\[evtx\]"):
        list(BINARY.records(log))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read: No such file"):
        list(BINARY.records(tmp_path / "none"))


def test_is_it_tells_by_the_head() -> None:
    assert BINARY.is_it(_HEAD)
    assert not BINARY.is_it(b"ElfFile")


def test_a_head_and_no_more_is_damaged(tmp_path: Path) -> None:
    pytest.importorskip("evtx", reason="the extra gnomon[evtx] is not installed")
    path = tmp_path / "log"
    path.write_bytes(b"ElfFile\0")
    with pytest.raises(SourceError, match="damaged: its head"):
        list(BINARY.records(path))


@settings(max_examples=150)
@given(
    noise=st.binary(max_size=200),
    places=st.lists(st.tuples(st.integers(8, 5000), st.binary(min_size=1, max_size=9)), max_size=6),
    cut=st.none() | st.integers(8, 70_000),
)
def test_no_damage_is_more_than_an_error_or_a_damaged_record(
    noise: bytes,
    places: list[tuple[int, bytes]],
    cut: int | None,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    pytest.importorskip("evtx", reason="the extra gnomon[evtx] is not installed")
    image = bytearray(_HEAD + _chunk((512, 700)) + noise)
    for place, bad in places:
        image[place : place + len(bad)] = bad
    path = tmp_path_factory.mktemp("evtx") / "log"
    path.write_bytes(image[:cut])
    with within(5):
        try:
            found = list(BINARY.records(path))
        except SourceError:
            return
    assert [one for one in found if list(json.loads(one)) not in (["damaged"], ["Event"])] == []
