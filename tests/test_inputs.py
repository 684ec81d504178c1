"""What a scan reads: files, folders, and the logs in archives."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from scanner.inputs import STDIN, LogInput, Refused, find_inputs, opened
from scanner.model import SourceState
from tests.support import NOW, at

_WHEN = at("2026-11-21T01:58:30Z")
_LOG = b"Nov 20 08:01:02 gw dnsmasq[1]: query[A] api.openai.com from 10.0.0.7\n"


def _tar_gz(*files: tuple[str, bytes], mtime: float = _WHEN.timestamp()) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), int(mtime)
            archive.addfile(info, io.BytesIO(content))
    return gzip.compress(made.getvalue())


def _zip(*files: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return made.getvalue()


def _given(folder: Path, content: bytes, name: str = "logs.tar.gz") -> LogInput:
    path = folder / name
    path.write_bytes(content)
    return LogInput(str(path), root=folder, format="dnsmasq", year=2026)


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def _told(source: LogInput, scratch: Path) -> list[tuple[str, bytes] | Refused]:
    """Return the logs by name and content, as a scan goes through them."""
    told: list[tuple[str, bytes] | Refused] = []
    for one in opened(source, scratch):
        if isinstance(one, Refused):
            told.append(one)
        else:
            assert one.file is not None
            told.append((one.name, one.file.read_bytes()))
            one.discard()
    assert list(scratch.iterdir()) == []
    return told


def test_folders_are_walked_in_the_order_of_names_without_what_is_hidden(tmp_path: Path) -> None:
    for name in ("b.log", "a/z.log", ".hidden", ".git/x.log"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    found = find_inputs([LogInput(str(tmp_path), root=tmp_path), LogInput(STDIN)])
    assert [one.name for one in found] == ["b.log", "a/z.log", "-"]


def test_a_log_that_is_no_archive_is_itself(tmp_path: Path, scratch: Path) -> None:
    for content in (_LOG, gzip.compress(_LOG), b""):
        source = _given(tmp_path, content)
        assert list(opened(source, scratch)) == [source]
        source.discard()
        assert source.file is not None
        assert source.file.read_bytes() == content


def test_neither_a_pipe_nor_a_missing_file_is_opened(tmp_path: Path, scratch: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (STDIN, str(tmp_path / "pipe"), str(tmp_path / "nothing")):
        assert list(opened(LogInput(path), scratch)) == [LogInput(path)]


def test_f8_a_rotated_set_in_one_archive(tmp_path: Path, scratch: Path) -> None:
    older = gzip.compress(_LOG * 2)
    content = _tar_gz(("./var/log/q.log", _LOG), ("./var/log/q.log.1.gz", older))
    assert _told(_given(tmp_path, content), scratch) == [
        ("logs.tar.gz/var/log/q.log", _LOG),
        ("logs.tar.gz/var/log/q.log.1.gz", older),
    ]


def test_what_the_user_says_of_an_archive_holds_for_the_logs_in_it(
    tmp_path: Path, scratch: Path
) -> None:
    source = _given(tmp_path, _tar_gz(("q.log", _LOG)))
    (log,) = opened(source, scratch)
    assert isinstance(log, LogInput)
    assert (log.format, log.year, log.size, log.is_regular) == ("dnsmasq", 2026, len(_LOG), True)


@pytest.mark.parametrize(("mtime", "written"), [(_WHEN.timestamp(), _WHEN), (0, NOW)])
def test_a_log_in_an_archive_was_written_when_the_archive_says(
    mtime: float, written: object, tmp_path: Path, scratch: Path
) -> None:
    source = _given(tmp_path, _tar_gz(("q.log", _LOG), mtime=mtime))
    os.utime(source.path, (NOW.timestamp(), NOW.timestamp()))
    (log,) = opened(source, scratch)
    assert isinstance(log, LogInput)
    assert log.clock(at("2027-06-01T00:00:00Z")).latest == written


def test_files_taken_together_stay_until_each_is_discarded(tmp_path: Path, scratch: Path) -> None:
    logs = list(opened(_given(tmp_path, _tar_gz(("a", b"1"), ("b", b"2"))), scratch))
    assert len(list(scratch.iterdir())) == 2
    for one in logs:
        assert isinstance(one, LogInput)
        one.discard()
    assert list(scratch.iterdir()) == []


def test_archives_in_archives(tmp_path: Path, scratch: Path) -> None:
    inner = _zip(("a.log", _LOG))
    content = _tar_gz(
        ("one.zip", _zip(("two.tgz", _tar_gz(("b.log", _LOG))), ("three.zip", inner)))
    )
    assert _told(_given(tmp_path, content), scratch) == [
        ("logs.tar.gz/one.zip/two.tgz/b.log", _LOG),
        ("logs.tar.gz/one.zip/three.zip/a.log", _LOG),
    ]


def test_f9_archives_in_archives_end_somewhere(tmp_path: Path, scratch: Path) -> None:
    content = _zip(("a.log", _LOG))
    for name in ("three.zip", "two.zip", "one.zip"):
        content = _zip((name, content), (f"beside-{name}.log", _LOG))
    assert _told(_given(tmp_path, content, "0.zip"), scratch) == [
        Refused(
            "0.zip/one.zip/two.zip/three.zip",
            "an archive too deep in others; unpack the outer ones first",
        ),
        ("0.zip/one.zip/two.zip/beside-three.zip.log", _LOG),
        ("0.zip/one.zip/beside-two.zip.log", _LOG),
        ("0.zip/beside-one.zip.log", _LOG),
    ]


def test_what_cannot_be_read_is_told_beside_what_can(tmp_path: Path, scratch: Path) -> None:
    source = _given(tmp_path, _tar_gz(("../a.log", _LOG), ("b.log", _LOG)))
    refused, log = _told(source, scratch)
    assert isinstance(refused, Refused)
    assert (refused.name, refused.state) == ("logs.tar.gz/../a.log", SourceState.FAILED)
    assert log == ("logs.tar.gz/b.log", _LOG)


def test_a_log_that_is_damaged_is_read_and_told(tmp_path: Path, scratch: Path) -> None:
    plain = gzip.decompress(_tar_gz(("a.log", _LOG * 99)))
    assert _told(_given(tmp_path, plain[:1024], "logs.tar"), scratch) == [
        ("logs.tar/a.log", (_LOG * 99)[:512]),
        Refused("logs.tar/a.log", "the tar archive is cut short"),
    ]


def test_damage_of_the_archive_is_told_by_its_name(tmp_path: Path, scratch: Path) -> None:
    (refused,) = _told(_given(tmp_path, _zip(("a.log", _LOG))[:-9], "logs.zip"), scratch)
    assert isinstance(refused, Refused)
    assert refused.name == "logs.zip"
    assert refused.reason.startswith("the zip archive is damaged or cut short")


def test_an_archive_without_a_file_is_empty(tmp_path: Path, scratch: Path) -> None:
    assert _told(_given(tmp_path, _zip(), "logs.zip"), scratch) == [
        Refused("logs.zip", "the archive holds no file", SourceState.EMPTY)
    ]


def test_a_full_or_missing_disk_is_told(tmp_path: Path) -> None:
    source = _given(tmp_path, _tar_gz(("a.log", _LOG)))
    assert list(opened(source, tmp_path / "nowhere")) == [
        Refused("logs.tar.gz", "cannot be unpacked: No such file or directory")
    ]


def test_who_stops_early_leaves_no_file_of_an_inner_archive(tmp_path: Path, scratch: Path) -> None:
    content = _zip(("one.zip", _zip(("a.log", _LOG), ("b.log", _LOG))))
    logs = opened(_given(tmp_path, content, "0.zip"), scratch)
    first = next(logs)
    assert isinstance(first, LogInput)
    logs.close()  # type: ignore[attr-defined]
    first.discard()
    assert list(scratch.iterdir()) == []
