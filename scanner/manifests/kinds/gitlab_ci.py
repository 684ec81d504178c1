"""Pipelines of GitLab CI/CD.

    review:
      image: python:3.12
      script: [pip install openai]

Reference: https://docs.gitlab.com/ci/yaml/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Group, Manifest, Mention, Unreadable
from scanner.manifests.images import image
from scanner.manifests.outline import Node, of_yaml
from scanner.manifests.pipelines import for_build, once, scripts
from scanner.manifests.purls import purl
from scanner.manifests.settings import setting, urls
from scanner.model import Identifier

_COMPONENT = re.compile(r"(?:[\w.$-]+)/([\w.-]+(?:/[\w.-]+)+)@([\w.~-]+)")
_SCRIPTS = frozenset({"script", "before_script", "after_script"})


def read(document: Document) -> Iterator[Found]:
    for root in of_yaml(document):
        if not root.pairs:
            raise Unreadable("no jobs: not a pipeline")
        yield from once(for_build(_mentions(root)))


def _mentions(root: Node) -> Iterator[Mention]:
    for keys, node in root.walk():
        match keys[-1:]:
            case ("image",) if len(keys) < 4:
                named = node if node.text else node.get("name")
                yield from image(named.text, named.line, Group.BUILD)
            case ("services",):
                for one in node.items:
                    named = one if one.text else one.get("name")
                    yield from image(named.text, named.line, Group.BUILD)
            case ("variables",):
                for name, value in node.pairs:
                    given = value if value.text or not value.pairs else value.get("value")
                    yield from setting(name, given.text, value.line)
            case ("include",):
                for one in (node, *node.items):
                    yield from _include(one)
            case (key,) if key in _SCRIPTS:
                yield from scripts(node)


def _include(node: Node) -> Iterator[Mention]:
    """Yield the component or project that is included; a file of the same tree is read itself."""
    yield from urls(node.text or node.get("remote").text, node.line)
    component, project = node.get("component"), node.get("project")
    if found := _COMPONENT.fullmatch(component.text):
        name = purl("gitlab", found[1])
        yield Mention(Identifier.PACKAGE, name, component.line, found[2], is_direct=True)
    if re.fullmatch(r"[\w.-]+(?:/[\w.-]+)+", project.text):
        name, ref = purl("gitlab", project.text), node.get("ref").text
        yield Mention(Identifier.PACKAGE, name, project.line, ref, is_direct=True)


MANIFEST = Manifest(
    name="gitlab-ci",
    title="GitLab CI/CD",
    files=(".gitlab-ci.yml", "*.gitlab-ci.yml", ".gitlab/ci/*.yml", ".gitlab-ci/*.yml"),
    read=read,
    reference="https://docs.gitlab.com/ci/yaml/",
    samples={
        ".gitlab-ci.yml": b"""\
include:
  - component: gitlab.com/gitlab-org/duo/review@1.2
variables:
  OPENAI_BASE_URL: https://api.openai.com/v1
review:
  image: python:3.12
  services:
    - name: ollama/ollama:0.5
  script:
    - pip install openai
    - python review.py
"""
    },
)
