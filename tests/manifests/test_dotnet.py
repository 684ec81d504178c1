""".NET: projects, central versions, lists, locks and solutions."""

import json

import pytest

from scanner.manifests import Document, Group, Mention, Project, Tie, Unreadable
from scanner.manifests.kinds.directory_packages import MANIFEST as CENTRAL
from scanner.manifests.kinds.msbuild_project import MANIFEST as PROJECT
from scanner.manifests.kinds.packages_config import MANIFEST as CONFIG
from scanner.manifests.kinds.packages_lock import MANIFEST as LOCK
from scanner.manifests.kinds.solution import MANIFEST as SOLUTION
from scanner.model import Identifier
from tests.manifests.support import found, mentions, projects, troubles


def package(name: str, line: int, version: str = "", **more: object) -> Mention:
    given = {"is_direct": True, **more}
    return Mention(Identifier.PACKAGE, f"pkg:nuget/{name}", line, version, **given)  # type: ignore[arg-type]


def test_central_files_that_every_project_includes() -> None:
    data = """<Project><ItemGroup>
  <PackageVersion Include="OpenAI" Version="2.1.0" />
  <PackageReference Include="OllamaSharp" Version="5.1.0" />
  <PackageReference Update="LLamaSharp" Version="0.20.0" />
  <GlobalPackageReference Include="StyleCop.Analyzers" Version="1.1.118" />
</ItemGroup></Project>"""
    assert mentions(CENTRAL, "Packages.props", data) == [
        package("OpenAI", 2, "2.1.0", is_direct=None),
        package("OllamaSharp", 3, "5.1.0"),
        package("LLamaSharp", 4, "0.20.0", is_direct=None),
        package("StyleCop.Analyzers", 5, "1.1.118", group=Group.DEV),
    ]


def test_every_way_to_refer_to_a_package() -> None:
    data = """<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup>
    <SemanticKernelVersion>1.54.0</SemanticKernelVersion>
    <Version>2.1.0</Version>
    <Authors>Ana; Ben</Authors>
    <Description>Answers
      questions.</Description>
  </PropertyGroup>
  <ItemGroup Condition="'$(TargetFramework)' == 'net9.0'">
    <PackageReference Include="Azure.AI.OpenAI" Version="[2.1.0, 3.0.0)" />
    <PackageReference Include="Microsoft.SemanticKernel"><Version>$(SemanticKernelVersion)</Version></PackageReference>
    <!-- <PackageReference Include="LangChain" Version="0.17.0" /> -->
    <PackageReference Include="A.One;A.Two" Version="$(Lost)" />
    <PackageReference Include="StyleCop.Analyzers" Version="1.1.118">
      <PrivateAssets>all</PrivateAssets>
    </PackageReference>
    <PackageReference Update="OpenAI" Version="2.2.0" />
    <PackageReference Remove="Gone" />
    <PackageReference Include="$(Chosen)" Version="1.0.0" />
    <ProjectReference Include="..\\Core\\Core.csproj" />
    <DotNetCliToolReference Include="dotnet-x" Version="1.0.0" />
  </ItemGroup>
  <Choose><When Condition="true"><ItemGroup>
    <PackageReference Include="OllamaSharp" VersionOverride="5.1.0" />
  </ItemGroup></When></Choose>
</Project>
"""
    path = "src/Chat/Chat.csproj"
    assert mentions(PROJECT, path, data) == [
        package("Azure.AI.OpenAI", 10, "[2.1.0, 3.0.0)"),
        package("Microsoft.SemanticKernel", 11, "1.54.0"),
        package("A.One", 13),
        package("A.Two", 13),
        package("StyleCop.Analyzers", 14, "1.1.118", group=Group.DEV),
        package("OpenAI", 17, "2.2.0"),
        package("dotnet-x", 21, "1.0.0", group=Group.BUILD),
        package("OllamaSharp", 24, "5.1.0"),
    ]
    assert projects(PROJECT, path, data) == [
        Project("Chat", "2.1.0", "Answers questions.", ("Ana", "Ben"), is_deployable=True)
    ]
    assert [one.line for one in troubles(PROJECT, path, data)] == [19]


def test_versions_and_properties_come_from_above() -> None:
    tree = {
        "Directory.Packages.props": """<Project><ItemGroup>
  <PackageVersion Include="azure.ai.openai" Version="$(AzureVersion)" />
  <PackageVersion Include="Pinned" Version="1.0.0" />
</ItemGroup></Project>""",
        "Directory.Build.props": """<Project>
  <PropertyGroup><AzureVersion>2.1.0</AzureVersion></PropertyGroup>
  <ItemGroup><PackageReference Include="Everywhere" Version="1.0.0" /></ItemGroup>
</Project>""",
        "src/A/A.fsproj": """<Project Sdk="Microsoft.NET.Sdk"><ItemGroup>
  <PackageReference Include="Azure.AI.OpenAI" />
  <PackageReference Include="Pinned" VersionOverride="2.0.0" />
  <PackageReference Include="Other" />
  <PackageReference Update="Other" Version="3.0.0" />
</ItemGroup></Project>""",
    }
    assert found(PROJECT, "src/A/A.fsproj", tree) == [
        Project("A"),
        package("Azure.AI.OpenAI", 2, "2.1.0"),
        package("Pinned", 3, "2.0.0"),
        package("Other", 4, "3.0.0"),
    ]
    assert found(PROJECT, "Directory.Build.props", tree) == [package("Everywhere", 3, "1.0.0")]
    assert found(CENTRAL, "Directory.Packages.props", tree) == [
        package("azure.ai.openai", 2, "2.1.0", is_direct=None),
        package("Pinned", 3, "1.0.0", is_direct=None),
    ]


