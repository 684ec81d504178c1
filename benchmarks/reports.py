"""Reports of large inventories: ``python -m benchmarks.reports``.

Inventories of hundreds and thousands of systems, each with evidence of several days, users and
outcomes, written as scans write them. Every document is made by a process of its own, from the store
to the finished file, so that the memory is its own. It takes about a minute.
"""

from __future__ import annotations

import argparse
import importlib
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from benchmarks.inventory import ROOT, Figure
from scanner.inventory.identity import register_used_systems
from scanner.matching import Matcher
from scanner.model import (
    Action,
    AINature,
    Category,
    Channel,
    Detection,
    Evidence,
    EvidenceKey,
    EvidenceKind,
    Examples,
    Findings,
    Identifier,
    Level,
    LifeCycle,
    Product,
    Signature,
    SourceState,
    SourceStatus,
    Tier,
    Vendor,
    VendorKind,
)
from scanner.privacy import Privacy
from scanner.store import NewSource, Reader, Store

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
_VENDORS, _PEOPLE = 60, 2_000
_DAYS, _ROWS = 5, 8  # of evidence of a system on a day
_RUNS = 3
_MB = 1_000_000
_MODULES = ("babel.dates", "babel.numbers", "jinja2", "xlsxwriter")  # loaded when first needed


class Document(NamedTuple):
    """A report in a format of so many systems, and what it may take: CPU seconds and megabytes."""

    report: str
    style: str
    systems: int
    seconds: float
    file_mb: float | None = None
    memory_mb: float | None = None

    @property
    def name(self) -> str:
        return f"{self.report} as {self.style}, {self.systems:,} systems"


class Cost(NamedTuple):
    """What a document took: CPU seconds, without loading Python's modules, and megabytes."""

    seconds: float
    memory_mb: float
    file_mb: float


DOCUMENTS = (
    Document("brief", "html", 500, seconds=1, file_mb=1),
    Document("register", "xlsx", 5_000, seconds=10, memory_mb=200),
)


def vendors(systems: int) -> list[Vendor]:
    """Return vendors of as many products, of all kinds."""
    return [
        _vendor(f"v{first}", [_product(one) for one in range(first, systems, _VENDORS)])
        for first in range(min(_VENDORS, systems))
    ]


def _product(number: int) -> Product:
    kinds = list(Category)
    key = f"v{number % _VENDORS}.p{number}.host"
    return Product(
        id=f"p{number}",
        name=f"Product {number}",
        category=kinds[number % len(kinds)],
        ai_nature=AINature.PURE,
        detections=(
            Detection(key, Identifier.HOST, EvidenceKind.USE, 90, ("benchmark",), Examples((), ())),
        ),
    )


def signatures(known: list[Vendor]) -> list[Signature]:
    """Return every detection of all vendors, with whose it is."""
    return [
        Signature(vendor, product, detection)
        for vendor in known
        for product in vendor.products
        for detection in product.detections
    ]


def _vendor(key: str, products: list[Product]) -> Vendor:
    return Vendor(
        schema=1,
        id=key,
        name=f"Vendor {key[1:]}",
        kind=VendorKind.VENDOR,
        tier=Tier.BASIC,
        status=LifeCycle.ACTIVE,
        updated=date(2026, 11, 1),
        products=tuple(products),
    )


def write_store(database: Path, known: list[Signature]) -> None:
    """Write an inventory with a system for each product, the same each time."""
    findings = Findings(signatures={one.detection.id: one for one in known})
    with Store(database, may_create=True) as store:
        for number in range(_DAYS):
            at = NOW - timedelta(days=_DAYS - number)
            name = f"proxy-{number}.log"
            rows = list(_a_day(at, number, known))
            status = SourceStatus(
                name, SourceState.COMPLETE, "squid", read=len(rows), first=at, last=at
            )
            source = NewSource(name, 1, name, 1, "r", name, "squid", b"", b"", (), ())
            scan = store.begin_scan(at, "benchmark", "1", Privacy.PSEUDONYMOUS)
            store.write_source(scan, 0, status, source, findings, rows)
            register_used_systems(store)
            store.finish_scan(scan, at + timedelta(hours=1))


def _a_day(
    at: datetime, number: int, known: list[Signature]
) -> Iterator[tuple[EvidenceKey, Evidence]]:
    for place, signature in enumerate(known):
        for row in range(_ROWS):
            level = Level(2 + (place + row) % 3)
            person = (place * 7 + row * 31 + number) % _PEOPLE
            channel = Channel.PROXY if level > Level.RESOLVED else Channel.DNS
            action = Action.BLOCKED if row == _ROWS - 1 else Action.ALLOWED
            day = at.toordinal() - date(1970, 1, 1).toordinal()
            key = EvidenceKey(
                signature.detection.id, f"u-{person:020x}", "user", day, channel, action
            )
            yield key, Evidence(
                level, plain=row + 1, bytes_up=9_000 * (level is Level.USED), bytes_down=90_000,
                first=at, last=at, line=place * _ROWS + row + 1,
            )  # fmt: skip


def make(database: Path, document: Document, out: Path) -> Cost:
    """Make a document in this process, and return what it took."""
    from reports.material import Material
    from scanner.commands.report import find_report
    from scanner.config import Config
    from scanner.registry import CONNECTORS, DOWNLOADS, FORMATS, values

    matcher = Matcher(vendors(document.systems))
    write = find_report(document.report).outputs[document.style].write
    for group in (CONNECTORS, DOWNLOADS, FORMATS):
        values(group)  # loading modules is no part of what is timed
    for module in (*_MODULES, f"reports.writers.{document.style}"):
        importlib.import_module(module)
    started = time.process_time()
    with Reader(database, read_only=True) as store:
        content = write(Material(store, matcher, "benchmark", Config(organisation="B"), NOW))
    out.write_bytes(content.encode() if isinstance(content, str) else content)
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / _MB
    return Cost(seconds, peak, out.stat().st_size / _MB)


def measured(folder: Path, document: Document) -> Iterator[Figure]:
    """Yield the figures of a document: the best of some runs, each a process of its own."""
    database = folder / f"{document.systems}.db"
    if not database.exists():
        write_store(database, signatures(vendors(document.systems)))
    costs = [_in_a_process(database, document, folder / "out") for _ in range(_RUNS)]
    best = Cost(*map(min, zip(*costs, strict=True)))
    yield Figure(f"{document.name}: compose and write", best.seconds, "s", document.seconds)
    yield Figure(f"{document.name}: the file", best.file_mb, "MB", document.file_mb)
    yield Figure(f"{document.name}: peak memory", best.memory_mb, "MB", document.memory_mb)


def _in_a_process(database: Path, document: Document, out: Path) -> Cost:
    place = str(DOCUMENTS.index(document))
    command = [sys.executable, "-m", "benchmarks.reports", "--make", place]
    ran = subprocess.run(
        [*command, str(database), str(out)], check=True, capture_output=True, text=True, cwd=ROOT
    )
    return Cost(*map(float, ran.stdout.split()))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.reports")
    parser.add_argument("--make", nargs=3, metavar=("PLACE", "DATABASE", "OUT"))
    options = parser.parse_args()
    if options.make:
        place, database, out = options.make
        print(*make(Path(database), DOCUMENTS[int(place)], Path(out)))
        return 0
    print("## Reports\n\n| what | took | at most | |\n|---|--:|--:|---|")
    with tempfile.TemporaryDirectory() as folder:
        for document in DOCUMENTS:
            for figure in measured(Path(folder), document):
                print(figure.row, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
