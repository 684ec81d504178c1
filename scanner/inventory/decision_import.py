"""Decisions from a spreadsheet: each row a decision or none, with the file's hash; what became of each."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from scanner.inventory.decision_rows import Row, day_of, is_asked, read_sheet
from scanner.inventory.decision_sheet import COLUMNS, as_shown
from scanner.inventory.recording import Draft, Outcome, record
from scanner.inventory.review import draft, judge
from scanner.inventory.verdicts import VERDICTS, State, exemptions, midnight
from scanner.store import Store

_SEEN = re.compile(r"(\d{1,18})(?:\.0+)?")  # some programs write every number with a point


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
    """What became of a file. ``empty`` rows decide nothing; columns passed over are not ours."""

    sha256: str
    results: list[Result]
    empty: int
    passed_over: tuple[str, ...] = ()

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
    names = store.system_names()
    sheet = read_sheet(name, content)
    for row in sheet.rows:
        if not is_asked(row.values) and not row.flaw:
            empty += 1
            continue
        origin = {"file": {"name": name, "sha256": digest, "row": row.number}}
        try:
            _check_name(row, names)
            drafts.append((row, _draft(row, by, at, origin)))
        except ValueError as error:
            broken.append(_result(row, "error", str(error)))
    outcomes = record(
        store, [one for _, one in drafts], judge, is_partly, may_record=is_partly or not broken
    )
    told = _told((row for row, _ in drafts), outcomes)
    return Imported(digest, sorted([*broken, *told]), empty, sheet.passed_over)


def _check_name(row: Row, names: Mapping[str, str]) -> None:
    """Raise ValueError if a row has one system's id beside another's name.

    Whoever sorts the columns that they see, and not the hidden ones, would else decide on others.
    """
    id_, said = row.values.get("id", ""), row.values.get("name", "")
    known = as_shown(names.get(id_, said))
    if said and said.split() != known.split():
        raise ValueError(
            f"{said!r} stands beside the id of {known!r}: were rows sorted without the hidden "
            "columns, or was it renamed since; export again"
        )


def _draft(row: Row, by: str, at: datetime, origin: Mapping[str, Any]) -> Draft:
    """Return the decision of a row. Raises ValueError with what is wrong with it."""
    said = row.values
    if row.flaw:
        raise ValueError(row.flaw)
    verdict = _as_code(said.get("verdict", ""))
    if not verdict:
        filled = ", ".join(COLUMNS[one].heading for one in is_asked(said))
        raise ValueError(f"{filled} without a verdict")
    if verdict not in set(State):
        raise ValueError(f"{said['verdict']!r} is no verdict; one of {', '.join(VERDICTS)}")
    seen = _SEEN.fullmatch(said.get("seen", ""))
    if seen is None or not said.get("id"):
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
        code=_as_code(said.get("code", "")),
        seen=int(seen[1]),
        value=origin,
    )


def _as_code(said: str) -> str:
    """Return ``in_review`` for ``In review`` and ``in-review``."""
    return said.casefold().replace(" ", "_").replace("-", "_")


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
