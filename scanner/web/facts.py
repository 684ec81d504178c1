"""The facts of all systems, which take seconds to read after a year of scans: read once, and shared.

A decision changes none of them, unless it says what a system is. After a scan they are read anew
beside the pages, which show until then what was known before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from reports.remembering import Remembered
from scanner.model import SystemFacts
from scanner.store import Reader

_QUICK = 0.2  # seconds; what is read faster is waited for


class Known(NamedTuple):
    """Facts, what they rest on, how many seconds it took to read them, and what was made of them."""

    rests_on: tuple[int, int]
    facts: list[SystemFacts]
    seconds: float
    remembered: Remembered


class FactKeeper(Reader):
    """A reader that keeps the facts of all systems.

    ``work_out`` makes of facts that were read beside what pages make of them, so that none waits.
    """

    def __init__(self, path: Path, work_out: Callable[[FactKeeper], object]) -> None:
        super().__init__(path, read_only=True)
        self._work_out = work_out
        self._known: Known | None = None
        self._coming: Future[Known] | None = None
        self._beside = ThreadPoolExecutor(1, "facts")

    def state(self) -> tuple[int, ...]:  # type: ignore[override]
        """Return what changes when there is something new to show."""
        self._take()
        return (*super().state(), *(self._known.rests_on if self._known else ()))

    def facts(self, ids: Iterable[str] | None = None, is_summed: bool = False) -> list[SystemFacts]:
        if ids is not None or is_summed:
            return super().facts(ids, is_summed)
        return self._current().facts

    @property
    def remembered(self) -> Remembered:
        """What was worked out from the facts that are kept."""
        return self._current().remembered

    def _current(self) -> Known:
        known, rests_on = self._known, self.facts_rest_on()
        if known is not None and known.rests_on == rests_on:
            return known
        if known is None or _is_waited_for(known, rests_on):
            known = self._known = _read(self)
        elif self._coming is None:
            self._coming = self._beside.submit(self._read_beside)
        return known

    def _read_beside(self) -> Known:
        beside = FactKeeper(self.path, self._work_out)
        try:
            began = time.perf_counter()
            self._work_out(beside)
            return beside._current()._replace(seconds=time.perf_counter() - began)
        finally:
            beside.close()

    def _take(self) -> None:
        """Take over what was read beside, unless people have said since what a system is."""
        if self._coming is None or not self._coming.done():
            return
        coming, self._coming = self._coming.result(), None
        if coming.rests_on[1] == self.facts_rest_on()[1]:
            self._known = coming

    def close(self) -> None:
        self._beside.shutdown()
        self.__exit__(None, None, None)


def _is_waited_for(known: Known, rests_on: tuple[int, int]) -> bool:
    """Whether the facts are read before the page: they are few, or people said what a system is."""
    return known.seconds < _QUICK or known.rests_on[1] != rests_on[1]


def _read(reader: Reader) -> Known:
    began, rests_on = time.perf_counter(), reader.facts_rest_on()
    facts = Reader.facts(reader)
    return Known(rests_on, facts, time.perf_counter() - began, Remembered())
