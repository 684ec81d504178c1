"""The inventory after a year of daily scans: ``python -m benchmarks.inventory``.

10,000 people, 60 suppliers, 300 systems (30 of them built), one source a day, 10,000,000 rows of
evidence, written as scans write them. Then one more day is merged, one day is replaced, one is
removed, and the commands are timed as processes. It takes some minutes, and 3 GB of disk.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from scanner.inventory.identity import register_built_systems, register_used_systems
from scanner.inventory.snapshots import keep as keep_snapshots
from scanner.matching import Matcher
from scanner.model import (
    SOURCE_TREE,
    Act,
    Action,
    AINature,
    Application,
    Built,
    Category,
    Channel,
    Component,
    Decision,
    Detection,
    Evidence,
    EvidenceKey,
    EvidenceKind,
    Examples,
    Findings,
    Group,
    Identifier,
    Level,
    LifeCycle,
    Product,
    Signature,
    SourceState,
    SourceStatus,
    Tie,
    Tier,
    Vendor,
    VendorKind,
)
from scanner.privacy import Privacy
from scanner.store import NewSource, SnapshotStore, Store

ROOT = Path(__file__).parent.parent
START = datetime(2025, 11, 22, 6, tzinfo=UTC)
DAYS, PEOPLE, VENDORS, USED, BUILT = 365, 10_000, 60, 270, 30
ROWS = 10_000_000
_RUNS = 5


class Figure(NamedTuple):
    """A figure, and what it may be at most; None where nothing was asked for."""

    what: str
    value: float
    unit: str
    most: float | None = None

    @property
    def row(self) -> str:
        wanted = "" if self.most is None else f"{self.most:g} {self.unit}"
        verdict = "" if self.most is None else "met" if self.value <= self.most else "missed"
        return f"| {self.what} | {self.value:.2f} {self.unit} | {wanted} | {verdict} |"


def signatures() -> dict[str, list[Signature]]:
    """Return the detections of every product: by network, and by an account for every third."""
    found: dict[str, list[Signature]] = {}
    for number in range(USED):
        key = f"v{number % VENDORS}.p{number}"
        channels = [Identifier.HOST, Identifier.OAUTH][: 1 + (number % 3 == 0)]
        product = Product(
            id=f"p{number}",
            name=f"Product {number}",
            category=Category.ASSISTANT,
            ai_nature=AINature.PURE,
            detections=tuple(_detection(f"{key}.{one.value}", one) for one in channels),
        )
        vendor = _vendor(f"v{number % VENDORS}", product)
        found[key] = [Signature(vendor, product, one) for one in product.detections]
    return found


def _detection(key: str, channel: Identifier) -> Detection:
    kind = EvidenceKind.GRANT if channel is Identifier.OAUTH else EvidenceKind.USE
    return Detection(key, channel, kind, 90, ("benchmark",), Examples((), ()))


def _vendor(key: str, product: Product) -> Vendor:
    return Vendor(
        schema=1,
        id=key,
        name=f"Vendor {key[1:]}",
        kind=VendorKind.VENDOR,
        tier=Tier.BASIC,
        status=LifeCycle.ACTIVE,
        updated=date(2026, 11, 1),
        products=(product,),
    )


def a_day(
    number: int, rows: int, known: dict[str, list[Signature]], other: bool = False
) -> tuple[Findings, list[tuple[EvidenceKey, Evidence]]]:
    """Return what the source of one day shows: the same each time."""
    dice = random.Random(2 * number + other)
    detections = [one for several in known.values() for one in several]
    weights = list(accumulate(1 / (rank + 1) ** 0.8 for rank in range(len(detections))))
    day = START + timedelta(days=number)
    found: dict[EvidenceKey, Evidence] = {}
    while len(found) < rows:
        (signature,) = dice.choices(detections, cum_weights=weights)
        person = dice.randrange(PEOPLE)
        level = Level(dice.choice((2, 3, 3, 4)))
        action = Action.BLOCKED if dice.random() < 0.03 else Action.ALLOWED
        key = EvidenceKey(
            signature.detection.id, f"u-{person:020x}", "user", day.toordinal() - 719_163,
            Channel.PROXY if level > 2 else Channel.DNS, action,
        )  # fmt: skip
        first = day + timedelta(seconds=dice.randrange(30_000))
        found[key] = Evidence(
            level, plain=dice.randrange(1, 30), bytes_up=dice.randrange(90_000) * (level == 4),
            bytes_down=dice.randrange(900_000), first=first,
            last=first + timedelta(seconds=dice.randrange(30_000)), line=dice.randrange(1, 500_000),
        )  # fmt: skip
    findings = Findings(signatures={one.detection.id: one for one in detections})
    return findings, list(found.items())


def write_day(
    store: SnapshotStore,
    number: int,
    rows: int,
    known: dict[str, list[Signature]],
    again: bool = False,
) -> float:
    """Merge the scan of one day as ``gnomon scan`` does; returns its CPU seconds."""
    found, evidence = a_day(number, rows, known, other=again)
    name = f"proxy-{number}.log"
    replaces = tuple(store.sources_like(name, b"")) if again else ()
    source = NewSource(
        name, 1, f"{number}{again}", 1, "r", name, "squid", b"", b"", replaces, replaces
    )
    status = SourceStatus(name, SourceState.COMPLETE, "squid", read=rows)
    started = time.process_time()
    scan = store.begin_scan(START + timedelta(days=number), "bench", "1", Privacy.PSEUDONYMOUS)
    store.write_source(scan, 0, status, source, found, evidence)
    if not number:
        _write_trees(store, scan, known)
    tree = store.sources_like("fleet", b"")
    tree_status = SourceStatus("fleet", SourceState.ALREADY_READ, SOURCE_TREE)
    store.write_status(scan, 2, tree_status, tree[0].id)
    register_used_systems(store)
    register_built_systems(store)
    keep_snapshots(store, Matcher(()))
    store.finish_scan(scan, START + timedelta(days=number, hours=1))
    return time.process_time() - started


def _write_trees(store: Store, scan: int, known: dict[str, list[Signature]]) -> None:
    """Store a repository with thirty applications of forty components each."""
    used = [one[0] for one in known.values()]
    built = Built("fleet", "", signatures={one.detection.id: one for one in used[:40]})
    for number in range(BUILT):
        parts = [
            Component(
                one.detection.id, Identifier.PACKAGE, "pkg:pypi/x", "1", Tie.DECLARED,
                Group.RUNTIME, True, (), f"app{number}/pyproject.toml", line,
            )
            for line, one in enumerate(used[:40])
        ]  # fmt: skip
        built.applications.append(
            Application(f"fleet/app{number}", f"app{number}", "", components=parts)
        )
    source = NewSource("fleet", 1, "f", 1, "r", "fleet", SOURCE_TREE, b"", b"", (), ())
    status = SourceStatus("fleet", SourceState.COMPLETE, SOURCE_TREE)
    yes = (lambda _signature, _part: True,) * 2
    store.write_tree(scan, 1, status, source, built, yes)


def measured(database: Path, rows: int, days: int) -> Iterator[Figure]:
    """Yield the figures of a year, after writing it into ``database`` if it is not there yet."""
    known = signatures()
    with SnapshotStore(database, may_create=True) as store:
        written = len(store.scans())
        taken = []
        for number in range(written, days):
            taken.append(write_day(store, number, rows // days, known))
            _say(f"day {number + 1} of {days}: {taken[-1]:.2f} s")
        if taken:
            yield Figure("a daily scan, median over the year", statistics.median(taken), "s", 5)
        number = max(written, days)
        yield Figure("one more day, 30,000 rows", write_day(store, number, 30_000, known), "s", 5)
        replaced = write_day(store, number, 30_000, known, again=True)
        yield Figure("that day again, other content: replaced", replaced, "s", 5)
        names = [one.id for one in store.systems() if one.level is not None]
        yield Figure("two systems merged", _merge(store, *names[-2:]), "s")
        gone = store.source_names()[-2]
        decision = Decision(f"source:{gone}", "forgotten", "b", "b", START, act=Act.FORGET)
        yield Figure("a day forgotten", _timed(lambda: store.forget(gone, decision)), "s", 5)
        yield Figure("facts of all systems, all sources", _timed(store.facts), "s")
        yield Figure("facts of all, summed", _timed(lambda: store.facts(is_summed=True)), "s")
        yield Figure("facts of one system", _timed(lambda: store.facts([names[0]])), "s")
        yield Figure("the inventory, read", _timed(store.systems), "s")
    yield Figure("file", database.stat().st_size / 1e9, "GB", 3)
    listing = ("inventory", "list", "--db", str(database))
    yield Figure("gnomon inventory list, the process", _process(*listing), "s", 0.3)
    changes = ("changes", "--since", "0", "--db", str(database))
    yield Figure("gnomon changes of a year, the process", _process(*changes), "s", 1)
    yield Figure("gnomon --help, the process, to compare", _process("--help"), "s")


def _merge(store: Store, stays: str, other: str) -> float:
    decision = Decision(
        stays, "merge", "bench", "bench", START, act=Act.MERGE, value={"other": other}
    )
    return _timed(lambda: store.decide(decision))


def _timed(work: Callable[[], object]) -> float:
    """Return CPU seconds of this process: others use the machine too."""
    started = time.process_time()
    work()
    return time.process_time() - started


def _process(*arguments: str) -> float:
    """Return the CPU seconds that a command takes from start to exit: the best of some."""
    environment = {
        **{one: value for one, value in os.environ.items() if one != "PYTHONDONTWRITEBYTECODE"},
        "PYTHONPATH": str(ROOT),
        "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir(), "gnomon-bench-bytecode")),
    }
    command = [sys.executable, "-m", "scanner.cli", *arguments]
    return min(_cpu_of(command, environment) for _ in range(_RUNS))


def _cpu_of(command: list[str], environment: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.inventory")
    parser.add_argument("--rows", type=int, default=ROWS, help="rows of evidence [10,000,000]")
    parser.add_argument("--days", type=int, default=DAYS, help="daily scans [365]")
    parser.add_argument("--keep", type=Path, help="the database: made, or measured if it is there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        database = options.keep or Path(scratch, "year.db")
        print(f"## A year: {options.rows:,} rows of evidence over {options.days} days\n")
        print("| what | CPU | at most | |\n|---|--:|--:|---|")
        for figure in measured(database, options.rows, options.days):
            print(figure.row, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
