"""R's DESCRIPTION by its fields; the reader of renv.lock needs it for what is direct."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scanner.manifests import Document, Group, Unreadable

_FIELD = re.compile(r"([A-Za-z][\w@/.-]*):(.*)")
_PACKAGE = re.compile(r"\s*([A-Za-z][A-Za-z0-9.]*)\s*(?:\(([^)]*)\))?\s*$")
_PERSON = re.compile(r'person\(\s*(?:given\s*=\s*)?"([^"]*)"\s*,\s*(?:family\s*=\s*)?"([^"]*)"')
_GROUPS = {
    "Depends": Group.RUNTIME,
    "Imports": Group.RUNTIME,
    "LinkingTo": Group.BUILD,
    "Suggests": Group.OPTIONAL,
}
OF_R_ITSELF = frozenset(
    {"R", "base", "compiler", "datasets", "graphics", "grDevices", "grid", "methods", "parallel"}
    | {"splines", "stats", "stats4", "tcltk", "tools", "translations", "utils"}
)


class Field(NamedTuple):
    """A field: its text, the line it begins in, and each of its lines."""

    text: str
    line: int
    lines: tuple[str, ...]


class Wanted(NamedTuple):
    name: str
    version: str
    group: Group
    line: int


def fields_of(document: Document) -> dict[str, Field]:
    """Return the fields of a DESCRIPTION. Raises Unreadable for a file without the usual ones."""
    found: dict[str, tuple[int, list[str]]] = {}
    parts: list[str] | None = None
    for number, line in enumerate(document.lines, 1):
        if line[:1] in (" ", "\t"):
            if parts is not None:
                parts.append(line)
        elif match := _FIELD.match(line):
            parts = [match[2]]
            found.setdefault(match[1], (number, parts))
        else:
            parts = None
    if not found.keys() & {"Package", *_GROUPS}:
        raise Unreadable("not R's: neither a package nor what one needs")
    return {
        name: Field(" ".join(" ".join(lines).split()), line, tuple(lines))
        for name, (line, lines) in found.items()
    }


def wanted(fields: dict[str, Field]) -> Iterator[Wanted]:
    """Yield the packages that the fields name, with their lines."""
    for name, group in _GROUPS.items():
        if name not in fields:
            continue
        field = fields[name]
        for line, text in enumerate(field.lines, field.line):
            for one in text.split(","):
                match = _PACKAGE.match(one)
                if match and match[1] not in OF_R_ITSELF:
                    yield Wanted(match[1], (match[2] or "").strip(), group, line)


def names_of(packages: Iterable[object]) -> list[str]:
    """Return the packages in a list such as ``["cli (>= 3.4)", "R6"]``."""
    texts = [one for one in packages if isinstance(one, str)]
    found = [match[1] for text in texts if (match := _PACKAGE.match(text[:200]))]
    return [name for name in found if name not in OF_R_ITSELF]


def people_of(fields: dict[str, Field]) -> tuple[str, ...]:
    if "Authors@R" in fields:
        people = _PERSON.findall(fields["Authors@R"].text)
        return tuple(f"{given} {family}" for given, family in people)
    named = [fields[name].text for name in ("Author", "Maintainer") if name in fields]
    return tuple(dict.fromkeys(named))
