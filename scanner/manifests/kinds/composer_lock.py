r"""composer.lock: which PHP packages Composer resolved, and which package needs which.

    {"packages": [{"name": "openai-php/client", "version": "v0.10.3",
                   "require": {"php": "^8.1", "php-http/discovery": "^1.20"}}]}

Which of them the application asked for stands in composer.json alone; it is read where it lies
beside. A package may need a name that others ``provide`` or ``replace``.
Reference: https://getcomposer.org/doc/01-basic-usage.md#commit-your-composer-lock-file-to-version-control
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from scanner.manifests import Document, Found, Group, Manifest, Trouble, Unreadable
from scanner.manifests.dependency_graph import Entry, mentions
from scanner.manifests.line_index import LineIndex
from scanner.manifests.parsing import json_of, typed_json
from scanner.manifests.purls import purl

_NAMES = re.compile(r'"name"\s*:\s*"([^"\n/]+/[^"\n/]+)"')


class _Package(msgspec.Struct):
    name: str = ""
    version: str = ""
    # Objects, but PHP writes an empty one as an empty list.
    require: Any = None
    provide: Any = None
    replace: Any = None


class _Lock(msgspec.Struct):
    packages: list[_Package] | None = None
    packages_dev: list[_Package] | None = msgspec.field(default=None, name="packages-dev")


def read(document: Document) -> Iterator[Found]:
    lock = typed_json(document, _Lock)
    if lock.packages is None and lock.packages_dev is None:
        raise Unreadable("not Composer's lock: no packages")
    places = LineIndex(document.text, _NAMES)
    entries: dict[str, Entry] = {}
    everything = [(one, Group.RUNTIME) for one in lock.packages or ()]
    everything += [(one, Group.DEV) for one in lock.packages_dev or ()]
    providers = _providers([one for one, _ in everything])
    for package, group in everything:
        line = places.of(package.name)
        try:
            value = purl("composer", package.name)
        except Unreadable as error:
            yield Trouble(str(error), line)
            continue
        needs = [real for name in _names(package.require) for real in providers.get(name, (name,))]
        entries[package.name.lower()] = Entry(value, package.version, line, needs, group)
    yield from mentions(entries, _direct(document))


def _names(value: Any) -> list[str]:
    """Return the names of packages in an object; PHP and its extensions have no slash."""
    return [name.lower() for name in value if "/" in name] if isinstance(value, dict) else []


def _providers(packages: list[_Package]) -> dict[str, list[str]]:
    """Return which packages stand for a name that no package has."""
    own = {one.name.lower() for one in packages}
    found: dict[str, list[str]] = {}
    for package in packages:
        for name in (*_names(package.provide), *_names(package.replace)):
            if name not in own:
                found.setdefault(name, []).append(package.name.lower())
    return found


def _direct(document: Document) -> dict[str, Group] | None:
    beside = document.beside("composer.json")
    if beside is None:
        return None
    try:
        data = json_of(beside)
    except Unreadable:
        return None  # which its own reader says
    if not isinstance(data, dict):
        return None
    found = dict.fromkeys(_names(data.get("require")), Group.RUNTIME)
    return {**dict.fromkeys(_names(data.get("require-dev")), Group.DEV), **found}


MANIFEST = Manifest(
    name="composer-lock",
    title="composer.lock (PHP)",
    files=("composer.lock",),
    read=read,
    reference="https://getcomposer.org/doc/01-basic-usage.md#commit-your-composer-lock-file-to-version-control",
    samples={
        "composer.lock": b"""\
{
    "content-hash": "a3f5",
    "packages": [
        {
            "name": "openai-php/client",
            "version": "v0.10.3",
            "require": {
                "php": "^8.1.0",
                "psr/http-client": "^1.0.3"
            },
            "type": "library"
        },
        {
            "name": "psr/http-client",
            "version": "1.0.3"
        }
    ],
    "packages-dev": []
}
"""
    },
)
