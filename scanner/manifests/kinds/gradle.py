"""Gradle's scripts, in Groovy and in Kotlin: what they depend on, and which projects they hold.

    implementation 'dev.langchain4j:langchain4j-open-ai:1.0.0'
    testImplementation(libs.junit.jupiter)

A reader of strings, names and brackets: no script is run. Names from ``gradle/libs.versions.toml``,
``gradle.properties`` and scripts above are followed; what a script computes is a trouble. Modules of
the build itself (``project(":core")``) and files are no packages. ``constraints`` declare nothing.
Reference: https://docs.gradle.org/current/userguide/declaring_dependencies.html
"""

from __future__ import annotations

import posixpath
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
from scanner.manifests.gradle_groups import group_of, is_configuration, is_test_set
from scanner.manifests.gradle_notations import Computed, Notation, notations
from scanner.manifests.gradle_plugins import Plugin, plugins_of
from scanner.manifests.gradle_settings import members_of, name_in, name_of
from scanner.manifests.gradle_text import Statement, Token, inside, statements_of, tokens_of
from scanner.manifests.gradle_values import Values, is_known
from scanner.manifests.purls import purl
from scanner.model import Identifier

_RUNNERS = frozenset(
    {"application", "war", "ear", "org.springframework.boot", "io.quarkus", "io.ktor.plugin"}
    | {"io.micronaut.application", "com.android.application", "com.google.cloud.tools.jib"}
)
# Blocks within "dependencies" that name versions, rules or what is left out.
_NO_DEPENDENCIES = frozenset({"constraints", "modules", "components", "exclude", "artifactTypes"})
_NO_CONFIGURATIONS = _NO_DEPENDENCIES | {"def", "val", "var", "println", "because", "return", "ext"}
_FLOW = frozenset({"if", "else", "for", "while", "try", "when", "switch", "with", "apply"})


def read(document: Document) -> Iterator[Found]:
    """Yield the project, its plugins, and what it depends on."""
    statements = statements_of(document.text)
    values = Values(document, list(tokens_of(document.text)))
    asked = list(plugins_of(statements, values))
    plugins = [one for one in asked if isinstance(one, Plugin)]
    yield from (one for one in asked if isinstance(one, Trouble))
    if document.name.lower().startswith("settings.gradle"):
        yield from _build(statements)
    elif document.name.lower().startswith("build.gradle"):
        yield from _project(document, statements, values, plugins)
    for plugin in plugins:
        if plugin.library:
            made = Notation(plugin.library, plugin.line)
            yield _mention(made, Group.BUILD)
    yield from _blocks(statements, values, False)


def _blocks(statements: list[Statement], values: Values, is_test: bool) -> Iterator[Found]:
    """Yield what the blocks of dependencies, wherever they stand, name."""
    for one in statements:
        head = one.head
        if head == "mavenBom":
            for found in notations(_arguments(one), values, True):
                yield _found(found, "mavenBom", Group.RUNTIME)
        elif head == "dependencyManagement":  # versions, but for the bills of materials it imports
            for block in one.blocks:
                yield from _blocks([s for s in block if s.head == "imports"], values, is_test)
        elif head.rpartition(".")[2] == "dependencies":
            for block in one.blocks:
                yield from _dependencies(block, values, is_test or is_test_set(one))
        elif head != "constraints":
            for block in one.blocks:
                yield from _blocks(block, values, is_test or is_test_set(one))


def _dependencies(statements: list[Statement], values: Values, is_test: bool) -> Iterator[Found]:
    for one in statements:
        if one.head in _NO_CONFIGURATIONS or _sign(one, 1) in ("=", ":"):
            continue
        if one.head in _FLOW:
            for block in one.blocks:
                yield from _dependencies(block, values, is_test)
            continue
        name, given = _configuration(one)
        group = Group.TEST if is_test else group_of(name)
        is_named = False
        for found in notations(given, values) if name else ():
            if isinstance(found, Notation) or is_configuration(name):
                is_named = True
                yield _found(found, name, group)
        if not (is_named or is_configuration(name)):  # names.each { implementation ... }
            for block in one.blocks:
                yield from _dependencies(block, values, is_test)


