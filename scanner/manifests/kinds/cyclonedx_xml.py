r"""CycloneDX bills of materials as XML: what somebody found an application to be made of.

    <component type="library" bom-ref="openai"><name>openai</name><version>1.51.0</version>
      <purl>pkg:pypi/openai@1.51.0</purl></component>

It says what the JSON says, by the same names.
Reference: https://cyclonedx.org/docs/1.6/xml/
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest, Unreadable
from scanner.manifests.cyclonedx import Bill, Part, found_in, is_dev
from scanner.manifests.parsing import Element, xml_of


def read(document: Document) -> Iterator[Found]:
    root = xml_of(document)
    if root.tag != "bom":
        raise Unreadable("not CycloneDX: no bom")
    bill = Bill(parts=[_part(one) for one in _nested(root, "component")])
    for about in root.all("metadata", "component"):
        bill.about = _part(about)
    for service in _nested(root, "service"):
        for endpoint in service.all("endpoints", "endpoint"):
            bill.endpoints.append((endpoint.text, endpoint.line))
    for one in root.all("dependencies", "dependency"):
        needs = [each.attributes.get("ref", "") for each in one.all("dependency")]
        bill.needs.setdefault(one.attributes.get("ref", ""), []).extend(needs)
    yield from found_in(bill)


def _nested(element: Element, tag: str) -> Iterator[Element]:
    """Yield components below an element, and those that are below them."""
    for one in element.all(f"{tag}s", tag):
        yield one
        yield from _nested(one, tag)


def _part(one: Element) -> Part:
    purl = one.child("purl")
    people = [one.value("author"), *(each.value("name") for each in one.all("authors", "author"))]
    return Part(
        one.attributes.get("bom-ref", ""),
        one.attributes.get("type", ""),
        one.value("group"),
        one.value("name"),
        one.value("version"),
        purl.text.strip() if purl else "",
        one.value("scope"),
        any(
            is_dev(each.attributes.get("name", ""), each.text.strip())
            for each in one.all("properties", "property")
        ),
        purl.line if purl else one.line,
        one.value("description"),
        tuple(filter(None, people)),
    )


MANIFEST = Manifest(
    name="cyclonedx-xml",
    title="CycloneDX (XML)",
    files=("bom.xml", "*.bom.xml", "*-bom.xml", "*.cdx.xml", "*cyclonedx*.xml", "*sbom*.xml"),
    read=read,
    reference="https://cyclonedx.org/docs/1.6/xml/",
    holds=(b"cyclonedx.org/schema/bom",),
    samples={
        "bom.xml": b"""\
<?xml version="1.0" encoding="UTF-8"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1">
  <metadata>
    <component type="application" bom-ref="answers"><name>answers</name></component>
  </metadata>
  <components>
    <component type="library" bom-ref="openai">
      <name>openai</name>
      <version>1.51.0</version>
      <purl>pkg:pypi/openai@1.51.0</purl>
    </component>
  </components>
  <dependencies>
    <dependency ref="answers"><dependency ref="openai"/></dependency>
  </dependencies>
</bom>
"""
    },
)
