"""setup.cfg: what setuptools is told about a package in its older, declarative way.

    [options]
    install_requires = openai>=1.30

Reference: https://setuptools.pypa.io/en/latest/userguide/declarative_config.html
"""

from __future__ import annotations

import configparser
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
from scanner.manifests.python_packages import group_of_extra, person, wanted
from scanner.manifests.requirement_lists import read_included
from scanner.model import Identifier

_REQUIRES = {
    "install_requires": Group.RUNTIME,
    "setup_requires": Group.BUILD,
    "tests_require": Group.TEST,
}
_EXTRAS = "options.extras_require"
# configparser takes the square of the time for a long run of blanks.
_BLANKS = re.compile(r"(?<=\S)[^\S\n]+")
_COMMENT = re.compile(r"(?:^|\s)#.*")


def read(document: Document) -> Iterator[Found]:
    """Yield the package that a setup.cfg describes, and what it depends on."""
    config = configparser.RawConfigParser(strict=False)
    try:
        config.read_string(_BLANKS.sub(" ", document.text.replace("\r\n", "\n")))
    except configparser.MissingSectionHeaderError as error:
        raise Unreadable("not a setup.cfg: no section") from error
    except configparser.ParsingError as error:  # raised when all else is read
        yield from (Trouble("not a setting", line) for line, _ in error.errors)
    except (configparser.Error, RecursionError, AttributeError, TypeError) as error:
        raise Unreadable(f"not a setup.cfg: {type(error).__name__}") from error
    lines = _Lines(document)
    yield from _project(config, lines)
    for key, group in _REQUIRES.items():
        yield from _list(document, config, ("options", key), group, lines)
    for extra in config.options(_EXTRAS) if config.has_section(_EXTRAS) else ():
        group = group_of_extra(extra.partition(":")[0])
        yield from _list(document, config, (_EXTRAS, extra), group, lines)


def _project(config: configparser.RawConfigParser, lines: _Lines) -> Iterator[Project]:
    def told(key: str) -> str:
        return (config.get("metadata", key, fallback="") or "").strip()

    name = told("name")
    if not name or name.startswith(("attr:", "file:")):
        return
    people = (person(told(who), told(f"{who}_email")) for who in ("author", "maintainer"))
    points = "options.entry_points"
    yield Project(
        name,
        "" if told("version").startswith(("attr:", "file:")) else told("version"),
        told("description") or told("summary"),
        tuple(dict.fromkeys(one for one in people if one)),
        is_deployable=config.has_option("options", "scripts")
        or any(config.has_option(points, f"{kind}_scripts") for kind in ("console", "gui")),
        line=lines.of("metadata", "name"),
    )


def _list(
    document: Document,
    config: configparser.RawConfigParser,
    at: tuple[str, str],
    group: Group,
    lines: _Lines,
) -> Iterator[Found]:
    value = config.get(*at, fallback="") or ""
    if value.strip().startswith("file:"):
        for path in value.strip()[5:].split(","):
            yield from read_included(document, path.strip(), lines.of(*at), group)
        return
    for text in _items(value):
        line = lines.of(*at, text)
        try:
            one = wanted(text)
        except Unreadable as error:
            yield Trouble(str(error), line)
            continue
        if one:
            yield Mention(
                Identifier.PACKAGE, one.purl, line, one.version, group=group, is_direct=True
            )


def _items(value: str) -> list[str]:
    """Return the requirements of a value: a line each, or between semicolons on one line."""
    texts = value.splitlines()
    if len(texts) == 1 and ";" in value:
        try:
            wanted(_COMMENT.sub("", value))
        except Unreadable:
            texts = value.split(";")
    return [text for one in texts if (text := _COMMENT.sub("", one).strip())]


class _Lines:
    """Finds the lines of keys and of what stands below them; all lines are looked at once."""

    def __init__(self, document: Document) -> None:
        self._found: dict[tuple[str, ...], int] = {}
        section = key = ""
        for number, line in enumerate(document.lines, 1):
            bare = line.strip()
            if not bare or bare.startswith(("#", ";")):
                continue
            if bare.startswith("[") and bare.endswith("]"):
                section = bare[1:-1]
                continue
            if not line[0].isspace():
                key, bare = (*re.split(r"[=:]", line, maxsplit=1), "")[:2]
                key = key.strip().lower()
                self._found.setdefault((section, key), number)
            for text in _items(bare):
                self._found.setdefault((section, key, text), number)

    def of(self, section: str, key: str, text: str = "") -> int:
        """Return the line of a key, or of a text below it."""
        found = self._found.get((section, key, text)) or self._found.get((section, key))
        return found or 0


MANIFEST = Manifest(
    name="setup-cfg",
    title="setuptools' setup.cfg",
    files=("setup.cfg",),
    read=read,
    reference="https://setuptools.pypa.io/en/latest/userguide/declarative_config.html",
    samples={
        "setup.cfg": b"""\
[metadata]
name = claims-triage
version = 1.4.0
author = Ana Lima
author_email = ana@example.com

[options]
install_requires =
    openai>=1.30
    # pinned until the next release
    langchain==0.2.5 ; python_version >= "3.9"

[options.extras_require]
test = pytest
gpu =
    torch>=2

[options.entry_points]
console_scripts =
    triage = triage.cli:main
"""
    },
)
