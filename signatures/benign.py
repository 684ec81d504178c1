"""A run of the base over what is no AI: every hit is an error, or has its reason written down."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from scanner.model import Identifier, Signature
from scanner.spelling import spelling
from signatures.reading import Problem

HERE = Path(__file__).parent
# What must never match, with the reason why somebody might think it does.
BENIGN = HERE / "benign.tsv"
# What lists call benign and the base names all the same, with the reason.
EXCEPTIONS = HERE / "benign-exceptions.tsv"

Match = Callable[[Identifier, str], Signature | None]


class Row(NamedTuple):
    """A value of a channel and why it stands in the list; ``line`` is where."""

    channel: Identifier
    value: str
    why: str
    line: int


def run(match: Match, lists: Iterable[Path] = ()) -> list[Problem]:
    """Return the hits on the built-in list and on ``lists`` that no exception explains.

    Presence raises a question and claims no AI, so it counts as a hit only on the built-in list.
    """
    excepted = {(row.channel, spelling(row.channel, row.value)) for row in rows(EXCEPTIONS)}
    problems = [
        Problem(BENIGN, row.line, f"{row.value} must match nothing ({row.why}); it meets {met}")
        for row in rows(BENIGN)
        if (met := _hit(match, row, counts_presence=True))
    ]
    for path in lists:
        for row in _plain_rows(path):
            met = _hit(match, row, counts_presence=False)
            if met and not _is_excepted(row, met, excepted):
                problems.append(Problem(path, row.line, f"{row.value} is benign and meets {met}"))
    return problems


def rows(path: Path) -> list[Row]:
    """Return the rows of a list with the columns channel, value, why."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t")
        return [
            Row(Identifier(row["channel"]), row["value"], row["why"], reader.line_num)
            for row in reader
        ]


def _plain_rows(path: Path) -> Iterator[Row]:
    """Yield the first column of each line: a package URL, or else a host."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        for number, line in enumerate(file, 1):
            value = line.partition("\t")[0].strip()
            if value and not value.startswith("#"):
                is_package = value.startswith("pkg:")
                channel = Identifier.PACKAGE if is_package else Identifier.HOST
                yield Row(channel, value, "", number)


def _hit(match: Match, row: Row, counts_presence: bool) -> str | None:
    met = match(row.channel, row.value)
    if met is None or not (counts_presence or met.detection.evidence.creates_system):
        return None
    return met.detection.id


def _is_excepted(row: Row, met: str, excepted: set[tuple[Identifier, str]]) -> bool:
    return (row.channel, spelling(row.channel, row.value)) in excepted or (
        row.channel,
        met,
    ) in excepted
