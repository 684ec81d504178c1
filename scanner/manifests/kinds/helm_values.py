"""Values of Helm charts: the images, variables, hosts and models that a release is given.

    image:
      repository: ghcr.io/berriai/litellm

Reference: https://helm.sh/docs/chart_template_guide/values_files/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest
from scanner.manifests.images import image, of_values
from scanner.manifests.outline import Node, of_yaml
from scanner.manifests.settings import environment, setting
from scanner.manifests.shell import arguments

_CAPITALS = re.compile(r"[A-Z][A-Z0-9_]{2,}")
_VARIABLES = frozenset(
    {"env", "extraEnv", "extraEnvs", "envs", "environment", "extraEnvVars", "envVars", "secretEnv"}
)


def read(document: Document) -> Iterator[Found]:
    for root in of_yaml(document):
        for keys, node in root.walk():
            key = keys[-1] if keys else ""
            yield from _part(key, keys, node)


def _part(key: str, keys: tuple[str, ...], node: Node) -> Iterator[Found]:
    if node.get("repository").text and "://" not in node.get("repository").text:
        yield from of_values(node)
    if key in _VARIABLES:
        yield from environment(node)
    elif key in ("args", "command", "extraArgs") and node.items:
        yield from arguments([one.text for one in node.items], node.items[0].line)
    elif node.text and not _VARIABLES.intersection(keys):
        if key == "image":
            yield from image(node.text, node.line)
        else:
            yield from setting(key, node.text, node.line, bool(_CAPITALS.fullmatch(key)))


MANIFEST = Manifest(
    name="helm-values",
    title="values.yaml (Helm)",
    files=(
        "values.yaml",
        "values.yml",
        "values-*.y*ml",
        "values.*.y*ml",
        "*-values.y*ml",
        "*.values.y*ml",
    ),
    read=read,
    reference="https://helm.sh/docs/chart_template_guide/values_files/",
    samples={
        "chart/values.yaml": b"""\
image:
  registry: ghcr.io
  repository: berriai/litellm
  tag: main-v1.52.0
env:
  OPENAI_API_KEY: ""
config:
  model: gpt-4o
  api_base: https://api.openai.com/v1
"""
    },
)
