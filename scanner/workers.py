"""The processes of a scan: as many as it may use, or none, and then everything is done right here.

Each process has a connection of its own and shares no lock with another. So one that is killed,
at whatever moment, leaves nothing behind that anybody waits for: its connection just ends.
"""

from __future__ import annotations

import gc
import mmap
import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from typing import Any, Self, TypeVar

from scanner import interrupts
from scanner.errors import GnomonError
from scanner.reading import Tools

_Result = TypeVar("_Result")


class ProcessEndedError(Exception):
    """A reading process ended before its task."""


class Counters:
    """Bytes and lines that all processes have read so far.

    Each process counts in a place of its own, so that none waits for another, or for a dead one.
    """

    def __init__(self) -> None:
        self._places: list[memoryview] = []
        self.add_place()

    def add_place(self) -> None:
        """Make the place where this process counts from now on, or the one that is born next."""
        self._places.append(memoryview(mmap.mmap(-1, 16)).cast("q"))

    def add(self, count: int, lines: int) -> None:
        place = self._places[-1]
        place[0] += count
        place[1] += lines

    @property
    def bytes(self) -> int:
        return sum(place[0] for place in self._places)

    @property
    def lines(self) -> int:
        return sum(place[1] for place in self._places)


class Workers:
    """Runs tasks ``task(tools, ...)``, in processes if there are to be any."""

    def __init__(self, tools: Tools, jobs: int, counters: Counters | None = None) -> None:
        self.jobs = jobs if "fork" in multiprocessing.get_all_start_methods() else 1
        self._tools = replace(tools, meter=counters.add) if counters else tools
        self._counters = counters
        self._pool: Pool | None = None

    def __enter__(self) -> Self:
        # What there is by now stays: no collection looks through it, so no process copies it either.
        gc.freeze()
        if self.jobs > 1:
            with interrupts.held():
                self._pool = Pool(self.jobs, self._tools, self._counters)
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.end()
        gc.unfreeze()

    def submit(self, task: Callable[..., _Result], *arguments: Any) -> Future[_Result]:
        """Hand out a task; without processes it is done at once."""
        if self._pool is not None:
            return self._pool.submit(task, *arguments)
        done: Future[_Result] = Future()
        try:
            done.set_result(task(self._tools, *arguments))
        except Exception as error:  # noqa: BLE001 - as a process would: whoever asks gets it
            done.set_exception(error)
        return done


class Pool:
    """Processes, and for each a thread that hands it one task after another."""

    def __init__(self, size: int, tools: Tools, counters: Counters | None = None) -> None:
        self._tasks: SimpleQueue[tuple[Future[Any], bytes] | None] = SimpleQueue()
        self._processes: list[BaseProcess] = []
        connections = [self._born(tools, counters) for _ in range(size)]
        # Threads come after all processes: one that is born beside a thread may inherit its locks.
        self._threads = [threading.Thread(target=self._end_together, daemon=True)]
        for one in connections:
            self._threads.append(threading.Thread(target=self._serve, args=[one], daemon=True))
        for thread in self._threads:
            thread.start()

    def submit(self, task: Callable[..., _Result], *arguments: Any) -> Future[_Result]:
        future: Future[_Result] = Future()
        self._tasks.put((future, pickle.dumps((task, arguments))))
        return future

    def end(self) -> None:
        """End all processes, whatever they are at: by now everything wanted is there."""
        for process in self._processes:
            process.kill()
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()
        for process in self._processes:
            process.join()

    def _born(self, tools: Tools, counters: Counters | None) -> Connection:
        """Make a process; returns the connection to it."""
        if counters is not None:
            counters.add_place()
        ours, its = multiprocessing.Pipe()
        fork = multiprocessing.get_context("fork")
        # A daemon, so that Python's own end does not wait for it.
        process = fork.Process(target=_work, args=(tools, its), daemon=True)
        process.start()
        its.close()  # nobody else may hold it, or it would not end with its process
        self._processes.append(process)
        return ours

    def _end_together(self) -> None:
        """Wait until a process has ended, and end the others: a scan needs them all."""
        wait([process.sentinel for process in self._processes])
        for process in self._processes:
            process.kill()

    def _serve(self, connection: Connection) -> None:
        """Hand tasks to one process; when that is gone, say so to whoever comes with one."""
        with connection:
            for future, task in iter(self._tasks.get, None):
                if future.set_running_or_notify_cancel():
                    _settle(future, connection, task)
                del future  # or its result would stay until the next task comes


def cores() -> int:
    """Return how many processes this one may keep busy."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def explained(error: BaseException) -> BaseException:
    """Return an error in words that help, where a process ended by force."""
    if isinstance(error, ProcessEndedError):
        return GnomonError(
            "a reading process was ended by force, perhaps for want of memory; what was stored "
            "stays, and the same command goes on from there; try --jobs 1"
        )
    return error


def _settle(future: Future[Any], connection: Connection, task: bytes) -> None:
    try:
        connection.send_bytes(task)
        answer = connection.recv_bytes()
    except Exception as error:  # noqa: BLE001 - most often its end; half an answer is none
        connection.close()
        future.set_exception(ProcessEndedError(str(error)))
        return
    try:
        result, error_there = pickle.loads(answer)  # noqa: S301 - our own
    except Exception as error:  # noqa: BLE001 - some exceptions cannot be made again
        result, error_there = None, error
    if error_there is None:
        future.set_result(result)
    else:
        future.set_exception(error_there)


def _work(tools: Tools, connection: Connection) -> None:
    """Do what is asked. Ctrl-C is for the one that started this process, whose end is its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    with suppress(EOFError, OSError):  # the one that asks is gone
        while True:
            connection.send_bytes(_answer(tools, connection.recv_bytes()))


def _answer(tools: Tools, question: bytes) -> bytes:
    try:
        task, arguments = pickle.loads(question)  # noqa: S301 - our own
        return pickle.dumps((task(tools, *arguments), None))
    except BaseException as error:  # noqa: BLE001 - whoever asks gets it
        try:
            return pickle.dumps((None, error))
        except Exception:  # noqa: BLE001 - what it holds cannot be sent; its words can
            return pickle.dumps((None, RuntimeError(f"{type(error).__name__}: {error}")))


def _end_with_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
