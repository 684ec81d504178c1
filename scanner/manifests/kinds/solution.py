"""Visual Studio's solutions: the projects that are built together.

    Project("{9A19103F-16F7-4668-BE54-9A1E7A4F7556}") = "Chat", "src\\Chat\\Chat.csproj", "{5E2F...}"
    <Project Path="src/Chat/Chat.csproj" />

The first is of ``.sln`` files, the second of ``.slnx``. A member is the folder of its project.
Reference: https://learn.microsoft.com/visualstudio/extensibility/internals/solution-dot-sln-file
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest, Project, Unreadable
from scanner.manifests.parsing import Element, xml_of

_MARK = "Microsoft Visual Studio Solution File"
_PROJECT = re.compile(r'\s*Project\("[^"]*"\)\s*=\s*"[^"]*"\s*,\s*"([^"]+)"')
_A_PROJECT = re.compile(r".*\.[a-z]*proj", re.IGNORECASE | re.DOTALL)


def read(document: Document) -> Iterator[Found]:
    """Yield the solution with its members. Raises Unreadable."""
    is_xml = document.name.lower().endswith(".slnx")
    paths = _in_xml(xml_of(document, "Solution")) if is_xml else _in_text(document)
    members = dict.fromkeys(_folder(path) for path in paths if _A_PROJECT.fullmatch(path))
    if members:
        yield Project(document.name.rpartition(".")[0], members=tuple(members))


def _in_text(document: Document) -> Iterator[str]:
    if _MARK not in document.text[:1000]:
        raise Unreadable("no solution: its first lines do not say so")
    for line in document.lines:
        if found := _PROJECT.match(line):
            yield found[1]


def _in_xml(root: Element) -> Iterator[str]:
    for one in root.children:
        if one.tag == "Project":
            yield one.attributes.get("Path", "")
        elif one.tag == "Folder":
            yield from _in_xml(one)


def _folder(path: str) -> str:
    return posixpath.normpath(posixpath.dirname(path.replace("\\", "/")) or ".")


MANIFEST = Manifest(
    name="solution",
    title=".NET: solutions",
    files=("*.sln", "*.slnx"),
    read=read,
    reference="https://learn.microsoft.com/visualstudio/extensibility/internals/solution-dot-sln-file",
    samples={
        "Chat.sln": b"""
Microsoft Visual Studio Solution File, Format Version 12.00
# Visual Studio Version 17
Project("{9A19103F-16F7-4668-BE54-9A1E7A4F7556}") = "Chat", "src\\Chat\\Chat.csproj", "{5E2F5F3C-0000-0000-0000-000000000001}"
EndProject
Global
EndGlobal
""",
        "Chat.slnx": b"""<Solution>
  <Folder Name="/src/">
    <Project Path="src/Chat/Chat.csproj" />
  </Folder>
</Solution>
""",
    },
)
