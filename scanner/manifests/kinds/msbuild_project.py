"""Projects of .NET: C#, F#, Visual Basic, and what their folders set for all of them.

    <PackageReference Include="Azure.AI.OpenAI" Version="2.1.0" />

A version may stand in a child, in a property, or in ``Directory.Packages.props`` above. A package
that is private to the project (``PrivateAssets="all"``) serves its development; all packages of a
test project serve its tests.
Reference: https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.manifests import Document, Found, Group, Manifest, Mention, Project, Trouble
from scanner.manifests.msbuild import (
    CENTRAL,
    Properties,
    is_name,
    items,
    metadata,
    names,
    project_of,
    shared,
)
from scanner.manifests.parsing import Element
from scanner.manifests.purls import purl
from scanner.model import Identifier

_PROJECTS = (".csproj", ".fsproj", ".vbproj")
_SERVICES = ("microsoft.net.sdk.web", "microsoft.net.sdk.worker", "microsoft.net.sdk.blazor")
_WEB_APPLICATION = (
    "349c5851-65df-11da-9384-00065b846f21"  # the type of ASP.NET projects before SDKs
)
_TEST_SDK = "microsoft.net.test.sdk"
_REFERENCES = ("PackageReference", "GlobalPackageReference", "DotNetCliToolReference")


def read(document: Document) -> Iterator[Found]:
    """Yield the project, the SDKs from packages that build it, and the packages it refers to."""
    root = project_of(document)
    properties = Properties(document, root)
    references = list(items(root, *_REFERENCES))
    is_test = _is_test(properties, references)
    if document.name.lower().endswith(_PROJECTS):
        yield _project(document, root, properties, is_test)
    yield from _sdks(root)
    central = document.above(CENTRAL)
    versions = {**(shared(central.data)[1] if central else {}), **_updated(references)}
    seen = {one.lower() for item in references for one in names(metadata(item, "Include"))}
    for item in references:
        included = metadata(item, "Include")
        for name in names(included or metadata(item, "Update")):
            if included or name.lower() not in seen:
                yield _mention(item, properties, properties.text(name), versions, is_test)


def _mention(
    item: Element, properties: Properties, name: str, versions: dict[str, str], is_test: bool
) -> Mention | Trouble:
    if not is_name(name):
        return Trouble(f"a package whose name is computed: {name[:120]}", item.line)
    written = metadata(item, "VersionOverride") or metadata(item, "Version")
    return Mention(
        Identifier.PACKAGE,
        purl("nuget", name),
        item.line,
        properties.version(written or versions.get(name.lower(), "")),
        group=_group(item, is_test),
        is_direct=True,
    )


def _group(item: Element, is_test: bool) -> Group:
    if is_test:
        return Group.TEST
    if item.tag == "DotNetCliToolReference":
        return Group.BUILD
    private = metadata(item, "PrivateAssets").lower()
    is_private = private == "all" or item.tag == "GlobalPackageReference"
    return Group.DEV if is_private else Group.RUNTIME


def _updated(references: list[Element]) -> dict[str, str]:
    """Return the versions that ``Update`` gives to packages included elsewhere, by folded name."""
    return {
        name.lower(): version
        for item in references
        if not metadata(item, "Include") and (version := metadata(item, "Version"))
        for name in names(metadata(item, "Update"))
    }


def _sdks(root: Element) -> Iterator[Mention]:
    """Yield the SDKs that name a version: those are packages, the others come with .NET."""
    written = [(root.attributes.get("Sdk", ""), root.line)]
    for one in root.children:
        if one.tag == "Sdk":
            name, version = one.attributes.get("Name", ""), one.attributes.get("Version", "")
            written.append((f"{name}/{version}" if version else name, one.line))
    for text, line in written:
        for sdk in names(text):
            name, _, version = sdk.partition("/")
            if version and is_name(name):
                yield Mention(
                    Identifier.PACKAGE,
                    purl("nuget", name),
                    line,
                    version,
                    group=Group.BUILD,
                    is_direct=True,
                )


def _is_test(properties: Properties, references: list[Element]) -> bool:
    if properties["IsTestProject"]:
        return properties["IsTestProject"].lower() == "true"
    return any(metadata(one, "Include").lower() == _TEST_SDK for one in references)


def _project(document: Document, root: Element, properties: Properties, is_test: bool) -> Project:
    stem = document.name.rpartition(".")[0]
    name = properties["AssemblyName"] or properties["PackageId"]
    version = properties["Version"] or properties["VersionPrefix"]
    return Project(
        name if name and is_name(name) else stem,
        properties.version(version),
        " ".join(properties["Description"].split()),
        tuple(one for one in names(properties["Authors"]) if "$(" not in one),
        is_deployable=not is_test and _runs(root, properties),
        line=root.line,
    )


def _runs(root: Element, properties: Properties) -> bool:
    sdks = [root.attributes.get("Sdk", "")]
    sdks += [one.attributes.get("Name", "") for one in root.children if one.tag == "Sdk"]
    return (
        any(sdk.lower().startswith(_SERVICES) for sdk in sdks)
        or properties["OutputType"].lower() in ("exe", "winexe")
        or bool(properties["AzureFunctionsVersion"])
        or _WEB_APPLICATION in properties["ProjectTypeGuids"].lower()
    )


MANIFEST = Manifest(
    name="msbuild-project",
    title=".NET: projects",
    files=("*.csproj", "*.fsproj", "*.vbproj", "Directory.Build.props", "Directory.Build.targets"),
    read=read,
    reference="https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files",
    samples={
        "src/Chat/Chat.csproj": b"""<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup>
    <TargetFramework>net9.0</TargetFramework>
    <Version>1.4.0</Version>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Azure.AI.OpenAI" Version="2.1.0" />
    <PackageReference Include="Microsoft.SemanticKernel">
      <Version>1.54.0</Version>
    </PackageReference>
    <PackageReference Include="StyleCop.Analyzers" Version="1.1.118" PrivateAssets="all" />
  </ItemGroup>
</Project>
""",
    },
)