def _configuration(one: Statement) -> tuple[str, list[Token]]:
    """Return the configuration that a statement adds to, and the tokens of what it adds."""
    if one.head == "add":  # add("implementation", "group:name:version")
        within = inside(one.tokens, 1)
        if within and within[0].is_text:
            return within[0].value, within[2:]
        return "", []
    if one.tokens and (one.head or one.tokens[0].is_text):
        return one.tokens[0].value, _arguments(one)
    return "", []


def _arguments(one: Statement) -> list[Token]:
    return inside(one.tokens, 1) if _sign(one, 1) == "(" else one.tokens[1:]


def _sign(one: Statement, at: int) -> str:
    is_sign = at < len(one.tokens) and one.tokens[at].kind == "sign"
    return one.tokens[at].value if is_sign else ""


def _found(found: Notation | Computed, name: str, group: Group) -> Found:
    if isinstance(found, Computed):
        return Trouble(f"what {name} adds is computed: {found.written[:120]}", found.line)
    return _mention(found, group)


def _mention(found: Notation, group: Group) -> Found:
    library = found.library
    try:
        value = purl("maven", library.name, library.group)
    except Unreadable as error:
        return Trouble(str(error), found.line)
    return Mention(
        Identifier.PACKAGE,
        value,
        found.line,
        library.version,
        group=group,
        is_direct=None if found.is_platform else True,
    )


def _build(statements: list[Statement]) -> Iterator[Project]:
    name, line = name_in(statements)
    members = tuple(members_of(statements))
    if name or members:
        yield Project(name, members=members, line=line)


def _project(
    document: Document, statements: list[Statement], values: Values, plugins: list[Plugin]
) -> Iterator[Project]:
    version, description = (
        _property(statements, key, values) for key in ("version", "description")
    )
    if plugins or version or description or any(one.head == "dependencies" for one in statements):
        name = name_of(document) or posixpath.basename(document.folder)
        runs = any(one.id in _RUNNERS and one.is_applied for one in plugins)
        yield Project(name, version, description, is_deployable=runs)


def _property(statements: list[Statement], name: str, values: Values) -> str:
    """Return what a script sets one of its project's properties to; "" if it is computed."""
    for one in statements:
        if re.sub(r"^project\.", "", one.head) == name:
            rest = [token for token in one.tokens[1:] if token.value not in ("=", "(", ")")]
            if len(rest) == 1 and rest[0].is_text and is_known(text := values.filled(rest[0])):
                return text
    return ""


MANIFEST = Manifest(
    name="gradle",
    title="Gradle: scripts",
    files=("*.gradle", "*.gradle.kts"),
    read=read,
    reference="https://docs.gradle.org/current/userguide/declaring_dependencies.html",
    most=4 * 1024 * 1024,
    samples={
        "chat/build.gradle": b"""plugins {
    id 'java'
    id 'org.springframework.boot' version '3.4.4'
}

version = '1.4.0'

dependencies {
    // what the chat is made of
    implementation 'dev.langchain4j:langchain4j-open-ai:1.0.0'
    implementation project(':prompts')
    testImplementation group: 'org.junit.jupiter', name: 'junit-jupiter', version: '5.12.1'
}
""",
        "agent/build.gradle.kts": b"""plugins {
    application
    kotlin("jvm") version "2.1.20"
}

dependencies {
    implementation(platform("org.springframework.ai:spring-ai-bom:1.0.0"))
    implementation("org.springframework.ai:spring-ai-starter-model-openai")
    testImplementation(kotlin("test"))
}
""",
        "settings.gradle": b"""rootProject.name = 'assistants'
include ':chat', ':agent'
""",
    },
)
