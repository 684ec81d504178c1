"""The manifest of a package or application of npm, Yarn, pnpm and Bun.

    {"name": "assistant", "scripts": {"start": "node ."}, "dependencies": {"openai": "^4.20.0"},
     "devDependencies": {"ai": "npm:@ai-sdk/core@^3", "shared": "workspace:*"}}

An alias is the package it stands for; a version that is a folder names a package of one's own.
``overrides`` and ``resolutions`` change versions and ask for nothing.
Reference: https://docs.npmjs.com/cli/configuring-npm/package-json
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scanner.manifests import Document, Found, Group, Manifest, Mention, Project, Trouble
from scanner.manifests.catalogs import is_of_catalog, version_of
from scanner.manifests.line_index import LineIndex
from scanner.manifests.npm import (
    SECTIONS,
    PackageJson,
    Unnamed,
    Wanted,
    members,
    named,
    wanted,
)
from scanner.manifests.parsing import typed_json
from scanner.manifests.untyped import mapping, text, texts
from scanner.model import Identifier

# An application that is not published and has one of these answers requests.
_SERVERS = frozenset(
    {"next", "nuxt", "express", "fastify", "koa", "hono", "@nestjs/core", "@hapi/hapi"}
    | {"@remix-run/serve", "@react-router/serve", "@sveltejs/adapter-node", "@adonisjs/core"}
    | {"restify", "polka", "elysia", "h3", "@medusajs/medusa", "@strapi/strapi", "probot"}
)


def read(document: Document) -> Iterator[Found]:
    """Yield the project and each package it asks for."""
    manifest = typed_json(document, PackageJson)
    keys = LineIndex(document.text)
    asked = list(wanted(manifest))
    if project := _project(manifest, asked, keys):
        yield project
    for section in SECTIONS:
        if getattr(manifest, section) and not isinstance(getattr(manifest, section), dict):
            yield Trouble(f"{section} is no object", keys.of(section))
    for one in asked:
        yield from _mention(document, one, keys)
    yield from _bundled(manifest, {one.name for one in asked}, keys)


def _mention(document: Document, one: Wanted, keys: LineIndex) -> Iterator[Found]:
    if one.name.startswith("//"):  # how comments are written
        return
    line = keys.of(one.name, keys.of(one.section))
    spec = one.spec
    if is_of_catalog(spec):
        spec = version_of(document, one.name, spec)
    try:
        found = named(one.name, spec)
    except Unnamed as error:
        yield Trouble(str(error), line)
        return
    if found:
        yield Mention(
            Identifier.PACKAGE,
            found.purl,
            line,
            version=found.version,
            group=one.group,
            is_direct=True,
        )


def _bundled(manifest: PackageJson, asked: set[str], keys: LineIndex) -> Iterator[Found]:
    """Yield what is only in the list of packages that are shipped inside."""
    for section in ("bundleDependencies", "bundledDependencies"):
        for name in texts(getattr(manifest, section)):
            if name not in asked:
                asked.add(name)
                line = keys.of(section)
                try:
                    if found := named(name, ""):
                        yield Mention(Identifier.PACKAGE, found.purl, line, is_direct=True)
                except Unnamed as error:
                    yield Trouble(str(error), line)


def _project(manifest: PackageJson, asked: list[Wanted], keys: LineIndex) -> Project | None:
    """Return the project; None for a file that only tells Node how to load the files beside."""
    if not (manifest.name or asked or manifest.workspaces or manifest.scripts):
        return None
    return Project(
        text(manifest.name).strip(),
        version=text(manifest.version).strip(),
        description=text(manifest.description).strip(),
        people=tuple(_people(manifest)),
        members=members(manifest.workspaces),
        is_deployable=_is_deployable(manifest, asked),
        line=keys.of("name") or 1,
    )


def _is_deployable(manifest: PackageJson, asked: list[Wanted]) -> bool:
    if manifest.bin or "start" in mapping(manifest.scripts):
        return True
    is_server = any(one.name in _SERVERS for one in asked if one.group is Group.RUNTIME)
    return manifest.private is True and is_server


def _people(manifest: PackageJson) -> Iterator[str]:
    maintainers = manifest.maintainers if isinstance(manifest.maintainers, list) else []
    for one in dict.fromkeys(_person(each) for each in (manifest.author, *maintainers)):
        if one:
            yield one


def _person(value: Any) -> str:
    """Return a person as npm writes one in a line: ``Ana Roe <ana@example.com>``."""
    if isinstance(value, str):
        return value.strip()
    name, email = (text(mapping(value).get(key)).strip() for key in ("name", "email"))
    return f"{name} <{email}>".strip() if email else name


_SAMPLE = b"""{
  "name": "harbour-assistant",
  "version": "1.4.0",
  "description": "Answers questions about berths",
  "private": true,
  "author": {"name": "Ana Roe", "email": "ana@example.com"},
  "workspaces": ["packages/*"],
  "scripts": {"start": "node server.js"},
  "dependencies": {
    "@anthropic-ai/sdk": "^0.20.0",
    "chat": "npm:openai@^4.20.0",
    "express": "~4.19.2",
    "harbour-shared": "workspace:*"
  },
  "devDependencies": {
    "typescript": "^5.4.0"
  },
  "overrides": {"semver": "7.6.0"}
}
"""

MANIFEST = Manifest(
    name="package-json",
    title="npm package manifest (package.json)",
    files=("package.json",),
    read=read,
    reference="https://docs.npmjs.com/cli/configuring-npm/package-json",
    samples={"package.json": _SAMPLE},
)
