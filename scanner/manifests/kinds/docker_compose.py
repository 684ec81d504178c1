"""Compose files of Docker and Podman: the services of an application, and its models.

    services:
      chat: {image: ollama/ollama:0.5, environment: [OPENAI_API_KEY]}

Reference: https://docs.docker.com/reference/compose-file/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest, Project, Unreadable
from scanner.manifests.images import image, substitute
from scanner.manifests.outline import Node, of_yaml
from scanner.manifests.settings import environment, model, port, urls
from scanner.manifests.shell import arguments, installs

_PORT = re.compile(r"(?:.*:)?(\d{1,5})(?:/(?:tcp|udp))?")
_TOP = frozenset({"services", "models", "include", "volumes", "networks", "configs", "secrets"})


def read(document: Document) -> Iterator[Found]:
    roots = [root for root in of_yaml(document) if root.pairs]
    if not any(key in _TOP or key.startswith("x-") for root in roots for key, _ in root.pairs):
        raise Unreadable("no services: not a Compose file")
    for root in roots:
        name = root.get("name").text or document.folder.rpartition("/")[2]
        yield Project(name, is_deployable=True)
        for keys, node in root.walk():
            yield from _part(keys, node)


def _part(keys: tuple[str, ...], node: Node) -> Iterator[Found]:
    """Yield what one key says, in services and in what ``x-`` keeps for them."""
    match keys:
        case (_, *_, "image") if node.text:
            yield from image(substitute(node.text, {}), node.line)
        case (_, *_, "environment") | (_, *_, "build", "args"):
            yield from _environment(node)
        case (_, *_, "command" | "entrypoint" | "test"):
            yield from _command(node)
        case (_, *_, "options", "model" | "models") | ("models", _, "model"):
            for one in (node, *node.items):
                yield from model(substitute(one.text, {}), one.line)
        case (_, *_, "ports" | "expose") if node.items:
            for one in node.items:
                text = one.get("target").text if one.pairs else substitute(one.text, {})
                if found := _PORT.fullmatch(text):
                    yield port(found[1], one.line)
        case (_, *_, "context" | "build" | "dockerfile") if "://" in node.text:
            yield from urls(node.text, node.line)
        case (*_, "include") | (*_, "include", "path"):
            for one in (node, *node.items):
                yield from urls(one.text, one.line)


def _environment(node: Node) -> Iterator[Found]:
    plain = Node(node.line)
    for key, value in node.pairs:
        plain.pairs.append((key, Node(value.line, substitute(value.text, {}))))
    for item in node.items:
        plain.items.append(Node(item.line, substitute(item.text, {})))
    yield from environment(plain)


def _command(node: Node) -> Iterator[Found]:
    if node.text:
        yield from installs(node.text, node.line)
    elif words := [one.text for one in node.items]:
        begin = 1 if words[0] in ("CMD", "CMD-SHELL") else 0
        yield from arguments(words[begin:], node.items[0].line)


MANIFEST = Manifest(
    name="docker-compose",
    title="Compose file",
    files=(
        *("docker-compose*.yml", "docker-compose*.yaml", "podman-compose*.yml"),
        *("compose.yml", "compose.yaml", "compose.*.yml", "compose.*.yaml"),
        *("compose-*.yml", "compose-*.yaml", "*.compose.yml", "*.docker-compose.yml"),
    ),
    read=read,
    reference="https://docs.docker.com/reference/compose-file/",
    samples={
        "shop/docker-compose.yml": b"""\
services:
  chat:
    build: .
    environment:
      OPENAI_API_KEY: ${OPENAI_API_KEY}
      OPENAI_MODEL: ${OPENAI_MODEL:-gpt-4o-mini}
    models:
      - llm
  ollama:
    image: ollama/ollama:${OLLAMA_TAG:-0.5.4}
    ports:
      - "11434:11434"
models:
  llm:
    model: ai/smollm2
"""
    },
)
