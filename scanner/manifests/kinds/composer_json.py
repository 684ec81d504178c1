r"""composer.json: what a PHP application is called and which packages it wants.

    {"name": "acme/answers", "require": {"php": ">=8.2", "openai-php/client": "^0.10"},
     "require-dev": {"pestphp/pest": "^2.0"}}

PHP itself, its extensions and Composer's own names have no vendor before a slash, and are no
packages. What ``suggest`` names is installed by whoever chooses to.
Reference: https://getcomposer.org/doc/04-schema.md
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scanner.manifests import (
    Document,
    Found,
    Group,
    Manifest,
    Mention,
    Project,
    Tie,
    Trouble,
    Unreadable,
)
from scanner.manifests.line_index import LineIndex
from scanner.manifests.parsing import json_of
from scanner.manifests.purls import purl
from scanner.manifests.untyped import text
from scanner.model import Identifier

_SECTIONS = {
    "require": Group.RUNTIME,
    "require-dev": Group.DEV,
    "suggest": Group.OPTIONAL,
}


def read(document: Document) -> Iterator[Found]:
    data = json_of(document)
    if not isinstance(data, dict):
        raise Unreadable("not Composer's: no object")
    places = LineIndex(document.text)
    if isinstance(name := data.get("name"), str) and name:
        yield _project(name, data, places)
    for section, group in _SECTIONS.items():
        wanted = data.get(section) or {}
        begin = places.of(section) or 1
        if isinstance(wanted, dict):
            yield from _wanted(wanted, group, begin, places)
        else:
            yield Trouble(f"{section} is no object", begin)


def _wanted(
    wanted: dict[str, Any], group: Group, begin: int, places: LineIndex
) -> Iterator[Mention | Trouble]:
    for name, written in wanted.items():
        if "/" not in name:
            continue
        line = places.of(name, begin)
        # A suggestion gives the reason for it.
        version = "" if group is Group.OPTIONAL else text(written)
        try:
            value = purl("composer", name)
        except Unreadable as error:
            yield Trouble(str(error), line)
            continue
        yield Mention(Identifier.PACKAGE, value, line, version, Tie.DECLARED, group, True)


def _project(name: str, data: dict[str, Any], places: LineIndex) -> Project:
    authors = data.get("authors")
    people = authors if isinstance(authors, list) else []
    return Project(
        name,
        text(data.get("version")),
        text(data.get("description")),
        tuple(filter(None, (_person(one) for one in people if isinstance(one, dict)))),
        is_deployable=data.get("type") == "project",
        line=places.of("name") or 1,
    )


def _person(author: dict[str, Any]) -> str:
    name, email = text(author.get("name")), text(author.get("email"))
    return f"{name} <{email}>" if name and email else name or email


MANIFEST = Manifest(
    name="composer-json",
    title="composer.json (PHP)",
    files=("composer.json",),
    read=read,
    reference="https://getcomposer.org/doc/04-schema.md",
    samples={
        "composer.json": b"""\
{
  "name": "acme/answers",
  "type": "project",
  "require": {
    "php": "^8.2",
    "openai-php/client": "^0.10"
  },
  "require-dev": {
    "phpunit/phpunit": "^11.0"
  }
}
"""
    },
)
