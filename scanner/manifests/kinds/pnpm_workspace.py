"""The workspace of pnpm: where its members are, and catalogs of versions for them.

    packages: ["packages/*", "!**/test/**"]
    catalog: {openai: ^4.20.0}

A catalog asks for nothing: ``catalog:`` in a ``package.json`` does.
Reference: https://pnpm.io/pnpm-workspace_yaml
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest, Project, Trouble
from scanner.manifests.catalogs import workspace_yaml
from scanner.manifests.untyped import texts


def read(document: Document) -> Iterator[Found]:
    """Yield the workspace with the globs of its members."""
    packages = workspace_yaml(document).get("packages")
    if packages is None:  # settings alone
        return
    line = document.line_of("packages")
    if not isinstance(packages, list):
        yield Trouble("packages is no list", line)
        return
    yield Project("", members=texts(packages), line=line or 1)


_SAMPLE = b"""packages:
  - packages/*
  - '!**/test/**'

catalog:
  openai: ^4.20.0
"""

MANIFEST = Manifest(
    name="pnpm-workspace",
    title="pnpm workspace (pnpm-workspace.yaml)",
    files=("pnpm-workspace.yaml",),
    read=read,
    reference="https://pnpm.io/pnpm-workspace_yaml",
    samples={"pnpm-workspace.yaml": _SAMPLE},
)
