"""Python's packages as its files name them: requirements, archives, repositories, groups."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)

from scanner.manifests import Group, Unreadable
from scanner.manifests.purls import purl

_LONGEST = 5000
HALVES = re.compile("[\ud800-\udfff]")  # half characters, which no file can be written with
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_HEAD = re.compile(rf"({_NAME.pattern})\s*(?:\[[^\[\]]*\])?\s*(.*)", re.DOTALL)
# Versions that pip once took and packaging refuses, or that a template fills in.
_LENIENT = re.compile(r"(?:===|==|~=|!=|<=|>=|<|>)\s*[\dv{$%*@][^;]*")
_EGG = re.compile(r"(?:^|&)egg=([^&\[]+)")
_REPOSITORY = re.compile(r"(?:git|hg|svn|bzr)\+|git://|git@")
_REVISION = re.compile(r"@([^/@]+)$")
_HOSTED = re.compile(r"(?:^|[/@])(github\.com|bitbucket\.org)[/:]([\w.-]+)/([\w.-]+)")
_PLACE = re.compile(r"[A-Za-z][\w+.-]*://|git@|[./\\~]|[A-Za-z]:\\")
# pip takes a path without a leading dot too, if it has a slash.
_FOLDER = re.compile(r"[\w.-]++(?:[/\\][\w.-]*+)+(?:\[[^\[\]]*\])?")
_ARCHIVES = (".whl", ".tar.gz", ".zip", ".tar.bz2", ".tgz")

_WORDS = {
    Group.RUNTIME: "prod production main default runtime base core deploy",
    Group.OPTIONAL: "optional opt extra extras",
    Group.BUILD: "build",
    Group.DEV: "dev devel develop development developer local lint linting linter linters format"
    " formatting style quality check checks typing mypy doc docs documentation ci debug tools"
    " coverage precommit bench benchmark benchmarks profiling",
    Group.TEST: "test tests testing unittest unittests pytest e2e",
    Group.NOTEBOOK: "notebook notebooks jupyter",
    Group.EXAMPLE: "example examples demo demos sample samples tutorial tutorials",
}
_GROUPS = {word: group for group, words in _WORDS.items() for word in words.split()}


class Wanted(NamedTuple):
    """A package that a requirement asks for."""

    purl: str
    version: str  # the range as it is written, or a reference's version or revision


def pypi(name: str) -> str:
    """Return the purl of a package of the Python index. Raises Unreadable."""
    name = name.strip()
    if len(name) > _LONGEST or not _NAME.fullmatch(name):
        raise Unreadable(f"no name of a package: {name[:80]!r}")
    return purl("pypi", canonicalize_name(name))


def name_in(requirement: str) -> str:
    """Return the purl of the package that a well-formed requirement begins with. Raises Unreadable."""
    found = _NAME.match(requirement[:_LONGEST].lstrip())
    return pypi(found.group() if found else "")


def group_told(name: str) -> Group | None:
    """Return the group that a name of a group, an extra or a file tells by its first known word."""
    words = re.split(r"[^a-z0-9]+", name.lower())
    return next((_GROUPS[word] for word in words if word in _GROUPS), None)


def group_of_extra(name: str) -> Group:
    """Return the group of an extra. One for what runs locally is no list of a developer's."""
    return Group.OPTIONAL if name.lower() == "local" else group_named(name, Group.OPTIONAL)


def group_named(name: str, otherwise: Group) -> Group:
    """Return the group that a name tells, or another one if it tells none."""
    return group_told(name) or otherwise


def person(name: str, email: str) -> str:
    """Return somebody as mail headers write them, by what is known."""
    return f"{name} <{email}>" if name and email else name or email


@lru_cache(maxsize=65_536)
def wanted(text: str) -> Wanted | None:
    """Return the package of a requirement, an archive or a repository; None for a local folder.

    Raises Unreadable for what is none of them.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST or HALVES.search(text):
        raise Unreadable("not a requirement")
    if _PLACE.match(text) or _REPOSITORY.match(text) or text.lower().endswith(_ARCHIVES):
        return _at(text)
    if _FOLDER.fullmatch(text):
        return None
    try:
        requirement = Requirement(text)
    except (InvalidRequirement, RecursionError):
        return _lenient(text)
    if requirement.url:
        return Wanted(pypi(requirement.name), _revision(requirement.url))
    version = _range(text) if requirement.specifier else ""
    return Wanted(pypi(requirement.name), version)


def _range(text: str) -> str:
    """Return the versions of a good requirement as they are written, not as packaging sorts them."""
    found = _HEAD.match(text)
    rest = found.group(2).partition(";")[0].strip() if found else ""
    return rest[1:-1].strip() if rest.startswith("(") else rest


def _lenient(text: str) -> Wanted:
    found = _HEAD.match(text)
    if not found or not _LENIENT.match(found.group(2)):
        raise Unreadable("not a requirement")
    return Wanted(pypi(found.group(1)), found.group(2).partition(";")[0].strip())


def _at(place: str) -> Wanted | None:
    """Return what an address or a path leads to, by what it says itself."""
    place = re.split(r"\s;|\s@\s", place)[0].strip()
    try:
        parts = urlsplit(place)
    except ValueError as error:
        raise Unreadable("not an address of a package") from error
    if egg := _EGG.search(parts.fragment):
        return Wanted(pypi(unquote(egg.group(1))), _revision(place))
    if known := _archive(parts.path):
        return known
    hosted = _HOSTED.search(place)
    if hosted and (_REPOSITORY.match(place) or "/archive/" in place):
        host, owner, name = hosted.groups()
        name = name.partition("@")[0].removesuffix(".git")
        return Wanted(purl(host.partition(".")[0], f"{owner}/{name}"), _revision(place))
    if "://" in place.removeprefix("file://") or _REPOSITORY.match(place):
        raise Unreadable("an address that does not name its package")
    return None


def _revision(address: str) -> str:
    """Return the version that an address leads to; never the address, which may hold a password."""
    path = address.partition("#")[0].partition("?")[0].strip()
    if _REPOSITORY.match(path):
        found = _REVISION.search(path.partition("://")[2].partition("/")[2] or path[4:])
        return found.group(1) if found else ""
    known = _archive(path)
    return known.version if known else ""


def _archive(path: str) -> Wanted | None:
    """Return the package that the name of a wheel or of a source archive tells."""
    file = unquote(re.split(r"[/\\]", path)[-1]).partition("[")[0]
    try:
        if file.endswith(".whl"):
            name, version, _, _ = parse_wheel_filename(file)
        elif file.endswith((".tar.gz", ".zip")):
            name, version = parse_sdist_filename(file)
        else:
            return None
    except (InvalidWheelFilename, InvalidSdistFilename):
        return None
    return Wanted(pypi(name), str(version))
