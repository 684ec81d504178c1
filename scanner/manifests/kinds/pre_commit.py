"""Hooks of pre-commit and prek: the repositories they come from, and what they need besides.

    - repo: https://github.com/astral-sh/ruff-pre-commit
      rev: v0.8.0

Reference: https://pre-commit.com/#adding-pre-commit-plugins-to-your-project
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Group, Manifest, Mention, Unreadable
from scanner.manifests.installers import node_package, python_package
from scanner.manifests.outline import Node, of_yaml
from scanner.manifests.purls import purl
from scanner.manifests.settings import urls
from scanner.model import Identifier

_FORGE = re.compile(
    r"(?:https?://|ssh://|git://)?(?:[^@/\s]+@)?(github|gitlab)\.com[/:]([\w.-]+/[\w./-]+?)(?:\.git)?/?"
)


def read(document: Document) -> Iterator[Found]:
    roots = of_yaml(document)
    if not any(root.get("repos").items for root in roots):
        raise Unreadable("no repos: not the configuration of pre-commit")
    for root in roots:
        for repo in root.get("repos").items:
            yield from _repo(repo)


def _repo(repo: Node) -> Iterator[Mention]:
    address = repo.get("repo")
    if found := _FORGE.fullmatch(address.text):
        name, rev = purl(found[1], found[2]), repo.get("rev").text
        yield Mention(Identifier.PACKAGE, name, address.line, rev, group=Group.DEV, is_direct=True)
    else:
        yield from urls(address.text, address.line)
    for hook in repo.get("hooks").items:
        language = hook.get("language").text
        for one in hook.get("additional_dependencies").items:
            yield from _needed(one, language)


def _needed(one: Node, language: str) -> Iterator[Mention]:
    """Yield a package that a hook needs besides; the language tells whose, or its spelling."""
    is_node = language == "node" or re.fullmatch(r"@?[\w./-]+@[\w.^~-]+", one.text)
    try:
        if is_node:
            yield node_package(one.text, one.line, Group.DEV)
        elif language in ("", "python", "system"):
            yield python_package(one.text, one.line, Group.DEV)
    except Unreadable:
        return  # a path, or a package of another language


MANIFEST = Manifest(
    name="pre-commit",
    title=".pre-commit-config.yaml",
    files=(".pre-commit-config.yaml", ".pre-commit-config.yml"),
    read=read,
    reference="https://pre-commit.com/#adding-pre-commit-plugins-to-your-project",
    samples={
        ".pre-commit-config.yaml": b"""\
repos:
  - repo: https://github.com/astral-sh/ruff-pre-commit
    rev: v0.8.0
    hooks:
      - id: ruff
  - repo: local
    hooks:
      - id: summary
        language: python
        entry: python summary.py
        additional_dependencies: ["openai>=1.0"]
"""
    },
)
