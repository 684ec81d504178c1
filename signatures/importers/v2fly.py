"""v2fly domain lists: a file for each owner; the AI categories include the files of AI vendors.

    include:anthropic
    full:api.example.com @ads
    example.ai

Reference: https://github.com/v2fly/domain-list-community (MIT)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from scanner.model import Identifier
from signatures.importers import Importer, Stated, commit_of

_CATEGORY = "category-ai*"
_ENTRY = re.compile(r"(?:(domain|full|keyword|regexp|include):)?(\S+)((?:\s+[@&]\S+)*)")


class _Entry(NamedTuple):
    kind: str
    value: str
    attributes: tuple[str, ...]
    owner: str


def read(path: Path | None) -> Iterator[Stated]:
    """Yield the domains of every list that a ``category-ai`` file below ``path`` includes."""
    root = path or Path()
    data = root / "data"
    commit = commit_of(root)
    seen: set[str] = set()
    for category in sorted(data.glob(_CATEGORY)):
        yield from _list(data, category.name, commit, seen)


def _list(data: Path, name: str, commit: str, seen: set[str]) -> Iterator[Stated]:
    if name in seen or not (data / name).is_file():
        return
    seen.add(name)
    source = f"v2fly/domain-list-community@{commit} (MIT), data/{name}"
    for entry in _entries(data / name):
        if entry.kind == "include":
            yield from _list(data, entry.value, commit, seen)
        elif entry.kind in ("domain", "full"):
            note = "shared or telemetry: supporting at most" if "@ads" in entry.attributes else ""
            how = "exact" if entry.kind == "full" else ""
            owner = entry.owner or name
            yield Stated(owner, owner, Identifier.HOST, entry.value, source, note, how=how)


def _entries(file: Path) -> Iterator[_Entry]:
    """Yield the entries of a list; in a category a comment above them names their owner."""
    owner = "" if file.name.startswith("category-") else file.name
    is_category = not owner
    for line in file.read_text(encoding="utf-8").splitlines():
        text, _, comment = line.partition("#")
        if is_category and not text.strip():
            owner = comment.strip()
        if found := _ENTRY.match(text.strip()):
            kind, value, attributes = found.groups()
            yield _Entry(kind or "domain", value, tuple(attributes.split()), owner)


IMPORTER = Importer("v2fly", "v2fly domain lists, AI categories", "MIT", read)
