"""The facts of all systems as pages need them: told apart as far as rules do, read once and shared.

A year of daily logs shows each system in a thousand rows, of which rules tell a few apart. So these
are read for all systems; each row for itself is read of one system where its id is shown, and of all
for documents. A decision changes none of them, unless it says what a system is. After a scan they
are read anew beside the pages, which show until then what was known before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from reports.remembering import Remembered
from scanner.inventory.conditions import NETWORK
from scanner.model import SystemFacts
from scanner.store import Reader

_QUICK = 0.2  # seconds; what is read faster is waited for


class Known(NamedTuple):
    """Facts, what they rest on, how many seconds it took to read them, and what was made of them."""

    rests_on: tuple[int, int]
    facts: list[SystemFacts]
    seconds: float
    remembered: Remembered


class FullFacts(Reader):
    """A reader that keeps facts with each row for itself, of the systems that were asked for."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, read_only=True)
        self._rests_on = (0, 0)
        self._kept: dict[str, SystemFacts] = {}
        self._has_all = False

    def facts(self, ids: Iterable[str] | None = None, is_summed: bool = False) -> list[SystemFacts]:
        if is_summed:
            return super().facts(ids, is_summed)
        self._drop_old()
        if ids is None:
            if not self._has_all:
                self._kept, self._has_all = {one.id: one for one in super().facts()}, True
            return list(self._kept.values())
        wanted = list(ids)
        if missing := [] if self._has_all else set(wanted) - self._kept.keys():
            self._kept.update((one.id, one) for one in super().facts(missing))
        return [self._kept[one] for one in wanted if one in self._kept]

    def _drop_old(self) -> None:
        if (rests_on := self.facts_rest_on()) != self._rests_on:
            self._rests_on, self._kept, self._has_all = rests_on, {}, False


class FactKeeper(Reader):
    """A reader that keeps the facts of all systems, told apart as far as rules do.

    ``full`` has each row for itself. ``work_out`` makes of facts that were read beside what pages
    make of them, so that none waits; without it new facts are waited for.
    """

    def __init__(self, path: Path, work_out: Callable[[FactKeeper], object] | None = None) -> None:
        super().__init__(path, read_only=True)
        self.full = FullFacts(path)
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

    @property
    def as_of(self) -> datetime | None:
        """When the scan began that facts are of, while those of a later one are read beside."""
        if self._known is None or self._coming is None:
            return None
        known = self._known.rests_on[0]
        return next((one.started for one in self.scans() if one.id == known), None)

    def _current(self) -> Known:
        known, rests_on = self._known, self.facts_rest_on()
        if known is not None and known.rests_on == rests_on:
            return known
        if known is None or self._work_out is None or _is_waited_for(known, rests_on):
            known = self._known = _read(self)
        elif self._coming is None:
            self._coming = self._beside.submit(self._read_beside, self._work_out)
        return known

    def _read_beside(self, work_out: Callable[[FactKeeper], object]) -> Known:
        beside = FactKeeper(self.path)
        try:
            began = time.perf_counter()
            work_out(beside)
            return beside._current()._replace(seconds=time.perf_counter() - began)
        finally:
            beside.close()

    def _take(self) -> None:
        """Take over what was read beside, unless people have said since what a system is."""
        if self._coming is None or not self._coming.done():
            return
        coming, self._coming = self._coming, None  # also if it failed: the next page tries anew
        known = coming.result()
        if known.rests_on[1] == self.facts_rest_on()[1]:
            self._known = known

    def close(self) -> None:
        self._beside.shutdown()
        self.full.__exit__(None, None, None)
        self.__exit__(None, None, None)


def _is_waited_for(known: Known, rests_on: tuple[int, int]) -> bool:
    """Whether the facts are read before the page: they are few, or people said what a system is."""
    return known.seconds < _QUICK or known.rests_on[1] != rests_on[1]


def _read(reader: Reader) -> Known:
    began, rests_on = time.perf_counter(), reader.facts_rest_on()
    facts = reader.facts_alike(NETWORK)
    return Known(rests_on, facts, time.perf_counter() - began, Remembered())
