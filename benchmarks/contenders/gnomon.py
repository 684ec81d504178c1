"""Gnomon: its reading alone, the screened one, and the whole command with its database."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import names
from benchmarks.contenders import Case, Counts, NotHereError, Reading

if TYPE_CHECKING:
    from scanner.logs import Format
    from scanner.logs.screen import Screen
    from scanner.privacy import Pseudonyms
    from scanner.reading.tasks import Looked

ROOT = Path(__file__).parent.parent.parent
_KEY = b"benchmark key of 32 or more bytes"
_NOW = datetime(2026, 11, 22, tzinfo=UTC)


def plain(case: Case) -> Reading:
    """Lines to evidence, in one process and without a store: what each process of a scan does."""
    return _reading(case, case.file, _sieve)


def packed(case: Case) -> Reading:
    """The same from the log as gzip packs it."""
    return _reading(case, case.packed, _sieve)


def screened(case: Case) -> Reading:
    """Only lines that hold a wanted name."""
    return _reading(case, case.file, _screen)


def screened_packed(case: Case) -> Reading:
    """Only lines that hold a wanted name, from the log as gzip packs it."""
    return _reading(case, case.packed, _screen)


def scan(case: Case) -> Reading:
    """The command ``gnomon scan`` from start to exit, into a new database."""
    return _scan(case, jobs=1)


def scan_two(case: Case) -> Reading:
    """The same with two processes that read."""
    return _scan(case, jobs=2)


def _reading(case: Case, file: Path, screen_of: Callable[[Format], Screen | None]) -> Reading:
    from scanner.inputs import LogInput
    from scanner.matching import Matcher
    from scanner.privacy import Pseudonyms
    from scanner.reading import Tools
    from scanner.reading.tasks import look
    from scanner.shapes import Shapes

    log_format = import_module(f"scanner.logs.formats.{case.log}").FORMAT
    pseudonyms = Pseudonyms(_KEY)
    folder = tempfile.TemporaryDirectory(prefix="gnomon-bench-")
    tools = Tools(
        formats=[log_format],
        envelopes=[],
        binaries=[],
        matcher=Matcher(names.vendors()),
        shapes=Shapes([]),
        pseudonyms=pseudonyms,
        folder=Path(folder.name),
        now=_NOW,
        screen=screen_of(log_format),
        screens=screen_of is _screen,
    )

    def read() -> Callable[[], Counts]:
        looked = look(tools, LogInput(str(file)), [], "bench", 1)
        return lambda: _counts_of(looked, pseudonyms, folder)

    return read


def _screen(log_format: Format) -> Screen:
    """Return the filter for the suffixes, where it finds all lines that matter."""
    screen = _prepared(log_format)
    if not screen.suits(log_format):
        raise NotHereError("no filter for it; pip install hyperscan, or lines without names matter")
    return screen


def _sieve(log_format: Format) -> Screen | None:
    """Return the same for reading that looks at every line, where the format has it."""
    return _prepared(log_format) if log_format.sieve is not None else None


def _prepared(log_format: Format) -> Screen:
    """Return the filter, made: a scan makes it once for all its logs."""
    from scanner.logs.screen import Screen

    screen = Screen(names.suffixes())
    screen.prepare([log_format])
    return screen


def _counts_of(
    looked: Looked, pseudonyms: Pseudonyms, folder: tempfile.TemporaryDirectory[str]
) -> Counts:
    from scanner import evidence

    assert looked.shown is not None, looked.why_unread
    found = looked.shown.findings
    client_of = _clients(pseudonyms)
    counts: Counter[tuple[str, str, int]] = Counter()
    for key, row in evidence.rows(found):
        product = found.signatures[key.detection].product_key
        counts[product, client_of[key.actor], key.day or 0] += row.plain + row.ipv6 + row.service
    folder.cleanup()
    return counts


def _scan(case: Case, jobs: int) -> Reading:
    folder = Path(tempfile.mkdtemp(prefix="gnomon-bench-"))
    database = folder / "bench.db"
    command = [sys.executable, "-m", "scanner.cli", "scan", str(case.file), "--jobs", str(jobs)]
    command += ["--db", str(database), "--signatures", str(case.signatures)]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "", "HOME": str(folder)}
    environment |= {"GNOMON_CACHE": str(case.cache)}

    def read() -> Callable[[], Counts]:
        subprocess.run(
            command, cwd=folder, env={**os.environ, **environment}, capture_output=True, check=True
        )
        return lambda: _counts_in(folder, database)

    return read


def _counts_in(folder: Path, database: Path) -> Counts:
    """Read the counts back from the database, and remove it."""
    from scanner.privacy import Pseudonyms, load_key

    client_of = _clients(Pseudonyms(load_key(database.with_suffix(".key"), may_create=False)))
    connection = sqlite3.connect(database)
    rows = connection.execute(_STORED).fetchall()
    connection.close()
    shutil.rmtree(folder)
    return {(product, client_of[code], day): n for product, code, day, n in rows}


def _clients(pseudonyms: Pseudonyms) -> dict[str, str]:
    return {pseudonyms.actor(None, client)[0]: client for client in names.clients()}


_STORED = """
SELECT product.key, actor.code, evidence.day, sum(plain + ipv6 + service)
FROM evidence
JOIN detection ON detection.id = evidence.detection
JOIN product ON product.id = detection.product
JOIN actor ON actor.id = evidence.actor
GROUP BY 1, 2, 3
"""
