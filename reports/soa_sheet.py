"""The worksheet of controls handed back: a workbook or CSV file in any language, read as statements."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice

from reports.texts import Texts, languages
from scanner.errors import UsageError
from scanner.inventory.applicability import Applies, Filled, Statement, state_controls
from scanner.inventory.decision_cells import Cells, sheets
from scanner.store import Store

_COLUMNS = ("control", "state", "reason", "seen")
_NEEDED = frozenset({"control", "state", "reason"})
_ROWS_ABOVE = 20  # titles and notes that people put above the headings
_NUMBER = re.compile(r"(\d{1,18})(?:\.0+)?")  # some programs write every number with a point
_CONTROL = re.compile(r"A\.\d{1,2}(?:\.\d{1,2}){1,2}")


def fill(store: Store, name: str, content: bytes, by: str, at: datetime) -> list[Filled]:
    """Record what people stated in a file. Raises UsageError if it is no worksheet of controls."""
    origin = {"name": name, "sha256": hashlib.sha256(content).hexdigest()}
    return state_controls(store, _statements(name, content), by, at, origin)


def _statements(name: str, content: bytes) -> list[Statement]:
    every = sheets(name, content)
    try:
        for cells in every:
            for row in islice(cells, _ROWS_ABOVE):
                places = _places(row.texts)
                if places.keys() >= _NEEDED:
                    return list(_rows(cells, places))
    finally:
        every.close()
    raise UsageError(
        f"{name}: no sheet has the columns of the worksheet in its first rows; begin with "
        "`gnomon report soa --as xlsx --out FILE`"
    )


def _places(row: Iterable[str]) -> dict[str, int]:
    """Return which columns a row of headings names, in whatever language."""
    known = {
        Texts(language)(f"soa.column.{column}").casefold(): column
        for language in languages()
        for column in _COLUMNS
    }
    found: dict[str, int] = {}
    for place, said in enumerate(row):
        column = known.get(" ".join(said.split()).casefold())
        if column is not None:
            found.setdefault(column, place)
    return found


def _rows(cells: Iterable[Cells], places: Mapping[str, int]) -> Iterator[Statement]:
    for row in cells:
        said = {
            column: row.texts[place].strip() if place < len(row.texts) else ""
            for column, place in places.items()
        }
        flaw = next((row.flaws[place] for place in places.values() if place in row.flaws), "")
        is_ours = _CONTROL.fullmatch(said["control"]) is not None
        if is_ours or said["state"] or said["reason"]:
            yield Statement(
                row=row.number,
                control=said["control"],
                state=_state(said["state"]),
                reason=said["reason"],
                seen=_seen(said.get("seen")),
                flaw=flaw,
            )


def _state(said: str) -> str:
    """Return the code of a state, said in any language; what is none stays as it is."""
    bare = " ".join(said.replace("_", " ").split()).casefold()
    words = {
        Texts(language)(f"soa.state.{one}").casefold(): one.value
        for language in languages()
        for one in Applies
    }
    codes = {one.value.replace("_", " "): one.value for one in Applies}
    return {**codes, **words}.get(bare, said)


def _seen(said: str | None) -> int | None:
    """Return the decision that the worksheet was written after; None without that column."""
    if said is None:
        return None
    number = _NUMBER.fullmatch(said)
    return int(number[1]) if number else 0
