"""Extensions that VS Code recommends for a source tree: extensions.json and workspaces.

    {"recommendations": ["github.copilot", "continue.continue"]}

Reference: https://code.visualstudio.com/docs/configure/extensions/extension-marketplace
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Group, Manifest, Mention, Tie
from scanner.manifests.outline import Node, of_json
from scanner.model import Identifier

_EXTENSION = re.compile(r"(\w[\w-]*\.[\w.-]+?)(?:@([\w.-]+))?")


def read(document: Document) -> Iterator[Found]:
    root = of_json(document)
    yield from extensions(root.get("recommendations"))
    yield from extensions(root.get("extensions", "recommendations"))


def extensions(node: Node) -> Iterator[Mention]:
    """Yield the extensions of a list; one that begins with - is not wanted."""
    for one in node.items:
        if found := _EXTENSION.fullmatch(one.text):
            yield Mention(
                Identifier.IDE_EXT,
                found[1].lower(),
                one.line,
                found[2] or "",
                Tie.CONFIGURED,
                Group.DEV,
            )


MANIFEST = Manifest(
    name="vscode-extensions",
    title="extensions.json, workspace (VS Code)",
    files=(".vscode/extensions.json", "*.code-workspace"),
    read=read,
    reference="https://code.visualstudio.com/docs/configure/extensions/extension-marketplace",
    samples={
        ".vscode/extensions.json": b"""\
{
  // for everyone
  "recommendations": [
    "GitHub.copilot",
    "continue.continue",
  ],
  "unwantedRecommendations": ["Codeium.codeium"]
}
"""
    },
)
