"""One contender reads one log and reports, in a process of its own so that its memory is its own.

    python -m benchmarks.contenders NAME LOG SUFFIXES

prints one JSON object: seconds and CPU seconds of the reading alone, peak memory of the process at
that moment, and a digest of the counts by (product, client, day). Every contender but ``grep``
must arrive at the same digest.
"""

from __future__ import annotations

import hashlib
import json
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks import names

ROOT = Path(__file__).parent.parent
Counts = dict[tuple[str, str, int], int]
Reading = Callable[[], Callable[[], Counts]]
_DAY = 86_400
_HASH = ord("#")


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run took, and what it found."""

    seconds: float
    cpu_seconds: float
    setup_seconds: float
    peak_mb: float
    keys: int
    hits: int
    digest: str


def gnomon(log: Path, _: Path) -> Reading:
    """Gnomon's own reading: lines, host table, observations, matching, evidence; no store."""
    from datetime import UTC, datetime

    from scanner.engine import Engine
    from scanner.inputs import LogInput
    from scanner.logs.formats.zeek_tsv import FORMAT
    from scanner.logs.streams import LogStream
    from scanner.matching import Matcher
    from scanner.privacy import Pseudonyms
    from scanner.shapes import Shapes

    pseudonyms = Pseudonyms(b"benchmark key of 32 or more bytes")
    now = datetime.now(UTC)
    engine = Engine(
        [FORMAT], Matcher(names.vendors()), Shapes([]), pseudonyms, "bench", "bench", lambda: now
    )
    source = LogInput(str(log))

    def read() -> Callable[[], Counts]:
        with LogStream(log) as stream:
            _, findings = engine.read(source, stream, FORMAT, source.clock(now))
        return lambda: _counts_of(findings, pseudonyms)

    return read


