"""Workflows of GitHub Actions, of Gitea and Forgejo too, and actions of one's own (action.yml).

    - uses: anthropics/claude-code-action@v1
      with: {anthropic_api_key: "${{ secrets.ANTHROPIC_API_KEY }}"}

Reference: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Group, Manifest, Mention, Project, Tie, Unreadable
from scanner.manifests.images import image
from scanner.manifests.outline import Node, of_yaml
from scanner.manifests.pipelines import for_build, once, scripts, secrets
from scanner.manifests.settings import environment, setting
from scanner.model import Identifier

_USES = re.compile(r"([\w.-]+/[\w.-]+)(?:/[^@\s]+)?@(\S+)")
_TOP = frozenset({"jobs", "runs", "on", "inputs"})


def read(document: Document) -> Iterator[Found]:
    for root in of_yaml(document):
        if not _TOP.intersection(key for key, _ in root.pairs):
            raise Unreadable("no jobs and no runs: neither workflow nor action")
        if root.get("runs").pairs and root.get("name").text:
            name = root.get("name")
            description = root.get("description").text.strip()
            yield Project(name.text, description=description, line=name.line)
        yield from once(for_build(_mentions(root)))


def _mentions(root: Node) -> Iterator[Mention]:
    for keys, node in root.walk():
        key = keys[-1] if keys else ""
        yield from secrets(node)
        match key:
            case "uses" if node.text:
                yield from _uses(node)
            case "run" if node.text:
                yield from scripts(node)
            case "env":
                yield from environment(node)
            case "container" | "image" if node.text:
                yield from image(node.text, node.line, Group.BUILD)
            case _ if node.text and ("with" in keys or "inputs" in keys):
                name = keys[-2] if key == "default" and len(keys) > 1 else key
                yield from setting(name, node.text, node.line, is_variable=False)


def _uses(node: Node) -> Iterator[Mention]:
    if node.text.startswith("docker://"):
        yield from image(node.text, node.line, Group.BUILD)
    elif not node.text.startswith(".") and (found := _USES.fullmatch(node.text)):
        yield Mention(
            Identifier.GITHUB_ACTION, found[1], node.line, found[2], Tie.CONFIGURED, Group.BUILD
        )


MANIFEST = Manifest(
    name="github-actions",
    title="GitHub Actions",
    files=(
        *(".github/workflows/*.yml", ".github/workflows/*.yaml"),
        *(".gitea/workflows/*.y*ml", ".forgejo/workflows/*.y*ml"),
        *("action.yml", "action.yaml"),
    ),
    read=read,
    reference="https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax",
    samples={
        ".github/workflows/review.yml": b"""\
on: pull_request
jobs:
  review:
    runs-on: ubuntu-latest
    container: python:3.12
    steps:
      - uses: actions/checkout@v4
      - uses: anthropics/claude-code-action@v1
        with:
          anthropic_api_key: ${{ secrets.ANTHROPIC_API_KEY }}
          model: claude-sonnet-4-5
      - run: |
          pip install openai
          python review.py
        env:
          OPENAI_API_KEY: ${{ secrets.OPENAI_KEY }}
"""
    },
)
