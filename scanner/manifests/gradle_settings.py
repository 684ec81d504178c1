"""What Gradle's settings say of a build: its name, and the folders of the projects in it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from scanner.manifests import Document, Unreadable
from scanner.manifests.gradle_text import Statement, Token, statements_of

_SETTINGS = ("settings.gradle", "settings.gradle.kts")
_INCLUDES = frozenset({"include", "includeFlat", "includeBuild"})


def name_in(statements: list[Statement]) -> tuple[str, int]:
    """Return the name that settings give a build, and the line; "" and 1 if they give none."""
    for one in statements:
        match one.tokens:
            case [Token("name", "rootProject.name"), Token(value="="), name] if name.is_text:
                return ("" if "$" in name.value else name.value), name.line
    return "", 1


def name_of(document: Document) -> str:
    """Return the name of the build whose settings lie beside a script; "" if there are none."""
    for name in _SETTINGS:
        if found := document.beside(name):
            try:
                return name_in(statements_of(found.text))[0]
            except Unreadable:
                return ""
    return ""


def members_of(statements: list[Statement]) -> Iterator[str]:
    """Yield the folders of the projects that settings include, each once."""
    moved = dict(_moved(statements))
    paths: dict[str, None] = {}
    for one in _all(statements):
        if one.head in _INCLUDES:
            for token in one.tokens:
                if token.is_text and token.value and "$" not in token.value:
                    paths[_folder(token.value, one.head, moved)] = None
    yield from paths


def _folder(project: str, include: str, moved: dict[str, str]) -> str:
    if include == "includeBuild":
        return posixpath.normpath(project)
    if include == "includeFlat":
        return f"../{project}"
    project = project.strip(":")
    return moved.get(project) or project.replace(":", "/")


def _moved(statements: list[Statement]) -> Iterator[tuple[str, str]]:
    """Yield the projects whose folders are set: ``project(':a').projectDir = file('b')``."""
    for one in _all(statements):
        if one.head == "project" and any(t.value.endswith("projectDir") for t in one.tokens):
            texts = [token.value for token in one.tokens if token.is_text]
            if len(texts) > 1 and "$" not in texts[-1]:
                yield texts[0].strip(":"), posixpath.normpath(texts[-1] or ".")


def _all(statements: list[Statement]) -> Iterator[Statement]:
    """Yield the statements of settings, also those in conditions."""
    for one in statements:
        yield one
        if one.head in ("if", "else"):
            for block in one.blocks:
                yield from _all(block)
