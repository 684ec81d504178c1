"""Documents made from the store's views: a report is one file with one constant, ``REPORT``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scanner.store import Reader


@dataclass(frozen=True, slots=True)
class Report:
    """A document. ``render`` returns its text for an organisation from what the store holds."""

    name: str
    title: str
    suffix: str
    render: Callable[[Reader, str], str]
