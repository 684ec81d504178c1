"""NuGet's lockfiles: the one version of each package, for each framework.

    "Azure.AI.OpenAI": {"type": "Direct", "requested": "[2.1.0, )", "resolved": "2.1.0",
      "dependencies": {"OpenAI": "2.1.0"}}

A ``Project`` lies in the tree itself: what it pulls in is not direct here, and no package does it.
Reference: https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files#locking-dependencies
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from scanner.manifests import Document, Found, Manifest, Mention, Tie, Trouble
from scanner.manifests.msbuild import is_name
from scanner.manifests.parsing import typed_json
from scanner.manifests.pulled_in import chains
from scanner.manifests.purls import purl
from scanner.model import Identifier

_KEY = re.compile(r'^[ \t]*"([^"\\\n]+)"[ \t]*:[ \t]*\{', re.MULTILINE)


class _Package(msgspec.Struct):
    type: str = ""
    resolved: str | None = None
    dependencies: dict[str, str] | None = None


class _Lock(msgspec.Struct):
    dependencies: dict[str, dict[str, _Package]]


def read(document: Document) -> Iterator[Found]:
    """Yield each package once in each version, with the chain that pulls it in."""
    lock = typed_json(document, _Lock)
    lines = _lines(document.text)
    seen: set[tuple[str, str]] = set()
    for packages in lock.dependencies.values():
        for one in _framework(packages, lines):
            if isinstance(one, Mention):
                if (one.value, one.version) in seen:
                    continue
                seen.add((one.value, one.version))
            yield one


def _framework(packages: dict[str, _Package], lines: dict[str, int]) -> Iterator[Mention | Trouble]:
    written = {name.lower(): name for name in packages}  # names are alike in any case
    pulls = {
        name.lower(): [
            other.lower() for other in one.dependencies or () if other.lower() in written
        ]
        for name, one in packages.items()
        if one.type != "Project"
    }
    direct = [name.lower() for name, one in packages.items() if one.type == "Direct"]
    found = chains(direct, pulls)
    for name, one in packages.items():
        line = lines.get(name, 1)
        if one.type == "Project":
            continue
        if not is_name(name):
            yield Trouble(f"no name of a package: {name[:120]!r}", line)
            continue
        yield Mention(
            Identifier.PACKAGE,
            purl("nuget", name),
            line,
            one.resolved or "",
            Tie.LOCKED,
            is_direct=one.type == "Direct",
            via=tuple(
                purl("nuget", written[other])
                for other in found.get(name.lower(), ())
                if is_name(written[other])
            ),
        )


def _lines(text: str) -> dict[str, int]:
    """Return the first line of each object's key."""
    lines: dict[str, int] = {}
    line, last = 1, 0
    for key in _KEY.finditer(text):
        at = key.start(1)
        line += text.count("\n", last, at)
        last = at
        lines.setdefault(key[1], line)
    return lines


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
