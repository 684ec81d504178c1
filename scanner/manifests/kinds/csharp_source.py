"""C# programs, *.cs: the namespaces they use, and the variables, hosts and models they name.

    using OpenAI.Chat;
    global using static Azure.AI.OpenAI.Helper;

``using`` with an object, which frees it at the end of a block, is another statement.
Reference: https://learn.microsoft.com/dotnet/csharp/language-reference/keywords/using-directive
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest
from scanner.manifests.programs import MOST_OF_A_PROGRAM
from scanner.manifests.source_lines import SLASHES, imports

_STATEMENT = re.compile(
    r"\s*(?:global\s+)?using\s+(?:static\s+)?(?:\w+\s*=\s*)?(?:global::)?(?P<name>[A-Za-z_]\w*(?:\.\w+)*)\s*;"
)


def read(document: Document) -> Iterator[Found]:
    """Yield what a program imports."""
    yield from imports(document, SLASHES, _STATEMENT)


_SAMPLE = b"""\
using System;
using OpenAI.Chat;

var client = new ChatClient("gpt-4o", key);
"""

MANIFEST = Manifest(
    name="csharp-source",
    title="C# programs",
    files=("*.cs",),
    read=read,
    is_screened=True,
    reference="https://learn.microsoft.com/dotnet/csharp/language-reference/keywords/using-directive",
    samples={"Answers/Program.cs": _SAMPLE},
    most=MOST_OF_A_PROGRAM,
)
