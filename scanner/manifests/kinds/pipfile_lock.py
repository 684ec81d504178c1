"""Pipfile.lock: the versions that Pipenv found for a Pipfile.

    {"default": {"openai": {"hashes": ["sha256:..."], "version": "==1.35.0"}},
     "develop": {"pytest": {"version": "==8.2.2"}}}

It does not tell which packages the Pipfile asks for; the one beside it does.
Reference: https://pipenv.pypa.io/en/latest/pipfile.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scanner.manifests import Document, Found, Group, Manifest, Mention, Tie, Trouble, Unreadable
from scanner.manifests.kinds.pipfile import category
from scanner.manifests.kinds.pipfile import read as read_pipfile
from scanner.manifests.line_index import OPENING_JSON_KEYS, LineIndex
from scanner.manifests.parsing import json_of
from scanner.manifests.python_packages import pypi
from scanner.model import Identifier

_GROUPS = {"default": Group.RUNTIME, "develop": Group.DEV}


def read(document: Document) -> Iterator[Found]:
    """Yield the packages that a Pipfile.lock holds."""
    lock = json_of(document)
    if not isinstance(lock, dict) or not any(key in lock for key in ("_meta", *_GROUPS)):
        raise Unreadable("not a lock of Pipenv")
    lines = LineIndex(document.text, OPENING_JSON_KEYS)
    asked = _asked(document)
    for section, packages in lock.items():
        if section == "_meta" or not isinstance(packages, dict):
            continue
        group = _GROUPS.get(section) or category(section)
        for name, values in packages.items():
            line = lines.of(name, lines.of(section))
            yield from _package(name, values, group, line, asked)


def _package(
    name: str, values: Any, group: Group, line: int, asked: set[str]
) -> Iterator[Mention | Trouble]:
    if not isinstance(values, dict):
        yield Trouble("not a package", line)
        return
    if "path" in values:
        return  # a folder of the same tree
    try:
        value = pypi(name)
    except Unreadable as error:
        yield Trouble(str(error), line)
        return
    version = values.get("version") or values.get("ref")
    yield Mention(
        Identifier.PACKAGE,
        value,
        line,
        version.removeprefix("==") if isinstance(version, str) else "",
        Tie.LOCKED,
        group,
        value in asked if asked else None,
    )


def _asked(document: Document) -> set[str]:
    """Return the packages that the Pipfile beside asks for; none if it cannot be read."""
    pipfile = document.beside("Pipfile")
    try:
        found = list(read_pipfile(pipfile)) if pipfile else []
    except Unreadable:
        return set()
    return {one.value for one in found if isinstance(one, Mention)}


MANIFEST = Manifest(
    name="pipfile-lock",
    title="Pipfile.lock",
    files=("Pipfile.lock",),
    read=read,
    reference="https://pipenv.pypa.io/en/latest/pipfile.html",
    samples={
        "Pipfile.lock": b"""\
{
    "_meta": {
        "hash": {
            "sha256": "0c1d"
        },
        "pipfile-spec": 6,
        "requires": {}
    },
    "default": {
        "httpx": {
            "hashes": [
                "sha256:abab"
            ],
            "markers": "python_version >= '3.8'",
            "version": "==0.27.2"
        },
        "openai": {
            "hashes": [
                "sha256:cdcd"
            ],
            "index": "company",
            "version": "==1.35.0"
        }
    },
    "develop": {
        "pytest": {
            "version": "==8.2.2"
        }
    }
}
""",
    },
)
