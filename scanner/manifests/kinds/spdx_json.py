r"""SPDX bills of materials as JSON, of versions 2.2, 2.3 and 3.0.

    {"spdxVersion": "SPDX-2.3", "packages": [{"SPDXID": "SPDXRef-1", "name": "openai", "versionInfo":
     "1.51.0", "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:pypi/openai@1.51.0"}]}]}

Version 3 is a ``@graph`` of elements, in which models have their own type. GitHub's export wraps
the document in ``sbom``. Packages without a purl are passed over.
Reference: https://spdx.github.io/spdx-spec/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from scanner.manifests import Document, Found, Manifest, Unreadable
from scanner.manifests.boms import text_of
from scanner.manifests.line_index import LineIndex
from scanner.manifests.parsing import typed_json
from scanner.manifests.spdx import Bill, Package, Relation, found_in

_NAMES = re.compile(
    r'"(?:referenceLocator|software_packageUrl|identifier|name)"\s*:\s*"((?:[^"\\\n]|\\.)*)"'
)
_RUNS = frozenset({"APPLICATION", "CONTAINER", "OPERATING-SYSTEM", "FIRMWARE", "DEVICE"})


class _Reference(msgspec.Struct, rename="camel"):
    reference_type: Any = ""
    reference_locator: Any = ""


class _Package(msgspec.Struct, rename="camel"):
    id: Any = msgspec.field(default="", name="SPDXID")
    name: Any = ""
    version_info: Any = ""
    primary_package_purpose: Any = ""
    external_refs: list[_Reference] | None = None


class _Relation(msgspec.Struct, rename="camel"):
    spdx_element_id: str = ""
    relationship_type: str = ""
    related_spdx_element: str = ""


class _Element(msgspec.Struct, rename="camel"):
    """Any element of version 3."""

    type: Any = ""
    spdx_id: Any = ""
    name: Any = ""
    relationship_type: Any = ""
    scope: Any = ""
    to: Any = None
    root_element: Any = None
    external_identifier: Any = None
    external_identifiers: Any = None
    begin: Any = msgspec.field(default="", name="from")
    version: Any = msgspec.field(default="", name="software_packageVersion")
    purl: Any = msgspec.field(default="", name="software_packageUrl")
    purpose: Any = msgspec.field(default="", name="software_primaryPurpose")


class _Bom(msgspec.Struct, rename="camel"):
    spdx_version: str = ""
    packages: list[_Package] | None = None
    relationships: list[_Relation] | None = None
    document_describes: list[str] | None = None
    sbom: _Bom | None = None
    graph: list[_Element] | None = msgspec.field(default=None, name="@graph")


def read(document: Document) -> Iterator[Found]:
    bom = typed_json(document, _Bom)
    bom = bom.sbom or bom
    places = LineIndex(document.text, _NAMES)
    if bom.graph is not None:
        yield from found_in(_of_version_3(bom.graph, places))
    elif bom.spdx_version:
        yield from found_in(_of_version_2(bom, places))
    else:
        raise Unreadable("not SPDX: neither a version nor a graph")


def _of_version_2(bom: _Bom, places: LineIndex) -> Bill:
    bill = Bill(described=bom.document_describes or [])
    for one in bom.packages or ():
        references = one.external_refs or ()
        locators = [text_of(r.reference_locator) for r in references if r.reference_type == "purl"]
        purl, name = next(iter(locators), ""), text_of(one.name)
        line = (places.of(purl) if purl else 0) or places.of(name)
        runs = text_of(one.primary_package_purpose).upper() in _RUNS
        version = text_of(one.version_info)
        bill.packages.append(
            Package(text_of(one.id), name, version, purl, line, is_deployable=runs)
        )
    bill.relations = [
        Relation(one.spdx_element_id, one.relationship_type, one.related_spdx_element)
        for one in bom.relationships or ()
    ]
    return bill


def _of_version_3(graph: list[_Element], places: LineIndex) -> Bill:
    bill = Bill()
    for one in graph:
        kind, own = text_of(one.type), text_of(one.spdx_id)
        if kind.endswith("Package"):
            bill.packages.append(_package(one, kind, own, places))
        elif one.relationship_type:
            begin, name = text_of(one.begin), text_of(one.relationship_type)
            scope = text_of(one.scope)
            bill.relations += [Relation(begin, name, other, scope) for other in _texts(one.to)]
        bill.described += _texts(one.root_element)
    return bill


def _package(one: _Element, kind: str, own: str, places: LineIndex) -> Package:
    purl, name = text_of(one.purl) or _identifier(one), text_of(one.name)
    purpose = text_of(one.purpose)
    return Package(
        own,
        name,
        text_of(one.version),
        purl,
        (places.of(purl) if purl else 0) or places.of(name),
        is_model=purpose == "model" or (kind == "ai_AIPackage" and not purpose),
        is_data=kind == "dataset_DatasetPackage",
        is_deployable=purpose.upper() in _RUNS,
    )


def _identifier(one: _Element) -> str:
    """Return the purl among an element's identifiers; tools spell the field in two ways."""
    for many in (one.external_identifier, one.external_identifiers):
        for each in many if isinstance(many, list) else (many,):
            if isinstance(each, dict):
                kind = text_of(each.get("externalIdentifierType")).lower()
                if kind in ("packageurl", "purl"):
                    return text_of(each.get("identifier"))
    return ""


def _texts(value: Any) -> list[str]:
    many = value if isinstance(value, list) else [value]
    return [one for one in many if isinstance(one, str)]


MANIFEST = Manifest(
    name="spdx-json",
    title="SPDX (JSON)",
    files=("*.spdx.json", "*.spdx3.json", "*spdx*.json", "*sbom*.json", "bom.json"),
    read=read,
    reference="https://spdx.github.io/spdx-spec/",
    holds=(b"spdxVersion", b"spdx.org/rdf/3"),
    samples={
        "answers.spdx.json": b"""\
{
  "spdxVersion": "SPDX-2.3",
  "SPDXID": "SPDXRef-DOCUMENT",
  "name": "answers",
  "packages": [
    {"SPDXID": "SPDXRef-root", "name": "answers", "versionInfo": "1.0"},
    {
      "SPDXID": "SPDXRef-openai",
      "name": "openai",
      "versionInfo": "1.51.0",
      "externalRefs": [
        {
          "referenceCategory": "PACKAGE-MANAGER",
          "referenceType": "purl",
          "referenceLocator": "pkg:pypi/openai@1.51.0"
        }
      ]
    }
  ],
  "relationships": [
    {
      "spdxElementId": "SPDXRef-DOCUMENT",
      "relationshipType": "DESCRIBES",
      "relatedSpdxElement": "SPDXRef-root"
    },
    {
      "spdxElementId": "SPDXRef-root",
      "relationshipType": "DEPENDS_ON",
      "relatedSpdxElement": "SPDXRef-openai"
    }
  ]
}
""",
        "model.spdx3.json": b"""\
{
  "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
  "@graph": [
    {
      "type": "ai_AIPackage",
      "spdxId": "urn:model",
      "name": "Llama-3.1-8B",
      "software_packageUrl": "pkg:huggingface/meta-llama/Llama-3.1-8B@0e9e39f"
    }
  ]
}
""",
    },
)
