"""Reports that an account offers for download: JSON, a JSON object a line, or CSV."""

from __future__ import annotations

import csv
import io
from typing import Any

import msgspec


def rows_of(content: bytes, kind: str = "") -> list[Any]:
    """Return the rows of a report as objects; a line that is none is left out."""
    text = content.decode("utf-8-sig", "replace")
    stripped = text.lstrip()
    if "csv" in kind or not stripped.startswith(("{", "[")):
        return [dict(row) for row in csv.DictReader(io.StringIO(text))]
    try:
        found = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return [row for row in map(_row, text.splitlines()) if row is not None]
    return found if isinstance(found, list) else [found]


def _row(line: str) -> Any:
    try:
        return msgspec.json.decode(line)
    except msgspec.DecodeError:
        return None
