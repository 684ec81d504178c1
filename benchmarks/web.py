"""The review application over a year of evidence: ``python -m benchmarks.web``.

The store is that of ``benchmarks.inventory``: 300 systems, 10,000,000 rows of evidence. Every page is
asked for some times alone; then 20 readers ask for it at once, with wrk, while scans are written.
``gnomon serve`` runs as a process of its own. Making the store takes some minutes.
"""

from __future__ import annotations

import argparse
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from threading import Event
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from benchmarks.inventory import DAYS, ROOT, ROWS, Figure, signatures, write_day
from scanner.store import SnapshotStore

READERS, SECONDS = 20, 8
MOST_MS, MOST_KB = 150, 100
_TURNS = 5
_BETWEEN = 15  # seconds after which the next scan begins
_PAGES = (
    "/", "/?page=2", "/inventory", "/inventory?q=product&sort=-people", "/suppliers",
    "/suppliers/{supplier}", "/scope", "/changes", "/coverage", "/documents", "/candidates",
    "/systems/{system}", "/systems/{system}/evidence?channel=proxy", "/systems/{system}/decide",
)  # fmt: skip
_LATENCY = re.compile(r"(50|99)%\s+([\d.]+)(us|ms|s)")
_IN_MS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


class Answer(NamedTuple):
    """An answer: its status, milliseconds that the server took, its bytes, and its text."""

    status: int
    milliseconds: float
    size: int
    text: str


class Visitor:
    """Somebody who is signed in by the link."""

    def __init__(self, link: str) -> None:
        place = urlsplit(link)
        self.origin = f"{place.scheme}://{place.netloc}"
        self._connection = HTTPConnection(place.netloc, timeout=120)
        self._connection.request("GET", f"{place.path}?{place.query}")
        answer = self._connection.getresponse()
        answer.read()
        self.cookie = (answer.headers["set-cookie"] or "").partition(";")[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def get(self, path: str) -> Answer:
        self._connection.request(
            "GET", path, headers={"Cookie": self.cookie, "Accept-Encoding": "gzip"}
        )
        answer = self._connection.getresponse()
        body = answer.read()
        said = answer.headers.get("server-timing", "")
        taken = float(said.rpartition("dur=")[2] or 0)
        return Answer(answer.status, taken, len(body), body.decode(errors="replace"))


@contextmanager
def serving(database: Path) -> Iterator[tuple[str, int]]:
    """Serve a database; yields the link that lets one browser in, and the number of the process."""
    command = [sys.executable, "-m", "scanner.cli", "serve", "--db", str(database), "--port", "0"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        assert server.stdout is not None
        try:
            link = next(
                found.group() for line in server.stdout if (found := re.search(r"http\S+", line))
            )
            yield link, server.pid
        finally:
            server.terminate()


def alone(visitor: Visitor, pages: list[str]) -> Iterator[Figure]:
    """Yield what each page takes for one reader: the first time, and after that."""
    for page in pages:
        answers = [visitor.get(page) for _ in range(_TURNS + 1)]
        assert {one.status for one in answers} == {200}, f"{page}: {answers[0].status}"
        later = statistics.median(one.milliseconds for one in answers[1:])
        yield Figure(f"{page}, the first time", answers[0].milliseconds, "ms")
        yield Figure(page, later, "ms", MOST_MS)
        yield Figure(f"{page}, its size", answers[0].size / 1000, "kB", MOST_KB)
    yield Figure("the first page with all that it loads", _whole(visitor) / 1000, "kB", MOST_KB)


def _whole(visitor: Visitor) -> int:
    first = visitor.get("/")
    loaded = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', first.text))
    return first.size + sum(visitor.get(one).size for one in sorted(loaded))


def together(visitor: Visitor, server: int, pages: list[str]) -> Iterator[Figure]:
    """Yield what a page takes where twenty ask for it without a pause: for whoever waits.

    The CPU of the server is said beside: on a machine that others use too, it alone can be compared.
    """
    for page in pages:
        before = _cpu_of(server)
        made = ["wrk", "-t1", f"-c{READERS}", f"-d{SECONDS}s", "--latency", "--timeout", "30s"]
        ran = subprocess.run(
            [*made, "-H", f"Cookie: {visitor.cookie}", visitor.origin + page],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        assert "Non-2xx" not in ran.stdout, ran.stdout
        rate = float(re.findall(r"Requests/sec:\s+([\d.]+)", ran.stdout)[0])
        for share, value, unit in _LATENCY.findall(ran.stdout):
            said = f"{page}, {READERS} at once, {share} % within"
            yield Figure(said, float(value) * _IN_MS[unit], "ms")
        yield Figure(f"{page}, pages a second", rate, "/s")
        made_in = int(re.findall(r"(\d+) requests in", ran.stdout)[0])
        spent = 1000 * (_cpu_of(server) - before) / made_in if made_in else math.inf
        yield Figure(f"{page}, the server's CPU for each", spent, "ms", MOST_MS)
        each = 1000 / rate if rate else math.inf  # nobody was answered
        yield Figure(f"{page}, the server's time for each", each, "ms", MOST_MS)


def _cpu_of(process: int) -> float:
    """Return the CPU seconds that a process has had, as Linux tells them."""
    told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def scans(database: Path, rows: int) -> Iterator[None]:
    """Write scans of a day meanwhile, one after the other, with a pause between."""
    known, stop = signatures(), Event()

    def write() -> None:
        with SnapshotStore(database) as store:
            number = len(store.scans())
            while not stop.is_set():
                write_day(store, number, rows, known)
                number += 1
                stop.wait(_BETWEEN)

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        try:
            yield
        finally:
            stop.set()
    writing.result()  # a scan that failed is told


def make(database: Path, rows: int, days: int) -> None:
    """Write the scans of that many days, as far as they are not there yet."""
    known = signatures()
    with SnapshotStore(database, may_create=True) as store:
        for number in range(len(store.scans()), days):
            write_day(store, number, rows // days, known)


def measured(database: Path, rows: int) -> Iterator[Figure]:
    """Yield the figures of a store that is there."""
    with SnapshotStore(database) as store:
        system = next(one for one in store.systems() if one.level is not None)
    named = {"system": system.id, "supplier": "v1"}
    pages = [one.format(**named) for one in _PAGES]
    with serving(database) as (link, server), Visitor(link) as visitor:
        yield from alone(visitor, pages)
        if shutil.which("wrk") is None:
            print("wrk is not there: nobody asked at once", file=sys.stderr)
            return
        with scans(database, rows):
            time.sleep(1)
            yield from together(visitor, server, pages)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.web")
    parser.add_argument("--rows", type=int, default=ROWS, help="rows of evidence [10,000,000]")
    parser.add_argument("--days", type=int, default=DAYS, help="daily scans [365]")
    parser.add_argument("--keep", type=Path, help="the database: made, or taken if it is there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        database = (options.keep or Path(scratch, "year.db")).absolute()
        make(database, options.rows, options.days)
        print(f"## Pages over {options.rows:,} rows of {options.days} days\n")
        print("| what | value | at most | |\n|---|--:|--:|---|")
        for figure in measured(database, options.rows // options.days):
            print(figure.row, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
