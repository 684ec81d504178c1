"""Azure Pipelines.

    steps:
      - script: pip install azure-ai-inference

Reference: https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.manifests import Document, Found, Group, Manifest, Mention, Unreadable
from scanner.manifests.images import image
from scanner.manifests.outline import Node, of_yaml
from scanner.manifests.pipelines import for_build, once, scripts
from scanner.manifests.settings import environment, setting

_SCRIPTS = frozenset({"script", "bash", "pwsh", "powershell", "inlineScript", "inline"})


def read(document: Document) -> Iterator[Found]:
    for root in of_yaml(document):
        if not root.pairs:
            raise Unreadable("no steps: not a pipeline")
        yield from once(for_build(_mentions(root)))


def _mentions(root: Node) -> Iterator[Mention]:
    for keys, node in root.walk():
        key = keys[-1] if keys else ""
        if key == "env":
            yield from environment(node)
        elif key == "variables":
            yield from environment(_named(node))
        elif key == "image" or (key == "container" and "/" in node.text):
            yield from image(node.text, node.line, Group.BUILD)
        elif key in _SCRIPTS:
            yield from scripts(node)
        elif node.text and "inputs" in keys:
            yield from setting(key, node.text, node.line, is_variable=False)


def _named(node: Node) -> Node:
    """Return variables without the groups and templates that others hold."""
    items = [one for one in node.items if one.get("name").text]
    return Node(node.line, pairs=node.pairs, items=items)


MANIFEST = Manifest(
    name="azure-pipelines",
    title="Azure Pipelines",
    files=(
        *("azure-pipelines*.yml", "azure-pipelines*.yaml"),
        *(".azure-pipelines/*.yml", "azure-pipelines/*.yml", ".azuredevops/*.yml"),
    ),
    read=read,
    reference="https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/",
    samples={
        "azure-pipelines.yml": b"""\
resources:
  containers:
    - container: models
      image: ollama/ollama:0.5
variables:
  - name: AZURE_OPENAI_ENDPOINT
    value: https://harbour.openai.azure.com/
steps:
  - script: |
      pip install azure-ai-inference
    env:
      AZURE_OPENAI_API_KEY: $(openaiKey)
"""
    },
)
