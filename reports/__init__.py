"""Documents made from the store's views: a report is one file with one constant, ``REPORT``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from scanner.store import Reader


@dataclass(frozen=True, slots=True)
class Request:
    """What a document is asked to be about. ``since`` bounds what counts as new; None: last scan."""

    organisation: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A document. ``render`` returns its text from what the store holds, the same every time."""

    name: str
    title: str
    suffix: str
    render: Callable[[Reader, Request], str]
