"""The ways in which Gradle's scripts name dependencies: strings, maps, positions, catalogs, platforms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from scanner.manifests.gradle_catalogs import Library
from scanner.manifests.gradle_text import Token, arguments, inside
from scanner.manifests.gradle_values import Values, is_known

_COORDINATES = re.compile(r"([^:\s@]+):([^:\s@]+)(?::([^:@\s]*))?(?::[^:@\s]*)?(?:@[\w.]+)?")
_PART = re.compile(r"[\w.-]{1,300}")
_DEEPEST = 10
_PLATFORMS = frozenset({"platform", "enforcedPlatform"})
_WRAPPERS = frozenset({"testFixtures", "variantOf", "create", "dependencies.create"})
_OF_THE_TREE = frozenset(
    {"project", "files", "fileTree", "gradleApi", "localGroovy", "gradleTestKit", "zipTree"}
    | {"gradleKotlinDsl", "rootProject", "layout", "rootProject.files", "project.files"}
    | {"rootProject.fileTree", "npm", "dependencies.gradleApi", "files.from", "sourceSets"}
)


class Notation(NamedTuple):
    """A library that a script names; a platform brings versions of others, and no code."""

    library: Library
    line: int
    is_platform: bool = False


class Computed(NamedTuple):
    """What a script works out while it runs."""

    written: str
    line: int


def notations(
    tokens: list[Token], values: Values, is_platform: bool = False, depth: int = 0
) -> Iterator[Notation | Computed]:
    """Yield what the arguments of a configuration name."""
    if depth > _DEEPEST:
        yield Computed("brackets that are nested too deep", tokens[0].line if tokens else 1)
        return
    parts = arguments(tokens)
    if pairs := dict(_pair(one) for one in parts if _is_pair(one)):
        yield from _from_map(pairs, values, is_platform)
        return
    if len(parts) > 1 and all(len(one) == 1 and one[0].is_text for one in parts):
        written = [values.filled(one[0]) for one in parts]
        if len(written) < 4 and all(map(_PART.fullmatch, written[:2])):
            group, name, version = (*written, "")[:3]
            yield Notation(_library(group, name, version), parts[0][0].line, is_platform)
            return
    for one in parts:
        yield from _argument(one, values, is_platform, depth + 1)


def _argument(
    tokens: list[Token], values: Values, is_platform: bool, depth: int
) -> Iterator[Notation | Computed]:
    first = tokens[0]
    if first.is_text:
        yield from _from_text(first, values, is_platform)
    elif first.value in ("(", "["):
        yield from notations(inside(tokens), values, is_platform, depth)
    elif first.kind == "name":
        called = inside(tokens, 1)
        last = first.value.rpartition(".")[2]
        if last in _PLATFORMS:
            yield from notations(called, values, True, depth)
        elif first.value in _WRAPPERS:
            yield from notations(called, values, is_platform, depth)
        elif first.value == "kotlin":
            yield from _kotlin(called, values, first.line)
        elif not _is_of_the_tree(first.value):
            yield from _named(first, values, is_platform)


def _is_of_the_tree(name: str) -> bool:
    head = name.partition(".")[0]
    return name in _OF_THE_TREE or head in ("projects", "sourceSets", "compose", "layout")


def _named(name: Token, values: Values, is_platform: bool) -> Iterator[Notation | Computed]:
    """Yield what a name stands for: an entry of a catalog, or a variable that holds a string."""
    catalog, _, rest = name.value.partition(".")
    known = values.catalog(catalog) if rest else None
    if known:
        rest = re.sub(r"\.(?:get|asProvider)$", "", rest)
        if found := known.named(rest):
            yield from (Notation(one, name.line, is_platform) for one in found)
            return
    text = values.of(name.value)
    if is_known(text) and _COORDINATES.fullmatch(text):
        yield from _from_text(Token("plain", text, name.line), values, is_platform)
    else:
        yield Computed(name.value, name.line)


def _from_text(text: Token, values: Values, is_platform: bool) -> Iterator[Notation | Computed]:
    found = _COORDINATES.fullmatch(values.filled(text))
    if found and all(map(_PART.fullmatch, found.group(1, 2))):
        library = _library(found[1], found[2], found[3] or "")
        yield Notation(library, text.line, is_platform)
    elif "$" in text.value:
        yield Computed(text.value, text.line)


def _kotlin(called: list[Token], values: Values, line: int) -> Iterator[Notation]:
    """Yield what ``kotlin("stdlib", "2.1.0")`` is short for."""
    written = [values.filled(one[0]) for one in arguments(called) if one[0].is_text]
    if written and _PART.fullmatch(written[0]):
        version = "".join(written[1:2])
        yield Notation(_library("org.jetbrains.kotlin", f"kotlin-{written[0]}", version), line)


def _is_pair(tokens: list[Token]) -> bool:
    return len(tokens) > 2 and tokens[0].kind == "name" and tokens[1].value in (":", "=")


def _pair(tokens: list[Token]) -> tuple[str, Token]:
    return tokens[0].value, tokens[2]


def _from_map(
    pairs: dict[str, Token], values: Values, is_platform: bool
) -> Iterator[Notation | Computed]:
    group, name = pairs.get("group"), pairs.get("name")
    if group and name:
        parts = [_value(one, values) for one in (group, name, pairs.get("version"))]
        if all(map(_PART.fullmatch, parts[:2])):
            yield Notation(_library(*parts), name.line, is_platform)
        else:
            yield Computed(f"{group.value}:{name.value}", name.line)


def _value(token: Token | None, values: Values) -> str:
    if token is None:
        return ""
    return values.filled(token) if token.is_text else values.of(token.value)


def _library(group: str, name: str, version: str) -> Library:
    return Library(group, name, version if is_known(version) else "")
