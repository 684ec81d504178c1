"""Logs that change while they are read, and what is no log: nothing is invented, nothing ends a scan."""

import gzip
import io
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from scanner.engine import Engine, ScanSummary
from scanner.inputs import LogInput, find_inputs
from scanner.logs import parts
from scanner.model import SourceState
from scanner.privacy import Privacy, Pseudonyms
from scanner.reading import Tools, recognition
from scanner.registry import BINARIES, ENVELOPES, FORMATS, values
from scanner.shapes import Shapes
from scanner.store import Store
from scanner.workers import Pool
from tests.support import NOW, a_matcher

_MIB = 1 << 20


def _squid(first: int, count: int, width: int = 10) -> bytes:
    """Return so many lines of Squid, one second apart: a log that began at that second."""
    return b"".join(
        b"%d.136 15 10.0.0.%d TCP_MISS/200 1832 GET http://api.openai.com/%s - HIER_DIRECT/- -\n"
        % (1_795_226_310 + number, number % 7, b"x" * width)
        for number in range(first, first + count)
    )


class Scans:
    """Scans of one database, in this process or in several."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder / "x.db", may_create=True)
        self.tools = Tools(
            formats=values(FORMATS),
            envelopes=values(ENVELOPES),
            binaries=values(BINARIES),
            matcher=a_matcher(),
            shapes=Shapes([]),
            pseudonyms=Pseudonyms(b"k" * 32, Privacy.IDENTIFIED),
            folder=folder / "scratch",
            now=NOW,
        )
        self.tools.folder.mkdir()

    def scan(self, *paths: Path | str, jobs: int = 1, on_read: object = None) -> ScanSummary:
        """Scan; ``on_read`` is called whenever a block of a log is read."""
        tools = replace(self.tools, meter=on_read)  # type: ignore[arg-type]
        engine = Engine(tools, "signatures", "0", lambda: NOW, jobs)
        return engine.scan(find_inputs([LogInput(str(path)) for path in paths]), self.store)

    def lines(self) -> int:
        """Return how many lines are counted."""
        return sum(row["records"] for row in self.store._all("SELECT records FROM sighted_host"))


@pytest.fixture
def scans(tmp_path: Path) -> Iterator[Scans]:
    scans = Scans(tmp_path)
    with scans.store:
        yield scans


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    return folder


def _states(summary: ScanSummary) -> list[str]:
    return [source.state.value for source in summary.sources]


def _once(change: Callable[[], object], folder: Path) -> Callable[[int, int], None]:
    """Return a meter that makes a change when the first block is read, by whichever process."""

    def meter(_bytes: int, _lines: int) -> None:
        with suppress(FileExistsError):
            (folder / "changed").mkdir()
            change()

    return meter


_OLD = partial(_squid, 0, 3_000, 900)  # 3 MB, of which one is read ahead
_NEW = partial(_squid, 500_000, 4_000, 900)


def _write_anew(log: Path, content: bytes) -> None:
    """Do as logrotate does with copytruncate."""
    (log.parent / "x.log.1").write_bytes(log.read_bytes())
    with log.open("rb+") as file:
        file.truncate(0)
        file.write(content)


def _append(log: Path, content: bytes) -> None:
    with log.open("ab") as file:
        file.write(content)


def _rotate(log: Path, content: bytes) -> None:
    log.rename(log.parent / "x.log.1")
    log.write_bytes(content)


@pytest.fixture(params=["in one go", "in parts", "in parts by processes"])
def jobs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Read logs in one go, or cut them as if they were large."""
    if request.param == "in one go":
        return 1
    monkeypatch.setattr(recognition, "LEAST_PART", 1 << 16)
    monkeypatch.setattr(parts, "CUT", 1 << 16)
    if request.param == "in parts":  # one process takes them one by one
        monkeypatch.setattr("scanner.workers.Pool", lambda _jobs, *arguments: Pool(1, *arguments))
    return 3


@pytest.mark.parametrize("appended", [_squid(3_000, 1), _squid(3_000, 900, 900), b"17952"])
def test_f16_what_is_appended_while_a_log_is_read(
    appended: bytes, jobs: int, scans: Scans, logs: Path, tmp_path: Path
) -> None:
    log = logs / "x.log"
    log.write_bytes(content := _OLD())
    summary = scans.scan(log, jobs=jobs, on_read=_once(partial(_append, log, appended), tmp_path))
    assert _states(summary) == ["complete"]
    assert 3_000 <= scans.lines() <= content.count(b"\n") + appended.count(b"\n")
    _append(log, b"end\n")
    scans.scan(log, jobs=jobs)
    assert scans.lines() == 3_000 + appended.count(b"\n")


