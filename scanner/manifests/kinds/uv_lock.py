"""uv.lock: the versions that uv found for a project or a workspace, with all their dependencies.

    [[package]]
    name = "openai"

The workspace's own packages stand among the others, with a folder as their source; what they
depend on are the direct dependencies.
Reference: https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from scanner.manifests import Document, Found, Group, Manifest, Trouble, Unreadable
from scanner.manifests.python_locks import Locked, Table, founds, purls_of, tables, text_of
from scanner.manifests.python_packages import group_named, group_of_extra, pypi

_OWN = ("editable", "virtual", "directory")


def read(document: Document) -> Iterator[Found]:
    """Yield the packages that a uv.lock holds, but for the workspace's own."""
    _, packages = tables(document, "package")
    own = [table.values for table in packages if _is_own(table.values)]
    others = (one for table in packages for one in _package(table))
    yield from founds(others, [root for values in own for root in _roots(values)])


def _is_own(values: dict[str, Any]) -> bool:
    source = values.get("source")
    return isinstance(source, dict) and any(key in source for key in _OWN)


def _roots(values: dict[str, Any]) -> Iterator[tuple[str, Group]]:
    for name in _names(values.get("dependencies")):
        yield name, Group.RUNTIME
    for extra, some in _lists(values, "optional-dependencies"):
        for name in _names(some):
            yield name, group_of_extra(extra)
    for group, some in _lists(values, "dev-dependencies"):
        for name in _names(some):
            yield name, group_named(group, Group.OPTIONAL)


def _package(table: Table) -> Iterator[Locked | Trouble]:
    values, line = table
    if _is_own(values):
        return
    try:
        purl = pypi(text_of(values, "name"))
    except Unreadable as error:
        yield Trouble(str(error), line)
        return
    needs = [*_names(values.get("dependencies"))]
    for _, some in _lists(values, "optional-dependencies"):
        needs += _names(some)
    yield Locked(purl, text_of(values, "version"), line, tuple(needs))


def _names(some: Any) -> Iterator[str]:
    """Yield the purls of a list of dependencies."""
    if isinstance(some, list):
        yield from purls_of(one.get("name") for one in some if isinstance(one, dict))


def _lists(values: dict[str, Any], key: str) -> Iterable[tuple[str, Any]]:
    found = values.get(key)
    return found.items() if isinstance(found, dict) else ()


MANIFEST = Manifest(
    name="uv-lock",
    title="uv.lock",
    files=("uv.lock",),
    read=read,
    reference="https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile",
    samples={
        "uv.lock": b"""\
version = 1
requires-python = ">=3.12"

[[package]]
name = "claims-triage"
version = "2.1.0"
source = { editable = "." }
dependencies = [
    { name = "openai" },
]

[package.dev-dependencies]
dev = [
    { name = "pytest" },
]

[package.metadata]
requires-dist = [{ name = "openai", specifier = ">=1.30" }]

[[package]]
name = "httpx"
version = "0.27.2"
source = { registry = "https://packages.example.com/simple" }
wheels = [
    { url = "https://packages.example.com/httpx-0.27.2-py3-none-any.whl", hash = "sha256:abab" },
]

[[package]]
name = "openai"
version = "1.35.0"
source = { registry = "https://packages.example.com/simple" }
dependencies = [
    { name = "httpx" },
]
sdist = { url = "https://packages.example.com/openai-1.35.0.tar.gz", hash = "sha256:cdcd" }

[[package]]
name = "pytest"
version = "8.2.2"
source = { registry = "https://packages.example.com/simple" }
"""
    },
)
