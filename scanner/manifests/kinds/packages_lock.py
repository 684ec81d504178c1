"""NuGet's lockfiles: the one version of each package, for each framework.

    "Azure.AI.OpenAI": {"type": "Direct", "requested": "[2.1.0, )", "resolved": "2.1.0",
      "dependencies": {"OpenAI": "2.1.0"}}

A ``Project`` lies in the tree itself: what it pulls in is not direct here, and no package does it.
Reference: https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files#locking-dependencies
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from scanner.manifests import Document, Found, Group, Manifest, Trouble
from scanner.manifests.dependency_graph import Entry, Graph, mentions
from scanner.manifests.line_index import OPENING_JSON_KEYS, LineIndex
from scanner.manifests.msbuild import is_name
from scanner.manifests.parsing import typed_json
from scanner.manifests.purls import purl


class _Package(msgspec.Struct):
    type: str = ""
    resolved: str | None = None
    dependencies: dict[str, str] | None = None


class _Lock(msgspec.Struct):
    dependencies: dict[str, dict[str, _Package]]


def read(document: Document) -> Iterator[Found]:
    """Yield each package once in each version, with the chain that pulls it in."""
    lock = typed_json(document, _Lock)
    lines = LineIndex(document.text, OPENING_JSON_KEYS)
    graph = Graph()
    for framework, packages in lock.dependencies.items():
        for name, one in packages.items():
            if one.type != "Project":
                _add(graph, framework, name, one, lines.of(name) or 1)
    # Without a direct one the packages are those of projects: it tells all the same.
    yield from mentions(graph.entries, graph.direct)
    yield from graph.troubles


def _add(graph: Graph, framework: str, name: str, one: _Package, line: int) -> None:
    value = purl("nuget", name) if is_name(name) else ""
    if not value:
        graph.troubles.append(Trouble(f"no name of a package: {name[:120]!r}", line))
    key = _key(framework, name)
    needs = [_key(framework, other) for other in one.dependencies or ()]
    graph.entries[key] = Entry(value, one.resolved or "", line, needs)
    if one.type == "Direct":
        graph.want(key, Group.RUNTIME)


def _key(framework: str, name: str) -> str:
    return f"{framework}/{name.lower()}"  # names are alike in any case


MANIFEST = Manifest(
    name="packages-lock-json",
    title=".NET: packages.lock.json",
    files=("packages.lock.json", "packages.*.lock.json"),
    read=read,
    reference="https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files#locking-dependencies",
    samples={
        "src/Chat/packages.lock.json": b"""{
  "version": 1,
  "dependencies": {
    "net9.0": {
      "Azure.AI.OpenAI": {
        "type": "Direct",
        "requested": "[2.1.0, )",
        "resolved": "2.1.0",
        "contentHash": "AAAA",
        "dependencies": {
          "OpenAI": "2.1.0"
        }
      },
      "OpenAI": {
        "type": "Transitive",
        "resolved": "2.1.0",
        "contentHash": "AAAA"
      }
    }
  }
}
""",
    },
)
