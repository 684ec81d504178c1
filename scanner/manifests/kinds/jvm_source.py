"""Java, Kotlin, Scala and Groovy programs: what they import, and the variables, hosts and models they name.

    import dev.langchain4j.model.openai.OpenAiChatModel;
    import static org.junit.Assert.*

Full names, as they are written; of ``a.b.*`` and ``a.b.{C, D}`` the package.
Reference: https://docs.oracle.com/javase/specs/jls/se21/html/jls-7.html#jls-7.5
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest
from scanner.manifests.programs import MOST_OF_A_PROGRAM
from scanner.manifests.source_lines import SLASHES, imports

_STATEMENT = re.compile(
    r"\s*import\s+(?:static\s+)?(?P<name>[A-Za-z_]\w*(?:\.(?!_\b)\w+)+\.?)(?:[*_{]|\s|;|$)"
)


def read(document: Document) -> Iterator[Found]:
    """Yield what a program imports."""
    yield from imports(document, SLASHES, _STATEMENT)


_SAMPLE = b"""\
package com.acme.invoices;

import dev.langchain4j.model.openai.OpenAiChatModel;

public class Answers {}
"""

MANIFEST = Manifest(
    name="jvm-source",
    title="Java, Kotlin, Scala and Groovy programs",
    files=("*.java", "*.kt", "*.kts", "*.scala", "*.groovy"),
    read=read,
    is_screened=True,
    reference="https://docs.oracle.com/javase/specs/jls/se21/html/jls-7.html#jls-7.5",
    samples={"src/main/java/com/acme/invoices/Answers.java": _SAMPLE},
    most=MOST_OF_A_PROGRAM,
)
