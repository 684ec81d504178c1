"""The packages of older .NET projects, all of them in one list, those of others included.

    <package id="Azure.AI.OpenAI" version="2.1.0" targetFramework="net48" />

Reference: https://learn.microsoft.com/nuget/reference/packages-config
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.manifests import Document, Found, Group, Manifest, Mention, Trouble
from scanner.manifests.msbuild import is_name, metadata
from scanner.manifests.parsing import xml_of
from scanner.manifests.purls import purl
from scanner.model import Identifier


def read(document: Document) -> Iterator[Found]:
    """Yield the packages of the list."""
    for one in xml_of(document, "packages").all("package"):
        name = metadata(one, "id")
        if not is_name(name):
            yield Trouble(f"no name of a package: {name[:120]!r}", one.line)
            continue
        is_development = metadata(one, "developmentDependency").lower() == "true"
        yield Mention(
            Identifier.PACKAGE,
            purl("nuget", name),
            one.line,
            metadata(one, "version"),
            group=Group.DEV if is_development else Group.RUNTIME,
        )


MANIFEST = Manifest(
    name="packages-config",
    title=".NET: packages.config",
    files=("packages.config", "packages.*.config"),
    read=read,
    reference="https://learn.microsoft.com/nuget/reference/packages-config",
    samples={
        "src/Legacy/packages.config": b"""<?xml version="1.0" encoding="utf-8"?>
<packages>
  <package id="Azure.AI.OpenAI" version="1.0.0-beta.17" targetFramework="net48" />
  <package id="StyleCop.Analyzers" version="1.1.118" developmentDependency="true" />
</packages>
""",
    },
)
