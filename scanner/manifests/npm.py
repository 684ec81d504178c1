"""How npm and the managers beside it (Yarn, pnpm, Bun, Deno) name packages and their versions.

``openai``, ``@scope/name``, ``npm:real-name@^4`` for an alias, ``jsr:@scope/name@1``; a version
such as ``workspace:*`` or ``file:../lib`` names a package of one's own.
Reference: https://docs.npmjs.com/cli/configuring-npm/package-json#dependencies
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote

import msgspec

from scanner.manifests import Document, Group, Unreadable
from scanner.manifests.parsing import typed_json
from scanner.manifests.purls import purl
from scanner.manifests.untyped import mapping, texts

_NAME = re.compile(r"(?:@[^/@\s:]{1,214}/)?[^/@\s:.][^/@\s:]{0,213}")
_NAMED = re.compile(r"((?:@[^/@\s:]+/)?[^/@\s:]+)(?:@([^/]*))?(?:/.*)?", re.DOTALL)
# What follows "npm:" and is a version, for Yarn names the package once only.
_RANGE = re.compile(r"[v=\s]*[\d^~<>=*|]|x\b|(?:latest|next|alpha|beta|rc|canary)$|$")
_OWN = ("workspace:", "file:", "link:", "portal:", "exec:", "root:", "./", "../", "~/", "/")
_JSR_AT_NPM = re.compile(r"@jsr/([a-z\d-]+)__([a-z\d-]+)")
_LONGEST = 2000
_MOST_MEMBERS = 1000


# Hosts that serve npm's packages to browsers and to Deno.
_SERVED = re.compile(
    r"https?://(?:esm\.sh/(?:v\d+/|stable/)?|cdn\.skypack\.dev/|unpkg\.com/|esm\.run/"
    r"|cdn\.jsdelivr\.net/npm/|ga\.jspm\.io/npm:)\*?((?:@[^/@\s]+/)?[^/@\s?#&]+(?:@[^/\s?#&]*)?)"
)


class Wanted(NamedTuple):
    """A package that a file asks for."""

    name: str  # the key it is asked for by: an alias, if it has one
    spec: str
    group: Group
    section: str


class Named(NamedTuple):
    purl: str
    version: str


class Unnamed(ValueError):  # noqa: N818 - it says what a name is
    """What stands where a package's name should."""


def package(name: str) -> str:
    """Return the purl of a package of npm. Raises Unnamed.

    JSR's packages are at npm too, under a scope of their own; they are named as JSR names them.
    """
    if found := _JSR_AT_NPM.fullmatch(name):
        return _purl("jsr", f"@{found[1]}/{found[2]}")
    return _purl("npm", name)


def _purl(ecosystem: str, name: str) -> str:
    if not _NAME.fullmatch(name):
        raise Unnamed(f"no name of a package: {name[:80]!r}")
    try:
        return purl(ecosystem, name)
    except Unreadable as error:
        raise Unnamed(str(error)) from error


def is_own(spec: str) -> bool:
    """Whether a version says that the package is one's own, in a folder beside."""
    return spec.startswith(_OWN)


def split(text: str) -> tuple[str, str]:
    """Return name and version of ``name@version``; the version is "" if there is none."""
    at = text.find("@", 1)
    return (text, "") if at < 0 else (text[:at], text[at + 1 :])


def named(name: str, spec: str) -> Named | None:
    """Return which package is asked for by a name and a version as written; None for one's own.

    Raises Unnamed.
    """
    spec = spec.strip()
    if len(spec) > _LONGEST:
        raise Unnamed(f"no version of a package: {spec[:80]!r}")
    if is_own(spec):
        return None
    if spec.startswith("patch:"):  # patch:name@npm%3A1.0.0#~/.yarn/patches/…
        real, version = split(unquote(spec.removeprefix("patch:").partition("#")[0]))
        return named(real, version)
    if spec.startswith("npm:"):
        rest = spec.removeprefix("npm:").strip()
        if _RANGE.match(rest):
            return Named(package(name), rest)
        real, version = split(rest)
        return Named(package(real), version)
    if spec.startswith("jsr:"):
        rest = spec.removeprefix("jsr:").strip()
        real, version = split(rest) if rest.startswith("@") else (name, rest)
        return Named(_purl("jsr", real), version)
    return Named(package(name), spec)


