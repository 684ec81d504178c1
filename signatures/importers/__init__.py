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

# A note that begins so says why a statement needs a person's eye before it can be proposed.
SUSPECT = "SUSPECT"


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
    if_known: bool = False  # the source does not speak of AI: counts if the base has the product


@dataclass(frozen=True, slots=True)
class Importer:
    """A source that can be read. ``licence`` is that of its data; only free ones are copied."""

    name: str
    title: str
    licence: str
    read: Callable[[Path | None], Iterator[Stated]]
    needs_path: bool = True


def commit_of(folder: Path) -> str:
    """Return the first twelve digits of a checkout's commit; "unknown commit" where it has none.

    git looks above the folder too: an archive unpacked inside a checkout has no commit of its own.
    """
    try:
        done = subprocess.run(  # noqa: S603 - the words are ours, the folder is the user's
            ["git", "-C", str(folder), "rev-parse", "--show-toplevel", "--short=12", "HEAD"],  # noqa: S607
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return "unknown commit"
    root, _, commit = done.stdout.strip().rpartition("\n")
    is_its_own = root != "" and Path(root).resolve() == folder.resolve()
    return commit if is_its_own and done.returncode == 0 else "unknown commit"
