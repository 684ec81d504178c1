"""Importers: what outside sources state about AI vendors, as proposals for a person to review.

An importer is one file in this folder with one constant, ``IMPORTER``. It reads a local copy (a
checkout, a file, an installed package), opens no connection and judges nothing: it yields each
identifier with the place that states it.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from scanner.model import Category, Identifier


class Stated(NamedTuple):
    """One identifier as a source states it. Hosts are suffixes unless ``channel`` says a path."""

    vendor: str
    product: str
    channel: Identifier
    value: str
    source: str
    note: str = ""
    category: Category = Category.OTHER
    how: str = ""  # exact or pattern, where it is not the usual way of its channel


@dataclass(frozen=True, slots=True)
class Importer:
    """A source that can be read. ``licence`` is that of its data; only free ones are copied."""

    name: str
    title: str
    licence: str
    read: Callable[[Path | None], Iterator[Stated]]
    needs_path: bool = True


def commit_of(folder: Path) -> str:
    """Return the first twelve digits of a checkout's commit; "unknown commit" where it has none."""
    try:
        done = subprocess.run(  # noqa: S603 - the words are ours, the folder is the user's
            ["git", "-C", str(folder), "rev-parse", "--short=12", "HEAD"],  # noqa: S607
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return "unknown commit"
    return done.stdout.strip() or "unknown commit"
