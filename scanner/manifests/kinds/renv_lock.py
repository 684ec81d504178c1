r"""renv.lock: which R packages renv resolved, and which package needs which.

    {"Packages": {"ellmer": {"Package": "ellmer", "Version": "0.1.1", "Source": "Repository",
                             "Requirements": ["R6", "httr2"]}}}

Newer ones hold the fields of each package's DESCRIPTION (Imports, Depends, LinkingTo) instead of
Requirements. Which packages the application asked for stands in a DESCRIPTION beside, if at all.
Reference: https://rstudio.github.io/renv/articles/lockfile.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from scanner.manifests import Document, Found, Group, Manifest, Trouble, Unreadable
from scanner.manifests.dependency_graph import Entry, mentions
from scanner.manifests.line_index import OPENING_JSON_KEYS, LineIndex
from scanner.manifests.parsing import typed_json
from scanner.manifests.purls import purl
from scanner.manifests.rproject import fields_of, names_of, wanted


class _Package(msgspec.Struct, rename="pascal"):
    version: str = ""
    source: str = ""
    requirements: Any = None
    depends: Any = None
    imports: Any = None
    linking_to: Any = None


class _Lock(msgspec.Struct, rename="pascal"):
    packages: dict[str, _Package] | None = None


def read(document: Document) -> Iterator[Found]:
    lock = typed_json(document, _Lock)
    if lock.packages is None:
        raise Unreadable("not renv's lock: no packages")
    places = LineIndex(document.text, OPENING_JSON_KEYS)
    begin = places.of("Packages") or 1
    entries: dict[str, Entry] = {}
    for name, package in lock.packages.items():
        line = places.of(name, begin)
        ecosystem = "bioconductor" if package.source == "Bioconductor" else "cran"
        try:
            value = purl(ecosystem, name)
        except Unreadable as error:
            yield Trouble(str(error), line)
            continue
        entries[name] = Entry(value, package.version, line, _needs(package))
    yield from mentions(entries, _direct(document))


def _needs(package: _Package) -> list[str]:
    lists = (package.requirements, package.depends, package.imports, package.linking_to)
    return [name for one in lists if isinstance(one, list) for name in names_of(one)]


def _direct(document: Document) -> dict[str, Group] | None:
    beside = document.beside("DESCRIPTION")
    if beside is None:
        return None
    try:
        fields = fields_of(beside)
    except Unreadable:
        return None
    return {one.name: one.group for one in reversed(list(wanted(fields)))}


MANIFEST = Manifest(
    name="renv-lock",
    title="renv.lock (R)",
    files=("renv.lock",),
    read=read,
    reference="https://rstudio.github.io/renv/articles/lockfile.html",
    samples={
        "renv.lock": b"""\
{
  "R": {"Version": "4.4.1", "Repositories": []},
  "Packages": {
    "ellmer": {
      "Package": "ellmer",
      "Version": "0.1.1",
      "Source": "Repository",
      "Requirements": ["httr2"]
    },
    "httr2": {
      "Package": "httr2",
      "Version": "1.1.0",
      "Source": "Repository"
    }
  }
}
"""
    },
)
