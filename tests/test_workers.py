"""The processes of a scan: what they answer, and what is left when one is killed."""

import multiprocessing
import os
import signal
import threading
from pathlib import Path
from typing import Any, NoReturn

import pytest

from scanner.errors import GnomonError, SourceError
from scanner.privacy import Privacy, Pseudonyms
from scanner.reading import Tools
from scanner.shapes import Shapes
from scanner.workers import Counters, ProcessEndedError, Workers, explained
from tests.support import NOW, a_matcher

_PATIENCE = 20.0
_LARGE = 32 << 20  # takes some milliseconds to hand over


@pytest.fixture
def tools(tmp_path: Path) -> Tools:
    pseudonyms = Pseudonyms(b"k" * 32, Privacy.IDENTIFIED)
    return Tools((), (), (), a_matcher(), Shapes([]), pseudonyms, tmp_path, NOW)


def _read(tools: Tools, lines: int) -> int:
    if tools.meter is not None:
        tools.meter(10 * lines, lines)
    return os.getpid()


def _fail(_: Tools, error: BaseException) -> NoReturn:
    raise error


def _fail_with_a_lock(_: Tools) -> NoReturn:
    raise ValueError("held", threading.Lock())


def _return_a_lock(_: Tools) -> Any:
    return threading.Lock()


def _work_on(_: Tools) -> NoReturn:
    while True:
        signal.pause()


def _be_killed(_: Tools, seconds: float) -> bytes:
    """Return much, and be killed so many seconds after the work is done."""
    signal.setitimer(signal.ITIMER_REAL, seconds)  # nobody catches it: the process just ends
    return bytes(_LARGE)


@pytest.mark.parametrize("jobs", [1, 3])
def test_what_is_asked_for_is_answered_and_counted(jobs: int, tools: Tools) -> None:
    counters = Counters()
    with Workers(tools, jobs, counters) as workers:
        answers = [workers.submit(_read, lines) for lines in range(100)]
        processes = {one.result(_PATIENCE) for one in answers}
        assert processes <= {one.pid for one in multiprocessing.active_children()} | {os.getpid()}
        assert (os.getpid() in processes) == (jobs == 1)
    assert (counters.bytes, counters.lines) == (49_500, 4_950)
    assert multiprocessing.active_children() == []


def test_errors_come_back_and_the_process_goes_on(tools: Tools) -> None:
    with Workers(tools, 2) as workers:
        with pytest.raises(SourceError, match=r"^no log$"):
            workers.submit(_fail, SourceError("no log")).result(_PATIENCE)
        with pytest.raises(RuntimeError, match=r"^ValueError: \('held', "):
            workers.submit(_fail_with_a_lock).result(_PATIENCE)
        with pytest.raises(TypeError, match="cannot pickle"):
            workers.submit(_return_a_lock).result(_PATIENCE)
        assert workers.submit(_read, 1).result(_PATIENCE) > 0


@pytest.mark.parametrize("seconds", [1e-6, 0.001, 0.003, 0.006, 0.01, 0.015, 0.02, 0.03, 0.05])
def test_one_that_is_killed_while_it_answers_ends_them_all(seconds: float, tools: Tools) -> None:
    """Or right after: then it is one that has nothing to do."""
    with Workers(tools, 2) as workers:
        busy = workers.submit(_work_on)
        killed = workers.submit(_be_killed, seconds)
        assert isinstance(busy.exception(_PATIENCE), ProcessEndedError)
        assert isinstance(killed.exception(_PATIENCE), ProcessEndedError | None)
        assert isinstance(workers.submit(_read, 1).exception(_PATIENCE), ProcessEndedError)
    assert multiprocessing.active_children() == []


def test_one_that_is_killed_before_it_gets_a_task_ends_them_all(tools: Tools) -> None:
    with Workers(tools, 2) as workers:
        busy = workers.submit(_work_on)
        os.kill(workers.submit(_read, 1).result(_PATIENCE), signal.SIGKILL)
        assert isinstance(busy.exception(_PATIENCE), ProcessEndedError)


def test_an_end_by_force_is_explained() -> None:
    assert "ended by force" in str(explained(ProcessEndedError()))
    assert isinstance(explained(ProcessEndedError()), GnomonError)
    assert str(explained(ValueError("other"))) == "other"


@pytest.mark.parametrize("kind", [KeyboardInterrupt, OSError])
def test_who_leaves_early_leaves_no_process_and_no_thread(
    kind: type[BaseException], tools: Tools
) -> None:
    before = threading.active_count()
    with pytest.raises(kind), Workers(tools, 2) as workers:
        tasks = [workers.submit(_work_on) for _ in range(5)]
        raise kind
    assert multiprocessing.active_children() == []
    assert threading.active_count() == before
    assert all(isinstance(one.exception(0), ProcessEndedError) for one in tasks)
