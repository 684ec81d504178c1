"""Chart.yaml and its lock: what a Helm chart is called, and the charts that it needs.

    dependencies:
      - {name: ollama, version: 0.x.x, repository: "https://otwld.github.io/ollama-helm/"}

Reference: https://helm.sh/docs/topics/charts/
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
    Tie,
    Trouble,
    Unreadable,
)
from scanner.manifests.outline import Node, of_yaml
from scanner.manifests.purls import purl
from scanner.manifests.settings import urls
from scanner.model import Identifier


def read(document: Document) -> Iterator[Found]:
    for root in of_yaml(document):
        if document.name.lower() == "chart.yaml":
            if not root.get("name").text:
                raise Unreadable("a chart without a name")
            yield _project(root)
        is_lock = document.name.lower().endswith(".lock")
        for one in root.get("dependencies").items:
            yield from _dependency(one, Tie.LOCKED if is_lock else Tie.DECLARED)


def _project(root: Node) -> Project:
    name = root.get("name")
    people = tuple(
        " ".join(filter(None, (one.get("name").text, _address(one.get("email").text))))
        for one in root.get("maintainers").items
    )
    return Project(
        name.text,
        root.get("version").text,
        root.get("description").text.strip(),
        tuple(one for one in people if one),
        is_deployable=root.get("type").text != "library",
        line=name.line,
    )


def _address(email: str) -> str:
    return f"<{email}>" if email else ""


def _dependency(one: Node, tie: Tie) -> Iterator[Found]:
    name, condition = one.get("name"), one.get("condition").text
    try:
        package = purl("helm", name.text)
    except Unreadable as error:
        yield Trouble(str(error), one.line)
        return
    group = Group.OPTIONAL if condition else Group.RUNTIME
    version = one.get("version").text
    yield Mention(Identifier.PACKAGE, package, name.line, version, tie, group, is_direct=True)
    repository = one.get("repository")
    yield from urls(repository.text.replace("oci://", "https://"), repository.line)


MANIFEST = Manifest(
    name="helm-chart",
    title="Chart.yaml, Chart.lock (Helm)",
    files=("Chart.yaml", "Chart.lock", "requirements.yaml"),
    read=read,
    reference="https://helm.sh/docs/topics/charts/",
    samples={
        "chart/Chart.yaml": b"""\
apiVersion: v2
name: chat
version: 1.2.0
description: Answers customers
maintainers:
  - name: Ana
    email: ana@harbour.example
dependencies:
  - name: ollama
    version: 0.x.x
    repository: https://otwld.github.io/ollama-helm/
  - name: qdrant
    version: ~1.12
    repository: https://qdrant.github.io/qdrant-helm
    condition: qdrant.enabled
""",
        "chart/Chart.lock": b"""\
dependencies:
- name: ollama
  repository: https://otwld.github.io/ollama-helm/
  version: 0.61.0
digest: sha256:0a
generated: "2026-01-02T03:04:05Z"
""",
    },
)