def of_specifier(specifier: str) -> Named | None:
    """Return which package a module specifier names: ``npm:openai@^4/core``, ``jsr:@std/fs``.

    None for paths, hosts and whatever else names none. Raises Unnamed.
    """
    scheme, _, rest = specifier.partition(":")
    if scheme not in ("npm", "jsr"):
        return None
    found = _NAMED.fullmatch(rest.lstrip("/"))
    if not found:
        raise Unnamed(f"no name of a package: {specifier[:80]!r}")
    make = package if scheme == "npm" else _jsr
    return Named(make(found[1]), (found[2] or "").strip())


def served(address: str) -> Named | None:
    """Return which package of npm a host serves at an address; None for any other address."""
    found = _SERVED.match(address)
    try:
        return of_specifier(f"npm:{found[1]}") if found else None
    except Unnamed:
        return None


def _jsr(name: str) -> str:
    return _purl("jsr", name)


class PackageJson(msgspec.Struct):
    """The fields of a ``package.json`` that are read here; people write anything into them."""

    name: Any = None
    version: Any = None
    description: Any = None
    private: Any = None
    author: Any = None
    maintainers: Any = None
    workspaces: Any = None
    scripts: Any = None
    bin: Any = None
    catalog: Any = None
    catalogs: Any = None
    dependencies: Any = None
    optionalDependencies: Any = None  # noqa: N815 - as the file names it
    devDependencies: Any = None  # noqa: N815
    peerDependencies: Any = None  # noqa: N815
    peerDependenciesMeta: Any = None  # noqa: N815
    bundleDependencies: Any = None  # noqa: N815
    bundledDependencies: Any = None  # noqa: N815


_SECTIONS = (
    ("dependencies", Group.RUNTIME),
    ("optionalDependencies", Group.OPTIONAL),
    ("devDependencies", Group.DEV),
    ("peerDependencies", Group.RUNTIME),
)
SECTIONS = tuple(section for section, _ in _SECTIONS)


def wanted(manifest: Any) -> Iterator[Wanted]:
    """Yield what an object with npm's sections of dependencies asks for.

    A peer is needed to run, unless ``peerDependenciesMeta`` calls it optional. npm moves a
    package of ``dependencies`` that is optional too out of them.
    """
    optional = mapping(manifest.optionalDependencies)
    loose = optional_peers(manifest.peerDependenciesMeta)
    for section, group in _SECTIONS:
        for name, spec in mapping(getattr(manifest, section)).items():
            if section == "dependencies" and name in optional:
                continue
            is_loose = section == "peerDependencies" and name in loose
            version = spec if isinstance(spec, str) else ""
            yield Wanted(name, version, Group.OPTIONAL if is_loose else group, section)


def optional_peers(meta: Any) -> frozenset[str]:
    """Return the names that ``peerDependenciesMeta`` calls optional."""
    return frozenset(
        name for name, about in mapping(meta).items() if mapping(about).get("optional") is True
    )


def members(workspaces: Any) -> tuple[str, ...]:
    """Return the globs of ``workspaces``, a list or an object with one."""
    return texts(workspaces) or texts(mapping(workspaces).get("packages"))


def wanted_beside(document: Document) -> tuple[list[Wanted], bool]:
    """Return what the ``package.json`` beside a lockfile and those of its members ask for.

    The second value tells whether they are all there: globs of members are not followed, since
    a tree can be read, not listed.
    """
    manifest = package_json(document.beside("package.json"))
    if manifest is None:
        return [], False
    folders = members(manifest.workspaces)
    found, is_whole = list(wanted(manifest)), len(folders) <= _MOST_MEMBERS
    for folder in folders[:_MOST_MEMBERS]:
        member = package_json(document.beside(f"{folder}/package.json"))
        found += wanted(member) if member else ()
        is_whole = is_whole and member is not None
    return found, is_whole


def package_json(document: Document | None) -> PackageJson | None:
    """Return a ``package.json``; None if there is none that can be read."""
    if document is None:
        return None
    try:
        return typed_json(document, PackageJson)
    except Unreadable:
        return None
