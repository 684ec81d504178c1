"""The engine: finds the logs, has each one read once, and stores what it shows.

Files are read by several processes, large ones in parts; what they show is written here, one log
after another, each in one transaction. One bad file never stops a scan, and a scan that is
stopped keeps what it has stored: the next one goes on from there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scanner import interrupts
from scanner.accounts import AccountInput
from scanner.courses import Course, Desk, Enrich, accounts, logs, trees
from scanner.inputs import LogInput
from scanner.model import SourceState, SourceStatus
from scanner.progress import Progress
from scanner.reading import Tools
from scanner.store import ListingStore
from scanner.trees import TreeInput
from scanner.workers import Counters, Workers

_AHEAD = 3  # sources handed out for each process before the first of them is stored
_BEAT = 0.2  # seconds between two looks at the progress

Input = LogInput | TreeInput | AccountInput


@dataclass(slots=True)
class ScanSummary:
    """What one scan did."""

    scan: int
    sources: list[SourceStatus] = field(default_factory=list)
    is_stopped: bool = False

    @property
    def nothing_recognised(self) -> bool:
        """Whether no source was a log that could be read."""
        return not self.is_stopped and all(
            source.state in (SourceState.UNRECOGNISED, SourceState.EMPTY) for source in self.sources
        )

    @property
    def is_incomplete(self) -> bool:
        return self.is_stopped or any(source.state.is_incomplete for source in self.sources)


class Engine:
    """Reads logs into a store."""

    def __init__(
        self,
        tools: Tools,
        pack_version: str,
        tool_version: str,
        now: Callable[[], datetime],
        jobs: int = 1,
        progress: Progress | None = None,
        enrich: Enrich | None = None,
    ) -> None:
        self._enrich = enrich
        self._tools = tools
        self._pack_version = pack_version
        self._tool_version = tool_version
        self._now = now
        self._jobs = jobs
        self._progress = progress

    def scan(self, inputs: Iterable[Input], store: ListingStore) -> ScanSummary:
        """Read every input, one transaction each, and return what became of them.

        Ctrl-C ends it, also one that was held back until now; what was stored by then is kept.
        """
        privacy = self._tools.pseudonyms.privacy
        number = store.begin_scan(self._now(), self._tool_version, self._pack_version, privacy)
        summary = ScanSummary(number)
        try:
            with interrupts.let_through():
                self._read_all(list(inputs), store, summary)
        except KeyboardInterrupt:
            summary.is_stopped = True
        store.finish_scan(number, self._now())
        return summary

    def _read_all(self, inputs: list[Input], store: ListingStore, summary: ScanSummary) -> None:
        counters = Counters() if self._progress else None
        with Workers(self._tools, self._jobs, counters) as workers:
            if self._progress is not None:
                self._progress.begin(len(inputs), sum(source.size for source in inputs))
            desk = Desk(self._tools, self.stamp, workers, store, summary.scan, self._enrich)
            for status in _in_order(_courses(desk, inputs), workers.jobs, self._tell(counters)):
                summary.sources.append(status)
                if self._progress is not None:
                    self._progress.done(status.name)

    def _tell(self, counters: Counters | None) -> Callable[[], None]:
        """Return what says how far the processes are."""

        def tell() -> None:
            if counters is not None and self._progress is not None:
                self._progress.advance(counters.bytes, counters.lines)

        return tell

    @property
    def stamp(self) -> str:
        """What decides how a log is read, beside the log: another stamp replaces what was read."""
        privacy = self._tools.pseudonyms.privacy
        own = "|".join(filter(None, (self._tools.own_formats, self._tools.pseudonyms.domains)))
        return f"{self._tool_version}|{self._pack_version}|{privacy}{own and '|'}{own}"


def _courses(desk: Desk, inputs: Iterable[Input]) -> Iterator[Course]:
    """Yield the way of each source, also in archives and accounts; it begins when it is asked for."""
    position = 0
    for given in inputs:
        for course in _courses_of(desk, given, position):
            yield course
            position += 1


def _courses_of(desk: Desk, given: Input, position: int) -> Iterator[Course]:
    match given:
        case TreeInput():
            yield trees.course(desk, given, position)
        case LogInput():
            yield from logs.courses(desk, given, position)
        case _:
            yield from accounts.courses(desk, given, position)


def _in_order(
    courses: Iterator[Course], jobs: int, beat: Callable[[], None]
) -> Iterator[SourceStatus]:
    """Run the courses side by side and yield their results in the order in which they began."""
    running: deque[_Running] = deque()
    while True:
        while len(running) < (_AHEAD * jobs if jobs > 1 else 1):
            course = next(courses, None)
            if course is None:
                break
            running.append(_Running(course))
        if not running:
            return
        for at, one in enumerate(running):
            one.go_on(is_first=at == 0)
        if running[0].status is not None:
            yield running.popleft().status  # type: ignore[misc]
            continue
        awaited = [future for one in running for future in one.awaited if not future.done()]
        if awaited and not running[0].is_ready:
            wait(awaited, _BEAT, FIRST_COMPLETED)
        beat()


class _Running:
    """A course that has begun."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self.awaited: list[Future[Any]] = []
        self.status: SourceStatus | None = None
        self._step()

    @property
    def is_ready(self) -> bool:
        """Whether nothing that it waits for is missing."""
        return all(future.done() for future in self.awaited)

    def go_on(self, is_first: bool) -> None:
        """Take the next steps, as far as they can be taken now."""
        while self.status is None and self.is_ready and (is_first or self.awaited):
            self._step()

    def _step(self) -> None:
        try:
            self.awaited = next(self._course)
        except StopIteration as end:
            self.status = end.value
