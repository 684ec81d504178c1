"""The logs of the benchmark: each a file with one constant, ``LOG``, that writes one format.

    python -m benchmarks.logs NAME LINES FILE

writes LINES lines; the same arguments give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from itertools import islice
from pathlib import Path

from benchmarks.traffic import Visit, visits

NAMES = ("zeek_tsv", "zeek_json", "squid", "umbrella_dns", "suricata", "bind")
_LINES_AT_ONCE = 10_000


class Kind(StrEnum):
    """What a log is made of: decides which speed Gnomon aims at."""

    COLUMNS = "columns"
    TEXT = "text"
    JSON = "JSON"


@dataclass(frozen=True, slots=True)
class Log:
    """A log that can be written. ``lines`` turns visits into lines with their ends."""

    title: str
    kind: Kind
    lines: Callable[[Iterable[Visit]], Iterator[str]]
    keeps_case: bool
    lines_per_visit: float = 1.0
    header: str = ""
    footer: str = ""


def log_of(name: str) -> Log:
    """Return the log of that name: the ``LOG`` of the module of that name."""
    log: Log = import_module(f"benchmarks.logs.{name}").LOG
    return log


def write(log: Log, file: Path, lines: int) -> None:
    """Write ``lines`` lines between header and footer; memory does not grow with them."""
    number = max(1, round(lines / log.lines_per_visit))
    written = islice(log.lines(visits(number, log.keeps_case)), lines)
    with file.open("w", encoding="ascii", newline="\n") as out:
        out.write(log.header)
        while text := "".join(islice(written, _LINES_AT_ONCE)):
            out.write(text)
        out.write(log.footer)
