r"""SPDX bills of materials as tags and values, of versions 2.2 and 2.3.

    PackageName: openai
    ExternalRef: PACKAGE-MANAGER purl pkg:pypi/openai@1.51.0

A package goes on until the next one or a file begins. Texts between ``<text>`` and ``</text>``
are no tags.
Reference: https://spdx.github.io/spdx-spec/v2.3/
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest, Unreadable
from scanner.manifests.spdx import Bill, Package, Relation, found_in

_RUNS = frozenset({"APPLICATION", "CONTAINER", "OPERATING-SYSTEM", "FIRMWARE", "DEVICE"})


def read(document: Document) -> Iterator[Found]:
    bill = Bill()
    package: Package | None = None
    is_spdx = False
    for number, tag, value in _tags(document.lines):
        match tag:
            case "SPDXVersion":
                is_spdx = True
            case "PackageName" | "FileName" | "SnippetSPDXID" | "LicenseID":
                if package:
                    bill.packages.append(package)
                package = Package("", value, "", "", number) if tag == "PackageName" else None
            case "Relationship":
                if len(words := value.split()) >= 3:
                    bill.relations.append(Relation(words[0], words[1], words[2]))
            case _ if package:
                package = _with(package, tag, value, number)
    if not is_spdx:
        raise Unreadable("not SPDX: no version")
    if package:
        bill.packages.append(package)
    yield from found_in(bill)


def _tags(lines: list[str]) -> Iterator[tuple[int, str, str]]:
    is_text = False
    for number, line in enumerate(lines, 1):
        if is_text:
            is_text = "</text>" not in line
            continue
        tag, colon, value = line.partition(":")
        if colon and not line.startswith("#"):
            yield number, tag.strip(), value.strip()
            is_text = "<text>" in value and "</text>" not in value


def _with(package: Package, tag: str, value: str, line: int) -> Package:
    match tag:
        case "SPDXID":
            return package._replace(id=value)
        case "PackageVersion":
            return package._replace(version=value)
        case "PrimaryPackagePurpose":
            return package._replace(is_deployable=value.upper() in _RUNS)
        case "ExternalRef" if not package.purl and len(words := value.split()) == 3:
            if words[1] == "purl":
                return package._replace(purl=words[2], line=line)
    return package


MANIFEST = Manifest(
    name="spdx-tag-value",
    title="SPDX (tags and values)",
    files=("*.spdx", "*.spdx.txt", "*.spdx.tag"),
    read=read,
    reference="https://spdx.github.io/spdx-spec/v2.3/",
    holds=(b"SPDXVersion:",),
    samples={
        "answers.spdx": b"""\
SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: answers

PackageName: openai
SPDXID: SPDXRef-openai
PackageVersion: 1.51.0
ExternalRef: PACKAGE-MANAGER purl pkg:pypi/openai@1.51.0
"""
    },
)
