"""environment.yml: the packages of a conda environment, and those that pip adds to it.

    dependencies:
      - pytorch::pytorch=2.3

A package with its build, as ``conda env export`` writes it, is a locked one.
Reference: https://docs.conda.io/projects/conda/en/latest/user-guide/tasks/manage-environments.html
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from scanner.manifests import Document, Found, Group, Manifest, Mention, Tie, Trouble, Unreadable
from scanner.manifests.parsing import yaml_of
from scanner.manifests.purls import purl
from scanner.manifests.python_packages import HALVES, wanted
from scanner.manifests.requirement_lists import group_of_file, read_included
from scanner.model import Identifier

_SPEC = re.compile(
    r"(?:[\w./:-]+::)?([A-Za-z0-9_][\w.-]*)\s*(?:\[([^\[\]]*)\])?\s*([=<>!~\d*][^#\[]*)?(?:\[.*)?"
)
_ITEM = re.compile(
    r"""(?:^[ \t]*(?:-[ \t]+)*|[\[,][ \t]*)["']?((?:--?[a-z]+[ =])?[A-Za-z0-9_.][^"'\n\[\],]*)"""
)
_KEYED_VERSION = re.compile(r"""version\s*=\s*["']?([^"',\]]+)""")
_INCLUDE = re.compile(r"(?:-r|--requirement)[\s=]+(\S+)")
_LONGEST = 1000
_MOST = 1024 * 1024


def read(document: Document) -> Iterator[Found]:
    """Yield the packages of a conda environment."""
    documents = yaml_of(document)
    first = documents[0] if documents else None
    items = first.get("dependencies") if isinstance(first, dict) else None
    if not isinstance(items, list):
        raise Unreadable("not a conda environment: no list of dependencies")
    lines = _Lines(document)
    group = group_of_file(document.path)
    for item in items:
        if isinstance(item, dict):
            yield from _pip(document, item.get("pip"), group, lines)
        else:
            yield from _package(item, group, lines)


def _package(item: Any, group: Group, lines: _Lines) -> Iterator[Mention | Trouble]:
    text = str(item).strip()
    line = lines.next(text)
    spec = _SPEC.fullmatch(text) if isinstance(item, str) and len(text) < _LONGEST else None
    if not spec or HALVES.search(text):
        yield Trouble("not a package of conda", line)
        return
    name, keyed, version = spec.groups()
    found = _KEYED_VERSION.search(keyed or "")
    version = found.group(1) if found else (version or "").strip()
    exact = version.split("=")
    is_locked = version.startswith("=") and len(exact) == 3 and all(exact[1:])
    if is_locked:
        version = exact[1]
    yield Mention(
        Identifier.PACKAGE,
        purl("conda", name.lower()),
        line,
        version,
        Tie.LOCKED if is_locked else Tie.DECLARED,
        group,
        None if is_locked else True,
    )


def _pip(document: Document, items: Any, group: Group, lines: _Lines) -> Iterator[Found]:
    """Yield what pip adds: requirements, and lists of them."""
    for item in items if isinstance(items, list) else ():
        text = str(item).strip()
        line = lines.next(text)
        if include := _INCLUDE.match(text):
            yield from read_included(document, include.group(1), line, group)
            continue
        try:
            one = None if text.startswith("--") else wanted(text.removeprefix("-e "))
        except Unreadable as error:
            yield Trouble(str(error), line)
            continue
        if one:
            yield Mention(
                Identifier.PACKAGE, one.purl, line, one.version, group=group, is_direct=True
            )


class _Lines:
    """Finds the lines of a list's items in their order; all lines are looked at once."""

    def __init__(self, document: Document) -> None:
        self._found: dict[str, list[int]] = {}
        self._last = 1
        for number, line in enumerate(document.lines, 1):
            if not line.lstrip().startswith("#"):
                for item in _ITEM.findall(line):
                    text = item.partition(" #")[0].strip()
                    self._found.setdefault(text, []).append(number)

    def next(self, text: str) -> int:
        """Return the next line that holds an item; that of the item before if none does."""
        lines = self._found.get(text) or self._found.get(re.split(r"[\[,'\"]", text)[0], [])
        at = bisect_left(lines, self._last)
        if at < len(lines):
            self._last = lines[at]
        return self._last


MANIFEST = Manifest(
    name="conda-environment",
    title="conda environments",
    files=(
        "environment.yml",
        "environment.yaml",
        "environment-*.yml",
        "environment_*.yml",
    ),
    read=read,
    most=_MOST,
    reference="https://docs.conda.io/projects/conda/en/latest/user-guide/tasks/manage-environments.html",
    samples={
        "environment.yml": b"""\
name: claims
channels:
  - conda-forge
dependencies:
  - python=3.11
  - pytorch::pytorch>=2.3
  - numpy=1.26.4=py311h64a7726_0
  - pip
  - pip:
      - openai>=1.30
      - langchain[openai]~=0.2
"""
    },
)
