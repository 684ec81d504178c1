"""Go's modules: what a module is called, and which others it requires.

    require github.com/sashabaranov/go-openai v1.41.2
    require golang.org/x/net v0.38.0 // indirect

A module that only others require is marked so. ``exclude`` and ``retract`` name nothing that is
used. What provides a ``tool`` and is not imported serves the build.
Reference: https://go.dev/ref/mod#go-mod-file
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.manifests import (
    Document,
    Found,
    Group,
    Manifest,
    Mention,
    Project,
    Trouble,
)
from scanner.manifests.go_directives import Directive, directives, is_module, replacement
from scanner.manifests.purls import purl
from scanner.model import Identifier


def read(document: Document) -> Iterator[Found]:
    """Yield the module itself, what it requires, what replaces that, and its tools."""
    required: dict[str, Mention] = {}
    replaced: list[Directive] = []
    tools: list[Directive] = []
    own = ""
    for one in directives(document):
        if isinstance(one, Trouble):
            yield one
            continue
        match one.verb, one.words:
            case "module", [name]:
                own = name
                yield Project(name, line=one.line)
            case "require", [name, version] if is_module(name):
                required[name] = _required(name, version, one)
            case "replace", [_, *_]:
                replaced.append(one)
            case "tool", [path] if is_module(path):
                tools.append(one)
            case (("module" | "require" | "tool" as verb), _):
                yield Trouble(f"no {verb} directive: {' '.join(one.words)[:80]}", one.line)
    yield from _tools(tools, required, own)
    yield from required.values()
    yield from _replacements(replaced, required)


def _required(name: str, version: str, one: Directive) -> Mention:
    return Mention(
        Identifier.PACKAGE,
        purl("golang", name),
        one.line,
        version,
        is_direct=not one.is_indirect,
    )


def _tools(tools: list[Directive], required: dict[str, Mention], own: str) -> Iterator[Found]:
    """Mark the modules that provide tools; yield the tools that no requirement provides."""
    for tool in tools:
        path = tool.words[0]
        module = _provider(path, required)
        if module:
            if not required[module].is_direct:
                required[module] = required[module]._replace(group=Group.BUILD, is_direct=True)
        elif not own or not f"{path}/".startswith(f"{own}/"):
            name = purl("golang", path)
            yield Mention(Identifier.PACKAGE, name, tool.line, group=Group.BUILD, is_direct=True)


def _provider(path: str, required: dict[str, Mention]) -> str:
    """Return the longest required module that holds a package."""
    while path and path not in required:
        path = path.rpartition("/")[0]
    return path


def _replacements(replaced: list[Directive], required: dict[str, Mention]) -> Iterator[Mention]:
    for one in replaced:
        if new := replacement(one):
            old = required.get(one.words[0])
            yield Mention(
                Identifier.PACKAGE,
                purl("golang", new[0]),
                one.line,
                new[1],
                group=old.group if old else Group.RUNTIME,
                is_direct=old.is_direct if old else False,  # others may require it
            )


MANIFEST = Manifest(
    name="go-mod",
    title="Go: go.mod",
    files=("go.mod",),
    read=read,
    reference="https://go.dev/ref/mod#go-mod-file",
    samples={
        "services/chat/go.mod": b"""module git.example.com/acme/chat

go 1.24

require (
	github.com/sashabaranov/go-openai v1.41.2
	github.com/tmc/langchaingo v0.1.13
	golang.org/x/net v0.38.0 // indirect
)

replace github.com/tmc/langchaingo => github.com/acme/langchaingo v0.1.14

exclude golang.org/x/net v0.1.0
""",
    },
)
