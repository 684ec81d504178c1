"""The configuration of Deno, ``deno.json``, and its import maps.

    {"name": "@harbour/assistant", "tasks": {"start": "deno run main.ts"},
     "imports": {"openai": "npm:openai@^4.20.0", "@std/fs": "jsr:@std/fs@^1.0.0"}}

Hosts that serve npm's packages to browsers name them in their addresses. Paths are one's own.
Reference: https://docs.deno.com/runtime/fundamentals/configuration/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from scanner.manifests import Document, Found, Manifest, Mention, Project, Trouble
from scanner.manifests.json_text import plain
from scanner.manifests.line_index import LineIndex
from scanner.manifests.npm import Unnamed, members, of_specifier, served
from scanner.manifests.parsing import typed_json
from scanner.manifests.untyped import mapping, text
from scanner.model import Identifier


class _Config(msgspec.Struct):
    name: Any = None
    version: Any = None
    tasks: Any = None
    workspace: Any = None
    imports: Any = None
    scopes: Any = None


def read(document: Document) -> Iterator[Found]:
    """Yield the project, and each package that an import stands for."""
    document = plain(document)
    config = typed_json(document, _Config)
    keys = LineIndex(document.text)
    if config.name or config.tasks or config.workspace:
        yield Project(
            text(config.name),
            version=text(config.version),
            members=members(config.workspace) or members({"packages": _members(config.workspace)}),
            is_deployable="start" in mapping(config.tasks),
            line=keys.of("name") or 1,
        )
    seen: set[tuple[str, str]] = set()
    for name, target, line in _imports(config, keys):
        try:
            found = served(target) or of_specifier(target)
        except Unnamed as error:
            yield Trouble(f"{name[:80]}: {error}", line)
            continue
        if found and found not in seen:
            seen.add(found)
            yield Mention(
                Identifier.PACKAGE, found.purl, line, version=found.version, is_direct=True
            )


def _members(workspace: Any) -> Any:
    return mapping(workspace).get("members")


def _imports(config: _Config, keys: LineIndex) -> Iterator[tuple[str, str, int]]:
    """Yield what the maps of imports map, with the lines."""
    start = keys.of("imports")
    for name, target in mapping(config.imports).items():
        if isinstance(target, str):
            yield name, target, keys.of(name, start)
    start = keys.of("scopes")
    for imports in mapping(config.scopes).values():
        for name, target in mapping(imports).items():
            if isinstance(target, str):
                yield name, target, keys.of(name, start)


_SAMPLE = b"""{
  // what the assistant needs
  "name": "@harbour/assistant",
  "version": "1.4.0",
  "tasks": {"start": "deno run --allow-net main.ts"},
  "imports": {
    "@std/fs": "jsr:@std/fs@^1.0.0",
    "openai": "npm:openai@^4.20.0",
    "openai/": "npm:/openai@^4.20.0/",
    "zod": "https://esm.sh/zod@3.23.8",
    "~/": "./src/",
  },
}
"""

MANIFEST = Manifest(
    name="deno-json",
    title="Deno configuration (deno.json, import maps)",
    files=("deno.json", "deno.jsonc", "import_map.json", "importmap.json"),
    read=read,
    reference="https://docs.deno.com/runtime/fundamentals/configuration/",
    samples={"deno.json": _SAMPLE},
)
