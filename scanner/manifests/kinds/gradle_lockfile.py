"""Gradle's lockfiles: the one version of each module, and the configurations it is in.

    dev.langchain4j:langchain4j-open-ai:1.0.0=compileClasspath,runtimeClasspath

Older ones are one file for each configuration. Nothing says which module is direct.
Reference: https://docs.gradle.org/current/userguide/dependency_locking.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Group, Manifest, Mention, Tie, Trouble, Unreadable
from scanner.manifests.gradle_groups import group_of
from scanner.manifests.purls import purl
from scanner.model import Identifier

_LOCKED = re.compile(r"([\w.-]{1,300}):([\w.-]{1,300}):([^\s:=]+)(?:=([\w.,-]*))?\s*")
# What is on more than one of these classpaths serves the first: the program, then its building.
_ORDER = (Group.RUNTIME, Group.DEV, Group.BUILD, Group.TEST)


def read(document: Document) -> Iterator[Found]:
    """Yield the modules of a lockfile."""
    is_known = False
    for number, line in enumerate(document.lines, 1):
        if found := _LOCKED.fullmatch(line):
            is_known = True
            yield Mention(
                Identifier.PACKAGE,
                purl("maven", found[2], found[1]),
                number,
                found[3],
                Tie.LOCKED,
                _group(document, found[4]),
            )
        elif line.strip() and not line.startswith(("#", "empty=")):
            if not is_known:
                raise Unreadable(f"no locked module in line {number}")
            yield Trouble("no locked module", number)


def _group(document: Document, configurations: str | None) -> Group:
    if document.name.lower().startswith("buildscript-"):
        return Group.BUILD
    names = configurations or document.name.partition(".")[0]
    groups = {_of(name) for name in names.split(",")}
    return next(group for group in _ORDER if group in groups)


def _of(configuration: str) -> Group:
    group = group_of(configuration)
    is_for_compiling = configuration.lower().endswith("compileclasspath")
    return Group.BUILD if group is Group.RUNTIME and is_for_compiling else group


MANIFEST = Manifest(
    name="gradle-lockfile",
    title="Gradle: lockfiles",
    files=("gradle.lockfile", "buildscript-gradle.lockfile", "gradle/dependency-locks/*.lockfile"),
    read=read,
    reference="https://docs.gradle.org/current/userguide/dependency_locking.html",
    samples={
        "gradle.lockfile": b"""# This is a Gradle generated file for dependency locking.
# Manual edits can break the build and are not advised.
# This file is expected to be part of source control.
dev.langchain4j:langchain4j-open-ai:1.0.0=compileClasspath,runtimeClasspath
org.junit.jupiter:junit-jupiter:5.12.1=testCompileClasspath,testRuntimeClasspath
empty=annotationProcessor
""",
    },
)
