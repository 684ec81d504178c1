"""A questionnaire that a supplier filled in, read back: each row an answer or none, all or nothing.

What comes back is as hostile as any evidence: formulas are refused, and everything else is a text.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from scanner.errors import UsageError
from scanner.inventory.decision_cells import Cells, sheets
from scanner.inventory.decision_rows import day_of
from scanner.inventory.recording import Draft, Outcome
from scanner.inventory.supplier_answering import Given, answer_all, draft
from scanner.inventory.supplier_answers import Reply
from scanner.inventory.supplier_questions import Asks, question
from scanner.inventory.supplier_statements import SourceKind
from scanner.store import Store

_REFERENCE = re.compile(r"([a-z0-9][a-z0-9.-]{0,80})/(Q\d\d)/(\d{1,18})")
_NEEDED = ("reference", "state", "answer")
_FILLED = ("state", "answer", "source", "as_of", "tier", "valid_until")
_MOST_BYTES = 64 * 1024 * 1024
_MOST_ROWS = 2_000
_ROWS_ABOVE = 20


class Lexicon(NamedTuple):
    """The words of a questionnaire in every language: headings and states, folded, by their keys."""

    headings: Mapping[str, str]
    states: Mapping[str, Reply]


class Result(NamedTuple):
    """What became of one row: recorded, stands already, conflict, error, or held back."""

    row: int
    question: str
    state: str
    result: str
    detail: str
    number: int = 0


class Returned(NamedTuple):
    """What became of a file. ``empty`` rows answer nothing."""

    sha256: str
    results: list[Result]
    empty: int

    @property
    def is_whole(self) -> bool:
        return all(one.result in ("recorded", "stands already") for one in self.results)


class _Row(NamedTuple):
    number: int
    values: Mapping[str, str]
    flaw: str = ""


def reference(supplier: str, asked: str, seen: int) -> str:
    """Return what says in a questionnaire which answer a row is, and which one its maker saw."""
    return f"{supplier}/{asked}/{seen}"


def import_answers(
    store: Store,
    supplier: str,
    name: str,
    content: bytes,
    words: Lexicon,
    by: str,
    at: datetime,
    known: Collection[str],
    may_record: bool = True,
) -> Returned:
    """Record the answers of a file, given by its bytes. Raises UsageError if it cannot be read.

    One row with an error keeps all from being recorded. One that somebody answered since the file
    was written is a conflict, and is left as it is. Without ``may_record`` nothing is recorded, and
    what would become of it is told.
    """
    digest = hashlib.sha256(content).hexdigest()
    drafts: list[tuple[_Row, Draft]] = []
    broken: list[Result] = []
    empty = 0
    for row in _rows(name, content, words.headings):
        if not row.flaw and not any(row.values.get(one) for one in _FILLED):
            empty += 1
            continue
        origin = {"file": {"name": name, "sha256": digest, "row": row.number}}
        try:
            drafts.append((row, _draft(row, supplier, words, by, at, origin)))
        except (UsageError, ValueError) as error:
            broken.append(_result(row, "error", str(error)))
    outcomes = answer_all(store, [one for _, one in drafts], known, may_record and not broken)
    is_whole = not broken and not any(one.flaw for one in outcomes)
    held = "" if is_whole else "sound, but other rows have errors"
    told = (_told(row, one, held) for (row, _), one in zip(drafts, outcomes, strict=True))
    return Returned(digest, sorted([*broken, *told]), empty)


def _draft(
    row: _Row, supplier: str, words: Lexicon, by: str, at: datetime, origin: Mapping[str, Any]
) -> Draft:
    """Return the answer of a row. Raises ValueError or UsageError with what is wrong with it."""
    said = row.values
    if row.flaw:
        raise ValueError(row.flaw)
    found = _REFERENCE.fullmatch(said.get("reference", ""))
    if found is None:
        raise ValueError("its reference is not as it was sent out")
    if found[1] != supplier:
        raise ValueError(f"it is about {found[1]}, and not about {supplier}")
    asked = question(found[2])
    if asked is None or asked.asks is not Asks.SUPPLIER:
        raise ValueError(f"{found[2]} is not for the supplier to answer")
    state = words.states.get(_folded(said.get("state", "")))
    if state is None:
        known = ", ".join(sorted(words.states))
        raise ValueError(f"{said.get('state', '')!r} is no state; one of {known}")
    given = Given(
        question=asked.id,
        reply=state,
        value=said.get("answer", ""),
        kind=SourceKind.VENDOR_ANSWER,
        url=said.get("source", ""),
        as_of=day_of(said.get("as_of", "")),
        tier=said.get("tier", ""),
        valid_until=day_of(said.get("valid_until", "")),
    )
    return draft(supplier, given, by, at, int(found[3]), origin)


def _told(row: _Row, outcome: Outcome, held: str) -> Result:
    if outcome.flaw:
        return _result(row, "error", outcome.flaw)
    if outcome.conflict:
        return _result(row, "conflict", outcome.conflict)
    if outcome.is_same:
        return _result(row, "stands already", "recorded before, word for word")
    if outcome.decision is None:
        return _result(row, "held back", held)
    return _result(row, "recorded", outcome.note, outcome.decision.number)


def _result(row: _Row, result: str, detail: str, number: int = 0) -> Result:
    asked = row.values.get("reference", "").split("/")
    name = asked[1] if len(asked) == 3 else ""
    return Result(row.number, name, row.values.get("state", ""), result, detail, number)


def _rows(name: str, content: bytes, headings: Mapping[str, str]) -> Iterator[_Row]:
    """Yield the rows of the tables that have our headings. Raises UsageError if there is none."""
    is_found = False
    tables = _tables(name, content) if _is_word(content) else sheets(name, content)
    for table in tables:
        places = _places(table, headings)
        is_found = is_found or bool(places)
        for row in table if places else ():
            values = {
                key: row.texts[at].strip() for key, at in places.items() if at < len(row.texts)
            }
            flaw = next((row.flaws[at] for at in places.values() if at in row.flaws), "")
            if any(values.values()) or flaw:
                yield _Row(row.number, values, flaw)
    if not is_found:
        raise UsageError(
            f"{name}: no table of it has the headings of a questionnaire; begin with "
            "`gnomon suppliers questionnaire`"
        )


def _places(table: Iterator[Cells], headings: Mapping[str, str]) -> dict[str, int]:
    """Return where our columns are, by the first row that names those needed; {} if none does."""
    for row in islice(table, _ROWS_ABOVE):
        found = {
            headings[folded]: at
            for at, text in enumerate(row.texts)
            if (folded := _folded(text)) in headings
        }
        if not set(_NEEDED) - found.keys():
            return found
    return {}


def _folded(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())


def folded(words: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return keys by words as they are compared."""
    return {_folded(text): key for text, key in words}


def _is_word(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "word/document.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def _tables(name: str, content: bytes) -> Iterator[Iterator[Cells]]:
    """Yield the rows of each table of a Word document, as texts."""
    import docx

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > _MOST_BYTES:
                raise UsageError(f"{name}: a document of more than 64 MiB unpacked")
        found = docx.Document(io.BytesIO(content)).tables
    except UsageError:
        raise
    except Exception as error:
        raise UsageError(f"{name}: a document that cannot be read: {error}") from error
    number = 0
    for table in found:
        rows = []
        for row in table.rows:
            number += 1
            if number > _MOST_ROWS:
                raise UsageError(f"{name}: more than {_MOST_ROWS:,} rows; split it")
            rows.append(Cells(number, [cell.text for cell in row.cells]))
        yield iter(rows)
