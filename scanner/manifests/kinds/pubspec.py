r"""pubspec.yaml: what a Dart or Flutter application is called and which packages it wants.

    dependencies:
      dart_openai: ^5.1.0

What comes with an SDK (``sdk: flutter``) is no package of its own.
Reference: https://dart.dev/tools/pub/pubspec
"""

from __future__ import annotations

from collections.abc import Iterator

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
from scanner.manifests.line_index import YAML_KEYS, LineIndex
from scanner.manifests.outline import Node, of_yaml
from scanner.manifests.purls import purl
from scanner.model import Identifier

_SECTIONS = {
    "dependencies": Group.RUNTIME,
    "dev_dependencies": Group.DEV,
    "dependency_overrides": Group.RUNTIME,
}
_NOTHING = ("", "~", "null")


def read(document: Document) -> Iterator[Found]:
    data = next(iter(of_yaml(document)), Node())
    if not data.pairs:
        raise Unreadable("not a pubspec: no keys")
    places = LineIndex(document.text, YAML_KEYS)
    if name := data.get("name").text:
        yield _project(name, data, places)
    for section, group in _SECTIONS.items():
        wanted = data.get(section)
        begin = places.of(section) or 1
        if wanted.items or wanted.text not in _NOTHING:
            yield Trouble(f"{section} is no map", begin)
            continue
        for package, source in wanted.pairs:
            yield from _wanted(package, source, group, places.of(package, begin + 1))


def _wanted(name: str, source: Node, group: Group, line: int) -> Iterator[Mention | Trouble]:
    if any(key == "sdk" for key, _ in source.pairs):
        return
    version = source.text or source.get("version").text
    name = source.get("hosted", "name").text or name
    try:
        value = purl("pub", name)
    except Unreadable as error:
        yield Trouble(str(error), line)
        return
    version = "" if version in _NOTHING else version
    yield Mention(Identifier.PACKAGE, value, line, version, Tie.DECLARED, group, True)


def _project(name: str, data: Node, places: LineIndex) -> Project:
    authors = (data.get("author"), *data.get("authors").items)
    return Project(
        name,
        data.get("version").text,
        data.get("description").text.strip(),
        tuple(one.text for one in authors if one.text),
        tuple(one.text for one in data.get("workspace").items if one.text),
        is_deployable=bool(data.get("executables").pairs),
        line=places.of("name") or 1,
    )


MANIFEST = Manifest(
    name="pubspec",
    title="pubspec.yaml (Dart, Flutter)",
    files=("pubspec.yaml", "pubspec.yml"),
    read=read,
    reference="https://dart.dev/tools/pub/pubspec",
    samples={
        "pubspec.yaml": b"""\
name: answers
description: Answers mail.
version: 1.2.0+7
environment:
  sdk: ^3.4.0
dependencies:
  flutter:
    sdk: flutter
  dart_openai: ^5.1.0
dev_dependencies:
  test: any
"""
    },
)
