"""pyproject.toml: a Python project's name, people and dependencies, and those of its tools.

    [project]
    dependencies = ["openai>=1.30"]

Read are the standards' tables (dependencies, extras, dependency groups, the build), and Poetry's,
PDM's, uv's, Rye's, Hatch's and setuptools' own.
Reference: https://packaging.python.org/en/latest/specifications/pyproject-toml/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scanner.manifests import Document, Found, Manifest, Mention, Project, Trouble
from scanner.manifests.parsing import toml_of
from scanner.manifests.python_packages import person
from scanner.manifests.python_projects import Damaged, Declared, Listed, declared, table_at
from scanner.manifests.requirement_lists import read_included
from scanner.manifests.toml_places import Places
from scanner.model import Identifier


def read(document: Document) -> Iterator[Found]:
    """Yield the project that a pyproject.toml describes, and what it depends on."""
    table = toml_of(document)
    places = Places(document.text)
    yield from _project(table, places)
    for one in declared(table):
        line = places.of(*one.words)
        match one:
            case Declared(purl, version, group, _):
                yield Mention(Identifier.PACKAGE, purl, line, version, group=group, is_direct=True)
            case Damaged(reason, _):
                yield Trouble(reason, line)
            case Listed(path, group, _):
                yield from read_included(document, path, line, group)


def _project(table: dict[str, Any], places: Places) -> Iterator[Project]:
    """Yield the project, as the standard or else as Poetry has it, or the workspace's members."""
    standard, poetry = table_at(table, "project"), table_at(table, "tool", "poetry")
    members = _texts(table_at(table, "tool", "uv", "workspace").get("members"))
    members += _texts(table_at(table, "tool", "rye", "workspace").get("members"))
    name = _text(standard, "name") or _text(poetry, "name")
    if not name and not members:
        return
    header = "[project]" if _text(standard, "name") else "[tool.poetry]"
    yield Project(
        name,
        _text(standard, "version") or _text(poetry, "version"),
        _text(standard, "description") or _text(poetry, "description"),
        _people(standard) or _people(poetry),
        members,
        any(tables.get(key) for tables in (standard, poetry) for key in ("scripts", "gui-scripts")),
        places.of(header, "name", name) if name else places.of("members"),
    )


def _people(table: dict[str, Any]) -> tuple[str, ...]:
    people = []
    for key in ("authors", "maintainers"):
        some = table.get(key)
        people += [_person(one) for one in some] if isinstance(some, list) else []
    return tuple(dict.fromkeys(one for one in people if one))


def _person(one: Any) -> str:
    if isinstance(one, str):
        return one
    return person(_text(one, "name"), _text(one, "email")) if isinstance(one, dict) else ""


def _text(table: dict[str, Any], key: str) -> str:
    value = table.get(key)
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


_STANDARD = b"""\
[build-system]
requires = ["hatchling>=1.27"]

[project]
name = "claims-triage"
version = "2.1.0"
description = "Sorts claims"
authors = [{ name = "Ana Lima", email = "ana@example.com" }]
dependencies = [
  "openai>=1.30",
  "langchain[openai]~=0.2; python_version >= '3.10'",
]

[project.optional-dependencies]
gpu = ["torch>=2"]

[project.scripts]
triage = "triage.cli:main"

[dependency-groups]
test = ["pytest"]
dev = ["ruff", { include-group = "test" }]

[tool.uv.workspace]
members = ["packages/*"]
"""
_POETRY = b"""\
[tool.poetry]
name = "rag"
version = "0.1.0"
description = ""
authors = ["Ben <ben@example.com>"]

[tool.poetry.dependencies]
python = "^3.11"
anthropic = "^0.39"
llama-index = { version = "0.11.*", optional = true }

[tool.poetry.group.dev.dependencies]
pytest = "^8"
"""

MANIFEST = Manifest(
    name="pyproject",
    title="Python projects",
    files=("pyproject.toml",),
    read=read,
    reference="https://packaging.python.org/en/latest/specifications/pyproject-toml/",
    samples={"pyproject.toml": _STANDARD, "rag/pyproject.toml": _POETRY},
)
