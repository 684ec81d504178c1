"""pylock.toml: Python's own lock, which uv, PDM, pip and others write.

    [[packages]]
    name = "openai"

A marker may tell the groups that a package is for. Dependencies are there only if the tool writes
them; PDM writes them into its own table.
Reference: https://packaging.python.org/en/latest/specifications/pylock-toml/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from scanner.manifests import Document, Found, Group, Manifest, Trouble, Unreadable
from scanner.manifests.kinds.pdm_lock import group_of, named
from scanner.manifests.python_locks import Locked, Table, founds, purls_of, tables, text_of
from scanner.manifests.python_packages import pypi
from scanner.manifests.python_projects import direct, table_at

_GROUPS = re.compile(r"""["']([^"'\n]{1,100})["'] in (?:dependency_groups|extras)""")


def read(document: Document) -> Iterator[Found]:
    """Yield the packages that a pylock.toml holds."""
    lock, packages = tables(document, "packages")
    defaults = lock.get("default-groups")
    names = (
        {one for one in defaults if isinstance(one, str)} if isinstance(defaults, list) else set()
    )
    locked = (one for table in packages for one in _package(table, names))
    yield from founds(locked, direct(document.beside("pyproject.toml")))


def _package(table: Table, defaults: set[str]) -> Iterator[Locked | Trouble]:
    values, line = table
    try:
        purl = pypi(text_of(values, "name"))
    except Unreadable as error:
        yield Trouble(str(error), line)
        return
    vcs = table_at(values, "vcs")
    version = text_of(values, "version") or text_of(vcs, "requested-revision")
    group = _group(text_of(values, "marker"), defaults)
    yield Locked(purl, version, line, tuple(_needs(values)), group, "directory" in values)


def _group(marker: str, defaults: set[str]) -> Group | None:
    groups = _GROUPS.findall(marker)
    return Group.RUNTIME if defaults.intersection(groups) else group_of(groups)


def _needs(values: dict[str, Any]) -> Iterator[str]:
    some = values.get("dependencies")
    if isinstance(some, list):
        yield from purls_of(one.get("name") for one in some if isinstance(one, dict))
    yield from named(table_at(values, "tool", "pdm").get("dependencies"))


MANIFEST = Manifest(
    name="pylock",
    title="pylock.toml",
    files=("pylock.toml", "pylock.*.toml"),
    read=read,
    reference="https://packaging.python.org/en/latest/specifications/pylock-toml/",
    samples={
        "pylock.toml": b"""\
lock-version = "1.0"
requires-python = ">=3.12"
dependency-groups = ["dev"]
created-by = "uv"

[[packages]]
name = "httpx"
version = "0.27.2"
wheels = [
    { url = "https://packages.example.com/httpx-0.27.2-py3-none-any.whl", hashes = { sha256 = "abab" } },
]

[[packages]]
name = "openai"
version = "1.35.0"
dependencies = [
    { name = "httpx" },
]
sdist = { url = "https://packages.example.com/openai-1.35.0.tar.gz", hashes = { sha256 = "cdcd" } }

[[packages]]
name = "pytest"
version = "8.2.2"
marker = "'dev' in dependency_groups"
"""
    },
)
