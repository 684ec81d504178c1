"""Maven's project files.

    <dependency><groupId>dev.langchain4j</groupId><artifactId>langchain4j</artifactId>
      <version>${langchain4j.version}</version></dependency>

Versions come from properties and from ``dependencyManagement``, here or in parents that lie in the
tree; one that is set elsewhere (a bill of materials, a parent from a repository) stays empty.
``dependencyManagement`` itself declares nothing but the bills of materials it imports.
Reference: https://maven.apache.org/pom.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import (
    Document,
    Found,
    Group,
    Manifest,
    Mention,
    Project,
    Trouble,
    Unreadable,
)
from scanner.manifests.parsing import Element
from scanner.manifests.poms import Pom, plugin_group, pom_of, profiles
from scanner.manifests.purls import purl
from scanner.model import Identifier

# What is "provided" the container or the cluster brings: it is there when the program runs.
_SCOPES = {"test": Group.TEST, "import": Group.RUNTIME}
_NAME = re.compile(r"[\w.-]{1,300}")
_RUNS = ("war", "ear", "quarkus", "hpi", "nbm", "function")
_RUNNERS = frozenset(
    {"spring-boot-maven-plugin", "quarkus-maven-plugin", "micronaut-maven-plugin"}
    | {"jib-maven-plugin", "exec-maven-plugin", "maven-war-plugin", "azure-functions-maven-plugin"}
)


def read(document: Document) -> Iterator[Found]:
    """Yield the project, its dependencies, plugins, and the parent that comes from a repository."""
    pom = pom_of(document)
    yield _project(pom)
    yield from _parent(pom)
    for part in profiles(pom.root):
        for one in part.all("dependencies", "dependency"):
            yield _dependency(pom, one)
        for one in part.all("dependencyManagement", "dependencies", "dependency"):
            if one.value("scope") == "import":
                yield _mention(pom, one, one.value("groupId"), Group.RUNTIME, is_direct=None)
        yield from _plugins(pom, part)


def _dependency(pom: Pom, one: Element) -> Mention | Trouble:
    managed = pom.managed((pom.text(one.value("groupId")), pom.text(one.value("artifactId"))))
    scope = pom.text(one.value("scope") or (managed.value("scope") if managed else ""))
    group = _SCOPES.get(scope, Group.RUNTIME)
    if group is Group.RUNTIME and pom.text(one.value("optional")) == "true":
        group = Group.OPTIONAL
    return _mention(pom, one, one.value("groupId"), group)


def _plugins(pom: Pom, part: Element) -> Iterator[Mention | Trouble]:
    for build in (*part.all("build"), *part.all("reporting")):
        for plugin in build.all("plugins", "plugin"):
            yield _mention(pom, plugin, plugin_group(plugin), Group.BUILD)
            for one in plugin.all("dependencies", "dependency"):
                yield _mention(pom, one, one.value("groupId"), Group.BUILD)
        for one in build.all("extensions", "extension"):
            yield _mention(pom, one, one.value("groupId"), Group.BUILD)


def _parent(pom: Pom) -> Iterator[Mention | Trouble]:
    parent = pom.root.child("parent")
    if parent and pom.parent is None:
        yield _mention(pom, parent, parent.value("groupId"), Group.BUILD)


def _mention(
    pom: Pom, one: Element, group_id: str, group: Group, is_direct: bool | None = True
) -> Mention | Trouble:
    """Return the artifact that an element names, at the line of its name."""
    name = pom.text(group_id), pom.text(one.value("artifactId"))
    if not all(map(_NAME.fullmatch, name)):
        written = f"{group_id}:{one.value('artifactId')}"[:120]
        return Trouble(f"an artifact whose name this tree does not tell: {written}", one.line)
    managed = pom.managed(name)
    version = one.value("version") or (managed.value("version") if managed else "")
    try:
        value = purl("maven", name[1], name[0])
    except Unreadable as error:
        return Trouble(str(error), one.line)
    at = one.child("artifactId")
    return Mention(
        Identifier.PACKAGE,
        value,
        at.line if at else one.line,
        pom.version(version),
        group=group,
        is_direct=is_direct,
    )


def _project(pom: Pom) -> Project:
    root = pom.root
    above = root.child("parent")
    name = root.child("artifactId")
    return Project(
        pom.text(root.value("artifactId")),
        pom.version(root.value("version") or (above.value("version") if above else "")),
        " ".join(pom.text(root.value("description")).split()),
        tuple(_people(root)),
        tuple(dict.fromkeys(_members(root))),
        _is_deployable(root),
        name.line if name else root.line,
    )


def _people(root: Element) -> Iterator[str]:
    for one in root.all("developers", "developer"):
        name, email = one.value("name") or one.value("id"), one.value("email")
        if name or email:
            yield f"{name} <{email}>" if name and email else name or email


def _members(root: Element) -> Iterator[str]:
    for part in profiles(root):
        for one in (*part.all("modules", "module"), *part.all("subprojects", "subproject")):
            path = one.text.strip().replace("\\", "/")
            folder = path.rpartition("/")[0] if path.endswith(".xml") else path
            yield folder.rstrip("/") or "."


def _is_deployable(root: Element) -> bool:
    packaging = root.value("packaging")
    plugins = {one.value("artifactId") for one in root.all("build", "plugins", "plugin")}
    return packaging in _RUNS or (packaging != "pom" and bool(plugins & _RUNNERS))


MANIFEST = Manifest(
    name="pom-xml",
    title="Maven: pom.xml",
    files=("pom.xml",),
    read=read,
    reference="https://maven.apache.org/pom.html",
    samples={
        "chat/pom.xml": b"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId>
  <artifactId>chat</artifactId>
  <version>1.4.0</version>
  <properties>
    <langchain4j.version>1.0.0</langchain4j.version>
  </properties>
  <dependencies>
    <dependency>
      <groupId>dev.langchain4j</groupId>
      <artifactId>langchain4j-open-ai</artifactId>
      <version>${langchain4j.version}</version>
    </dependency>
  </dependencies>
</project>
""",
    },
)
