r"""CycloneDX bills of materials as JSON: what somebody found an application to be made of.

    {"bomFormat": "CycloneDX", "components": [{"type": "library", "name": "openai",
     "version": "1.51.0", "purl": "pkg:pypi/openai@1.51.0", "bom-ref": "openai"}]}

``metadata.component`` is the application; ``dependencies`` tell what it needs directly, and what
pulls in what. Models are components of their own type; endpoints of services are hosts.
Reference: https://cyclonedx.org/docs/1.6/json/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from scanner.manifests import Document, Found, Manifest, Unreadable
from scanner.manifests.boms import text_of
from scanner.manifests.cyclonedx import Bill, Part, found_in, is_dev
from scanner.manifests.line_index import LineIndex
from scanner.manifests.parsing import typed_json

_NAMES = re.compile(r'"(?:purl|name)"\s*:\s*"((?:[^"\\\n]|\\.)*)"')
_ENDPOINTS = re.compile(r'"([a-zA-Z][a-zA-Z0-9+.-]{0,20}:(?:\\?/){2}[^"\n]*)"')


class _Component(msgspec.Struct):
    ref: Any = msgspec.field(default="", name="bom-ref")
    type: Any = ""
    group: Any = ""
    name: Any = ""
    version: Any = ""
    purl: Any = ""
    scope: Any = ""
    description: Any = ""
    author: Any = ""
    authors: Any = None
    properties: Any = None
    components: list[_Component] | None = None


class _Service(msgspec.Struct):
    endpoints: list[str] | None = None
    services: list[_Service] | None = None


class _Dependency(msgspec.Struct, rename="camel"):
    ref: str = ""
    depends_on: list[str] | None = None


class _Metadata(msgspec.Struct):
    component: _Component | None = None


class _Bom(msgspec.Struct, rename="camel"):
    bom_format: str = ""
    metadata: _Metadata | None = None
    components: list[_Component] | None = None
    services: list[_Service] | None = None
    dependencies: list[_Dependency] | None = None


def read(document: Document) -> Iterator[Found]:
    bom = typed_json(document, _Bom)
    if bom.bom_format != "CycloneDX":
        raise Unreadable("not CycloneDX: its bomFormat does not say so")
    places = LineIndex(document.text, _NAMES)
    bill = Bill(parts=[_part(one, places) for one in _nested(bom.components)])
    if bom.metadata and bom.metadata.component:
        bill.about = _part(bom.metadata.component, places)
    if bom.services:
        bill.endpoints = list(_endpoints(bom.services, LineIndex(document.text, _ENDPOINTS)))
    for one in bom.dependencies or ():
        bill.needs.setdefault(one.ref, []).extend(one.depends_on or ())
    yield from found_in(bill)


def _nested(components: list[_Component] | None) -> Iterator[_Component]:
    left = list(reversed(components or ()))
    while left:
        one = left.pop()
        yield one
        left.extend(reversed(one.components or ()))


def _part(one: _Component, places: LineIndex) -> Part:
    purl, name = text_of(one.purl), text_of(one.name)
    properties = one.properties if isinstance(one.properties, list) else ()
    authors = one.authors if isinstance(one.authors, list) else ()
    people = [one.author, *(author.get("name") for author in authors if isinstance(author, dict))]
    return Part(
        text_of(one.ref),
        text_of(one.type),
        text_of(one.group),
        name,
        text_of(one.version),
        purl,
        text_of(one.scope),
        any(
            is_dev(text_of(each.get("name")), text_of(each.get("value")))
            for each in properties
            if isinstance(each, dict)
        ),
        (places.of(purl) if purl else 0) or places.of(name),
        text_of(one.description),
        tuple(filter(None, map(text_of, people))),
    )


def _endpoints(services: list[_Service], places: LineIndex) -> Iterator[tuple[str, int]]:
    left = list(reversed(services))
    while left:
        one = left.pop()
        for endpoint in one.endpoints or ():
            yield endpoint, places.of(endpoint)
        left.extend(reversed(one.services or ()))


MANIFEST = Manifest(
    name="cyclonedx-json",
    title="CycloneDX (JSON)",
    files=("bom.json", "*.bom.json", "*-bom.json", "*.cdx.json", "*cyclonedx*.json", "*sbom*.json"),
    read=read,
    reference="https://cyclonedx.org/docs/1.6/json/",
    holds=(b"CycloneDX",),
    samples={
        "bom.json": b"""\
{
  "bomFormat": "CycloneDX",
  "specVersion": "1.6",
  "metadata": {"component": {"type": "application", "name": "answers", "bom-ref": "answers"}},
  "components": [
    {
      "type": "library",
      "name": "openai",
      "version": "1.51.0",
      "purl": "pkg:pypi/openai@1.51.0",
      "bom-ref": "openai"
    },
    {"type": "machine-learning-model", "name": "gpt-4o", "bom-ref": "gpt-4o"}
  ],
  "services": [{"name": "OpenAI", "endpoints": ["https://api.openai.com/v1"]}],
  "dependencies": [{"ref": "answers", "dependsOn": ["openai", "gpt-4o"]}]
}
"""
    },
)
