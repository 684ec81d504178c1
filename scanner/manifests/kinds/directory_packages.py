"""The central versions of .NET packages, for all projects below.

    <PackageVersion Include="Microsoft.SemanticKernel" Version="1.54.0" />

It offers versions: whether a project takes one, the projects say. A global reference goes to all.
Reference: https://learn.microsoft.com/nuget/consume-packages/central-package-management
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.manifests import Document, Found, Group, Manifest, Mention, Trouble
from scanner.manifests.msbuild import Properties, is_name, items, metadata, names, project_of
from scanner.manifests.purls import purl
from scanner.model import Identifier


def read(document: Document) -> Iterator[Found]:
    """Yield the packages that have a version here, and those that every project gets."""
    root = project_of(document)
    properties = Properties(document, root)
    for item in items(root, "PackageVersion", "GlobalPackageReference", "PackageReference"):
        is_global = item.tag == "GlobalPackageReference"
        included = metadata(item, "Include")
        is_had = item.tag != "PackageVersion" and bool(included)  # and not only given a version
        for written in names(included or metadata(item, "Update")):
            name = properties.text(written)
            if not is_name(name):
                yield Trouble(f"a package whose name is computed: {name[:120]}", item.line)
                continue
            yield Mention(
                Identifier.PACKAGE,
                purl("nuget", name),
                item.line,
                properties.version(metadata(item, "Version")),
                group=Group.DEV if is_global else Group.RUNTIME,
                is_direct=True if is_had else None,
            )


MANIFEST = Manifest(
    name="directory-packages-props",
    title=".NET: Directory.Packages.props",
    files=("Directory.Packages.props", "Packages.props"),
    read=read,
    reference="https://learn.microsoft.com/nuget/consume-packages/central-package-management",
    samples={
        "Directory.Packages.props": b"""<Project>
  <PropertyGroup>
    <ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally>
  </PropertyGroup>
  <ItemGroup>
    <PackageVersion Include="Microsoft.SemanticKernel" Version="1.54.0" />
    <GlobalPackageReference Include="Nerdbank.GitVersioning" Version="3.7.115" />
  </ItemGroup>
</Project>
""",
    },
)