@pytest.mark.parametrize(
    ("text", "is_deployable"),
    [
        ('<Project Sdk="Microsoft.NET.Sdk.Worker"/>', True),
        ('<Project><Sdk Name="Microsoft.NET.Sdk.Web"/></Project>', True),
        ('<Project Sdk="Microsoft.NET.Sdk"/>', False),
        ("<Project><PropertyGroup><OutputType>WinExe</OutputType></PropertyGroup></Project>", True),
        (
            "<Project><PropertyGroup><OutputType>Library</OutputType></PropertyGroup></Project>",
            False,
        ),
        (
            "<Project><PropertyGroup><IsTestProject>true</IsTestProject>"
            "<OutputType>Exe</OutputType></PropertyGroup></Project>",
            False,
        ),
    ],
)
def test_what_runs_as_it_is(text: str, is_deployable: bool) -> None:
    assert projects(PROJECT, "x.vbproj", text) == [Project("x", is_deployable=is_deployable)]


def test_the_packages_of_a_test_project_serve_tests_and_sdks_the_build() -> None:
    data = """<Project Sdk="Microsoft.NET.Sdk;Aspire.AppHost.Sdk/9.1.0">
  <Sdk Name="Microsoft.Build.Traversal" Version="4.1.0" />
  <ItemGroup>
    <PackageReference Include="Microsoft.NET.Test.Sdk" Version="17.12.0" />
    <PackageReference Include="OpenAI" Version="2.2.0" PrivateAssets="all" />
  </ItemGroup>
</Project>"""
    assert mentions(PROJECT, "Chat.Tests.csproj", data) == [
        package("Aspire.AppHost.Sdk", 1, "9.1.0", group=Group.BUILD),
        package("Microsoft.Build.Traversal", 2, "4.1.0", group=Group.BUILD),
        package("Microsoft.NET.Test.Sdk", 4, "17.12.0", group=Group.TEST),
        package("OpenAI", 5, "2.2.0", group=Group.TEST),
    ]


def test_older_projects_have_a_namespace_and_types() -> None:
    data = """<?xml version="1.0" encoding="utf-8"?>
<Project ToolsVersion="15.0" xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
  <PropertyGroup>
    <ProjectTypeGuids>{349C5851-65DF-11DA-9384-00065B846F21};{fae04ec0}</ProjectTypeGuids>
    <AssemblyName>Acme.Portal</AssemblyName>
    <OutputType>Library</OutputType>
  </PropertyGroup>
  <ItemGroup><Reference Include="System.Web" /></ItemGroup>
</Project>"""
    assert found(PROJECT, "Portal.csproj", {"Portal.csproj": data}) == [
        Project("Acme.Portal", is_deployable=True, line=2)
    ]


def test_a_property_that_grows_is_left() -> None:
    grown = "".join(f"<P{n}>$(P{n + 1})$(P{n + 1})</P{n}>" for n in range(50))
    data = f"""<Project><PropertyGroup>{grown}<P50>x</P50></PropertyGroup>
<ItemGroup><PackageReference Include="OpenAI" Version="$(P0)" /></ItemGroup></Project>"""
    assert mentions(PROJECT, "a.csproj", data) == [package("OpenAI", 2)]


@pytest.mark.parametrize("encoding", ["Shift_JIS", "rot13", "idna", "no-such"])
def test_encodings_that_the_parser_lacks_are_unreadable(encoding: str) -> None:
    data = f'<?xml version="1.0" encoding="{encoding}"?><Project/>'.encode()
    with pytest.raises(Unreadable):
        list(PROJECT.read(Document("a.csproj", data)))


def test_a_global_reference_goes_to_all_projects() -> None:
    data = """<Project><ItemGroup>
<GlobalPackageReference Include="Nerdbank.GitVersioning" Version="3.7.115" />
<PackageVersion Update="OpenAI" Version="2.2.0" />
<PackageVersion Include="@(Computed)" Version="1" />
</ItemGroup></Project>"""
    path = "Directory.Packages.props"
    assert mentions(CENTRAL, path, data) == [
        package("Nerdbank.GitVersioning", 2, "3.7.115", group=Group.DEV),
        package("OpenAI", 3, "2.2.0", is_direct=None),
    ]
    assert [one.line for one in troubles(CENTRAL, path, data)] == [4]


