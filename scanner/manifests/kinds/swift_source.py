"""Swift programs, *.swift: the modules they import, and the variables, hosts and models they name.

    import FoundationModels
    @testable import struct OpenAI.ChatQuery

Reference: https://docs.swift.org/swift-book/documentation/the-swift-programming-language/declarations/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest
from scanner.manifests.programs import MOST_OF_A_PROGRAM
from scanner.manifests.source_lines import SLASHES, imports

_STATEMENT = re.compile(
    r"\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|private|fileprivate)\s+)?import\s+"
    r"(?:(?:typealias|struct|class|enum|protocol|let|var|func)\s+)?(?P<name>[A-Za-z_]\w*)"
)


def read(document: Document) -> Iterator[Found]:
    """Yield what a program imports."""
    yield from imports(document, SLASHES, _STATEMENT)


_SAMPLE = b"""\
import Foundation
import OpenAI

let client = OpenAI(apiToken: token)
let address = URL(string: "https://api.openai.com/v1")!
"""

MANIFEST = Manifest(
    name="swift-source",
    title="Swift programs",
    files=("*.swift",),
    read=read,
    is_screened=True,
    reference="https://docs.swift.org/swift-book/documentation/the-swift-programming-language/declarations/",
    samples={"Sources/Answers/Client.swift": _SAMPLE},
    most=MOST_OF_A_PROGRAM,
)
