"""Scans that are killed or stopped at any moment, and what the next one makes of it."""

import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from random import Random

import pytest

from tests.e2e.test_exactly_once import command, counted, squid, stored, write_vendors
from tests.running import ROOT

_LOGS, _LINES = 14, 2_500
_PATIENCE = 60.0


class Scene:
    """Some logs, a database, and the scans that are run on them."""

    def __init__(self, folder: Path) -> None:
        self.db = folder / "x.db"
        self.scratch = folder / "tmp"
        self.scratch.mkdir()
        self._logs = folder / "logs"
        self._logs.mkdir()
        self._silent = folder / "silent.log"
        os.mkfifo(self._silent)
        for number in range(_LOGS):
            rows = range(number * _LINES, (number + 1) * _LINES)
            (self._logs / f"{number:02}.log").write_bytes(squid(*rows))
        self._vendors = write_vendors(folder / "vendors")
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, db: Path | None = None, *more: Path) -> subprocess.Popen[bytes]:
        """Start a scan in a process group of its own, of the logs and whatever more."""
        scan = subprocess.Popen(
            command(self._vendors, self._logs, db or self.db, "--jobs", 2, *more),
            cwd=ROOT,
            env={**os.environ, "TMPDIR": str(self.scratch)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._running.append(scan)
        return scan

    def start_without_end(self) -> subprocess.Popen[bytes]:
        """Start a scan of the logs, of a pipe into which nobody writes, and of one log more."""
        late = self.scratch.with_name("late.log")
        late.write_bytes(squid(*range(_LOGS * _LINES, _LOGS * _LINES + 10)))
        return self.start(self.db, self._silent, late)

    def run(self, db: Path | None = None) -> int:
        """Scan to the end; returns the exit code."""
        scan = self.start(db)
        scan.communicate(timeout=_PATIENCE)
        return scan.returncode

    def stored_logs(self) -> int:
        try:
            with closing(sqlite3.connect(f"{self.db.as_uri()}?mode=ro", uri=True)) as connection:
                return int(connection.execute("SELECT COUNT(*) FROM source").fetchone()[0])
        except sqlite3.OperationalError:  # not made yet
            return 0

    def left_behind(self) -> list[str]:
        return sorted(path.name for path in self.scratch.glob("gnomon-scan-*"))

    def end(self) -> None:
        for scan in self._running:
            with suppress(ProcessLookupError):
                os.killpg(scan.pid, signal.SIGKILL)
            scan.communicate(timeout=_PATIENCE)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    scene.end()


def _until(is_so: Callable[[], bool]) -> None:
    """Return as soon as it is so; fail if that takes too long."""
    deadline = time.monotonic() + _PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, "it never became so"
        time.sleep(0.005)


def _children(process: int) -> list[int]:
    """Return the processes that a process has started."""
    try:
        return [
            int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()
        ]
    except OSError:
        return []


def _is_running(process: int) -> bool:
    """Whether a process runs; one that waits to be buried does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False


def _workers(scan: subprocess.Popen[bytes]) -> list[int]:
    """Return the scan's processes, as soon as there are two."""
    _until(lambda: len(_children(scan.pid)) == 2 or scan.poll() is not None)
    return _children(scan.pid)


def _no_process_is_left(processes: list[int]) -> None:
    _until(lambda: not any(_is_running(one) for one in processes))


def _killed(scene: Scene, more: int, later: float) -> int:
    """Kill a scan some time after it has stored some logs more, or let it end; returns its code."""
    before = scene.stored_logs()
    scan = scene.start()
    workers = _workers(scan)
    _until(lambda: scan.poll() is not None or scene.stored_logs() >= before + more)
    try:
        scan.wait(timeout=later)
    except subprocess.TimeoutExpired:
        scan.kill()
    scan.communicate(timeout=_PATIENCE)
    _no_process_is_left(workers)
    return scan.returncode


def test_a_scan_killed_again_and_again_counts_what_an_undisturbed_one_counts(
    scene: Scene, tmp_path: Path
) -> None:
    assert scene.run(tmp_path / "undisturbed.db") == 0
    chance = Random(20_261_121)
    killed = [_killed(scene, chance.randrange(3), chance.random() / 10) for _ in range(4)]
    assert killed[0] == -signal.SIGKILL
    assert scene.left_behind() != []
    assert scene.run() == 0
    assert counted(scene.db) == counted(tmp_path / "undisturbed.db")
    assert stored(scene.db)["lines"] == stored(tmp_path / "undisturbed.db")["lines"]
    assert scene.left_behind() == []


def test_a_killed_reading_process_ends_the_scan_in_words(scene: Scene, tmp_path: Path) -> None:
    scan = scene.start_without_end()
    workers = _workers(scan)
    _until(lambda: scene.stored_logs() >= 1)
    os.kill(workers[0], signal.SIGKILL)
    _, said = scan.communicate(timeout=_PATIENCE)
    assert scan.returncode == 1
    assert said.startswith(b"gnomon: a reading process was ended by force, perhaps for want of")
    assert said.count(b"\n") == 1
    _no_process_is_left(workers)
    assert scene.left_behind() == []
    assert 1 <= scene.stored_logs() <= _LOGS
    assert scene.run() == 0
    assert scene.run(tmp_path / "undisturbed.db") == 0
    assert counted(scene.db) == counted(tmp_path / "undisturbed.db")


def test_ctrl_c_keeps_what_is_done_and_the_next_scan_goes_on(scene: Scene, tmp_path: Path) -> None:
    scan = scene.start_without_end()
    workers = _workers(scan)
    _until(lambda: scene.stored_logs() >= 2)
    os.killpg(scan.pid, signal.SIGINT)
    _, said = scan.communicate(timeout=_PATIENCE)
    assert scan.returncode == 4
    assert b"gnomon: stopped; what was read to its end is kept" in said
    assert b"Traceback" not in said
    _no_process_is_left(workers)
    assert scene.left_behind() == []
    assert 2 <= scene.stored_logs() <= _LOGS
    assert scene.run() == 0
    assert scene.run(tmp_path / "undisturbed.db") == 0
    assert counted(scene.db) == counted(tmp_path / "undisturbed.db")
    first, second = (
        [row[3] for row in stored(scene.db)["statuses"] if row[0] == number] for number in (1, 2)
    )
    assert second == ["already_read"] * len(first) + ["complete"] * (_LOGS - len(first))


def test_ctrl_c_at_any_moment_of_a_start_is_no_traceback(scene: Scene) -> None:
    """From the moment when the database is there: before, Python itself is starting."""
    for more in (0.0, 0.02, 0.05):
        scan = scene.start(db := scene.db.with_name(f"{more}.db"))
        _until(db.exists)
        try:
            scan.wait(timeout=more)
        except subprocess.TimeoutExpired:
            os.killpg(scan.pid, signal.SIGINT)
        _, said = scan.communicate(timeout=_PATIENCE)
        assert b"Traceback" not in said
        assert b"stopped; what" in said
