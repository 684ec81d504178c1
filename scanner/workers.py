"""The processes of a scan: as many as it may use, or none, and then everything is done right here."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Self, TypeVar

from scanner.errors import GnomonError
from scanner.reading import Tools

_Result = TypeVar("_Result")


@dataclass(slots=True)
class _Here:
    """What this process reads with; set before processes are made, so that they are born with it."""

    tools: Tools | None = None


_here = _Here()


class Counters:
    """Bytes and lines that all processes have read so far."""

    def __init__(self) -> None:
        self._bytes = multiprocessing.Value("q", 0)
        self._lines = multiprocessing.Value("q", 0)

    def add(self, count: int, lines: int) -> None:
        with self._bytes.get_lock():
            self._bytes.value += count
        with self._lines.get_lock():
            self._lines.value += lines

    @property
    def bytes(self) -> int:
        return int(self._bytes.get_obj().value)  # a killed process may hold the lock for good

    @property
    def lines(self) -> int:
        return int(self._lines.get_obj().value)


class Workers:
    """Runs tasks ``task(tools, ...)``, in processes if there are to be any."""

    def __init__(self, tools: Tools, jobs: int, counters: Counters | None = None) -> None:
        self.jobs = jobs if "fork" in multiprocessing.get_all_start_methods() else 1
        self._tools = replace(tools, meter=counters.add) if counters else tools
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        if self.jobs > 1:
            _here.tools = self._tools
            self._pool = ProcessPoolExecutor(
                self.jobs, multiprocessing.get_context("fork"), initializer=_begin
            )
            with _without_interrupts():  # processes are born before any thread is
                self._pool.submit(os.getpid).result()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is None:
            return
        if kind is not None:
            for process in multiprocessing.active_children():
                process.terminate()
        self._pool.shutdown(cancel_futures=True)
        _here.tools = None

    def submit(self, task: Callable[..., _Result], *arguments: Any) -> Future[_Result]:
        """Hand out a task; without processes it is done at once."""
        if self._pool is not None:
            return self._pool.submit(_run, task, arguments)
        done: Future[_Result] = Future()
        try:
            done.set_result(task(self._tools, *arguments))
        except Exception as error:  # noqa: BLE001 - as a process would: whoever asks gets it
            done.set_exception(error)
        return done


def cores() -> int:
    """Return how many processes this one may keep busy."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _run(task: Callable[..., _Result], arguments: tuple[Any, ...]) -> _Result:
    assert _here.tools is not None, "the process was made without tools"  # noqa: S101
    return task(_here.tools, *arguments)


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Leave a Ctrl-C for later; processes that are born meanwhile never get one."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin() -> None:
    """Begin a process: Ctrl-C is for the one that started it, and that one's end is its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def explained(error: BaseException) -> BaseException:
    """Return an error in words that help, where a process ended by force."""
    if isinstance(error, BrokenProcessPool):
        return GnomonError(
            "a reading process was ended by force, perhaps for want of memory; what was stored "
            "stays, and the same command goes on from there; try --jobs 1"
        )
    return error
