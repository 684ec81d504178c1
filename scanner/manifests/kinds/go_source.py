"""Go programs, *.go: the packages they import, and the variables, hosts and models they name.

    import "github.com/sashabaranov/go-openai"
    import ( ai "google.golang.org/genai" )

    key := os.Getenv("OPENAI_API_KEY")

Paths as they are imported. A path whose first part has no dot is the standard library's.
Reference: https://go.dev/ref/spec#Import_declarations
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest
from scanner.manifests.programs import MOST_OF_A_PROGRAM, Mentions, group_of
from scanner.manifests.source_lines import SLASHES, add_texts, lines
from scanner.model import Identifier

_IMPORT = re.compile(r"import\b\s*(\(?)(.*)")
_PATH = re.compile(r"\s*(?:[\w.]+\s+)?\"([\w-]+(?:\.[\w-]+)+(?:/[\w.~+-]+)*)\"")
_END = re.compile(r"(?:func|var|type|const)\b")


def read(document: Document) -> Iterator[Found]:
    """Yield what a program imports, which comes before all else, and what its texts say."""
    found = Mentions(group_of(document.path))
    is_inside = is_over = False
    for number, line in lines(document, SLASHES):
        begun = _IMPORT.match(line)
        is_over = is_over or _END.match(line) is not None
        if is_over:
            add_texts(found, line, number)
            continue
        is_inside = bool(begun[1]) if begun else is_inside
        if not begun and not is_inside:
            continue
        for path in (begun[2] if begun else line).split(";"):
            if named := _PATH.match(path):
                found.add(Identifier.IMPORT, named[1], number)
        is_inside = is_inside and ")" not in line
    yield from found


_SAMPLE = b"""\
package main

import (
	"context"

	openai "github.com/sashabaranov/go-openai"
)

func main() {}
"""

MANIFEST = Manifest(
    name="go-source",
    title="Go programs",
    files=("*.go",),
    read=read,
    is_screened=True,
    reference="https://go.dev/ref/spec#Import_declarations",
    samples={"cmd/answers/main.go": _SAMPLE},
    most=MOST_OF_A_PROGRAM,
)
