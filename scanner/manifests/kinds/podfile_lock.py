r"""Podfile.lock: which pods CocoaPods resolved, and which pod needs which.

    PODS:
      - GoogleMLKit/TextRecognition (6.0.0):
        - GoogleMLKit/MLKitCore

The parts of one pod are one package, which needs what any of them needs. It is YAML as CocoaPods
alone writes it, read by lines.
Reference: https://guides.cocoapods.org/using/using-cocoapods.html#what-is-podfilelock
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Group, Manifest, Trouble, Unreadable
from scanner.manifests.dependency_graph import Entry, mentions
from scanner.manifests.purls import purl

_POD = re.compile(r"^ {2}- [\"']?([^\s\"'/(:]+)(/[^\s\"'(:]*)? \(([^)]*)\)")
_NEED = re.compile(r"^ {4}- [\"']?([^\s\"'/(:]+)")
_WANTED = re.compile(r"^ {2}- [\"']?([^\s\"'/(:]+)")


def read(document: Document) -> Iterator[Found]:
    entries: dict[str, Entry] = {}
    wanted: list[str] = []
    section = name = ""
    for number, line in enumerate(document.lines, 1):
        if line and not line[0].isspace():
            section, name = line.partition(":")[0], ""
        elif section == "PODS":
            if match := _POD.match(line):
                name = match[1]
                if name in entries:
                    continue
                try:
                    entries[name] = Entry(purl("cocoapods", name), match[3], number)
                except Unreadable as error:
                    name = ""
                    yield Trouble(str(error), number)
            elif name and (match := _NEED.match(line)):
                entries[name].needs.append(match[1])
        elif section == "DEPENDENCIES" and (match := _WANTED.match(line)):
            wanted.append(match[1])
    if not entries and section == "":
        raise Unreadable("not CocoaPods' lock: no section")
    yield from mentions(entries, dict.fromkeys(wanted, Group.RUNTIME) if wanted else None)


MANIFEST = Manifest(
    name="podfile-lock",
    title="Podfile.lock (CocoaPods)",
    files=("Podfile.lock",),
    read=read,
    reference="https://guides.cocoapods.org/using/using-cocoapods.html#what-is-podfilelock",
    samples={
        "Podfile.lock": b"""\
PODS:
  - GoogleMLKit/MLKitCore (6.0.0):
    - MLKitCommon (~> 11.0.0)
  - GoogleMLKit/TextRecognition (6.0.0):
    - GoogleMLKit/MLKitCore
  - MLKitCommon (11.0.0)

DEPENDENCIES:
  - GoogleMLKit/TextRecognition (~> 6.0)

SPEC CHECKSUMS:
  GoogleMLKit: 97ac7af399057e99182ee8edfa8249e3226a4065

COCOAPODS: 1.15.2
"""
    },
)
