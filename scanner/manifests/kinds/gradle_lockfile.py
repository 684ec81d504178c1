"""Gradle's lockfiles: the one version of each module, and the configurations it is in.

    dev.langchain4j:langchain4j-open-ai:1.0.0=compileClasspath,runtimeClasspath

Older ones are one file for each configuration. Which module is direct says the script beside it,
or one above it that speaks for all; where a script computes what it adds, others may be direct too.
Reference: https://docs.gradle.org/current/userguide/dependency_locking.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Group, Manifest, Mention, Tie, Trouble, Unreadable
from scanner.manifests.gradle_groups import group_of
from scanner.manifests.kinds.gradle import read as read_script
from scanner.manifests.purls import purl
from scanner.model import Identifier

_LOCKED = re.compile(r"([\w.-]{1,300}):([\w.-]{1,300}):([^\s:=]+)(?:=([\w., -]*))?")
_PLUGIN = ".gradle.plugin"
_OWN_PLUGINS = (
    "buildSrc/src/main/kotlin/{}.gradle.kts",
    "buildSrc/src/main/groovy/{}.gradle",
    "build-logic/src/main/kotlin/{}.gradle.kts",
    "build-logic/src/main/groovy/{}.gradle",
)
# What is on more than one of these classpaths serves the first: the program, then its building.
_ORDER = (Group.RUNTIME, Group.DEV, Group.BUILD, Group.TEST)


def read(document: Document) -> Iterator[Found]:
    """Yield the modules of a lockfile."""
    asked, is_all = _asked(document)
    is_known = False
    bad: list[int] = []
    for number, line in enumerate(map(str.strip, document.lines), 1):
        if found := _LOCKED.fullmatch(line):
            is_known = True
            value = purl("maven", found[2], found[1])
            yield Mention(
                Identifier.PACKAGE,
                value,
                number,
                found[3],
                Tie.LOCKED,
                _group(document, found[4]),
                True if value in asked else False if is_all else None,
            )
        elif line and not line.startswith(("#", "empty=")):
            bad.append(number)
    if bad and not is_known:
        raise Unreadable(f"no locked module in line {bad[0]}")
    yield from (Trouble("no locked module", number) for number in bad)


def _asked(document: Document) -> tuple[frozenset[str], bool]:
    """Return what the scripts of a lock ask for, and whether that is all that anybody asks for."""
    packages: list[Mention] = []
    is_all = True
    scripts = list(_scripts(document))
    for script in scripts:
        try:
            found = list(read_script(script))
        except Unreadable:
            is_all = False
            continue
        is_all = is_all and not any(isinstance(one, Trouble) for one in found)
        packages += [one for one in found if isinstance(one, Mention)]
        own = _conventions(script, found)
        scripts += [one for one in own if one not in scripts]  # which the loop then reads too
    asked = frozenset(one.value for one in packages if one.is_direct)
    return asked, is_all and bool(asked)


def _scripts(document: Document) -> Iterator[Document]:
    """Yield the script of a lock's project, and those above it."""
    for folder in _folders_above(document):
        for name in ("build.gradle", "build.gradle.kts"):
            if (script := document.beside(f"{folder}/{name}")) is not None:
                yield script


def _conventions(script: Document, found: list[Found]) -> Iterator[Document]:
    """Yield the scripts that a build has as plugins of its own: they have no version."""
    for one in found:
        if isinstance(one, Mention) and one.value.endswith(_PLUGIN) and not one.version:
            name = one.value.rpartition("/")[2].removesuffix(_PLUGIN)
            for place in _OWN_PLUGINS:
                if own := script.above(place.format(name)):
                    yield own


def _folders_above(document: Document) -> Iterator[str]:
    """Yield the folder of a lock's project, and those above it, from the lock's own."""
    is_old = document.folder.endswith("gradle/dependency-locks")
    depth = 2 if is_old else 0
    while depth <= document.path.count("/"):
        yield "/".join([".", *[".."] * depth])
        depth += 1


def _group(document: Document, configurations: str | None) -> Group:
    if document.name.lower().startswith("buildscript-"):
        return Group.BUILD
    names = configurations or document.name.partition(".")[0]
    groups = {_of(name.strip()) for name in names.split(",")}
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
