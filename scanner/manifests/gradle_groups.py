"""What Gradle's configurations are for, told by their names: Gradle's own and those of known plugins."""

from __future__ import annotations

import re

from scanner.manifests import Group
from scanner.manifests.gradle_text import Statement

_TEST = re.compile(r"(?:^|[a-z])Test(?:[A-Z]|$)|^test(?:[A-Z]|$)|TestFixtures|^jmh|^kotest")
_DEV = re.compile(r"^(?:developmentOnly|debug|testAndDevelopmentOnly|benchmark)")
_BUILD = re.compile(
    r"compileOnly(?:Api)?$|CompileOnly$|annotationProcessor$|AnnotationProcessor$|^kapt|^ksp"
    r"|^classpath$|^(?:detekt|detektPlugins|checkstyle|ktlint|pmd|spotbugs|spotbugsPlugins)$"
    r"|^(?:errorprone|lintChecks|lintPublish|jacocoAgent|jacocoAnt|protobuf|antlr|coreLibraryDesugaring)$"
)
_CONFIGURATION = re.compile(
    r"(?i:implementation|api|compileonly|runtimeonly|annotationprocessor|developmentonly)$"
    r"|^(?:compile|runtime|provided|classpath|kapt\w*|ksp\w*|providedCompile|providedRuntime)$"
    r"|^test(?:Compile|Runtime)$"
)


def group_of(configuration: str) -> Group:
    """Return what a configuration is for. What a container provides runs with the program."""
    if _TEST.search(configuration):
        return Group.TEST
    if _DEV.search(configuration):
        return Group.DEV
    return Group.BUILD if _BUILD.search(configuration) else Group.RUNTIME


def is_configuration(name: str) -> bool:
    """Say whether a name is surely a configuration's, so that what it adds is a dependency."""
    return bool(_CONFIGURATION.search(name))


def is_test_set(statement: Statement) -> bool:
    """Say whether a block is of a set of test sources: ``commonTest.dependencies { ... }``."""
    return any(
        part in ("test", "testing") or part.endswith("Test")
        for token in statement.tokens
        if token.kind == "name"
        for part in token.value.split(".")
    )
