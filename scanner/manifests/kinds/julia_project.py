r"""Project.toml: what a Julia package or environment is called and which packages it wants.

    [deps]
    OpenAI = "e9f21f70-7185-4079-aca2-91159181367c"

Versions stand in ``[compat]``; ``[extras]`` are wanted by ``[targets]``, and the environments in
``test`` and ``docs`` serve tests and documentation.
Reference: https://pkgdocs.julialang.org/v1/toml-files/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scanner.manifests import (
    Document,
    Found,
    Manifest,
    Mention,
    Project,
    Tie,
    Trouble,
    Unreadable,
)
from scanner.manifests.juliaproject import wanted
from scanner.manifests.parsing import toml_of
from scanner.manifests.purls import purl
from scanner.manifests.toml_lines import TomlLines
from scanner.manifests.untyped import texts
from scanner.model import Identifier


def read(document: Document) -> Iterator[Found]:
    data = toml_of(document)
    sections = [one for one in ("deps", "weakdeps", "extras") if isinstance(data.get(one), dict)]
    if not sections and "uuid" not in data:
        raise Unreadable("not Julia's: neither a package nor what one needs")
    places = TomlLines(document)
    if isinstance(name := data.get("name"), str) and name:
        yield _project(name, data, places)
    compat = data.get("compat")
    versions = compat if isinstance(compat, dict) else {}
    for package, (section, group) in wanted(data, document.folder).items():
        line = places.of(section, package)
        try:
            value = purl("julia", package)
        except Unreadable as error:
            yield Trouble(str(error), line)
            continue
        version = versions.get(package)
        yield Mention(
            Identifier.PACKAGE,
            value,
            line,
            version if isinstance(version, str) else "",
            Tie.DECLARED,
            group,
            is_direct=True,
        )


def _project(name: str, data: dict[str, Any], places: TomlLines) -> Project:
    authors = data.get("authors")
    workspace = data.get("workspace")
    members = workspace.get("projects") if isinstance(workspace, dict) else None
    return Project(
        name,
        str(data.get("version", "")),
        people=texts(authors),
        members=texts(members),
        is_deployable=bool(data.get("apps")),
        line=places.of("name"),
    )


MANIFEST = Manifest(
    name="julia-project",
    title="Project.toml (Julia)",
    files=("Project.toml", "JuliaProject.toml"),
    read=read,
    reference="https://pkgdocs.julialang.org/v1/toml-files/",
    holds=(b"[deps]", b"[weakdeps]", b"[extras]", b"uuid"),
    samples={
        "Project.toml": b"""\
name = "Answers"
uuid = "7876af07-990d-54b4-ab0e-23690620f79a"
version = "0.1.0"

[deps]
OpenAI = "e9f21f70-7185-4079-aca2-91159181367c"

[compat]
OpenAI = "0.9"
julia = "1.10"
"""
    },
)
