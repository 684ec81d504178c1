"""The manifest of Bower, which fetched packages for web pages before npm did.

    {"name": "harbour-site", "dependencies": {"jquery": "~2.1.3", "chat": "deep-chat#^1.4"},
     "devDependencies": {"qunit": "qunitjs/qunit#1.18.0"}}

Before ``#`` a version may hold the package that the name stands for, or where it is fetched from.
Reference: https://github.com/bower/spec/blob/master/json.md
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from scanner.manifests import (
    Document,
    Found,
    Group,
    Manifest,
    Mention,
    Project,
    Trouble,
    Unreadable,
)
from scanner.manifests.line_index import LineIndex
from scanner.manifests.npm import is_own
from scanner.manifests.parsing import typed_json
from scanner.manifests.purls import purl
from scanner.manifests.untyped import mapping, text, texts
from scanner.model import Identifier

_NAME = re.compile(r"[\w.-]{1,100}")
_SECTIONS = (("dependencies", Group.RUNTIME), ("devDependencies", Group.DEV))


class _Bower(msgspec.Struct):
    name: Any = None
    version: Any = None
    description: Any = None
    authors: Any = None
    dependencies: Any = None
    devDependencies: Any = None  # noqa: N815 - as the file names it


def read(document: Document) -> Iterator[Found]:
    """Yield the project and each package it asks for."""
    manifest = typed_json(document, _Bower)
    keys = LineIndex(document.text)
    if manifest.name:
        yield Project(
            text(manifest.name).strip(),
            version=text(manifest.version).strip(),
            description=text(manifest.description).strip(),
            people=tuple(_people(manifest.authors)),
            line=keys.of("name") or 1,
        )
    for section, group in _SECTIONS:
        start = keys.of(section)
        for name, spec in mapping(getattr(manifest, section)).items():
            yield from _mention(name, text(spec).strip(), group, keys.of(name, start))


def _mention(name: str, spec: str, group: Group, line: int) -> Iterator[Found]:
    if is_own(spec):
        return
    real, mark, version = spec.partition("#")
    if mark and _NAME.fullmatch(real):
        name, spec = real, version
    if not _NAME.fullmatch(name):
        yield Trouble(f"no name of a package: {name[:80]!r}", line)
        return
    try:
        value = purl("bower", name)
    except Unreadable as error:
        yield Trouble(str(error), line)
        return
    yield Mention(Identifier.PACKAGE, value, line, version=spec, group=group, is_direct=True)


def _people(authors: Any) -> Iterator[str]:
    yield from texts(authors)
    for one in authors if isinstance(authors, list) else ():
        name, email = (text(mapping(one).get(key)).strip() for key in ("name", "email"))
        if name:
            yield f"{name} <{email}>" if email else name


_SAMPLE = b"""{
  "name": "harbour-site",
  "authors": ["Ana Roe <ana@example.com>"],
  "dependencies": {
    "chat": "deep-chat#^1.4",
    "jquery": "~2.1.3"
  },
  "devDependencies": {
    "qunit": "qunitjs/qunit#1.18.0"
  },
  "resolutions": {"jquery": "2.1.4"}
}
"""

MANIFEST = Manifest(
    name="bower-json",
    title="Bower manifest (bower.json)",
    files=("bower.json",),
    read=read,
    reference="https://github.com/bower/spec/blob/master/json.md",
    samples={"bower.json": _SAMPLE},
)