@pytest.mark.parametrize("new", [b"", _squid(500_000, 10), _squid(500_000, 4_000, 900)])
@pytest.mark.parametrize("change", [_write_anew, _rotate])
def test_f16_a_log_that_is_written_anew_or_replaced_while_it_is_read(
    change: Callable[[Path, bytes], None],
    new: bytes,
    jobs: int,
    scans: Scans,
    logs: Path,
    tmp_path: Path,
) -> None:
    log = logs / "x.log"
    log.write_bytes(_OLD())
    summary = scans.scan(log, jobs=jobs, on_read=_once(partial(change, log, new), tmp_path))
    assert _states(summary) in (["complete"], ["failed"])
    assert scans.lines() in (0, 3_000)
    summary = scans.scan(logs, jobs=jobs)
    assert scans.lines() == 3_000 + new.count(b"\n")


def test_f16_a_log_that_is_removed_while_it_is_read(
    jobs: int, scans: Scans, logs: Path, tmp_path: Path
) -> None:
    log = logs / "x.log"
    log.write_bytes(_OLD())
    summary = scans.scan(log, jobs=jobs, on_read=_once(log.unlink, tmp_path))
    assert _states(summary) in (["complete"], ["failed"])
    assert scans.lines() in (0, 3_000)


def test_f16_an_archive_that_becomes_shorter_while_it_is_read(
    scans: Scans, logs: Path, tmp_path: Path
) -> None:
    log = logs / "x.log.gz"
    noise = b"".join(
        _squid(n, 1, 0).replace(b"com/", b"com/" + os.urandom(400).hex().encode())
        for n in range(4_000)
    )
    log.write_bytes(gzip.compress(noise, 1))
    summary = scans.scan(log, on_read=_once(partial(os.truncate, log, 600_000), tmp_path))
    assert _states(summary) in (["partial"], ["failed"])


def test_f15_what_is_no_log_is_told_and_the_rest_is_read(scans: Scans, logs: Path) -> None:
    (logs / "a.log").write_bytes(_squid(0, 5))
    (logs / "broken").symlink_to(logs / "nowhere")
    (logs / "empty.log").touch()
    (logs / "folder" / "inner").mkdir(parents=True)
    os.mkfifo(logs / "pipe")
    (logs / "z.log").write_bytes(_squid(100, 5))
    summary = scans.scan(logs, jobs=2)
    assert {Path(one.name).name: one.state for one in summary.sources} == {
        "a.log": SourceState.COMPLETE,
        "broken": SourceState.FAILED,
        "empty.log": SourceState.EMPTY,
        "pipe": SourceState.FAILED,
        "z.log": SourceState.COMPLETE,
    }
    reasons = {Path(one.name).name: one.reason for one in summary.sources}
    assert reasons["broken"] == "cannot be opened: No such file or directory"
    assert reasons["pipe"] == "neither a file nor a folder; name it itself, or pipe it in with -"
    assert scans.lines() == 10


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_empty_folder_is_nothing_looked_at(jobs: int, scans: Scans, logs: Path) -> None:
    summary = scans.scan(logs, jobs=jobs)
    assert (summary.sources, summary.nothing_recognised) == ([], True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_f15_a_file_that_may_not_be_read(scans: Scans, logs: Path) -> None:
    (logs / "a.log").write_bytes(_squid(0, 5))
    (logs / "a.log").chmod(0)
    (source,) = scans.scan(logs, jobs=2).sources
    assert (source.state, source.reason) == (
        SourceState.FAILED,
        "cannot be opened: Permission denied",
    )


@pytest.mark.parametrize("jobs", [1, 2])
def test_f15_a_pipe_that_is_named_is_read_and_known_again(
    jobs: int, scans: Scans, logs: Path
) -> None:
    pipe = logs / "pipe"
    os.mkfifo(pipe)
    content = _squid(0, 2_000, 900)
    for grown in (content, content, content + _squid(2_000, 5)):
        writer = threading.Thread(target=pipe.write_bytes, args=[grown])
        writer.start()
        summary = scans.scan(pipe, jobs=jobs)
        writer.join(timeout=20)
        assert scans.lines() == grown.count(b"\n")
    assert _states(summary) == ["complete"]
    (logs / "x.log").write_bytes(content)
    assert _states(scans.scan(logs / "x.log", jobs=jobs)) == ["already_read"]


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("content", [b"", _squid(0, 9), gzip.compress(_squid(0, 9))])
def test_f15_standard_input_is_read_in_this_process(
    content: bytes, jobs: int, scans: Scans, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.BufferedReader(io.BytesIO(content))  # type: ignore[arg-type]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(raw))
    (logs / "a.log").write_bytes(_squid(100, 5))
    summary = scans.scan("-", logs, jobs=jobs)
    assert _states(summary) == ["complete" if content else "empty", "complete"]
    assert scans.lines() == (14 if content else 5)
