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
from scanner.manifests.toml_lines import TomlLines
from scanner.manifests.untyped import text, texts
from scanner.model import Identifier


def read(document: Document) -> Iterator[Found]:
    """Yield the project that a pyproject.toml describes, and what it depends on."""
    table = toml_of(document)
    places = TomlLines(document)
    yield from _project(table, places)
    for one in declared(table):
        line = places.of(*one.path)
        match one:
            case Declared(purl, version, group, _):
                yield Mention(Identifier.PACKAGE, purl, line, version, group=group, is_direct=True)
            case Damaged(reason, _):
                yield Trouble(reason, line)
            case Listed(file, group, _):
                yield from read_included(document, file, line, group)


def _project(table: dict[str, Any], places: TomlLines) -> Iterator[Project]:
    """Yield the project, as the standard or else as Poetry has it, or the workspace's members."""
    standard, poetry = table_at(table, "project"), table_at(table, "tool", "poetry")
    workspaces = [("tool", tool, "workspace") for tool in ("uv", "rye")]
    members = [texts(table_at(table, *path).get("members")) for path in workspaces]
    name = text(standard.get("name")) or text(poetry.get("name"))
    if not name and not any(members):
        return
    header = ("project",) if text(standard.get("name")) else ("tool", "poetry")
    yield Project(
        name,
        text(standard.get("version")) or text(poetry.get("version")),
        text(standard.get("description")) or text(poetry.get("description")),
        _people(standard) or _people(poetry),
        members[0] + members[1],
        any(tables.get(key) for tables in (standard, poetry) for key in ("scripts", "gui-scripts")),
        places.of(*header, "name") if name else places.of(*workspaces[not members[0]], "members"),
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
    return person(text(one.get("name")), text(one.get("email"))) if isinstance(one, dict) else ""


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
