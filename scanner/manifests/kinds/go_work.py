"""Go's workspaces: the modules that are built together, and what replaces others in all of them.

    use ./services/chat
    replace github.com/tmc/langchaingo => github.com/acme/langchaingo v0.1.14

Reference: https://go.dev/ref/mod#go-work-file
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest, Mention, Project, Trouble
from scanner.manifests.go_directives import directives, replacement
from scanner.manifests.purls import purl
from scanner.model import Identifier


def read(document: Document) -> Iterator[Found]:
    """Yield the workspace with its members, and the modules that replace others."""
    members: list[str] = []
    for one in directives(document):
        match one:
            case Trouble():
                yield one
            case ("use", [folder], _, _):
                members.append(posixpath.normpath(folder.replace("\\", "/")))
            case ("replace", _, line, _) if new := replacement(one):
                yield Mention(Identifier.PACKAGE, purl("golang", new[0]), line, new[1])
    if members:
        yield Project("", members=tuple(members))


MANIFEST = Manifest(
    name="go-work",
    title="Go: go.work",
    files=("go.work",),
    read=read,
    reference="https://go.dev/ref/mod#go-work-file",
    samples={
        "go.work": b"""go 1.24

use (
	./services/chat
	./libraries/prompts
)
""",
    },
)