def test_a_list_of_packages() -> None:
    data = """<packages>
  <package id="Azure.AI.OpenAI" version="1.0.0-beta.17" targetFramework="net48" />
  <!-- <package id="OpenAI" version="1.0.0" /> -->
  <package id="Analyzers" version="1.0.0" developmentDependency="true" />
  <package version="1.0.0" />
</packages>"""
    assert mentions(CONFIG, "packages.config", data) == [
        package("Azure.AI.OpenAI", 2, "1.0.0-beta.17", is_direct=None),
        package("Analyzers", 4, "1.0.0", is_direct=None, group=Group.DEV),
    ]
    assert [one.line for one in troubles(CONFIG, "packages.config", data)] == [5]


def locked(name: str, line: int, version: str, *via: str, is_direct: bool = False) -> Mention:
    chain = tuple(f"pkg:nuget/{one}" for one in via)
    return package(name, line, version, tie=Tie.LOCKED, is_direct=is_direct, via=chain)


def test_a_lock_tells_what_pulls_in_what() -> None:
    frameworks = {
        "net9.0": {
            "Azure.AI.OpenAI": {
                "type": "Direct",
                "requested": "[2.1.0, )",
                "resolved": "2.1.0",
                "dependencies": {"openai": "2.1.0", "Azure.Core": "1.44.1"},
            },
            "OpenAI": {
                "type": "Transitive",
                "resolved": "2.1.0",
                "dependencies": {"System.ClientModel": "1.2.1"},
            },
            "Azure.Core": {"type": "CentralTransitive", "resolved": "1.44.1"},
            "System.ClientModel": {"type": "Transitive", "resolved": "1.2.1"},
            "Serilog": {"type": "Transitive", "resolved": "4.0.0"},
            "core": {"type": "Project", "dependencies": {"Serilog": "[4.0.0, )"}},
        },
        "net9.0/win-x64": {"OpenAI": {"type": "Transitive", "resolved": "2.1.0"}},
    }
    data = json.dumps({"version": 2, "dependencies": frameworks}, indent=2)
    assert mentions(LOCK, "packages.lock.json", data) == [
        locked("Azure.AI.OpenAI", 5, "2.1.0", is_direct=True),
        locked("OpenAI", 14, "2.1.0", "Azure.AI.OpenAI"),
        locked("Azure.Core", 21, "1.44.1", "Azure.AI.OpenAI"),
        locked("System.ClientModel", 25, "1.2.1", "Azure.AI.OpenAI", "OpenAI"),
        locked("Serilog", 29, "4.0.0"),
    ]


def test_a_lock_of_projects_alone_has_no_direct_ones() -> None:
    data = """{"dependencies": {"net9.0": {
"chat": {"type": "Project", "dependencies": {"OpenAI": "2.1.0"}},
"OpenAI": {"type": "Transitive", "resolved": "2.1.0"}},
"net8.0": {
"OpenAI": {"type": "Transitive", "resolved": "2.1.0"}}}}"""
    assert mentions(LOCK, "packages.lock.json", data) == [locked("OpenAI", 3, "2.1.0")]


def test_other_json_is_no_lock() -> None:
    for bad in (b'{"version": 1}', b'{"dependencies": []}', b"[]"):
        with pytest.raises(Unreadable):
            list(LOCK.read(Document("packages.lock.json", bad)))


def test_a_solution_has_members() -> None:
    data = """\ufeff
Microsoft Visual Studio Solution File, Format Version 12.00
Project("{2150E333-8FDC-42A3-9474-1A3956D46DE8}") = "src", "src", "{1}"
EndProject
Project("{9A19103F-16F7-4668-BE54-9A1E7A4F7556}") = "Chat", "src\\Chat\\Chat.csproj", "{2}"
\tProjectSection(ProjectDependencies) = postProject
\tEndProjectSection
EndProject
Project("{9A19103F-16F7-4668-BE54-9A1E7A4F7556}") = "Root", "Root.fsproj", "{3}"
EndProject
# Project("{9A19}") = "Old", "old\\Old.csproj", "{4}"
"""
    assert found(SOLUTION, "Acme.Chat.sln", {"Acme.Chat.sln": data}) == [
        Project("Acme.Chat", members=("src/Chat", "."))
    ]


def test_a_solution_in_xml_has_members() -> None:
    data = """<Solution>
  <Project Path="App\\App.csproj"><BuildDependency Project="Old/Old.csproj" /></Project>
  <Folder Name="/items/">
    <File Path="README.md" />
    <Project Path="../shared/Shared.shproj" />
  </Folder>
</Solution>"""
    assert found(SOLUTION, "all.slnx", {"all.slnx": data}) == [
        Project("all", members=("App", "../shared"))
    ]
    with pytest.raises(Unreadable):
        list(SOLUTION.read(Document("x.sln", b"<Solution/>")))
