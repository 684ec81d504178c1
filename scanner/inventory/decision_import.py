"""Decisions from a spreadsheet: each row a decision or none, with the file's hash; what became of each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from scanner.inventory.decision_rows import Row, day_of, is_asked, read_rows
from scanner.inventory.decision_sheet import COLUMNS
from scanner.inventory.recording import Draft, Outcome, record
from scanner.inventory.review import draft, judge
from scanner.inventory.verdicts import State, exemptions, midnight
from scanner.store import Store


class Result(NamedTuple):
    """What became of one row: recorded, stands already, conflict, error, or held back."""

    row: int
    system: str
    name: str
    verdict: str
    result: str
    detail: str
    number: int = 0  # of the decision, if it was recorded


class Imported(NamedTuple):
    """What became of a file. ``empty`` rows decide nothing."""

    sha256: str
    results: list[Result]
    empty: int

    @property
    def is_whole(self) -> bool:
        """Whether every decision in it stands now."""
        return all(one.result in ("recorded", "stands already") for one in self.results)


def import_decisions(
    store: Store,
    name: str,
    content: bytes,
    by: str,
    at: datetime,
    is_partly: bool = False,
) -> Imported:
    """Record the decisions of a file, given by its bytes. Raises UsageError if it cannot be read.

    One row with an error keeps all from being recorded, unless ``is_partly``. A row on whose system
    somebody decided since the file was written is a conflict, and is left as it is.
    """
    digest = hashlib.sha256(content).hexdigest()
    drafts: list[tuple[Row, Draft]] = []
    broken: list[Result] = []
    empty = 0
    for row in read_rows(name, content):
        if not is_asked(row.values) and not row.flaw:
            empty += 1
            continue
        origin = {"file": {"name": name, "sha256": digest, "row": row.number}}
        try:
            drafts.append((row, _draft(row, by, at, origin)))
        except ValueError as error:
            broken.append(_result(row, "error", str(error)))
    outcomes = record(
        store, [one for _, one in drafts], judge, is_partly, may_record=is_partly or not broken
    )
    told = _told((row for row, _ in drafts), outcomes)
    return Imported(digest, sorted([*broken, *told]), empty)


def _draft(row: Row, by: str, at: datetime, origin: Mapping[str, Any]) -> Draft:
    """Return the decision of a row. Raises ValueError with what is wrong with it."""
    said = row.values
    if row.flaw:
        raise ValueError(row.flaw)
    verdict = said.get("verdict", "").casefold().replace(" ", "_")
    if not verdict:
        filled = ", ".join(COLUMNS[one].heading for one in is_asked(said))
        raise ValueError(f"{filled} without a verdict")
    if verdict not in set(State):
        raise ValueError(f"{said['verdict']!r} is no verdict")
    seen = said.get("seen", "")
    if not seen.isdecimal() or not said.get("id"):
        raise ValueError(
            f"{COLUMNS['id'].heading} and {COLUMNS['seen'].heading} are not as they were exported"
        )
    due = day_of(said.get("review_due", ""))
    return draft(
        system=said["id"],
        verdict=State(verdict),
        reason=said.get("reason", ""),
        by=by,
        at=at,
        review_due=midnight(due) if due else None,
        conditions=said.get("conditions"),
        exceptions=exemptions(said.get("exceptions", "")),
        code=said.get("code", "").casefold().replace(" ", "_"),
        seen=int(seen[:18]),
        value=origin,
    )


def _told(rows: Iterable[Row], outcomes: Iterable[Outcome]) -> Iterator[Result]:
    for row, outcome in zip(rows, outcomes, strict=True):
        if outcome.flaw:
            yield _result(row, "error", outcome.flaw)
        elif outcome.conflict:
            yield _result(row, "conflict", outcome.conflict)
        elif outcome.is_same:
            yield _result(row, "stands already", "recorded before, word for word")
        elif outcome.decision is None:
            yield _result(row, "held back", "sound, but other rows have errors")
        else:
            yield _result(row, "recorded", outcome.note, outcome.decision.number)


def _result(row: Row, result: str, detail: str, number: int = 0) -> Result:
    said = row.values
    return Result(
        row.number,
        said.get("id", ""),
        said.get("name", ""),
        said.get("verdict", ""),
        result,
        detail,
        number,
    )