def plain(log: Path, suffixes: Path) -> Reading:
    """The loop that anyone would write: split every line, walk up the host's labels."""
    product_of = names.read_suffixes(suffixes)

    def read() -> Callable[[], Counts]:
        counts: Counts = Counter()
        with log.open(encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("#"):
                    continue
                cells = line.split("\t")
                product = _walk(cells[9].lower(), product_of)
                if product is not None:
                    counts[product, cells[2], int(float(cells[0])) // _DAY] += 1
        return lambda: counts

    return read


def memo(log: Path, suffixes: Path) -> Reading:
    """The least that pure Python can do for this one format: no account, no evidence, no bounds."""
    product_of = names.read_suffixes(suffixes)

    class Products(dict[bytes, str | None]):
        def __missing__(self, raw: bytes) -> str | None:
            self[raw] = product = _walk(raw.decode().lower(), product_of)
            return product

    def read() -> Callable[[], Counts]:
        counts: Counts = Counter()
        products = Products()
        with log.open("rb") as lines:
            for line in lines:
                if line[0] == _HASH:
                    continue
                cells = line.split(b"\t", 10)
                product = products[cells[9]]
                if product is not None:
                    counts[product, cells[2].decode(), int(float(cells[0])) // _DAY] += 1
        return lambda: counts

    return read


def duckdb(log: Path, suffixes: Path) -> Reading:
    """DuckDB on one thread: group by host, client and day, then find each host's longest suffix."""
    import duckdb

    from benchmarks.dnslog import COLUMNS

    db = duckdb.connect(config={"threads": 1})
    db.execute("CREATE TABLE suffix (suffix VARCHAR, product VARCHAR)")
    db.execute(f"COPY suffix FROM '{suffixes}' (DELIMITER '\t', HEADER false)")
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in COLUMNS)
    query = _SQL.format(log=str(log).replace("'", "''"), columns=columns)

    def read() -> Callable[[], Counts]:
        rows = db.execute(query).fetchall()
        return lambda: {(product, client, int(day)): int(n) for product, client, day, n in rows}

    return read


_SQL = """
WITH met AS (
    SELECT lower(query) AS host, "id.orig_h" AS client,
           CAST(floor(CAST(ts AS DOUBLE) / 86400) AS INTEGER) AS day, count(*) AS n
    FROM read_csv('{log}', delim = '\t', header = false, comment = '#', quote = '', escape = '',
                  auto_detect = false, columns = {{{columns}}})
    GROUP BY ALL
), host AS (
    SELECT DISTINCT host, string_split(host, '.') AS labels FROM met
), ladder AS (
    SELECT host, labels, unnest(range(1, len(labels) + 1)) AS step FROM host
), found AS (
    SELECT ladder.host, arg_min(suffix.product, ladder.step) AS product
    FROM ladder JOIN suffix
      ON suffix.suffix = array_to_string(list_slice(labels, step, len(labels)), '.')
    GROUP BY ladder.host
)
SELECT product, client, day, sum(n) FROM met JOIN found USING (host) GROUP BY ALL
"""


def grep(log: Path, suffixes: Path) -> Reading:
    """``grep -c -F -f``: counts lines that hold a suffix anywhere; no host, client or day."""
    patterns = suffixes.with_suffix(".patterns")
    patterns.write_text("".join(f"{suffix}\n" for suffix in names.read_suffixes(suffixes)))

    def read() -> Callable[[], Counts]:
        command = ["grep", "-c", "-F", "-f", str(patterns), str(log)]
        done = subprocess.run(command, capture_output=True, env={"LC_ALL": "C"}, check=True)
        return lambda: {("any line", "", 0): int(done.stdout)}

    return read


def scan(log: Path, suffixes: Path) -> Reading:
    """The command ``gnomon scan``, from start to exit, into a new database."""
    folder = Path(tempfile.mkdtemp(prefix="gnomon-bench-"))
    database = folder / "bench.db"
    command = [sys.executable, "-m", "scanner.cli", "scan", str(log.resolve())]
    command += [
        "--db",
        str(database),
        "--signatures",
        str((suffixes.parent / "signatures").resolve()),
    ]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "", "HOME": str(folder)}

    def read() -> Callable[[], Counts]:
        subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
        return lambda: _counts_in(folder, database)

    return read


CONTENDERS: dict[str, Callable[[Path, Path], Reading]] = {
    "gnomon": gnomon,
    "scan": scan,
    "plain": plain,
    "memo": memo,
    "duckdb": duckdb,
    "grep": grep,
}
_IN_A_CHILD = ("grep", "scan")


def measure(name: str, log: Path, suffixes: Path) -> Measured:
    """Run one contender once. The digest is taken after memory and time are read off."""
    begin = time.perf_counter()
    read = CONTENDERS[name](log, suffixes)
    cpu, start = _cpu_seconds(), time.perf_counter()
    result = read()
    end = time.perf_counter()
    cpu_seconds, peak = _cpu_seconds() - cpu, _peak_mb(of_child=name in _IN_A_CHILD)
    counts = result()
    return Measured(
        end - start,
        cpu_seconds,
        start - begin,
        peak,
        len(counts),
        sum(counts.values()),
        digest(counts),
    )


def digest(counts: Counts) -> str:
    """Return a hash of the counts in the order of their keys."""
    text = "".join(f"{key[0]}\t{key[1]}\t{key[2]}\t{n}\n" for key, n in sorted(counts.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _walk(host: str, product_of: dict[str, str]) -> str | None:
    while host:
        product = product_of.get(host)
        if product is not None:
            return product
        host = host.partition(".")[2]
    return None


def _counts_of(findings: Any, pseudonyms: Any) -> Counts:
    client_of = {pseudonyms.actor(None, client)[0]: client for client in names.clients()}
    counts: Counts = Counter()
    for key, evidence in findings.evidence.items():
        product = findings.signatures[key.detection].product_key
        records = evidence.plain + evidence.ipv6 + evidence.service
        counts[product, client_of[key.actor], key.day] += records
    return counts


def _counts_in(folder: Path, database: Path) -> Counts:
    """Read the counts back from the database, and remove it."""
    from scanner.privacy import Pseudonyms, load_key

    pseudonyms = Pseudonyms(load_key(database.with_suffix(".key"), may_create=False))
    client_of = {pseudonyms.actor(None, client)[0]: client for client in names.clients()}
    connection = sqlite3.connect(database)
    rows = connection.execute(_STORED).fetchall()
    connection.close()
    shutil.rmtree(folder)
    return {(product, client_of[code], day): n for product, code, day, n in rows}


_STORED = """
SELECT product.key, actor.code, evidence.day, sum(plain + ipv6 + service)
FROM evidence
JOIN detection ON detection.id = evidence.detection
JOIN product ON product.id = detection.product
JOIN actor ON actor.id = evidence.actor
GROUP BY 1, 2, 3
"""


def _cpu_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _peak_mb(of_child: bool) -> float:
    who = resource.RUSAGE_CHILDREN if of_child else resource.RUSAGE_SELF
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, KiB elsewhere
    return resource.getrusage(who).ru_maxrss * unit / 1e6


if __name__ == "__main__":
    print(json.dumps(asdict(measure(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))))
