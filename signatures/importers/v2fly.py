"""v2fly domain lists: a file for each owner; the AI categories include the files of AI vendors.

    include:anthropic
    include:google @ads @-cn
    full:api.example.com @ads
    example.ai

Reference: https://github.com/v2fly/domain-list-community (MIT)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from scanner.hosts import registrable_domain
from scanner.model import Identifier
from signatures.importers import Importer, Stated, commit_of
from signatures.importers.files import not_the_source, text_of

_CATEGORY = "category-ai*"
_ENTRY = re.compile(r"(?:(domain|full|keyword|regexp|include):)?(\S+)((?:\s+-?[@&]\S+)*)")
_LONGEST_NAME = 32  # a longer comment is a remark


class _Entry(NamedTuple):
    kind: str
    value: str
    attributes: frozenset[str]
    owner: str


class _Selection(NamedTuple):
    """What an include takes of a list: entries with these attributes, and without those."""

    having: frozenset[str] = frozenset()
    lacking: frozenset[str] = frozenset()

    def has(self, entry: _Entry) -> bool:
        return self.having <= entry.attributes and not self.lacking & entry.attributes

    def narrowed(self, attributes: frozenset[str]) -> _Selection:
        """Return what an include with these attributes takes; ``@-x`` are those without x."""
        without = {one for one in attributes if "-" in one[:2]}
        lacking = {f"@{one.lstrip('@-')}" for one in without}
        return _Selection(self.having | (attributes - without), self.lacking | lacking)


_ALL = _Selection()
_Seen = set[tuple[str, _Selection]]


def read(path: Path | None) -> Iterator[Stated]:
    """Yield the domains of every list that a ``category-ai`` file below ``path`` includes."""
    root = path or Path()
    data = root / "data"
    categories = sorted(data.glob(_CATEGORY))
    if not categories:
        raise not_the_source(root, f"data/{_CATEGORY}", "a checkout of v2fly/domain-list-community")
    commit = commit_of(root)
    seen: _Seen = set()
    for category in categories:
        yield from _list(data, category.name, commit, _ALL, seen)


def _list(
    data: Path, name: str, commit: str, selection: _Selection, seen: _Seen
) -> Iterator[Stated]:
    if (name, selection) in seen or not (data / name).is_file():
        return
    seen.add((name, selection))
    source = f"v2fly/domain-list-community@{commit} (MIT), data/{name}"
    for entry in _entries(data / name):
        if entry.kind == "include":
            yield from _list(data, entry.value, commit, selection.narrowed(entry.attributes), seen)
        elif entry.kind in ("domain", "full") and selection.has(entry):
            note = "shared or telemetry: supporting at most" if "@ads" in entry.attributes else ""
            how = "exact" if entry.kind == "full" else ""
            owner = entry.owner or registrable_domain(entry.value)
            yield Stated(owner, owner, Identifier.HOST, entry.value, source, note, how=how)


def _entries(file: Path) -> Iterator[_Entry]:
    """Yield the entries of a list, which is named after its owner.

    A category has many owners: a short comment names that of the block below it, if a blank line
    stands above. What no comment names has no owner here.
    """
    is_category = file.name.startswith("category-")
    owner = "" if is_category else file.name
    above = ""  # what the line above is: nothing, a comment or an entry
    for line in text_of(file).splitlines():
        text, _, comment = line.partition("#")
        if is_category and not text.strip():
            owner = _owner(comment.strip(), above, owner)
        if found := _ENTRY.match(text.strip()):
            kind, value, attributes = found.groups()
            yield _Entry(kind or "domain", value, frozenset(attributes.split()), owner)
        above = "entry" if text.strip() else "comment" if comment.strip() else ""


def _owner(comment: str, above: str, owner: str) -> str:
    """Return whose the entries below a comment, or a blank line, are."""
    if not comment or above == "entry":
        return ""
    if above == "comment":  # a remark below the owner's name
        return owner
    return comment if len(comment) <= _LONGEST_NAME else ""


IMPORTER = Importer("v2fly", "v2fly domain lists, AI categories", "MIT", read)
