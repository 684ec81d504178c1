"""devcontainer.json: the image, features, extensions and variables of a development container.

    {"image": "mcr.microsoft.com/devcontainers/python:3.12",
     "features": {"ghcr.io/devcontainers/features/node:1": {}}}

Reference: https://containers.dev/implementors/json_reference/
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.manifests import Document, Found, Group, Manifest, Mention, Tie
from scanner.manifests.images import image, substitute
from scanner.manifests.kinds.vscode import extensions
from scanner.manifests.outline import Node, of_json
from scanner.manifests.settings import environment, variable
from scanner.manifests.shell import arguments, installs
from scanner.model import Identifier

_COMMANDS = (
    *("initializeCommand", "onCreateCommand", "updateContentCommand"),
    *("postCreateCommand", "postStartCommand", "postAttachCommand"),
)


def read(document: Document) -> Iterator[Found]:
    for one in _mentions(of_json(document)):
        yield one._replace(group=Group.DEV)


def _mentions(root: Node) -> Iterator[Mention]:
    named = root.get("image")
    yield from image(substitute(named.text, {}), named.line)
    for feature, options in root.get("features").pairs:
        yield from image(feature, options.line)
    tools = root.get("customizations")
    yield from extensions(tools.get("vscode", "extensions"))
    yield from extensions(root.get("extensions"))
    for plugin in tools.get("jetbrains", "plugins").items:
        yield Mention(Identifier.IDE_EXT, plugin.text, plugin.line, tie=Tie.CONFIGURED)
    for place in (("containerEnv",), ("remoteEnv",), ("build", "args")):
        yield from environment(root.get(*place))
    for name, secret in root.get("secrets").pairs:
        yield from variable(name, secret.line)
    for command in _COMMANDS:
        yield from _command(root.get(command))


def _command(node: Node) -> Iterator[Mention]:
    """Yield what a command installs: a text, a list of words, or several of them by names."""
    yield from installs(node.text, node.line)
    yield from arguments([one.text for one in node.items], node.line)
    for _, one in node.pairs:
        if not one.pairs:
            yield from _command(one)


MANIFEST = Manifest(
    name="devcontainer",
    title="devcontainer.json",
    files=("devcontainer.json", ".devcontainer.json"),
    read=read,
    reference="https://containers.dev/implementors/json_reference/",
    samples={
        ".devcontainer/devcontainer.json": b"""\
{
  "image": "mcr.microsoft.com/devcontainers/python:3.12",
  "features": {"ghcr.io/prulloac/devcontainer-features/ollama:1": {}},
  "customizations": {"vscode": {"extensions": ["GitHub.copilot-chat"]}},
  "remoteEnv": {"OPENAI_API_KEY": "${localEnv:OPENAI_API_KEY}"},
  "postCreateCommand": "pip install openai"
}
"""
    },
)
