r"""Package.swift: what a Swift package is called and which packages it wants.

    let package = Package(name: "Answers", dependencies: [
        .package(url: "https://github.com/MacPaw/OpenAI.git", from: "0.2.4")])

It is a Swift program, read without running it. Packages have no other name than their address;
those of a folder in the same tree have none, and are passed over.
Reference: https://developer.apple.com/documentation/packagedescription/package/dependency
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest, Mention, Project, Tie, Trouble
from scanner.manifests.swift import code_of, dependencies
from scanner.model import Identifier

_PROJECT = re.compile(r'\bPackage\s*\(\s*name:\s*"([^"\n]+)"')
_RUNS = re.compile(r"\.executable(?:Target)?\s*\(")


def read(document: Document) -> Iterator[Found]:
    code = code_of(document.text)
    if found := _PROJECT.search(code):
        line = code.count("\n", 0, found.start(1)) + 1
        yield Project(found[1], is_deployable=_RUNS.search(code) is not None, line=line)
    for one in dependencies(code):
        if isinstance(one, Trouble):
            yield one
        else:
            yield Mention(
                Identifier.PACKAGE,
                one.value,
                one.line,
                one.version,
                Tie.DECLARED,
                is_direct=True,
            )


MANIFEST = Manifest(
    name="package-swift",
    title="Package.swift (Swift)",
    files=("Package.swift", "Package@swift-*.swift"),
    read=read,
    reference="https://developer.apple.com/documentation/packagedescription/package/dependency",
    samples={
        "Package.swift": b"""\
// swift-tools-version:5.9
import PackageDescription

let package = Package(
    name: "Answers",
    dependencies: [
        .package(url: "https://github.com/MacPaw/OpenAI.git", from: "0.2.4"),
    ],
    targets: [.executableTarget(name: "answers", dependencies: ["OpenAI"])]
)
"""
    },
)
